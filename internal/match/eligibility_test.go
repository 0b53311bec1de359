package match

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

func clause(list []Clause, name string) (Clause, bool) {
	for _, c := range list {
		if c.Name == name {
			return c, true
		}
	}
	return Clause{}, false
}

func TestCheckTable(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	const none = scene.Truth(9) // no clause at all
	wan := func(n int64) scene.Money { return scene.Money(n) * scene.Wan }
	for _, tc := range []struct {
		name   string
		clause string
		need   func(*scene.Opportunity)
		offer  func(*scene.Capability)
		org    scene.Organisation
		want   scene.Truth
	}{
		{"nothing stated", "budget", nil, nil, scene.Organisation{}, none},
		{"price fits", "budget", func(o *scene.Opportunity) { o.Budget.Max = wan(80) }, func(c *scene.Capability) { c.Price = scene.MoneyRange{Min: wan(30), Max: wan(90)} }, scene.Organisation{}, scene.Yes},
		{"price too high", "budget", func(o *scene.Opportunity) { o.Budget.Max = wan(80) }, func(c *scene.Capability) { c.Price.Min = wan(81) }, scene.Organisation{}, scene.No},
		{"no price", "budget", func(o *scene.Opportunity) { o.Budget.Max = wan(80) }, nil, scene.Organisation{}, scene.Unknown},
		{"price negotiable", "budget", func(o *scene.Opportunity) { o.Budget.Max = wan(80) }, func(c *scene.Capability) { c.Price.Negotiable = true }, scene.Organisation{}, scene.Unknown},
		{"no budget", "budget", nil, func(c *scene.Capability) { c.Price.Min = wan(30) }, scene.Organisation{}, none},
		{"no limit of the budget", "budget", func(o *scene.Opportunity) { o.Budget.Min = wan(30) }, func(c *scene.Capability) { c.Price.Min = wan(30) }, scene.Organisation{}, scene.Unknown},
		{"price of the whole", "price_basis", func(o *scene.Opportunity) { o.Budget.Max = wan(80) }, func(c *scene.Capability) { c.Price.Max = wan(4) }, scene.Organisation{}, none},
		{"price of a piece", "price_basis", func(o *scene.Opportunity) { o.Budget.Max = wan(80) }, func(c *scene.Capability) { c.Price.Max = wan(3) }, scene.Organisation{}, scene.Unknown},
		{"price of a piece against a range", "price_basis", func(o *scene.Opportunity) { o.Budget = scene.MoneyRange{Min: wan(300), Max: wan(900)} }, func(c *scene.Capability) { c.Price = scene.MoneyRange{Min: wan(5), Max: wan(14)} }, scene.Organisation{}, scene.Unknown},
		{"price of a piece exceeds nothing", "budget", func(o *scene.Opportunity) { o.Budget.Max = wan(80) }, func(c *scene.Capability) { c.Price.Max = wan(3) }, scene.Organisation{}, scene.Yes},
		{"price open below", "budget", func(o *scene.Opportunity) { o.Budget.Max = wan(80) }, func(c *scene.Capability) { c.Price.Max = wan(60) }, scene.Organisation{}, scene.Yes},
		{"delivers late", "schedule", func(o *scene.Opportunity) { o.Schedule.Max = 3 }, func(c *scene.Capability) { c.Delivery = scene.Months{Min: 4, Max: 6} }, scene.Organisation{}, scene.No},
		{"delivers in time", "schedule", func(o *scene.Opportunity) { o.Schedule.Max = 3 }, func(c *scene.Capability) { c.Delivery = scene.Months{Min: 2, Max: 6} }, scene.Organisation{}, scene.Yes},
		{"no time wanted", "schedule", nil, func(c *scene.Capability) { c.Delivery.Min = 4 }, scene.Organisation{}, none},
		{"no delivery time", "schedule", func(o *scene.Opportunity) { o.Schedule.Max = 3 }, nil, scene.Organisation{}, scene.Unknown},
		{"title held", "qualification:high_tech", func(o *scene.Opportunity) { o.Require.Qualifications = []string{"high_tech"} }, nil, scene.Organisation{Qualifications: []scene.Qualification{{Code: "high_tech"}}}, scene.Yes},
		{"narrower title held", "qualification:specialised", func(o *scene.Opportunity) { o.Require.Qualifications = []string{"specialised"} }, func(c *scene.Capability) { c.Qualifications = []scene.Qualification{{Code: "little_giant"}} }, scene.Organisation{}, scene.Yes},
		{"title ran out", "qualification:high_tech", func(o *scene.Opportunity) { o.Require.Qualifications = []string{"high_tech"} }, func(c *scene.Capability) {
			c.Qualifications = []scene.Qualification{{Code: "high_tech", Until: today().AddDate(-1, 0, 0)}}
		}, scene.Organisation{}, scene.No},
		{"no titles told", "qualification:high_tech", func(o *scene.Opportunity) { o.Require.Qualifications = []string{"high_tech"} }, nil, scene.Organisation{}, scene.Unknown},
		{"another title told", "qualification:high_tech", func(o *scene.Opportunity) { o.Require.Qualifications = []string{"high_tech"} }, func(c *scene.Capability) { c.Qualifications = []scene.Qualification{{Code: "gazelle"}} }, scene.Organisation{}, scene.Unknown},
		{"a title no dictionary knows", "qualification:high_tech", func(o *scene.Opportunity) { o.Require.Qualifications = []string{"high_tech"} }, func(c *scene.Capability) { c.Qualifications = []scene.Qualification{{Text: "科创之星"}} }, scene.Organisation{}, scene.Unknown},
		{"lower step of a ladder", "qualification:cmmi5", func(o *scene.Opportunity) { o.Require.Qualifications = []string{"cmmi5"} }, func(c *scene.Capability) { c.Qualifications = []scene.Qualification{{Code: "cmmi3"}} }, scene.Organisation{}, scene.No},
		{"higher step of a ladder", "qualification:cmmi3", func(o *scene.Opportunity) { o.Require.Qualifications = []string{"cmmi3"} }, func(c *scene.Capability) { c.Qualifications = []scene.Qualification{{Code: "cmmi5"}} }, scene.Organisation{}, scene.Yes},
		{"step not told", "qualification:cmmi3", func(o *scene.Opportunity) { o.Require.Qualifications = []string{"cmmi3"} }, func(c *scene.Capability) { c.Qualifications = []scene.Qualification{{Code: "cmmi"}} }, scene.Organisation{}, scene.Unknown},
		{"provincial where national is wanted", "qualification:little_giant", func(o *scene.Opportunity) { o.Require.Qualifications = []string{"little_giant"} }, func(c *scene.Capability) {
			c.Qualifications = []scene.Qualification{{Code: "specialised", Level: "provincial"}}
		}, scene.Organisation{}, scene.No},
		{"level not told", "qualification:little_giant", func(o *scene.Opportunity) { o.Require.Qualifications = []string{"little_giant"} }, func(c *scene.Capability) { c.Qualifications = []scene.Qualification{{Code: "specialised"}} }, scene.Organisation{}, scene.Unknown},
		{"lower step and the title", "qualification:cmmi5", func(o *scene.Opportunity) { o.Require.Qualifications = []string{"cmmi5"} }, func(c *scene.Capability) {
			c.Qualifications = []scene.Qualification{{Code: "cmmi3"}, {Code: "cmmi5"}}
		}, scene.Organisation{}, scene.Yes},
		{"seat known by province", "seat", func(o *scene.Opportunity) { o.Require.Regions = []string{"320200"} }, nil, scene.Organisation{Region: "320000"}, scene.Unknown},
		{"seat in another province", "seat", func(o *scene.Opportunity) { o.Require.Regions = []string{"320200"} }, nil, scene.Organisation{Region: "310000"}, scene.No},
		{"sits in the city", "seat", func(o *scene.Opportunity) { o.Require.Regions = []string{"320200"} }, nil, scene.Organisation{Region: "320214"}, scene.Yes},
		{"sits elsewhere", "seat", func(o *scene.Opportunity) { o.Require.Regions = []string{"320200"} }, nil, scene.Organisation{Region: "310100"}, scene.No},
		{"seat not told", "seat", func(o *scene.Opportunity) { o.Require.Regions = []string{"320200"} }, nil, scene.Organisation{}, scene.Unknown},
		{"not mature", "maturity", func(o *scene.Opportunity) { o.Require.MinMaturity = 7 }, func(c *scene.Capability) { c.Maturity = scene.Maturity{Min: 5, Max: 6} }, scene.Organisation{}, scene.No},
		{"perhaps mature", "maturity", func(o *scene.Opportunity) { o.Require.MinMaturity = 7 }, func(c *scene.Capability) { c.Maturity = scene.Maturity{Min: 5, Max: 7} }, scene.Organisation{}, scene.Unknown},
		{"mature", "maturity", func(o *scene.Opportunity) { o.Require.MinMaturity = 7 }, func(c *scene.Capability) { c.Maturity = scene.Maturity{Min: 8, Max: 9} }, scene.Organisation{}, scene.Yes},
		{"not domestic", "domestic", func(o *scene.Opportunity) { o.Require.Domestic = true }, func(c *scene.Capability) { c.Domestic = scene.No }, scene.Organisation{}, scene.No},
		{"grade too low", "mlps", func(o *scene.Opportunity) { o.Require.MLPS = 3 }, func(c *scene.Capability) { c.MLPS = 2 }, scene.Organisation{}, scene.No},
		{"grade not told", "mlps", func(o *scene.Opportunity) { o.Require.MLPS = 3 }, nil, scene.Organisation{}, scene.Unknown},
		{"serves elsewhere", "region", func(o *scene.Opportunity) { o.Regions = []string{"320214"} }, func(c *scene.Capability) { c.Wants.Regions = []string{"310000"} }, scene.Organisation{}, scene.No},
		{"serves the province", "region", func(o *scene.Opportunity) { o.Regions = []string{"320214"} }, func(c *scene.Capability) { c.Wants.Regions = []string{"320000"} }, scene.Organisation{}, scene.Yes},
		{"serves a city of the province", "region", func(o *scene.Opportunity) { o.Regions = []string{"320000"} }, func(c *scene.Capability) { c.Wants.Regions = []string{"320200"} }, scene.Organisation{}, scene.Unknown},
		{"serves one of two sites", "region", func(o *scene.Opportunity) { o.Regions = []string{"310100", "320214"} }, func(c *scene.Capability) { c.Wants.Regions = []string{"320200"} }, scene.Organisation{}, scene.Yes},
		{"site not told", "region", nil, func(c *scene.Capability) { c.Wants.Regions = []string{"320000"} }, scene.Organisation{}, scene.Unknown},
		{"below the floor", "min_budget", func(o *scene.Opportunity) { o.Budget.Max = wan(10) }, func(c *scene.Capability) { c.Wants.MinBudget = wan(50) }, scene.Organisation{}, scene.No},
		{"another mode", "mode", func(o *scene.Opportunity) { o.Modes = []string{"purchase"} }, func(c *scene.Capability) { c.Wants.Modes = []string{"joint_build"} }, scene.Organisation{}, scene.No},
		{"mode not told", "mode", nil, func(c *scene.Capability) { c.Wants.Modes = []string{"joint_build"} }, scene.Organisation{}, scene.Unknown},
		{"own house", "own", nil, func(c *scene.Capability) { c.OrgName = "甲方" }, scene.Organisation{}, scene.No},
		{"expired", "open", nil, func(c *scene.Capability) { c.State = scene.Expired }, scene.Organisation{}, scene.No},
		{"past validity", "open", nil, func(c *scene.Capability) {
			c.State, c.ValidTo = scene.Published, today().Add(-time.Hour)
		}, scene.Organisation{}, scene.No},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o, c := aNeed("需求", "需求"), anOffer("能力", "能力")
			if tc.need != nil {
				tc.need(o)
			}
			if tc.offer != nil {
				tc.offer(c)
			}
			got, ok := clause(e.Check(e.Need(o, nil), e.Offer(c, &tc.org), SideNeed, today()), tc.clause)
			switch {
			case tc.want == none && ok:
				t.Errorf("a clause %q that nobody stated", tc.clause)
			case tc.want != none && (!ok || got.Truth != tc.want):
				t.Errorf("clause %q is %v (stated: %v), want %v", tc.clause, got.Truth, ok, tc.want)
			}
		})
	}
}

