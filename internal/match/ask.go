package match

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
)

// ask is one thing that a need asks for and that one provider or another may
// bring: see [Engine.Consortium] for the three kinds.
type ask struct {
	kind   string
	code   string     // of a qualification
	target *Indicator // of an indicator
	words  []needWord // of a part of the text
	text   string     // of a part, folded
	at     Evidence   // where the need says it
}

const (
	askIndicator     = "indicator"
	askQualification = "qualification"
	askPart          = "part"

	maxAsks     = 24  // things asked for that are looked at
	partRunes   = 40  // a part of the text is cut off there
	itemRunes   = 16  // an item of an enumeration is no longer
	itemsLeast  = 3   // fewer items make no enumeration
	partShare   = 0.6 // of the weight of a part's words, from which it is spoken of
	commonShare = 0.05
)

// numbered finds the marks before the points of a numbered list: 1. 2、(3) ④ 一、 二是.
var numbered = regexp.MustCompile(`(?:^|[\s。；;：:])(?:[(（]?[0-9]{1,2}(?:[)）、]|[.．](?:[^0-9]|$))|[①-⑳]|[一二三四五六七八九十]{1,2}[、是]|[(（][一二三四五六七八九十]{1,2}[)）])`)

// asks lists what a need asks for: titles, targets, then parts of its text, at
// most maxAsks.
func (q *Query) asks() []ask {
	var list []ask
	for _, code := range q.need.Require.Qualifications {
		list = append(list, ask{kind: askQualification, code: code})
	}
	for i := range q.need.Indicators {
		t := &q.need.Indicators[i]
		list = append(list, ask{kind: askIndicator, target: t, at: q.need.indicatorEvidence(t)})
	}
	seen := map[string]bool{}
	for _, t := range q.need.Texts {
		var spans []span
		switch t.Field {
		case "need":
			spans = points([]rune(t.Value), false)
		case "works", "technology":
			spans = points([]rune(t.Value), true)
		}
		for _, s := range spans {
			if a, key := q.part(t, s); key != "" && !seen[key] {
				seen[key] = true
				list = append(list, a)
			}
		}
	}
	return list[:min(len(list), maxAsks)]
}

// part makes an ask of a span of a text; key is "" where none of its words
// tells providers apart.
func (q *Query) part(t Text, s span) (a ask, key string) {
	runes := []rune(t.Value)[s.start:s.end]
	a = ask{kind: askPart, text: q.engine.lex.Fold(string(runes)), at: Evidence{Side: string(SideNeed), Field: t.Field, Start: s.start, End: s.end, Text: string(runes)}}
	var names []string
	telling := false
	for _, w := range q.cutText(nil, map[string]bool{}, Text{t.Field, string(runes)}, true) {
		common := 0
		for _, id := range w.terms {
			if id&kindMask != kindChar {
				common = max(common, q.space.Terms.frequency(id))
			}
		}
		telling = telling || float64(common) <= max(commonShare*float64(q.space.Terms.Documents()), 3)
		a.words, names = append(a.words, w), append(names, w.folded)
	}
	if !telling {
		return a, ""
	}
	slices.Sort(names)
	return a, strings.Join(names, " ")
}

// span is a stretch of code points.
type span struct{ start, end int }

// points cuts a text into what it asks for: the points of a numbered list where
// there is one; else, where the text is a list by nature, all between commas and
// stops; else the items of enumerations with 、.
func points(text []rune, list bool) []span {
	if marks := numberMarks(text); len(marks) >= 2 {
		var out []span
		for i, m := range marks {
			end := len(text)
			if i+1 < len(marks) {
				end = marks[i+1].start
			}
			out = appendSpan(out, text, m.end, sentenceEnd(text, m.end, end), partRunes)
		}
		return out
	}
	var out []span
	if list {
		for _, s := range cut(text, span{0, len(text)}, "、，,；;。\n") {
			out = appendSpan(out, text, s.start, s.end, partRunes)
		}
		return out
	}
	for _, clause := range cut(text, span{0, len(text)}, "，,；;。！？：:\n") {
		items := cut(text, clause, "、")
		if n := len(items); n > 1 {
			items = append(items[:n-1], lastTwo(text, items[n-1])...)
		}
		if len(items) < itemsLeast {
			continue
		}
		items[0] = afterLead(text, items[0])
		items[len(items)-1] = beforeTail(text, items[len(items)-1])
		for _, s := range items {
			if s.end-s.start <= itemRunes {
				out = appendSpan(out, text, s.start, s.end, itemRunes)
			}
		}
	}
	return out
}

// numberMarks lists the marks of a numbered list, in code points.
func numberMarks(text []rune) []span {
	s := string(text)
	var out []span
	for _, m := range numbered.FindAllStringIndex(s, -1) {
		start := len([]rune(s[:m[0]]))
		end := start + len([]rune(s[m[0]:m[1]]))
		if last := text[end-1]; last != '.' && last != '．' && end-start > 1 && (text[end-2] == '.' || text[end-2] == '．') {
			end-- // the mark ends with the stop, what follows belongs to the point
		}
		out = append(out, span{start, end})
	}
	return out
}

