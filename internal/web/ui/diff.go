package ui

import "unicode/utf8"

// DiffRow is one field before and after; what both share at the beginning and
// the end is plain, what differs is marked.
type DiffRow struct {
	Label         string
	Before, After []Span
}

// NewDiffRow marks what differs between two texts: all between their common
// beginning and their common end.
func NewDiffRow(label, before, after string) DiffRow {
	a, b := []rune(before), []rune(after)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	cut := func(r []rune) []Span {
		var out []Span
		for _, s := range []Span{{Text: string(r[:head])}, {Text: string(r[head : len(r)-tail]), Mark: true}, {Text: string(r[len(r)-tail:])}} {
			if utf8.RuneCountInString(s.Text) > 0 {
				out = append(out, s)
			}
		}
		return out
	}
	return DiffRow{Label: label, Before: cut(a), After: cut(b)}
}
