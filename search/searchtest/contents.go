package searchtest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"jinghe/search"
)

// contents tests what is found, counted and ordered whatever the language.
func (s *suite) contents() []conformance {
	return []conformance{
		{"Filter", "", testFilter},
		{"FacetsIgnoreTheirOwnClauses", "", testFacets},
		{"SortPutsMissingLast", "", testSort},
		{"PagesAreStable", ExactOrder, testPaging},
		{"EmptyQueryListsEverything", "", testEmptyQuery},
		{"CandidatesScoreAgainstTheBest", "", testCandidates},
		{"InvalidQueries", "", testInvalidQueries},
	}
}

func pointer(v float64) *float64 { return &v }

func testFilter(t *testing.T, s *suite) {
	ix, docs := s.filled(t)
	has := func(d search.Document, facet, value string) bool { return slices.Contains(d.Facets[facet], value) }
	price := func(d search.Document) (float64, bool) { v, ok := d.Numbers["price"]; return v, ok }
	cases := []struct {
		name   string
		filter []search.Clause
		want   func(search.Document) bool
	}{
		{"one value", []search.Clause{{Facet: "region", AnyOf: []string{"滨湖"}}}, func(d search.Document) bool { return has(d, "region", "滨湖") }},
		{"one of several values", []search.Clause{{Facet: "region", AnyOf: []string{"滨湖", "新吴"}}}, func(d search.Document) bool { return has(d, "region", "滨湖") || has(d, "region", "新吴") }},
		{"none of them", []search.Clause{{Facet: "field", AnyOf: []string{"人工智能"}, Not: true}}, func(d search.Document) bool { return !has(d, "field", "人工智能") }},
		{"unknown value", []search.Clause{{Facet: "region", AnyOf: []string{"月球"}}}, func(search.Document) bool { return false }},
		{"no value at all", []search.Clause{{Facet: "region"}}, func(search.Document) bool { return false }},
		{"range", []search.Clause{{Number: "price", Min: pointer(50), Max: pointer(100)}}, func(d search.Document) bool { v, ok := price(d); return ok && v >= 50 && v <= 100 }},
		{"lower bound only", []search.Clause{{Number: "price", Min: pointer(200)}}, func(d search.Document) bool { v, ok := price(d); return ok && v >= 200 }},
		{"outside a range, or without a number", []search.Clause{{Number: "price", Max: pointer(100), Not: true}}, func(d search.Document) bool { v, ok := price(d); return !ok || v > 100 }},
		{"all clauses", []search.Clause{
			{Facet: "field", AnyOf: []string{"智慧水务"}}, {Facet: "maturity", AnyOf: []string{"中期", "初期"}}, {Number: "price", Min: pointer(1)},
		}, func(d search.Document) bool {
			v, ok := price(d)
			return has(d, "field", "智慧水务") && !has(d, "maturity", "成熟应用") && ok && v >= 1
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var want []string
			for _, d := range docs {
				if c.want(d) {
					want = append(want, d.ID)
				}
			}
			r := find(t, ix, search.Query{Filter: c.filter, Limit: search.MaxLimit})
			got := ids(r.Hits)
			slices.Sort(got)
			if !slices.Equal(got, want) || r.Total != len(want) {
				t.Errorf("got %d (total %d), want %d: %v", len(got), r.Total, len(want), got)
			}
		})
	}
}

func testFacets(t *testing.T, s *suite) {
	ix, docs := s.filled(t)
	r := find(t, ix, search.Query{
		Filter: []search.Clause{{Facet: "region", AnyOf: []string{"滨湖"}}, {Facet: "maturity", AnyOf: []string{"中期"}}},
		Facets: []string{"region", "maturity", "field"},
	})
	want := map[string]map[string]int{"region": {}, "maturity": {}, "field": {}}
	for _, d := range docs {
		here, ripe := d.Facets["region"][0] == "滨湖", d.Facets["maturity"][0] == "中期"
		if ripe {
			want["region"][d.Facets["region"][0]]++
		}
		if here {
			want["maturity"][d.Facets["maturity"][0]]++
		}
		if here && ripe {
			for _, f := range d.Facets["field"] {
				want["field"][f]++
			}
		}
	}
	for facet, counts := range want {
		list := r.Facets[facet]
		if len(list) != len(counts) {
			t.Errorf("%s: %d values, want %d", facet, len(list), len(counts))
		}
		for i, c := range list {
			if counts[c.Value] != c.Count {
				t.Errorf("%s %s: %d, want %d", facet, c.Value, c.Count, counts[c.Value])
			}
			if i > 0 && (list[i-1].Count < c.Count || list[i-1].Count == c.Count && list[i-1].Value > c.Value) {
				t.Errorf("%s: %v before %v", facet, list[i-1], c)
			}
		}
	}
	if r := find(t, ix, search.Query{Facets: nil}); len(r.Facets) != 0 {
		t.Errorf("facets not asked for: %v", r.Facets)
	}
}

func testSort(t *testing.T, s *suite) {
	ix, docs := s.filled(t)
	for _, desc := range []bool{false, true} {
		want := slices.Clone(docs)
		slices.SortFunc(want, func(a, b search.Document) int {
			x, hasX := a.Numbers["price"]
			y, hasY := b.Numbers["price"]
			switch {
			case hasX != hasY && hasX:
				return -1
			case hasX != hasY:
				return 1
			case x != y && desc:
				return cmp.Compare(y, x)
			case x != y:
				return cmp.Compare(x, y)
			}
			return cmp.Compare(b.Numbers["updated"], a.Numbers["updated"])
		})
		r := find(t, ix, search.Query{Sort: []search.Sort{{Number: "price", Desc: desc}, {Number: "updated", Desc: true}}, Limit: search.MaxLimit})
		for i, h := range r.Hits {
			if h.ID != want[i].ID {
				t.Errorf("desc %t: hit %d is %s, want %s", desc, i, h.ID, want[i].ID)
				break
			}
		}
		if len(r.Hits) != len(docs) {
			t.Errorf("%d hits, want %d", len(r.Hits), len(docs))
		}
	}
}

