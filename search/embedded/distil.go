package embedded

import (
	"strings"

	"jinghe/search"
)

// distil weighs the terms of a need, in no order. The result is valid until the next call.
func (sc *scratch) distil(v *view, n search.Need) []termRef {
	sc.refs = sc.refs[:0]
	for _, w := range sc.tally.Weigh(v.lex, n) {
		if docs := v.frequency(w.Term, w.Hash); docs > 0 {
			sc.refs = append(sc.refs, v.weighed(w.Term, w.Hash, docs, w.Weight))
		}
	}
	return sc.refs
}

// byTelling puts the most telling terms first.
func byTelling(a, b termRef) int {
	if a.factor != b.factor {
		return compareDescending(a.factor, b.factor)
	}
	return strings.Compare(a.term, b.term)
}

// splitTerms gives the terms that find documents and those that reorder them,
// both the most telling first. It sorts no further than it has to look, and
// leaves terms in another order.
func splitTerms(terms []termRef) (first, second []termRef) {
	last := func(a, b termRef) int { return byTelling(b, a) } // the most telling on top of the heap
	for i := len(terms)/2 - 1; i >= 0; i-- {
		sink(terms, i, last)
	}
	for budget := postingsBudget; len(terms) > 0 && (len(first) < needTerms || len(second) < reorderTerms); {
		t := terms[0]
		terms[0] = terms[len(terms)-1]
		terms = terms[:len(terms)-1]
		sink(terms, 0, last)
		switch {
		case len(first) < needTerms && (t.docs <= budget || len(first) == 0):
			budget -= t.docs
			first = append(first, t)
		case len(second) < reorderTerms:
			second = append(second, t)
		}
	}
	return first, second
}
