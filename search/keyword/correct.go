package keyword

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	mostCompletions = 48
	mostCorrections = 8
	longestWindow   = 8 // characters compared as one mistyped word
	hanBytes        = 3 // length of a common Han character in UTF-8
)

// MostFrequent returns the n terms with the highest counts, ties in byte order.
func MostFrequent(counts map[string]int, n int) []string {
	terms := make([]string, 0, len(counts))
	for t := range counts {
		terms = append(terms, t)
	}
	slices.SortFunc(terms, func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a, b)
	})
	return terms[:min(n, len(terms))]
}

// correct replaces what no document has by the nearest words that some have.
// It returns the corrected text, empty where nothing was changed.
func (c *compiler) correct(units []Unit) ([]Unit, string) {
	type edit struct {
		start, end int
		with       string
	}
	var edits []edit
	for i := 0; i < len(units); i++ {
		u := units[i]
		if len(u.Alternatives) > 0 && !u.loose {
			continue
		}
		var words []string
		from, to := i, i
		if isLatin(c.runes[u.Start]) {
			words = c.nearLatin(string(c.runes[u.Start:u.End]))
		} else {
			from, to, words = c.nearHan(units, i)
		}
		if len(words) == 0 {
			continue
		}
		fixed := Unit{Start: units[from].Start, End: units[to].End}
		for _, w := range words {
			fixed.or(c.ref(w, weightCorrected))
		}
		edits = append(edits, edit{fixed.Start, fixed.End, words[0]})
		units = slices.Replace(units, from, to+1, fixed)
		i = from
	}
	if len(edits) == 0 {
		return units, ""
	}
	var b strings.Builder
	original := []rune(c.text)
	at := 0
	for _, e := range edits {
		b.WriteString(string(original[at:e.start]))
		b.WriteString(e.with)
		at = e.end
	}
	b.WriteString(string(original[at:]))
	return units, b.String()
}

func isLatin(r rune) bool { return r < utf8.RuneSelf }

// nearLatin returns indexed Latin words within the distance usual for the
// length: one edit from 4 letters, two from 8. Nearest and most frequent first.
func (c *compiler) nearLatin(word string) []string {
	var allowed int
	switch n := len(word); {
	case n >= 8:
		allowed = 2
	case n >= 4:
		allowed = 1
	default:
		return nil
	}
	typed := []rune(word)
	for distance := 1; distance <= allowed; distance++ {
		counts := make(map[string]int)
		for term, docs := range c.vocabulary.LatinWords() {
			if nearLength(len(term), len(word), distance) && within(typed, []rune(string(term)), distance) {
				counts[string(term)] += docs
			}
		}
		if len(counts) > 0 {
			return MostFrequent(counts, mostCorrections)
		}
	}
	return nil
}

func nearLength(a, b, distance int) bool { return a-b <= distance && b-a <= distance }

// window is a stretch of the query compared as one mistyped word.
type window struct {
	from, to    int // units
	typed       []rune
	first, last string
	counts      map[string]int // words found: documents
}

func newWindow(from, to int, typed []rune) window {
	return window{from, to, typed, string(typed[0]), string(typed[len(typed)-1]), make(map[string]int)}
}

// sharesEnd is a quick test that nearly all words fail: one edit of a word of
// three or more leaves its first or its last character alone.
func (w window) sharesEnd(term []byte) bool {
	return bytes.HasPrefix(term, []byte(w.first)) || bytes.HasSuffix(term, []byte(w.last))
}

// nearHan looks for indexed words of three or more characters that differ by
// one character from what stands around unit i. It returns the units they
// replace, the widest window that has an answer first.
func (c *compiler) nearHan(units []Unit, i int) (from, to int, words []string) {
	windows := c.windows(units, i)
	if len(windows) == 0 {
		return 0, 0, nil
	}
	for term, docs := range c.vocabulary.HanWords() {
		for _, w := range windows {
			if w.admits(term) {
				w.counts[string(term)] += docs
			}
		}
	}
	slices.SortStableFunc(windows, func(a, b window) int { return len(b.typed) - len(a.typed) })
	for _, w := range windows {
		if len(w.counts) > 0 {
			return w.from, w.to, MostFrequent(w.counts, mostCorrections)
		}
	}
	return 0, 0, nil
}

// windows lists the stretches of adjoining units around unit i that may be one word.
func (c *compiler) windows(units []Unit, i int) []window {
	first, last := i, i
	for first > 0 && units[first-1].End == units[first].Start {
		first--
	}
	for last+1 < len(units) && units[last].End == units[last+1].Start {
		last++
	}
	var out []window
	for from := first; from <= i; from++ {
		for to := i; to <= last; to++ {
			typed := c.runes[units[from].Start:units[to].End]
			if len(typed) >= 3 && len(typed) <= longestWindow && !slices.ContainsFunc(typed, isLatin) {
				out = append(out, newWindow(from, to, typed))
			}
		}
	}
	return out
}

// admits reports whether a word is one edit from what was typed.
func (w window) admits(term []byte) bool {
	return nearLength(len(term)/hanBytes, len(w.typed), 1) && w.sharesEnd(term) &&
		within(w.typed, []rune(string(term)), 1)
}

// within reports whether two words are at most distance edits apart: a letter
// more, less or other, or two neighbours swapped (optimal string alignment).
func within(a, b []rune, distance int) bool {
	if !nearLength(len(a), len(b), distance) {
		return false
	}
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
			least = min(least, next[j])
		}
		if least > distance {
			return false
		}
		before, row, next = row, next, before
	}
	return row[len(b)] <= distance
}
