package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"go.uber.org/goleak"

	"jinghe/search"
	"jinghe/search/embedded"
	"jinghe/search/lexicon"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestAgainstAModel applies random changes and compares what is found, counted
// and remembered with a map of the documents.
func TestAgainstAModel(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 7))
	words := []string{"水质", "管网", "机器人", "无人机", "光伏", "储能"}
	ix := openListings(t, nil)
	model := make(map[string]string)
	for range 60 {
		var puts []search.Document
		var deletes []string
		touched := make(map[string]bool)
		for range rng.IntN(60) {
			id := fmt.Sprint("d", rng.IntN(150))
			if touched[id] {
				continue
			}
			touched[id] = true
			if rng.IntN(4) == 0 {
				deletes = append(deletes, id)
				delete(model, id)
				continue
			}
			text := words[rng.IntN(len(words))] + words[rng.IntN(len(words))]
			model[id] = text
			puts = append(puts, search.Document{ID: id, Text: map[string]string{"text": text}, Facets: map[string][]string{"field": {text}}})
		}
		if err := ix.Apply(t.Context(), puts, deletes); err != nil {
			t.Fatal(err)
		}
		if rng.IntN(5) == 0 {
			ix.Settle()
		}
		compareWithModel(t, ix, model, words)
	}
}

func compareWithModel(t *testing.T, ix *embedded.Index, model map[string]string, words []string) {
	t.Helper()
	for _, w := range words {
		var want []string
		fields := make(map[string]int)
		for id, text := range model {
			if strings.Contains(text, w) {
				want = append(want, id)
				fields[text]++
			}
		}
		slices.Sort(want)
		r, err := ix.Search(t.Context(), search.Query{Text: w, Facets: []string{"field"}, Limit: search.MaxLimit})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range r.Hits {
			got = append(got, h.ID)
		}
		slices.Sort(got)
		counts := make(map[string]int)
		for _, c := range r.Facets["field"] {
			counts[c.Value] = c.Count
		}
		if !slices.Equal(got, want) || !maps.Equal(counts, fields) {
			t.Fatalf("%s: found %d, want %d; counted %v, want %v", w, len(got), len(want), counts, fields)
		}
	}
	if ix.Documents() != len(model) {
		t.Fatalf("%d documents, want %d", ix.Documents(), len(model))
	}
}

// TestScoresDoNotDependOnHistory compares one batch with single puts, merged or not.
func TestScoresDoNotDependOnHistory(t *testing.T) {
	t.Parallel()
	docs := newCorpus(3).documents(300)
	whole := openListings(t, docs)
	single := openListings(t, nil)
	for _, d := range docs {
		if err := single.Apply(t.Context(), []search.Document{d}, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range []string{"监测", "系统 检测", "xitong", "机器"} {
		q := search.Query{Text: text, Limit: search.MaxLimit}
		a, errA := whole.Search(t.Context(), q)
		b, errB := single.Search(t.Context(), q)
		if errA != nil || errB != nil || len(a.Hits) == 0 {
			t.Fatal(len(a.Hits), errA, errB)
		}
		if !slices.EqualFunc(a.Hits, b.Hits, func(x, y search.Hit) bool { return x.ID == y.ID && x.Score == y.Score }) {
			t.Errorf("%s: the ranking depends on how documents came in", text)
		}
	}
}

func TestStatistics(t *testing.T) {
	t.Parallel()
	ix := openListings(t, []search.Document{
		{ID: "a", Text: map[string]string{"text": "水质监测"}},
		{ID: "b", Text: map[string]string{"text": "水质 RFID", "name": "水"}},
	})
	for term, want := range map[string]int{"水质": 2, "监测": 1, "rfid": 1, "大气": 0, "": 0} {
		if got := ix.DocFreq(term); got != want {
			t.Errorf("DocFreq(%s) = %d, want %d", term, got, want)
		}
	}
	for field, want := range map[string]float64{"text": 3.5, "name": 0.5, "org": 0, "colour": 0} {
		if got := ix.AverageLength(field); got != want {
			t.Errorf("AverageLength(%s) = %v, want %v", field, got, want)
		}
	}
}

func TestOpenWithAnotherSchema(t *testing.T) {
	t.Parallel()
	engine := embedded.New(newLexicon(t))
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := engine.Open(t.Context(), "a", listingSchema()); err != nil {
		t.Fatal(err)
	}
	other := listingSchema()
	other.Facets = nil
	var e *search.Error
	if _, err := engine.Open(t.Context(), "a", other); !errors.As(err, &e) || e.Kind != search.Invalid {
		t.Errorf("error %v, want kind invalid", err)
	}
}

func TestRelexCancelled(t *testing.T) {
	t.Parallel()
	ix := openListings(t, newCorpus(1).documents(50))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	lex := newLexicon(t, lexicon.Entry{Word: "系统", Synonyms: []string{"甲乙丙"}})
	if err := ix.Relex(ctx, lex); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	r, err := ix.Search(t.Context(), search.Query{Text: "甲乙丙"})
	if err != nil || r.Total != 0 {
		t.Errorf("the cancelled lexicon is in use: %d hits, error %v", r.Total, err)
	}
	if err := ix.Relex(t.Context(), lex); err != nil {
		t.Fatal(err)
	}
	if r, err = ix.Search(t.Context(), search.Query{Text: "甲乙丙"}); err != nil || r.Total != 50 {
		t.Errorf("%d hits, error %v, want all 50 by the synonym", r.Total, err)
	}
}

func newLexicon(t testing.TB, entries ...lexicon.Entry) *lexicon.Lexicon {
	t.Helper()
	lex, err := lexicon.New(entries...)
	if err != nil {
		t.Fatal(err)
	}
	return lex
}

func FuzzSearch(f *testing.F) {
	texts := []string{"智慧水务平台 RFID 5G", "物联网𠮷😀数字孪生", "\xff水", "重庆银行 kubernetes", strings.Repeat("监测", 300)}
	var docs []search.Document
	for i, text := range texts {
		docs = append(docs, search.Document{ID: fmt.Sprint(i), Text: map[string]string{"name": text, "text": text}})
	}
	ix := openListings(f, docs)
	for _, s := range append(texts, "wulianw", "低空经计", "kubernates", "的", "a b c d", "\x01\x02") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ix.Search(t.Context(), search.Query{Text: text, Highlight: []string{"name"}, Facets: []string{"field"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			var n int
			if _, err := fmt.Sscan(h.ID, &n); err != nil {
				t.Fatal(err)
			}
			for _, span := range h.Highlights["name"] {
				if span.Start < 0 || span.End <= span.Start || span.End > utf8.RuneCountInString(texts[n]) {
					t.Fatalf("span %v in %q for %q", span, texts[n], text)
				}
			}
		}
		if _, err := ix.Suggest(t.Context(), text, 5, nil); err != nil {
			t.Fatal(err)
		}
		found, err := ix.Candidates(t.Context(), search.Need{Fields: []search.NeedField{{Text: text, Weight: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range found {
			if !(c.Score > 0 && c.Score <= 1) {
				t.Fatalf("score %v for %q", c.Score, text)
			}
		}
	})
}
