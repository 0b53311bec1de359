package scene

import (
	"math"
	"testing"
)

func TestMoneyWan(t *testing.T) {
	t.Parallel()
	for m, want := range map[Money]string{
		0: "0", Wan: "1", 80 * Wan: "80", Yi: "10000", 12_000 * Yuan: "1.2",
		1: "0.000001", 123_456_789: "123.456789", 10 * Yuan: "0.001",
		-Wan: "-1", -5_000 * Yuan: "-0.5",
		math.MaxInt64: "9223372036854.775807", math.MinInt64: "-9223372036854.775808",
	} {
		if got := m.Wan(); got != want {
			t.Errorf("Money(%d).Wan() = %q, want %q", int64(m), got, want)
		}
	}
}

func TestKnownRanges(t *testing.T) {
	t.Parallel()
	for _, r := range []MoneyRange{{Min: 1}, {Max: 1}, {Min: 1, Max: 2, Negotiable: true}} {
		if !r.Known() {
			t.Errorf("%+v is not known", r)
		}
	}
	if (MoneyRange{}).Known() || (MoneyRange{Negotiable: true}).Known() {
		t.Error("面议 alone tells no bound")
	}
	if (Months{}).Known() || !(Months{Max: 3}).Known() || !(Months{Min: 0.5}).Known() {
		t.Error("Months.Known disagrees with the bounds")
	}
}

func TestMaturity(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		m            Maturity
		known, valid bool
		stage        string
	}{
		"None":      {Maturity{}, false, true, ""},
		"Early":     {Maturity{1, 4}, true, true, "early"},
		"Middle":    {Maturity{5, 7}, true, true, "middle"},
		"Mature":    {Maturity{8, 9}, true, true, "mature"},
		"Spanning":  {Maturity{4, 5}, true, true, "middle"},
		"UpTo8":     {Maturity{7, 8}, true, true, "mature"},
		"Reversed":  {Maturity{5, 4}, true, false, "early"},
		"TooHigh":   {Maturity{9, 10}, true, false, "mature"},
		"NoLower":   {Maturity{0, 4}, true, false, "early"},
		"Negative":  {Maturity{-1, 4}, true, false, "early"},
		"OnlyLower": {Maturity{6, 0}, true, false, "early"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.m.Known() != tt.known || tt.m.Valid() != tt.valid || tt.m.Stage() != tt.stage {
				t.Errorf("%+v: known %v, valid %v, stage %q", tt.m, tt.m.Known(), tt.m.Valid(), tt.m.Stage())
			}
		})
	}
}

func TestParseWan(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Money{
		"120": 120 * Wan, "12.5": 12*Wan + 5000*Yuan, "0.000001": 1, "1,200.05": 1200*Wan + 500*Yuan, " １２ ": 12 * Wan, "0": 0,
		"80万": 80 * Wan, "80 万元": 80 * Wan, "1.2亿元": 12_000 * Wan, "5000元": 5000 * Yuan, "0.05元": 5, "80w": 80 * Wan,
		"八十万": 80 * Wan, "八十": 80 * Wan, "三千万元": 3000 * Wan, "一亿": Yi, "壹佰贰拾万元": 120 * Wan,
	} {
		if got, err := ParseWan(s); got != want || err != nil {
			t.Errorf("%q: %d, %v, want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "面议", "-1", "1.0000001", "1e5", "1234567890123", ".5", "1.2.3", "abc", "万", "元", "万万", "一亿五千万", "三百五", "0.001元", "123456789亿"} {
		if got, err := ParseWan(s); CodeOf(err) != Invalid {
			t.Errorf("%q was read as %d, %v", s, got, err)
		}
	}
}

func FuzzParseWan(f *testing.F) {
	for _, s := range []string{"1", "0.5", "999999999999.999999", "八十万", "1.2亿元"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseWan(s)
		if err != nil {
			return
		}
		if again, err := ParseWan(m.Wan()); again != m || err != nil {
			t.Errorf("%q is %d, written %s, read %d, %v", s, m, m.Wan(), again, err)
		}
	})
}
