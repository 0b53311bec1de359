package broker_test

import (
	"math"
	"strings"
	"testing"

	"jinghe/internal/broker"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
	"jinghe/search/embedded"
	"jinghe/search/lexicon"
)

// oddNeeds are what people and machines write into a need besides needs.
func oddNeeds() map[string]*scene.Opportunity {
	long := strings.Repeat("无锡市供水管网漏损监测平台要求漏点定位误差≤1.5米，", 8_000) // 200,000 characters
	return map[string]*scene.Opportunity{
		"nothing":       need("odd", "", ""),
		"one character": need("odd", "水", ""),
		"one letter":    need("odd", "a", "a"),
		"200,000 characters": need("odd", "供水管网漏损监测",
			long),
		"200,000 digits": need("odd", "数", strings.Repeat("12345≥", 34_000)),
		"a long title":   need("odd", strings.Repeat("管网", 100_000), ""),
		"emoji":          need("odd", "😀👩‍👩‍👧‍👦", strings.Repeat("🇨🇳😀", 500)),
		"one word":       need("odd", "监测", strings.Repeat("监测", 5_000)),
		"one word, parted": need("odd", "监测",
			strings.Repeat("监测，", 5_000)),
		"English":       need("odd", "Leak detection for water mains", "We need to locate hidden leaks within 1.5 m; false alarms below 10 %."),
		"traditional":   need("odd", "供水管網漏損監測", "需要定位暗漏，漏點定位誤差≤1.5米。"),
		"mixed scripts": need("odd", "供水管網漏损監测", "ＤＭＡ分區內定位暗漏，leak≤１．５ｍ。"),
		"invalid UTF-8": need("odd", "水务\xff\xfe", "监测\xc3"),
		"controls":      need("odd", "\x00水\u202e", "\x01\x02\n\t\r"),
		"punctuation":   need("odd", "，。；！？", "……——（）【】"),
	}
}

// cityMarket is the sample city with indexes, or without.
func cityMarket(t *testing.T, indexed bool) *broker.Market {
	t.Helper()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	m := newMarket(t)
	if indexed {
		opener := embedded.New(lex)
		t.Cleanup(func() { _ = opener.Close() })
		if m, err = broker.New(t.Context(), newEngine(t), opener); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := samplecity.Load(now())
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if c := rows[i].Capability; c != nil {
			c.ID, c.State = scene.ID(rows[i].Label), scene.Published
			if err := m.PutOffer(t.Context(), c, &rows[i].Org); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := m.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestOddNeeds: whatever a need says, the answer is a ranking whose numbers are
// numbers, with a word on how the need is written.
func TestOddNeeds(t *testing.T) {
	t.Parallel()
	for _, indexed := range []bool{false, true} {
		m := cityMarket(t, indexed)
		for name, o := range oddNeeds() {
			for _, lang := range []locale.Lang{locale.Zh, locale.En} {
				r, err := m.RankNeed(t.Context(), o, nil, broker.Options{Now: now(), Top: 5, Lang: lang})
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				checkAnswer(t, name, &r)
			}
			if err := m.PutNeed(t.Context(), o, nil); err != nil { // and it may stand in a list
				t.Errorf("%s is not taken: %v", name, err)
				continue
			}
			if _, err := m.OffersFor(t.Context(), "odd", broker.Options{Now: now()}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := m.NeedsFor(t.Context(), "NL-WA01", broker.Options{Now: now()}); err != nil {
				t.Errorf("%s among the needs: %v", name, err)
			}
			if _, err := m.SimilarNeeds(t.Context(), "odd", broker.Options{Now: now()}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func checkAnswer(t *testing.T, name string, r *match.Ranking) {
	t.Helper()
	unit := func(what string, v float64) {
		if math.IsNaN(v) || v < 0 || v > 1 {
			t.Errorf("%s: %s is %v", name, what, v)
		}
	}
	for _, x := range r.Matches {
		unit("score", x.Score)
		unit("value to both", x.Reciprocal.Both)
		if x.Reason == "" {
			t.Errorf("%s: no reason", name)
		}
		for _, p := range x.Parts {
			unit(p.Name, p.Value)
		}
	}
	if r.Clarity == nil {
		t.Fatalf("%s: nothing on clarity", name)
	}
	unit("clarity", r.Clarity.Score)
	if bare := name != "200,000 characters" && !strings.Contains(name, "digits"); bare && len(r.Clarity.Advice) == 0 {
		t.Errorf("%s: no advice", name)
	}
}

// TestScriptsAreOne: a need in traditional or mixed characters finds what the
// same need in simplified ones finds.
func TestScriptsAreOne(t *testing.T) {
	t.Parallel()
	m := cityMarket(t, false)
	plain := need("odd", "供水管网漏损监测", "需要定位暗漏，漏点定位误差≤1.5米。")
	ask := func(o *scene.Opportunity) []match.Match {
		r, err := m.RankNeed(t.Context(), o, nil, broker.Options{Now: now(), Top: 5})
		if err != nil {
			t.Fatal(err)
		}
		return r.Matches
	}
	want, got := ask(plain), ask(oddNeeds()["traditional"])
	for i := range want {
		if got[i].Offer.ID != want[i].Offer.ID || got[i].Raw != want[i].Raw {
			t.Errorf("place %d: %s %.4f, in simplified characters %s %.4f", i+1, got[i].Offer.ID, got[i].Raw, want[i].Offer.ID, want[i].Raw)
		}
	}
	for _, name := range []string{"mixed scripts", "200,000 characters"} {
		if top := ask(oddNeeds()[name])[0].Offer.ID; top != want[0].Offer.ID {
			t.Errorf("%s: %s comes first, not %s", name, top, want[0].Offer.ID)
		}
	}
}
