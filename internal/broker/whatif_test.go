package broker_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"jinghe/internal/broker"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// facts draws conditions of a need and facts of an offer, each missing now and then.
type facts struct{ *rand.Rand }

func (r facts) maybe(fn func()) {
	if r.IntN(3) > 0 {
		fn()
	}
}

func (r facts) region() string {
	return []string{"320214", "320200", "320500", "310100", "330100", "320000"}[r.IntN(6)]
}

func (r facts) modes() []string {
	all := []string{"joint_build", "equipment", "operation", "rd"}
	return []string{all[r.IntN(4)]}
}

func (r facts) need(i int) *scene.Opportunity {
	n := need(fmt.Sprintf("n%03d", i), "下穿隧道积水监测预警", "下穿隧道布设液位传感器，积水监测预警。")
	r.maybe(func() { n.Budget.Max = scene.Money(20+r.IntN(80)) * scene.Wan })
	r.maybe(func() { n.Schedule.Max = float64(2 + r.IntN(6)) })
	if r.IntN(3) == 0 {
		n.Require.MinMaturity = 5 + r.IntN(5)
	}
	if r.IntN(3) == 0 {
		n.Require.Regions = []string{r.region()}
	}
	if r.IntN(4) == 0 {
		n.Require.Qualifications = []string{[]string{"cmmi5", "high_tech"}[r.IntN(2)]}
	}
	n.Require.Domestic = r.IntN(6) == 0
	if r.IntN(6) == 0 {
		n.Require.MLPS = 2 + r.IntN(2)
	}
	r.maybe(func() { n.Regions = []string{r.region()} })
	r.maybe(func() { n.Modes = r.modes() })
	return n
}

func (r facts) offer(i int) (*scene.Capability, *scene.Organisation) {
	c := offer(fmt.Sprintf("c%03d", i), "积水监测预警终端", "液位传感器，用于下穿隧道积水监测预警。")
	if r.IntN(4) == 0 {
		c.Description = "毫米波雷达跌倒检测，适用于养老机构。"
		c.Name = "跌倒检测仪"
	}
	r.maybe(func() { c.Price.Min = scene.Money(200+r.IntN(1800)) * scene.Wan / 20 })
	if r.IntN(2) == 0 {
		c.Price.Max = c.Price.Min + scene.Money(r.IntN(2)*10)*scene.Wan
	}
	r.maybe(func() { c.Delivery.Min = float64(2+r.IntN(18)) / 2 })
	r.maybe(func() { c.Maturity.Min = 3 + r.IntN(6); c.Maturity.Max = c.Maturity.Min + r.IntN(2) })
	r.maybe(func() { c.Domestic = scene.Truth(r.IntN(3) - 1) })
	r.maybe(func() { c.MLPS = 1 + r.IntN(3) })
	if r.IntN(4) == 0 {
		c.Wants.Regions = []string{r.region()}
	}
	if r.IntN(4) == 0 {
		c.Wants.Modes = r.modes()
	}
	if r.IntN(4) == 0 {
		c.Wants.MinBudget = scene.Money(10+r.IntN(100)) * scene.Wan
	}
	r.maybe(func() {
		c.Qualifications = []scene.Qualification{{Code: []string{"cmmi3", "cmmi5", "high_tech"}[r.IntN(3)]}}
	})
	org := &scene.Organisation{Name: c.OrgName}
	r.maybe(func() { org.Region = r.region() })
	return c, org
}

// changedNeed makes a change told, by its public fields only.
func changedNeed(o scene.Opportunity, m match.Move) *scene.Opportunity {
	switch m.Kind {
	case "budget":
		o.Budget.Max = m.Fen
	case "schedule":
		o.Schedule.Max = m.Months
	case "maturity":
		o.Require.MinMaturity = m.Level
	case "mlps":
		o.Require.MLPS = m.Level
	case "domestic":
		o.Require.Domestic = false
	case "seat":
		o.Require.Regions = m.Codes
	case "qualification":
		o.Require.Qualifications = nil
	case "mode":
		o.Modes = append(slices.Clone(o.Modes), m.Codes...)
	default:
		panic(m.Kind)
	}
	return &o
}