// randomPair draws facts so that each is missing about half of the time.
func randomPair(r *rand.Rand) (*scene.Opportunity, *scene.Capability, *scene.Organisation) {
	o, c := aNeed("需求", "需求"), anOffer("能力", "能力")
	org := &scene.Organisation{Name: "乙方"}
	maybe := func(fn func()) {
		if r.IntN(2) == 0 {
			fn()
		}
	}
	money := func() scene.Money { return scene.Money(1+r.IntN(5)) * 10 * scene.Wan }
	region := func() string { return []string{"320214", "320200", "310100", "320000"}[r.IntN(4)] }
	maybe(func() { o.Budget.Max = money() })
	maybe(func() { o.Budget.Min = 10 * scene.Wan })
	maybe(func() { c.Price.Min = money() })
	maybe(func() { c.Price.Max = c.Price.Min + money() })
	maybe(func() { o.Schedule.Max = float64(1 + r.IntN(6)) })
	maybe(func() { c.Delivery.Min = float64(1 + r.IntN(6)) })
	maybe(func() { o.Require.Qualifications = []string{"high_tech"} })
	maybe(func() {
		c.Qualifications = []scene.Qualification{{Code: []string{"high_tech", "gazelle"}[r.IntN(2)]}}
	})
	maybe(func() { o.Require.Regions = []string{region()} })
	maybe(func() { org.Region = region() })
	maybe(func() { o.Require.MinMaturity = 1 + r.IntN(9) })
	maybe(func() { c.Maturity = scene.Maturity{Min: 1 + r.IntN(5), Max: 5 + r.IntN(5)} })
	maybe(func() { o.Require.Domestic = true })
	maybe(func() { c.Domestic = scene.Truth(r.IntN(3) - 1) })
	maybe(func() { o.Regions = []string{region()} })
	maybe(func() { c.Wants.Regions = []string{region()} })
	maybe(func() { c.Wants.MinBudget = money() })
	return o, c, org
}

