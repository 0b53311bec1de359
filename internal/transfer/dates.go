package transfer

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/scene"
)

const (
	dateFull    = `([12][0-9]{3})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?(?:t?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,9})?)?)?`
	dateMonth   = `([12][0-9]{3})[-/.年]([0-9]{1,2})月?`
	dateCompact = `([12][0-9]{3})([01][0-9])([0-3][0-9])`
	dateYear    = `([12][0-9]{3})年?`
	dateWords   = `(?:自|从|有效期|截至|截止|至|到|日期|时间|为|:)*`
	dateTail    = `(?:为止|截止|止|之前|以前|前|底|末|起|有效|\(含\))*`
)

var (
	regexDates = []*regexp.Regexp{
		regexp.MustCompile(`^` + dateFull), regexp.MustCompile(`^` + dateCompact),
		regexp.MustCompile(`^` + dateMonth), regexp.MustCompile(`^` + dateYear),
	}
	regexDateWords = regexp.MustCompile(`^` + dateWords)
	regexDateTail  = regexp.MustCompile(`^` + dateTail + `$`)
	regexDateTo    = regexp.MustCompile(`^(?:起|开始)?[-~–—至到]+`)
	regexClock     = regexp.MustCompile(`([0-9])\s+([0-9]{1,2}:[0-9]{2})`)
	regexSerial    = regexp.MustCompile(`^[2-9][0-9]{4}(?:\.[0-9]+)?$`)
	regexSince     = regexp.MustCompile(`^(?:自|从)?(?:发布|公布|签订|登记|审核通过)?(?:之日|日)?(?:起)?|有效$`)
)

// validity is what a cell of dates says. A zero side was not named.
type validity struct {
	from, to time.Time
	// months is a duration counted from a day that the cell does not name.
	months float64
}

// parseValidity reads a whole cell as a date, a range of dates, a duration or
// 长期有效 (open: everything zero). A single date is put in to; day, month and
// year alone mean their last second there and their first second in from. A
// number between 20,000 and 99,999 is a spreadsheet's day count; date1904
// says that it starts in 1904.
func parseValidity(cell string, date1904 bool) (validity, bool) {
	if nothing(cell) {
		return validity{}, true
	}
	s := fold(regexClock.ReplaceAllString(clean(cell), "${1}t$2"))
	switch strings.TrimPrefix(s, "有效期:") {
	case "长期", "长期有效", "永久", "永久有效", "无期限", "不限", "长期征集":
		return validity{}, true
	}
	if regexSerial.MatchString(s) {
		v, err := strconv.ParseFloat(s, 64)
		from, to := serial(v, date1904)
		return validity{from: from, to: to}, err == nil
	}
	if m, ok := parseMonths(regexSince.ReplaceAllString(s, ""), 0); ok && m.Max > 0 && strings.ContainsAny(s, "年月天日周季") && !regexYear.MatchString(s) {
		return validity{months: m.Max}, true
	}
	s = s[len(regexDateWords.FindString(s)):]
	first, last, rest, ok := nextDate(s)
	if !ok {
		return validity{}, false
	}
	if sep := regexDateTo.FindString(rest); sep != "" {
		tail := rest[len(sep):]
		if tail == "" || tail == "今" {
			return validity{from: first}, true
		}
		_, end, after, ok := nextDate(tail)
		return validity{from: first, to: end}, ok && regexDateTail.MatchString(after) && !end.Before(first)
	}
	return validity{from: first, to: last}, regexDateTail.MatchString(rest)
}

// parseDay reads a cell as one date and returns its first and last second.
func parseDay(cell string, date1904 bool) (first, last time.Time, ok bool) {
	v, ok := parseValidity(cell, date1904)
	return v.from, v.to, ok && v.months == 0
}

// nextDate takes a date off the front of s: its first and last second, and the rest.
func nextDate(s string) (first, last time.Time, rest string, ok bool) {
	for _, re := range regexDates {
		m := re.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		if first, ok = firstSecond(m); !ok {
			continue
		}
		last = lastSecond(first, m)
		if len(m) == 8 && m[4] != "" {
			first = last // an instant
		}
		return first, last, s[len(m[0]):], true
	}
	return time.Time{}, time.Time{}, s, false
}

// firstSecond returns the beginning of what m names; false for a 30 February.
func firstSecond(m []string) (time.Time, bool) {
	n := [6]int{1: 1, 2: 1}
	for i := 1; i < len(m) && i <= len(n); i++ {
		if m[i] != "" {
			n[i-1], _ = strconv.Atoi(m[i])
		}
	}
	if n[1] < 1 || n[1] > 12 || n[3] > 23 || n[4] > 59 || n[5] > 59 {
		return time.Time{}, false
	}
	first := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, scene.China())
	return first, first.Day() == n[2]
}

// lastSecond returns the end of the day, month or year that m named; a time of
// day is its own end, with its fraction.
func lastSecond(first time.Time, m []string) time.Time {
	if len(m) == 8 && m[4] != "" {
		frac, _ := strconv.ParseFloat("0"+m[7], 64)
		return first.Add(time.Duration(math.Round(frac * 1e9)))
	}
	end := first.AddDate(1, 0, 0)
	switch len(m) {
	case 8, 4:
		end = first.AddDate(0, 0, 1)
	case 3:
		end = first.AddDate(0, 1, 0)
	}
	return end.Add(-time.Second)
}

// serial turns a spreadsheet's day count into the first and last second of the
// day, or the instant if it has a fraction. Day 60 of the 1900 system is a
// leap day that never was; counts after it, the only ones read, start at 1899-12-30.
func serial(v float64, date1904 bool) (first, last time.Time) {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, scene.China())
	if date1904 {
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, scene.China())
	}
	whole, frac := math.Modf(v)
	day := start.AddDate(0, 0, int(whole))
	if seconds := math.Round(frac * 86_400); seconds > 0 {
		at := day.Add(time.Duration(seconds) * time.Second)
		return at, at
	}
	return day, day.AddDate(0, 0, 1).Add(-time.Second)
}

// formatFrom and formatTo write the first and last instant of a validity, as a
// day where it is the day's first or last second.
func formatFrom(t time.Time) string { return formatDay(t, 0) }
func formatTo(t time.Time) string   { return formatDay(t, 24*time.Hour-time.Second) }

func formatDay(t time.Time, clock time.Duration) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(scene.China())
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
	if t.Sub(midnight) == clock {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04:05.999999999")
}
