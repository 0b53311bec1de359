package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestPeersFind tries every engine that needs no server on a few documents.
func TestPeersFind(t *testing.T) {
	t.Parallel()
	docs := []document{
		{id: "a", title: "水质在线监测系统", text: "污水厂出水监测与预警", facets: map[string]string{"region": "区1"}},
		{id: "b", title: "管网漏损监测系统", text: "供水管网压力监测，定位漏点", facets: map[string]string{"region": "区1"}},
		{id: "c", title: "低空巡检平台", text: "无人机巡检系统", facets: map[string]string{"region": "区2"}},
	}
	for _, name := range names(false) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			engine, err := open(name, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if err := engine.index(t.Context(), docs); err != nil {
				t.Fatal(err)
			}
			if total, err := engine.find(t.Context(), []string{"监测系统"}, "区1"); err != nil || total != 2 {
				t.Errorf("found %d, error %v, want the two of the region", total, err)
			}
			ranked, err := engine.rank(t.Context(), need{title: "供水管网漏损治理", body: "希望定位漏点"}, 10, nil)
			if err != nil || len(ranked) == 0 || ranked[0].id != "b" {
				t.Errorf("ranked %v, error %v, want b first", ranked, err)
			}
			if err := engine.close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestTable measures a small run of one engine and prints it.
func TestTable(t *testing.T) {
	t.Parallel()
	m, err := measure(t.Context(), "jinghe", plan{docs: 300, queries: 5, within: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if m.Documents != 300 || m.Find.Queries != 5 || m.Need.Queries != 5 || m.FoundTotal == 0 {
		t.Errorf("measured %+v", m)
	}
	m.Quality = []quality{{Set: "some", NDCG: 0.5}}
	var b strings.Builder
	if err := table(&b, []measurement{m}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| Jinghe, in the process | 300 |", "| some | nDCG@10 |", "| 0.500 |"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("table lacks %q:\n%s", want, b.String())
		}
	}
}

func TestUnknownEngine(t *testing.T) {
	t.Parallel()
	if _, err := open("nobody's", t.TempDir()); err == nil {
		t.Error("an engine nobody knows opens")
	}
}

func TestCutters(t *testing.T) {
	t.Parallel()
	if got := (bigrams{}).stored("水质监测，A1 水"); got != "水质 质监 监测 a1 水" {
		t.Errorf("bigrams %q", got)
	}
	if got := (trigrams{}).terms("水质监测，水质监"); !slices.Equal(got, []string{`"水质监"`, `"质监测"`}) {
		t.Errorf("trigrams %q", got)
	}
}
