package match

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

// rewriter makes of a listing what the same listing looks like in somebody
// else's list: realistic changes that leave the matter as it is.
type rewriter struct {
	rng         *rand.Rand
	traditional map[rune]rune
}

func newRewriter(t testing.TB, seed uint64) *rewriter {
	t.Helper()
	raw, err := os.ReadFile("../scene/data/traditional.txt")
	if err != nil {
		t.Fatal(err)
	}
	w := &rewriter{rng: rand.New(rand.NewPCG(seed, 5)), traditional: map[rune]rune{}}
	for line := range strings.Lines(string(raw)) {
		if r := []rune(strings.TrimSpace(line)); len(r) == 2 {
			w.traditional[r[1]] = r[0]
		}
	}
	return w
}

// rewriteKinds are the changes, the last one several at once.
func rewriteKinds() []string {
	return []string{"punctuation", "width", "traditional", "order", "numbers", "organisation", "words", "cut", "column", "several"}
}

// text changes one text in a way.
func (w *rewriter) text(kind, s string) string {
	switch kind {
	case "punctuation":
		return strings.NewReplacer("，", ",", "。", ".\n", "；", ";", "、", "/", "（", "(", "）", ")", "：", ":").Replace(s)
	case "width":
		return strings.Map(func(r rune) rune {
			if r > ' ' && r < 0x7f {
				return r - ' ' + 0xff00
			}
			return r
		}, s)
	case "traditional":
		return strings.Map(func(r rune) rune {
			if t, ok := w.traditional[r]; ok {
				return t
			}
			return r
		}, s)
	case "order":
		parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("。；\n", r) })
		w.rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		return strings.Join(parts, "。")
	case "numbers":
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '1' + rune(w.rng.IntN(9))
			}
			return r
		}, s)
	case "organisation":
		return "我单位（梁溪区示范街道办事处）现征集：" + s + "有意者请与我单位联系。"
	case "words":
		return strings.NewReplacer("需要", "要求", "监测", "监控", "平台", "系统", "自动", "自主", "提升", "提高", "目前", "现阶段",
			"识别", "辨识", "报警", "告警", "误差", "偏差", "不少于", "≥", "小于", "低于", "能", "可以", "每天", "每日").Replace(s)
	case "cut":
		r := []rune(s)
		return string(r[:len(r)*7/10])
	}
	return s
}

// opportunity returns the changed copy of a need.
func (w *rewriter) opportunity(kind string, o scene.Opportunity) scene.Opportunity {
	o.ID += "'"
	o.Code, o.OrgName, o.OrgID = "", "梁溪区示范街道办事处", ""
	kinds := []string{kind}
	if kind == "several" {
		kinds = kinds[:0]
		for _, i := range w.rng.Perm(8)[:3] {
			kinds = append(kinds, rewriteKinds()[i])
		}
	}
	for _, k := range kinds {
		if k == "column" { // a list with one column has everything in there, the details left out
			o.Need = strings.Join([]string{o.Situation, o.Need, o.Targets}, "")
			o.Situation, o.Targets, o.Resources, o.Works, o.TechText, o.Keywords = "", "", "", "", "", nil
			continue
		}
		for _, s := range []*string{&o.Need, &o.Situation, &o.Targets, &o.Works, &o.Resources} {
			if *s != "" && (k != "organisation" || s == &o.Need) {
				*s = w.text(k, *s)
			}
		}
		if k == "traditional" || k == "width" || k == "words" {
			o.Name = w.text(k, o.Name)
		}
	}
	return o
}
