package searchtest

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"jinghe/search"
)

// golden is a ranking kept in git, so that a change of ranking is a change of a file.
type golden struct {
	Query string   `json:"query,omitempty"`
	Need  string   `json:"need,omitempty"`
	Best  []string `json:"best"` // ten IDs at most
}

func (s *suite) rankings() []conformance {
	return []conformance{{"GoldenRankings", "", testGolden}}
}

const goldenDepth = 10

func testGolden(t *testing.T, s *suite) {
	raw, err := data.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []golden
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	ix, _ := s.filled(t)
	for i, g := range list {
		best := rank(t, ix, g)
		if s.record == "" {
			s.compare(t, g, best)
		}
		list[i].Best = best
	}
	if s.record == "" {
		return
	}
	raw, err = json.MarshalIndent(list, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.record, append(raw, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

func rank(t *testing.T, ix search.Index, g golden) []string {
	t.Helper()
	if g.Query != "" {
		return ids(find(t, ix, search.Query{Text: g.Query, Limit: goldenDepth}).Hits)
	}
	found, err := ix.Candidates(t.Context(), search.Need{Fields: []search.NeedField{{Text: g.Need, Weight: 1}}, Limit: goldenDepth})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range found {
		out = append(out, c.ID)
	}
	return out
}

func (s *suite) compare(t *testing.T, g golden, best []string) {
	t.Helper()
	if s.overlap == 1 {
		if !slices.Equal(best, g.Best) {
			t.Errorf("%s%s: got %v, want %v", g.Query, g.Need, best, g.Best)
		}
		return
	}
	shared := 0
	for _, id := range best {
		if slices.Contains(g.Best, id) {
			shared++
		}
	}
	if float64(shared) < s.overlap*float64(len(g.Best)) {
		t.Errorf("%s%s: shares %d of %d, want %.0f %%: got %v, want %v", g.Query, g.Need, shared, len(g.Best), 100*s.overlap, best, g.Best)
	}
}
