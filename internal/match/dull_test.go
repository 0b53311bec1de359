package match

import (
	"strings"
	"testing"

	"jinghe/internal/locale"
)

// Words that stand in any listing, units and quantities are no reasons; what a
// listing is about stays one, also where it is counted or starts with a numeral.
func TestDullWords(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	for _, w := range strings.Fields("宁可 万元 提前 准确率 自动 一次 一名 两周 三分钟 四分 半天 各家 每户 不准 不用 fps 60fps 0.03mm min 毫秒 摄氏度") {
		if !e.dull(w) {
			t.Errorf("%q taken for a subject", w)
		}
	}
	for _, w := range strings.Fields("跌倒 机器人 监测 路口 独居 三维 一体机 5g 3d ip68 nb-iot 通道 架次 万向节 数控 半导体 百合 大模型 4k 点云") {
		if e.dull(w) {
			t.Errorf("%q kept from the reasons", w)
		}
	}
}

// The sentence skips words that name no subject; evidence still shows them, last.
func TestReasonsNameSubjects(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	const text = "宁可误报也要在三分钟内自动提前发现老人跌倒，预算 50 万元"
	need, offer := e.Need(aNeed("看护", text), nil), e.Offer(anOffer("看护", text), nil)
	q := e.Query(need, market(t, e, offer, e.Offer(anOffer("道路养护", "裂缝"), nil)))
	m := q.Explain(offer, q.Score(offer, nil, today()), nil, locale.Zh)
	if !strings.Contains(m.Reason, "“跌倒”") {
		t.Errorf("%q does not name what both are about", m.Reason)
	}
	for _, w := range []string{"宁可", "三分钟", "自动", "提前", "发现", "万元"} {
		if strings.Contains(m.Reason, "“"+w+"”") {
			t.Errorf("%q gives %q as a reason", m.Reason, w)
		}
	}
	dull := false
	for i, ev := range m.Parts[partTerms].Evidence {
		if i%2 == 1 {
			continue // the offer's passage
		}
		if d := e.dull(ev.Text); dull && !d {
			t.Errorf("%q comes after a word that names no subject", ev.Text)
		} else {
			dull = d
		}
	}
	if !dull {
		t.Error("evidence lacks the words that count in the score but name no subject")
	}
}

// Where nothing but such words is shared, the sentence says that little connects the two.
func TestReasonOfDullWordsAlone(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	need, offer := e.Need(aNeed("档案扫描", "自动提前发现"), nil), e.Offer(anOffer("桥梁巡查", "自动提前发现"), nil)
	q := e.Query(need, market(t, e, offer, e.Offer(anOffer("道路养护", "裂缝"), nil)))
	m := q.Explain(offer, q.Score(offer, nil, today()), nil, locale.Zh)
	if strings.Contains(m.Reason, "双方都提到") {
		t.Errorf("%q names words without a subject", m.Reason)
	}
}

// A word and a longer one around it are one thing that both speak of.
func TestReasonsNameAThingOnce(t *testing.T) {
	t.Parallel()
	e := newTestEngine(t)
	need := e.Need(aNeed("老人跌倒报警", "独居老人跌倒监测"), nil)
	offer := e.Offer(anOffer("跌倒监测雷达", "独居老人跌倒后报警"), nil)
	offers := []*Profile{offer} // 监测 is common here, so that the longer word weighs less
	for _, name := range strings.Fields("水质监测 裂缝监测 噪声监测 能耗监测 振动监测 空气监测") {
		offers = append(offers, e.Offer(anOffer(name, name), nil))
	}
	q := e.Query(need, market(t, e, offers...))
	words := q.matched(offer)
	if len(words) < 2 {
		t.Fatalf("%d words shared, want several", len(words))
	}
	for i, a := range words {
		for j, b := range words {
			if i != j && strings.Contains(a.text, b.text) {
				t.Errorf("both %q and %q are named", a.text, b.text)
			}
		}
	}
}
