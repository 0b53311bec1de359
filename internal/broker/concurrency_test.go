package broker_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"jinghe/internal/broker"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search/embedded"
	"jinghe/search/lexicon"
)

// TestReadersAndWriters lets both directions be asked while rows come, change
// and go, and the market learns; the race detector does the judging.
func TestReadersAndWriters(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	fill(t, m)
	w := newWriter(3)
	texts := make([]string, 200)
	for i := range texts {
		texts[i] = w.text(60)
	}
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for ctx.Err() == nil {
				if _, err := m.OffersFor(ctx, "n1", broker.Options{Now: now()}); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
				if _, err := m.NeedsFor(ctx, "c1", broker.Options{Now: now()}); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	for i, text := range texts {
		id := fmt.Sprintf("x%d", i%40)
		if err := m.PutOffer(t.Context(), offer(id, "名称"+text[:12], text), nil); err != nil {
			t.Fatal(err)
		}
		if i%3 == 0 {
			if err := m.DeleteOffer(t.Context(), scene.ID(id)); err != nil {
				t.Fatal(err)
			}
		}
		if i%100 == 50 {
			if err := m.Learn(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	stop()
	readers.Wait()
}

// TestIndexAndScanAgree: the best offers found through the index are those that
// scoring every row finds.
func TestIndexAndScanAgree(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	e := newEngine(t)
	scan, err := broker.New(t.Context(), e, nil)
	if err != nil {
		t.Fatal(err)
	}
	indexed, err := broker.New(t.Context(), e, embedded.New(lex))
	if err != nil {
		t.Fatal(err)
	}
	w := newWriter(5)
	var offers []broker.Offer
	for i := range 4000 {
		offers = append(offers, broker.Offer{Listing: offer(fmt.Sprintf("c%04d", i), w.text(12), w.text(80))})
	}
	for _, m := range []*broker.Market{scan, indexed} {
		if err := m.LoadOffers(t.Context(), offers); err != nil {
			t.Fatal(err)
		}
	}
	common, asked := 0, 0
	for i := range 20 {
		n := need(fmt.Sprintf("n%d", i), w.text(14), w.text(300))
		a, err := scan.RankNeed(t.Context(), n, nil, broker.Options{Now: now(), Top: 10})
		if err != nil {
			t.Fatal(err)
		}
		b, err := indexed.RankNeed(t.Context(), n, nil, broker.Options{Now: now(), Top: 10})
		if err != nil {
			t.Fatal(err)
		}
		found := map[scene.ID]bool{}
		for _, x := range b.Matches {
			found[x.Offer.ID] = true
		}
		for _, x := range a.Matches {
			asked++
			if found[x.Offer.ID] {
				common++
			}
		}
	}
	// Words drawn at random have no topic, so that ranks are decided by little:
	// the hardest case for a retrieval that weighs words in its own way.
	if share := float64(common) / float64(asked); share < 0.75 {
		t.Errorf("%.2f of the best ten are found through the index, want 0.75", share)
	}
}

// TestShownPairsBreakNoCondition asks with random facts on both sides, and
// until there are too few eligible offers to fill a list.
func TestShownPairsBreakNoCondition(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	r := rand.New(rand.NewPCG(4, 2))
	prices := map[string]scene.Money{}
	var offers []broker.Offer
	for i := range 300 {
		c := offer(fmt.Sprintf("c%03d", i), "积水监测终端", "监测积水")
		if r.IntN(3) > 0 {
			c.Price.Min = scene.Money(1+r.IntN(100)) * scene.Wan
		}
		prices[c.Code] = c.Price.Min
		offers = append(offers, broker.Offer{Listing: c})
	}
	if err := m.LoadOffers(t.Context(), offers); err != nil {
		t.Fatal(err)
	}
	for range 30 {
		n := need("n", "积水监测", "监测积水")
		n.Budget.Max = scene.Money(1+r.IntN(100)) * scene.Wan
		got, err := m.RankNeed(t.Context(), n, nil, broker.Options{Now: now(), Top: 250})
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, p := range prices {
			if p <= n.Budget.Max {
				want++
			}
		}
		if len(got.Matches) != min(want, 250) {
			t.Errorf("%d shown of %d that fit", len(got.Matches), want)
		}
		for _, x := range got.Matches {
			if p := prices[x.Offer.Code]; p > n.Budget.Max || p == 0 && !names(x.Gaps, "budget") {
				t.Errorf("%s at %s shown for a budget of %s, gaps %+v", x.Offer.Code, p.Wan(), n.Budget.Max.Wan(), x.Gaps)
			}
		}
	}
}

func names(gaps []match.Gap, clause string) bool {
	for _, g := range gaps {
		if strings.HasPrefix(g.Clause, clause) && g.Status == "unknown" {
			return true
		}
	}
	return false
}
