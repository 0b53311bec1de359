package portal

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/ui"
	"jinghe/search"
)

const (
	newestShown  = 8
	hintsShown   = 5
	newestRead   = 24
	endingShown  = 6
	batchesShown = 4
	endingWithin = 60 * 24 * time.Hour
)

// homeKept is how long a first page is shown again without being made anew:
// it is the page asked for most, and the only one that reads the whole market.
const homeKept = 5 * time.Second

// shelf keeps the first page of each language for a moment. What is on it is
// the same for every visitor.
type shelf struct {
	mu    sync.Mutex
	views map[locale.Lang]keptHome
}

type keptHome struct {
	view ui.Home
	made time.Time
}

func (s *shelf) get(lang locale.Lang, at time.Time) (ui.Home, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.views[lang]
	age := at.Sub(kept.made)
	return kept.view, ok && age >= 0 && age < homeKept
}

func (s *shelf) put(lang locale.Lang, view ui.Home, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.views[lang] = keptHome{view, at}
}

// Home answers GET /.
func (p *Portal) Home(c echo.Context) error {
	v, ctx := p.visit(c), c.Request().Context()
	v.page.OwnSearch, v.page.Draws, v.page.Description, v.page.Canonical = true, true, v.t("web.home.description"), "/"
	v.page.Feeds = v.feeds(nil, v.t("web.feed.all"))
	view, ok := p.home.get(v.lang, v.at)
	if !ok {
		var err error
		if view, err = v.home(ctx); err != nil {
			return scene.Wrap("portal.Home", err)
		}
		if view.Notice == "" {
			p.home.put(v.lang, view, v.at)
		}
	}
	return v.ok(ui.HomePage(v.page, view))
}

func (v *visit) home(ctx context.Context) (ui.Home, error) {
	counts, err := v.catalogue.Counts(ctx)
	if err != nil {
		return ui.Home{}, err
	}
	view := ui.Home{
		Needs: counts[scene.KindOpportunity][""], Offers: counts[scene.KindCapability][""],
		Fields: v.market(counts),
	}
	view.Hints = v.hints(counts, "/search")
	if view.Newest, err = v.newest(ctx); err != nil {
		return ui.Home{}, err
	}
	if view.Batches, err = v.latestBatch(ctx); err != nil {
		return ui.Home{}, err
	}
	if view.Showcases, err = v.homeShowcases(ctx); err != nil {
		return ui.Home{}, err
	}
	if err := v.ending(ctx, &view); err != nil {
		if scene.CodeOf(err) != scene.Unavailable {
			return ui.Home{}, err
		}
		view.Notice = v.t("web.search.away")
	}
	return view, nil
}

// hints are searches to try: the fields of use that the city has most of. The
// index knows fields by their Chinese names, so an English page filters instead.
func (v *visit) hints(counts map[scene.Kind]map[string]int, path string) []ui.Link {
	d, _ := v.dict.Get(scene.DictField)
	entries := func(code string) int {
		return counts[scene.KindOpportunity][code] + counts[scene.KindCapability][code]
	}
	terms := slices.Clone(d.Terms)
	slices.SortStableFunc(terms, func(a, b scene.Term) int { return cmp.Compare(entries(b.Code), entries(a.Code)) })
	var hints []ui.Link
	for _, t := range terms[:min(len(terms), hintsShown)] {
		if entries(t.Code) == 0 {
			break
		}
		label := v.dict.Label(scene.DictField, t.Code, string(v.lang))
		ask := "?q=" + url.QueryEscape(label)
		if v.lang != locale.Zh {
			ask = "?field=" + url.QueryEscape(t.Code)
		}
		hints = append(hints, ui.Link{Text: label, URL: path + ask})
	}
	return hints
}

// market sets both sides against each other by field of use, in the order of the dictionary.
func (v *visit) market(counts map[scene.Kind]map[string]int) []ui.FieldRow {
	d, _ := v.dict.Get(scene.DictField)
	needs, offers := counts[scene.KindOpportunity], counts[scene.KindCapability]
	largest := 1
	for _, t := range d.Terms {
		largest = max(largest, needs[t.Code], offers[t.Code])
	}
	rows := make([]ui.FieldRow, 0, len(d.Terms))
	for _, t := range d.Terms {
		code := url.QueryEscape(t.Code)
		rows = append(rows, ui.FieldRow{
			Label: v.dict.Label(scene.DictField, t.Code, string(v.lang)),
			Needs: needs[t.Code], Offers: offers[t.Code],
			NeedsURL: "/opportunities?field=" + code, OffersURL: "/capabilities?field=" + code,
			NeedShare: 100 * needs[t.Code] / largest, OffersShare: 100 * offers[t.Code] / largest,
		})
	}
	return rows
}

