package api

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
	"jinghe/search"
)

// deepest is how far a search can be paged.
const deepest = 1000

type searchInput struct {
	Page
	Kind     string   `query:"kind" enum:"opportunity,capability,organisation" default:"opportunity" doc:"What to search."`
	Q        string   `query:"q" maxLength:"200" doc:"Words in Chinese, pinyin or Latin letters; empty lists everything."`
	Field    []string `query:"field,explode" maxItems:"20" doc:"Codes of the dictionary “field”; any of them."`
	Industry []string `query:"industry,explode" maxItems:"20" doc:"Codes of the dictionary “industry”; any of them."`
	Region   []string `query:"region,explode" maxItems:"20" doc:"Division codes; any of them."`
	Mode     []string `query:"mode,explode" maxItems:"20" doc:"Codes of the dictionary “mode”; any of them."`
	Stage    []string `query:"stage,explode" maxItems:"3" doc:"early, middle or mature."`
	Batch    []string `query:"batch,explode" maxItems:"20" doc:"Batches as written; any of them."`
	Sort     string   `query:"sort" enum:"relevance,newest,ending" default:"relevance" doc:"Order of the results."`
}

// SearchPage is one page of results.
type SearchPage struct {
	Total      int                `json:"total" example:"1"`
	Items      []SearchHit        `json:"items" nullable:"false"`
	Facets     map[string][]Facet `json:"facets" doc:"By filter name: values with the number of results that choosing them gives."`
	Corrected  string             `json:"corrected,omitempty" doc:"The query after correction of a slip, if it was corrected."`
	Partial    bool               `json:"partial,omitempty" doc:"No entry has all the words; these have some of them."`
	Building   bool               `json:"building,omitempty" doc:"The index is being rebuilt; the answer may be incomplete."`
	NextCursor string             `json:"next_cursor,omitempty"`
}

// SearchHit is one result.
type SearchHit struct {
	ID           scene.ID `json:"id"`
	Kind         string   `json:"kind" enum:"opportunity,capability,organisation"`
	Name         string   `json:"name"`
	NameEn       string   `json:"name_en,omitempty"`
	Organisation *Party   `json:"organisation,omitempty"`
	Score        float64  `json:"score" doc:"Comparable within this answer only."`
	NameMatches  []Range  `json:"name_matches,omitempty" doc:"Matching parts of the name, in Unicode code points."`
}

// Range is a half-open range of Unicode code points.
type Range struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Facet is one value of a filter.
type Facet struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

// SuggestList completes what was typed.
type SuggestList struct {
	Items []Suggestion `json:"items" nullable:"false"`
}

// Suggestion is one completion.
type Suggestion struct {
	Text  string `json:"text" example:"桥梁健康监测"`
	Count int    `json:"count" doc:"Entries that carry it."`
}

type suggestInput struct {
	Kind  string `query:"kind" enum:"opportunity,capability,organisation" default:"opportunity"`
	Q     string `query:"q" maxLength:"50" doc:"What was typed: Chinese, pinyin, initials or Latin letters."`
	Limit int    `query:"limit" minimum:"1" maximum:"20" default:"8"`
}

func (a *API) mountSearch() {
	get(a, operation{
		"search", "/search", edge.Visitor, tagSearch,
		"搜索 · Search open listings or organisations", "At most 1000 results can be paged through.", exampleSearch(),
	}, a.search)
	get(a, operation{
		"suggest", "/suggest", edge.Visitor, tagSearch,
		"联想 · Complete what is being typed", "Meant for search boxes.",
		SuggestList{Items: []Suggestion{{"桥梁健康监测", 3}}},
	}, a.suggest)
}

func (in *searchInput) query() (search.Query, error) {
	offset, err := offsetOf(in.Cursor)
	if err != nil {
		return search.Query{}, err
	}
	q := search.Query{
		Text: strings.ToValidUTF8(strings.TrimSpace(in.Q), ""), Offset: offset, Limit: in.Limit,
		Highlight: []string{backend.TextName},
	}
	filters := map[string][]string{
		backend.FacetField: in.Field, backend.FacetIndustry: in.Industry, backend.FacetRegion: in.Region,
		backend.FacetMode: in.Mode, backend.FacetStage: in.Stage, backend.FacetBatch: in.Batch,
	}
	for _, name := range facetsOf(scene.Kind(in.Kind)) {
		q.Facets = append(q.Facets, name)
		if values := filters[name]; len(values) > 0 {
			q.Filter = append(q.Filter, search.Clause{Facet: name, AnyOf: values})
		}
	}
	switch in.Sort {
	case "newest":
		q.Sort = newestFirst(scene.Kind(in.Kind))
	case "ending":
		if scene.Kind(in.Kind) != backend.KindOrganisation {
			q.Sort = []search.Sort{{Number: backend.NumberValidTo}}
		}
	}
	return q, nil
}

// newestFirst sorts listings by release, organisations by change.
func newestFirst(kind scene.Kind) []search.Sort {
	number := backend.NumberPublished
	if kind == backend.KindOrganisation {
		number = backend.NumberUpdated
	}
	return []search.Sort{{Number: number, Desc: true}}
}

