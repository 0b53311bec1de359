package transfer

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

var (
	scientific = regexp.MustCompile(`^([0-9])(?:\.([0-9]+))?[eE]\+?([0-9]{1,3})$`)
	wholeFloat = regexp.MustCompile(`^([0-9]+)\.0+$`)
)

// maxExact is the number of decimal digits that a spreadsheet's number keeps.
const maxExact = 15

// asText undoes what a spreadsheet does to a code or a telephone number that
// it takes for a number: “1.0” becomes “1”, “1.38E+10” is written out when
// all digits are there. ok is false when digits are lost for good (9.14E+17).
func asText(s string) (text string, ok bool) {
	s = strings.TrimPrefix(clean(s), "'")
	if m := wholeFloat.FindStringSubmatch(s); m != nil {
		return m[1], true
	}
	m := scientific.FindStringSubmatch(fold(s))
	if m == nil {
		return s, true
	}
	exponent, err := strconv.Atoi(m[3])
	if err != nil || len(m[2]) < exponent || exponent >= maxExact {
		return s, false
	}
	whole, rest := m[1]+m[2][:exponent], m[2][exponent:]
	if strings.Trim(rest, "0") != "" {
		return s, false
	}
	return whole, true
}

// hanDigit returns the value of a Chinese digit, ordinary or financial.
func hanDigit(r rune) (int64, bool) {
	switch r {
	case '零', '〇':
		return 0, true
	case '一', '壹':
		return 1, true
	case '二', '两', '贰', '貳':
		return 2, true
	case '三', '叁':
		return 3, true
	case '四', '肆':
		return 4, true
	case '五', '伍':
		return 5, true
	case '六', '陆':
		return 6, true
	case '七', '柒':
		return 7, true
	case '八', '捌':
		return 8, true
	case '九', '玖':
		return 9, true
	}
	return 0, false
}

// hanUnit returns the value of a unit within a Chinese number below 10,000.
func hanUnit(r rune) int64 {
	switch r {
	case '十', '拾':
		return 10
	case '百', '佰':
		return 100
	case '千', '仟':
		return 1000
	}
	return 0
}

// hanNumber reads a Chinese number below 10,000: 三百, 十二, 叁佰伍拾.
func hanNumber(s string) (int64, bool) {
	var sum, digit int64
	some := false
	for _, r := range s {
		if d, ok := hanDigit(r); ok {
			digit, some = d, true
			continue
		}
		unit := hanUnit(r)
		if unit == 0 || sum > 0 && digit == 0 && unit >= 100 {
			return 0, false
		}
		if digit == 0 {
			digit = 1 // 十二 is 一十二
		}
		sum, digit, some = sum+digit*unit, 0, true
	}
	return sum + digit, some && sum+digit < 10_000
}

// decimal reads digits (with an optional exponent of at most two digits) or a
// Chinese number, exactly.
func decimal(s string) (*big.Rat, bool) {
	s = strings.ReplaceAll(s, ",", "")
	if s == "" || len(s) > 40 {
		return nil, false
	}
	if s[0] >= '0' && s[0] <= '9' {
		return new(big.Rat).SetString(s)
	}
	n, ok := hanNumber(s)
	return new(big.Rat).SetInt64(n), ok
}

// year reads a year between 1840 and 2200 out of a cell such as 2015, 2015.0,
// 2015年3月 or 2015-03-01; 0 if there is none.
func year(s string) int {
	m := regexYear.FindString(fold(s))
	n, err := strconv.Atoi(m)
	if err != nil || n < 1840 || n > 2200 {
		return 0
	}
	return n
}

var regexYear = regexp.MustCompile(`^[12][0-9]{3}`)
