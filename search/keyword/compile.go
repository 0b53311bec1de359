package keyword

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"jinghe/search"
	"jinghe/search/lexicon"
)

// How much an indirect match counts beside an exact one.
const (
	weightSynonym   = 0.8
	weightParts     = 0.6 // all parts of a long word, apart
	weightPrefix    = 0.7
	weightSound     = 0.6
	weightCorrected = 0.7
	weightPair      = 0.3 // neighbouring characters across words: rewards the order typed
)

// Term is a term to look up, and how much it counts.
type Term struct {
	Text   string
	Docs   int     // documents that have it, as the [Vocabulary] tells
	Weight float64 // in (0, 1]: how much it counts beside an exact match
}

// Alternative is one way to satisfy a unit: all its terms.
type Alternative struct{ Terms []Term }

// Unit is one thing asked for, usually a word.
type Unit struct {
	Alternatives []Alternative
	Docs         int // of all alternatives together, an upper bound
	// Where it stands in the query, in code points.
	Start, End int
	// loose marks a character that does not go with its neighbours in any document: perhaps mistyped.
	loose bool
}

// Query is a compiled query text.
type Query struct {
	// Units must all be met; the one that fewest documents have comes first.
	Units []Unit
	// Bonus terms raise the score of a document found.
	Bonus []Term
	// Corrected is the text after correction, empty where nothing was changed.
	Corrected string
}

// Vocabulary is what a compiler asks about the terms of an index.
type Vocabulary interface {
	// DocFreq is the number of documents that have the term, or a little more.
	DocFreq(term string) int
	// Completions returns the n most frequent terms that begin with prefix, a
	// Latin word or a sound, ties in byte order.
	Completions(prefix string, n int) []string
	// LatinWords and HanWords (of at least three characters) yield each word
	// with the number of its documents; a word may come several times, each
	// time with a part of them.
	LatinWords() iter.Seq2[[]byte, int]
	HanWords() iter.Seq2[[]byte, int]
}

// compiler turns a query text into units against one vocabulary.
type compiler struct {
	schema     search.Schema
	lex        *lexicon.Lexicon
	vocabulary Vocabulary
	text       string
	runes      []rune // folded
	open       bool   // the last word may be unfinished
}

// Compile turns a query text into units. Only the first [search.MaxQuery] code
// points count.
func Compile(s search.Schema, lex *lexicon.Lexicon, v Vocabulary, text string) Query {
	if runes := []rune(text); len(runes) > search.MaxQuery {
		text = string(runes[:search.MaxQuery])
	}
	c := &compiler{schema: s, lex: lex, vocabulary: v, text: text, runes: []rune(lex.Fold(text))}
	last, _ := utf8.DecodeLastRuneInString(text)
	c.open = !unicode.IsSpace(last)
	var q Query
	q.Units, q.Corrected = c.correct(c.units())
	if len(q.Units) > 0 {
		q.Bonus = c.pairs(q.Units)
	}
	// Rarest first: the fewer documents are left, the less work the next unit is.
	slices.SortStableFunc(q.Units, func(a, b Unit) int { return a.Docs - b.Docs })
	return q
}

// units makes one unit of each word of the best segmentation. Stop words are
// left out unless there is nothing else.
func (c *compiler) units() []Unit {
	words := c.lex.Words(c.text)
	telling := slices.DeleteFunc(slices.Clone(words), func(t lexicon.Token) bool { return c.lex.Stop(t.Term) })
	if len(telling) == 0 {
		telling = words
	}
	telling = distinct(telling)
	var out []Unit
	for i := 0; i < len(telling); i++ {
		t := telling[i]
		switch t.Kind {
		case lexicon.Latin, lexicon.Number:
			out = append(out, c.latin(t, c.open && t.End == len(c.runes)))
		case lexicon.Char:
			if next, ok := c.joined(telling, i); ok {
				out = append(out, next)
				i++
				continue
			}
			out = append(out, c.char(t))
		default:
			out = append(out, c.wordOrHalves(t)...)
		}
	}
	return out
}

func distinct(words []lexicon.Token) []lexicon.Token {
	seen := make(map[string]bool, len(words))
	return slices.DeleteFunc(slices.Clone(words), func(t lexicon.Token) bool {
		again := seen[t.Term]
		seen[t.Term] = true
		return again
	})
}

// ref looks a term up.
func (c *compiler) ref(term string, weight float64) Term {
	return Term{term, c.vocabulary.DocFreq(term), weight}
}

// or adds an alternative if some document has all its terms, perhaps.
func (u *Unit) or(terms ...Term) {
	fewest := terms[0].Docs
	for _, t := range terms {
		fewest = min(fewest, t.Docs)
	}
	if fewest == 0 {
		return
	}
	for i := range terms { // the parts of one alternative share its weight
		terms[i].Weight /= float64(len(terms))
	}
	u.Alternatives = append(u.Alternatives, Alternative{terms})
	u.Docs += fewest
}

func (c *compiler) orSynonyms(u *Unit, term string) {
	for _, s := range c.lex.Synonyms(term) {
		u.or(c.ref(s, weightSynonym))
	}
}

func (c *compiler) word(t lexicon.Token) Unit {
	u := Unit{Start: t.Start, End: t.End}
	u.or(c.ref(t.Term, 1))
	c.orSynonyms(&u, t.Term)
	if first, second, ok := c.halves(t.Term); ok {
		u.or(c.ref(first, weightParts), c.ref(second, weightParts))
	}
	return u
}

