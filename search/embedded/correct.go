package embedded

import (
	"bytes"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

const (
	mostCompletions = 48
	mostCorrections = 8
	longestWindow   = 8 // characters compared as one mistyped word
)

// completions returns the most frequent terms that begin with prefix, at most n
// of them, ties in byte order.
func (c *compiler) completions(prefix string, n int) []string {
	counts := make(map[string]int)
	for _, p := range c.view.parts {
		at := sort.Search(len(p.sorted), func(i int) bool { return string(p.terms.term(p.sorted[i])) >= prefix })
		for ; at < len(p.sorted); at++ {
			term := p.terms.term(p.sorted[at])
			if !bytes.HasPrefix(term, []byte(prefix)) {
				break
			}
			counts[string(term)] += len(p.ofTerm(p.sorted[at]))
		}
	}
	return mostFrequent(counts, n)
}

func mostFrequent(counts map[string]int, n int) []string {
	terms := make([]string, 0, len(counts))
	for t := range counts {
		terms = append(terms, t)
	}
	slices.SortFunc(terms, func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return compareStrings(a, b)
	})
	return terms[:min(n, len(terms))]
}

func compareStrings(a, b string) int { return strings.Compare(a, b) }

// correct replaces what no document has by the nearest words that some have.
// It returns the corrected text, empty where nothing was changed.
func (c *compiler) correct(units []unit) ([]unit, string) {
	type edit struct {
		start, end int
		with       string
	}
	var edits []edit
	for i := 0; i < len(units); i++ {
		u := units[i]
		if len(u.alts) > 0 && !u.loose {
			continue
		}
		var words []string
		from, to := i, i
		if isLatin(c.runes[u.start]) {
			words = c.nearLatin(string(c.runes[u.start:u.end]))
		} else {
			from, to, words = c.nearHan(units, i)
		}
		if len(words) == 0 {
			continue
		}
		fixed := unit{start: units[from].start, end: units[to].end}
		for _, w := range words {
			fixed.or(c.ref(w, weightCorrected))
		}
		edits = append(edits, edit{fixed.start, fixed.end, words[0]})
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
		for _, p := range c.view.parts {
			for _, n := range p.sorted {
				term := p.terms.term(n)
				if term[0] > soundMark[0]+1 && nearLength(len(term), len(word), distance) && within(typed, []rune(string(term)), distance) {
					counts[string(term)] += len(p.ofTerm(n))
				}
			}
		}
		if len(counts) > 0 {
			return mostFrequent(counts, mostCorrections)
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
func (c *compiler) nearHan(units []unit, i int) (from, to int, words []string) {
	windows := c.windows(units, i)
	if len(windows) == 0 {
		return 0, 0, nil
	}
	for _, p := range c.view.parts {
		for _, n := range p.words {
			term := p.terms.term(n)
			for _, w := range windows {
				if w.admits(term) {
					w.counts[string(term)] += len(p.ofTerm(n))
				}
			}
		}
	}
	slices.SortStableFunc(windows, func(a, b window) int { return len(b.typed) - len(a.typed) })
	for _, w := range windows {
		if len(w.counts) > 0 {
			return w.from, w.to, mostFrequent(w.counts, mostCorrections)
		}
	}
	return 0, 0, nil
}

// windows lists the stretches of adjoining units around unit i that may be one word.
func (c *compiler) windows(units []unit, i int) []window {
	first, last := i, i
	for first > 0 && units[first-1].end == units[first].start {
		first--
	}
	for last+1 < len(units) && units[last].end == units[last+1].start {
		last++
	}
	var out []window
	for from := first; from <= i; from++ {
		for to := i; to <= last; to++ {
			typed := c.runes[units[from].start:units[to].end]
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
