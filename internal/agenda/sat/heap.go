package sat

// heap orders variables by activity, the highest first; ties go to the lower
// number, so that the order is the same on every run.
type heap struct {
	activity []float64
	items    []int32
	at       []int32 // per variable: place in items, −1 if out
}

func (h *heap) less(a, b int32) bool {
	if h.activity[a] != h.activity[b] {
		return h.activity[a] > h.activity[b]
	}
	return a < b
}

// add puts a variable in, unless it is there.
func (h *heap) add(v int) {
	for len(h.at) <= v {
		h.at = append(h.at, -1)
		h.activity = append(h.activity, 0)
	}
	if h.at[v] < 0 {
		h.at[v] = int32(len(h.items))
		h.items = append(h.items, int32(v))
		h.up(len(h.items) - 1)
	}
}

// pop takes the most active variable.
func (h *heap) pop() (int, bool) {
	if len(h.items) == 0 {
		return 0, false
	}
	top := h.items[0]
	last := h.items[len(h.items)-1]
	h.items = h.items[:len(h.items)-1]
	h.at[top] = -1
	if len(h.items) > 0 {
		h.items[0] = last
		h.at[last] = 0
		h.down(0)
	}
	return int(top), true
}

// peek returns the most active variable that passes; others above it leave.
func (h *heap) peek(pass func(v int) bool) (int, bool) {
	for len(h.items) > 0 {
		if v := int(h.items[0]); pass(v) {
			return v, true
		}
		h.pop()
	}
	return 0, false
}

// raise makes a variable more active.
func (h *heap) raise(v int, by float64) {
	h.activity[v] += by
	if h.at[v] >= 0 {
		h.up(int(h.at[v]))
	}
}

func (h *heap) rescale(factor float64) {
	for v := range h.activity {
		h.activity[v] *= factor
	}
}

func (h *heap) swap(i, k int) {
	h.items[i], h.items[k] = h.items[k], h.items[i]
	h.at[h.items[i]], h.at[h.items[k]] = int32(i), int32(k)
}

func (h *heap) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !h.less(h.items[i], h.items[parent]) {
			return
		}
		h.swap(i, parent)
		i = parent
	}
}

func (h *heap) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(h.items) {
			return
		}
		if child+1 < len(h.items) && h.less(h.items[child+1], h.items[child]) {
			child++
		}
		if !h.less(h.items[child], h.items[i]) {
			return
		}
		h.swap(i, child)
		i = child
	}
}
