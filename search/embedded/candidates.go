package embedded

import (
	"cmp"
	"context"
	"slices"

	"jinghe/search"
)

// Retrieval for a page-long need works in two steps. The terms that say most
// (rare in the index, repeated or prominent in the need) are added up over
// every document that has one, until the budget of postings is spent: they are
// both the most telling and the shortest lists. The rest of the terms then only
// reorders the documents already found, which is where they matter.
const (
	needTerms      = 64      // telling terms at most
	postingsBudget = 150_000 // visited in the first step
	reorderTerms   = 32      // terms of the second step at most
	reorderFactor  = 2       // documents reordered, as a multiple of the limit
	leastReordered = 400
)

// Candidates implements [search.Index].
func (ix *Index) Candidates(ctx context.Context, n search.Need) ([]search.Candidate, error) {
	v, err := ix.view(ctx)
	if err != nil {
		return nil, err
	}
	if err := ix.schema.CheckNeed(n); err != nil {
		return nil, err
	}
	limit := n.Limit
	if limit == 0 {
		limit = search.DefaultCandidates
	}
	sc := ix.scratch.Get().(*scratch)
	defer ix.scratch.Put(sc)
	first, second := splitTerms(sc.distil(v, n))
	s := newScorer(ix.schema, v)
	best := &topHits{keep: max(limit*reorderFactor, leastReordered)}
	for i, p := range v.parts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		sc.addUp(&s, p, first)
		f := compileFilter(ix.schema, n.Filter, p.rows)
		sc.offer(best, f, i, p)
	}
	hits := reorder(&s, v, best.hits, second)
	sc.tally.Reset()
	clear(sc.refs)
	run := &searchRun{view: v}
	last := min(limit, len(hits))
	smallest(hits, last, run.order())
	return normalised(v, hits[:last]), nil
}

func normalised(v *view, hits []hit) []search.Candidate {
	out := make([]search.Candidate, len(hits))
	for i, h := range hits {
		out[i] = search.Candidate{ID: v.parts[h.part].ids[h.doc], Score: float64(h.score / hits[0].score)}
	}
	return out
}

// addUp sums the scores of the terms into best.
func (sc *scratch) addUp(s *scorer, p part, terms []termRef) {
	for _, t := range terms {
		s.addAll(sc.best, p.inverted, p.postings(t.term, t.hash), t.factor)
	}
}

// offer passes the summed documents on, if they are good enough and pass the
// filter, and clears best.
func (sc *scratch) offer(best *topHits, f filter, number int, p part) {
	for doc, score := range sc.best[:p.len()] {
		if score <= best.floor() || p.dead.has(uint16(doc)) {
			continue
		}
		if f.passes(uint16(doc)) {
			best.add(hit{score: score, doc: uint16(doc), part: uint16(number)})
		}
	}
	clear(sc.best[:p.len()])
}

// topHits keeps the hits with the highest scores, the lowest of them on top of a heap.
type topHits struct {
	keep int
	hits []hit
}

// floor is the score to exceed.
func (t *topHits) floor() float32 {
	if len(t.hits) < t.keep {
		return 0
	}
	return t.hits[0].score
}

func (t *topHits) add(h hit) {
	byScore := func(a, b hit) int { return compareDescending(a.score, b.score) }
	if len(t.hits) == t.keep {
		t.hits[0] = h
		sink(t.hits, 0, byScore)
		return
	}
	t.hits = append(t.hits, h)
	if len(t.hits) == t.keep {
		for i := t.keep / 2; i >= 0; i-- {
			sink(t.hits, i, byScore)
		}
	}
}

// reorder adds the scores of further terms to the hits.
func reorder(s *scorer, v *view, hits []hit, terms []termRef) []hit {
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.doc, b.doc))
	})
	docs := make([]found, 0, len(hits))
	for start := 0; start < len(hits); {
		end := start
		docs = docs[:0]
		for ; end < len(hits) && hits[end].part == hits[start].part; end++ {
			docs = append(docs, found{hits[end].score, hits[end].doc})
		}
		for _, t := range terms {
			addScores(docs, s, v.parts[hits[start].part], t)
		}
		for i, d := range docs {
			hits[start+i].score = d.score
		}
		start = end
	}
	return hits
}
