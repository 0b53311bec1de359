package ui

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/search"
)

func TestMoneyRange(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in     scene.MoneyRange
		zh, en string
	}{
		"Range":      {scene.MoneyRange{Min: 50 * scene.Wan, Max: 100 * scene.Wan}, "50–100 万元", "CNY 500,000–1,000,000"},
		"Exact":      {scene.MoneyRange{Min: 80 * scene.Wan, Max: 80 * scene.Wan}, "80 万元", "CNY 800,000"},
		"UpTo":       {scene.MoneyRange{Max: 500 * scene.Wan}, "500 万元以内", "up to CNY 5,000,000"},
		"From":       {scene.MoneyRange{Min: scene.Wan / 2}, "0.5 万元起", "from CNY 5,000"},
		"Negotiable": {scene.MoneyRange{Negotiable: true}, "面议", "Negotiable"},
		"Both":       {scene.MoneyRange{Max: scene.Wan, Negotiable: true}, "1 万元以内", "up to CNY 10,000"},
		"Unknown":    {scene.MoneyRange{}, "", ""},
	}
	for name, tt := range tests {
		if got := MoneyRange(locale.Zh, tt.in); got != tt.zh {
			t.Errorf("%s: %q, want %q", name, got, tt.zh)
		}
		if got := MoneyRange(locale.En, tt.in); got != tt.en {
			t.Errorf("%s: %q, want %q", name, got, tt.en)
		}
	}
}

func TestMonths(t *testing.T) {
	t.Parallel()
	for want, in := range map[string]scene.Months{
		"2–3 个月": {Min: 2, Max: 3}, "6 个月": {Min: 6, Max: 6}, "0.5 个月以内": {Max: 0.5}, "3 个月起": {Min: 3}, "": {},
	} {
		if got := Months(locale.Zh, in); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestMaturity(t *testing.T) {
	t.Parallel()
	for want, in := range map[string]scene.Maturity{
		"中期（TRL 5–7）": {Min: 5, Max: 7}, "成熟应用（TRL 9）": {Min: 9, Max: 9}, "初期（TRL 2）": {Min: 2, Max: 2}, "": {},
	} {
		if got := Maturity(locale.Zh, in); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 3, 1, 17, 0, 0, 0, time.UTC) // already the next day in China
	if got := Date(locale.Zh, late); got != "2026年3月2日" {
		t.Error(got)
	}
	if got := Date(locale.En, late); got != "2 Mar 2026" {
		t.Error(got)
	}
	if got := Date(locale.Zh, time.Time{}); got != "" {
		t.Error(got)
	}
}

func TestRemaining(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 15, 30, 0, 0, time.UTC) // 23:30 in China
	tests := map[string]struct {
		until time.Time
		want  string
		soon  bool
	}{
		"Open":     {time.Time{}, "", false},
		"Over":     {now.Add(-time.Second), "已到期", false},
		"Today":    {now.Add(20 * time.Minute), "今日截止", true},
		"Tomorrow": {now.Add(time.Hour), "明日截止", true},
		"Week":     {now.AddDate(0, 0, 7), "还有 7 天", true},
		"Month":    {now.AddDate(0, 0, 30), "还有 30 天", false},
		"Far":      {now.AddDate(1, 0, 0), "2027年11月20日截止", false},
	}
	for name, tt := range tests {
		if got, soon := Remaining(locale.Zh, tt.until, now); got != tt.want || soon != tt.soon {
			t.Errorf("%s: %q %v", name, got, soon)
		}
	}
}

func TestMarked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text  string
		spans []search.Span
		want  []Span
	}{
		"None":     {"桥梁监测", nil, []Span{{"桥梁监测", false}}},
		"Middle":   {"桥梁监测仪", []search.Span{{Start: 2, End: 4}}, []Span{{"桥梁", false}, {"监测", true}, {"仪", false}}},
		"Whole":    {"桥", []search.Span{{Start: 0, End: 1}}, []Span{{"桥", true}}},
		"Beyond":   {"桥", []search.Span{{Start: 0, End: 9}}, []Span{{"桥", false}}},
		"Overlaps": {"abcd", []search.Span{{Start: 0, End: 2}, {Start: 1, End: 3}}, []Span{{"ab", true}, {"cd", false}}},
		"Backward": {"abcd", []search.Span{{Start: 3, End: 1}}, []Span{{"abcd", false}}},
		"Negative": {"abcd", []search.Span{{Start: -2, End: 1}}, []Span{{"abcd", false}}},
	}
	for name, tt := range tests {
		if d := cmp.Diff(tt.want, Marked(tt.text, tt.spans)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("前", 100) + "桥梁" + strings.Repeat("后", 100)
	got := Excerpt(long, []search.Span{{Start: 100, End: 102}}, 40)
	joined, marked := "", ""
	for _, s := range got {
		joined += s.Text
		if s.Mark {
			marked += s.Text
		}
	}
	if marked != "桥梁" || !strings.HasPrefix(joined, "…") || !strings.HasSuffix(joined, "…") || utf8.RuneCountInString(joined) != 42 {
		t.Errorf("%q marks %q", joined, marked)
	}
	if d := cmp.Diff([]Span{{"一·二。 三", false}}, Excerpt("一\n二。\n三", nil, 40)); d != "" {
		t.Error(d)
	}
}

// FuzzExcerpt: any spans over any text give pieces of that text, in order.
func FuzzExcerpt(f *testing.F) {
	f.Add("桥梁监测", 1, 2, 3, 4, 10)
	f.Add("", -1, 5, 2, 2, 0)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d, limit int) {
		limit = min(max(limit, 1), 1000)
		spans := []search.Span{{Start: a, End: b}, {Start: c, End: d}}
		joined := ""
		for _, s := range Excerpt(text, spans, limit) {
			joined += s.Text
		}
		inner := strings.TrimSuffix(strings.TrimPrefix(joined, "…"), "…")
		folded := foldBreaks(text)
		if !strings.Contains(folded, inner) && !strings.Contains(folded, joined) {
			t.Errorf("%q is not in %q", joined, folded)
		}
	})
}

func TestThousands(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	if Short("桥梁", 2) != "桥梁" || Short("桥梁监测", 2) != "桥梁…" {
		t.Error(Short("桥梁", 2), Short("桥梁监测", 2))
	}
}

// TestNothing: an empty list asks nobody to drop filters that he did not set.
func TestNothing(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		v    Results
		want string
	}{
		"Fresh":  {Results{}, "web.results.none"},
		"Asked":  {Results{Query: "管网"}, "web.results.empty"},
		"Chosen": {Results{Chosen: []Link{{Text: "智慧水务"}}}, "web.results.empty"},
	} {
		if got := tt.v.nothing(); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
