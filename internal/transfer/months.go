package transfer

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"jinghe/internal/scene"
)

// Conversion to months: a month has 30 days, or 21.75 working days (2088 hours
// a year, as in the usual calculation of wages).
const (
	daysPerMonth     = 30.0
	workdaysPerMonth = 21.75
)

const (
	monthsFill = `(?:约|大约|预计|计划|合同|签订|签约|生效|下单|订单|确认|收到|之日起|后|自|起|工期|周期|建设期|交付|供货|完成|实施|上线|左右|为|在|:|。|,)`
	duration   = `([0-9]+(?:\.[0-9]+)?|半|` + hanDigits + `)(?:个)?(工作日|月|年半|年|天|日|周|星期|季度)?`
)

var regexMonths = regexp.MustCompile(`^` + monthsFill + `*(?:(` + eitherOf(moneyMax) + `)|(` + eitherOf(moneyMin) + `))?` + monthsFill + `*` + duration +
	`(?:[-~–—至到]+` + duration + `)?(?:(以内|之内|以下|内)|(以上|\+))?` + monthsFill + `*$`)

// eitherOf makes a pattern of listed words.
func eitherOf(list string) string { return strings.Join(strings.Fields(list), "|") }

// parseMonths reads a whole cell as a duration; unit is that of the head for
// bare numbers in months (1 when it says 月, 1/30 for 天), 0 if it names none,
// which means months. “3个月内” is an upper bound, “6个月” both bounds, 现货
// at most a week.
func parseMonths(cell string, unit float64) (scene.Months, bool) {
	if nothing(cell) {
		return scene.Months{}, true
	}
	s := fold(cell)
	switch s {
	case "现货", "即时", "立即", "即时交付", "立即交付", "现货供应", "即买即用":
		return scene.Months{Max: 0.25}, true
	}
	m := regexMonths.FindStringSubmatch(s)
	if m == nil {
		return scene.Months{}, false
	}
	if m[4] == "" && m[6] != "" {
		m[4] = strings.TrimSuffix(m[6], "半") // 2-3个月
	}
	lo, ok := monthsOf(m[3], m[4], unit)
	if !ok {
		return scene.Months{}, false
	}
	switch {
	case m[5] != "":
		hi, ok := monthsOf(m[5], m[6], unit)
		return scene.Months{Min: min(lo, hi), Max: max(lo, hi)}, ok
	case m[1] != "" || m[7] != "":
		return scene.Months{Max: lo}, true
	case m[2] != "" || m[8] != "":
		return scene.Months{Min: lo}, true
	}
	return scene.Months{Min: lo, Max: lo}, true
}

func monthsOf(number, unit string, bare float64) (float64, bool) {
	v := big.NewRat(1, 2)
	if number != "半" {
		var ok bool
		if v, ok = decimal(number); !ok {
			return 0, false
		}
	}
	n, _ := v.Float64()
	const longest = 1200
	switch unit {
	case "年":
		n *= 12
	case "年半":
		n = n*12 + 6
	case "季度":
		n *= 3
	case "周", "星期":
		n *= 7 / daysPerMonth
	case "天", "日":
		n /= daysPerMonth
	case "工作日":
		n /= workdaysPerMonth
	case "":
		if bare != 0 {
			n *= bare
		}
	}
	return n, n <= longest
}

// headMonths returns the unit of a duration that a head names, in months.
func headMonths(head string) float64 {
	switch h := fold(head); {
	case strings.Contains(h, "工作日"):
		return 1 / workdaysPerMonth
	case strings.Contains(h, "(天"), strings.Contains(h, "(日"):
		return 1 / daysPerMonth
	case strings.Contains(h, "(年"):
		return 12
	}
	return 1
}

// formatMonths writes m in a form that parseMonths reads back.
func formatMonths(m scene.Months) string {
	f := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	switch {
	case m.Min != 0 && m.Min == m.Max:
		return f(m.Min) + "个月"
	case m.Min != 0 && m.Max != 0:
		return f(m.Min) + "-" + f(m.Max) + "个月"
	case m.Max != 0:
		return f(m.Max) + "个月以内"
	case m.Min != 0:
		return f(m.Min) + "个月以上"
	}
	return ""
}
