package transfer

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"jinghe/internal/scene"
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
	n, ok := scene.HanNumber(s)
	return new(big.Rat).SetInt64(int64(n)), ok
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
