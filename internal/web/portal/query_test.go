package portal

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"jinghe/internal/indexer"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/ui"
	"jinghe/search"
)

func queryOf(t testing.TB, address string) query {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	kind := scene.KindOpportunity
	if strings.HasPrefix(address, "/capabilities") {
		kind = scene.KindCapability
	}
	return readQuery(echo.New().NewContext(r, httptest.NewRecorder()), kind)
}

// TestAddress: an address read and written again is the same.
func TestAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"/opportunities", "/capabilities", "/opportunities?q=%E6%A1%A5", "/capabilities?field=a&field=b&page=3&q=x&sort=price",
		"/opportunities?batch=%E7%AC%AC1%E6%89%B9&region=320211", "/opportunities?after=at20",
	} {
		if got := queryOf(t, address).address(); got != address {
			t.Errorf("%s became %s", address, got)
		}
	}
}

func TestReadQuery(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		address string
		check   func(query) bool
	}{
		"LongText":    {"/opportunities?q=" + strings.Repeat("a", 500), func(q query) bool { return len(q.text) == maxQuery }},
		"BadUTF8":     {"/opportunities?q=%ff%41", func(q query) bool { return q.text == "A" }},
		"PageZero":    {"/opportunities?page=0", func(q query) bool { return q.page == 1 }},
		"PageFar":     {"/opportunities?page=9999", func(q query) bool { return q.page == lastPage }},
		"ManyValues":  {"/opportunities?" + strings.Repeat("field=x&", 99), func(q query) bool { return len(q.chosen["field"]) == maxChosen }},
		"Stranger":    {"/opportunities?color=red", func(q query) bool { return len(q.chosen) == 0 }},
		"SortUnknown": {"/opportunities?sort=x", func(q query) bool { return q.order() == "newest" }},
		"SortText":    {"/opportunities?q=x", func(q query) bool { return q.order() == "relevance" && q.search().Sort == nil }},
		"SortNoText":  {"/opportunities?sort=relevance", func(q query) bool { return q.order() == "newest" }},
		"SortOther":   {"/capabilities?sort=budget", func(q query) bool { return q.order() == "newest" }},
		"Offset":      {"/opportunities?page=3", func(q query) bool { return q.search().Offset == 2*pageSize }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if q := queryOf(t, tt.address); !tt.check(q) {
				t.Errorf("%+v", q)
			}
		})
	}
}

func FuzzReadQuery(f *testing.F) {
	f.Add("q=x&page=2&field=a")
	f.Add("q=%ff&page=-9&sort=ending")
	f.Fuzz(func(t *testing.T, raw string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/opportunities", nil)
		r.URL.RawQuery = raw
		q := readQuery(echo.New().NewContext(r, httptest.NewRecorder()), scene.KindOpportunity)
		s := q.search()
		if !utf8.ValidString(q.text) || s.Offset < 0 || s.Offset+s.Limit > 1000 || q.page < 1 {
			t.Errorf("%q gives %+v", raw, q)
		}
	})
}

func TestToggled(t *testing.T) {
	t.Parallel()
	q := queryOf(t, "/opportunities?field=a&field=b&page=4&after=x")
	more := q.toggled("region", "320211")
	if want := "/opportunities?field=a&field=b&region=320211"; more.address() != want {
		t.Errorf("added: %s, want %s", more.address(), want)
	}
	if got := q.toggled("field", "a").address(); got != "/opportunities?field=b" {
		t.Errorf("taken away: %s", got)
	}
	if got := q.toggled("field", "a").toggled("field", "b").address(); got != "/opportunities" {
		t.Errorf("all taken away: %s", got)
	}
	if !slices.Equal(q.chosen["field"], []string{"a", "b"}) || len(q.chosen) != 1 {
		t.Errorf("the query itself was changed: %v", q.chosen)
	}
	if !more.has("region", "320211") || more.has("region", "x") {
		t.Error("has")
	}
}

func TestChosenFirst(t *testing.T) {
	t.Parallel()
	counts := []search.FacetCount{{Value: "a", Count: 5}, {Value: "b", Count: 4}, {Value: "c", Count: 3}}
	got := chosenFirst(counts, []string{"c", "gone"}, 3)
	want := []search.FacetCount{{Value: "c", Count: 3}, {Value: "gone"}, {Value: "a", Count: 5}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestInterleave(t *testing.T) {
	t.Parallel()
	make2 := func(needs, offers int) []ui.Card {
		var cards []ui.Card
		for range needs {
			cards = append(cards, ui.Card{Kind: scene.KindOpportunity})
		}
		for range offers {
			cards = append(cards, ui.Card{Kind: scene.KindCapability})
		}
		return cards
	}
	for _, tt := range []struct{ needs, offers, limit, wantNeeds, wantOffers int }{
		{9, 9, 6, 3, 3}, {9, 1, 6, 5, 1}, {1, 9, 6, 1, 5}, {0, 9, 6, 0, 6}, {2, 1, 6, 2, 1}, {0, 0, 6, 0, 0},
	} {
		got := interleave(make2(tt.needs, tt.offers), tt.limit)
		needs := 0
		for _, c := range got {
			if c.Kind == scene.KindOpportunity {
				needs++
			}
		}
		if needs != tt.wantNeeds || len(got)-needs != tt.wantOffers {
			t.Errorf("%+v: %d and %d", tt, needs, len(got)-needs)
		}
	}
}

// TestIndexNames holds the names used here to those that the indexer fills.
func TestIndexNames(t *testing.T) {
	t.Parallel()
	names := map[string]string{
		backend.TextName: indexer.TextName, backend.TextOrg: indexer.TextOrg, backend.TextSummary: indexer.TextSummary,
		backend.FacetField: indexer.FacetField, backend.FacetIndustry: indexer.FacetIndustry,
		backend.FacetRegion: indexer.FacetRegion, backend.FacetMode: indexer.FacetMode,
		backend.FacetStage: indexer.FacetStage, backend.FacetBatch: indexer.FacetBatch,
		backend.NumberUpdated: indexer.NumberUpdated, backend.NumberValidTo: indexer.NumberValidTo,
		backend.NumberBudgetMax: indexer.NumberBudgetMax, backend.NumberPriceMin: indexer.NumberPriceMin,
		string(backend.KindOrganisation): string(indexer.KindOrganisation),
	}
	for here, there := range maps.All(names) {
		if here != there {
			t.Errorf("%q is %q in the index", here, there)
		}
	}
}
