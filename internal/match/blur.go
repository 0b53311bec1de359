package match

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// A blur is a passage that sounds like a statement and holds nobody to anything:
// “等” without a class of things, “相关” without an object, “先进” without a
// level, “大幅提升” without a figure, “若干” without a number.
type blur struct {
	key string // "etc", "related", "grade", "degree", "some"
	at  Evidence
}

// maxBlurs bounds how many blurred passages of a listing are counted.
const maxBlurs = 12

// blurRule is a sort of blurred passage, read on folded text: where one of the
// words starts, the pattern has to match.
type blurRule struct {
	key     string
	starts  []string // the longer ones first
	pattern *regexp.Regexp
	// figure says that a number in the same clause makes the passage plain.
	figure bool
	// before are ends of the text before a match, word beginnings of the match
	// with what follows, that make it an ordinary word.
	before, word []string
}

var (
	blurEtc     = regexp.MustCompile(`^等+(?:方面|内容|问题|情况|工作|需求|功能|领域|环节|技术手段|技术|服务|产品|手段)?[ \t]*(?:[。；;,，)）\n]|$)`)
	blurRelated = regexp.MustCompile(`^相关(?:的)?(?:技术|产品|设备|服务|方案|解决方案|企业|单位|需求|工作|领域|内容|系统|平台|资源|功能|问题|要求|经验|机构|应用)`)
	blurDegree  = regexp.MustCompile(`^(?:大幅|显著|明显|有效|进一步|切实|全面|不断|更加|充分)(?:地|度)?(?:提升|提高|改善|优化|增强|加强|降低|减少|缩短|加快|推进|提速|发挥|利用)[^,，。；;！!？?\n]{0,8}|^(?:尽可能|尽量)[^,，。；;！!？?\n]{1,6}|^(?:提升|提高|增强|加强|改善|优化)[^,，。；;！!？?\n]{0,10}(?:水平|效率|能力|质量|体验|效能|效益)`)
	blurSome    = regexp.MustCompile(`^一定的?(?:规模|数量|程度|条件|基础)`)
)

// blurRules are made once and never written again.
var blurRules = sync.OnceValue(func() []blurRule {
	return []blurRule{
		{key: "etc", starts: []string{"等"}, pattern: blurEtc, before: strings.Fields("平 对 均 优 中 高 相 同 不 上 初 要 和 干 久 再 稍 队 多 等")},
		{key: "related", starts: []string{"相关"}, pattern: blurRelated},
		{
			key:    "grade",
			starts: strings.Fields("国际先进 国内先进 国际领先 国内领先 业界领先 行业领先 最新技术 功能强大 应用广泛 全套服务 高品质 高水平 一站式 全方位 一流 先进 领先 前沿 高端 优质 赋能 标杆"),
			figure: true,
			word:   strings.Fields("先进制造 先进材料 先进封装 先进制程 先进节点 高端装备 高端制造 高端纺织 一流程"),
		},
		{key: "degree", starts: strings.Fields("进一步 尽可能 大幅 显著 明显 有效 切实 全面 不断 更加 充分 尽量 提升 提高 增强 加强 改善 优化"), pattern: blurDegree, figure: true},
		{key: "some", starts: strings.Fields("方向不限 形式不限 方向待定 一系列 多方面 可面谈 若干 适量 适当 各类 各种 某些 之类 面谈")},
		{key: "some", starts: []string{"一定"}, pattern: blurSome},
	}
})

// blurs lists the blurred passages of a listing's body, each stretch of text
// once, and no more than maxBlurs.
func (e *Engine) blurs(p *Profile) []blur {
	var list []blur
	for _, t := range p.Texts[1:] {
		if t.Field == "keywords" || len(list) >= maxBlurs {
			continue
		}
		runes := []rune(t.Value)
		runes = runes[:min(len(runes), maxBody)]
		folded := e.lex.Fold(string(runes))
		for _, s := range blurredIn(folded) {
			start := utf8.RuneCountInString(folded[:s.from])
			n := utf8.RuneCountInString(strings.TrimRight(folded[s.from:s.to], "。；;,，)） \t\n"))
			list = append(list, blur{s.key, Evidence{
				Side: string(p.Side), Field: t.Field, Start: start, End: start + n, Text: string(runes[start : start+n]),
			}})
		}
	}
	return list[:min(len(list), maxBlurs)]
}

// blurredText is a passage of folded text, in bytes.
type blurredText struct {
	key      string
	from, to int
}

// blurStart is a word with which a passage of a rule starts.
type blurStart struct {
	word string
	rule *blurRule
}

// blurStarts are the words by their first character, in the order of the rules;
// made once and never written again.
var blurStarts = sync.OnceValue(func() map[rune][]blurStart {
	byFirst := map[rune][]blurStart{}
	for i := range blurRules() {
		rule := &blurRules()[i]
		for _, word := range rule.starts {
			first, _ := utf8.DecodeRuneInString(word)
			byFirst[first] = append(byFirst[first], blurStart{word, rule})
		}
	}
	return byFirst
})

// blurredIn lists the blurred passages of a folded text, in order, none within another.
func blurredIn(text string) []blurredText {
	var found []blurredText
	starts, from := blurStarts(), 0
	for at, r := range text {
		if at < from || r < 0x80 || len(found) >= maxBlurs {
			continue
		}
		for _, s := range starts[r] {
			if !strings.HasPrefix(text[at:], s.word) {
				continue
			}
			if end, ok := s.rule.match(text, at, at+len(s.word)); ok {
				found = append(found, blurredText{s.rule.key, at, end})
				from = end
				break
			}
		}
	}
	return found
}

// match reports whether a passage that starts with one of the words at a place
// is blurred, and where it ends.
func (r *blurRule) match(text string, at, end int) (int, bool) {
	if r.pattern != nil {
		m := r.pattern.FindStringIndex(text[at:])
		if m == nil {
			return 0, false
		}
		end = at + m[1]
	}
	return end, r.blurred(text, at, end)
}

// clauseMarks part a text into clauses.
const clauseMarks = ",，。；;！!？?\n"

// blurred reports whether a match of the rule is one in its surroundings.
func (r *blurRule) blurred(text string, start, end int) bool {
	for _, b := range r.before {
		if strings.HasSuffix(text[:start], b) {
			return false
		}
	}
	for _, w := range r.word {
		if strings.HasPrefix(text[start:], w) {
			return false
		}
	}
	from := strings.LastIndexAny(text[:start], clauseMarks)
	clause := text[from+1 : end]
	if to := strings.IndexAny(text[end:], clauseMarks); to >= 0 {
		clause += text[end : end+to]
	} else {
		clause += text[end:]
	}
	if r.key == "related" && strings.ContainsAny(text[from+1:start], "与和跟同") {
		return false // 与水质相关的数据 has its object
	}
	return !r.figure || !strings.ContainsAny(clause, "0123456789") && !strings.Contains(clause, "百分之")
}
