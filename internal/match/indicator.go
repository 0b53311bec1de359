package match

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

const (
	nameRunes    = 14   // a name is looked for in so many code points before the number
	afterRunes   = 6    // and in so many behind it
	sameWords    = 0.5  // overlap of characters from which the words before a quantity agree
	sameName     = 0.75 // and from which whole names do that end differently
	perRunes     = 3    // what a value is per is so many code points at most
	equalWithin  = 0.05 // relative difference up to which stated values agree
	maxTargets   = 40   // indicators kept for a profile
	shownTargets = 4    // open targets told in the gap list
)

// indicators reads the texts that state targets or performance; what the
// listing says of its present situation is none.
func (e *Engine) indicators(p *Profile) []Indicator {
	var list []Indicator
	for _, t := range p.Texts {
		if t.Field == "situation" || t.Field == "resources" || t.Field == "keywords" {
			continue
		}
		for _, i := range ParseIndicators(t.Value) {
			if i.Unit == "元" || i.Name == "" || containsAny(i.Name, "预算", "投资", "经费", "资金", "价") || len(list) >= maxTargets {
				continue // money has a part of its own; a number without a name bounds nothing
			}
			i.Field, i.quantity = t.Field, quantity([]rune(e.lex.Fold(i.Name)))
			list = append(list, i)
		}
	}
	p.figures = len(list)
	if p.Side == SideNeed {
		p.figures = 0
		for _, i := range list {
			if i.Field == "targets" || bounds(i) {
				p.figures++
			}
		}
	}
	return slices.Clip(p.targets(list))
}

// bounds reports whether a number says what has to be reached.
func bounds(i Indicator) bool { return i.Relation != Exactly && i.Relation != About }

// targets drops from a need's text the numbers that only describe: where a
// field of targets states some, those count; else those that bound something.
func (p *Profile) targets(list []Indicator) []Indicator {
	if p.Side == SideOffer {
		return list
	}
	stated := slices.ContainsFunc(list, func(i Indicator) bool { return i.Field == "targets" })
	return slices.DeleteFunc(list, func(i Indicator) bool {
		if stated {
			return i.Field != "targets"
		}
		return !bounds(i)
	})
}

// name is what stands before a number: the last run of letters and characters,
// without the words that only lead over to the number.
func (s *scanner) name(start int) (string, int) {
	end := start
	for end > s.floor && strings.ContainsRune(" \t:：=,", s.text[end-1]) && (s.text[end-1] != ',' || end == 1 || !digit(s.text[end-2])) {
		end--
	}
	from := end
	for from > s.floor && end-from < nameRunes && s.nameRune(from-1) {
		from--
	}
	name := s.text[from:end]
	for i := len(name) - 3; i > 0; i-- { // 粒度的抗冲击韧性: what follows the last 的
		if name[i] == '的' {
			from, name = from+i+1, name[i+1:]
			break
		}
	}
	head, tail := trimName(name)
	if head >= len(name)-tail {
		return "", start
	}
	return string(s.raw[from+head : end-tail]), from + head
}

func (s *scanner) nameRune(at int) bool {
	r := s.text[at]
	switch {
	case unicode.IsLetter(r), r == '/', r == '%', r == '·', r == '℃', r == '°':
		return true
	case r == '(' || r == ')':
		return true
	case digit(r): // PM2.5浓度, but not the end of the number before
		return at > 0 && (latinLetter(s.text[at-1]) || s.text[at-1] == '.' || digit(s.text[at-1])) && s.latinBehind(at)
	case r == '.':
		return at > 0 && at+1 < len(s.text) && digit(s.text[at-1]) && digit(s.text[at+1]) && s.latinBehind(at)
	}
	return false
}

// nameAfter is what a counted or bounded thing without a name before it is
// called behind: 200 路视频, 30 秒内完成识别.
func (s *scanner) nameAfter(end int) string {
	from := s.blanks(end)
	to := from
	for to < len(s.text) && to-from < afterRunes && classOf(s.text[to]) == classHan && s.text[to] != '的' {
		to++
	}
	if to-from < 2 {
		return ""
	}
	return string(s.raw[from:to])
}

