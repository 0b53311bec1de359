package embedded

import "jinghe/search"

// pattern says how often a term occurs in each text field of a document. Few
// different patterns occur in practice, so a posting holds the number of one.
type pattern [search.MaxTextFields]uint8

// maxPatterns leaves room for one pattern per field and count, which is what
// rarer ones are reduced to when a segment has too many.
const maxPatterns = 1<<16 - search.MaxTextFields*256

type patternTable struct {
	numbers  map[pattern]uint16
	patterns []pattern
	once     [search.MaxTextFields]uint16 // number + 1 of "once in this field only"
}

func newPatternTable() *patternTable { return &patternTable{numbers: make(map[pattern]uint16)} }

func (t *patternTable) number(p pattern) uint16 {
	if n, ok := t.numbers[p]; ok {
		return n
	}
	if len(t.patterns) >= maxPatterns {
		p = strongest(p)
		if n, ok := t.numbers[p]; ok {
			return n
		}
	}
	n := uint16(len(t.patterns))
	t.numbers[p] = n
	t.patterns = append(t.patterns, p)
	return n
}

// single is number for the commonest case.
func (t *patternTable) single(field int) uint16 {
	if n := t.once[field]; n != 0 {
		return n - 1
	}
	var p pattern
	p[field] = 1
	n := t.number(p)
	if n < 1<<16-1 {
		t.once[field] = n + 1
	}
	return n
}

// strongest keeps the field with the highest count.
func strongest(p pattern) pattern {
	best := 0
	for f, n := range p {
		if n > p[best] {
			best = f
		}
	}
	var only pattern
	only[best] = p[best]
	return only
}
