package portal

import (
	"context"
	"net/http"
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
	suggestTitles = 6
	suggestFields = 2
	suggestOther  = 2
	suggestTyped  = 50 // code points that are looked at
)

// suggestion is one line below a search box: what it searches for, or where it
// leads, and in a word what it is.
type suggestion struct {
	Text string `json:"text"`
	What string `json:"what"`
	URL  string `json:"url,omitempty"`
}

// Suggest answers GET /suggest?q=…&kind=… with what a person who types that may
// mean: titles and keywords of both kinds, fields of use, organisations, and the
// right spelling of a word that is misspelt. Pinyin will do. What is away is left out.
func (p *Portal) Suggest(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	typed := strings.ToValidUTF8(strings.TrimSpace(c.QueryParam("q")), "")
	if utf8.RuneCountInString(typed) > suggestTyped {
		typed = string([]rune(typed)[:suggestTyped])
	}
	kind := scene.KindOpportunity
	if scene.Kind(c.QueryParam("kind")) == scene.KindCapability {
		kind = scene.KindCapability
	}
	list := []suggestion{}
	if typed != "" {
		list = append(list, v.suggest(ctx, kind, typed)...)
	}
	c.Response().Header().Set("Cache-Control", "private, max-age=30")
	return c.JSON(http.StatusOK, map[string]any{"items": list})
}

func (v *visit) suggest(ctx context.Context, kind scene.Kind, typed string) []suggestion {
	fields, corrected := v.suggestFields(ctx, kind, typed)
	titles := v.suggestTitles(ctx, kind, typed, suggestTitles)
	var list []suggestion
	if corrected != "" {
		list = append(list, suggestion{Text: corrected, What: v.t("web.suggest.corrected")})
		if len(titles) == 0 {
			titles = v.suggestTitles(ctx, kind, corrected, suggestTitles)
		}
	}
	for i := range titles {
		titles[i].URL = "" // the box searches for it, with the filters in force
	}
	list = slices.Concat(list, titles, fields, v.suggestTitles(ctx, otherKind(kind), typed, suggestOther), v.suggestOrganisations(ctx, typed))
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(s suggestion) bool {
		again := seen[s.Text]
		seen[s.Text] = true
		return again
	})
}

// suggestFields are the fields of use of most of what the typed words find, and
// the words as the index corrected them, "" if it did not.
func (v *visit) suggestFields(ctx context.Context, kind scene.Kind, typed string) (list []suggestion, corrected string) {
	if utf8.RuneCountInString(typed) < 2 {
		return nil, ""
	}
	r, err := v.finder.Search(ctx, kind, search.Query{Text: typed, Facets: []string{backend.FacetField}, Limit: 1})
	if err != nil || r.Total == 0 {
		return nil, ""
	}
	for _, f := range r.Facets[backend.FacetField] {
		if len(list) == suggestFields || 3*f.Count < r.Total {
			break
		}
		list = append(list, suggestion{
			Text: v.dict.Label(scene.DictField, f.Value, string(v.lang)), What: v.t("web.suggest.field", "count", f.Count),
			URL: listPath(kind) + "?field=" + url.QueryEscape(f.Value) + "&q=" + url.QueryEscape(typed),
		})
	}
	return list, r.Corrected
}

func (v *visit) suggestTitles(ctx context.Context, kind scene.Kind, typed string, limit int) []suggestion {
	found, err := v.finder.Suggest(ctx, kind, typed, limit)
	if err != nil {
		return nil
	}
	var list []suggestion
	for _, s := range found {
		list = append(list, suggestion{
			Text: s.Text, What: v.t("web.kind." + string(kind) + ".tag"), URL: query{kind: kind, text: s.Text}.address(),
		})
	}
	return list
}

func (v *visit) suggestOrganisations(ctx context.Context, typed string) []suggestion {
	found, err := v.finder.Search(ctx, backend.KindOrganisation, search.Query{Text: typed, Limit: suggestOther, Highlight: []string{backend.TextName}})
	if err != nil {
		return nil
	}
	// A word of its profile does not make an organisation what was meant.
	hits := slices.DeleteFunc(found.Hits, func(h search.Hit) bool { return len(h.Highlights[backend.TextName]) == 0 })
	rows, err := v.catalogue.OrganisationsByID(ctx, ids(hits))
	if err != nil {
		return nil
	}
	var list []suggestion
	for i := range rows {
		list = append(list, suggestion{Text: rows[i].Name, What: v.t("web.organisation"), URL: organisationURL(rows[i].ID)})
	}
	return list
}
