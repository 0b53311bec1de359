package searchtest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"jinghe/search"
	"jinghe/search/lexicon"
)

// changes tests what happens to an index over time.
func (s *suite) changes() []conformance {
	return []conformance{
		{"UpdatesAreSeen", "", testUpdates},
		{"InvalidBatchesChangeNothing", "", testInvalidDocuments},
		{"ManySmallChanges", "", testManyChanges},
		{"Concurrency", "", testConcurrency},
		{"Relex", "", testRelex},
		{"RelexWhileAnswering", RelexWhileAnswering, testRelexWhileAnswering},
		{"OpenAndClose", "", testOpenAndClose},
	}
}

func apply(t testing.TB, ix search.Index, puts []search.Document, deletes ...string) {
	t.Helper()
	if err := ix.Apply(t.Context(), puts, deletes); err != nil {
		t.Fatal(err)
	}
}

func testUpdates(t *testing.T, s *suite) {
	ix := s.with(t, named("a", "水质监测"), named("b", "水质检测"))
	want := func(text string, ids ...string) {
		t.Helper()
		if got := found(t, ix, text); !slices.Equal(got, ids) {
			t.Errorf("%q finds %v, want %v", text, got, ids)
		}
	}
	want("水质", "a", "b")
	apply(t, ix, []search.Document{named("a", "大气监测")})
	want("水质", "b")
	want("大气", "a")
	apply(t, ix, nil, "b", "never there")
	want("水质")
	apply(t, ix, []search.Document{named("c", "水质"), named("c", "土壤")})
	want("水质")
	want("土壤", "c")
	apply(t, ix, nil)
	stats, err := ix.Stats(t.Context())
	if err != nil || stats.Documents != 2 || stats.Building {
		t.Errorf("stats %+v, error %v, want 2 documents", stats, err)
	}
}

func testInvalidDocuments(t *testing.T, s *suite) {
	ix := s.with(t, named("kept", "水质监测"))
	bad := map[string]search.Document{
		"no ID":           named("", "水质"),
		"long ID":         named(strings.Repeat("x", search.MaxID+1), "水质"),
		"broken ID":       named("a\xff", "水质"),
		"unknown text":    {ID: "a", Text: map[string]string{"colour": "red"}},
		"unknown facet":   {ID: "a", Facets: map[string][]string{"colour": {"red"}}},
		"empty facet":     {ID: "a", Facets: map[string][]string{"field": {""}}},
		"unknown number":  {ID: "a", Numbers: map[string]float64{"colour": 1}},
		"not a number":    {ID: "a", Numbers: map[string]float64{"price": math.NaN()}},
		"infinite number": {ID: "a", Numbers: map[string]float64{"price": math.Inf(1)}},
	}
	for name, d := range bad {
		err := ix.Apply(t.Context(), []search.Document{named("good", "水质"), d}, []string{"kept"})
		t.Run(name, func(t *testing.T) { wantInvalid(t, err) })
	}
	wantInvalid(t, ix.Apply(t.Context(), []search.Document{named("x", "水质")}, []string{"x"}))
	if got := found(t, ix, "水质"); !slices.Equal(got, []string{"kept"}) {
		t.Errorf("found %v after rejected changes, want only what was there", got)
	}
}

func testManyChanges(t *testing.T, s *suite) {
	const rounds, kept = 300, 40
	ix := s.with(t)
	for i := range rounds {
		d := named(fmt.Sprintf("d%02d", i%kept), fmt.Sprintf("水质监测第%d版", i))
		d.Facets = map[string][]string{"region": {fmt.Sprint(i % 3)}}
		apply(t, ix, []search.Document{d})
	}
	r := find(t, ix, search.Query{Text: "水质", Facets: []string{"region"}, Limit: search.MaxLimit})
	sum := 0
	for _, c := range r.Facets["region"] {
		sum += c.Count
	}
	if r.Total != kept || len(r.Hits) != kept || sum != kept {
		t.Errorf("%d hits, total %d, counted %d, want %d", len(r.Hits), r.Total, sum, kept)
	}
	if got := found(t, ix, "299"); !slices.Equal(got, []string{"d19"}) {
		t.Errorf("the last version is at %v, want d19", got)
	}
}

