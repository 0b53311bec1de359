package match

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

func TestBlurs(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	for _, tc := range []struct{ text, key, passage string }{
		{"接入摄像头、雷达等。", "etc", "等"},
		{"具备告警、派单等功能", "etc", "等功能"},
		{"接入摄像头、雷达等4类设备。", "", ""},
		{"市民与企业一律平等。", "", ""},
		{"电梯要等。", "", ""},
		{"提供相关技术支持", "related", "相关技术"},
		{"提供與水質相關的數據", "", ""},
		{"欢迎提供相關服務", "related", "相關服務"},
		{"技术国内领先，价格合适", "grade", "国内领先"},
		{"技术先进，定位误差0.1米", "grade", "先进"},
		{"先进到误差0.1米", "", ""},
		{"面向先进制造园区", "", ""},
		{"大幅提升通行效率", "degree", "大幅提升通行效率"},
		{"通行效率大幅提升20%", "", ""},
		{"全面提升管理水平", "degree", "全面提升管理水平"},
		{"提高监管能力", "degree", "提高监管能力"},
		{"把检出率提高到98%", "", ""},
		{"光强明显示意即可", "", ""},
		{"需要若干套设备", "some", "若干"},
		{"具体可面谈", "some", "可面谈"},
		{"井下积水超过20cm时1分钟内报警", "", ""},
		{"", "", ""},
	} {
		got := e.blurs(e.Need(aNeed("需求", tc.text), nil))
		key, passage := "", ""
		if len(got) > 0 {
			key, passage = got[0].key, got[0].at.Text
		}
		if key != tc.key || passage != tc.passage || len(got) > 1 {
			t.Errorf("%q: %v", tc.text, got)
		}
		for _, b := range got {
			if r := []rune(tc.text); string(r[b.at.Start:b.at.End]) != b.at.Text {
				t.Errorf("%q: passage at %d–%d", tc.text, b.at.Start, b.at.End)
			}
		}
	}
}

func keysOf(c Clarity) []string {
	keys := make([]string, len(c.Advice))
	for i, a := range c.Advice {
		keys[i] = a.Key
	}
	return keys
}

// TestAdvice: what is missing is named, with an example of the field of use, in
// the language asked for, and what helps most comes first.
func TestAdvice(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	o := aNeed("智慧水务", "希望引入先进的相关技术，提升管理水平。")
	o.Fields = []string{"smart_water"}
	c := e.Clarity(e.Need(o, nil), locale.Zh)
	keys := keysOf(c)
	for _, want := range []string{
		"words", "figures", "budget", "place", "situation", "resources", "schedule", "modes",
		"blur.grade", "blur.related", "blur.degree",
	} {
		if !slices.Contains(keys, want) {
			t.Errorf("no word on %s: %v", want, keys)
		}
	}
	if slices.Contains(keys, "field") || keys[0] != "words" || !strings.Contains(c.Advice[0].Advice, "一句话") {
		t.Errorf("%v, first %q", keys, c.Advice[0].Advice)
	}
	if !slices.IsSortedFunc(c.Advice, func(a, b Advice) int {
		switch {
		case a.Gain > b.Gain:
			return -1
		case a.Gain < b.Gain:
			return 1
		}
		return 0
	}) {
		t.Errorf("not by gain: %+v", c.Advice)
	}
	figures := c.Advice[slices.Index(keys, "figures")]
	if figures.Field != "targets" || !strings.Contains(figures.Example, "IP68") {
		t.Errorf("example of another field: %+v", figures)
	}
	full := aNeed("下穿隧道积水监测", "12 处下穿隧道积水靠人工巡查，积水深度超过20cm时1分钟内报警，误报率≤2%，断网时本地声光报警并存储记录，平台对接城管指挥中心。")
	full.Targets, full.Situation, full.Resources = "测量精度±1cm；电池寿命不少于3年", "现状", "开放 3 处隧道"
	full.Budget, full.Schedule, full.Regions = scene.MoneyRange{Max: 80 * scene.Wan}, scene.Months{Max: 4}, []string{"320211"}
	full.Fields, full.Modes = []string{"smart_water"}, []string{"procure"}
	if c := e.Clarity(e.Need(full, nil), locale.Zh); c.Score < 0.999 || len(c.Advice) != 0 || c.Vague {
		t.Errorf("a full need: %+v", c)
	}
	negotiable := aNeed("x", "")
	negotiable.Budget.Negotiable = true
	en := e.Clarity(e.Need(negotiable, nil), locale.En)
	if i := slices.Index(keysOf(en), "budget"); i < 0 || !strings.Contains(en.Advice[i].Advice, "negotiable") {
		t.Errorf("negotiable: %v", en.Advice)
	}
}

// TestEveryAdviceIsWorded in both languages, for both sides.
func TestEveryAdviceIsWorded(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	blurred := "先进的相关技术等。若干。大幅提升效率。"
	for _, p := range []*Profile{
		e.Need(aNeed("", ""), nil), e.Offer(anOffer("", ""), nil), e.Need(aNeed("a", blurred), nil), e.Offer(anOffer("a", blurred), nil),
	} {
		for _, lang := range []locale.Lang{locale.Zh, locale.En} {
			c := e.Clarity(p, lang)
			if len(c.Advice) < 8 {
				t.Errorf("%s: only %v", p.Side, keysOf(c))
			}
			for _, a := range c.Advice {
				if strings.HasPrefix(a.Advice, "match.") || a.Key != "field" && a.Example == "" {
					t.Errorf("%s %s %s: %+v", p.Side, lang, a.Key, a)
				}
				if !locale.Has(locale.En, a.Key) && a.Gain <= 0 {
					t.Errorf("%s gains %v", a.Key, a.Gain)
				}
			}
		}
	}
}

