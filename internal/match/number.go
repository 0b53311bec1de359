package match

import (
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

type relationWord struct {
	text string
	rel  Relation
}

// relationWords are the spellings before a number by their first code point,
// longest first; made once and never written again.
var relationWords = sync.OnceValue(func() map[rune][]relationWord {
	byFirst := map[rune][]relationWord{}
	for _, w := range relationList() {
		first, _ := utf8.DecodeRuneInString(w.text)
		byFirst[first] = append(byFirst[first], w)
	}
	for _, list := range byFirst {
		slices.SortStableFunc(list, func(a, b relationWord) int { return len(b.text) - len(a.text) })
	}
	return byFirst
})

func relationList() []relationWord {
	return slices.Concat(
		spelled(AtLeast, "大于或等于|大于等于|不得低于|不得少于|不得小于|不能低于|不低于|不少于|不小于|不短于|最低为|最高达|至少|最少|最低|大于|高于|超过|超出|多于|长于|达到|超|达|>=|=>|≥|≮|>|at least|more than"),
		spelled(AtMost, "小于或等于|小于等于|不得高于|不得超过|不得大于|不得多于|不能超过|控制在|不高于|不超过|不大于|不多于|不长于|至多|最多|最高|最大|小于|低于|少于|短于|不到|不足|<=|=<|≤|≯|<|at most|up to|less than"),
		spelled(About, "大约|约为|约|≈|近"),
		spelled(Within, "+/-|±"),
		spelled(Exactly, "优于|="),
	)
}

// suffixWords is made once and never written again.
var suffixWords = sync.OnceValue(suffixList)

// suffixList are the spellings behind a number, longer before shorter.
func suffixList() []relationWord {
	return slices.Concat(
		spelled(AtLeast, "及以上|或以上|以上|起步|起"),
		spelled(AtMost, "及以下|或以下|以下|以内|之内|内|封顶"),
		spelled(About, "左右|上下"),
	)
}

func spelled(rel Relation, words string) []relationWord {
	var list []relationWord
	for w := range strings.SplitSeq(words, "|") {
		list = append(list, relationWord{w, rel})
	}
	return list
}

// prefix reads a relation before a number; marked reports whether one stood there.
func (s *scanner) prefix(at int) (rel Relation, next int, marked bool) {
	if at >= len(s.text) || digit(s.text[at]) {
		return Exactly, at, false
	}
	for _, w := range relationWords()[s.text[at]] {
		if !s.word(at, w.text) {
			continue
		}
		next = at + len([]rune(w.text))
		rel = w.rel
		if w.text == "优于" { // better is smaller for a deviation, larger for a share
			rel = AtMost
			if v, ok := s.value(s.blanks(next)); ok && v.known && v.unit.base == "%" {
				rel = AtLeast
			}
		}
		return rel, next, true
	}
	return Exactly, at, false
}

// suffix reads what bounds a number from behind.
func (s *scanner) suffix(at int, rel Relation) (Relation, int) {
	from := s.blanks(at)
	for _, w := range suffixWords() {
		if s.word(from, w.text) {
			return w.rel, from + len([]rune(w.text))
		}
	}
	return rel, at
}

// value reads a number, its multiplier and its unit.
func (s *scanner) value(at int) (value, bool) {
	percent := s.word(at, "百分之")
	number, at, ok := s.number(at)
	if !ok {
		return value{}, false
	}
	v := value{number: number, end: at, unit: unit{factor: 1}}
	at = s.blanks(at)
	if at < len(s.text) && (s.text[at] == '余' || s.text[at] == '多') {
		at++
	}
	if m, ok := multiplier(s.text, at); ok {
		// 万元 is a unit of its own; 10万小时 is a number of hours.
		if u, n, isUnit := unitAt(s.text[at:]); !isUnit || n == 1 || u.base != "元" {
			v.number *= m
			v.scaled = true
			at++
			v.end = at
			at = s.blanks(at)
			if at < len(s.text) && (s.text[at] == '余' || s.text[at] == '多') {
				at++
			}
		}
	}
	if u, n, ok := unitAt(s.text[at:]); ok {
		v.unit, v.known, v.end = u, true, at+n
	} else if percent {
		v.unit, v.known = unit{base: "%", factor: 1}, true
	}
	return v, true
}

func multiplier(text []rune, at int) (float64, bool) {
	if at >= len(text) {
		return 0, false
	}
	switch text[at] {
	case '百':
		return 1e2, true
	case '千':
		if at+1 < len(text) && strings.ContainsRune("瓦米克伏赫帕牛元", text[at+1]) {
			return 0, false
		}
		return 1e3, true
	case '万':
		return 1e4, true
	case '亿':
		return 1e8, true
	}
	return 0, false
}

// scaleOf is the multiplier that a range states once, behind its end: 3-5万.
func (s *scanner) scaleOf(v value) float64 {
	for at := v.end - 1; at >= 0 && at > v.end-8; at-- {
		switch s.text[at] {
		case '千':
			return 1e3
		case '万':
			return 1e4
		case '亿':
			return 1e8
		}
	}
	return 1
}

// number reads a decimal, a power of ten or a Chinese numeral.
func (s *scanner) number(at int) (float64, int, bool) {
	if at >= len(s.text) {
		return 0, at, false
	}
	if v, end, ok := s.chinese(at); ok {
		return v, end, true
	}
	start, sign := at, 1.0
	if s.text[at] == '-' || s.text[at] == '+' {
		if s.text[at] == '-' {
			sign = -1
		}
		at++
	}
	digits, at := s.digits(at)
	if digits == "" {
		return 0, start, false
	}
	v, ok := parseFloat(digits)
	if !ok {
		return 0, start, false
	}
	power, at := s.power(at)
	if digits == "10" && power == 1 && at < len(s.text) && strings.ContainsRune("^⁰¹²³⁴⁵⁶⁷⁸⁹", s.text[at]) {
		if exp, end, ok := s.exponent(at); ok { // 10^7 alone
			v, at = math.Pow(10, exp), end
		}
	}
	v *= sign * power
	return v, at, !math.IsInf(v, 0)
}

// digits reads 1,234.5 as written without its separators.
func (s *scanner) digits(at int) (string, int) {
	var b strings.Builder
	for at < len(s.text) && b.Len() < 32 {
		c := s.text[at]
		switch {
		case digit(c):
			b.WriteRune(c)
		case c == ',' && b.Len() > 0 && s.threeDigits(at+1):
		case c == '.' && b.Len() > 0 && at+1 < len(s.text) && digit(s.text[at+1]) && !strings.Contains(b.String(), "."):
			b.WriteRune(c)
		default:
			return b.String(), at
		}
		at++
	}
	return b.String(), at
}

func (s *scanner) threeDigits(at int) bool {
	if at+3 > len(s.text) {
		return false
	}
	for _, c := range s.text[at : at+3] {
		if !digit(c) {
			return false
		}
	}
	return at+3 == len(s.text) || !digit(s.text[at+3])
}

// power reads ×10^6, ×10⁶, e6.
func (s *scanner) power(at int) (float64, int) {
	from := s.blanks(at)
	if from < len(s.text) && strings.ContainsRune("×x*X", s.text[from]) && s.word(s.blanks(from+1), "10") {
		next := s.blanks(from+1) + 2
		if exp, end, ok := s.exponent(next); ok {
			return math.Pow(10, exp), end
		}
	}
	if at+1 < len(s.text) && (s.text[at] == 'e' || s.text[at] == 'E') {
		if exp, end, ok := s.exponent(at + 1); ok {
			return math.Pow(10, exp), end
		}
	}
	return 1, at
}

func (s *scanner) exponent(at int) (float64, int, bool) {
	if at < len(s.text) && s.text[at] == '^' {
		at++
	}
	sign, v, n := 1.0, 0.0, 0
	for ; at < len(s.text) && n < 3; at++ {
		d := strings.IndexRune("⁰¹²³⁴⁵⁶⁷⁸⁹", s.text[at])
		switch {
		case n == 0 && (s.text[at] == '-' || s.text[at] == '⁻'):
			sign = -1
			continue
		case digit(s.text[at]):
			v = 10*v + float64(s.text[at]-'0')
		case d >= 0:
			v = 10*v + float64(superscript(s.text[at]))
		default:
			return sign * v, at, n > 0
		}
		n++
	}
	return sign * v, at, n > 0
}

func superscript(r rune) int {
	for i, c := range []rune("⁰¹²³⁴⁵⁶⁷⁸⁹") {
		if c == r {
			return i
		}
	}
	return 0
}

// chinese reads 三, 十二, 两百, 百分之九十五 and 半 where a unit follows.
func (s *scanner) chinese(at int) (float64, int, bool) {
	percent := s.word(at, "百分之")
	from := at
	if percent {
		from += 3
		if v, end, ok := s.decimalAt(from); ok {
			return v, end, true
		}
	}
	total, part, n, i := 0.0, 0.0, 0, from
	for ; i < len(s.text) && n < 9; i++ {
		r := s.text[i]
		d := numeral(r)
		switch {
		case d < 0, d >= 10 && (s.endsNumeral(i) || n == 0 && d != 10):
			return s.endChinese(at, from, i, n, total+part, percent)
		case d < 10:
			part = float64(d)
		default:
			total += max(part, 1) * float64(d)
			part = 0
		}
		n++
	}
	return s.endChinese(at, from, i, n, total+part, percent)
}

// numeral is the value of a Chinese digit, 10, 100 or 1000, else −1.
func numeral(r rune) int {
	switch r {
	case '零':
		return 0
	case '一':
		return 1
	case '二', '两':
		return 2
	case '三':
		return 3
	case '四':
		return 4
	case '五':
		return 5
	case '六':
		return 6
	case '七':
		return 7
	case '八':
		return 8
	case '九':
		return 9
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	}
	return -1
}

// endChinese decides on a numeral of n code points that ends before i.
func (s *scanner) endChinese(at, from, i, n int, total float64, percent bool) (float64, int, bool) {
	if n == 0 {
		if from < len(s.text) && s.text[from] == '半' && s.startsUnit(from+1, false) {
			return 0.5, from + 1, true
		}
		return 0, at, false
	}
	if !percent && !s.startsUnit(i, n > 1) {
		return 0, at, false
	}
	return total, i, true
}

// endsNumeral: 千 before 瓦 or 米 belongs to the unit.
func (s *scanner) endsNumeral(at int) bool {
	_, ok := multiplier(s.text, at)
	return s.text[at] == '千' && !ok
}

func (s *scanner) decimalAt(at int) (float64, int, bool) {
	d, end := s.digits(at)
	v, ok := parseFloat(d)
	return v, end, ok
}

// startsUnit reports whether a multiplier or a unit that a numeral may stand
// before begins here: 三个月, 十万小时, but not 一体 or 三种.
// A numeral of two characters or more may also count things: 两百台.
func (s *scanner) startsUnit(at int, long bool) bool {
	if at < len(s.text) && (s.text[at] == '万' || s.text[at] == '亿') {
		return true
	}
	u, n, ok := unitAt(s.text[min(at, len(s.text)):])
	if !ok {
		return false
	}
	if long {
		return true
	}
	switch u.base {
	case "m", "m²", "m³", "kg", "W", "元", "V", "℃", "Wh":
		return true
	case "s":
		text := string(s.text[at : at+n])
		return text != "分" && text != "日" && text != "月" && text != "s"
	}
	return strings.Contains(u.base, "/")
}

// rangeEnd reads the upper end of a range after its lower one.
func (s *scanner) rangeEnd(first value) (value, bool) {
	at := s.blanks(first.end)
	switch {
	case at < len(s.text) && strings.ContainsRune("~-–—至到", s.text[at]):
		at++
		if at < len(s.text) && (s.text[at] == '-' || s.text[at] == '—') && s.text[at-1] == '—' {
			at++
		}
	default:
		return value{}, false
	}
	second, ok := s.value(s.blanks(at))
	if !ok || first.known && second.known && first.unit.base != second.unit.base {
		return value{}, false
	}
	if first.known && !second.known {
		second.unit, second.known = first.unit, true
	}
	return second, true
}
