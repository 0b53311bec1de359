package embedded

import (
	"context"
	"math"
	"slices"
	"strings"

	"jinghe/search"
	"jinghe/search/keyword"
)

// Search implements [search.Index]. A document answers if it has every word of
// the text, each exactly, as a synonym, in pinyin, corrected, or (the last
// word) begun. If no document has them all, those with most of the words answer.
func (ix *Index) Search(ctx context.Context, q search.Query) (search.Result, error) {
	v, err := ix.view(ctx)
	if err != nil {
		return search.Result{}, err
	}
	if err := ix.schema.CheckQuery(q); err != nil {
		return search.Result{}, err
	}
	sc := ix.scratch.Get().(*scratch)
	defer ix.scratch.Put(sc)
	run := &searchRun{ix: ix, view: v, query: q, scratch: sc, scorer: newScorer(ix.schema, v)}
	run.compile(q.Text)
	if err := run.collect(ctx); err != nil {
		return search.Result{}, err
	}
	return run.page(), nil
}

// searchRun is one search at work.
type searchRun struct {
	ix       *Index
	view     *view
	query    search.Query
	typed    keyword.Query
	keywords keywords
	scorer   scorer
	scratch  *scratch
	counter  *counter
	partial  bool // the hits have some of the words only
}

func (r *searchRun) compile(text string) {
	r.typed = keyword.Compile(r.ix.schema, r.view.lex, r.view, text)
	r.keywords = r.view.look(r.typed)
}

// hit is a document found, across segments.
type hit struct {
	key   float64 // first thing to order by, rising
	score float32
	doc   uint16
	part  uint16
}

func (r *searchRun) collect(ctx context.Context) error {
	r.begin()
	if len(r.keywords.units) == 0 && keyword.HasContent(r.query.Text) {
		return nil // symbols only: nothing to find, which is not the same as nothing asked
	}
	for i, p := range r.view.parts {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.take(i, p, r.matching(p))
	}
	if r.answered() || len(r.keywords.units) < 2 {
		return nil
	}
	return r.collectMost(ctx)
}

func (r *searchRun) begin() {
	r.scratch.hits = r.scratch.hits[:0]
	r.counter = newCounter(r.ix.schema, r.query.Facets)
}

// answered reports whether some document has all the words, whatever the filter says of it.
func (r *searchRun) answered() bool {
	if len(r.scratch.hits) > 0 || len(r.keywords.units) == 0 {
		return true
	}
	if len(r.query.Filter) == 0 {
		return false
	}
	return slices.ContainsFunc(r.view.parts, func(p part) bool {
		return len(r.scratch.matchAll(&r.scorer, p, r.keywords)) > 0
	})
}

// collectMost takes the documents that have the most words, in all parts alike.
func (r *searchRun) collectMost(ctx context.Context) error {
	r.partial = true
	most := 0
	for i, p := range r.view.parts {
		if err := ctx.Err(); err != nil {
			return err
		}
		docs, n := r.scratch.matchMost(&r.scorer, p, r.keywords, most)
		if len(docs) > 0 && n > most { // the parts before have nothing as good
			most = n
			r.begin()
		}
		r.take(i, p, docs)
	}
	return nil
}

// matching lists the documents of a part that have the words, all of them if there are none.
func (r *searchRun) matching(p part) []found {
	if len(r.keywords.units) > 0 {
		return r.scratch.matchAll(&r.scorer, p, r.keywords)
	}
	docs := r.scratch.docs[:0]
	for doc := range p.len() {
		if !p.dead.has(uint16(doc)) {
			docs = append(docs, found{0, uint16(doc)})
		}
	}
	r.scratch.docs = docs
	return docs
}

// take filters and counts the documents of a part.
func (r *searchRun) take(number int, p part, docs []found) {
	outcomes := slices.Grow(r.scratch.outcomes[:0], len(docs))[:len(docs)]
	r.scratch.outcomes = outcomes
	compileFilter(r.ix.schema, r.query.Filter, p.rows).outcomes(docs, outcomes)
	key := r.key(p)
	r.counter.begin(p.rows)
	for i, d := range docs {
		if outcomes[i] == failed {
			continue
		}
		r.counter.add(p.rows, d.doc, outcomes[i])
		if outcomes[i] == passed {
			r.scratch.hits = append(r.scratch.hits, hit{key(d), d.score, d.doc, uint16(number)})
		}
	}
	r.counter.end(p.rows)
}