func changedOffer(c scene.Capability, m match.Move) *scene.Capability {
	switch m.Kind {
	case "price":
		if c.Price.Max == c.Price.Min {
			c.Price.Max = m.Fen
		}
		c.Price.Min = m.Fen
	case "min_budget":
		c.Wants.MinBudget = m.Fen
	case "schedule":
		if c.Delivery.Max == c.Delivery.Min {
			c.Delivery.Max = m.Months
		}
		c.Delivery.Min = m.Months
	case "maturity":
		c.Maturity = scene.Maturity{Min: m.Level, Max: m.Level}
	case "mlps":
		c.MLPS = m.Level
	case "domestic":
		c.Domestic = scene.Yes
	case "region":
		c.Wants.Regions = m.Codes
	case "qualification":
		c.Qualifications = append(slices.Clone(c.Qualifications), scene.Qualification{Code: m.Codes[0]})
	case "mode":
		c.Wants.Modes = append(slices.Clone(c.Wants.Modes), m.Codes...)
	default:
		panic(m.Kind)
	}
	return &c
}

// smaller is the next smaller change of the kind, if there is one.
func smaller(m match.Move, asker match.Side) (match.Move, bool) {
	down := 1
	if asker == match.SideNeed {
		down = -1
	}
	switch m.Kind {
	case "budget", "price", "min_budget":
		m.Fen += scene.Money(down) * scene.Wan / 10
	case "schedule":
		m.Months += float64(down) / 2
	case "maturity", "mlps":
		m.Level -= down
	default:
		return m, false
	}
	return m, true
}

// admitted counts who is shown after a change, and was not before.
func admitted(before, after match.Ranking, least float64) int {
	n := 0
	for _, x := range after.Matches {
		if x.Score >= least && rankOf(before, x.Offer.Code) == 0 {
			n++
		}
	}
	return n
}

