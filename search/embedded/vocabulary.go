package embedded

import (
	"bytes"
	"iter"
	"slices"
	"sort"

	"jinghe/search/keyword"
)

var _ keyword.Vocabulary = (*view)(nil)

// termRef is a term with what is needed to look it up and to score it.
type termRef struct {
	term   string
	hash   uint32
	docs   int
	factor float32 // idf · (k1 + 1) · weight
}

// alternative is one way to satisfy a unit: all its terms.
type alternative struct{ terms []termRef }

// unit is one thing asked for, as [keyword.Unit] describes it.
type unit struct {
	alts       []alternative
	start, end int
}

// keywords is a query compiled for a view.
type keywords struct {
	units []unit
	bonus []termRef
}

// look finds out what the terms of a query are worth here.
func (v *view) look(q keyword.Query) keywords {
	var k keywords
	for _, from := range q.Units {
		u := unit{start: from.Start, end: from.End}
		for _, a := range from.Alternatives {
			u.alts = append(u.alts, alternative{v.refs(a.Terms)})
		}
		k.units = append(k.units, u)
	}
	k.bonus = v.refs(q.Bonus)
	return k
}

func (v *view) refs(terms []keyword.Term) []termRef {
	out := make([]termRef, len(terms))
	for i, t := range terms {
		out[i] = v.weighed(t.Text, hashTerm(t.Text), t.Docs, t.Weight)
	}
	return out
}

func (v *view) weighed(term string, hash uint32, docs int, weight float64) termRef {
	return termRef{term, hash, docs, float32(keyword.IDF(v.docs, docs) * (saturation + 1) * weight)}
}

// DocFreq implements [keyword.Vocabulary].
func (v *view) DocFreq(term string) int { return v.frequency(term, hashTerm(term)) }

// Completions implements [keyword.Vocabulary]. It goes through the sorted terms
// of all parts side by side: a letter begins tens of thousands.
func (v *view) Completions(prefix string, n int) []string {
	rest := make([][]uint32, len(v.parts)) // terms from prefix on
	heads := make([][]byte, len(v.parts))  // the first of each, nil where none is left
	next := func(i int) {
		heads[i] = nil
		if len(rest[i]) > 0 {
			if term := v.parts[i].terms.term(rest[i][0]); bytes.HasPrefix(term, []byte(prefix)) {
				heads[i] = term
			}
		}
	}
	for i, p := range v.parts {
		at := sort.Search(len(p.sorted), func(i int) bool { return string(p.terms.term(p.sorted[i])) >= prefix })
		rest[i] = p.sorted[at:]
		next(i)
	}
	var best []counted
	for {
		least := -1
		for i, head := range heads {
			if head != nil && (least < 0 || bytes.Compare(head, heads[least]) < 0) {
				least = i
			}
		}
		if least < 0 {
			break
		}
		x := counted{term: heads[least]}
		for i := least; i < len(heads); i++ {
			if heads[i] != nil && bytes.Equal(heads[i], x.term) {
				x.docs += len(v.parts[i].ofTerm(rest[i][0]))
				rest[i] = rest[i][1:]
				next(i)
			}
		}
		best = insertFrequent(best, x, n)
	}
	out := make([]string, len(best))
	for i, x := range best {
		out[i] = string(x.term)
	}
	return out
}

// counted is a term with how many documents have it.
type counted struct {
	term []byte
	docs int
}

// insertFrequent puts a term into a list kept by falling counts, ties in the
// order of coming, which drops what goes beyond n.
func insertFrequent(best []counted, x counted, n int) []counted {
	if len(best) == n && (n == 0 || x.docs <= best[n-1].docs) {
		return best
	}
	at := sort.Search(len(best), func(i int) bool { return best[i].docs < x.docs })
	return slices.Insert(best, at, x)[:min(len(best)+1, n)]
}

// LatinWords implements [keyword.Vocabulary].
func (v *view) LatinWords() iter.Seq2[[]byte, int] {
	return func(yield func([]byte, int) bool) {
		for _, p := range v.parts {
			for _, n := range p.sorted {
				term := p.terms.term(n)
				if term[0] > keyword.InitialsMark[0] && !yield(term, len(p.ofTerm(n))) {
					return
				}
			}
		}
	}
}

// HanWords implements [keyword.Vocabulary].
func (v *view) HanWords() iter.Seq2[[]byte, int] {
	return func(yield func([]byte, int) bool) {
		for _, p := range v.parts {
			for _, n := range p.words {
				if !yield(p.terms.term(n), len(p.ofTerm(n))) {
					return
				}
			}
		}
	}
}
