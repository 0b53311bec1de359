package lexicon

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// ErrEntry marks an entry that cannot be used; the text says which and why.
var ErrEntry = errors.New("lexicon: invalid entry")

// MaxWord is the longest word or synonym of an [Entry], in code points.
const MaxWord = 64

// Entry adds one word to a lexicon, or changes what it does.
type Entry struct {
	// Word is required, at most MaxWord code points; it is folded on entry.
	Word string
	// Synonyms mean the same for a search, in both directions. Each of them
	// becomes a word, too. Synonyms of synonyms do not follow: what is wanted is named.
	Synonyms []string
	// Stop marks the word as carrying no meaning of its own.
	Stop bool
	// Exclude takes the word out of the dictionary, so that texts are cut as if it did not exist.
	Exclude bool
	// Pinyin overrides the reading: syllables without tone, separated by
	// spaces, one for each character of a word of Han characters only.
	Pinyin string
}

// Lexicon is an immutable dictionary with its analysis. Methods are safe for
// concurrent use and never fail.
type Lexicon struct {
	base     *base
	words    *trie
	synonyms map[string][]string
	stop     map[string]struct{}
	readings readings
	silenced []string // stop words of entries, in their order
	version  string
}

// base is what every lexicon of the process shares: it never changes.
type base struct {
	fold    *folder
	sounds  *sounds
	unknown float32 // log probability of a character or Latin word without entry
	spare   *sync.Pool
}

// New loads the embedded dictionaries and adds entries, later ones winning. It
// takes some 50 ms and 8 MB, so a program makes one and derives others by
// [Lexicon.With]. The error is an [ErrEntry].
func New(entries ...Entry) (*Lexicon, error) {
	l, err := load()
	if err != nil {
		return nil, fmt.Errorf("load lexicon: %w", err)
	}
	return l.With(entries...)
}

// With returns a lexicon that has the entries as well; the receiver stays as it
// is. An invalid entry gives an [ErrEntry] and no lexicon.
func (l *Lexicon) With(entries ...Entry) (*Lexicon, error) {
	if len(entries) == 0 {
		return l, nil
	}
	next := &Lexicon{
		base:     l.base,
		words:    l.words.clone(),
		synonyms: maps.Clone(l.synonyms),
		stop:     maps.Clone(l.stop),
		readings: maps.Clone(l.readings),
		silenced: slices.Clone(l.silenced),
	}
	digest := sha256.New()
	digest.Write([]byte(l.version))
	if err := next.addAll(entries); err != nil {
		return nil, err
	}
	for _, e := range entries {
		fmt.Fprintf(digest, "%q %q %t %t %q\n", e.Word, e.Synonyms, e.Stop, e.Exclude, e.Pinyin)
	}
	next.version = hex.EncodeToString(digest.Sum(nil)[:8])
	return next, nil
}

// Version is a hash of the content: two lexicons of the same version analyse
// every text alike, and an index built with another version is due for a rebuild.
func (l *Lexicon) Version() string { return l.version }

// Synonyms returns the words that mean the same as term, folded and sorted, without term itself;
// nil where there are none. The caller must not change the slice.
func (l *Lexicon) Synonyms(term string) []string { return l.synonyms[l.Fold(term)] }

// Silenced returns the words that entries marked as carrying no meaning,
// folded; those that ship are not among them. The caller must not change the slice.
func (l *Lexicon) Silenced() []string { return l.silenced }

// addAll adds the entries, their words by rising length: a long word must
// outweigh the short ones it holds.
func (l *Lexicon) addAll(entries []Entry) error {
	var words []string
	for _, e := range entries {
		group, err := l.add(e)
		if err != nil {
			return err
		}
		words = append(words, group...)
	}
	slices.SortStableFunc(words, func(a, b string) int {
		return utf8.RuneCountInString(a) - utf8.RuneCountInString(b)
	})
	for _, w := range words {
		l.addWord(w)
	}
	return nil
}

// add notes what an entry says, and returns the words it adds to the dictionary.
func (l *Lexicon) add(e Entry) ([]string, error) {
	word, err := l.entryWord(e.Word)
	if err != nil {
		return nil, err
	}
	group := []string{word}
	for _, s := range e.Synonyms {
		other, err := l.entryWord(s)
		if err != nil {
			return nil, fmt.Errorf("%w (synonym of %q)", err, e.Word)
		}
		group = append(group, other)
	}
	if e.Pinyin != "" {
		if err := l.readings.add(word, e.Pinyin); err != nil {
			return nil, err
		}
	}
	if e.Stop {
		l.stop[word] = struct{}{}
		l.silenced = append(l.silenced, word)
	}
	l.relate(group)
	if e.Exclude {
		l.words.set(word, 0)
		group = group[1:]
	}
	return group, nil
}

func (l *Lexicon) entryWord(raw string) (string, error) {
	word := l.Fold(strings.TrimSpace(raw))
	switch n := utf8.RuneCountInString(word); {
	case n == 0:
		return "", fmt.Errorf("%w: empty word", ErrEntry)
	case n > MaxWord:
		return "", fmt.Errorf("%w: %q is longer than %d characters", ErrEntry, raw, MaxWord)
	case !utf8.ValidString(raw) || strings.ContainsAny(word, "\n\r\t\x00"):
		return "", fmt.Errorf("%w: %q holds a line break or invalid text", ErrEntry, raw)
	}
	return word, nil
}

// addWord makes the word just more probable than its parts, so that a text that
// holds it is cut there and no other cut of the dictionary changes.
func (l *Lexicon) addWord(word string) {
	if utf8.RuneCountInString(word) < 2 {
		return
	}
	a := l.borrow(word)
	parts := a.score[0]
	whole := int(a.end[0]) == len(a.runes)
	l.giveBack(a)
	if whole && l.words.get(word) < 0 {
		return
	}
	const margin = 0.5
	l.words.set(word, min(parts+margin, -1e-3))
}

// relate makes every member of the group a synonym of every other.
func (l *Lexicon) relate(group []string) {
	for _, w := range group {
		all := slices.Clone(l.synonyms[w])
		for _, other := range group {
			if other != w {
				all = append(all, other)
			}
		}
		if len(all) > 0 {
			slices.Sort(all)
			l.synonyms[w] = slices.Compact(all)
		}
	}
}