// randomCity is a market whose pairs often fail by one condition.
func randomCity(t *testing.T, r facts, learn bool) (*broker.Market, []*scene.Opportunity, []*scene.Capability, []*scene.Organisation) {
	t.Helper()
	m := newMarket(t)
	var needs []*scene.Opportunity
	var offers []*scene.Capability
	var orgs []*scene.Organisation
	for i := range 60 {
		c, org := r.offer(i)
		if err := m.PutOffer(t.Context(), c, org); err != nil {
			t.Fatal(err)
		}
		offers, orgs = append(offers, c), append(orgs, org)
		if i >= 18 {
			continue
		}
		n := r.need(i)
		if err := m.PutNeed(t.Context(), n, nil); err != nil {
			t.Fatal(err)
		}
		needs = append(needs, n)
	}
	if learn {
		if err := m.Learn(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return m, needs, offers, orgs
}

// TestChangesComeTrue: whoever makes a change that was told gets as many more
// as were told, keeps all others, and gets fewer by the next smaller change.
func TestChangesComeTrue(t *testing.T) {
	t.Parallel()
	told := map[string]int{}
	for _, learn := range []bool{false, true} {
		r := facts{rand.New(rand.NewPCG(11, 3))}
		m, needs, offers, orgs := randomCity(t, r, learn)
		o := broker.Options{Now: now(), Top: 1000, Changes: true}
		for _, n := range needs {
			before, err := m.OffersFor(t.Context(), n.ID, o)
			if err != nil {
				t.Fatal(err)
			}
			ask := func(mv match.Move) match.Ranking {
				after, err := m.RankNeed(t.Context(), changedNeed(*n, mv), nil, o)
				if err != nil {
					t.Fatal(err)
				}
				return after
			}
			checkChanges(t, match.SideNeed, before, ask, told)
		}
		for i, c := range offers {
			before, err := m.NeedsFor(t.Context(), c.ID, o)
			if err != nil {
				t.Fatal(err)
			}
			ask := func(mv match.Move) match.Ranking {
				after, err := m.RankOffer(t.Context(), changedOffer(*c, mv), orgs[i], o)
				if err != nil {
					t.Fatal(err)
				}
				return after
			}
			checkChanges(t, match.SideOffer, before, ask, told)
		}
	}
	for _, kind := range []string{
		"need budget", "need schedule", "need maturity", "need seat", "need qualification", "need domestic", "need mlps", "need mode",
		"offer price", "offer min_budget", "offer schedule", "offer maturity", "offer region", "offer qualification", "offer domestic", "offer mlps", "offer mode",
	} {
		if told[kind] == 0 {
			t.Errorf("no change of kind %s was told, so nothing of it was checked", kind)
		}
	}
}

func checkChanges(t *testing.T, side match.Side, before match.Ranking, ask func(match.Move) match.Ranking, told map[string]int) {
	t.Helper()
	last := ""
	for _, c := range before.Changes {
		told[string(side)+" "+c.Kind]++
		after := ask(c.Move)
		if got := admitted(before, after, c.Least); got != c.Admits || c.Admits == 0 {
			t.Errorf("%s: %s: %d admitted, told %d", before.Need.Code, c.Text, got, c.Admits)
		}
		for _, x := range before.Matches {
			if rankOf(after, x.Offer.Code) == 0 {
				t.Errorf("%s: %s: loses %s", before.Need.Code, c.Text, x.Offer.Code)
			}
		}
		for _, x := range c.Offers {
			if rankOf(after, x.Code) == 0 || rankOf(before, x.Code) != 0 {
				t.Errorf("%s: %s: names %s", before.Need.Code, c.Text, x.Code)
			}
		}
		if less, ok := smaller(c.Move, side); ok {
			got := admitted(before, ask(less), c.Least)
			if first := c.Kind != last; got >= c.Admits || first && got != 0 {
				t.Errorf("%s: %s: %+v admits %d already", before.Need.Code, c.Text, less, got)
			}
		}
		if strings.Contains(c.Text, "{") || strings.HasPrefix(c.Text, "match.") {
			t.Errorf("sentence %q", c.Text)
		}
		last = c.Kind
	}
}

// TestChangesTellTheMost: what is not told admits nobody. The last step of the
// budget admits as many as doubling it.
func TestChangesTellTheMost(t *testing.T) {
	t.Parallel()
	m, needs, _, _ := randomCity(t, facts{rand.New(rand.NewPCG(5, 8))}, false)
	o := broker.Options{Now: now(), Top: 1000, Changes: true}
	seen := 0
	for _, n := range needs {
		if n.Budget.Max == 0 {
			continue
		}
		before, err := m.OffersFor(t.Context(), n.ID, o)
		if err != nil {
			t.Fatal(err)
		}
		after, err := m.RankNeed(t.Context(), changedNeed(*n, match.Move{Kind: "budget", Fen: 2 * n.Budget.Max}), nil, o)
		if err != nil {
			t.Fatal(err)
		}
		most := 0
		for _, c := range before.Changes {
			if c.Kind == "budget" {
				most = c.Admits
			}
		}
		if got := admitted(before, after, 0.3); got != most {
			t.Errorf("%s: doubling the budget admits %d, told are %d", n.ID, got, most)
		}
		seen += most
	}
	if seen == 0 {
		t.Error("no budget keeps anybody apart")
	}
}

// TestChangesCountWhoIsSeen: a full list raises the bar to its weakest, nobody
// hidden is counted, and nothing is worked out unasked.
func TestChangesCountWhoIsSeen(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	fill(t, m)
	secret := offer("c4", "积水监测预警平台", "下穿隧道积水监测预警，液位传感器。")
	secret.State, secret.Price.Min = scene.Draft, 90*scene.Wan
	if err := m.PutOffer(t.Context(), secret, nil); err != nil {
		t.Fatal(err)
	}
	ask := func(top int, budget scene.Money, changes bool) match.Ranking {
		n := need("x", "下穿隧道积水监测预警平台", "液位传感器与预警平台。")
		n.Budget.Max = budget * scene.Wan
		r, err := m.RankNeed(t.Context(), n, nil, broker.Options{Now: now(), Top: top, Changes: changes, Lang: locale.En})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := ask(20, 80, true); len(r.Changes) != 0 {
		t.Errorf("more than twice the budget, or a draft, is told: %+v", r.Changes)
	}
	r := ask(20, 200, true)
	if len(r.Changes) != 1 || r.Changes[0].Admits != 1 || r.Changes[0].Offers[0].Code != "c3" || r.Changes[0].Fen != 300*scene.Wan || r.Changes[0].Share != 0.5 {
		t.Fatalf("%+v", r.Changes)
	}
	if !strings.Contains(r.Changes[0].Text, "+50 %") {
		t.Errorf("%q", r.Changes[0].Text)
	}
	if full := ask(1, 200, true); len(full.Changes) > 0 && full.Changes[0].Least < full.Matches[0].Score {
		t.Errorf("counted from %v, though the list ends at %v", full.Changes[0].Least, full.Matches[0].Score)
	}
	if r := ask(20, 200, false); r.Changes != nil {
		t.Error("told unasked")
	}
}

// TestChangesOfPlace: a division added is the narrowest that admits as many.
func TestChangesOfPlace(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		seats []string
		want  []string // codes of the division added and how many it admits
	}{
		"one city":             {[]string{"320500"}, []string{"320500 1"}},
		"two of one city":      {[]string{"320500", "320505"}, []string{"320500 2"}},
		"two cities":           {[]string{"320500", "320100"}, []string{"320100 1", "320000 2"}},
		"a city and elsewhere": {[]string{"320500", "320505", "330100"}, []string{"320500 2", "100000 3"}},
		"Shanghai":             {[]string{"310115"}, []string{"310000 1"}},
		"three provinces":      {[]string{"320500", "320100", "330100", "310115"}, []string{"320100 1", "320000 2", "100000 4"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMarket(t)
			for i, seat := range tc.seats {
				c := offer(fmt.Sprintf("c%d", i), "积水监测预警终端", "液位传感器，下穿隧道积水监测预警。")
				if err := m.PutOffer(t.Context(), c, &scene.Organisation{Name: c.OrgName, Region: seat}); err != nil {
					t.Fatal(err)
				}
			}
			n := need("n", "下穿隧道积水监测预警", "液位传感器，下穿隧道积水监测预警。")
			n.Require.Regions = []string{"320200"}
			r, err := m.RankNeed(t.Context(), n, nil, broker.Options{Now: now(), Changes: true})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range r.Changes {
				got = append(got, fmt.Sprintf("%s %d", c.Codes[len(c.Codes)-1], c.Admits))
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("%v, want %v", got, tc.want)
			}
		})
	}
}

// TestGroupOfRows: three rows of a file together bring what none of them does,
// and the city's needs, of one thing each, get no group.
func TestGroupOfRows(t *testing.T) {
	t.Parallel()
	n := need("", "产业园区综合管理", "园区要把门禁通行、能耗计量、停车引导和消防巡检统一管起来。")
	n.Targets, n.Budget.Max, n.State = "能耗计量误差不超过2%", 300*scene.Wan, ""
	var rows []scene.Row
	for i, text := range [][2]string{
		{"园区门禁通行系统", "门禁通行、访客预约与停车引导一体，服务产业园区综合管理。"},
		{"园区能耗计量平台", "面向产业园区的能耗计量与碳排放核算，能耗计量误差1.5%。"},
		{"园区消防巡检机器人", "产业园区综合管理中的消防巡检，自动报警并复核。"},
		{"园区门禁一体机", "门禁通行。"},
	} {
		c := offer("", text[0], text[1])
		c.State, c.OrgName = "", fmt.Sprintf("企业%d", i)
		rows = append(rows, scene.Row{Capability: c, Label: fmt.Sprintf("C%d", i)})
	}
	r, err := broker.MatchRows(t.Context(), newEngine(t), []scene.Row{{Opportunity: n, Label: "N"}}, rows, broker.Options{Now: now(), Consortium: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	g := r[0].Consortium
	if g == nil || len(g.Members) != 3 || g.Covers != 5 || g.Alone != 2 || g.Members[0].Offer.ID != "" {
		t.Fatalf("%+v", g)
	}
	for _, c := range g.Clauses {
		if c.Member == 0 || c.Offer.ID != "" {
			t.Errorf("%+v", c)
		}
	}
}