// wordOrHalves makes two units of a long word that no document has in any
// way, so that documents with one half can still be offered.
func (c *compiler) wordOrHalves(t lexicon.Token) []Unit {
	u := c.word(t)
	first, second, ok := c.halves(t.Term)
	if len(u.Alternatives) > 0 || !ok {
		return []Unit{u}
	}
	middle := t.Start + utf8.RuneCountInString(first)
	return []Unit{
		c.word(lexicon.Token{Term: first, Kind: lexicon.Word, Start: t.Start, End: middle}),
		c.word(lexicon.Token{Term: second, Kind: lexicon.Word, Start: middle, End: t.End}),
	}
}

// halves cuts a word of four or more characters into two words, as evenly as possible.
func (c *compiler) halves(word string) (first, second string, ok bool) {
	runes := []rune(word)
	for shift := range len(runes)/2 - 1 {
		for _, at := range [...]int{len(runes)/2 - shift, (len(runes)+1)/2 + shift} {
			first, second = string(runes[:at]), string(runes[at:])
			if c.lex.Known(first) && c.lex.Known(second) {
				return first, second, true
			}
		}
	}
	return "", "", false
}

func (c *compiler) char(t lexicon.Token) Unit {
	u := Unit{Start: t.Start, End: t.End, loose: true}
	u.or(c.ref(t.Term, 1))
	c.orSynonyms(&u, t.Term)
	for _, at := range [...]int{t.Start - 1, t.Start} {
		if pair, ok := c.pair(at); ok && c.ref(pair, 1).Docs > 0 {
			u.loose = false
		}
	}
	if !c.hasNeighbour(t.Start) {
		u.loose = false
	}
	return u
}

// joined makes one unit of two single characters that documents have side by
// side: most likely a name that is in no dictionary.
func (c *compiler) joined(words []lexicon.Token, i int) (Unit, bool) {
	if i+1 >= len(words) || words[i+1].Kind != lexicon.Char || words[i+1].Start != words[i].End {
		return Unit{}, false
	}
	u := Unit{Start: words[i].Start, End: words[i+1].End}
	u.or(c.ref(words[i].Term+words[i+1].Term, 1))
	return u, len(u.Alternatives) > 0
}

// pair returns the two characters from position at, if both are Han.
func (c *compiler) pair(at int) (string, bool) {
	if at < 0 || at+1 >= len(c.runes) || !isHan(c.runes[at]) || !isHan(c.runes[at+1]) {
		return "", false
	}
	return string(c.runes[at : at+2]), true
}

func (c *compiler) hasNeighbour(at int) bool {
	_, before := c.pair(at - 1)
	_, after := c.pair(at)
	return before || after
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// pairs are the neighbouring characters of the query that no unit asks for by itself.
func (c *compiler) pairs(units []Unit) []Term {
	asked := make(map[string]bool)
	for _, u := range units {
		for _, a := range u.Alternatives {
			for _, t := range a.Terms {
				asked[t.Text] = true
			}
		}
	}
	var out []Term
	for at := range c.runes {
		pair, ok := c.pair(at)
		if !ok || asked[pair] {
			continue
		}
		asked[pair] = true
		if ref := c.ref(pair, weightPair); ref.Docs > 0 {
			out = append(out, ref)
		}
	}
	return out
}

// latin makes the unit of a Latin word or number: as it is, as pinyin, as the
// beginning of a longer word, or, failing all these, mistyped.
func (c *compiler) latin(t lexicon.Token, unfinished bool) Unit {
	u := Unit{Start: t.Start, End: t.End}
	u.or(c.ref(t.Term, 1))
	c.orSynonyms(&u, t.Term)
	exact := len(u.Alternatives) > 0
	if t.Kind == lexicon.Latin && c.soundable(t.Term) {
		c.orSounds(&u, t.Term, unfinished && !exact)
	}
	if unfinished {
		for _, term := range c.vocabulary.Completions(t.Term, mostCompletions) {
			if term != t.Term {
				u.or(c.ref(term, weightPrefix))
			}
		}
	}
	return u
}

// soundable reports whether a word may be pinyin.
func (c *compiler) soundable(word string) bool {
	return len(word) > 1 &&
		!strings.ContainsFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) &&
		slices.ContainsFunc(c.schema.Text, func(f search.TextField) bool { return f.Pinyin })
}

func (c *compiler) orSounds(u *Unit, typed string, unfinished bool) {
	u.or(c.ref(SoundMark+typed, weightSound))
	u.or(c.ref(InitialsMark+typed, weightSound))
	syllables, rest, ok := c.lex.SplitPinyin(typed)
	if ok && len(syllables) > 2 && rest == "" {
		u.or(c.soundPairs(syllables)...)
	}
	if !unfinished {
		return
	}
	if ok && rest == "" { // the last syllable may go on: gua, guan, guang
		syllables, rest = syllables[:len(syllables)-1], syllables[len(syllables)-1]
	}
	if ok && len(syllables) > 1 {
		last := SoundMark + syllables[len(syllables)-1] + rest
		for _, term := range c.vocabulary.Completions(last, mostCorrections) {
			u.or(append(c.soundPairs(syllables), c.ref(term, weightSound*weightPrefix))...)
		}
	}
	for _, mark := range [...]string{SoundMark, InitialsMark} {
		for _, term := range c.vocabulary.Completions(mark+typed, mostCompletions) {
			if term != mark+typed {
				u.or(c.ref(term, weightSound*weightPrefix))
			}
		}
	}
}

// soundPairs looks up each pair of neighbouring syllables.
func (c *compiler) soundPairs(syllables []string) []Term {
	var pairs []Term
	for i := range len(syllables) - 1 {
		pairs = append(pairs, c.ref(SoundMark+joinSyllables(syllables[i:i+2]), weightSound))
	}
	return pairs
}
