package meili

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"unicode/utf8"

	"jinghe/search/lexicon"
)

// Codes consist of letters and digits that the server neither cuts nor folds.
// Codes of the first kind keep the order of what they stand for.
const (
	wholeMark = "x" // what follows is the text
	cutMark   = "y" // what follows is the beginning of a text, and a hash of the whole
	longest   = 200 // bytes coded as they are: 320 letters, where the server takes 468
	kept      = 120 // bytes of a longer one
	hashBytes = 16
)

// letters are in the order of the values, as codes have to sort.
func letters() *base32.Encoding {
	return base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)
}

// coder turns texts into codes and back.
type coder struct{ enc *base32.Encoding }

func newCoder() coder { return coder{letters()} }

// code returns the code of a term or value.
func (c coder) code(text string) string {
	if len(text) <= longest {
		return wholeMark + c.enc.EncodeToString([]byte(text))
	}
	sum := sha256.Sum256([]byte(text))
	start := text[:kept]
	return cutMark + c.enc.EncodeToString(append([]byte(start), sum[:hashBytes]...))
}

// text returns what a code stands for; of a long text only the beginning is
// known, and whole is false.
func (c coder) text(code string) (text string, whole bool) {
	mark, body := code[:min(1, len(code))], code[min(1, len(code)):]
	raw, err := c.enc.DecodeString(body)
	switch {
	case err != nil:
		return "", false
	case mark == wholeMark:
		return string(raw), true
	case mark == cutMark && len(raw) == kept+hashBytes:
		return strings.ToValidUTF8(string(raw[:kept]), "") + "…", false
	}
	return "", false
}

// id returns the code of a document's ID; it is at most 410 letters and sorts as the ID does.
func (c coder) id(id string) string { return c.enc.EncodeToString([]byte(id)) }

func (c coder) idOf(code string) (string, bool) {
	raw, err := c.enc.DecodeString(code)
	return string(raw), err == nil
}

// listed reports whether a term may be one of several ways to meet a word, and
// so has to be filterable: words, Latin words and sounds, and characters with
// synonyms. Single characters and pairs that are no word are only ever asked for
// by themselves, and there are too many of them.
func listed(lex *lexicon.Lexicon, term string) bool {
	first, size := utf8.DecodeRuneInString(term)
	switch {
	case first < utf8.RuneSelf: // sounds begin with a mark
		return true
	case size == len(term):
		return len(lex.Synonyms(term)) > 0
	case utf8.RuneCountInString(term) == 2:
		return lex.Known(term) || len(lex.Synonyms(term)) > 0
	}
	return true
}
