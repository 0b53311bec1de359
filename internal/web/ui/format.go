package ui

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/search"
)

// Date renders the day of t in Chinese time, or "" for the zero time.
func Date(lang locale.Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(scene.China())
	if lang == locale.En {
		return t.Format("2 Jan 2006")
	}
	return t.Format("2006年1月2日")
}

// Money renders an amount: 万元 in Chinese, yuan with thousands in English.
func Money(lang locale.Lang, m scene.Money) string {
	if lang == locale.En {
		return "CNY " + thousands(int64(m/scene.Yuan))
	}
	return m.Wan() + " 万元"
}

// MoneyRange renders a budget or a price, or "" where nothing is known.
func MoneyRange(lang locale.Lang, r scene.MoneyRange) string {
	switch {
	case r.Min > 0 && r.Max > 0 && r.Min != r.Max:
		if lang == locale.En {
			return "CNY " + thousands(int64(r.Min/scene.Yuan)) + "–" + thousands(int64(r.Max/scene.Yuan))
		}
		return r.Min.Wan() + "–" + r.Max.Wan() + " 万元"
	case r.Min > 0 && r.Min == r.Max:
		return Money(lang, r.Min)
	case r.Max > 0:
		return locale.Text(lang, "web.range.up_to", map[string]any{"value": Money(lang, r.Max)})
	case r.Min > 0:
		return locale.Text(lang, "web.range.from", map[string]any{"value": Money(lang, r.Min)})
	case r.Negotiable:
		return locale.Text(lang, "web.negotiable", nil)
	}
	return ""
}

// Months renders a duration, or "" where nothing is known.
func Months(lang locale.Lang, m scene.Months) string {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	text := func(key string, v string) string {
		return locale.Text(lang, key, map[string]any{"value": v})
	}
	switch {
	case m.Min > 0 && m.Max > 0 && m.Min != m.Max:
		return text("web.months", number(m.Min)+"–"+number(m.Max))
	case m.Min > 0 && m.Min == m.Max:
		return text("web.months", number(m.Min))
	case m.Max > 0:
		return text("web.range.up_to", text("web.months", number(m.Max)))
	case m.Min > 0:
		return text("web.range.from", text("web.months", number(m.Min)))
	}
	return ""
}

// Maturity renders levels with the stage of the printed lists, or "" where not known.
func Maturity(lang locale.Lang, m scene.Maturity) string {
	if !m.Known() {
		return ""
	}
	levels := strconv.Itoa(m.Max)
	if m.Min != m.Max {
		levels = strconv.Itoa(m.Min) + "–" + levels
	}
	return locale.Text(lang, "web.maturity", map[string]any{
		"stage": locale.Text(lang, "web.stage."+m.Stage(), nil), "levels": levels,
	})
}

// Remaining says how long a listing stays open, and whether that is a week or less.
func Remaining(lang locale.Lang, until, now time.Time) (text string, soon bool) {
	if until.IsZero() {
		return "", false
	}
	days := Day(until) - Day(now)
	switch {
	case until.Before(now):
		return locale.Text(lang, "web.ends.over", nil), false
	case days == 0:
		return locale.Text(lang, "web.ends.today", nil), true
	case days == 1:
		return locale.Text(lang, "web.ends.tomorrow", nil), true
	case days <= 60:
		return locale.Text(lang, "web.ends.days", map[string]any{"days": days}), days <= 7
	}
	return locale.Text(lang, "web.ends.date", map[string]any{"date": Date(lang, until)}), false
}

// Day counts days in Chinese time.
func Day(t time.Time) int {
	_, offset := t.In(scene.China()).Zone()
	return int((t.Unix() + int64(offset)) / (24 * 60 * 60))
}

// thousands groups the digits of a number of zero or more by commas.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Span is a piece of text, marked where it matched.
type Span struct {
	Text string
	Mark bool
}

// Plain returns text as one unmarked span.
func Plain(text string) []Span { return []Span{{Text: text}} }

// Marked cuts text at the spans (code points, in order, not overlapping).
// Spans beyond the text are dropped, so a stale index never breaks a page.
func Marked(text string, spans []search.Span) []Span {
	if len(spans) == 0 {
		return Plain(text)
	}
	runes, at := []rune(text), 0
	var out []Span
	for _, s := range spans {
		if s.Start < at || s.End > len(runes) || s.Start >= s.End {
			continue
		}
		if s.Start > at {
			out = append(out, Span{Text: string(runes[at:s.Start])})
		}
		out, at = append(out, Span{Text: string(runes[s.Start:s.End]), Mark: true}), s.End
	}
	if at < len(runes) {
		out = append(out, Span{Text: string(runes[at:])})
	}
	return out
}

// Excerpt returns about limit code points of text around its first span, with
// the spans marked. A line break becomes a point between two parts, or a blank
// where a sentence ended before it.
func Excerpt(text string, spans []search.Span, limit int) []Span {
	if len(spans) == 0 {
		text = beginning(text, limit+1) // the rest is not looked at
	}
	runes := []rune(foldBreaks(text))
	start := 0
	if len(spans) > 0 && spans[0].Start > limit/3 && len(runes) > limit {
		start = min(spans[0].Start-limit/4, len(runes)-limit)
	}
	start = max(start, 0)
	end := min(start+limit, len(runes))
	var inside []search.Span
	for _, s := range spans {
		if s.Start >= start && s.End <= end {
			inside = append(inside, search.Span{Start: s.Start - start, End: s.End - start})
		}
	}
	out := Marked(string(runes[start:end]), inside)
	if start > 0 {
		out = append([]Span{{Text: "…"}}, out...)
	}
	if end < len(runes) {
		out = append(out, Span{Text: "…"})
	}
	return out
}

// beginning is at most n code points of text.
func beginning(text string, n int) string {
	for at := range text {
		if n == 0 {
			return text[:at]
		}
		n--
	}
	return text
}

// foldBreaks keeps the number of code points, so that spans stay valid.
func foldBreaks(text string) string {
	before := ' '
	return strings.Map(func(r rune) rune {
		last := before
		before = r
		switch {
		case r == '\n' && !strings.ContainsRune("。；;.！!？?：:，,、 \r\n\t", last):
			return '·'
		case r == '\n', r == '\r', r == '\t':
			return ' '
		}
		return r
	}, text)
}

// Short cuts text to limit code points, with an ellipsis if it was longer.
func Short(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit]) + "…"
}

// Minute renders an instant to the minute in Chinese time, or "" for the zero
// time. It is the same in both languages: tables are scanned, not read.
func Minute(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(scene.China()).Format("2006-01-02 15:04")
}

// minuteInput is how a browser sends a day and a time of day.
const minuteInput = "2006-01-02T15:04"

// MinuteInput renders an instant for a field of day and time, in Chinese time.
func MinuteInput(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(scene.China()).Format(minuteInput)
}

// ParseMinute reads what MinuteInput writes.
func ParseMinute(s string) (time.Time, error) {
	return time.ParseInLocation(minuteInput, strings.TrimSpace(s), scene.China())
}

func number(n int) string { return strconv.Itoa(n) }