// latinBehind reports whether the digits at this position hang on Latin letters.
func (s *scanner) latinBehind(at int) bool {
	for at >= 0 && (digit(s.text[at]) || s.text[at] == '.') {
		at--
	}
	return at >= 0 && latinLetter(s.text[at])
}

// trimName counts the code points to cut from both ends of a name.
func trimName(name []rune) (head, tail int) {
	cut := func(words []string, at func(string) bool) int {
		for _, w := range words {
			if at(w) {
				return len([]rune(w))
			}
		}
		return 0
	}
	for {
		n := cut(leadingWords(), func(w string) bool { return strings.HasPrefix(string(name[head:]), w) })
		if n == 0 {
			break
		}
		head += n
	}
	for head < len(name)-tail {
		n := cut(trailingWords(), func(w string) bool { return strings.HasSuffix(string(name[head:len(name)-tail]), w) })
		if n == 0 {
			break
		}
		tail += n
	}
	return head, tail
}

func leadingWords() []string {
	return []string{
		"要求", "需要", "实现", "其中", "并且", "以及", "同时", "保证", "确保", "使得", "具有", "具备", "支持", "满足", "采用", "可在", "能够",
		"单机", "其", "且", "并且", "和", "与", "及", "将", "的", "或", "当", "时", "(", ")", "/", "%",
	}
}

func trailingWords() []string {
	return []string{
		"应达到", "要达到", "能达到", "可达到", "须达到", "需达到", "应不", "可达", "需要", "要求", "达到", "应当", "控制", "提升至", "提高到", "降低到", "降至", "提升到", "降到", "缩短至", "缩短到", "增加到",
		"必须", "一般", "均为", "应为", "为", "应", "需", "须", "在", "是", "的", "到", "至", "约", "可", "要", "均", "都", "由", "从", "(", "/", "·",
	}
}

// unitInBrackets reads the unit of 屈服强度(MPa) and returns the name without it.
func unitInBrackets(name string) (unit, string, bool) {
	open := strings.IndexAny(name, "(（")
	if open < 0 {
		return unit{}, name, false
	}
	rest := []rune(strings.TrimLeft(name[open:], "(（"))
	u, n, ok := unitAt(rest)
	if !ok || n < len(rest) && rest[n] != ')' && rest[n] != '）' {
		return unit{}, name, false
	}
	return u, name[:open], true
}

// comparison holds a target of a need against what an offer states of it;
// offer is nil where it states nothing of the kind.
type comparison struct {
	need, offer *Indicator
	truth       scene.Truth
}

// compare finds for every target the offer's statement of the same thing: the
// same base unit, and what seems the same quantity, the most alike first.
func compare(need, offer *Profile) []comparison {
	list := make([]comparison, 0, len(need.Indicators))
	for i := range need.Indicators {
		c := comparison{need: &need.Indicators[i]}
		best := 0.0
		for j := range offer.Indicators {
			o := &offer.Indicators[j]
			if o.Unit != c.need.Unit {
				continue
			}
			if a := sameQuantity(c.need.quantity, o.quantity, need, offer); a > best {
				c.offer, best = o, a
			}
		}
		if c.offer != nil {
			c.truth = meets(c.need, c.offer)
		}
		list = append(list, c)
	}
	return list
}

// comparisons holds the targets against the offer's statements; those of an
// offer on another topic are not comparable, however they are called: a rate of
// false alarms of gas is none of burglars. terms is the value of that part.
func (q *Query) comparisons(offer *Profile, terms float64) []comparison {
	least := onTopic
	if common(q.need.Fields, offer.Fields) != "" {
		least /= 2
	}
	if terms < least {
		return compare(q.need, &Profile{})
	}
	return compare(q.need, offer)
}

// onTopic is the value of the part “terms” from which two listings are taken to
// speak of one topic; with a field of use in common half of it is enough. Of the
// sample city's pairs made to fit all pass it.
const onTopic = 0.2

