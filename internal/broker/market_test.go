package broker_test

import (
	"math"
	"testing"
	"time"

	"jinghe/internal/broker"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search/lexicon"
)

func now() time.Time { return time.Date(2026, 5, 8, 9, 0, 0, 0, time.UTC) }

func newEngine(t testing.TB) *match.Engine {
	t.Helper()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	dicts, err := scene.LoadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	weights, err := match.DefaultWeights()
	if err != nil {
		t.Fatal(err)
	}
	e, err := match.New(lex, dicts, weights)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func newMarket(t testing.TB) *broker.Market {
	t.Helper()
	m, err := broker.New(t.Context(), newEngine(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func need(id, name, text string) *scene.Opportunity {
	return &scene.Opportunity{
		Listing: scene.Listing{ID: scene.ID(id), Code: id, Name: name, OrgName: "业主" + id, State: scene.Published},
		Need:    text,
	}
}

func offer(id, name, text string) *scene.Capability {
	return &scene.Capability{
		Listing:     scene.Listing{ID: scene.ID(id), Code: id, Name: name, OrgName: "企业" + id, State: scene.Published},
		Description: text,
	}
}

func fill(t testing.TB, m *broker.Market) {
	t.Helper()
	water := need("n1", "城市内涝积水监测预警", "在下穿隧道布设液位传感器，积水深度超过 20cm 时 1 分钟内报警，预算 80 万元。")
	water.Budget = scene.MoneyRange{Max: 80 * scene.Wan}
	if err := m.PutNeed(t.Context(), water, nil); err != nil {
		t.Fatal(err)
	}
	if err := m.PutNeed(t.Context(), need("n2", "智慧养老跌倒检测", "养老院房间内老人跌倒自动报警，不得使用摄像头。"), nil); err != nil {
		t.Fatal(err)
	}
	dear := offer("c3", "城市内涝积水监测平台（旗舰版）", "液位传感器与预警平台。")
	dear.Price = scene.MoneyRange{Min: 300 * scene.Wan}
	for _, c := range []*scene.Capability{
		offer("c1", "窨井液位与积水监测终端", "超声波液位传感器，用于下穿隧道、低洼路段积水监测预警。"),
		offer("c2", "毫米波雷达跌倒检测仪", "不使用摄像头，检测老人跌倒并报警，适用于养老机构。"),
		dear,
	} {
		if err := m.PutOffer(t.Context(), c, nil); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMarketBothDirections(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	fill(t, m)
	got, err := m.OffersFor(t.Context(), "n1", broker.Options{Now: now()})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Matches) != 2 || got.Matches[0].Offer.Code != "c1" {
		t.Fatalf("offers for n1: %+v", got.Matches)
	}
	if len(got.Excluded) != 1 || got.Excluded[0].Offer.Code != "c3" || got.Excluded[0].Clauses[0].Clause != "budget" {
		t.Errorf("excluded: %+v, want c3 for its price", got.Excluded)
	}
	back, err := m.NeedsFor(t.Context(), "c2", broker.Options{Now: now(), Lang: locale.En})
	if err != nil {
		t.Fatal(err)
	}
	if back.Matches[0].Offer.Code != "n2" {
		t.Errorf("needs for c2: first is %q, want n2", back.Matches[0].Offer.Code)
	}
	t.Log(got.Matches[0].Reason, back.Matches[0].Reason)
}

func TestPairHasOneScore(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	fill(t, m)
	forth, err := m.OffersFor(t.Context(), "n2", broker.Options{Now: now()})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range forth.Matches {
		back, err := m.NeedsFor(t.Context(), f.Offer.ID, broker.Options{Now: now()})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range back.Matches {
			if b.Offer.ID == "n2" && b.Raw != f.Raw {
				t.Errorf("%s: %v one way, %v the other", f.Offer.Code, f.Raw, b.Raw)
			}
		}
	}
}

func TestContributionsSumToRaw(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	fill(t, m)
	r, err := m.OffersFor(t.Context(), "n1", broker.Options{Now: now()})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range r.Matches {
		sum := 0.0
		for _, p := range x.Parts {
			sum += p.Contribution
			if p.Value < 0 || p.Value > 1 || math.IsNaN(p.Value) {
				t.Errorf("part %s has value %v", p.Name, p.Value)
			}
		}
		if sum != x.Raw {
			t.Errorf("%s: parts sum to %v, raw is %v", x.Offer.Code, sum, x.Raw)
		}
	}
}

func TestUnknownListing(t *testing.T) {
	t.Parallel()
	_, err := newMarket(t).OffersFor(t.Context(), "nobody", broker.Options{})
	if scene.CodeOf(err) != scene.NotFound {
		t.Errorf("got %v, want not_found", err)
	}
}