// facetsOf lists the filters of a kind.
func facetsOf(kind scene.Kind) []string {
	if kind == backend.KindOrganisation {
		return []string{backend.FacetIndustry, backend.FacetRegion}
	}
	return []string{
		backend.FacetField, backend.FacetIndustry, backend.FacetRegion,
		backend.FacetMode, backend.FacetStage, backend.FacetBatch,
	}
}

func (a *API) search(ctx context.Context, in *searchInput) (*body[SearchPage], error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	kind := scene.Kind(in.Kind)
	r, err := a.Services.Finder.Search(ctx, kind, q)
	if err != nil {
		return nil, scene.Wrap("api.search", err)
	}
	out := &body[SearchPage]{SearchPage{Total: r.Total, Facets: a.facets(ctx, r), Corrected: r.Corrected, Partial: r.Partial, Building: r.Building}}
	if out.Body.Items, err = a.hits(ctx, kind, r.Hits); err != nil {
		return nil, scene.Wrap("api.search", err)
	}
	if next := q.Offset + len(r.Hits); len(r.Hits) > 0 && next < min(r.Total, deepest) {
		out.Body.NextCursor = cursorOf(next)
	}
	return out, nil
}

// hits reads the rows behind the hits; a row that went away meanwhile is left out.
func (a *API) hits(ctx context.Context, kind scene.Kind, hits []search.Hit) ([]SearchHit, error) {
	ids := make([]scene.ID, len(hits))
	for i, h := range hits {
		ids[i] = scene.ID(h.ID)
	}
	rows, err := a.named(ctx, kind, ids)
	if err != nil {
		return nil, err
	}
	out := make([]SearchHit, 0, len(hits))
	for _, h := range hits {
		row, ok := rows[h.ID]
		if !ok {
			continue
		}
		row.Kind, row.Score = string(kind), h.Score
		for _, s := range h.Highlights[backend.TextName] {
			row.NameMatches = append(row.NameMatches, Range(s))
		}
		out = append(out, row)
	}
	return out, nil
}

func (a *API) named(ctx context.Context, kind scene.Kind, ids []scene.ID) (map[string]SearchHit, error) {
	out := make(map[string]SearchHit, len(ids))
	keep := func(l *scene.Listing) {
		out[string(l.ID)] = SearchHit{ID: l.ID, Name: l.Name, NameEn: l.NameEn, Organisation: &Party{l.OrgID, l.OrgName}}
	}
	switch kind {
	case scene.KindCapability:
		rows, err := a.Services.Catalogue.CapabilitiesByID(ctx, ids)
		for i := range rows {
			keep(&rows[i].Listing)
		}
		return out, err
	case backend.KindOrganisation:
		rows, err := a.Services.Catalogue.OrganisationsByID(ctx, ids)
		for i := range rows {
			out[string(rows[i].ID)] = SearchHit{ID: rows[i].ID, Name: rows[i].Name, NameEn: rows[i].NameEn}
		}
		return out, err
	}
	rows, err := a.Services.Catalogue.OpportunitiesByID(ctx, ids)
	for i := range rows {
		keep(&rows[i].Listing)
	}
	return out, err
}

func (a *API) facets(ctx context.Context, r search.Result) map[string][]Facet {
	dicts := map[string]string{
		backend.FacetField: scene.DictField, backend.FacetIndustry: scene.DictIndustry,
		backend.FacetRegion: scene.DictRegion, backend.FacetMode: scene.DictMode,
	}
	d, lang := a.Services.Dictionaries(), string(edge.From(ctx).Lang)
	out := make(map[string][]Facet, len(r.Facets))
	for name, counts := range r.Facets {
		values := make([]Facet, len(counts))
		for i, c := range counts {
			values[i] = Facet{c.Value, c.Value, c.Count}
			if dict := dicts[name]; dict != "" {
				values[i].Label = d.Label(dict, c.Value, lang)
			}
		}
		out[name] = values
	}
	return out
}

func (a *API) suggest(ctx context.Context, in *suggestInput) (*body[SuggestList], error) {
	out := &body[SuggestList]{SuggestList{Items: []Suggestion{}}}
	prefix := strings.ToValidUTF8(strings.TrimSpace(in.Q), "")
	if prefix == "" {
		return out, nil
	}
	found, err := a.Services.Finder.Suggest(ctx, scene.Kind(in.Kind), prefix, in.Limit)
	if err != nil {
		return nil, scene.Wrap("api.suggest", err)
	}
	for _, s := range found {
		out.Body.Items = append(out.Body.Items, Suggestion(s))
	}
	return out, nil
}

// cursorOf hides an offset, so that it can become something better.
func cursorOf(offset int) string {
	return base64.RawURLEncoding.EncodeToString([]byte("offset:" + strconv.Itoa(offset)))
}

func offsetOf(cursor string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	bad := &scene.Error{Code: scene.Invalid, Op: "api.cursor", Key: "web.cursor"}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return 0, bad
	}
	digits, ok := strings.CutPrefix(string(raw), "offset:")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 || n > deepest {
		return 0, bad
	}
	return n, nil
}
