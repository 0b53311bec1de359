package keyword

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"jinghe/search"
	"jinghe/search/lexicon"
)

// Bounds of one Suggest call, the same for every engine.
const (
	MostSuggestions = 50
	MostInspected   = 300  // best documents whose values are offered
	MostCounted     = 1000 // best documents that are counted; beyond these a count is too low
)

// Completer collects values that complete what was typed: [Completer.Offer]
// those of the MostInspected best documents, then [Completer.Count] those of MostCounted.
type Completer struct {
	lex    *lexicon.Lexicon
	schema search.Schema
	marker *Marker
	typed  string
	fields []int
	counts map[string]int
	begins map[string]bool
	seen   []string // by one document, which counts once
}

// NewCompleter returns a completer for a prefix and the query it compiles to.
func NewCompleter(s search.Schema, lex *lexicon.Lexicon, q Query, prefix string) *Completer {
	c := &Completer{
		lex: lex, schema: s, marker: NewMarker(s, lex, q, nil), typed: strings.TrimSpace(lex.Fold(prefix)),
		counts: make(map[string]int), begins: make(map[string]bool),
	}
	for f, field := range s.Text {
		if field.Suggest {
			c.fields = append(c.fields, f)
		}
	}
	return c
}

// Offer takes up the values of a document that match; texts are in the order of the schema.
func (c *Completer) Offer(texts []string) {
	for _, f := range c.fields {
		pinyin := c.schema.Text[f].Pinyin
		for value := range values(texts[f]) {
			if _, known := c.counts[value]; !known && len(c.marker.Spans(value, pinyin)) > 0 {
				c.counts[value] = 0
				c.begins[value] = c.beginsWith(value, pinyin)
			}
		}
	}
}

// Count counts a document for the values offered that it carries.
func (c *Completer) Count(texts []string) {
	seen := c.seen[:0]
	for _, f := range c.fields {
		for value := range values(texts[f]) {
			if _, ok := c.counts[value]; ok && !slices.Contains(seen, value) {
				c.counts[value]++
				seen = append(seen, value)
			}
		}
	}
	c.seen = seen
}

// values are the lines of a text, trimmed.
func values(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

func (c *Completer) beginsWith(value string, pinyin bool) bool {
	if strings.HasPrefix(c.lex.Fold(value), c.typed) {
		return true
	}
	if !pinyin {
		return false
	}
	full, initials := c.lex.Pinyin(value)
	letters := strings.ReplaceAll(c.typed, " ", "")
	return strings.HasPrefix(full, letters) || strings.HasPrefix(initials, letters)
}

// Best returns at most limit values: those that begin with what was typed, or
// whose pinyin does, come first, then those that more documents carry, then shorter ones.
func (c *Completer) Best(limit int) []search.Suggestion {
	out := make([]search.Suggestion, 0, len(c.counts))
	for text, n := range c.counts {
		out = append(out, search.Suggestion{Text: text, Count: n})
	}
	slices.SortFunc(out, func(a, b search.Suggestion) int {
		if c.begins[a.Text] != c.begins[b.Text] {
			if c.begins[a.Text] {
				return -1
			}
			return 1
		}
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		if la, lb := utf8.RuneCountInString(a.Text), utf8.RuneCountInString(b.Text); la != lb {
			return la - lb
		}
		return strings.Compare(a.Text, b.Text)
	})
	return out[:min(limit, len(out))]
}

// HasContent reports whether anything but blanks was typed.
func HasContent(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsSpace(r) })
}
