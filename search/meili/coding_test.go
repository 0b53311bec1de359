package meili

import (
	"slices"
	"strings"
	"testing"

	"jinghe/search"
	"jinghe/search/keyword"
	"jinghe/search/lexicon"
)

func TestCodes(t *testing.T) {
	t.Parallel()
	c := newCoder()
	for _, text := range []string{"", "水", "水务", "kubernetes", "\x01wulianwang", "a b", `"]) OR x`, strings.Repeat("水", 66)} {
		code := c.code(text)
		if got, whole := c.text(code); got != text || !whole {
			t.Errorf("%q is coded %q, which stands for %q, whole %t", text, code, got, whole)
		}
		if strings.Trim(code, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			t.Errorf("code %q of %q has more than letters and digits", code, text)
		}
	}
	long := strings.Repeat("水务", 400)
	code := c.code(long)
	const limit = 250 // bytes of a word that the server takes
	if len(code) > limit || code == c.code(long+"x") {
		t.Errorf("code of a long text has %d letters, or does not tell it from another", len(code))
	}
	if text, whole := c.text(code); whole || !strings.HasPrefix(long, strings.TrimSuffix(text, "…")) {
		t.Errorf("code of a long text stands for %q, whole %t", text, whole)
	}
	for _, nonsense := range []string{"", "x!", "q00", "y00"} {
		if text, whole := c.text(nonsense); whole && text != "" {
			t.Errorf("%q stands for %q", nonsense, text)
		}
	}
}

func TestIDsSortAsTheyAre(t *testing.T) {
	t.Parallel()
	c := newCoder()
	ids := []string{"", "A", "a", "a\x00", "aa", "b", "z9", "é", "水", "水务", strings.Repeat("x", search.MaxID)}
	slices.Sort(ids)
	codes := make([]string, len(ids))
	for i, id := range ids {
		codes[i] = c.id(id)
		if back, ok := c.idOf(codes[i]); !ok || back != id {
			t.Errorf("ID %q comes back as %q", id, back)
		}
		const limit = 511 // bytes of an ID that the server takes
		if len(codes[i]) > limit {
			t.Errorf("code of an ID of %d bytes has %d", len(id), len(codes[i]))
		}
	}
	if !slices.IsSorted(codes) {
		t.Errorf("codes %q are not in the order of the IDs", codes)
	}
}

func TestListed(t *testing.T) {
	t.Parallel()
	lex := testLexicon(t)
	for term, want := range map[string]bool{
		"水务": true, "智慧水务": true, "rfid": true, "5g": true, keyword.SoundMark + "shuiwu": true,
		"景澜": false, "漏": false, "阿": true, // has a synonym here
	} {
		if got := listed(lex, term); got != want {
			t.Errorf("listed(%q) = %t", term, got)
		}
	}
}

func testLexicon(t testing.TB) *lexicon.Lexicon {
	t.Helper()
	lex, err := lexicon.New(lexicon.Entry{Word: "阿", Synonyms: []string{"alpha"}})
	if err != nil {
		t.Fatal(err)
	}
	return lex
}

func TestConditions(t *testing.T) {
	t.Parallel()
	ix := newIndex(New(Options{Lexicon: testLexicon(t)}), "x", search.Schema{
		Text: []search.TextField{{Name: "name", Weight: 1}}, Facets: []string{"field", "region"}, Numbers: []string{"price"},
	})
	low, high := 5.0, 1e300
	water := ix.coder.code("水务")
	cases := []struct {
		name    string
		clauses []search.Clause
		without string
		want    string
	}{
		{"none", nil, "", ""},
		{"values", []search.Clause{{Facet: "region", AnyOf: []string{"水务"}}}, "", `f1 IN ["` + water + `"]`},
		{"no values", []search.Clause{{Facet: "field"}}, "", `f0 IN []`},
		{"turned round", []search.Clause{{Facet: "field", AnyOf: []string{"水务"}, Not: true}}, "", `NOT (f0 IN ["` + water + `"])`},
		{"range", []search.Clause{{Number: "price", Min: &low, Max: &high}}, "", `n0 EXISTS AND n0 >= "5" AND n0 <= "1e+300"`},
		{"left out", []search.Clause{{Facet: "field"}, {Number: "price"}}, "field", `n0 EXISTS`},
	}
	for _, c := range cases {
		if got := ix.condition(c.clauses, c.without); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestOlder(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{
		"1.17.9": true, "1.18.0": false, "1.50.0": false, "0.30.1": true, "2.0.0": false, "v1.15.2": true, "1.18": false, "unknown": false, "": false,
	} {
		if got := older(version, Oldest); got != want {
			t.Errorf("older(%q) = %t", version, got)
		}
	}
}

func TestStoredDocument(t *testing.T) {
	t.Parallel()
	s := search.Schema{
		Text:   []search.TextField{{Name: "name", Weight: 2, Pinyin: true}, {Name: "text", Weight: 1}},
		Facets: []string{"field"}, Numbers: []string{"price"},
	}
	d := search.Document{
		ID: "水/1", Text: map[string]string{"name": "水务水务", "text": "RFID"},
		Facets: map[string][]string{"field": {"智慧水务", "A b"}}, Numbers: map[string]float64{"price": -0.5},
	}
	a := newAnalyser(s, testLexicon(t))
	doc, all := a.store(d)
	terms, ok := doc["k0"].(string)
	if !ok || strings.Count(terms, a.code("水务")) != 1 {
		t.Errorf("terms %q do not hold the word once", terms)
	}
	words, _ := doc[fieldWords].([]string)
	for _, want := range []string{"水务", "rfid", keyword.SoundMark + "shuiwu", keyword.InitialsMark + "sw"} {
		if !slices.Contains(all, want) || !slices.Contains(words, a.code(want)) {
			t.Errorf("terms %q or words lack %q", all, want)
		}
	}
	if !slices.Contains(all, "水") || slices.Contains(words, a.code("水")) {
		t.Error("a single character is not among the terms, or among the words")
	}
	if lengths, ok := doc[fieldLengths].([]int); !ok || !slices.Equal(lengths, []int{4, 1}) {
		t.Errorf("lengths %v, want 4 characters and 1 Latin word", doc[fieldLengths])
	}
}

func TestScorerCountsWhereTermsStand(t *testing.T) {
	t.Parallel()
	s := search.Schema{Text: []search.TextField{{Name: "name", Weight: 3, Pinyin: true}, {Name: "text", Weight: 1}}}
	sound := keyword.SoundMark + "shuiwu"
	sc := newScorer(s, testLexicon(t), []float64{4, 4}, 10, []string{"水务", "哈哈", "rfid", sound})
	sc.look([]string{"智慧水務，水务", "RFID 哈哈哈 水务"})
	for term, want := range map[string][]float64{"水务": {2, 1}, "哈哈": {0, 2}, "rfid": {0, 1}, sound: {2, 0}} {
		if got := sc.counts[term]; !slices.Equal(got, want) {
			t.Errorf("%q stands %v times in the fields, want %v", term, got, want)
		}
	}
	in := sc.of(keyword.Term{Text: "水务", Docs: 2, Weight: 1}, []float64{4, 4})
	longer := sc.of(keyword.Term{Text: "水务", Docs: 2, Weight: 1}, []float64{8, 8})
	if !(in > longer && longer > 0) {
		t.Errorf("scores %v and %v: want less in a longer text", in, longer)
	}
}