func testPaging(t *testing.T, s *suite) {
	ix, _ := s.filled(t)
	for _, text := range []string{"", "系统", "机器人 巡检"} {
		whole := ids(find(t, ix, search.Query{Text: text, Limit: search.MaxLimit}).Hits)
		var paged []string
		for {
			r := find(t, ix, search.Query{Text: text, Offset: len(paged), Limit: 7})
			if r.Total != len(whole) {
				t.Fatalf("%q: total %d at offset %d, want %d", text, r.Total, len(paged), len(whole))
			}
			if len(r.Hits) == 0 {
				break
			}
			paged = append(paged, ids(r.Hits)...)
		}
		if !slices.Equal(whole, paged) {
			t.Errorf("%q: pages do not add up to the whole", text)
		}
		if r := find(t, ix, search.Query{Text: text, Limit: search.NoHits}); r.Total != len(whole) || len(r.Hits) > 0 {
			t.Errorf("%q: %d counted and %d hits, want %d and none", text, r.Total, len(r.Hits), len(whole))
		}
	}
	if all := ids(find(t, ix, search.Query{Limit: search.MaxLimit}).Hits); !slices.IsSorted(all) {
		t.Error("hits without a score are not in order of ID")
	}
}

func testEmptyQuery(t *testing.T, s *suite) {
	ix, docs := s.filled(t)
	r := find(t, ix, search.Query{})
	if r.Total != len(docs) || len(r.Hits) != search.DefaultHits {
		t.Errorf("%d of %d, want %d of %d", len(r.Hits), r.Total, search.DefaultHits, len(docs))
	}
	if r := find(t, ix, search.Query{Text: "  　\t"}); r.Total != len(docs) {
		t.Errorf("blanks find %d, want %d", r.Total, len(docs))
	}
	empty := s.with(t)
	if r := find(t, empty, search.Query{Text: "水", Facets: []string{"field"}}); r.Total != 0 || len(r.Hits) != 0 {
		t.Errorf("an empty index answers %+v", r)
	}
}

func testCandidates(t *testing.T, s *suite) {
	ix, docs := s.filled(t)
	need := search.Need{Fields: []search.NeedField{
		{Text: "老旧小区供水管网漏损治理", Weight: 1},
		{Text: "片区供水管网使用年限长，产销差超过百分之二十，漏水点难以定位。希望采用物联网传感器在线监测压力与流量，及时发现漏点，降低漏损率。", Weight: 0.3},
	}}
	got, err := ix.Candidates(t.Context(), need)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) == 0 || got[0].ID != docs[24].ID {
		t.Fatalf("best of %d is not the leak monitor %s: %v", len(got), docs[24].ID, got[:min(3, len(got))])
	}
	if got[0].Score != 1 {
		t.Errorf("best score %v, want 1", got[0].Score)
	}
	for i := 1; i < len(got); i++ {
		if got[i].Score > got[i-1].Score || got[i].Score <= 0 {
			t.Errorf("score %v after %v", got[i].Score, got[i-1].Score)
		}
	}
	need.Limit = 5
	need.Filter = []search.Clause{{Facet: "field", AnyOf: []string{"智慧能源"}}}
	limited, err := ix.Candidates(t.Context(), need)
	if err != nil || len(limited) > 5 {
		t.Fatalf("%d candidates, error %v", len(limited), err)
	}
	for _, c := range limited {
		if c.ID < "L121" || c.ID > "L128" {
			t.Errorf("%s does not pass the filter", c.ID)
		}
	}
	for _, empty := range []search.Need{{}, {Fields: []search.NeedField{{Text: "，。！", Weight: 1}}}} {
		if got, err := ix.Candidates(t.Context(), empty); err != nil || len(got) != 0 {
			t.Errorf("a need without terms has %d candidates, error %v", len(got), err)
		}
	}
}

func testInvalidQueries(t *testing.T, s *suite) {
	ix, _ := s.filled(t)
	queries := map[string]search.Query{
		"negative offset":     {Offset: -1},
		"limit too high":      {Limit: search.MaxLimit + 1},
		"limit too low":       {Limit: search.NoHits - 1},
		"unknown facet":       {Facets: []string{"colour"}},
		"unknown sort":        {Sort: []search.Sort{{Number: "colour"}}},
		"unknown highlight":   {Highlight: []string{"colour"}},
		"clause on nothing":   {Filter: []search.Clause{{AnyOf: []string{"x"}}}},
		"clause on two":       {Filter: []search.Clause{{Facet: "field", Number: "price"}}},
		"clause on a text":    {Filter: []search.Clause{{Facet: "name", AnyOf: []string{"x"}}}},
		"clause on no number": {Filter: []search.Clause{{Number: "field"}}},
	}
	for name, q := range queries {
		t.Run(name, func(t *testing.T) {
			_, err := ix.Search(t.Context(), q)
			wantInvalid(t, err)
		})
	}
	_, err := ix.Candidates(t.Context(), search.Need{Fields: []search.NeedField{{Text: "水", Weight: -1}}})
	wantInvalid(t, err)
	engine := s.open(t)
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	_, err = engine.Open(t.Context(), "bad", search.Schema{Text: []search.TextField{{Name: "a", Weight: 0}}})
	wantInvalid(t, fmt.Errorf("open: %w", err))
}
