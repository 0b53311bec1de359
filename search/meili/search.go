package meili

import (
	"context"
	"encoding/json"
	"math/bits"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"jinghe/search"
	"jinghe/search/keyword"
	"jinghe/search/lexicon"
)

// Bounds of one search.
const (
	ranked    = 200 // documents that are ranked here; those behind them keep the server's order
	mostWords = 9   // the server reads ten words, the first of which everything has
	mostParts = 6   // words of which the most must be met, where no document has them all
)

// run is one search at work.
type run struct {
	ix         *Index
	lex        *lexicon.Lexicon
	query      search.Query
	keywords   keyword.Query
	inquiry    *inquiry
	wanted     []wanted // one of these
	partial    bool
	impossible bool
}

// Search implements [search.Index]. A document answers if it has every word of
// the text, each exactly, as a synonym, in pinyin, corrected, or (the last word)
// begun. If no document has them all, those with most of the six rarest answer.
func (ix *Index) Search(ctx context.Context, q search.Query) (search.Result, error) {
	r, err := ix.search(ctx, q)
	return r, ix.lose(ctx, err)
}

func (ix *Index) search(ctx context.Context, q search.Query) (search.Result, error) {
	if err := ix.begin(ctx, func() error { return ix.schema.CheckQuery(q) }); err != nil {
		return search.Result{}, err
	}
	r, err := ix.understand(ctx, q)
	if err != nil {
		return search.Result{}, err
	}
	answers, err := ix.engine.multi(ctx, r.requests())
	if err != nil {
		return search.Result{}, err
	}
	if answers[0].EstimatedTotalHits == 0 && !r.impossible {
		fewer, err := r.settleForLess(ctx)
		if err != nil {
			return search.Result{}, err
		}
		if fewer {
			if answers, err = ix.engine.multi(ctx, r.requests()); err != nil {
				return search.Result{}, err
			}
		}
	}
	return r.result(ctx, answers)
}

// understand compiles the text of a query.
func (ix *Index) understand(ctx context.Context, q search.Query) (*run, error) {
	r := &run{ix: ix, lex: ix.lex.Load(), query: q, wanted: []wanted{{}}}
	if !keyword.HasContent(q.Text) {
		return r, nil
	}
	var err error
	if r.keywords, r.inquiry, err = ix.compile(ctx, r.lex, q.Text); err != nil {
		return nil, err
	}
	if len(r.keywords.Units) == 0 { // symbols only: nothing to find, which is not the same as nothing asked
		r.impossible = true
		r.wanted[0].condition = never
	}
	for _, u := range r.keywords.Units {
		w, ok := ix.want(r.inquiry, u)
		if !ok {
			w.condition = never
		}
		r.wanted[0] = r.wanted[0].with(w)
	}
	return r, nil
}

// settleForLess looks for the most words that some document has, where none has
// them all. It reports whether there is such a document.
func (r *run) settleForLess(ctx context.Context) (bool, error) {
	if len(r.keywords.Units) < 2 {
		return false, nil
	}
	if len(r.query.Filter) > 0 { // a document that the filter keeps out has them all, perhaps
		n, err := r.count(ctx, r.wanted)
		if err != nil || n[0] > 0 {
			return false, err
		}
	}
	groups, sizes := groupsOf(r.telling())
	if len(groups) == 0 {
		return false, nil
	}
	counts, err := r.count(ctx, groups)
	if err != nil {
		return false, err
	}
	most := 0
	for i, n := range counts {
		if n > 0 {
			most = max(most, sizes[i])
		}
	}
	r.partial, r.wanted = true, nil
	for i, n := range counts {
		if n > 0 && sizes[i] == most {
			r.wanted = append(r.wanted, groups[i])
		}
	}
	return most > 0, nil
}

// groupsOf lists the groups of at least least of the parts, and their sizes.
func groupsOf(parts []wanted, least int) (groups []wanted, sizes []int) {
	for set := 1; set < 1<<len(parts); set++ {
		if bits.OnesCount(uint(set)) < least {
			continue
		}
		var group wanted
		for i, p := range parts {
			if set&(1<<i) != 0 {
				group = group.with(p)
			}
		}
		groups, sizes = append(groups, group), append(sizes, bits.OnesCount(uint(set)))
	}
	return groups, sizes
}