// sameQuantity is how surely two names mean one quantity, 0 where not. The end
// they share is the quantity (误差, 准确率); the words before it say of what. Where
// both say, they have to agree; where one does not, the other listing has to
// speak of it.
func sameQuantity(need, offer []rune, n, o *Profile) float64 {
	k := 0
	for k < min(len(need), len(offer)) && need[len(need)-1-k] == offer[len(offer)-1-k] {
		k++
	}
	a, b := need[:len(need)-k], offer[:len(offer)-k]
	switch {
	case len(need) == 0 || len(offer) == 0:
		return 0
	case k == 0:
		if d := dice(need, offer); d >= sameName {
			return d / 2
		}
		return 0
	case len(a) == 0 && len(b) == 0:
		return 1
	case len(a) == 0 && n.speaksOf(b), len(b) == 0 && o.speaksOf(a):
		return 0.75
	case len(a) > 0 && len(b) > 0:
		if d := dice(a, b); d >= sameWords {
			return d
		}
	}
	return 0
}

// speaksOf reports whether a listing has all words of a name's beginning,
// apart from those that say only that something is measured.
func (p *Profile) speaksOf(words []rune) bool {
	text := string(words)
	for _, verb := range []string{"检测", "识别", "测量", "监测"} {
		text = strings.ReplaceAll(text, verb, "")
	}
	terms, n := appendTerms(nil, []rune(text))
	return !slices.ContainsFunc(terms, func(t term) bool {
		return (n == 1 || t&kindMask != kindChar) && !p.bag.has(t)
	})
}

// dice is twice the share of common characters of two texts, each counted once.
func dice(a, b []rune) float64 {
	common := 0
	var used uint64
	for _, r := range a {
		for j, s := range b[:min(len(b), 64)] {
			if used&(1<<j) == 0 && r == s {
				used |= 1 << j
				common++
				break
			}
		}
	}
	return 2 * float64(common) / float64(len(a)+len(b))
}

// quantity is a folded name without the words at its ends that change nothing
// about what is measured.
func quantity(name []rune) []rune {
	text := string(name)
	for cut := true; cut; {
		cut = false
		for _, w := range []string{"平均", "最大", "最小", "最高", "最低", "系统", "设备", "整体", "总体", "综合", "实测", "实时", "单次", "典型", "额定"} {
			if t := strings.TrimSuffix(strings.TrimPrefix(text, w), w); t != text && t != "" {
				text, cut = t, true
			}
		}
	}
	return []rune(text)
}

// perOf takes 每公里每月 from the end of a name: what its value is per.
func perOf(name string) (string, []string) {
	var per []string
	for {
		at := strings.LastIndex(name, "每")
		if at <= 0 {
			return name, per
		}
		of := name[at+len("每"):]
		if n := len([]rune(of)); n < 1 || n > perRunes {
			return name, per
		}
		name, per = name[:at], append(per, of)
	}
}

// divided is the unit per each of the words, times in seconds.
func (u unit) divided(per []string) unit {
	var others []string
	for _, w := range per {
		switch t, n, ok := units().match([]rune(w)); {
		case ok && t.base == "s" && n == len([]rune(w)):
			u.factor /= t.factor
			u.base += "/s"
		default:
			others = append(others, w)
		}
	}
	slices.Sort(others)
	for _, w := range others {
		u.base += "/" + w
	}
	return u
}

// meets holds a statement against a target. A value without a sign is read by
// what is measured: of a loss less is better, of a strength more.
func meets(need, offer *Indicator) scene.Truth {
	n := need.directed()
	switch n.Relation {
	case AtLeast:
		return both(offer, func(v float64) bool { return v >= n.Low-slack(n.Low) })
	case AtMost:
		return both(offer, func(v float64) bool { return v <= n.High+slack(n.High) })
	case Within:
		size := math.Max(math.Abs(finite(offer.Low)), math.Abs(finite(offer.High)))
		if offer.Relation == AtLeast {
			return scene.Unknown
		}
		return truth(size <= n.High+slack(n.High))
	case Between:
		return covers(n, offer)
	case Negotiable:
		return scene.Unknown
	}
	a, b := middleOf(need), middleOf(offer)
	if math.Abs(a-b) <= equalWithin*math.Max(math.Abs(a), math.Abs(b)) {
		return scene.Yes
	}
	return scene.Unknown
}