// apart reports whether two divisions of randomPair have no place in common;
// wider whether the first is the wider one. A table, so that the test does not
// ask the code it tests.
func apart(a, b string) bool { return (a == "310100") != (b == "310100") }

func wider(a, b string) bool {
	order := map[string]int{"320214": 1, "320200": 2, "320000": 3}
	return order[a] > order[b] && order[b] > 0
}

// broken restates the conditions plainly, apart from the engine's own code.
func broken(o *scene.Opportunity, c *scene.Capability, org *scene.Organisation) []string {
	var list []string
	add := func(name string, is bool) {
		if is {
			list = append(list, name)
		}
	}
	add("budget", o.Budget.Max > 0 && c.Price.Min > o.Budget.Max)
	add("schedule", o.Schedule.Max > 0 && c.Delivery.Min > o.Schedule.Max)
	add("seat", len(o.Require.Regions) > 0 && org.Region != "" && apart(o.Require.Regions[0], org.Region))
	add("region", len(c.Wants.Regions) > 0 && len(o.Regions) > 0 && apart(c.Wants.Regions[0], o.Regions[0]))
	add("maturity", c.Maturity.Known() && c.Maturity.Max < o.Require.MinMaturity)
	add("domestic", o.Require.Domestic && c.Domestic == scene.No)
	add("min_budget", o.Budget.Max > 0 && o.Budget.Max < c.Wants.MinBudget)
	return list
}

