package scene

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Resolve returns the codes that a cell names, in the order of the text and
// without repetition: labels, codes and synonyms, the longest at each place,
// several values in one cell, whatever separates them. What no dictionary
// knows is left out; nothing known, or no such dictionary, gives nil.
// In the dictionary of divisions it is RegionOf.
func (d *Dictionaries) Resolve(name, text string) []string {
	if name == DictRegion {
		return d.RegionOf(text)
	}
	x, ok := d.byName[name]
	if !ok || text == "" {
		return nil
	}
	var codes []string
	for _, f := range x.synonyms().scan(d.fold.cell(text)) {
		for _, h := range f.hints {
			codes = appendNew(codes, x.Terms[h.term].Code)
		}
	}
	return codes
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// Suggest returns the terms that running text hints at, best first, ties in
// the order of the dictionary: a name or synonym counts twice a keyword, and
// each wording counts once. Suggestions are for a person to confirm.
func (d *Dictionaries) Suggest(name, text string) []Scored {
	x, ok := d.byName[name]
	if !ok || text == "" {
		return nil
	}
	folded := d.fold.cell(text)
	type tally struct {
		weight float64
		words  []string
	}
	seen := map[int32]*tally{}
	for _, f := range x.hints().scan(folded) {
		word := string(folded[f.start:f.end])
		for _, h := range f.hints {
			t := seen[h.term]
			if t == nil {
				t = &tally{}
				seen[h.term] = t
			}
			if slices.Contains(t.words, word) {
				continue
			}
			t.words = append(t.words, word)
			t.weight++
			if h.label {
				t.weight++
			}
		}
	}
	var list []Scored
	for i := range x.Terms {
		if t := seen[int32(i)]; t != nil {
			list = append(list, Scored{Code: x.Terms[i].Code, Score: t.weight / (t.weight + 2), Words: t.words})
		}
	}
	slices.SortStableFunc(list, func(a, b Scored) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	return list
}

// Qualifications returns the titles that a cell names, each with its level
// where the words, or else the title, tell it and with its wording. “国家级专精特新
// ‘小巨人’企业（2023年）、省级企业技术中心” gives little_giant, national, and
// tech_centre, provincial. What is denied or only applied for (暂无, 尚未, 拟申报,
// 申报中 …) is left out.
func (d *Dictionaries) Qualifications(text string) []Qualification {
	x, ok := d.byName[DictQualification]
	if !ok {
		return nil
	}
	var list []Qualification
	for part := range strings.FieldsFuncSeq(text, separator) {
		folded := d.fold.cell(part)
		hits := x.synonyms().scan(folded)
		if len(hits) == 0 || denied(string(folded)) {
			continue
		}
		for i, f := range hits {
			from, to := 0, len(folded)
			if i > 0 {
				from = hits[i-1].end
			}
			if i+1 < len(hits) {
				to = f.end // words behind belong to the next title
			}
			t := x.Terms[f.hints[0].term]
			level := levelOf(string(folded[from:f.end]), string(folded[f.end:to]))
			if level == "" {
				level = t.Level
			}
			q := Qualification{Code: t.Code, Level: level, Text: trimTitle(part)}
			if !slices.ContainsFunc(list, func(o Qualification) bool { return o.Code == q.Code && o.Level == q.Level }) {
				list = append(list, q)
			}
		}
	}
	return list
}

// separator reports whether r stands between two values of a cell.
func separator(r rune) bool { return strings.ContainsRune("、，,;；/／|｜\n\r\t", r) }

// trimTitle drops the brackets that a list puts around its titles.
func trimTitle(s string) string {
	s = strings.TrimSpace(s)
	for _, pair := range []string{"()", "（）", "[]", "【】"} {
		open, shut := firstLast(pair)
		if strings.Contains(s, open) != strings.Contains(s, shut) {
			s = strings.TrimSuffix(strings.TrimPrefix(s, open), shut)
		} else if strings.HasPrefix(s, open) && strings.HasSuffix(s, shut) && strings.Count(s, open) == 1 {
			s = s[len(open) : len(s)-len(shut)]
		}
	}
	return strings.TrimSpace(s)
}

func firstLast(pair string) (first, last string) {
	_, n := utf8.DecodeRuneInString(pair)
	return pair[:n], pair[n:]
}

func denied(s string) bool {
	for _, no := range []string{"暂无", "没有", "尚未", "不是", "不具备", "未获", "未取得", "拟申", "申报中", "申请中", "非高新", "非专精", "已过期", "已失效"} {
		if strings.Contains(s, no) {
			return true
		}
	}
	return false
}

// levelOf reads the level from the words before and in a title, else from those behind it.
func levelOf(before, behind string) string {
	if level := lastLevel(before); level != "" {
		return level
	}
	return lastLevel(behind)
}

func lastLevel(s string) string {
	level, at := "", -1
	for _, m := range []struct{ word, level string }{
		{"国家", "national"},
		{"工信部", "national"},
		{"科技部", "national"},
		{"全国", "national"},
		{"省", "provincial"},
		{"自治区", "provincial"},
		{"江苏", "provincial"},
		{"市", "municipal"},
		{"无锡", "municipal"},
		{"区级", "municipal"},
		{"县级", "municipal"},
	} {
		// “上市公司” and “首台套” are no levels; 市 counts as an administrative word only.
		i := strings.LastIndex(s, m.word)
		if m.word == "市" && i > 0 && strings.HasSuffix(s[:i], "上") {
			continue
		}
		if i > at {
			level, at = m.level, i
		}
	}
	return level
}
