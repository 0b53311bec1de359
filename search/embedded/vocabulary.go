package embedded

import (
	"bytes"
	"iter"
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

// Completions implements [keyword.Vocabulary].
func (v *view) Completions(prefix string, n int) []string {
	counts := make(map[string]int)
	for _, p := range v.parts {
		at := sort.Search(len(p.sorted), func(i int) bool { return string(p.terms.term(p.sorted[i])) >= prefix })
		for ; at < len(p.sorted); at++ {
			term := p.terms.term(p.sorted[at])
			if !bytes.HasPrefix(term, []byte(prefix)) {
				break
			}
			counts[string(term)] += len(p.ofTerm(p.sorted[at]))
		}
	}
	return keyword.MostFrequent(counts, n)
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
