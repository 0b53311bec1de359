package broker_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jinghe/internal/broker"
	"jinghe/internal/match"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
)

var update = flag.Bool("update", false, "rewrite the golden rankings")

// cityRankings ranks the sample city's offers for each of its needs.
func cityRankings(t *testing.T) []match.Ranking {
	t.Helper()
	rows, err := samplecity.Load(now())
	if err != nil {
		t.Fatal(err)
	}
	var needs, offers []scene.Row
	for _, r := range rows {
		if r.Kind() == scene.KindOpportunity {
			needs = append(needs, r)
		} else {
			offers = append(offers, r)
		}
	}
	told := 0
	rankings, err := broker.MatchRows(t.Context(), newEngine(t), needs, offers, broker.Options{Top: 10, Now: now()},
		func(done, total int) { told = done * 1000 / total })
	if err != nil {
		t.Fatal(err)
	}
	if told != 1000 || len(rankings) != len(needs) {
		t.Fatalf("%d rankings for %d needs, progress ended at %d ‰", len(rankings), len(needs), told)
	}
	return rankings
}

// TestGoldenRankings makes every change of a ranking a diff: for each need of
// the sample city the five best with their scores, and who was taken out by what.
func TestGoldenRankings(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, r := range cityRankings(t) {
		fmt.Fprintf(&b, "%s %s\n", r.Need.Code, r.Need.Name)
		for _, m := range r.Matches[:min(5, len(r.Matches))] {
			fmt.Fprintf(&b, "  %.2f %-7s %s %s\n", m.Score, m.Eligible, m.Offer.Code, m.Offer.Name)
		}
		for _, x := range r.Excluded[:min(2, len(r.Excluded))] {
			fmt.Fprintf(&b, "  out  %-7s %s %s\n", x.Clauses[0].Clause, x.Offer.Code, x.Offer.Name)
		}
	}
	path := filepath.Join("testdata", "golden", "samplecity.txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("rankings of the sample city changed (go test -update rewrites them):\n%s", firstDifference(string(want), b.String()))
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %s\n got %s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// TestSampleCityPairs: what the city's manifest says belongs together stands
// near the top, and what a clause keeps apart is taken out by that clause.
func TestSampleCityPairs(t *testing.T) {
	t.Parallel()
	manifest, err := samplecity.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	byNeed := map[string]match.Ranking{}
	for _, r := range cityRankings(t) {
		byNeed[r.Need.Code] = r
	}
	top3 := 0
	for _, p := range manifest.Good {
		if rank := rankOf(byNeed[p.Need], p.Offer); rank >= 1 && rank <= 3 {
			top3++
		} else {
			t.Logf("%s: %s stands at %d", p.Need, p.Offer, rank)
		}
	}
	if share := float64(top3) / float64(len(manifest.Good)); share < 0.9 {
		t.Errorf("%.2f of the good pairs stand in the first three, want 0.9", share)
	}
	for _, p := range manifest.Trap {
		if rank := rankOf(byNeed[p.Need], p.Offer); rank != 0 {
			t.Errorf("%s shows %s at %d, which %s keeps apart", p.Need, p.Offer, rank, p.Clause)
		}
		for _, x := range byNeed[p.Need].Excluded {
			told := slices.ContainsFunc(x.Clauses, func(g match.Gap) bool {
				// a region may be where the provider serves or where it has to sit, a
				// budget too small for the price or for what the provider starts at
				return g.Clause == p.Clause || p.Clause == "region" && g.Clause == "seat" ||
					p.Clause == "budget" && g.Clause == "min_budget"
			})
			if x.Offer.Code == p.Offer && !told {
				t.Errorf("%s is kept from %s by %+v, want %s", p.Offer, p.Need, x.Clauses, p.Clause)
			}
		}
	}
}

// rankOf is the rank from 1, or 0 where the offer is not shown.
func rankOf(r match.Ranking, code string) int {
	for i, m := range r.Matches {
		if m.Offer.Code == code {
			return i + 1
		}
	}
	return 0
}
