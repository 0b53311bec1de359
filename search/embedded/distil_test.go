package embedded

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"jinghe/search"
	"jinghe/search/keyword"
	"jinghe/search/lexicon"
)

// plainDistil is distil by way of a map and a full sort: what it is meant to compute.
func plainDistil(v *view, n search.Need) []termRef {
	var out []termRef
	for term, w := range keyword.Distil(v.lex, n) {
		if docs := v.DocFreq(term); docs > 0 {
			out = append(out, v.weighed(term, hashTerm(term), docs, w))
		}
	}
	slices.SortFunc(out, byTelling)
	return out
}

func TestDistilMatchesPlainCounting(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	schema := search.Schema{Text: []search.TextField{{Name: "title", Weight: 1}}}
	ix, err := New(lex).Index(t.Context(), "distil", schema)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{
		"城市内涝积水监测预警系统", "无人机巡检平台 5G 与边缘计算", "污水管网的水质在线监测", "康复机器人、陪护机器人与养老院",
		"数字孪生园区的能耗管理", "激光雷达与AI识别的路面病害巡检",
	}
	var docs []search.Document
	for i := range 300 {
		docs = append(docs, search.Document{ID: fmt.Sprint(i), Text: map[string]string{"title": texts[i%len(texts)] + texts[i/7%len(texts)]}})
	}
	if err := ix.Apply(t.Context(), docs, nil); err != nil {
		t.Fatal(err)
	}
	v, sc := ix.current.Load(), newScratch()
	for i := range 30 {
		n := search.Need{Fields: []search.NeedField{
			{Text: texts[i%len(texts)], Weight: 1},
			{Text: strings.Repeat(texts[i%5]+"。"+texts[(i+1)%len(texts)], 1+i), Weight: 0.7},
		}}
		want := plainDistil(v, n)
		first, second := splitTerms(sc.distil(v, n))
		got := slices.Concat(first, second)
		if len(first) != min(needTerms, len(want)) || !slices.Equal(got, want[:len(got)]) || len(got) != min(len(want), needTerms+reorderTerms) {
			t.Fatalf("need %d: %d and %d terms\n%v, want\n%v", i, len(first), len(second), got, want)
		}
	}
}

// TestSplitTermsKeepsToTheBudget: a frequent term waits for the second step,
// one that alone is beyond the budget is taken where nothing else is.
func TestSplitTermsKeepsToTheBudget(t *testing.T) {
	t.Parallel()
	terms := []termRef{{term: "a", docs: postingsBudget - 1, factor: 3}, {term: "b", docs: 2, factor: 2}, {term: "c", docs: 1, factor: 1}}
	first, second := splitTerms(terms)
	if len(first) != 2 || first[0].term != "a" || first[1].term != "c" || len(second) != 1 || second[0].term != "b" {
		t.Errorf("first %v, second %v", first, second)
	}
	if first, _ = splitTerms([]termRef{{term: "a", docs: 2 * postingsBudget, factor: 1}}); len(first) != 1 {
		t.Error("a need of one frequent term finds nothing")
	}
}
