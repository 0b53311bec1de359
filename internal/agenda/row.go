package agenda

import "math/bits"

// row is where a party's meetings can stand if it has no break: the slots from first on, one
// for each, and of those what each meeting can have so that all find a place (Régin 1994).
type row struct {
	first int
	may   []uint64 // per meeting: bit k for the slot first+k; nil where not all find a place
}

// rowOf finds what each of the meetings, at most 64, allowed in the given slots, can have of
// as many slots from first on.
func rowOf(allowed []mask, first int) row {
	n := len(allowed)
	may, owner, own := make([]uint64, n), make([]int, n), make([]int, n)
	for i, a := range allowed {
		for k := range n {
			if a.has(first + k) {
				may[i] |= 1 << uint(k)
			}
		}
	}
	for k := range owner {
		owner[k] = -1
	}
	for i := range may {
		seen := uint64(0)
		if !place(i, may, owner, &seen) {
			return row{first: first}
		}
	}
	reach := make([]uint64, n) // per meeting: places that it, or who it displaces, can have
	for k, i := range owner {
		own[i] = k
	}
	copy(reach, may)
	for via := range n {
		for i := range n {
			if reach[i]>>uint(own[via])&1 != 0 {
				reach[i] |= reach[via]
			}
		}
	}
	for i := range may {
		for left := may[i] &^ (1 << uint(own[i])); left != 0; left &= left - 1 {
			k := bits.TrailingZeros64(left)
			if reach[owner[k]]>>uint(own[i])&1 == 0 {
				may[i] &^= 1 << uint(k)
			}
		}
	}
	return row{first, may}
}

// has tells whether the meeting can have the slot.
func (r row) has(i, slot int) bool {
	return r.may != nil && slot >= r.first && r.may[i]>>uint(slot-r.first)&1 != 0
}

// place finds a place for meeting i, moving others.
func place(i int, may []uint64, owner []int, seen *uint64) bool {
	for left := may[i] &^ *seen; left != 0; left = may[i] &^ *seen {
		k := bits.TrailingZeros64(left)
		*seen |= 1 << uint(k)
		if owner[k] < 0 || place(owner[k], may, owner, seen) {
			owner[k] = i
			return true
		}
	}
	return false
}

// rooted are the slots of every row that meetings allowed in the given slots, of at most
// 64, can fill; none where there is no such row.
func rooted(allowed []mask, slots int) uint64 {
	n, all := len(allowed), ^uint64(0)
	for first := range slots - n + 1 {
		if n > 1 && rowOf(allowed, first).may != nil {
			all &= (1<<uint(n) - 1) << uint(first)
		}
	}
	if all == ^uint64(0) {
		return 0
	}
	return all
}
