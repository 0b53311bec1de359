package scene

import (
	"strconv"
	"strings"
)

// Money is an exact amount of renminbi in fen (分, 1/100 yuan). People read
// and write it in 万元 (10,000 yuan = 1,000,000 fen).
type Money int64

// Units of Money.
const (
	Yuan Money = 100
	Wan  Money = 10_000 * Yuan // 万元
	Yi   Money = 10_000 * Wan  // 亿元
)

// Wan renders m in 万元 without the unit, exactly and without trailing zeros.
func (m Money) Wan() string {
	sign, v := "", uint64(m)
	if m < 0 {
		sign, v = "-", -v // two's complement: right for the smallest amount too
	}
	s := strconv.FormatUint(v/uint64(Wan), 10)
	if rest := v % uint64(Wan); rest != 0 {
		frac := strconv.FormatUint(rest+uint64(Wan), 10)[1:]
		s += "." + strings.TrimRight(frac, "0")
	}
	return sign + s
}

// MoneyRange is a budget or a price. Zero Min or Max means open on that side;
// both zero means not known, unless Negotiable says 面议.
type MoneyRange struct {
	Min        Money `json:"min,omitempty"`
	Max        Money `json:"max,omitempty"`
	Negotiable bool  `json:"negotiable,omitempty"` // 面议
}

// Known reports whether at least one bound is given.
func (r MoneyRange) Known() bool { return r.Min != 0 || r.Max != 0 }

// Months is a duration range in months; zero on a side means open, both zero not known.
type Months struct {
	Min float64 `json:"min,omitempty"`
	Max float64 `json:"max,omitempty"`
}

// Known reports whether at least one bound is given.
func (m Months) Known() bool { return m.Min != 0 || m.Max != 0 }

// ParseWan reads an amount in 万元, such as “120”, “12.5” or “1,200.05”, exactly
// to the fen. A unit that is written behind it counts (“80万元”, “1.2亿”, “5000元”),
// and a Chinese number is one too (“八十万”, “三百”). It returns an Invalid error with
// key money.format for anything else, a negative amount, or one of 10¹² 万元 and more.
func ParseWan(s string) (Money, error) {
	text, places := cutUnit(strings.ReplaceAll(foldCode(s), ",", ""))
	if n, ok := HanNumber(text); ok {
		text = strconv.Itoa(n)
	}
	whole, fraction, _ := strings.Cut(text, ".")
	bad := &Error{Code: Invalid, Key: "money.format", Args: map[string]any{"value": s}}
	if strings.ContainsAny(s, "-－−–") || whole == "" || len(whole) > 18-places || len(fraction) > places || strings.Trim(whole+fraction, "0123456789") != "" {
		return 0, bad
	}
	fen, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", places-len(fraction)), 10, 64)
	if err != nil {
		return 0, bad
	}
	return Money(fen), nil
}

// cutUnit takes the unit off an amount, and returns how many decimals of it make a fen:
// those of 万元 where none is written.
func cutUnit(text string) (number string, places int) {
	number, yuan := strings.CutSuffix(text, "元")
	for unit, places := range map[string]int{"亿": 10, "万": 6, "w": 6, "W": 6} {
		if rest, cut := strings.CutSuffix(number, unit); cut {
			return rest, places
		}
	}
	if yuan {
		return number, 2
	}
	return number, 6
}