// fact adds one real fact to a need that may already state it.
type fact struct {
	name string
	add  func(*scene.Opportunity)
}

func facts() []fact {
	sentence := func(s *string, text string) {
		if *s != "" {
			*s += "。"
		}
		*s += text
	}
	return []fact{
		{"need", func(o *scene.Opportunity) { sentence(&o.Need, "泵房余氯不足和水泵异响要提前知道") }},
		{"figure", func(o *scene.Opportunity) { sentence(&o.Need, "误报率≤2%") }},
		{"targets", func(o *scene.Opportunity) { sentence(&o.Targets, "余氯测量误差±0.05mg/L") }},
		{"targets2", func(o *scene.Opportunity) { sentence(&o.Targets, "电池寿命不少于3年；防护等级IP68") }},
		{"situation", func(o *scene.Opportunity) { sentence(&o.Situation, "巡检工26人每周跑一趟") }},
		{"resources", func(o *scene.Opportunity) { sentence(&o.Resources, "可给6个片区的管材和抢修记录") }},
		{"works", func(o *scene.Opportunity) {
			sentence(&o.Works, "噪声记录仪、开挖排序、与营收系统对账")
		}},
		{"technology", func(o *scene.Opportunity) { sentence(&o.TechText, "分布式光纤测温") }},
		{"keywords", func(o *scene.Opportunity) { o.Keywords = append(o.Keywords, "漏损控制", "管网") }},
		{"negotiable", func(o *scene.Opportunity) { o.Budget.Negotiable = true }},
		{"budget", func(o *scene.Opportunity) { o.Budget.Max = 300 * scene.Wan }},
		{"schedule", func(o *scene.Opportunity) { o.Schedule.Max = 6 }},
		{"region", func(o *scene.Opportunity) { o.Regions = append(o.Regions, "320211") }},
		{"site", func(o *scene.Opportunity) { o.SiteText = "滨湖区" }},
		{"field", func(o *scene.Opportunity) { o.Fields = append(o.Fields, "smart_water") }},
		{"mode", func(o *scene.Opportunity) { o.Modes = append(o.Modes, "procure") }},
		{"first use", func(o *scene.Opportunity) { o.FirstUse = scene.Yes }},
	}
}

// TestAFactNeverLowersClarity: from whatever is said, in whatever order facts
// come, each of the three scores only rises, and all stay within [0,1].
func TestAFactNeverLowersClarity(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	rng := rand.New(rand.NewPCG(7, 11))
	starts := []string{
		"", "水", "希望引入先进的相关技术等，全面提升管理水平，具体可面谈。", strings.Repeat("提升水平。", 300),
		"屈服强度≥450MPa，伸长率≥18%，厚度≤2mm，重量≤30kg", "😀😀😀", "We need better pipes", strings.Repeat("漏", 2000),
	}
	for range 40 {
		o := aNeed("供水管网", starts[rng.IntN(len(starts))])
		before := e.Clarity(e.Need(o, nil), locale.Zh)
		list := facts()
		for _, i := range rng.Perm(len(list)) {
			list[i].add(o)
			after := e.Clarity(e.Need(o, nil), locale.Zh)
			if after.Score < before.Score || after.Completeness < before.Completeness || after.Plainness < before.Plainness {
				t.Fatalf("%q: %s takes %+v to %+v", o.Need, list[i].name, before, after)
			}
			if after.Vague && !before.Vague {
				t.Fatalf("%q: %s makes it vague", o.Need, list[i].name)
			}
			for _, v := range []float64{after.Score, after.Completeness, after.Plainness} {
				if !(v >= 0 && v <= 1) {
					t.Fatalf("%q: %+v", o.Need, after)
				}
			}
			before = after
		}
	}
}

// TestSlotsWeighOne: the weights of each side sum to 1.
func TestSlotsWeighOne(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	for _, p := range []*Profile{e.Need(aNeed("", ""), nil), e.Offer(anOffer("", ""), nil)} {
		sum := 0.0
		for _, s := range e.slots(p, 0) {
			sum += s.weight
		}
		if sum < 1-1e-9 || sum > 1+1e-9 {
			t.Errorf("%s: %v", p.Side, sum)
		}
	}
}

func FuzzClarity(f *testing.F) {
	for _, s := range []string{"", "先进等。", "相关\xff技术等", "提升😀水平", strings.Repeat("等", 99), "\u3000，等"} {
		f.Add(s)
	}
	e := newTestEngine(f)
	f.Fuzz(func(t *testing.T, text string) {
		c := e.Clarity(e.Need(aNeed("名", text), nil), locale.Zh)
		if !(c.Score >= 0 && c.Score <= 1) {
			t.Errorf("%q: %v", text, c.Score)
		}
		for _, a := range c.Advice {
			if p := a.Passage; p != nil && (p.Start < 0 || p.End > utf8.RuneCountInString(text) || p.Start > p.End) {
				t.Errorf("%q: %+v", text, *p)
			}
		}
	})
}

// BenchmarkClarity judges a page-long need.
func BenchmarkClarity(b *testing.B) {
	e := newTestEngine(b)
	p := e.Need(aNeed("供水管网漏损", strings.Repeat("全网产销差14.6%，其中铸铁管占三成，听漏班16人，平均每处暗漏从出现到开挖38天，希望大幅提升效率。", 20)), nil)
	for b.Loop() {
		e.Clarity(p, locale.Zh)
	}
}
