package keyword

import (
	"slices"
	"strings"
	"unicode/utf8"

	"jinghe/search"
	"jinghe/search/lexicon"
)

// Marker finds what matched in the text of a document.
type Marker struct {
	lex    *lexicon.Lexicon
	schema search.Schema
	fields []int
	words  map[string]bool // terms as they stand in the text
	sounds map[string]bool // terms that begin with a mark
	// plain holds the words where all of them are Han: such a term is indexed
	// wherever it occurs, so that occurrences need no segmentation.
	plain  []string
	tokens []lexicon.Token
}

// NewMarker returns a marker for what a query asks for. Fields are the names of
// those that Mark looks at.
func NewMarker(s search.Schema, lex *lexicon.Lexicon, q Query, fields []string) *Marker {
	m := &Marker{lex: lex, schema: s, words: make(map[string]bool), sounds: make(map[string]bool)}
	for _, name := range fields {
		m.fields = append(m.fields, s.TextIndex(name))
	}
	for _, u := range q.Units {
		for _, a := range u.Alternatives {
			for _, t := range a.Terms {
				if strings.HasPrefix(t.Text, SoundMark) || strings.HasPrefix(t.Text, InitialsMark) {
					m.sounds[t.Text] = true
				} else {
					m.words[t.Text] = true
				}
			}
		}
	}
	if len(m.sounds) == 0 {
		m.plain = plainWords(m.words)
	}
	return m
}

// plainWords lists the words if none has a letter or digit in it.
func plainWords(words map[string]bool) []string {
	list := make([]string, 0, len(words))
	for w := range words {
		if strings.ContainsFunc(w, func(r rune) bool { return !isHan(r) }) {
			return nil
		}
		list = append(list, w)
	}
	return list
}

// Mark returns the spans of each field asked for that has any.
func (m *Marker) Mark(texts []string) map[string][]search.Span {
	if len(m.words)+len(m.sounds) == 0 {
		return nil
	}
	var out map[string][]search.Span
	for _, f := range m.fields {
		spans := m.Spans(texts[f], m.schema.Text[f].Pinyin)
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

// Spans returns the matching spans of one text, in order, not overlapping.
func (m *Marker) Spans(text string, pinyin bool) []search.Span {
	if len(m.plain) > 0 {
		return occurrences(m.lex.Fold(text), m.plain)
	}
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

// occurrences finds the words in folded text.
func occurrences(folded string, words []string) []search.Span {
	var spans []search.Span // in bytes
	for _, w := range words {
		for at := 0; ; {
			i := strings.Index(folded[at:], w)
			if i < 0 {
				break
			}
			spans = append(spans, search.Span{Start: at + i, End: at + i + len(w)})
			_, first := utf8.DecodeRuneInString(w)
			at += i + first
		}
	}
	slices.SortFunc(spans, func(a, b search.Span) int { return a.Start - b.Start })
	spans = joinSpans(spans)
	bytes, points := 0, 0
	for i, s := range spans {
		points += utf8.RuneCountInString(folded[bytes:s.Start])
		length := utf8.RuneCountInString(folded[s.Start:s.End])
		spans[i] = search.Span{Start: points, End: points + length}
		points, bytes = points+length, s.End
	}
	return spans
}

func (m *Marker) sounded(t lexicon.Token, syllables []string) bool {
	if t.Kind != lexicon.Word && t.Kind != lexicon.Bigram || slices.Contains(syllables, "") {
		return false
	}
	if m.sounds[SoundMark+joinSyllables(syllables)] {
		return true
	}
	if t.Kind != lexicon.Word {
		return false
	}
	initials := make([]byte, 0, len(syllables))
	for _, s := range syllables {
		initials = append(initials, s[0])
	}
	return m.sounds[InitialsMark+string(initials)]
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
