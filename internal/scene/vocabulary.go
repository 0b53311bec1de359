package scene

import (
	"slices"
	"strings"
)

// Vocabulary is what an installation may edit: dictionaries, the crosswalks
// between them, and words of the search lexicon.
type Vocabulary struct {
	Dictionaries []Dictionary `json:"dictionaries"`
	Crosswalks   []Crosswalk  `json:"crosswalks"`
	// Words are all words added so far; where a vocabulary is handed in as an
	// edit they replace them, and nil leaves them alone.
	Words []Word `json:"words"`
}

// Amendment is one small edit of a vocabulary, as a person makes it on a page.
// Exactly one of its fields is set.
type Amendment struct {
	Put  *Word  // add a word, or replace the one that is written the same
	Drop string // take an added word back
	Join *Join  // add a link of a crosswalk, or change its weight
	Part *Join  // take a link out
}

// Join is a link together with the crosswalk that it belongs to.
type Join struct {
	FromDict, ToDict string
	Link
}

// Amend returns the parts of v that the amendment changes, as an edit. Blank
// synonyms and those twice are left out. It returns an Invalid error with the
// field "word", "from", "to" or "weight", and a NotFound error where there is
// nothing to take out.
func (v *Vocabulary) Amend(a Amendment) (Vocabulary, error) {
	const op = "scene.Vocabulary.Amend"
	switch {
	case a.Put != nil:
		w, err := a.Put.tidy()
		if err != nil {
			return Vocabulary{}, Wrap(op, err)
		}
		words := append(v.without(w.Word), w)
		return Vocabulary{Words: words}, nil
	case a.Drop != "":
		words := v.without(a.Drop)
		if len(words) == len(v.Words) {
			return Vocabulary{}, &Error{Code: NotFound, Op: op, Key: "vocabulary.no_word", Args: map[string]any{"word": a.Drop}}
		}
		return Vocabulary{Words: words}, nil
	case a.Join != nil:
		return v.join(*a.Join, true)
	case a.Part != nil:
		return v.join(*a.Part, false)
	}
	return Vocabulary{}, &Error{Code: Invalid, Op: op, Key: "error.invalid"}
}

// tidy returns the word with its parts trimmed.
func (w *Word) tidy() (Word, error) {
	next := Word{Word: strings.TrimSpace(w.Word), Pinyin: strings.TrimSpace(w.Pinyin), Exclude: w.Exclude, Stop: w.Stop}
	var f faults
	if next.Word == "" {
		f.add("word", "vocabulary.word_empty", nil)
	}
	for _, s := range w.Synonyms {
		if s = strings.TrimSpace(s); s != "" && s != next.Word && !slices.Contains(next.Synonyms, s) {
			next.Synonyms = append(next.Synonyms, s)
		}
	}
	if (next.Exclude || next.Stop) && len(next.Synonyms) > 0 {
		f.add("synonyms", "vocabulary.excluded_synonyms", nil)
	}
	return next, f.err("vocabulary.word_invalid")
}

// without returns the added words but that one, never nil.
func (v *Vocabulary) without(word string) []Word {
	kept := []Word{}
	for _, w := range v.Words {
		if w.Word != word {
			kept = append(kept, w)
		}
	}
	return kept
}

// join returns the crosswalk of j with its link in it, or out of it.
func (v *Vocabulary) join(j Join, in bool) (Vocabulary, error) {
	const op = "scene.Vocabulary.Amend"
	at := slices.IndexFunc(v.Crosswalks, func(c Crosswalk) bool { return c.From == j.FromDict && c.To == j.ToDict })
	next := Crosswalk{From: j.FromDict, To: j.ToDict}
	before := 0
	if at >= 0 {
		before = len(v.Crosswalks[at].Links)
		for _, l := range v.Crosswalks[at].Links {
			if l.From != j.From || l.To != j.To {
				next.Links = append(next.Links, l)
			}
		}
	}
	if in {
		if err := j.check(); err != nil {
			return Vocabulary{}, Wrap(op, err)
		}
		next.Links = append(next.Links, j.Link)
	} else if len(next.Links) == before {
		return Vocabulary{}, &Error{Code: NotFound, Op: op, Key: "vocabulary.no_link", Args: map[string]any{"from": j.From, "to": j.To}}
	}
	return Vocabulary{Crosswalks: []Crosswalk{next}}, nil
}

func (j *Join) check() error {
	var f faults
	if j.From == "" {
		f.add("from", "vocabulary.link_end", nil)
	}
	if j.To == "" {
		f.add("to", "vocabulary.link_end", nil)
	}
	if !(j.Weight > 0 && j.Weight <= 1) {
		f.add("weight", "vocabulary.link_weight", nil)
	}
	return f.err("vocabulary.link_invalid")
}

// Equal reports whether two vocabularies say the same.
func (v *Vocabulary) Equal(w *Vocabulary) bool {
	return slices.EqualFunc(v.Words, w.Words, func(a, b Word) bool {
		return a.Word == b.Word && a.Pinyin == b.Pinyin && a.Exclude == b.Exclude && a.Stop == b.Stop && slices.Equal(a.Synonyms, b.Synonyms)
	}) && slices.EqualFunc(v.Crosswalks, w.Crosswalks, func(a, b Crosswalk) bool {
		return a.From == b.From && a.To == b.To && slices.Equal(a.Links, b.Links)
	})
}

// Names returns the words that the amendment is about, for finding the
// listings that use them.
func (a *Amendment) Names() []string {
	switch {
	case a.Put != nil:
		return append([]string{a.Put.Word}, a.Put.Synonyms...)
	case a.Drop != "":
		return []string{a.Drop}
	}
	return nil
}