// telling returns the units that decide what is offered when no document has
// all of them, and how many of these are the least. Single characters count only
// where no word is known, and then most of them must be there: one character of
// four says nothing.
func (r *run) telling() (parts []wanted, least int) {
	var words, all []wanted
	for _, u := range r.keywords.Units { // rarest first
		w, ok := r.ix.want(r.inquiry, u)
		if !ok {
			continue
		}
		all = append(all, w)
		if u.End-u.Start > 1 {
			words = append(words, w)
		}
	}
	if len(words) > 0 {
		return words[:min(mostParts, len(words))], 1
	}
	least = len(r.keywords.Units)/2 + 1
	return all[:min(mostParts, len(all))], min(least, mostParts/2+1)
}

// count asks how many documents each of several wishes finds, whatever the filter says.
func (r *run) count(ctx context.Context, list []wanted) ([]int, error) {
	queries := make([]*meilisearch.SearchRequest, len(list))
	for i, w := range list {
		queries[i] = &meilisearch.SearchRequest{
			IndexUID: r.ix.uid, HitsPerPage: new(int64), Filter: filterOf(w.condition),
			Query: strings.Join(w.words, " "), MatchingStrategy: meilisearch.All,
		}
	}
	answers, err := r.ix.engine.multi(ctx, queries)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(list))
	for i, a := range answers {
		counts[i] = int(a.TotalHits)
	}
	return counts, nil
}

// filterOf keeps an empty condition out of a request, where it would be an error.
func filterOf(condition string) any {
	if condition == "" {
		return nil
	}
	return condition
}

// find is the request for what is wanted and passes the filter.
func (r *run) find(without string) *meilisearch.SearchRequest {
	request := &meilisearch.SearchRequest{IndexUID: r.ix.uid, MatchingStrategy: meilisearch.Last}
	if len(r.wanted) == 1 {
		request.Filter = filterOf(allOf(r.wanted[0].condition, r.ix.condition(r.query.Filter, without)))
		request.Query = strings.Join(r.wanted[0].words, " ")
		return request
	}
	// One of several: words cannot be joined by "or", but filters can.
	var ways []string
	for _, w := range r.wanted {
		if len(w.words) == 0 {
			ways = append(ways, "("+w.condition+")")
		}
	}
	if len(ways) == 0 {
		ways = []string{never}
	}
	request.Filter = filterOf(allOf(anyOf(ways), r.ix.condition(r.query.Filter, without)))
	return request
}

// requests are the page, and one for each facet with clauses of its own: its
// counts ignore these.
func (r *run) requests() []*meilisearch.SearchRequest {
	main := r.find("")
	main.Facets = r.plainFacets()
	main.AttributesToRetrieve = r.attributes()
	first, n := r.window()
	main.Offset, main.Limit = int64(first), int64(n)
	switch {
	case r.query.Limit == search.NoHits:
		main.Query = strings.TrimSpace(everywhere + " " + main.Query)
	case len(r.query.Sort) > 0:
		main.Sort = r.sort()
	case len(r.keywords.Units) == 0:
		main.Sort = []string{fieldID + ":asc"}
	default:
		main.Query = everywhere + " " + strings.TrimSpace(main.Query+" "+strings.Join(r.prominent(), " "))
	}
	out := []*meilisearch.SearchRequest{main}
	for _, facet := range r.clausedFacets() {
		more := r.find(facet)
		more.HitsPerPage = new(int64)
		more.Facets = []string{r.facetName(facet)}
		out = append(out, more)
	}
	return out
}

// window is the part of the server's list that is needed: all that is ranked
// here if any of it is on the page.
func (r *run) window() (offset, limit int) {
	switch limit = r.query.Limit; limit {
	case search.NoHits: // the server takes 0 for its own default
		return 0, 1
	case 0:
		limit = search.DefaultHits
	}
	if !r.ranks() || r.query.Offset >= ranked {
		return r.query.Offset, limit
	}
	return 0, max(ranked, r.query.Offset+limit)
}

// ranks reports whether hits are ordered by relevance.
func (r *run) ranks() bool {
	return len(r.query.Sort) == 0 && len(r.keywords.Units) > 0 && r.query.Limit != search.NoHits
}

// attributes are the fields of hits that are needed here.
func (r *run) attributes() []string {
	out := []string{fieldID}
	for i := range r.ix.schema.Text {
		if r.ranks() || slices.Contains(r.query.Highlight, r.ix.schema.Text[i].Name) {
			out = append(out, textName(i))
		}
	}
	if r.ranks() {
		out = append(out, fieldLengths)
	}
	return out
}

func (r *run) sort() []string {
	var out []string
	for _, s := range r.query.Sort {
		direction := ":asc"
		if s.Desc {
			direction = ":desc"
		}
		out = append(out, numberName(slices.Index(r.ix.schema.Numbers, s.Number))+direction)
	}
	return append(out, fieldID+":asc")
}

