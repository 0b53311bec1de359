package match

import (
	"math"
	"strconv"
	"strings"
)

// Relation says what a number bounds.
type Relation uint8

// The relations.
const (
	Exactly    Relation = iota // a value stated without a bound
	AtLeast                    // ≥, 不低于, 以上
	AtMost                     // ≤, 不超过, 以内
	Between                    // 2–3, -40℃~85℃
	Within                     // ±0.2: a deviation, the smaller the better
	About                      // 约, 左右
	Negotiable                 // 面议
)

// String returns the sign by which the relation is shown.
func (r Relation) String() string {
	return [...]string{"=", "≥", "≤", "–", "±", "≈", "面议"}[min(r, Negotiable)]
}

// Indicator is a number with its unit and relation, as read from a text.
type Indicator struct {
	Field    string  // of the text
	Name     string  // what is measured, as written before the number; may be empty
	Unit     string  // base symbol, "" for a bare number
	Low      float64 // in base units; −Inf where open
	High     float64 // in base units; +Inf where open
	Relation Relation
	// Start and End bound the number with relation and unit, in code points of the text.
	Start, End int
	Text       string // that passage, with the name before it

	from     bool   // the number is where a change starts from
	quantity []rune // the name, folded, for comparing
}

// maxIndicators bounds what is read from one text.
const maxIndicators = 24

// ParseIndicators reads the numbers with units of a Chinese or English text, in
// order. Bare numbers count only where a relation or a unit in brackets before
// them says what they are: years, list numbers and model names are none.
func ParseIndicators(text string) []Indicator {
	s := scanner{text: narrow(text), raw: []rune(text)}
	var list []Indicator
	for at := 0; at < len(s.text) && len(list) < maxIndicators; {
		if s.word(at, "面议") {
			list = append(list, s.negotiable(at))
			at += 2
			s.floor = at
			continue
		}
		if !starts(s.text[at]) {
			at++
			continue
		}
		ind, end, ok := s.indicator(at)
		if !ok {
			at = max(end, at+1)
			continue
		}
		list = s.keep(list, ind)
		at, s.floor = end, end
	}
	return list
}

// starts reports whether a relation or a number may begin with a code point:
// most do not, and are passed over.
func starts(r rune) bool {
	switch {
	case digit(r), r == '-', r == '+':
		return true
	case r == '半', r == '百', r == '两':
		return true
	}
	return numeral(r) >= 0 || len(relationWords()[r]) > 0
}

// keep appends an indicator, or lets it take the place of the one before where
// that was only where a change starts from: 由 92% 提升至 98%.
func (s *scanner) keep(list []Indicator, ind Indicator) []Indicator {
	if n := len(list) - 1; n >= 0 && list[n].Unit == ind.Unit && list[n].from {
		ind.Name, ind.from = list[n].Name, false
		return append(list[:n], ind)
	}
	return append(list, ind)
}

// narrow replaces full-width signs and letters by half-width ones, one by one,
// and unifies the dashes and waves between two numbers.
func narrow(text string) []rune {
	r := []rune(text)
	for i, c := range r {
		switch {
		case c >= '！' && c <= '～':
			r[i] = c - '！' + '!'
		case c == '\u3000', c == '\u00a0':
			r[i] = ' '
		case c == '−', c == '﹣':
			r[i] = '-'
		case c == '〜', c == '∼':
			r[i] = '~'
		case c == '≧', c == '⩾':
			r[i] = '≥'
		case c == '≦', c == '⩽':
			r[i] = '≤'
		default:
			r[i] = simplified(c)
		}
	}
	return r
}

// simplified maps the traditional characters that relations and units are
// written with.
func simplified(r rune) rune {
	const pairs = "於于達达過过鐘钟億亿萬万餘余個个噸吨時时內内約约兩两幀帧級级條条臺台間间週周須须應应為为"
	if r < 0x4E00 {
		return r
	}
	found := false
	for i, c := range pairs {
		switch {
		case found:
			return c
		case i%6 == 0: // each character takes three bytes: the first of a pair
			found = c == r
		}
	}
	return r
}

type scanner struct {
	text []rune // narrowed
	raw  []rune // as written
	// floor is the end of the indicator before: names do not reach back past it
	floor int
}

func (s *scanner) word(at int, w string) bool {
	for _, c := range w {
		if at >= len(s.text) || s.text[at] != c {
			return false
		}
		at++
	}
	return true
}

func (s *scanner) blanks(at int) int {
	for at < len(s.text) && (s.text[at] == ' ' || s.text[at] == '\t') {
		at++
	}
	return at
}

func (s *scanner) negotiable(at int) Indicator {
	name, from := s.name(at)
	return Indicator{
		Name: name, Unit: "元", Low: math.Inf(-1), High: math.Inf(1), Relation: Negotiable,
		Start: at, End: at + 2, Text: string(s.raw[from : at+2]),
	}
}

// value is a number with its unit.
type value struct {
	number float64
	unit   unit
	known  bool // a unit stands behind the number
	scaled bool // 万 or 亿 stand in the number
	end    int
}

