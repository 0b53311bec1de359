package broker_test

import (
	"fmt"
	"testing"
	"time"

	"jinghe/internal/broker"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// closed are the ways in which a listing of a store is not open.
func closed() map[string]func(*scene.Listing) {
	at := func(s scene.State) func(*scene.Listing) { return func(l *scene.Listing) { l.State = s } }
	return map[string]func(*scene.Listing){
		"draft": at(scene.Draft), "submitted": at(scene.Submitted), "paused": at(scene.Paused), "expired": at(scene.Expired),
		"embargoed": func(l *scene.Listing) { l.ValidFrom = now().Add(time.Hour) },
		"past":      func(l *scene.Listing) { l.ValidTo = now().Add(-time.Hour) },
	}
}

func listed(r match.Ranking, id scene.ID) bool {
	for _, x := range r.Matches {
		if x.Offer.ID == id {
			return true
		}
	}
	for _, x := range r.Excluded {
		if x.Offer.ID == id {
			return true
		}
	}
	return false
}

// TestNobodyLearnsOfWhatIsNotOpen: a listing of a store that is not open stands
// neither among the matches nor among the excluded, whichever side asks.
func TestNobodyLearnsOfWhatIsNotOpen(t *testing.T) {
	t.Parallel()
	for name, shut := range closed() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMarket(t)
			fill(t, m)
			o, c := need("secret-need", "养老院跌倒检测报警", "老人跌倒自动报警"), offer("secret-offer", "积水监测预警终端", "下穿隧道积水监测预警")
			c.Price.Min = 900 * scene.Wan // a broken condition besides does not bring it back
			shut(&o.Listing)
			shut(&c.Listing)
			if err := m.PutNeed(t.Context(), o, nil); err != nil {
				t.Fatal(err)
			}
			if err := m.PutOffer(t.Context(), c, nil); err != nil {
				t.Fatal(err)
			}
			if err := m.Learn(t.Context()); err != nil {
				t.Fatal(err)
			}
			forth, err := m.OffersFor(t.Context(), "n1", broker.Options{Now: now()})
			if err != nil {
				t.Fatal(err)
			}
			back, err := m.NeedsFor(t.Context(), "c2", broker.Options{Now: now()})
			if err != nil {
				t.Fatal(err)
			}
			if listed(forth, "secret-offer") || listed(back, "secret-need") {
				t.Errorf("listed: %v, %v", listed(forth, "secret-offer"), listed(back, "secret-need"))
			}
			if !listed(forth, "c1") || !listed(back, "n2") {
				t.Error("what is open is not listed")
			}
			// its owner may ask for it all the same
			own, err := m.OffersFor(t.Context(), "secret-need", broker.Options{Now: now()})
			if err != nil || !listed(own, "c2") {
				t.Errorf("the owner of a listing not open gets no answer: %v", err)
			}
		})
	}
}

// TestExpiredRowOfAFileIsTold: a row past its validity has no secrets from who
// brought the file, and is told among the excluded.
func TestExpiredRowOfAFileIsTold(t *testing.T) {
	t.Parallel()
	o, c := need("", "积水监测", "积水监测"), offer("", "积水监测终端", "积水监测")
	o.State, c.State, c.ValidTo = "", "", now().Add(-time.Hour)
	rankings, err := broker.MatchRows(t.Context(), newEngine(t),
		[]scene.Row{{Opportunity: o, Label: "1"}}, []scene.Row{{Capability: c, Label: "2"}}, broker.Options{Now: now()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if x := rankings[0].Excluded; len(x) != 1 || x[0].Clauses[0].Clause != "open" || len(rankings[0].Matches) != 0 {
		t.Errorf("%+v", rankings[0])
	}
}

// crowded is a market that learned, with feedback on: needs whose budget the
// offer's price passes stand before those it fits.
func crowded(t *testing.T, dear, fit int) *broker.Market {
	t.Helper()
	m := newMarket(t)
	w := newWriter(7)
	for i := range 80 {
		if err := m.PutOffer(t.Context(), offer(fmt.Sprintf("x%02d", i), w.text(12), w.text(60)), nil); err != nil {
			t.Fatal(err)
		}
	}
	c := offer("c", "下穿隧道积水监测预警终端", "下穿隧道积水监测预警，液位传感器。")
	c.Price.Min = 50 * scene.Wan
	if err := m.PutOffer(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	for i := range dear + fit {
		text, budget := "下穿隧道积水监测预警，液位传感器。", scene.Money(10)
		if i >= dear {
			text, budget = "积水监测", 100
		}
		n := need(fmt.Sprintf("n%03d", i), text, text)
		n.Budget.Max = budget * scene.Wan
		if err := m.PutNeed(t.Context(), n, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestExcludedNeedsTakeNoPlace: however many of the best needs a condition
// removes, those that fit are found, with feedback as without.
func TestExcludedNeedsTakeNoPlace(t *testing.T) {
	t.Parallel()
	for _, dear := range []int{0, 60, 150} {
		m := crowded(t, dear, 16)
		r, err := m.NeedsFor(t.Context(), "c", broker.Options{Now: now(), Top: 20})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Matches) != 16 || len(r.Excluded) != min(dear, 10) {
			t.Errorf("%d needs too small: %d matches, %d excluded, want 16 and %d", dear, len(r.Matches), len(r.Excluded), min(dear, 10))
		}
		for _, x := range r.Excluded {
			if x.Clauses[0].Clause != "budget" {
				t.Errorf("%s excluded by %s", x.Offer.Code, x.Clauses[0].Clause)
			}
		}
		again, err := m.NeedsFor(t.Context(), "c", broker.Options{Now: now().Add(5 * time.Hour), Top: 3})
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range again.Matches {
			forth, err := m.OffersFor(t.Context(), x.Offer.ID, broker.Options{Now: now(), Top: 300})
			if err != nil {
				t.Fatal(err)
			}
			if j := rankOf(forth, "c"); x.Raw != r.Matches[i].Raw || j == 0 || forth.Matches[j-1].Raw != x.Raw {
				t.Errorf("%s: %v later and in a shorter list, want %v", x.Offer.Code, x.Raw, r.Matches[i].Raw)
			}
		}
	}
}
