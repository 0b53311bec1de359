package agenda

import "math/bits"

// mask is a set of slots, or of parties, one bit each. All masks of slots of an instance
// have the same number of words.
type mask []uint64

func words(slots int) int { return (slots + 63) / 64 }

func (m mask) has(slot int) bool { return m[slot>>6]>>(uint(slot)&63)&1 != 0 }
func (m mask) set(slot int)      { m[slot>>6] |= 1 << (uint(slot) & 63) }
func (m mask) clear(slot int)    { m[slot>>6] &^= 1 << (uint(slot) & 63) }

// keep leaves what both have.
func (m mask) keep(other mask) {
	for i := range m {
		m[i] &= other[i]
	}
}

// drop leaves what the other does not have.
func (m mask) drop(other mask) {
	for i := range m {
		m[i] &^= other[i]
	}
}

// meets tells whether they have one in common.
func (m mask) meets(other mask) bool {
	for i := range m {
		if m[i]&other[i] != 0 {
			return true
		}
	}
	return false
}

func (m mask) count() int {
	n := 0
	for _, w := range m {
		n += bits.OnesCount64(w)
	}
	return n
}

// list returns the slots in rising order.
func (m mask) list() []int {
	slots := make([]int, 0, m.count())
	for i, w := range m {
		for ; w != 0; w &= w - 1 {
			slots = append(slots, i<<6+bits.TrailingZeros64(w))
		}
	}
	return slots
}

// runs counts the maximal groups of neighbouring slots.
func (m mask) runs() int {
	n, carry := 0, uint64(0)
	for _, w := range m {
		n += bits.OnesCount64(w &^ (w<<1 | carry))
		carry = w >> 63
	}
	return n
}

// breaks counts the idle groups between two busy slots.
func (m mask) breaks() int { return max(0, m.runs()-1) }

// idle counts the slots between the first and the last that are not in m.
func (m mask) idle() int {
	first, last := -1, -1
	for i, w := range m {
		if w != 0 {
			if first < 0 {
				first = i<<6 + bits.TrailingZeros64(w)
			}
			last = i<<6 + 63 - bits.LeadingZeros64(w)
		}
	}
	if first < 0 {
		return 0
	}
	return last - first + 1 - m.count()
}
