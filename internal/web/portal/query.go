package portal

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/search"
)

const (
	pageSize  = 20
	lastPage  = 50 // an index answers at most 1000 hits
	maxQuery  = 200
	maxChosen = 20 // values of one filter
)

// dimension is one filter of a list.
type dimension struct {
	name  string // of the facet and of the parameter
	dict  string // dictionary of its values; empty: values speak for themselves
	shown int    // values shown at most
}

// dimensions are the filters of a list, in the order shown.
func dimensions() []dimension {
	return []dimension{
		{backend.FacetField, scene.DictField, 20},
		{backend.FacetStage, "", 3},
		{backend.FacetMode, scene.DictMode, 10},
		{backend.FacetRegion, scene.DictRegion, 10},
		{backend.FacetIndustry, scene.DictIndustry, 10},
		{backend.FacetBatch, "", 8},
	}
}

// query is what the address of a list asks for.
type query struct {
	kind   scene.Kind
	text   string
	sort   string
	page   int
	after  string // cursor, while the index is away
	lines  bool   // a table instead of cards
	chosen map[string][]string
}

func readQuery(c echo.Context, kind scene.Kind) query {
	q := query{
		kind: kind, text: strings.TrimSpace(c.QueryParam("q")), sort: c.QueryParam("sort"),
		page: min(readPageNumber(c), lastPage), after: c.QueryParam("after"), lines: c.QueryParam("view") == "lines", chosen: map[string][]string{},
	}
	if utf8.RuneCountInString(q.text) > maxQuery {
		q.text = string([]rune(q.text)[:maxQuery])
	}
	q.text = strings.ToValidUTF8(q.text, "")
	for _, d := range dimensions() {
		values := c.QueryParams()[d.name]
		if len(values) > 0 {
			q.chosen[d.name] = values[:min(len(values), maxChosen)]
		}
	}
	return q
}

// address returns the path and query of q.
func (q query) address() string {
	values := url.Values{}
	if q.text != "" {
		values.Set("q", q.text)
	}
	for name, chosen := range q.chosen {
		values[name] = chosen
	}
	if q.sort != "" {
		values.Set("sort", q.sort)
	}
	if q.lines {
		values.Set("view", "lines")
	}
	if q.after != "" {
		values.Set("after", q.after)
	}
	return withPage(listPath(q.kind), values, q.page)
}

// canonical is the address by which what q lists should be known: the filters,
// whatever the look.
func (q query) canonical() string {
	q.lines, q.after = false, ""
	if q.sort == (query{kind: q.kind, text: q.text}).order() {
		q.sort = ""
	}
	return q.address()
}

// feed is the address of the feed of what q lists, "" where a feed cannot say it.
func (q query) feed() string {
	values := url.Values{"kind": {string(q.kind)}}
	for name, chosen := range q.chosen {
		if len(chosen) != 1 || name != backend.FacetField && name != backend.FacetBatch {
			return ""
		}
		values.Set(name, chosen[0])
	}
	if q.text != "" {
		return ""
	}
	return "/feed.atom?" + values.Encode()
}

func listPath(kind scene.Kind) string {
	if kind == scene.KindCapability {
		return "/capabilities"
	}
	return "/opportunities"
}

// at returns q on another page.
func (q query) at(page int) query { q.page = page; return q }

// sorted returns q from the start in another order.
func (q query) sorted(by string) query { q.sort, q.page, q.after = by, 1, ""; return q }

// of returns q over the other kind.
func (q query) of(kind scene.Kind) query {
	q.kind, q.page, q.after, q.sort = kind, 1, "", ""
	return q
}

// toggled returns q with a value of a filter added, or taken away if it is in force.
func (q query) toggled(name, value string) query {
	chosen := make(map[string][]string, len(q.chosen)+1)
	for n, values := range q.chosen {
		chosen[n] = values
	}
	if i := slices.Index(q.chosen[name], value); i >= 0 {
		chosen[name] = slices.Delete(slices.Clone(q.chosen[name]), i, i+1)
	} else {
		chosen[name] = append(slices.Clone(q.chosen[name]), value)
	}
	if len(chosen[name]) == 0 {
		delete(chosen, name)
	}
	q.chosen, q.page, q.after = chosen, 1, ""
	return q
}

// oneField reports whether q asks for nothing but a field, or for nothing at
// all: "".
func (q query) oneField() (field string, ok bool) {
	for name, values := range q.chosen {
		if name != backend.FacetField || len(values) != 1 {
			return "", false
		}
		field = values[0]
	}
	return field, q.text == ""
}

func (q query) has(name, value string) bool { return slices.Contains(q.chosen[name], value) }

// search turns q into a query of the index.
func (q query) search() search.Query {
	s := search.Query{
		Text: q.text, Offset: (q.page - 1) * pageSize, Limit: pageSize,
		Highlight: []string{backend.TextName, backend.TextNameEn, backend.TextSummary},
	}
	for _, d := range dimensions() {
		s.Facets = append(s.Facets, d.name)
		if values := q.chosen[d.name]; len(values) > 0 {
			s.Filter = append(s.Filter, search.Clause{Facet: d.name, AnyOf: values})
		}
	}
	for _, o := range orders(q.kind) {
		if o.name == q.order() && o.number != "" {
			s.Sort = []search.Sort{{Number: o.number, Desc: o.desc}}
		}
	}
	return s
}

// order is the order in force: by relevance if words were typed, else newest first.
func (q query) order() string {
	for _, o := range orders(q.kind) {
		if o.name == q.sort && (o.name != "relevance" || q.text != "") {
			return q.sort
		}
	}
	if q.text != "" {
		return "relevance"
	}
	return "newest"
}

// order is a way to sort a list.
type order struct {
	name   string
	number string
	desc   bool
}

func orders(kind scene.Kind) []order {
	list := []order{
		{"relevance", "", false},
		{"newest", backend.NumberPublished, true},
		{"ending", backend.NumberValidTo, false},
	}
	if kind == scene.KindCapability {
		return append(list, order{"price", backend.NumberPriceMin, false})
	}
	return append(list, order{"budget", backend.NumberBudgetMax, true})
}
