package portal

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/ui"
	"jinghe/search"
)

// feedEntries is how many entries a feed holds: what a reader that looks once a
// week will not have missed.
const feedEntries = 40

// The elements of Atom (RFC 4287) that a feed here has.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  atomPerson  `xml:"author"`
		Rights  string      `xml:"rights"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomEntry struct {
		ID         string         `xml:"id"`
		Title      string         `xml:"title"`
		Updated    string         `xml:"updated"`
		Published  string         `xml:"published"`
		Author     atomPerson     `xml:"author"`
		Link       atomLink       `xml:"link"`
		Categories []atomCategory `xml:"category"`
		Summary    string         `xml:"summary"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr,omitempty"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomCategory struct {
		Term  string `xml:"term,attr"`
		Label string `xml:"label,attr,omitempty"`
	}
)

// Feed answers GET /feed.atom?kind=…&field=…&batch=…: what was released last, of
// both kinds or of one. Contacts are in no feed.
func (p *Portal) Feed(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	asked := url.Values{}
	var clauses []search.Clause
	filter := store.ListingFilter{Newest: true}
	for _, name := range []string{backend.FacetField, backend.FacetBatch} {
		if value := c.QueryParam(name); value != "" {
			asked.Set(name, value)
			clauses = append(clauses, search.Clause{Facet: name, AnyOf: []string{value}})
		}
	}
	filter.Field, filter.Batch = asked.Get(backend.FacetField), asked.Get(backend.FacetBatch)
	kinds := []scene.Kind{scene.KindOpportunity, scene.KindCapability}
	if kind := scene.Kind(c.QueryParam("kind")); slices.Contains(kinds, kind) {
		asked.Set("kind", string(kind))
		kinds = []scene.Kind{kind}
	}
	entries, err := v.feedEntries(ctx, kinds, clauses, filter)
	if err != nil {
		return scene.Wrap("portal.Feed", err)
	}
	return v.sendFeed(asked, entries)
}

// dated is a listing with the instant by which a feed is in order, before anything is
// made of it.
type dated struct {
	at      time.Time
	id      scene.ID
	written func() atomEntry
}

// feedEntries are what was released last, of the kinds together.
func (v *visit) feedEntries(ctx context.Context, kinds []scene.Kind, clauses []search.Clause, filter store.ListingFilter) ([]atomEntry, error) {
	var all []dated
	for _, kind := range kinds {
		add := func(l *scene.Listing, text func() string) {
			all = append(all, dated{l.Since(), l.ID, func() atomEntry { return v.atom(kind, l, text()) }})
		}
		if kind == scene.KindOpportunity {
			rows, err := latest(ctx, v, kind, clauses, filter, v.catalogue.OpportunitiesByID, v.catalogue.Opportunities)
			if err != nil {
				return nil, err
			}
			for i := range rows {
				add(&rows[i].Listing, func() string { return needText(&rows[i]) })
			}
			continue
		}
		rows, err := latest(ctx, v, kind, clauses, filter, v.catalogue.CapabilitiesByID, v.catalogue.Capabilities)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			add(&rows[i].Listing, func() string { return offerText(&rows[i]) })
		}
	}
	slices.SortStableFunc(all, func(a, b dated) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.id, b.id)) })
	entries := make([]atomEntry, 0, feedEntries)
	for _, d := range all[:min(len(all), feedEntries)] {
		entries = append(entries, d.written())
	}
	return entries, nil
}

func (v *visit) atom(kind scene.Kind, l *scene.Listing, text string) atomEntry {
	e := atomEntry{
		ID: "urn:jinghe:" + string(kind) + ":" + string(l.ID), Title: v.name(l), Published: instant(l.Since()), Updated: instant(later(l.Updated, l.Since())),
		Author: atomPerson{l.OrgName}, Link: atomLink{Rel: "alternate", Type: "text/html", Href: v.site.URL + listingURL(kind, l.ID)},
		Summary:    ui.Short(text, 280),
		Categories: []atomCategory{{string(kind), v.t("web.kind." + string(kind))}},
	}
	if v.lang == locale.En && l.Summary != "" {
		e.Summary = l.Summary
	}
	for _, code := range l.Fields {
		e.Categories = append(e.Categories, atomCategory{code, v.dict.Label(scene.DictField, code, string(v.lang))})
	}
	return e
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (v *visit) sendFeed(asked url.Values, entries []atomEntry) error {
	name := v.t("web.feed.all")
	if code := asked.Get(backend.FacetField); code != "" {
		name = v.dict.Label(scene.DictField, code, string(v.lang))
	}
	name = first(asked.Get(backend.FacetBatch), name)
	self := withPage("/feed.atom", asked, 1)
	feed := atomFeed{
		Lang: v.page.HTMLLang(), ID: "urn:jinghe:feed:" + asked.Encode(), Title: v.t("web.feed.title", "name", name),
		Author: atomPerson{first(v.site.Name, v.t("web.site.name"))}, Rights: v.t("web.open.licence"),
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: v.site.URL + self}, {Rel: "alternate", Type: "text/html", Href: v.site.URL + "/"},
		},
		Updated: instant(time.Unix(0, 0)), Entries: entries,
	}
	for _, e := range entries {
		feed.Updated = max(feed.Updated, e.Updated)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(feed); err != nil {
		return scene.Wrap("portal.sendFeed", err)
	}
	v.c.Response().Header().Set("Cache-Control", "private, max-age=600")
	return v.c.Blob(http.StatusOK, "application/atom+xml; charset=utf-8", b.Bytes())
}

// latest asks the index for what was released last, or else the rows for what
// was changed last.
func latest[T any](ctx context.Context, v *visit, kind scene.Kind, clauses []search.Clause, filter store.ListingFilter,
	byID func(context.Context, []scene.ID) ([]T, error),
	list func(context.Context, store.ListingFilter, store.Page) (store.Rows[T], error),
) ([]T, error) {
	found, err := v.finder.Search(ctx, kind, search.Query{
		Filter: clauses, Sort: []search.Sort{{Number: backend.NumberPublished, Desc: true}}, Limit: feedEntries,
	})
	if err == nil {
		return byID(ctx, ids(found.Hits))
	}
	if scene.CodeOf(err) != scene.Unavailable {
		return nil, err
	}
	rows, err := list(ctx, filter, store.Page{Limit: feedEntries})
	return rows.Items, err
}
