package embedded

import (
	"slices"
	"strings"

	"jinghe/search"
	"jinghe/search/lexicon"
)

// marker finds what matched in the text of a document.
type marker struct {
	lex    *lexicon.Lexicon
	schema search.Schema
	fields []int
	words  map[string]bool // terms as they stand in the text
	sounds map[string]bool // terms that begin with a mark
	tokens []lexicon.Token
}

func newMarker(s search.Schema, v *view, k keywords, fields []string) *marker {
	m := &marker{lex: v.lex, schema: s, words: make(map[string]bool), sounds: make(map[string]bool)}
	for _, name := range fields {
		m.fields = append(m.fields, s.TextIndex(name))
	}
	for _, u := range k.units {
		for _, a := range u.alts {
			for _, t := range a.terms {
				if strings.HasPrefix(t.term, soundMark) || strings.HasPrefix(t.term, initialsMark) {
					m.sounds[t.term] = true
				} else {
					m.words[t.term] = true
				}
			}
		}
	}
	return m
}

// mark returns the spans of each field asked for that has any.
func (m *marker) mark(texts []string) map[string][]search.Span {
	if len(m.words)+len(m.sounds) == 0 {
		return nil
	}
	var out map[string][]search.Span
	for _, f := range m.fields {
		spans := m.spans(texts[f], m.schema.Text[f].Pinyin)
		if len(spans) == 0 {
			continue
		}
		if out == nil {
			out = make(map[string][]search.Span)
		}
		out[m.schema.Text[f].Name] = spans
	}
	return out
}

func (m *marker) spans(text string, pinyin bool) []search.Span {
	var spans []search.Span
	var readings []string
	if pinyin && len(m.sounds) > 0 {
		readings = m.lex.Readings(text)
	}
	m.tokens = m.lex.AppendTokens(m.tokens[:0], text)
	for _, t := range m.tokens {
		if m.words[t.Term] || readings != nil && m.sounded(t, readings[t.Start:t.End]) {
			spans = append(spans, search.Span{Start: t.Start, End: t.End})
		}
	}
	return joinSpans(spans)
}

func (m *marker) sounded(t lexicon.Token, syllables []string) bool {
	if t.Kind != lexicon.Word && t.Kind != lexicon.Bigram || slices.Contains(syllables, "") {
		return false
	}
	if m.sounds[soundMark+joinSyllables(syllables)] {
		return true
	}
	if t.Kind != lexicon.Word {
		return false
	}
	initials := make([]byte, 0, len(syllables))
	for _, s := range syllables {
		initials = append(initials, s[0])
	}
	return m.sounds[initialsMark+string(initials)]
}

// joinSpans merges spans that overlap or touch; they come by rising start.
func joinSpans(spans []search.Span) []search.Span {
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}
