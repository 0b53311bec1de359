package transfer

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"jinghe/internal/scene"
)

// Bounds of the similarity rule; the package comment states it.
const (
	minDice       = 0.6
	minSimilarity = 0.54
	ambiguous     = 0.05 // a second field this near is told
	longestHead   = 40   // in code points; longer cells are data
)

// Column is one column of a sheet and what it was taken for.
type Column struct {
	Index int    `json:"index"` // 0-based
	Head  string `json:"head"`  // as printed, on one line
	// Field is what the column means; "" if no field takes it and its cells go to Extra.
	Field Field `json:"field,omitempty"`
	// Similarity is that of Head to the nearest known head of Field, in [0,1].
	Similarity float64 `json:"similarity"`
	// Rivals are fields that claim the column about equally: a person should decide.
	Rivals []Field `json:"rivals,omitempty"`
}

// foldHead folds a head for comparison: half width, lower case, letters and
// digits only.
func foldHead(head string) string {
	s := strings.ToLower(width.Fold.String(head))
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '#' {
			return r
		}
		return -1
	}, s)
}

// baseHead is foldHead without remarks in brackets and without a number in front: 2.*预算（万元） is 预算.
func baseHead(head string) string {
	s := width.Fold.String(head)
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '(', '[', '【', '〔':
			depth++
		case ')', ']', '】', '〕':
			depth = max(depth-1, 0)
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return strings.TrimLeft(foldHead(b.String()), "0123456789")
}

// tails are words that, at the end of a head, turn its meaning: 联系人职务 is no 联系人.
func tails() []string {
	return []string{"职务", "部门", "编号", "数量", "年份", "人数", "类型", "代码", "等级", "日期", "时间", "状态", "占比", "结果", "意见", "来源", "名称", "电话", "邮箱", "地址", "单位", "金额", "周期", "性质", "性别", "职称", "级别", "年度", "情况", "企业"}
}

// turned reports that head ends in a word which known does not end in.
func turned(head, known string) bool {
	for _, t := range tails() {
		if strings.HasSuffix(head, t) != strings.HasSuffix(known, t) {
			return true
		}
	}
	return false
}

// similarity compares two folded heads that share at least a bigram, by
// containment or by the bigrams they share; see the package comment. shared
// is the number of bigrams they have in common.
func similarity(head, known headText, shared int) float64 {
	if head.text == known.text {
		return 1
	}
	if turned(head.text, known.text) {
		return 0
	}
	ratio := float64(min(head.length, known.length)) / float64(max(head.length, known.length))
	switch {
	case strings.HasSuffix(head.text, known.text), strings.HasSuffix(known.text, head.text):
		return 0.75 + 0.2*ratio
	case strings.Contains(head.text, known.text), strings.Contains(known.text, head.text):
		return 0.55 + 0.2*ratio
	}
	if known.length >= 4 && within(known.text, head.text) {
		return 0.5 + 0.3*ratio
	}
	if d := 2 * float64(shared) / float64(len(head.grams)+len(known.grams)); d >= minDice {
		return 0.9 * d
	}
	return 0
}

// within reports that the characters of known all stand in head, in their order.
func within(known, head string) bool {
	rest := []rune(known)
	for _, r := range head {
		if len(rest) > 0 && rest[0] == r {
			rest = rest[1:]
		}
	}
	return len(rest) == 0
}

// headText is a folded head with its set of bigrams.
type headText struct {
	text   string
	length int // in code points
	grams  []string
}

func newHeadText(folded string) headText {
	r := []rune(folded)
	h := headText{text: folded, length: len(r)}
	for i := 0; i+1 < len(r); i++ {
		if g := string(r[i : i+2]); !slices.Contains(h.grams, g) {
			h.grams = append(h.grams, g)
		}
	}
	return h
}

// claim is a field's similarity to a head.
type claim struct {
	field Field
	sim   float64
}

// claims returns the fields that a head may mean, most similar first.
func (c *catalogue) claims(head string) []claim {
	if utf8.RuneCountInString(head) > longestHead || head == "" {
		return nil
	}
	if out, ok := c.memo[head]; ok {
		return out
	}
	best := map[Field]float64{}
	full, base := foldHead(head), baseHead(head)
	c.score(newHeadText(base), 0, best)
	if full != base {
		c.score(newHeadText(full), 0.01, best)
	}
	out := make([]claim, 0, len(best))
	for f, sim := range best {
		out = append(out, claim{field: f, sim: sim})
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].sim != out[j].sim {
			return out[i].sim > out[j].sim
		}
		return out[i].field < out[j].field
	})
	if len(c.memo) < 10_000 {
		c.memo[head] = out
	}
	return out
}

