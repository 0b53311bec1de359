package match

import (
	"strings"
	"testing"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

func TestVagueNeeds(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	for _, tc := range []struct {
		name, text string
		vague      bool
	}{
		{"服务机器人", "希望使用服务机器人。", true},
		{"智慧水务建设", "需要提升智能化水平，欢迎提供解决方案。", true},
		{"园区升级", strings.Repeat("希望升级，", 60), false}, // too long to judge by known words
		{"下穿隧道积水监测", "积水深度超过20cm时1分钟内报警，电池寿命不少于3年，误报率≤2%，测量精度±1cm，防护等级IP68，支持断电续传。", false},
		{"", "", true},
	} {
		p := e.Need(aNeed(tc.name, tc.text), nil)
		if p.vague() != tc.vague {
			t.Errorf("%s: vague %v, said %d", tc.name, p.vague(), p.said)
		}
	}
	if e.Offer(anOffer("平台", ""), nil).vague() {
		t.Error("an offer is called vague")
	}
}

// TestVagueNeedPromisesLittle: the same title scores low where the need says
// nothing else, and the sentence says why.
func TestVagueNeedPromisesLittle(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	offer := e.Offer(anOffer("方言陪伴机器人", "会讲方言，提醒吃药。"), nil)
	space := market(t, e, offer, e.Offer(anOffer("积水监测终端", "液位传感器"), nil))
	vague := e.Query(e.Need(aNeed("服务机器人", "希望使用服务机器人。"), nil), space)
	full := e.Query(e.Need(aNeed("方言陪伴机器人", "会讲方言，提醒独居老人吃药、量血压、锻炼，连续两天不应答时通知社工和家属。"), nil), space)
	a, b := vague.Score(offer, nil, today()), full.Score(offer, nil, today())
	if a.Value >= 0.3 || b.Value <= 2*a.Value {
		t.Errorf("vague %v, full %v", a.Value, b.Value)
	}
	for lang, want := range map[locale.Lang]string{locale.Zh: "需求较笼统", locale.En: "stated broadly"} {
		if r := vague.Explain(offer, a, nil, lang).Reason; !strings.Contains(r, want) {
			t.Errorf("%q lacks %q", r, want)
		}
		if r := full.Explain(offer, b, nil, lang).Reason; strings.Contains(r, want) {
			t.Errorf("%q says %q", r, want)
		}
	}
}

// TestThingWantedStandsLast: what is called a robot comes before what is for robots.
func TestThingWantedStandsLast(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	robot, bench := e.Offer(anOffer("方言陪伴机器人", ""), nil), e.Offer(anOffer("机器人虚实实训台", ""), nil)
	space := market(t, e, robot, bench, e.Offer(anOffer("积水监测终端", ""), nil))
	q := e.Query(e.Need(aNeed("服务机器人", "希望使用服务机器人。"), nil), space)
	if q.thing != "机器人" {
		t.Fatalf("thing %q", q.thing)
	}
	if a, b := q.Score(robot, nil, today()).Raw, q.Score(bench, nil, today()).Raw; a <= b {
		t.Errorf("robot %v, bench %v", a, b)
	}
	for title, thing := range map[string]string{"无人机应用": "", "安防系统升级": "", "巡检无人机": "无人机", "无人机巡检积水液位传感器": ""} {
		got := e.thingOf(e.Need(aNeed(title, "希望使用。"), nil))
		if (got == "") != (thing == "") || !strings.HasSuffix(got, thing) {
			t.Errorf("%s wants %q, not %q", title, thing, got)
		}
	}
}

// TestReasonTellsWhatIsKnown: an unmet target is said to be unmet, a price of a
// piece is not praised, figures of another topic are not counted.
func TestReasonTellsWhatIsKnown(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	o := aNeed("下穿隧道积水监测预警", "下穿隧道积水监测预警，液位测量误差≤1cm，电池寿命不少于3年。")
	o.Budget.Max = 80 * scene.Wan
	c := anOffer("下穿隧道积水监测预警终端", "下穿隧道积水监测预警，液位测量误差3cm，电池寿命5年。")
	c.Price.Max = 3 * scene.Wan
	need, offer := e.Need(o, nil), e.Offer(c, nil)
	other := e.Offer(anOffer("养老陪护", "电池寿命5年"), nil)
	q := e.Query(need, market(t, e, offer, other))
	m := q.Explain(offer, q.Score(offer, nil, today()), e.Check(need, offer, SideNeed, today()), locale.Zh)
	for _, want := range []string{"1 项技术指标达到要求", "未达到：液位测量误差", "待确认：报价口径"} {
		if !strings.Contains(m.Reason, want) {
			t.Errorf("%q lacks %q", m.Reason, want)
		}
	}
	if strings.Contains(m.Reason, "预算之内") {
		t.Errorf("%q praises the price of a piece", m.Reason)
	}
	far := q.Explain(other, q.Score(other, nil, today()), nil, locale.Zh)
	if strings.Contains(far.Reason, "达到要求") || len(far.Parts[partIndicators].Evidence) > 0 {
		t.Errorf("figures of another topic count: %q", far.Reason)
	}
}
