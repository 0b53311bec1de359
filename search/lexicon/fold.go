package lexicon

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// folder maps code points to their search form. Pages of 256 keep the table of
// the basic plane small: most pages have no entry at all.
type folder struct {
	pages [256]*[256]uint16
	rest  map[rune]rune // beyond the basic plane
}

// newFolder reads lines of two runes: what occurs, and what it is searched as.
func newFolder(lines []byte) (*folder, error) {
	f := &folder{rest: make(map[rune]rune)}
	for line := range bytes.Lines(lines) {
		from, n := utf8.DecodeRune(line)
		to, m := utf8.DecodeRune(line[n:])
		if from == utf8.RuneError || to == utf8.RuneError || n+m+1 != len(line) {
			return nil, fmt.Errorf("fold table: odd line %q", line)
		}
		f.add(from, to)
	}
	for r := 'A'; r <= 'Z'; r++ {
		f.add(r, r+'a'-'A')
	}
	return f, nil
}

func (f *folder) add(from, to rune) {
	if from > 0xFFFF || to > 0xFFFF {
		f.rest[from] = to
		return
	}
	page := f.pages[from>>8]
	if page == nil {
		page = new([256]uint16)
		for i := range page {
			page[i] = uint16(from&^0xFF) + uint16(i)
		}
		f.pages[from>>8] = page
	}
	page[from&0xFF] = uint16(to)
}

func (f *folder) rune(r rune) rune {
	if r <= 0xFFFF {
		if page := f.pages[r>>8]; page != nil {
			return rune(page[r&0xFF])
		}
		return r
	}
	if to, ok := f.rest[r]; ok {
		return to
	}
	return unicode.ToLower(r)
}

func (f *folder) string(s string) string {
	return strings.Map(f.rune, s)
}

// Fold returns the form of s in which texts are compared: half width, lower
// case, Latin letters without diacritics, compatibility characters replaced,
// traditional characters simplified.
//
// It replaces one code point by exactly one, so that utf8.RuneCountInString is
// the same before and after and positions stay valid; a compatibility character
// whose plain form needs several code points (㎡) is left alone for that reason.
// Invalid bytes become one U+FFFD each. Fold(Fold(s)) == Fold(s). A string that
// is folded already is returned without copying.
func (l *Lexicon) Fold(s string) string { return l.base.fold.string(s) }
