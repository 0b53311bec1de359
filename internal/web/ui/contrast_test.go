package ui

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	tokenBlock = regexp.MustCompile(`(?s):root(\[data-theme="dark"\])? \{\n(.*?)\n\}`)
	token      = regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{6});`)
)

// tokens reads the colours of one look from the style.
func tokens(t *testing.T, css string, dark bool) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, block := range tokenBlock.FindAllStringSubmatch(css, -1) {
		if block[1] != "" && !dark {
			continue
		}
		for _, m := range token.FindAllStringSubmatch(block[2], -1) {
			out[m[1]] = m[2]
		}
	}
	if len(out) < 18 {
		t.Fatalf("only %d colours", len(out))
	}
	return out
}

// luminance is the relative luminance of WCAG 2.2 for #rrggbb.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestContrast holds text to 4.5:1 and lines of controls to 3:1 (WCAG 2.2 AA,
// 1.4.3 and 1.4.11) on every ground they stand on, in both looks.
func TestContrast(t *testing.T) {
	t.Parallel()
	raw, err := assetFiles.ReadFile("assets/app.css")
	if err != nil {
		t.Fatal(err)
	}
	pairs := []struct {
		inks, grounds string
		least         float64
	}{
		{"ink ink-2 ink-3 link need offer warn", "paper sheet", 4.5},
		{"ink ink-2 ink-3", "sunk", 4.5},
		{"need", "need-soft", 4.5},
		{"offer", "offer-soft", 4.5},
		{"warn", "warn-soft", 4.5},
		{"ink", "mark", 4.5},
		{"sheet", "ink need offer", 4.5}, // words on buttons
		{"line-strong focus", "paper sheet", 3},
		{"need-bar offer-bar", "sheet", 2},
	}
	for name, dark := range map[string]bool{"light": false, "dark": true} {
		colours := tokens(t, string(raw), dark)
		for _, p := range pairs {
			for ink := range strings.FieldsSeq(p.inks) {
				for ground := range strings.FieldsSeq(p.grounds) {
					a, b := luminance(t, colours[ink]), luminance(t, colours[ground])
					if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < p.least {
						t.Errorf("%s: %s on %s is %.2f:1, want %.1f:1", name, ink, ground, ratio, p.least)
					}
				}
			}
		}
	}
}

// TestDarkTwice: the dark look chosen and the dark look of the system are one.
func TestDarkTwice(t *testing.T) {
	t.Parallel()
	raw, err := assetFiles.ReadFile("assets/app.css")
	if err != nil {
		t.Fatal(err)
	}
	_, auto, ok := strings.Cut(string(raw), `:root[data-theme="auto"] {`)
	if !ok {
		t.Fatal("no look of the system")
	}
	auto, _, _ = strings.Cut(auto, "}")
	chosen := tokens(t, string(raw), true)
	for _, m := range token.FindAllStringSubmatch(auto, -1) {
		if chosen[m[1]] != m[2] {
			t.Errorf("--%s is %s by system and %s by choice", m[1], m[2], chosen[m[1]])
		}
	}
}