// score notes the best similarity of each field to a head, less a discount
// where they are not equal.
func (c *catalogue) score(head headText, discount float64, best map[Field]float64) {
	for _, i := range c.exact[head.text] {
		best[c.known[i].field] = 1
	}
	shared := map[int]int{}
	for _, g := range head.grams {
		for _, i := range c.grams[g] {
			shared[i]++
		}
	}
	for i, n := range shared {
		k := &c.known[i]
		if k.equal {
			continue
		}
		if sim := similarity(head, k.headText, n); sim < 1 && sim-discount >= minSimilarity {
			best[k.field] = max(best[k.field], sim-discount)
		}
	}
}

// recognise joins heads to fields: the most similar pairs first, each field
// once unless it takes several columns. mapping holds decisions by folded head.
func (c *catalogue) recognise(heads []string, mapping map[string]Field) []Column {
	type pair struct {
		claim
		col int
	}
	columns := make([]Column, len(heads))
	var pairs []pair
	all := make([][]claim, len(heads))
	for i, h := range heads {
		columns[i] = Column{Index: i, Head: oneLine(h)}
		if f, ok := mapping[foldHead(h)]; ok && h != "" {
			all[i] = []claim{{field: f, sim: 1.01}} // a decision goes before a guess
		} else if ignored(h) {
			all[i] = []claim{{field: Ignore, sim: 1}}
		} else if !strings.HasPrefix(h, extraMark) {
			all[i] = c.claims(h)
		}
		for _, cl := range all[i] {
			pairs = append(pairs, pair{claim: cl, col: i})
		}
	}
	sort.SliceStable(pairs, func(i, j int) bool { return pairs[i].sim > pairs[j].sim })
	taken := map[Field]bool{}
	for _, p := range pairs {
		col := &columns[p.col]
		s := c.at[p.field]
		if col.Field != "" || taken[p.field] && (s == nil || !s.many) && p.field != Ignore {
			continue
		}
		col.Field, col.Similarity = p.field, min(p.sim, 1)
		taken[p.field] = true
	}
	for i := range columns {
		columns[i].Rivals = rivals(all[i], columns[i], taken)
	}
	return columns
}

// rivals are the free fields that come about as near as the one taken.
func rivals(claims []claim, col Column, taken map[Field]bool) []Field {
	if col.Field == "" || col.Similarity >= 0.95 {
		return nil
	}
	var out []Field
	for _, cl := range claims {
		if cl.field != col.Field && !taken[cl.field] && col.Similarity-cl.sim <= ambiguous {
			out = append(out, cl.field)
		}
	}
	return out
}

// weight is how much the recognised columns speak for a kind: the sum of their
// similarities, where the column that names or describes the entry counts thrice.
func weight(columns []Column) float64 {
	sum := 0.0
	for _, c := range columns {
		switch c.Field {
		case "", Ignore:
		case fieldName, fieldAbility:
			sum += 3 * c.Similarity
		default:
			sum += c.Similarity
		}
	}
	return sum
}

// dice is the Dice coefficient of the bigrams of two folded heads, counted as sets.
func dice(a, b string) float64 {
	x, y := newHeadText(a).grams, newHeadText(b).grams
	shared := 0
	for _, g := range x {
		if slices.Contains(y, g) {
			shared++
		}
	}
	return 2 * float64(shared) / float64(max(len(x)+len(y), 1))
}

// usable reports that the columns make a list: something to call an entry by
// or to say what it is, and one more.
func usable(columns []Column) bool {
	known, telling := 0, false
	for _, c := range columns {
		switch c.Field {
		case "", Ignore:
			continue
		case fieldName, fieldAbility, fieldNeed, fieldDescription:
			telling = true
		}
		known++
	}
	return telling && known >= 2
}

// nearest names up to three known heads that come nearest to any of the given
// ones, for a message.
func nearest(cats map[scene.Kind]*catalogue, heads []string) []string {
	type near struct {
		head string
		sim  float64
	}
	var all []near
	for _, kind := range []scene.Kind{demand, supply} {
		for _, s := range cats[kind].specs {
			top := 0.0
			for _, h := range heads {
				if utf8.RuneCountInString(h) <= longestHead {
					top = max(top, dice(baseHead(h), baseHead(s.head)))
				}
			}
			all = append(all, near{head: s.head, sim: top})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].sim > all[j].sim })
	var out []string
	for _, n := range all {
		if n.sim > 0 && len(out) < 3 && !slices.Contains(out, n.head) {
			out = append(out, n.head)
		}
	}
	if len(out) == 0 {
		out = []string{"场景机会名称", "场景能力名称", "单位名称"}
	}
	return out
}
