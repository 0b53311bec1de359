package lexicon

import (
	"unicode"
	"unicode/utf8"
)

// class says how a code point takes part in terms.
type class uint8

const (
	classOther class = iota // separators, symbols: in no term
	classHan                // Han, kana, hangul: characters and bigrams
	classLetter
	classDigit
)

func classOf(r rune) class {
	switch {
	case r >= 'a' && r <= 'z':
		return classLetter
	case r >= '0' && r <= '9':
		return classDigit
	case r < 0x80:
		return classOther
	case r >= 0x4E00 && r <= 0x9FFF:
		return classHan
	case r == utf8.RuneError:
		return classOther
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return classHan
	case unicode.IsLetter(r):
		return classLetter
	case unicode.IsDigit(r):
		return classDigit
	}
	return classOther
}

// match is a dictionary word found in the text, in code points.
type match struct{ start, end int32 }

// analysis is the reusable workspace for one text.
type analysis struct {
	folded  string
	runes   []rune
	bytes   []int32 // byte offset of each rune in folded, plus its length
	classes []class
	score   []float32 // best log probability of the text from here on
	end     []int32   // end of the best first word from here
	matches []match   // dictionary words, by falling start, then rising end
}

func (a *analysis) load(folded string) {
	a.folded = folded
	a.runes, a.bytes, a.classes = a.runes[:0], a.bytes[:0], a.classes[:0]
	for i, r := range folded {
		a.runes = append(a.runes, r)
		a.bytes = append(a.bytes, int32(i))
		a.classes = append(a.classes, classOf(r))
	}
	a.bytes = append(a.bytes, int32(len(folded)))
	for i := 1; i+1 < len(a.runes); i++ { // the point of 3.5 belongs to the number
		if a.runes[i] == '.' && a.classes[i-1] == classDigit && a.classes[i+1] == classDigit {
			a.classes[i] = classDigit
		}
	}
}

func (a *analysis) text(start, end int32) string { return a.folded[a.bytes[start]:a.bytes[end]] }

// inside reports whether a Latin word would go on between i-1 and i.
func (a *analysis) inside(i int32) bool {
	return i > 0 && int(i) < len(a.runes) && joins(a.classes[i-1]) && joins(a.classes[i])
}

func joins(c class) bool { return c == classLetter || c == classDigit }

// segment finds the dictionary words and the most probable path through them,
// from the end of the text to its start. Where the dictionary has nothing, the
// word is a whole Latin word or number, else one character.
func (a *analysis) segment(t *trie, unknown float32) {
	n := int32(len(a.runes))
	a.score = resize(a.score, int(n)+1)
	a.end = resize(a.end, int(n)+1)
	a.matches = a.matches[:0]
	a.score[n] = 0
	run := n // end of the Latin word that i stands in
	for i := n - 1; i >= 0; i-- {
		if !a.inside(i + 1) {
			run = i + 1
		}
		a.end[i] = run
		a.score[i] = a.score[run] + unknown
		if !a.inside(i) {
			a.lookup(t, i)
		}
	}
}

// lookup adds the words that start at i, never cutting a Latin word in two.
func (a *analysis) lookup(t *trie, i int32) {
	node := int32(0)
	for j := i; int(j) < len(a.runes); j++ {
		if node = t.child(node, a.runes[j]); node == 0 {
			return
		}
		logp := t.logp[node]
		if logp == 0 || a.inside(j+1) {
			continue
		}
		if j > i {
			a.matches = append(a.matches, match{i, j + 1})
		}
		if s := a.score[j+1] + logp; s > a.score[i] {
			a.score[i], a.end[i] = s, j+1
		}
	}
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}
