package broker_test

import (
	"fmt"
	"os"
	"testing"

	"jinghe/internal/broker"
	"jinghe/internal/evaluate"
	"jinghe/internal/match"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
)

// countedCity is the sample city as a market that learned and counted.
func countedCity(t *testing.T) (m *broker.Market, needs []scene.ID, offers int) {
	t.Helper()
	rows, err := samplecity.Load(now())
	if err != nil {
		t.Fatal(err)
	}
	m = newMarket(t)
	var ns []broker.Need
	var os []broker.Offer
	for i, r := range rows {
		id := scene.ID(fmt.Sprintf("row%03d", i))
		if r.Opportunity != nil {
			r.Opportunity.ID = id
			ns, needs = append(ns, broker.Need{Listing: r.Opportunity, Org: &rows[i].Org}), append(needs, id)
		} else {
			r.Capability.ID = id
			os = append(os, broker.Offer{Listing: r.Capability, Org: &rows[i].Org})
		}
	}
	if err := m.LoadOffers(t.Context(), os); err != nil {
		t.Fatal(err)
	}
	if err := m.LoadNeeds(t.Context(), ns); err != nil {
		t.Fatal(err)
	}
	if err := m.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.Tally(t.Context(), broker.Options{Now: now()}); err != nil {
		t.Fatal(err)
	}
	return m, needs, len(os)
}

// TestCareInTheCity: with care more of the catalogue is shown and less
// unequally, no pair that belongs together leaves the first three, whoever
// stands elsewhere than by score says so, and asking for fit alone still gives it.
func TestCareInTheCity(t *testing.T) {
	t.Parallel()
	m, needs, offers := countedCity(t)
	manifest, err := samplecity.ReadManifest()
	if err != nil {
		t.Fatal(err)
	}
	good := map[string][]string{}
	for _, p := range manifest.Good {
		good[p.Need] = append(good[p.Need], p.Offer)
	}
	var fit, cared [][]string
	topThree := [2]int{}
	moved := 0
	for _, id := range needs {
		a, err := m.OffersFor(t.Context(), id, broker.Options{Now: now()})
		if err != nil {
			t.Fatal(err)
		}
		b, err := m.OffersFor(t.Context(), id, broker.Options{Now: now(), Care: match.DefaultCare()})
		if err != nil {
			t.Fatal(err)
		}
		fit, cared = append(fit, offerCodes(a)), append(cared, offerCodes(b))
		for i, list := range []match.Ranking{a, b} {
			for _, code := range good[a.Need.Code] {
				if r := rankOf(list, code); r >= 1 && r <= 3 {
					topThree[i]++
				}
			}
		}
		moved += checkMoved(t, a, b)
	}
	if moved == 0 {
		t.Error("care moved nobody")
	}
	if topThree[1] < topThree[0] {
		t.Errorf("%d pairs made to fit stand in the first three, by fit alone %d", topThree[1], topThree[0])
	}
	before, after := evaluate.Coverage(fit, offers, 10), evaluate.Coverage(cared, offers, 10)
	unequal, less := evaluate.Gini(fit, offers, 10), evaluate.Gini(cared, offers, 10)
	t.Logf("coverage %.3f → %.3f, Gini %.3f → %.3f, good pairs in the first three %d → %d, %d moved", before, after, unequal, less, topThree[0], topThree[1], moved)
	if after < before || less > unequal {
		t.Errorf("coverage %.3f → %.3f, Gini %.3f → %.3f", before, after, unequal, less)
	}
}

func offerCodes(r match.Ranking) []string {
	var list []string
	for _, x := range r.Matches {
		list = append(list, x.Offer.Code)
	}
	return list
}

// checkMoved holds a cared-for list against that by fit alone and counts who moved.
func checkMoved(t *testing.T, fit, cared match.Ranking) int {
	t.Helper()
	n := 0
	if cared.Order != match.OrderCare || fit.Order != "" {
		t.Errorf("orders are called %q and %q", fit.Order, cared.Order)
	}
	for i, x := range cared.Matches {
		switch {
		case x.Moved == nil:
			if i < len(fit.Matches) && fit.Matches[i].Offer != x.Offer {
				t.Errorf("%s: %s stands at %d and does not say why", fit.Need.Code, x.Offer.Code, i+1)
			}
		case x.Moved.Text == "" || x.Moved.Fit <= len(fit.Matches) && fit.Matches[x.Moved.Fit-1].Offer != x.Offer:
			t.Errorf("%s: %s says %+v", fit.Need.Code, x.Offer.Code, x.Moved)
		default:
			n++
		}
	}
	return n
}

// TestCareMeasured prints what care costs and brings on the graded collections.
func TestCareMeasured(t *testing.T) {
	if os.Getenv("JINGHE_BENCH_DATA") == "" || testing.Short() {
		t.Skip("JINGHE_BENCH_DATA is not set: no graded data to measure with")
	}
	for _, tc := range []struct {
		name, set string
		o         evaluate.RetrievalOptions
		most      float64 // that nDCG@10 may fall by
	}{
		// Offers of one title stand in for each other: showing them twice is no gain.
		{"collapsed", "tech-needs", evaluate.RetrievalOptions{MinRel: 2, CollapseTitles: true}, 0.015},
		{"as they are", "tech-needs", evaluate.RetrievalOptions{MinRel: 2}, 0.03},
		{"as they are", "job-titles", evaluate.RetrievalOptions{}, 0.015},
		{"as they are", "news-questions", evaluate.RetrievalOptions{}, 0.015},
	} {
		t.Run(tc.set+" "+tc.name, func(t *testing.T) {
			before := measured(t, tc.set, tc.o)
			tc.o.Ranker = broker.NewTrial(newEngine(t), nil).WithCare(match.DefaultCare())
			after := measured(t, tc.set, tc.o)
			changes := evaluate.Compare(before, after, 1)
			for _, measure := range []string{"nDCG@10", "MAP", "MRR@10"} {
				d := changes[measure]
				t.Logf("care %s %s %-8s %+.4f [%+.4f, %+.4f]", tc.set, tc.name, measure, d.Mean, d.Low, d.High)
			}
			t.Logf("care %s %s coverage %.3f → %.3f Gini %.3f → %.3f", tc.set, tc.name, before.Coverage, after.Coverage, before.Gini, after.Gini)
			if d := changes["nDCG@10"]; d.Mean < -tc.most {
				t.Errorf("nDCG@10 falls by %.4f, want at most %.3f", -d.Mean, tc.most)
			}
		})
	}
}