// missing names facts that one side asks for and the other does not give, or
// gives too coarsely.
func missing(o *scene.Opportunity, c *scene.Capability, org *scene.Organisation) []string {
	var list []string
	add := func(name string, is bool) {
		if is {
			list = append(list, name)
		}
	}
	add("budget", o.Budget.Max > 0 && !c.Price.Known())
	add("schedule", o.Schedule.Max > 0 && !c.Delivery.Known())
	add("qualification", len(o.Require.Qualifications) > 0 && (len(c.Qualifications) == 0 || c.Qualifications[0].Code != "high_tech"))
	add("seat", len(o.Require.Regions) > 0 && (org.Region == "" || wider(org.Region, o.Require.Regions[0])))
	add("maturity", o.Require.MinMaturity > 0 && !c.Maturity.Known())
	add("domestic", o.Require.Domestic && c.Domestic == scene.Unknown)
	add("region", len(c.Wants.Regions) > 0 && (len(o.Regions) == 0 || wider(o.Regions[0], c.Wants.Regions[0])))
	add("min_budget", c.Wants.MinBudget > 0 && !o.Budget.Known())
	return list
}

// TestEligibilityProperties: a known break always excludes and is told; a
// missing fact never excludes and is always named, with advice.
func TestEligibilityProperties(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		o, c, org := randomPair(r)
		need, offer := e.Need(o, nil), e.Offer(c, org)
		clauses := e.Check(need, offer, SideNeed, today())
		if admits, verdict := e.Admits(need, offer, SideNeed, today()), Verdict(clauses); admits != (verdict != scene.No) {
			t.Fatalf("admitted %v, verdict %s of %+v", admits, verdict, clauses)
		}
		verdict := Verdict(clauses)
		told := e.gaps(clauses, scene.No, locale.Zh)
		for _, name := range broken(o, c, org) {
			if verdict != scene.No || !names(told, name) {
				t.Fatalf("%s is broken, verdict %v, told %v\n%+v\n%+v", name, verdict, told, o, c)
			}
		}
		if len(broken(o, c, org)) == 0 && verdict == scene.No {
			t.Fatalf("excluded without a broken condition: %v", told)
		}
		open := e.gaps(clauses, scene.Unknown, locale.En)
		for _, name := range missing(o, c, org) {
			if !names(open, name) {
				t.Fatalf("%s is missing and not named: %v", name, open)
			}
		}
		for _, g := range append(told, open...) {
			if g.Advice == "" || strings.HasPrefix(g.Advice, "match.") {
				t.Fatalf("clause %s has no advice: %q", g.Clause, g.Advice)
			}
		}
	}
}

func names(gaps []Gap, base string) bool {
	for _, g := range gaps {
		if g.Clause == base || strings.HasPrefix(g.Clause, base+":") {
			return true
		}
	}
	return false
}
