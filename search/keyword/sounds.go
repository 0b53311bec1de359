package keyword

import (
	"strings"

	"jinghe/search/lexicon"
)

// Terms that are not words of the text begin with a mark that no text term can
// begin with.
const (
	SoundMark    = "\x01" // full pinyin of a word or of two neighbouring characters
	InitialsMark = "\x02" // first letters of the syllables of a word or of a whole run
)

// longestRun is how many initials of a run are indexed.
const longestRun = 24

// EachSound calls yield for every term by which a text may be typed as pinyin:
// the spelling of its words and pairs, the initials of words and of whole runs.
// Tokens are those of the text; a term may come several times. It works in buf
// and returns it; yield must copy what it keeps.
func EachSound(lex *lexicon.Lexicon, text string, tokens []lexicon.Token, buf []byte, yield func(term []byte)) []byte {
	readings := lex.Readings(text)
	sound := func(mark string, syllables []string) {
		var ok bool
		if buf, ok = appendSound(buf[:0], mark, syllables); ok {
			yield(buf)
		}
	}
	for _, t := range tokens {
		if t.Kind != lexicon.Bigram && t.Kind != lexicon.Word {
			continue
		}
		sound(SoundMark, readings[t.Start:t.End])
		if t.Kind == lexicon.Word {
			sound(InitialsMark, readings[t.Start:t.End])
		}
	}
	for start := 0; start < len(readings); {
		end := start
		for end < len(readings) && readings[end] != "" {
			end++
		}
		if end-start > 2 {
			sound(InitialsMark, readings[start:min(end, start+longestRun)])
		}
		start = end + 1
	}
	return buf
}

// appendSound reports false for a word with Latin letters, which is typed as it is.
func appendSound(dst []byte, mark string, syllables []string) ([]byte, bool) {
	dst = append(dst, mark...)
	for _, s := range syllables {
		if s == "" {
			return dst, false
		}
		if mark == InitialsMark {
			s = s[:1]
		}
		dst = append(dst, s...)
	}
	return dst, true
}

// joinSyllables spells syllables as they are typed.
func joinSyllables(syllables []string) string { return strings.Join(syllables, "") }