// both tests the two ends of a statement; an open end is infinite.
func both(offer *Indicator, ok func(float64) bool) scene.Truth {
	low, high := ok(offer.Low), ok(offer.High)
	switch {
	case low && high:
		return scene.Yes
	case !low && !high:
		return scene.No
	}
	return scene.Unknown
}

func covers(need, offer *Indicator) scene.Truth {
	switch {
	case offer.Low <= need.Low && offer.High >= need.High:
		return scene.Yes
	case offer.Low >= need.Low && offer.High <= need.High && offer.Relation != Between:
		return scene.Yes
	case offer.High < need.Low || offer.Low > need.High:
		return scene.No
	}
	return scene.Unknown
}

// directed gives a bare value the direction of what it measures.
func (i *Indicator) directed() *Indicator {
	if i.Relation != Exactly && i.Relation != About {
		return i
	}
	d := *i
	switch {
	case containsAny(i.Name, "误", "漏", "时延", "延迟", "时间", "耗", "损", "成本", "重量", "噪", "偏差", "误差", "缺陷", "故障率", "不良"):
		d.Relation = AtMost
	case containsAny(i.Name, "率", "强度", "寿命", "容量", "精确", "准确", "速度", "产能", "效率", "韧性", "硬度", "距离", "覆盖", "纯度", "续航"):
		d.Relation = AtLeast
	}
	return &d
}

// slack forgives the rounding of a change of units.
func slack(v float64) float64 { return math.Abs(v) * 1e-9 }

func containsAny(s string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

func finite(v float64) float64 {
	if math.IsInf(v, 0) {
		return 0
	}
	return v
}

func finite2(v, other float64) float64 {
	if math.IsInf(v, 0) {
		return other
	}
	return v
}

func middleOf(i *Indicator) float64 {
	return (finite2(i.Low, i.High) + finite2(i.High, i.Low)) / 2
}

// indicatorValue is the share of the need's targets that the offer states and
// meets; one not stated counts half. No targets, or none stated, is neutral.
func (q *Query) indicatorValue(offer *Profile, terms float64) float64 {
	if len(q.need.Indicators) == 0 || len(offer.Indicators) == 0 {
		return neutral
	}
	sum := 0.0
	for _, c := range q.comparisons(offer, terms) {
		sum += (1 + float64(c.truth)) / 2
	}
	return sum / float64(len(q.need.Indicators))
}

func metIndicators(compared []comparison) int {
	n := 0
	for _, c := range compared {
		if c.truth == scene.Yes {
			n++
		}
	}
	return n
}

func (p *Profile) indicatorEvidence(i *Indicator) Evidence {
	ev := Evidence{Side: string(p.Side), Field: i.Field, Start: i.Start, End: i.End}
	for _, t := range p.Texts {
		if t.Field == i.Field {
			if runes := []rune(t.Value); i.End <= len(runes) {
				ev.Text = string(runes[i.Start:i.End])
			}
		}
	}
	return ev
}

// indicatorGaps tells the targets that the offer misses or does not speak of,
// missed ones first.
func indicatorGaps(compared []comparison, lang locale.Lang) []Gap {
	var missed, open []Gap
	for _, c := range compared {
		g := Gap{Clause: "indicator:" + c.need.Name, Want: c.need.Text}
		if c.offer != nil {
			g.Have = c.offer.Text
		}
		args := map[string]any{"have": g.Have, "want": g.Want}
		switch c.truth {
		case scene.No:
			g.Status, g.Advice = "unmet", locale.Text(lang, "match.advice.indicator.unmet", args)
			missed = append(missed, g)
		case scene.Unknown:
			g.Status, g.Advice = "unknown", locale.Text(lang, "match.advice.indicator.offer", args)
			open = append(open, g)
		}
	}
	all := append(missed, open...)
	return all[:min(len(all), shownTargets)]
}
