package transfer

import (
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
)

// terms reads and writes dictionary values in cells. It belongs to one read or write.
type terms struct {
	*scene.Dictionaries                              // nil: nothing is resolved
	byLabel             map[string]map[string]string // dictionary → label → code
	seen                map[string]resolved          // memo, since categories repeat from row to row
}

type resolved struct {
	codes []string
	rest  []string
}

func newTerms(d *scene.Dictionaries) *terms {
	return &terms{Dictionaries: d, byLabel: map[string]map[string]string{}, seen: map[string]resolved{}}
}

// exact returns the code that a piece names as label or as label[code].
func (t *terms) exact(dict, piece string) (string, bool) {
	if strings.HasSuffix(piece, "]") {
		if at := strings.LastIndexByte(piece, '['); at >= 0 {
			return piece[at+1 : len(piece)-1], true
		}
	}
	if t.Dictionaries == nil {
		return "", false
	}
	if t.byLabel[dict] == nil {
		t.byLabel[dict] = map[string]string{}
		d, _ := t.Get(dict)
		for _, term := range d.Terms {
			if _, double := t.byLabel[dict][term.Zh]; !double {
				t.byLabel[dict][term.Zh] = term.Code
			}
		}
	}
	code, ok := t.byLabel[dict][piece]
	return code, ok
}

// find returns the codes of a cell and the pieces that the dictionary does not know.
func (t *terms) find(dict, cell string) (codes, rest []string) {
	key := dict + "\x1f" + cell
	if r, ok := t.seen[key]; ok {
		return slices.Clone(r.codes), r.rest
	}
	if code, ok := t.exact(dict, cell); ok && !strings.ContainsAny(cell, "、\n") {
		codes = []string{code}
	} else {
		codes, rest = t.findPieces(dict, cell)
	}
	if len(t.seen) < 10_000 {
		t.seen[key] = resolved{codes: codes, rest: rest}
	}
	return slices.Clone(codes), rest
}

func (t *terms) findPieces(dict, cell string) (codes, rest []string) {
	for _, piece := range pieces(cell) {
		if code, ok := t.exact(dict, piece); ok {
			codes = append(codes, code)
			continue
		}
		found := t.resolve(dict, piece)
		if len(found) == 0 && !nothing(piece) {
			rest = append(rest, piece)
		}
		codes = append(codes, found...)
	}
	if len(rest) > 0 { // a synonym may itself hold one of the marks that split
		if whole := t.resolve(dict, cell); len(whole) > len(codes) {
			return unique(whole), nil
		}
	}
	return unique(codes), rest
}

func (t *terms) resolve(dict, text string) []string {
	switch {
	case t.Dictionaries == nil:
		return nil
	case dict == scene.DictRegion:
		return t.RegionOf(text)
	}
	return t.Resolve(dict, text)
}

// write joins the labels of codes so that find reads the same codes back.
func (t *terms) write(dict string, codes []string) string {
	if len(codes) == 0 {
		return ""
	}
	labels := make([]string, len(codes))
	for i, code := range codes {
		labels[i] = t.label(dict, code)
		if back, rest := t.find(dict, labels[i]); len(back) != 1 || back[0] != code || len(rest) > 0 ||
			strings.ContainsAny(labels[i], "、，,;；|｜") {
			labels[i] = strings.Join(pieces(labels[i]), "·") + "[" + code + "]"
		}
	}
	return strings.Join(labels, "、")
}

func (t *terms) label(dict, code string) string {
	if t.Dictionaries == nil {
		return ""
	}
	if _, ok := t.Term(dict, code); !ok {
		return ""
	}
	return t.Label(dict, code, "zh")
}

