package standing

import (
	"slices"
	"strings"
)

// mark begins labels, which no term of a text does, and parts their pieces.
const mark = "\x00"

// terms numbers the terms and labels that searches ask for, from 1. A number
// that no search uses any more is given again.
type terms struct {
	numbers map[string]uint32
	list    []term // by number
	free    []uint32
}

type term struct {
	text string
	uses int
	// words are the words of searches that this term is one way to write.
	words []uint32
}

func newTerms() terms { return terms{numbers: map[string]uint32{}, list: make([]term, 1)} }

// take returns the number of a term, which counts as used once more.
func (t *terms) take(text string) uint32 {
	if n, ok := t.numbers[text]; ok {
		t.list[n].uses++
		return n
	}
	text = strings.Clone(text) // not the page it is cut from
	var n uint32
	if last := len(t.free) - 1; last >= 0 {
		n, t.free = t.free[last], t.free[:last]
		t.list[n] = term{text: text, uses: 1}
	} else {
		n = uint32(len(t.list))
		t.list = append(t.list, term{text: text, uses: 1})
	}
	t.numbers[text] = n
	return n
}

// leave gives one use of a number back.
func (t *terms) leave(n uint32) {
	e := &t.list[n]
	if e.uses--; e.uses > 0 {
		return
	}
	if ways, ok := strings.CutPrefix(e.text, wordMark); ok {
		for way := range strings.SplitSeq(ways, mark) {
			at := t.numbers[way]
			words := &t.list[at].words
			*words = slices.DeleteFunc(*words, func(w uint32) bool { return w == n })
			t.leave(at)
		}
	}
	delete(t.numbers, e.text)
	t.list[n] = term{}
	t.free = append(t.free, n)
}

const wordMark = mark + "word" + mark

// word takes the number of a word that may be written in several ways.
func (t *terms) word(ways []string) uint32 {
	if len(ways) == 1 {
		return t.take(ways[0])
	}
	label := wordMark + strings.Join(ways, mark)
	n := t.take(label)
	if t.list[n].uses == 1 {
		for _, way := range ways {
			at := t.take(way)
			t.list[at].words = append(t.list[at].words, n)
		}
	}
	return n
}