// newest mixes both kinds by day of release.
func (v *visit) newest(ctx context.Context) ([]ui.Card, error) {
	needs, err := newestOf(ctx, v, scene.KindOpportunity, v.catalogue.OpportunitiesByID, v.catalogue.Opportunities)
	if err != nil {
		return nil, err
	}
	offers, err := newestOf(ctx, v, scene.KindCapability, v.catalogue.CapabilitiesByID, v.catalogue.Capabilities)
	if err != nil {
		return nil, err
	}
	if err := v.learnOrgs(ctx, needs, offers); err != nil {
		return nil, err
	}
	var cards []ui.Card
	for _, i := range varied(listingsOf(needs, needListing), newestShown) {
		cards = append(cards, v.needCard(&needs[i], search.Hit{}))
	}
	for _, i := range varied(listingsOf(offers, offerListing), newestShown) {
		cards = append(cards, v.offerCard(&offers[i], search.Hit{}))
	}
	return interleave(cards, newestShown), nil
}

// newestOf asks the index for what was released last, or else the rows for
// what was changed last.
func newestOf[T any](ctx context.Context, v *visit, kind scene.Kind,
	byID func(context.Context, []scene.ID) ([]T, error),
	list func(context.Context, store.ListingFilter, store.Page) (store.Rows[T], error),
) ([]T, error) {
	found, err := v.finder.Search(ctx, kind, search.Query{
		Sort: []search.Sort{{Number: backend.NumberPublished, Desc: true}}, Limit: newestRead,
	})
	if err == nil {
		return byID(ctx, ids(found.Hits))
	}
	if scene.CodeOf(err) != scene.Unavailable {
		return nil, err
	}
	rows, err := list(ctx, store.ListingFilter{Newest: true}, store.Page{Limit: newestRead})
	return rows.Items, err
}

// varied returns the indexes of the newest rows. Rows of one day are as new as
// each other (an import brings thousands at once), so within a day each field
// of use has its turn, and rows that hardly say anything come last.
func varied(rows []*scene.Listing, limit int) []int {
	type place struct{ index, day, thin, turn int }
	turns := map[string]int{}
	places := make([]place, len(rows))
	for i, l := range rows {
		field := ""
		if len(l.Fields) > 0 {
			field = l.Fields[0]
		}
		thin := 0
		if field == "" || len(l.Keywords) == 0 {
			thin = 1
		}
		places[i] = place{i, ui.Day(l.Since()), thin, turns[field]}
		if thin == 0 {
			turns[field]++
		}
	}
	slices.SortStableFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(b.day, a.day), cmp.Compare(a.thin, b.thin), cmp.Compare(a.turn, b.turn))
	})
	out := make([]int, 0, limit)
	for _, p := range places[:min(limit, len(places))] {
		out = append(out, p.index)
	}
	return out
}

// interleave takes at most half of limit from each kind while the other has some left.
func interleave(cards []ui.Card, limit int) []ui.Card {
	var needs, offers []ui.Card
	for _, c := range cards {
		if c.Kind == scene.KindOpportunity {
			needs = append(needs, c)
		} else {
			offers = append(offers, c)
		}
	}
	fromNeeds := max(min(limit/2, len(needs)), min(limit-len(offers), len(needs)))
	needs, offers = needs[:fromNeeds], offers[:min(limit-fromNeeds, len(offers))]
	out := make([]ui.Card, 0, limit)
	for i := range max(len(needs), len(offers)) {
		if i < len(needs) {
			out = append(out, needs[i])
		}
		if i < len(offers) {
			out = append(out, offers[i])
		}
	}
	return out
}

// ending fills the opportunities that close soon.
func (v *visit) ending(ctx context.Context, view *ui.Home) error {
	until := float64(v.at.Add(endingWithin).Unix())
	found, err := v.finder.Search(ctx, scene.KindOpportunity, search.Query{
		Filter: []search.Clause{{Number: backend.NumberValidTo, Max: &until}},
		Sort:   []search.Sort{{Number: backend.NumberValidTo}},
		Limit:  endingShown,
	})
	if err != nil {
		return err
	}
	if view.Ending, err = v.needCards(ctx, found.Hits); err != nil {
		return err
	}
	return nil
}
