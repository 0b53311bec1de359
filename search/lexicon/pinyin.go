package lexicon

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Range of characters with a reading in the embedded table.
const (
	firstSound = 0x3400
	lastSound  = 0x9FFF
)

// sounds gives the most common reading of a character, without tone.
type sounds struct {
	syllables []string // index 0 is no reading
	byChar    [lastSound - firstSound + 1]uint16
	known     map[string]struct{}
	longest   int
}

// newSounds reads lines of a syllable, a space, and the characters read so.
func newSounds(lines []byte) (*sounds, error) {
	s := &sounds{syllables: []string{""}, known: make(map[string]struct{})}
	for line := range bytes.Lines(lines) {
		syllable, chars, ok := strings.Cut(strings.TrimSuffix(string(line), "\n"), " ")
		if !ok || syllable == "" {
			return nil, fmt.Errorf("pinyin table: odd line %.20q", line)
		}
		s.syllables = append(s.syllables, syllable)
		s.known[syllable] = struct{}{}
		s.longest = max(s.longest, len(syllable))
		for _, r := range chars {
			if r < firstSound || r > lastSound {
				return nil, fmt.Errorf("pinyin table: %q is out of range", r)
			}
			s.byChar[r-firstSound] = uint16(len(s.syllables) - 1)
		}
	}
	return s, nil
}

func (s *sounds) of(r rune) string {
	if r < firstSound || r > lastSound {
		return ""
	}
	return s.syllables[s.byChar[r-firstSound]]
}

// readings holds the words whose characters are read otherwise than usual, by
// first character, longest word first.
type readings map[rune][]reading

type reading struct {
	word      []rune
	syllables []string
}

func (r readings) add(word, pinyin string) error {
	chars, syllables := []rune(word), strings.Fields(strings.ToLower(pinyin))
	if len(chars) != len(syllables) {
		return fmt.Errorf("%w: %q has %d characters and %d syllables", ErrEntry, word, len(chars), len(syllables))
	}
	if strings.ContainsFunc(strings.Join(syllables, ""), func(c rune) bool { return c < 'a' || c > 'z' }) {
		return fmt.Errorf("%w: reading of %q: syllables are letters a to z", ErrEntry, word)
	}
	others := slices.DeleteFunc(slices.Clone(r[chars[0]]), func(o reading) bool { return slices.Equal(o.word, chars) })
	others = append(others, reading{chars, syllables})
	slices.SortStableFunc(others, func(a, b reading) int { return len(b.word) - len(a.word) })
	r[chars[0]] = others
	return nil
}

// at returns the reading of the longest listed word that starts at rune i and
// agrees with the segmentation: in 南京市长江大桥 there is no 市长.
func (r readings) at(a *analysis, cuts []int32, i int32) []string {
	for _, c := range r[a.runes[i]] {
		end := i + int32(len(c.word))
		if int(end) <= len(a.runes) && slices.Equal(c.word, a.runes[i:end]) && agrees(cuts, i, end) {
			return c.syllables
		}
	}
	return nil
}

// agrees reports whether the span cuts no word of the segmentation in two other
// than by lying wholly inside one. Cuts[i] is the start of the word at rune i.
func agrees(cuts []int32, start, end int32) bool {
	startsWord := cuts[start] == start
	endsWord := int(end) == len(cuts) || cuts[end] == end
	return cuts[start] == cuts[end-1] || startsWord && endsWord
}

// Readings returns one syllable without tone for each code point of text, ""
// where it is not a character with a known reading. Characters with several
// readings are read as listed words tell (重庆 chong qing), else as is most common.
func (l *Lexicon) Readings(text string) []string {
	a := l.borrow(text)
	defer l.giveBack(a)
	cuts := make([]int32, len(a.runes))
	for i := 0; i < len(cuts); {
		start := i
		for ; i < int(a.end[start]); i++ {
			cuts[i] = int32(start)
		}
	}
	out := make([]string, len(a.runes))
	for i := 0; i < len(out); {
		if listed := l.readings.at(a, cuts, int32(i)); listed != nil {
			i += copy(out[i:], listed)
			continue
		}
		out[i] = l.base.sounds.of(a.runes[i])
		i++
	}
	return out
}

// Pinyin returns what a person may type for text: the full spelling without
// tones or spaces (wulianwang) and the initials (wlw). Latin letters and digits
// stand for themselves in both; everything else is left out.
func (l *Lexicon) Pinyin(text string) (full, initials string) {
	var whole, first strings.Builder
	syllables := l.Readings(text)
	at := 0
	for _, r := range l.Fold(text) {
		if s := syllables[at]; s != "" {
			whole.WriteString(s)
			first.WriteByte(s[0])
		} else if r < utf8.RuneSelf && joins(classOf(r)) {
			whole.WriteRune(r)
			first.WriteRune(r)
		}
		at++
	}
	return whole.String(), first.String()
}

// SplitPinyin cuts letters typed without spaces into syllables. Rest is what is
// left of an unfinished last syllable (wulianw: wu, lian, rest w). It reports
// false where the letters are no pinyin. Of several ways it takes the one with
// the shortest rest, then the fewest syllables, then the longer syllables first.
func (l *Lexicon) SplitPinyin(typed string) (syllables []string, rest string, ok bool) {
	s := l.base.sounds
	const maxTyped = 64
	if typed == "" || len(typed) > maxTyped {
		return nil, "", false
	}
	count := make([]int, len(typed)+1) // fewest syllables that reach this far, -1 never
	from := make([]int, len(typed)+1)
	for i := 1; i <= len(typed); i++ {
		count[i] = -1
		for j := max(0, i-s.longest); j < i; j++ {
			if _, known := s.known[typed[j:i]]; known && count[j] >= 0 && (count[i] < 0 || count[j]+1 < count[i]) {
				count[i], from[i] = count[j]+1, j
			}
		}
	}
	end := len(typed)
	for end > 0 && (count[end] < 0 || !s.begins(typed[end:])) {
		end--
	}
	if end == 0 {
		return nil, "", false
	}
	for i := end; i > 0; i = from[i] {
		syllables = append(syllables, typed[from[i]:i])
	}
	slices.Reverse(syllables)
	return syllables, typed[end:], true
}

// begins reports whether some syllable starts with these letters.
func (s *sounds) begins(letters string) bool {
	if letters == "" {
		return true
	}
	i, found := slices.BinarySearch(s.syllables, letters)
	return found || i < len(s.syllables) && strings.HasPrefix(s.syllables[i], letters)
}
