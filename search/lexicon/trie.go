package lexicon

import (
	"math"
	"math/bits"
	"slices"
)

// trie holds the dictionary. Edges live in one open-addressed table keyed by
// (node, rune), which loads in a few milliseconds, needs about 4 MB for 80,000
// words, and gives the garbage collector nothing to follow.
type trie struct {
	first []int32   // root children by code point of the basic plane, 0 is none
	keys  []uint64  // node<<21 | rune, 0 is empty (the root has its own table)
	next  []int32   // child node, parallel to keys
	logp  []float32 // by node; 0 is not a word, a word is always below 0
	edges int
}

func newTrie(edges int) *trie {
	size := 1 << bits.Len(uint(edges*3/2))
	return &trie{
		first: make([]int32, 0x10000),
		keys:  make([]uint64, size),
		next:  make([]int32, size),
		logp:  make([]float32, 1, edges+1),
	}
}

func (t *trie) clone() *trie {
	return &trie{
		first: slices.Clone(t.first),
		keys:  slices.Clone(t.keys),
		next:  slices.Clone(t.next),
		logp:  slices.Clone(t.logp),
		edges: t.edges,
	}
}

// slot is where the edge is, or where it would go.
func (t *trie) slot(key uint64) int {
	mask := len(t.keys) - 1
	at := int((key*0x9E3779B97F4A7C15)>>32) & mask
	for t.keys[at] != 0 && t.keys[at] != key {
		at = (at + 1) & mask
	}
	return at
}

// child follows one edge; 0 says that there is none.
func (t *trie) child(node int32, r rune) int32 {
	if node == 0 {
		if r <= 0xFFFF {
			return t.first[r]
		}
		return 0 // no word starts beyond the basic plane
	}
	at := t.slot(uint64(node)<<21 | uint64(r))
	if t.keys[at] == 0 {
		return 0
	}
	return t.next[at]
}

func (t *trie) grow(node int32, r rune) int32 {
	if c := t.child(node, r); c != 0 {
		return c
	}
	c := int32(len(t.logp))
	t.logp = append(t.logp, 0)
	if node == 0 {
		t.first[r] = c
		return c
	}
	if t.edges*3/2 >= len(t.keys) {
		t.rehash()
	}
	key := uint64(node)<<21 | uint64(r)
	at := t.slot(key)
	t.keys[at], t.next[at] = key, c
	t.edges++
	return c
}

func (t *trie) rehash() {
	keys, next := t.keys, t.next
	t.keys, t.next = make([]uint64, 2*len(keys)), make([]int32, 2*len(keys))
	for i, key := range keys {
		if key != 0 {
			at := t.slot(key)
			t.keys[at], t.next[at] = key, next[i]
		}
	}
}

// set stores a word with its log probability; a word beginning beyond the basic
// plane is not stored. Zero removes the word.
func (t *trie) set(word string, logp float32) {
	node := int32(0)
	for _, r := range word {
		if node == 0 && r > 0xFFFF {
			return
		}
		node = t.grow(node, r)
	}
	if node != 0 {
		t.logp[node] = logp
	}
}

// get returns the log probability of a word, 0 where it is unknown.
func (t *trie) get(word string) float32 {
	node := int32(0)
	for _, r := range word {
		if node = t.child(node, r); node == 0 {
			return 0
		}
	}
	return t.logp[node]
}

// logProbability keeps words strictly below 0, the mark for "not a word".
func logProbability(frequency, total float64) float32 {
	return float32(min(math.Log(frequency/total), -1e-6))
}