func unique(codes []string) []string {
	var out []string
	for _, c := range codes {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// qualifications reads a cell of titles. Pieces that the dictionary does not
// know are returned as rest.
func (t *terms) qualifications(cell string) (found []scene.Qualification, rest []string) {
	if nothing(cell) {
		return nil, nil
	}
	for _, line := range lines(cell) {
		if q, ok := t.qualificationLine(line); ok {
			found = append(found, q)
			continue
		}
		for _, piece := range pieces(line) {
			codes, unknown := t.find(scene.DictQualification, piece)
			rest = append(rest, unknown...)
			for _, code := range codes {
				found = append(found, scene.Qualification{Code: code, Level: level(piece), Text: piece, Until: until(piece)})
			}
		}
	}
	return uniqueTitles(found), rest
}

func uniqueTitles(all []scene.Qualification) []scene.Qualification {
	var out []scene.Qualification
	for _, q := range all {
		at := slices.IndexFunc(out, func(o scene.Qualification) bool {
			return o.Code == q.Code && (o.Level == q.Level || q.Level == "" || o.Level == "")
		})
		switch {
		case at < 0:
			out = append(out, q)
		case out[at].Level == "" && q.Level != "":
			out[at] = q
		}
	}
	return out
}

// level reads the level of a title from its words.
func level(text string) string {
	switch {
	case strings.Contains(text, "国家"):
		return "national"
	case strings.Contains(text, "省级"), strings.Contains(text, "省专精"), strings.HasPrefix(text, "省"), strings.Contains(text, "自治区级"), strings.Contains(text, "江苏省"):
		return "provincial"
	case strings.Contains(text, "市级"), strings.HasPrefix(text, "市"):
		return "municipal"
	}
	return ""
}

// until reads the end of a title's validity from a bracket behind it: （有效期至2027-12-31）, （2024-2026）.
func until(text string) time.Time {
	text = strings.NewReplacer("（", "(", "）", ")").Replace(text)
	open, end := strings.LastIndexByte(text, '('), strings.LastIndexByte(text, ')')
	if open < 0 || end < open {
		return time.Time{}
	}
	v, ok := parseValidity(strings.TrimPrefix(text[open+1:end], "有效期"), false)
	if !ok || v.months != 0 {
		return time.Time{}
	}
	return v.to
}

const titleMark = " | "

// qualificationLine reads the form that writeQualifications writes:
// label[code] | level | until | text.
func (t *terms) qualificationLine(line string) (scene.Qualification, bool) {
	parts := strings.SplitN(line, "|", 4)
	if len(parts) != 4 {
		return scene.Qualification{}, false
	}
	code, ok := t.exact(scene.DictQualification, strings.TrimSpace(parts[0]))
	if !ok {
		return scene.Qualification{}, false
	}
	q := scene.Qualification{Code: code, Level: levelCode(strings.TrimSpace(parts[1])), Text: strings.TrimSpace(parts[3])}
	if day := strings.TrimSpace(parts[2]); day != "" {
		_, last, ok := parseDay(day, false)
		if !ok {
			return scene.Qualification{}, false
		}
		q.Until = last
	}
	return q, true
}

// writeQualifications writes titles, as plain words where they read back the same.
func (t *terms) writeQualifications(all []scene.Qualification) string {
	if len(all) == 0 {
		return ""
	}
	texts := make([]string, len(all))
	for i, q := range all {
		texts[i] = q.Text
	}
	plain := strings.Join(texts, "、")
	if back, rest := t.qualifications(plain); len(rest) == 0 && slices.EqualFunc(back, all, sameTitle) {
		return plain
	}
	out := make([]string, len(all))
	for i, q := range all {
		label := strings.Join(pieces(t.label(scene.DictQualification, q.Code)), "·") + "[" + q.Code + "]"
		out[i] = strings.Join([]string{label, levelWord(q.Level), formatTo(q.Until), q.Text}, titleMark)
	}
	return strings.Join(out, "\n")
}

func sameTitle(a, b scene.Qualification) bool {
	return a.Code == b.Code && a.Level == b.Level && a.Text == b.Text && a.Until.Equal(b.Until)
}

func levelWord(code string) string {
	switch code {
	case "national":
		return "国家级"
	case "provincial":
		return "省级"
	case "municipal":
		return "市级"
	}
	return code
}

func levelCode(word string) string {
	switch word {
	case "国家级":
		return "national"
	case "省级":
		return "provincial"
	case "市级":
		return "municipal"
	}
	return word
}

// splitName takes titles and former names in brackets off the end of an
// organisation's name: 无锡某某公司（专精特新企业、国高企业）.
func (t *terms) splitName(cell string) (name string, titles []scene.Qualification, rest, aliases []string) {
	name = oneLine(cell)
	for {
		head, inside, ok := cutBracket(name)
		if !ok || head == "" {
			return name, titles, rest, aliases
		}
		if former, ok := formerName(inside); ok {
			aliases, name = append(aliases, former), head
			continue
		}
		found, unknown := t.qualifications(inside)
		if len(found) == 0 {
			return name, titles, rest, aliases
		}
		titles, rest, name = append(found, titles...), append(rest, unknown...), head
	}
}

func formerName(inside string) (string, bool) {
	for _, word := range []string{"原名：", "原名:", "原名", "曾用名：", "曾用名:", "曾用名", "简称：", "简称:", "简称", "原"} {
		if s, ok := strings.CutPrefix(inside, word); ok && len([]rune(s)) >= 2 {
			return s, true
		}
	}
	return "", false
}

// cutBracket splits the last bracket off the end of s.
func cutBracket(s string) (head, inside string, ok bool) {
	for _, pair := range [][2]string{{"（", "）"}, {"(", ")"}, {"【", "】"}, {"[", "]"}, {"（", ")"}, {"(", "）"}} {
		body, closed := strings.CutSuffix(s, pair[1])
		if at := strings.LastIndex(body, pair[0]); closed && at >= 0 {
			return strings.TrimSpace(body[:at]), strings.TrimSpace(body[at+len(pair[0]):]), true
		}
	}
	return s, "", false
}

// ownerKind reads 单位性质.
func ownerKind(cell string) (scene.OwnerKind, bool) {
	s := fold(cell)
	for _, k := range ownerWords() {
		for _, word := range strings.Fields(k.words) {
			if strings.Contains(s, word) {
				return k.kind, true
			}
		}
	}
	return "", nothing(cell)
}

type ownerWord struct {
	kind  scene.OwnerKind
	words string // the first is written
}

// ownerWords is ordered: a more telling word is asked for before a wider one.
func ownerWords() []ownerWord {
	return []ownerWord{
		{scene.PublicSpace, "公共空间运营方 公共空间 公共场所"},
		{scene.Institute, "高校院所 高校 大学 学院 科研院所 研究院 研究所 科研机构 科研单位"},
		{scene.StateOwned, "国有企业 国企 央企 国资 国有 soe"},
		{scene.Government, "政府及事业单位 政府 机关 事业单位 街道 党政 委办局 government"},
		{scene.Private, "民营企业 民营 私营 外资 合资 民企 个体 有限责任 股份 企业 公司 private"},
	}
}

func ownerLabel(kind scene.OwnerKind) string {
	for _, k := range ownerWords() {
		if k.kind == kind {
			return strings.Fields(k.words)[0]
		}
	}
	return string(kind)
}

// owners are the words that [ownerLabel] writes.
func owners() []string {
	var list []string
	for _, k := range ownerWords() {
		list = append(list, strings.Fields(k.words)[0])
	}
	return list
}

// truth reads 是/否 and their like.
func truth(cell string) (scene.Truth, bool) {
	switch fold(cell) {
	case "是", "有", "支持", "可", "可以", "接受", "允许", "欢迎", "满足", "已满足", "符合", "要求", "需要", "yes", "y", "true", "1", "√", "✓":
		return scene.Yes, true
	case "否", "无", "不", "不支持", "不可", "不可以", "不接受", "不允许", "不欢迎", "不满足", "不符合", "不要求", "不需要", "no", "n", "false", "0", "×", "x":
		return scene.No, true
	case "", "不详", "未知", "unknown", "-", "/":
		return scene.Unknown, true
	}
	return scene.Unknown, false
}

func truthWord(v scene.Truth) string {
	switch v {
	case scene.Yes:
		return "是"
	case scene.No:
		return "否"
	}
	return ""
}
