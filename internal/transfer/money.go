package transfer

import (
	"math/big"
	"regexp"
	"strings"

	"jinghe/internal/scene"
)

// Words around an amount, after fold, so without blanks. A longer word stands
// before a shorter one that it begins with.
const (
	moneyFill  = "人民币 rmb cny ¥ 约为 大约 大概 约 预计 预估 预算金额 预算 总投资额 总投资 投资额 投资 计划 拟投入 资金 总价 总额 合计 共计 共 金额 价格 报价 单价 含税 左右 上下 不等 为 在 整 : ( ) , 。 ;"
	moneyMax   = "不超过 不高于 不多于 不大于 低于 小于 少于 至多 最高 最多 上限 控制在 ≤ <= <"
	moneyMin   = "不低于 不少于 不小于 至少 最低 高于 大于 超过 起步价 ≥ >= >"
	moneyIn    = "以内 之内 以下 内 封顶"
	moneyUp    = "以上 起步 起 +"
	moneyUnits = "万亿 亿 千万 百万 十万 万 千 百 w k"
	rangeMark  = "- ~ – — 至 到"
	hanDigits  = `[零〇一二两三四五六七八九壹贰貳叁肆伍陆柒捌玖十百千拾佰仟]{1,9}`
)

var (
	regexAmount     = regexp.MustCompile(`^(?:[0-9][0-9,]*(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,2})?|` + hanDigits + `)`)
	regexPer        = regexp.MustCompile(`^(?:/|每|一)[^0-9/]{1,6}$`)
	regexNegotiable = regexp.MustCompile(`(?:价格|具体|双方|可|费用|预算)*(?:面议|另议|面谈|待定|待议|商议|议价|商定|协商(?:确定|决定)?|(?:视|根据|按)[^,，;；]{0,12}(?:确定|而定|情况))`)
)

// moneyNote says what a reader assumed.
type moneyNote string

const (
	moneyPlain   moneyNote = ""
	moneyAssumed moneyNote = "transfer.money_unit"     // no unit in cell or head
	moneyPerUnit moneyNote = "transfer.money_per_unit" // a price per piece or year
	moneySwapped moneyNote = "transfer.money_swapped"  // 100-50万: the larger bound comes first
)

// parseMoney reads a whole cell as a budget or a price. unit is that of the
// column head for numbers without one, 0 if the head has none; then numbers
// below 100,000 are taken for 万元 and others for 元, and the note says so.
// ok is false when any part of the cell was not understood.
//
// An approximate amount (约80万元) is both bounds; “500万元以内” is an upper
// bound; 面议 is Negotiable, alone or beside an amount.
func parseMoney(cell string, unit scene.Money) (r scene.MoneyRange, note moneyNote, ok bool) {
	if nothing(cell) {
		return r, moneyPlain, true
	}
	s := fold(cell)
	if rest := regexNegotiable.ReplaceAllString(s, ""); rest != s {
		r.Negotiable = true
		if s = strings.Trim(rest, "/或,，;；。()及和者"); s == "" {
			return r, moneyPlain, true
		}
	}
	low, high, bound, per, ok := readMoney(s)
	if !ok {
		return scene.MoneyRange{}, moneyPlain, false
	}
	note = low.settle(&high, unit)
	if per {
		note = moneyPerUnit
	}
	lo, ok := low.fen()
	if !ok {
		return scene.MoneyRange{}, moneyPlain, false
	}
	hi, ok := lo, true
	if high.given() {
		hi, ok = high.fen()
	}
	switch {
	case bound < 0:
		r.Max = lo
	case bound > 0:
		r.Min = lo
	default:
		if r.Min, r.Max = min(lo, hi), max(lo, hi); hi < lo && note == moneyPlain {
			note = moneySwapped
		}
	}
	return r, note, ok
}

// readMoney reads [words] amount [to amount] [words]. bound is negative for an
// upper bound and positive for a lower one; per says that it is a price per
// piece or period. ok is false where anything else stands in s.
func readMoney(s string) (low, high sum, bound int, per, ok bool) {
	c := words{s: s}
	c.skip(moneyFill)
	switch {
	case c.take(moneyMax) != "":
		bound = -1
	case c.take(moneyMin) != "":
		bound = 1
	}
	c.skip(moneyFill)
	if low, ok = c.sum(); !ok {
		return low, high, bound, per, false
	}
	if c.take(rangeMark) != "" {
		c.skip(rangeMark)
		c.skip(moneyFill)
		if high, ok = c.sum(); !ok || bound != 0 {
			return low, high, bound, per, false
		}
	}
	bound, per, ok = c.moneyTail(bound, high.given())
	return low, high, bound, per, ok
}

// moneyTail reads the words behind an amount to the end of the text. A range
// has its bounds already.
func (c *words) moneyTail(bound int, closed bool) (_ int, per, ok bool) {
	for c.s != "" {
		switch {
		case c.take(moneyIn) != "" && !closed && bound <= 0:
			bound = -1
		case c.take(moneyUp) != "" && !closed && bound >= 0:
			bound = 1
		case c.take(moneyFill) != "":
		case regexPer.MatchString(c.s):
			return bound, true, true
		default:
			return bound, false, false
		}
	}
	return bound, false, true
}

// words takes known words off the front of a text.
type words struct{ s string }

