package broker_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/broker"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search"
	"jinghe/search/embedded"
	"jinghe/search/lexicon"
)

// province holds random needs and offers with conditions of both sides, some of
// them not open. A nil opener scores every pair.
func province(t testing.TB, opener search.Engine, needs, offers int) *broker.Market {
	t.Helper()
	m, err := broker.New(t.Context(), newEngine(t), opener)
	if err != nil {
		t.Fatal(err)
	}
	w, rng := newWriter(11), rand.New(rand.NewPCG(1, 1))
	needRows, offerRows := make([]broker.Need, needs), make([]broker.Offer, offers)
	for i := range needRows {
		needRows[i].Listing = provinceNeed(i, w, rng)
	}
	for i := range offerRows {
		offerRows[i].Listing = provinceOffer(i, w, rng)
	}
	if err := m.LoadNeeds(t.Context(), needRows); err != nil {
		t.Fatal(err)
	}
	if err := m.LoadOffers(t.Context(), offerRows); err != nil {
		t.Fatal(err)
	}
	if err := m.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

func provinceNeed(i int, w *writer, rng *rand.Rand) *scene.Opportunity {
	o := need(fmt.Sprintf("n%05d", i), w.text(8), w.text(30+rng.IntN(120)))
	o.Budget = scene.MoneyRange{Max: scene.Money(10+rng.IntN(300)) * scene.Wan}
	o.Require.MinMaturity = rng.IntN(5)
	if i%17 == 0 {
		o.State = scene.Draft
	}
	return o
}

func provinceOffer(i int, w *writer, rng *rand.Rand) *scene.Capability {
	c := offer(fmt.Sprintf("c%05d", i), w.text(8), w.text(20+rng.IntN(80)))
	c.Maturity = scene.Maturity{Min: 1 + rng.IntN(9)}
	c.Maturity.Max = c.Maturity.Min
	c.Price = scene.MoneyRange{Min: scene.Money(5+rng.IntN(250)) * scene.Wan}
	if i%13 == 0 {
		c.ValidTo = now().Add(-time.Hour)
	}
	return c
}

// unseen reports whether a row of the province is hidden: a draft, or out of date.
func unseen(id scene.ID) bool {
	var n int
	_, _ = fmt.Sscanf(string(id[1:]), "%d", &n)
	if id[0] == 'n' {
		return n%17 == 0
	}
	return n%13 == 0
}

// open counts the rows of a province that are to have a list.
func open(needs, offers int) int {
	return needs + offers - (needs+16)/17 - (offers+12)/13
}

// rematch works out and publishes all lists.
func rematch(t testing.TB, m *broker.Market) {
	t.Helper()
	for r := m.NewRematch(now()); !r.Done(); {
		made, err := r.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		m.Publish(made)
	}
}

// answers asks for every listing of both sides.
func answers(t testing.TB, m *broker.Market, needs, offers int) map[scene.ID]match.Ranking {
	t.Helper()
	all := map[scene.ID]match.Ranking{}
	for i := range needs {
		id := scene.ID(fmt.Sprintf("n%05d", i))
		r, err := m.OffersFor(t.Context(), id, broker.Options{Now: now()})
		if err != nil {
			t.Fatal(err)
		}
		all[id] = r
	}
	for i := range offers {
		id := scene.ID(fmt.Sprintf("c%05d", i))
		r, err := m.NeedsFor(t.Context(), id, broker.Options{Now: now()})
		if err != nil {
			t.Fatal(err)
		}
		all[id] = r
	}
	return all
}

// compareSides holds lists against live answers: what the offers of a need are
// is the same to the last bit; the needs of an offer are, place by place, no
// worse (a live answer refines its forty best only). Whoever is hidden has no
// list. It returns the share of the
// live answers' needs that the lists have.
func compareSides(t *testing.T, live, listed map[scene.ID]match.Ranking) float64 {
	t.Helper()
	had, all := 0, 0
	for id, want := range live {
		got := listed[id]
		if got.Listed.IsZero() != unseen(id) {
			t.Fatalf("%s is answered from a list made %v, hidden %v", id, got.Listed, unseen(id))
		}
		got.Listed = time.Time{}
		if id[0] == 'n' {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("list of %s (-live +listed):\n%s", id, diff)
			}
			continue
		}
		in := map[scene.ID]bool{}
		for i, x := range got.Matches {
			in[x.Offer.ID] = true
			if i < len(want.Matches) && x.Raw < want.Matches[i].Raw {
				t.Errorf("%s has %v at %d, live %v", id, x.Raw, i, want.Matches[i].Raw)
			}
		}
		for _, x := range want.Matches {
			all++
			if in[x.Offer.ID] {
				had++
			}
		}
	}
	return float64(had) / float64(all)
}

// TestRematchAnswersAsTheMarketDoes where every pair is looked at.
func TestRematchAnswersAsTheMarketDoes(t *testing.T) {
	t.Parallel()
	m := province(t, nil, 120, 160)
	live := answers(t, m, 120, 160)
	rematch(t, m)
	if share := compareSides(t, live, answers(t, m, 120, 160)); share < 0.99 {
		t.Errorf("lists have %.4f of the needs that live answers have, want 0.99", share)
	}
}

// TestFewLeftByConditions: an offer that next to no need can pay is held against
// more of a large market than an index gives at once.
func TestFewLeftByConditions(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	m, err := broker.New(t.Context(), newEngine(t), embedded.New(lex))
	if err != nil {
		t.Fatal(err)
	}
	needs := make([]broker.Need, 3400)
	for i := range needs {
		o := need(fmt.Sprintf("n%05d", i), "路面巡检", "城市道路病害识别")
		o.Budget.Max = 10 * scene.Wan
		if i%1000 == 999 {
			o.Name, o.Need, o.Budget.Max = "停车", "城市停车诱导", 900*scene.Wan
		}
		needs[i].Listing = o
	}
	if err := m.LoadNeeds(t.Context(), needs); err != nil {
		t.Fatal(err)
	}
	dear := offer("dear", "路面巡检", "城市道路病害识别")
	dear.Price.Min = 500 * scene.Wan
	r, err := m.RankOffer(t.Context(), dear, nil, broker.Options{Now: now()})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Matches) != 3 {
		t.Errorf("%d needs can pay, want 3", len(r.Matches))
	}
}

// TestRematchThroughAnIndex: where both sides are too large to look at every
// pair, the needs' lists are the live ones, and the offers' are made from more
// candidates than live answers: those of their own text, and the needs that came
// upon them. What a live answer has and a list has not is there displaced by better.
func TestRematchThroughAnIndex(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	m := province(t, embedded.New(lex), 400, 450)
	m.Scan(100)
	if err := m.Learn(t.Context()); err != nil { // feedback by the candidates there are now
		t.Fatal(err)
	}
	live := answers(t, m, 40, 40)
	rematch(t, m)
	share := compareSides(t, live, answers(t, m, 40, 40))
	t.Logf("lists have %.4f of the needs that live answers have", share)
	if share < 0.85 {
		t.Errorf("lists have %.4f of the needs that live answers have, want 0.85", share)
	}
}
