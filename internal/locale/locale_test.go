package locale

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"jinghe/internal/scene"
)

func TestLanguagesAgree(t *testing.T) {
	t.Parallel()
	all, err := load()
	if err != nil {
		t.Fatal(err)
	}
	argument := regexp.MustCompile(`\{([a-z_]+)[|}]`)
	args := func(s string) (found []string) {
		for _, m := range argument.FindAllStringSubmatch(s, -1) {
			found = append(found, m[1])
		}
		slices.Sort(found)
		return slices.Compact(found)
	}
	for key, zh := range all[Zh] {
		en, ok := all[En][key]
		if !ok {
			t.Errorf("key %q has no English message", key)
			continue
		}
		if !slices.Equal(args(zh), args(en)) {
			t.Errorf("key %q: arguments differ: zh %v, en %v", key, args(zh), args(en))
		}
	}
	for key := range all[En] {
		if _, ok := all[Zh][key]; !ok {
			t.Errorf("key %q has no Chinese message", key)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		lang Lang
		key  string
		args map[string]any
		want string
	}{
		"Chinese":    {Zh, "problem.row", map[string]any{"row": 3}, "第 3 行"},
		"English":    {En, "problem.row", map[string]any{"row": 3}, "row 3"},
		"UnknownKey": {Zh, "no.such.key", nil, "no.such.key"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Text(tt.lang, tt.key, tt.args); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestErrorHidesTheCause(t *testing.T) {
	t.Parallel()
	secret := fmt.Errorf("password=hunter2")
	for name, err := range map[string]error{
		"Plain":   secret,
		"Wrapped": scene.Wrap("op", secret),
	} {
		if got := Error(En, err); got != Text(En, "error.internal", nil) {
			t.Errorf("%s: got %q", name, got)
		}
	}
	field := &scene.Error{Code: scene.Invalid, Key: "error.invalid", Fields: []scene.FieldError{{Field: "x", Key: "error.too_large"}}}
	want := Text(En, "error.invalid", nil) + "; x: " + Text(En, "error.too_large", nil)
	if got := Error(En, scene.Wrap("op", field)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]Lang{"zh-CN": Zh, "EN-us": En, "en": En} {
		if got, ok := Parse(tag); !ok || got != want {
			t.Errorf("Parse(%q) = %q, %v", tag, got, ok)
		}
	}
	if got, ok := Parse("fr"); ok || got != Zh {
		t.Errorf("Parse(fr) = %q, %v; want zh, false", got, ok)
	}
}

func TestProblem(t *testing.T) {
	t.Parallel()
	p := scene.Problem{File: "a.xlsx", Sheet: "机会", Row: 7, Column: "预算", Value: "若干", Key: "error.invalid"}
	want := "a.xlsx › 机会 › 第 7 行 › “预算”列：" + Text(Zh, "error.invalid", nil) + "（原文：若干）"
	if got := Problem(Zh, p); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestFill: values stand where their names do, once, and nothing else changes.
func TestFill(t *testing.T) {
	t.Parallel()
	args := map[string]any{"n": 3, "who": "{n}", "none": "", "one": 1}
	for text, want := range map[string]string{
		"":              "",
		"plain":         "plain",
		"{n} of {n}":    "3 of 3",
		"{who} has {n}": "{n} has 3",
		"{none}{none}":  "",
		"{none}{":       "{",
		"{else} {n}":    "{else} 3",
		"{{n}}":         "{3}",
		"open {n":       "open {n",
		"共{n}条，{who}":   "共3条，{n}",

		"{one} {one|day|days}": "1 day",
		"{n} {n|day|days}":     "3 days",
		"{else|day|days}":      "{else|day|days}",
	} {
		if got := fill(Zh, text, args); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