// take removes the first of the listed words that s begins with, and returns it.
func (c *words) take(list string) string {
	for word := range strings.FieldsSeq(list) {
		if strings.HasPrefix(c.s, word) {
			c.s = c.s[len(word):]
			return word
		}
	}
	return ""
}

// skip removes any number of the listed words.
func (c *words) skip(list string) {
	for c.take(list) != "" {
	}
}

// number removes digits or a Chinese number, and returns it.
func (c *words) number() string {
	n := regexAmount.FindString(c.s)
	c.s = c.s[len(n):]
	return n
}

// sum removes an amount such as 1亿5000万元.
func (c *words) sum() (sum, bool) {
	a := sum{number: c.number()}
	if a.unit = c.take(moneyUnits); a.unit != "" && a.unit != "w" && a.unit != "k" {
		rest := c.s
		if a.number2, a.unit2 = c.number(), c.take("千万 百万 万"); a.number2 == "" || a.unit2 == "" {
			a.number2, a.unit2, c.s = "", "", rest
		}
	}
	a.yuan = c.take("元")
	return a, a.number != ""
}

// sum is one written amount: 1亿 5000万 元.
type sum struct {
	number, unit, number2, unit2, yuan string
	assumed                            scene.Money
}

func (a *sum) given() bool { return a.number != "" }
func (a *sum) bare() bool  { return a.unit == "" && a.yuan == "" }

// settle gives a number without a unit that of the other bound, of the head,
// or a guess by size.
func (a *sum) settle(b *sum, head scene.Money) moneyNote {
	switch {
	case a.bare() && b.given() && !b.bare():
		a.unit, a.yuan = b.unit, b.yuan
		return moneyPlain
	case b.given() && b.bare() && !a.bare():
		b.unit, b.yuan = a.unit, a.yuan
		return moneyPlain
	case !a.bare():
		return moneyPlain
	}
	note := moneyPlain
	if head == 0 {
		head, note = a.guess(), moneyAssumed
	}
	a.assumed, b.assumed = head, head
	return note
}

func (a *sum) guess() scene.Money {
	const limit = 100_000
	if v, ok := decimal(a.number); ok && v.Cmp(big.NewRat(limit, 1)) < 0 {
		return scene.Wan
	}
	return scene.Yuan
}

func (a *sum) fen() (scene.Money, bool) {
	total, ok := amountFen(a.number, moneyUnit(a.unit, a.assumed))
	if !ok || a.number2 == "" {
		return total, ok
	}
	more, ok := amountFen(a.number2, moneyUnit(a.unit2, 0))
	return total + more, ok && total+more >= total
}

func moneyUnit(word string, bare scene.Money) scene.Money {
	switch word {
	case "万亿":
		return 10_000 * scene.Yi
	case "亿":
		return scene.Yi
	case "千万":
		return 1000 * scene.Wan
	case "百万":
		return 100 * scene.Wan
	case "十万":
		return 10 * scene.Wan
	case "万", "w":
		return scene.Wan
	case "千", "k":
		return 1000 * scene.Yuan
	case "百":
		return 100 * scene.Yuan
	}
	if bare != 0 {
		return bare
	}
	return scene.Yuan
}

// amountFen multiplies exactly and rounds to a fen, which undoes what binary
// fractions leave in a cell (0.30000000000000004).
func amountFen(number string, unit scene.Money) (scene.Money, bool) {
	v, ok := decimal(number)
	if !ok {
		return 0, false
	}
	v.Mul(v, new(big.Rat).SetInt64(int64(unit)))
	v.Add(v, big.NewRat(1, 2))
	q := new(big.Int).Quo(v.Num(), v.Denom())
	const limit = 1 << 60
	if !q.IsInt64() || q.Int64() > limit {
		return 0, false
	}
	return scene.Money(q.Int64()), true
}

// headUnit returns the unit of money that a column head names: 预算（万元）.
func headUnit(head string) scene.Money {
	h := fold(head)
	switch {
	case strings.Contains(h, "亿元"):
		return scene.Yi
	case strings.Contains(h, "万元"), strings.Contains(h, "(万)"):
		return scene.Wan
	case strings.Contains(h, "千元"):
		return 1000 * scene.Yuan
	case strings.Contains(h, "(元"), strings.Contains(h, "/元"), strings.HasSuffix(h, "元"), strings.Contains(h, "单位:元"):
		return scene.Yuan
	}
	return 0
}

// withUnit puts the unit behind each amount that formatMoney wrote, for a
// column whose head does not name it.
func withUnit(text string) string {
	for _, tail := range []string{"，面议", "以内", "以上"} {
		if body, ok := strings.CutSuffix(text, tail); ok {
			return withUnit(body) + tail
		}
	}
	return text + "万元"
}

// formatMoney writes r in 万元 without the unit, in a form that parseMoney reads back.
func formatMoney(r scene.MoneyRange) string {
	s := ""
	switch {
	case r.Min != 0 && r.Min == r.Max:
		s = r.Min.Wan()
	case r.Min != 0 && r.Max != 0:
		s = r.Min.Wan() + "-" + r.Max.Wan()
	case r.Max != 0:
		s = r.Max.Wan() + "以内"
	case r.Min != 0:
		s = r.Min.Wan() + "以上"
	}
	if !r.Negotiable {
		return s
	}
	if s == "" {
		return "面议"
	}
	return s + "，面议"
}