// page orders the hits as asked and dresses those of the page.
func (r *searchRun) page() search.Result {
	out := search.Result{
		Total:     len(r.scratch.hits),
		Facets:    r.counter.result(r.query.Facets),
		Corrected: r.typed.Corrected,
		Partial:   r.partial && len(r.scratch.hits) > 0,
		Building:  r.ix.building.Load() > 0,
	}
	limit := max(r.query.Limit, 0)
	if r.query.Limit == 0 {
		limit = search.DefaultHits
	}
	last := min(len(r.scratch.hits), r.query.Offset+limit)
	if r.query.Offset >= last {
		return out
	}
	smallest(r.scratch.hits, last, r.order())
	marker := keyword.NewMarker(r.ix.schema, r.view.lex, r.typed, r.query.Highlight)
	for _, h := range r.scratch.hits[r.query.Offset:last] {
		p := r.view.parts[h.part]
		out.Hits = append(out.Hits, search.Hit{
			ID:         p.ids[h.doc],
			Score:      float64(h.score),
			Highlights: marker.Mark(p.texts(h.doc)),
		})
	}
	return out
}

// key returns what gives a document of a part the key of its hit: the first
// number to order by, turned round where it falls, or the score.
func (r *searchRun) key(p part) func(found) float64 {
	if len(r.query.Sort) == 0 {
		return func(d found) float64 { return -float64(d.score) }
	}
	first := r.query.Sort[0]
	column, sign := p.numbers[slices.Index(r.ix.schema.Numbers, first.Number)], 1.0
	if first.Desc {
		sign = -1
	}
	return func(d found) float64 {
		if v := column[d.doc]; v == v {
			return sign * v
		}
		return math.Inf(1) // order knows it from a number
	}
}

// order compares hits: by the numbers asked for, missing ones last, then by
// score, then by ID.
func (r *searchRun) order() func(a, b hit) int {
	type key struct {
		column int
		desc   bool
	}
	var keys []key
	for _, s := range r.query.Sort {
		keys = append(keys, key{slices.Index(r.ix.schema.Numbers, s.Number), s.Desc})
	}
	parts := r.view.parts
	return func(a, b hit) int {
		switch { // of most pairs the key decides
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		for _, k := range keys {
			if c := compareNumbers(parts[a.part].numbers[k.column][a.doc], parts[b.part].numbers[k.column][b.doc], k.desc); c != 0 {
				return c
			}
		}
		if a.score != b.score {
			return compareDescending(a.score, b.score)
		}
		return strings.Compare(parts[a.part].ids[a.doc], parts[b.part].ids[b.doc])
	}
}

func compareNumbers(x, y float64, desc bool) int {
	switch noX, noY := x != x, y != y; { // not a number: there is none
	case noX && noY:
		return 0
	case noX:
		return 1
	case noY:
		return -1
	case desc:
		return compareDescending(x, y)
	}
	return -compareDescending(x, y)
}

func compareDescending[T float32 | float64](x, y T) int {
	switch {
	case x > y:
		return -1
	case x < y:
		return 1
	}
	return 0
}

// smallest brings the first n of a list in order to its front.
func smallest(list []hit, n int, compare func(a, b hit) int) {
	if n == 0 {
		return
	}
	if n*4 > len(list) {
		slices.SortFunc(list, compare)
		return
	}
	heap := list[:n] // the worst of the best so far on top
	for i := n/2 - 1; i >= 0; i-- {
		sink(heap, i, compare)
	}
	for i := n; i < len(list); i++ {
		if list[i].key <= heap[0].key && compare(list[i], heap[0]) < 0 { // of most the key says enough
			list[i], heap[0] = heap[0], list[i]
			sink(heap, 0, compare)
		}
	}
	slices.SortFunc(heap, compare)
}

func sink[T any](heap []T, i int, compare func(a, b T) int) {
	for {
		child := 2*i + 1
		if child >= len(heap) {
			return
		}
		if child+1 < len(heap) && compare(heap[child+1], heap[child]) > 0 {
			child++
		}
		if compare(heap[child], heap[i]) <= 0 {
			return
		}
		heap[i], heap[child] = heap[child], heap[i]
		i = child
	}
}
