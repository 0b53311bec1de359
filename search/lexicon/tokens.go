package lexicon

// Kind says what a token is.
type Kind uint8

// Kinds of token.
const (
	// Char is a single Han character (or kana, or hangul).
	Char Kind = iota + 1
	// Bigram is two neighbouring characters that are no word here.
	Bigram
	// Word is a dictionary word of two or more code points.
	Word
	// Latin is a run of letters and digits with at least one letter.
	Latin
	// Number is a run of digits, possibly with decimal points.
	Number
)

// String names the kind in lower case.
func (k Kind) String() string {
	names := [...]string{"none", "char", "bigram", "word", "latin", "number"}
	if int(k) < len(names) {
		return names[k]
	}
	return "unknown"
}

// Token is one term of a text and where it stands.
type Token struct {
	// Term is folded, see [Lexicon.Fold].
	Term string
	Kind Kind
	// Start and End are code points of the text, half open.
	Start, End int
}

// Tokens returns every term of text worth indexing, by start, then by length: all characters, all
// pairs of neighbouring characters (Bigram, or Word where the pair is a word of
// the best segmentation or inside one), all longer dictionary words wherever
// they occur, Latin words and numbers whole. No span is emitted twice. Stop words
// are included; leaving them out is the reader's choice ([Lexicon.Stop]).
func (l *Lexicon) Tokens(text string) []Token { return l.AppendTokens(nil, text) }

// AppendTokens appends the tokens of text to dst, as [Lexicon.Tokens] orders
// them. With a reused dst it allocates at most the folded text, which the terms
// share memory with.
func (l *Lexicon) AppendTokens(dst []Token, text string) []Token {
	a := l.borrow(text)
	defer l.giveBack(a)
	next := len(a.matches) - 1 // matches are stored from the end of the text
	word := int32(0)           // end of the best word that i stands in
	for i := int32(0); int(i) < len(a.runes); i++ {
		if i >= word {
			word = a.end[i]
		}
		first := next
		for next >= 0 && a.matches[next].start == i {
			next--
		}
		switch {
		case a.classes[i] == classHan:
			dst = a.appendHan(dst, i, word, a.matches[next+1:first+1])
		case joins(a.classes[i]) && !a.inside(i):
			dst = a.appendLatin(dst, i)
			dst = a.appendWords(dst, i, a.matches[next+1:first+1])
		}
	}
	return dst
}

// appendHan emits what starts at the character i. Found holds the dictionary
// words from there, shortest first.
func (a *analysis) appendHan(dst []Token, i, word int32, found []match) []Token {
	dst = a.append(dst, Char, i, i+1)
	if int(i)+1 < len(a.runes) && a.classes[i+1] == classHan {
		kind := Bigram
		if len(found) > 0 && found[0].end == i+2 && i+2 <= word {
			kind = Word
		}
		dst = a.append(dst, kind, i, i+2)
	}
	return a.appendWords(dst, i, found)
}

// appendWords emits dictionary words, but for those that have been emitted as a
// pair or as a Latin word.
func (a *analysis) appendWords(dst []Token, i int32, found []match) []Token {
	for _, m := range found {
		end := m.end
		pair := end == i+2 && a.classes[i] == classHan && a.classes[i+1] == classHan
		if !pair && !a.latinOnly(i, end) {
			dst = a.append(dst, Word, i, end)
		}
	}
	return dst
}

func (a *analysis) latinOnly(i, end int32) bool {
	for j := i; j < end; j++ {
		if !joins(a.classes[j]) {
			return false
		}
	}
	return true
}

func (a *analysis) appendLatin(dst []Token, i int32) []Token {
	kind, end := Number, i
	for {
		if a.classes[end] == classLetter {
			kind = Latin
		}
		end++
		if !a.inside(end) {
			return a.append(dst, kind, i, end)
		}
	}
}

func (a *analysis) append(dst []Token, kind Kind, start, end int32) []Token {
	return append(dst, Token{Term: a.text(start, end), Kind: kind, Start: int(start), End: int(end)})
}

// Words returns the best segmentation of text: words, Latin words and numbers,
// and single characters (Char) where no word fits. Separators and symbols are
// left out; nothing overlaps.
func (l *Lexicon) Words(text string) []Token {
	a := l.borrow(text)
	defer l.giveBack(a)
	var dst []Token
	for i := int32(0); int(i) < len(a.runes); i = a.end[i] {
		switch {
		case a.classes[i] == classOther && a.end[i] == i+1:
		case a.latinOnly(i, a.end[i]):
			dst = a.appendLatin(dst, i)
		case a.end[i] == i+1:
			dst = a.append(dst, Char, i, i+1)
		default:
			dst = a.append(dst, Word, i, a.end[i])
		}
	}
	return dst
}

// maxKept bounds the workspace kept for reuse, so that one huge text does not
// hold memory for good.
const maxKept = 1 << 16

func (l *Lexicon) borrow(text string) *analysis {
	a := l.base.spare.Get().(*analysis)
	a.load(l.Fold(text))
	a.segment(l.words, l.base.unknown)
	return a
}

func (l *Lexicon) giveBack(a *analysis) {
	if cap(a.runes) <= maxKept {
		a.folded = ""
		l.base.spare.Put(a)
	}
}

// Known reports whether term, once folded, is a word of the dictionary.
func (l *Lexicon) Known(term string) bool { return l.words.get(l.Fold(term)) < 0 }

// Stop reports whether a folded term carries no meaning of its own (的, 以及, the …).
func (l *Lexicon) Stop(term string) bool {
	_, ok := l.stop[term]
	return ok
}
