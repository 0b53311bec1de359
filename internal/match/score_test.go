package match

import (
	"math"
	"strings"
	"testing"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

func market(t testing.TB, e *Engine, offers ...*Profile) Space {
	t.Helper()
	s := NewStatistics()
	for _, o := range offers {
		s.Add(o)
	}
	return Space{Terms: s}
}

func TestScoreIsASumOfParts(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	offer := e.Offer(anOffer("积水监测终端", "下穿隧道积水监测预警，测量精度±1cm。"), nil)
	q := e.Query(e.Need(aNeed("隧道积水监测", "测量精度±2cm"), nil), market(t, e, offer))
	s := q.Score(offer, nil, today())
	m := q.Explain(offer, s, nil, locale.Zh)
	sum := 0.0
	for _, p := range m.Parts {
		if p.Contribution != p.Value*p.Weight {
			t.Errorf("part %s: %v × %v is not %v", p.Name, p.Value, p.Weight, p.Contribution)
		}
		sum += p.Contribution
	}
	if sum != m.Raw || m.Score != e.weights.Calibration.apply(m.Raw) {
		t.Errorf("parts sum to %v, raw %v, score %v", sum, m.Raw, m.Score)
	}
}

func TestCalibrationRises(t *testing.T) {
	t.Parallel()
	c := newTestEngine(t).weights.Calibration
	for raw := 0.0; raw < 1; raw += 0.01 {
		if c.apply(raw) >= c.apply(raw+0.01) {
			t.Fatalf("g does not rise at %v", raw)
		}
	}
}

// TestBetterFactsScoreHigher: one fact made better, all else equal, never lowers a score.
func TestBetterFactsScoreHigher(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	need := aNeed("隧道积水监测", "下穿隧道积水监测预警，测量精度±2cm。")
	need.Budget = scene.MoneyRange{Max: 50 * scene.Wan}
	need.Schedule.Max = 3
	need.Fields = []string{"smart_water"}
	need.Regions = []string{"320214"}
	for name, pair := range map[string][2]func(*scene.Capability){
		"topic":     {func(c *scene.Capability) { c.Description = "积水监测" }, func(c *scene.Capability) { c.Description = "下穿隧道积水监测预警" }},
		"field":     {func(c *scene.Capability) { c.Fields = []string{"robot"} }, func(c *scene.Capability) { c.Fields = []string{"smart_water"} }},
		"crosswalk": {func(c *scene.Capability) { c.Industries = []string{"biomedicine"} }, func(c *scene.Capability) { c.Industries = []string{"environment"} }},
		"indicator": {func(c *scene.Capability) {
			c.Description, c.Indicators = "下穿隧道积水监测", "测量精度±5cm"
		}, func(c *scene.Capability) {
			c.Description, c.Indicators = "下穿隧道积水监测", "测量精度±1cm"
		}},
		"maturity":  {func(c *scene.Capability) { c.Maturity = scene.Maturity{Min: 3, Max: 4} }, func(c *scene.Capability) { c.Maturity = scene.Maturity{Min: 8, Max: 9} }},
		"price":     {func(c *scene.Capability) { c.Price = scene.MoneyRange{Min: 40 * scene.Wan, Max: 90 * scene.Wan} }, func(c *scene.Capability) { c.Price.Max = 40 * scene.Wan }},
		"time":      {func(c *scene.Capability) { c.Delivery = scene.Months{Min: 3, Max: 9} }, func(c *scene.Capability) { c.Delivery.Max = 2 }},
		"place":     {func(c *scene.Capability) { c.Regions = []string{"440300"} }, func(c *scene.Capability) { c.Regions = []string{"320200"} }},
		"nearness":  {func(c *scene.Capability) { c.Regions = []string{"440300"} }, func(c *scene.Capability) { c.Regions = []string{"320500"} }},
		"cases":     {func(*scene.Capability) {}, func(c *scene.Capability) { c.Cases = []scene.Case{{Customer: "某区水务"}} }},
		"freshness": {func(c *scene.Capability) { c.Updated = today().AddDate(-3, 0, 0) }, func(c *scene.Capability) { c.Updated = today().AddDate(0, -1, 0) }},
	} {
		raw := [2]float64{}
		for i, change := range pair {
			c := anOffer("液位终端", "")
			change(c)
			offer := e.Offer(c, nil)
			q := e.Query(e.Need(need, nil), market(t, e, offer, e.Offer(anOffer("别的", "跌倒检测"), nil)))
			raw[i] = q.Score(offer, nil, today()).Raw
		}
		if raw[1] <= raw[0] {
			t.Errorf("%s: %v is not above %v", name, raw[1], raw[0])
		}
	}
}

func TestExplanationNamesWords(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	offer := e.Offer(anOffer("毫米波雷达跌倒检测仪", "适用于養老機構，檢測老人跌倒。"), nil)
	need := aNeed("养老院跌倒检测", "养老机构内老人跌倒自动报警。")
	q := e.Query(e.Need(need, nil), market(t, e, offer, e.Offer(anOffer("水泵", "排水"), nil)))
	m := q.Explain(offer, q.Score(offer, nil, today()), nil, locale.Zh)
	if !strings.Contains(m.Reason, "“跌倒”") && !strings.Contains(m.Reason, "跌倒检测") {
		t.Errorf("reason %q does not name the common word", m.Reason)
	}
	found := false
	for _, p := range m.Parts {
		for _, ev := range p.Evidence {
			text := map[string]string{"needname": need.Name, "needneed": need.Need, "offername": "毫米波雷达跌倒检测仪", "offerdescription": "适用于養老機構，檢測老人跌倒。"}[ev.Side+ev.Field]
			if got := string([]rune(text)[ev.Start:ev.End]); got != ev.Text {
				t.Errorf("evidence %+v: the field reads %q there", ev, got)
			}
			found = found || ev.Text == "養老機構"
		}
	}
	if !found {
		t.Error("a word in traditional characters was not found")
	}
}

func TestReasonInBothLanguages(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	c := anOffer("积水监测终端", "积水监测")
	c.Fields, c.Maturity = []string{"smart_water"}, scene.Maturity{Min: 8, Max: 9}
	c.Cases = []scene.Case{{Customer: "某区"}}
	c.Price.Max = 30 * scene.Wan
	o := aNeed("积水监测", "测量精度±2cm")
	o.Fields, o.Budget.Max, o.Schedule.Max = []string{"smart_water"}, 50*scene.Wan, 3
	need, offer := e.Need(o, nil), e.Offer(c, nil)
	q := e.Query(need, market(t, e, offer))
	clauses := e.Check(need, offer, SideNeed, today())
	zh := q.Explain(offer, q.Score(offer, nil, today()), clauses, locale.Zh)
	en := q.Explain(offer, q.Score(offer, nil, today()), clauses, locale.En)
	for _, want := range []string{"积水", "〈smart_water〉", "30 万元", "成熟", "交付周期"} {
		if !strings.Contains(zh.Reason, want) {
			t.Errorf("Chinese reason lacks %q: %s", want, zh.Reason)
		}
	}
	for _, want := range []string{"积水", "〈smart_water〉", "budget", "mature", "delivery"} {
		if !strings.Contains(en.Reason, want) {
			t.Errorf("English reason lacks %q: %s", want, en.Reason)
		}
	}
	if zh.Eligible != "unknown" || len(zh.Gaps) != 2 {
		t.Errorf("eligible %q with gaps %+v; want unknown, schedule and the accuracy", zh.Eligible, zh.Gaps)
	}
}

func TestMoneyAndTimeValues(t *testing.T) {
	t.Parallel()
	wan := func(a, b int64) scene.MoneyRange {
		return scene.MoneyRange{Min: scene.Money(a) * scene.Wan, Max: scene.Money(b) * scene.Wan}
	}
	for _, tc := range []struct {
		budget, price scene.MoneyRange
		want          float64
	}{
		{wan(0, 100), wan(50, 60), 1},
		{wan(0, 100), wan(100, 100), 1},
		{wan(0, 100), wan(100, 200), 0.5},
		{wan(0, 100), wan(300, 0), 0},
		{wan(0, 0), wan(300, 0), neutral},
		{wan(0, 100), scene.MoneyRange{Negotiable: true}, neutral},
	} {
		if got := moneyValue(tc.budget, tc.price); math.Abs(got-tc.want) > 1e-12 {
			t.Errorf("budget %v, price %v: %v, want %v", tc.budget, tc.price, got, tc.want)
		}
	}
	if got := timeValue(scene.Months{Max: 2}, scene.Months{Min: 2, Max: 4}); got != 0.5 {
		t.Errorf("three months where two are wanted: %v, want 0.5", got)
	}
}

func TestFreshnessHalvesInAYear(t *testing.T) {
	t.Parallel()
	if got := freshness(today().AddDate(0, 0, -freshDays), today()); math.Abs(got-0.5) > 1e-9 {
		t.Errorf("after a year: %v", got)
	}
	if freshness(time.Time{}, today()) != neutral || freshness(today().Add(time.Hour), today()) != 1 {
		t.Error("no date is neutral, a date ahead counts as today")
	}
}