// indicator reads one at a position, where a number or a relation begins.
func (s *scanner) indicator(at int) (Indicator, int, bool) {
	start := at
	rel, at, marked := s.prefix(at)
	if !marked && s.insideWord(at) {
		return Indicator{}, s.skipWord(at), false
	}
	if marked {
		at = s.blanks(at)
		if rel2, next, again := s.prefix(at); again { // 优于 ±0.1, 不低于≥
			at = s.blanks(next)
			if rel2 == Within {
				rel = Within
			}
		}
	}
	first, ok := s.value(at)
	if !ok {
		return Indicator{}, start, false
	}
	ind := Indicator{Start: start, End: first.end, Relation: rel}
	last := first
	if second, ok := s.rangeEnd(first); ok {
		last, ind.Relation, ind.End = second, Between, second.end
		if !first.known {
			first.unit, first.known = second.unit, second.known
			if second.scaled && !first.scaled {
				first.number *= s.scaleOf(second)
			}
		}
	} else if rel == Exactly || rel == About {
		ind.Relation, ind.End = s.suffix(first.end, rel)
	}
	return s.finish(ind, first, last, marked)
}

// finish names the indicator and sets its bounds. A number of which neither a
// unit nor a relation says anything is none.
func (s *scanner) finish(ind Indicator, first, last value, marked bool) (Indicator, int, bool) {
	name, from := s.name(ind.Start)
	u := last.unit
	if !last.known {
		bracketed, stripped, ok := unitInBrackets(name)
		switch {
		case ok:
			u, name = bracketed, stripped
		case name == "", !marked && (ind.Relation == Exactly || ind.Relation == Between && !s.latinAt(ind.End) && !containsAny(name, "值", "系数", "指数", "pH")):
			return Indicator{}, ind.End, false
		default:
			u = s.foreign(&ind)
		}
	} else if _, stripped, ok := unitInBrackets(name); ok {
		name = stripped
	}
	if s.calendar(ind, u, last) {
		return Indicator{}, ind.End, false
	}
	ind.from = ind.Start > 0 && strings.ContainsRune("由从", s.text[ind.Start-1])
	if name == "" {
		name = s.nameAfter(ind.End)
	}
	if u.base != "元" { // money has a part of its own
		var per []string
		name, per = perOf(name)
		u, first.unit = u.divided(per), first.unit.divided(per)
	}
	ind.Name, ind.Unit = name, u.base
	low, high := first.number*u.factor, last.number*u.factor
	if first.known && ind.Relation == Between {
		low = first.number * first.unit.factor
	}
	ind.bound(min(low, high), max(low, high))
	ind.Text = strings.TrimSpace(string(s.raw[from:ind.End]))
	return ind, ind.End, true
}

func (s *scanner) latinAt(at int) bool { return at < len(s.text) && latinLetter(s.text[at]) }

// foreign takes Latin letters behind a number for a unit that the table does
// not know: it compares with itself only.
func (s *scanner) foreign(ind *Indicator) unit {
	end := ind.End
	for end < len(s.text) && end-ind.End < 8 && (latinLetter(s.text[end]) || end > ind.End && strings.ContainsRune("·/", s.text[end])) {
		end++
	}
	u := unit{base: strings.TrimRight(string(s.text[ind.End:end]), "·/"), factor: 1}
	ind.End += len([]rune(u.base))
	return u
}

func (i *Indicator) bound(low, high float64) {
	i.Low, i.High = low, high
	switch i.Relation {
	case AtLeast:
		i.High = math.Inf(1)
	case AtMost:
		i.Low = math.Inf(-1)
	case Within:
		i.Low, i.High = -math.Abs(high), math.Abs(high)
	}
}

// calendar tells dates from durations: 2025年, 3月15日 are none.
func (s *scanner) calendar(ind Indicator, u unit, v value) bool {
	if u.base != "s" || v.number != math.Trunc(v.number) {
		return false
	}
	unitText := strings.TrimSpace(string(s.text[ind.Start:ind.End]))
	switch {
	case strings.HasSuffix(unitText, "年"):
		return v.number >= 1900 && v.number <= 2100
	case strings.HasSuffix(unitText, "月") && !strings.HasSuffix(unitText, "个月"):
		return v.number >= 1 && v.number <= 12
	case strings.HasSuffix(unitText, "日"), strings.HasSuffix(unitText, "号"):
		return ind.Start > 0 && s.text[ind.Start-1] == '月'
	}
	return false
}

// insideWord reports whether a number at this position belongs to a name such
// as 5G, H2O, GB/T 4754 or TRL7 rather than to a quantity.
func (s *scanner) insideWord(at int) bool {
	if at >= len(s.text) || !digit(s.text[at]) {
		return false
	}
	if at > 0 && (latinLetter(s.text[at-1]) || s.text[at-1] == '_') {
		return true
	}
	next := at + 1
	if next >= len(s.text) || s.latinAt(next+1) {
		return false
	}
	switch s.text[next] {
	case 'G':
		return true
	case 'D', 'A': // 3D打印, 4A级
		return next+1 == len(s.text) || classOf(s.text[next+1]) == classHan
	}
	return false
}

func (s *scanner) skipWord(at int) int {
	for at < len(s.text) && (digit(s.text[at]) || latinLetter(s.text[at]) || s.text[at] == '.' || s.text[at] == '-' || s.text[at] == '_') {
		at++
	}
	return at
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

func parseFloat(text string) (float64, bool) {
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
}
