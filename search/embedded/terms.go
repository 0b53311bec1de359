package embedded

import "math/bits"

// termTable numbers the distinct terms of a segment from 0. The terms lie in
// one byte slice, so that a million of them are a handful of objects to the
// garbage collector.
type termTable struct {
	slots  []uint64 // hash in the upper half, term number + 1 in the lower; 0 is empty; a power of two long
	hashes []uint32 // by term
	starts []uint32 // by term, and the end of the last one: offsets into bytes
	bytes  []byte
}

func newTermTable(expect int) *termTable {
	return &termTable{
		slots:  make([]uint64, 1<<bits.Len(uint(max(expect, 16)*3/2))),
		hashes: make([]uint32, 0, expect),
		starts: append(make([]uint32, 0, expect+1), 0),
	}
}

// hashTerm is FNV-1a with a final mix, because the table uses the low bits.
func hashTerm[T string | []byte](term T) uint32 {
	h := uint32(2166136261)
	for i := range len(term) {
		h = (h ^ uint32(term[i])) * 16777619
	}
	h ^= h >> 15
	h *= 0x85EBCA6B
	return h ^ h>>13
}

func (t *termTable) len() int { return len(t.hashes) }

func (t *termTable) term(n uint32) []byte { return t.bytes[t.starts[n]:t.starts[n+1]] }

// find returns the number of a term, -1 if it does not occur.
func (t *termTable) find(term string, hash uint32) int {
	if n := uint32(t.slots[findSlot(t, term, hash)]); n != 0 {
		return int(n - 1)
	}
	return -1
}

// intern returns the number of a term, giving it the next one if it is new.
func intern[T string | []byte](t *termTable, term T, hash uint32) uint32 {
	at := findSlot(t, term, hash)
	if n := uint32(t.slots[at]); n != 0 {
		return n - 1
	}
	n := uint32(len(t.hashes))
	t.slots[at] = uint64(hash)<<32 | uint64(n+1)
	t.hashes = append(t.hashes, hash)
	t.bytes = append(t.bytes, term...)
	t.starts = append(t.starts, uint32(len(t.bytes)))
	if int(n)*3/2 > len(t.slots) {
		t.grow()
	}
	return n
}

func findSlot[T string | []byte](t *termTable, term T, hash uint32) uint32 {
	mask := uint32(len(t.slots) - 1)
	at := hash & mask
	for {
		slot := t.slots[at]
		if slot == 0 || uint32(slot>>32) == hash && string(t.term(uint32(slot)-1)) == string(term) {
			return at
		}
		at = (at + 1) & mask
	}
}

func (t *termTable) grow() {
	t.slots = make([]uint64, 2*len(t.slots))
	mask := uint32(len(t.slots) - 1)
	for n, hash := range t.hashes {
		at := hash & mask
		for t.slots[at] != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = uint64(hash)<<32 | uint64(n+1)
	}
}

// size is the memory held, in bytes.
func (t *termTable) size() int {
	return 8*cap(t.slots) + 4*(cap(t.hashes)+cap(t.starts)) + cap(t.bytes)
}
