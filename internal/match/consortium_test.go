package match

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"jinghe/internal/scene"
)

func TestPoints(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text string
		list bool
		want []string
	}{
		"numbered":                  {"需要：1、门禁联网；2、能耗分项计量，误差不超过 2%；3. 访客预约", false, []string{"门禁联网", "能耗分项计量，误差不超过 2%", "访客预约"}},
		"numbers in brackets":       {"(1)车位引导。(2)反向寻车。", false, []string{"车位引导", "反向寻车"}},
		"circled":                   {"①水质监测 ②水泵振动", false, []string{"水质监测", "水泵振动"}},
		"first, second":             {"一是统一身份认证；二是能耗监测。", false, []string{"统一身份认证", "能耗监测"}},
		"decimals are no marks":     {"精度 1.5 毫米，量程 2.5 米", false, nil},
		"a single mark is no list":  {"1、门禁联网", false, nil},
		"enumeration":               {"水质、振动、渗漏和门禁统一接入，可以远程切泵", false, []string{"水质", "振动", "渗漏", "门禁"}},
		"two items are none":        {"水质、振动统一接入", false, nil},
		"prose":                     {"希望建设智慧水务平台，提升管理水平。", false, nil},
		"a list by nature":          {"噪声记录仪、相关分析，开挖排序；与营收系统对账", true, []string{"噪声记录仪", "相关分析", "开挖排序", "与营收系统对账"}},
		"long items are no items":   {"水质、振动、这是一个说了很多很多话而且一直没有停下来的东西", false, []string{"水质", "振动"}},
		"nothing":                   {"", false, nil},
		"only marks":                {"、、、，。1、2、", true, nil},
		"and at the very end":       {"水质、振动、门禁和", false, []string{"水质", "振动", "门禁和"}},
		"as well as":                {"水质、振动、渗漏以及门禁", false, []string{"水质", "振动", "渗漏", "门禁"}},
		"a point ends at its stop":  {"1. 人脸识别。其余见附件 2. 车牌识别", false, []string{"人脸识别", "车牌识别"}},
		"a stop right before words": {"1.人脸识别 2.车牌识别", false, []string{"人脸识别", "车牌识别"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runes := []rune(tc.text)
			var got []string
			for _, s := range points(runes, tc.list) {
				got = append(got, string(runes[s.start:s.end]))
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

func FuzzPoints(f *testing.F) {
	for _, s := range []string{"1、a；2、b", "①②③", "水质、振动和门禁", "一是二是", "1.2.3.4", "（1）（2）"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		runes := []rune(s)
		for _, list := range []bool{false, true} {
			for _, p := range points(runes, list) {
				if p.start < 0 || p.end > len(runes) || p.end-p.start < 2 || p.end-p.start > partRunes {
					t.Fatalf("%q: %+v", s, p)
				}
			}
		}
	})
}

// everyGroup finds the best group by trying all of up to four.
func everyGroup(pool []*provider, budget scene.Money) (best []int, covers int) {
	score := 0.0
	for set := 1; set < 1<<len(pool); set++ {
		if bits.OnesCount(uint(set)) > groupMost {
			continue
		}
		var group []int
		mask, sum, price := uint64(0), 0.0, scene.Money(0)
		for i, p := range pool {
			if set&(1<<i) != 0 {
				group, mask, sum, price = append(group, i), mask|p.mask, sum+p.best.Score.Value, price+p.least
			}
		}
		n := bits.OnesCount64(mask)
		if len(group) > 1 && budget > 0 && price > budget {
			continue
		}
		better := n > covers || n == covers && (len(group) < len(best) || len(group) == len(best) && (sum > score || sum == score && slices.Compare(group, best) < 0))
		if better {
			best, covers, score = group, n, sum
		}
	}
	return best, covers
}

// TestSearchIsExact compares branch and bound with trying every group.
func TestSearchIsExact(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 9))
	sizes := map[int]int{}
	for range 400 {
		clauses := 3 + r.IntN(8)
		pool := make([]*provider, 1+r.IntN(11))
		for i := range pool {
			mask := uint64(0)
			for range 1 + r.IntN(3) {
				mask |= 1 << r.IntN(clauses)
			}
			pool[i] = &provider{mask: mask, best: &Near{Score: Score{Value: float64(len(pool)-i/2) / 32}}}
			if r.IntN(2) == 0 {
				pool[i].least = scene.Money(r.IntN(60)) * scene.Wan
			}
		}
		budget := scene.Money(r.IntN(2)*(60+r.IntN(60))) * scene.Wan
		s := search{pool: pool, budget: budget}
		got := s.run()
		want, covers := everyGroup(pool, budget)
		if !slices.Equal(got, want) || s.covers != covers {
			t.Fatalf("%v covers %d, want %v covering %d", got, s.covers, want, covers)
		}
		sizes[len(got)]++
	}
	for n := 1; n <= groupMost; n++ {
		if sizes[n] == 0 {
			t.Errorf("no group of %d was tried: %v", n, sizes)
		}
	}
}

// park is a need of four parts, a target and a title, and offers that bring some.
func park(t *testing.T, change func(o *scene.Opportunity, cs []*scene.Capability)) (*Engine, []Near) {
	t.Helper()
	e := newTestEngine(t)
	o := aNeed("产业园区综合管理", "园区要把门禁通行、能耗计量、停车引导和消防巡检统一管起来。")
	o.Targets = "能耗计量误差不超过2%"
	o.Require.Qualifications = []string{"cmmi3"}
	o.Require.Consortium = scene.Yes
	o.Budget.Max = 300 * scene.Wan
	texts := [][2]string{
		{"园区门禁通行系统", "门禁通行、访客预约，园区停车引导一体。"},
		{"园区能耗计量平台", "能耗计量误差1.5%，用于产业园区。"},
		{"消防巡检机器人", "园区消防巡检，自动报警。"},
		{"园区门禁一体机", "门禁通行。"},
	}
	var cs []*scene.Capability
	for i, text := range texts {
		c := anOffer(text[0], text[1])
		c.ID, c.Code, c.OrgName = scene.ID(fmt.Sprintf("c%d", i)), fmt.Sprintf("C%d", i), fmt.Sprintf("企业%d", i)
		cs = append(cs, c)
	}
	cs[2].Qualifications = []scene.Qualification{{Code: "cmmi5"}}
	if change != nil {
		change(o, cs)
	}
	stats := NewStatistics()
	var offers []*Profile
	for _, c := range cs {
		p := e.Offer(c, nil)
		offers = append(offers, p)
		stats.Add(p)
	}
	q := e.Query(e.Need(o, nil), Space{Terms: stats})
	var near []Near
	for _, p := range offers {
		near = append(near, Near{Query: q, Offer: p, Score: q.Score(p, nil, today())})
	}
	slices.SortStableFunc(near, func(a, b Near) int {
		if a.Score.Raw > b.Score.Raw {
			return -1
		}
		return 1
	})
	return e, near
}

func TestConsortium(t *testing.T) {
	t.Parallel()
	e, near := park(t, nil)
	g := e.Consortium(near, today(), "zh")
	if g == nil {
		t.Fatal("no group")
	}
	codes := map[string]string{} // what is asked for → who brings it
	for _, c := range g.Clauses {
		if c.Member > 0 {
			codes[c.Want] = c.Offer.Code
			if g.Members[c.Member-1].Offer.Org != c.Offer.Org {
				t.Errorf("%+v is not of member %d", c, c.Member)
			}
		}
		for _, ev := range c.Evidence {
			if ev.Text == "" || ev.Start >= ev.End {
				t.Errorf("evidence %+v", ev)
			}
		}
	}
	want := map[string]string{
		"门禁通行": "C0", "能耗计量": "C1", "停车引导": "C0", "消防巡检": "C2", "能耗计量误差不超过2%": "C1", "〈cmmi3〉": "C2",
	}
	for k, v := range want {
		if codes[k] != v {
			t.Errorf("%s is brought by %q, want %q", k, codes[k], v)
		}
	}
	if len(g.Members) != 3 || g.Covers != len(want) || g.Alone >= g.Covers || len(g.Clauses) != len(want) {
		t.Errorf("%d members bring %d of %d, alone %d: %+v", len(g.Members), g.Covers, len(g.Clauses), g.Alone, codes)
	}
	t.Log(g.Text)
}

func TestNoConsortium(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(o *scene.Opportunity, cs []*scene.Capability){
		"not allowed": func(o *scene.Opportunity, _ []*scene.Capability) { o.Require.Consortium = scene.No },
		"one brings it all": func(_ *scene.Opportunity, cs []*scene.Capability) {
			cs[0].Description += cs[1].Description + cs[2].Description
			cs[0].Qualifications = cs[2].Qualifications
		},
		"one house brings it all": func(_ *scene.Opportunity, cs []*scene.Capability) {
			cs[1].OrgName, cs[2].OrgName = cs[0].OrgName, cs[0].OrgName
		},
		"too little is asked for": func(o *scene.Opportunity, _ []*scene.Capability) { o.Need, o.Targets = "园区管理", "" },
		"too dear together": func(_ *scene.Opportunity, cs []*scene.Capability) {
			for _, c := range cs {
				c.Price.Min = 200 * scene.Wan
			}
		},
		"each is kept out": func(o *scene.Opportunity, cs []*scene.Capability) {
			o.Require.MinMaturity = 8
			for _, c := range cs {
				c.Maturity = scene.Maturity{Min: 4, Max: 5}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, near := park(t, change)
			if g := e.Consortium(near, today(), "en"); g != nil {
				t.Errorf("%+v", g)
			}
		})
	}
}

// TestConsortiumMembersBreakNothing: who is kept out by a condition of its own
// is no member, and a title that one lacks another may hold.
func TestConsortiumMembersBreakNothing(t *testing.T) {
	t.Parallel()
	e, near := park(t, func(o *scene.Opportunity, cs []*scene.Capability) {
		cs[0].Wants.Regions, o.Regions = []string{"310000"}, []string{"320200"}
		cs[1].Qualifications = []scene.Qualification{{Code: "cmmi3", Until: today().AddDate(-1, 0, 0)}}
		o.Require.Consortium = scene.Unknown
	})
	g := e.Consortium(near, today(), "en")
	if g == nil || g.Allowed != scene.Unknown {
		t.Fatalf("%+v", g)
	}
	lacks := false
	for _, m := range g.Members {
		if m.Offer.Code == "C0" {
			t.Error("a member does not serve the place")
		}
		lacks = lacks || m.Offer.Code == "C1"
	}
	if !lacks {
		t.Error("who lacks a title that another holds is left out")
	}
}