// prominent are words that the best documents have: they order, and exclude nothing.
func (r *run) prominent() []string {
	var out []string
	for _, u := range r.keywords.Units {
		if len(u.Alternatives) == 0 || len(out) == mostWords {
			continue
		}
		if first := u.Alternatives[0].Terms; len(first) == 1 && !isSound(first[0].Text) {
			out = append(out, r.ix.coder.code(first[0].Text))
		}
	}
	return out
}

func isSound(term string) bool {
	return strings.HasPrefix(term, keyword.SoundMark) || strings.HasPrefix(term, keyword.InitialsMark)
}

func (r *run) facetName(facet string) string {
	return facetName(slices.Index(r.ix.schema.Facets, facet))
}

// clausedFacets are those asked for that the filter restricts.
func (r *run) clausedFacets() (out []string) {
	for _, facet := range r.query.Facets {
		if slices.ContainsFunc(r.query.Filter, func(c search.Clause) bool { return c.Facet == facet }) && !slices.Contains(out, facet) {
			out = append(out, facet)
		}
	}
	return out
}

// plainFacets are the server's names of the others.
func (r *run) plainFacets() (out []string) {
	claused := r.clausedFacets()
	for _, facet := range r.query.Facets {
		if !slices.Contains(claused, facet) {
			out = append(out, r.facetName(facet))
		}
	}
	return out
}

func (r *run) result(ctx context.Context, answers []meilisearch.SearchResponse) (search.Result, error) {
	out := search.Result{Total: int(answers[0].EstimatedTotalHits), Corrected: r.keywords.Corrected, Building: r.ix.copies.Load() > 0}
	out.Partial = r.partial && out.Total > 0
	var err error
	if out.Facets, err = r.facets(answers); err != nil {
		return search.Result{}, r.ix.failed(err)
	}
	hits, err := r.hits(answers[0].Hits)
	if err != nil {
		return search.Result{}, r.ix.failed(err)
	}
	if r.ranks() {
		if err := r.rank(ctx, hits); err != nil {
			return search.Result{}, err
		}
	}
	out.Hits = r.page(hits)
	return out, nil
}

// hit is a document found, with its texts where they are needed.
type hit struct {
	id      string
	score   float64
	texts   []string
	lengths []float64
}

func (r *run) hits(list meilisearch.Hits) ([]hit, error) {
	out := make([]hit, len(list))
	for i, h := range list {
		id, err := r.ix.coder.hitID(h)
		if err != nil {
			return nil, err
		}
		out[i].id = id
		if out[i].texts, err = texts(r.ix.schema, h); err != nil {
			return nil, err
		}
		if out[i].lengths, err = field[[]float64](h, fieldLengths); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// page cuts the page out of what was fetched, and marks what matched.
func (r *run) page(hits []hit) []search.Hit {
	first, _ := r.window()
	limit := r.query.Limit
	switch limit {
	case search.NoHits:
		return nil
	case 0:
		limit = search.DefaultHits
	}
	from := min(r.query.Offset-first, len(hits))
	hits = hits[from:min(from+limit, len(hits))]
	marker := keyword.NewMarker(r.ix.schema, r.lex, r.keywords, r.query.Highlight)
	var out []search.Hit
	for _, h := range hits {
		out = append(out, search.Hit{ID: h.id, Score: h.score, Highlights: marker.Mark(h.texts)})
	}
	return out
}

// facets reads the counts, most frequent first, ties by value.
func (r *run) facets(answers []meilisearch.SearchResponse) (map[string][]search.FacetCount, error) {
	if len(r.query.Facets) == 0 {
		return nil, nil
	}
	counted := make(map[string]map[string]int)
	for _, a := range answers {
		if len(a.FacetDistribution) == 0 {
			continue
		}
		if err := json.Unmarshal(a.FacetDistribution, &counted); err != nil { // adds to what is there
			return nil, err
		}
	}
	out := make(map[string][]search.FacetCount, len(r.query.Facets))
	for _, facet := range r.query.Facets {
		list := []search.FacetCount{}
		for code, n := range counted[r.facetName(facet)] {
			if value, _ := r.ix.coder.text(code); n > 0 {
				list = append(list, search.FacetCount{Value: value, Count: n})
			}
		}
		slices.SortFunc(list, func(a, b search.FacetCount) int {
			if a.Count != b.Count {
				return b.Count - a.Count
			}
			return strings.Compare(a.Value, b.Value)
		})
		out[facet] = list
	}
	return out, nil
}