// testConcurrency replaces documents in pairs while they are searched: a reader
// must never see one of a pair only, or a document twice.
func testConcurrency(t *testing.T, s *suite) {
	const rounds = 40
	ix := s.with(t, named("x", "水质监测"), named("y", "水质监测"))
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for ctx.Err() == nil {
				r, err := ix.Search(ctx, search.Query{Text: "水质", Highlight: []string{"name"}, Facets: []string{"region"}})
				if ctx.Err() != nil {
					return
				}
				if err != nil || r.Total != 2 {
					t.Errorf("total %d, error %v, want 2", r.Total, err)
					return
				}
				if _, err := ix.Suggest(ctx, "水", 5, nil); err != nil && ctx.Err() == nil {
					t.Errorf("suggest: %v", err)
				}
			}
		})
	}
	for i := range rounds {
		name := fmt.Sprintf("水质监测%d", i)
		apply(t, ix, []search.Document{named("x", name), named("y", name), named(fmt.Sprint("z", i), "大气")})
	}
	stop()
	readers.Wait()
}

func testRelex(t *testing.T, s *suite) {
	ix := s.with(t, named("a", "阿尔法贝塔装置"), named("b", "另一件东西"))
	lex := newLexicon(t, lexicon.Entry{Word: "阿尔法贝塔", Synonyms: []string{"甲乙装备"}})
	if got := found(t, ix, "甲乙装备"); len(got) != 0 {
		t.Fatalf("found %v before the synonym is known", got)
	}
	if err := ix.Relex(t.Context(), lex); err != nil {
		t.Fatal(err)
	}
	if got := found(t, ix, "甲乙装备"); !slices.Equal(got, []string{"a"}) {
		t.Errorf("found %v by a synonym, want a", got)
	}
	apply(t, ix, []search.Document{named("c", "阿尔法贝塔二型")})
	if got := found(t, ix, "甲乙装备"); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("found %v by a synonym after a change, want a and c", got)
	}
}

func testRelexWhileAnswering(t *testing.T, s *suite) {
	ix, docs := s.filled(t)
	lex := newLexicon(t, lexicon.Entry{Word: "曝气智能"})
	done := make(chan error, 1)
	go func() { done <- ix.Relex(t.Context(), lex) }()
	for i := 0; ; i++ {
		apply(t, ix, []search.Document{named(fmt.Sprint("new", i), "曝气设备")})
		if got := found(t, ix, "曝气"); len(got) != i+2 {
			t.Fatalf("found %d during a rebuild, want %d", len(got), i+2)
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			if r := find(t, ix, search.Query{}); r.Total != len(docs)+i+1 {
				t.Errorf("%d documents after the rebuild, want %d", r.Total, len(docs)+i+1)
			}
			return
		default:
		}
	}
}

func testOpenAndClose(t *testing.T, s *suite) {
	engine := s.open(t)
	first, err := engine.Open(t.Context(), "one", Schema())
	if err != nil {
		t.Fatal(err)
	}
	apply(t, first, []search.Document{named("a", "水质")})
	again, err := engine.Open(t.Context(), "one", Schema())
	if err != nil {
		t.Fatal(err)
	}
	if got := found(t, again, "水质"); !slices.Equal(got, []string{"a"}) {
		t.Errorf("the index opened again finds %v", got)
	}
	other, err := engine.Open(t.Context(), "two", Schema())
	if err != nil {
		t.Fatal(err)
	}
	if got := found(t, other, "水质"); len(got) != 0 {
		t.Errorf("another index finds %v", got)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := first.Search(cancelled, search.Query{Text: "水质"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v for a cancelled search", err)
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = first.Search(t.Context(), search.Query{})
	var e *search.Error
	if !errors.As(err, &e) || e.Kind != search.Closed {
		t.Errorf("error %v after Close, want kind closed", err)
	}
	if err := engine.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}