func sentenceEnd(text []rune, start, end int) int {
	for i := start; i < end; i++ {
		if strings.ContainsRune("。；;\n", text[i]) {
			return i
		}
	}
	return end
}

// cut parts a span at the given marks.
func cut(text []rune, s span, marks string) []span {
	var out []span
	from := s.start
	for i := s.start; i <= s.end; i++ {
		if i == s.end || strings.ContainsRune(marks, text[i]) {
			out, from = append(out, span{from, i}), i+1
		}
	}
	return out
}

// lastTwo parts the end of an enumeration (能耗和门禁) in two.
func lastTwo(text []rune, s span) []span {
	for i := s.start + 1; i < s.end-1; i++ {
		if strings.ContainsRune("和与及", text[i]) {
			from := i
			if text[i] == '及' && text[i-1] == '以' {
				from--
			}
			return []span{{s.start, from}, {i + 1, s.end}}
		}
	}
	return []span{s}
}

// afterLead cuts from the first item what leads to it: 需要把门禁 is about 门禁.
func afterLead(text []rune, s span) span {
	item := string(text[s.start:s.end])
	for _, w := range []string{"包括", "涵盖", "实现", "需要", "需对", "建设", "围绕", "针对", "支持", "完成", "把", "将", "对"} {
		if at := strings.LastIndex(item, w); at >= 0 {
			if rest := len([]rune(item[at+len(w):])); rest >= 2 {
				s.start, item = s.end-rest, item[at+len(w):]
			}
		}
	}
	return s
}

// beforeTail cuts from the last item what is to be done with all of them:
// 视频统一接入 is about 视频.
func beforeTail(text []rune, s span) span {
	item := string(text[s.start:s.end])
	for _, w := range []string{"统一", "集中", "进行", "全部", "纳入", "联动", "一体", "等", "都"} {
		if at := strings.Index(item, w); at >= 0 {
			if rest := len([]rune(item[:at])); rest >= 2 {
				s.end, item = s.start+rest, item[:at]
			}
		}
	}
	return s
}

// appendSpan adds a span without blanks at its ends, cut at a length.
func appendSpan(list []span, text []rune, start, end, limit int) []span {
	blank := func(r rune) bool { return strings.ContainsRune(" \t\r\n　", r) }
	for start < end && blank(text[start]) {
		start++
	}
	end = min(end, start+limit)
	for end > start && blank(text[end-1]) {
		end--
	}
	if end-start < 2 {
		return list
	}
	return append(list, span{start, end})
}

// answer is how an offer answers one thing asked for.
type answer struct {
	ask      int
	have     string
	evidence []Evidence
}

// answers lists what an offer is known to bring of what is asked for: a target
// that a figure of its own meets, a title it holds, a part of the text whose
// words, by weight at least partShare, stand in its texts.
func (q *Query) answers(asks []ask, n *Near, now time.Time) []answer {
	var list []answer
	met := map[*Indicator]*Indicator{}
	for _, c := range q.comparisons(n.Offer, n.Score.values[partTerms]) {
		if c.truth == scene.Yes {
			met[c.need] = c.offer
		}
	}
	c := checks{e: q.engine, need: q.need, offer: n.Offer, now: now}
	var folded []string
	for i, a := range asks {
		switch a.kind {
		case askQualification:
			if c.holds(a.code) == scene.Yes {
				list = append(list, answer{ask: i})
			}
		case askIndicator:
			if o := met[a.target]; o != nil {
				list = append(list, answer{i, o.Text, []Evidence{a.at, n.Offer.indicatorEvidence(o)}})
			}
		default:
			if folded == nil {
				for _, t := range n.Offer.Texts {
					folded = append(folded, q.engine.lex.Fold(t.Value))
				}
			}
			if found := spoken(a, n.Offer, folded); len(found) > 0 {
				list = append(list, answer{i, "", append([]Evidence{a.at}, found...)})
			}
		}
	}
	return list
}

// spoken finds a part in an offer's texts as it is written, or the words of it,
// nil where too few.
func spoken(a ask, offer *Profile, folded []string) []Evidence {
	if at, ok := find(offer.Texts, folded, a.text); ok {
		return []Evidence{at}
	}
	var found []Evidence
	have, all := 0.0, 0.0
	for _, w := range a.words {
		all += w.weight
		if slices.ContainsFunc(w.terms, func(t term) bool { return !offer.bag.has(t) }) {
			continue
		}
		if at, ok := find(offer.Texts, folded, w.folded); ok {
			have, found = have+w.weight, append(found, at)
		}
	}
	if have < partShare*all {
		return nil
	}
	return found
}
