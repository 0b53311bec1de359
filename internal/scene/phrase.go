package scene

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// phrases finds the longest known phrase at each place of a folded text: a
// trie over code points whose edges lie in one hash table.
type phrases struct {
	fold folding
	next map[edge]int32
	ends [][]hint // by node; nil where no phrase ends
}

type edge struct {
	node int32
	r    rune
}

// hint is what a phrase stands for.
type hint struct {
	term  int32 // position in the dictionary
	label bool  // a name or synonym, not a keyword
}

// found is one phrase in a text, as code point offsets into the folded form.
type found struct {
	start, end int
	hints      []hint
}

// newPhrases returns an empty trie with room for about size code points.
func newPhrases(fold folding, size int) *phrases {
	return &phrases{fold: fold, next: make(map[edge]int32, size), ends: make([][]hint, 1)}
}

// add files text under h. An empty text or a repetition is ignored.
func (p *phrases) add(text string, h hint) {
	folded := p.fold.cell(text)
	if len(folded) == 0 {
		return
	}
	node := int32(0)
	for _, r := range folded {
		n, ok := p.next[edge{node, r}]
		if !ok {
			n = int32(len(p.ends))
			p.next[edge{node, r}] = n
			p.ends = append(p.ends, nil)
		}
		node = n
	}
	for i, x := range p.ends[node] {
		if x.term == h.term {
			p.ends[node][i].label = x.label || h.label
			return
		}
	}
	p.ends[node] = append(p.ends[node], h)
}

// scan returns the phrases of a folded text from left to right, the longest at
// each place, without overlaps. A phrase that begins or ends with a Latin
// letter or a digit counts only where the run of letters or digits does.
func (p *phrases) scan(text []rune) []found {
	var out []found
	for i := 0; i < len(text); {
		f, ok := p.longest(text, i)
		if !ok {
			i++
			continue
		}
		out = append(out, f)
		i = f.end
	}
	return out
}

func (p *phrases) longest(text []rune, start int) (found, bool) {
	best, node := found{}, int32(0)
	if joins(text, start) {
		return best, false
	}
	for i := start; i < len(text); i++ {
		n, ok := p.next[edge{node, text[i]}]
		if !ok {
			break
		}
		node = n
		if p.ends[node] != nil && !joins(text, i+1) {
			best = found{start: start, end: i + 1, hints: p.ends[node]}
		}
	}
	return best, best.end > 0
}

// joins reports whether the boundary before text[i] lies inside a Latin word or a number.
func joins(text []rune, i int) bool {
	if i == 0 || i == len(text) {
		return false
	}
	a, b := text[i-1], text[i]
	return latin(a) && latin(b) || digit(a) && digit(b)
}

func latin(r rune) bool { return r < utf8.RuneSelf && unicode.IsLetter(r) }
func digit(r rune) bool { return r >= '0' && r <= '9' }

// folding maps the traditional forms of the characters that dictionaries use
// to simplified ones.
type folding map[rune]rune

func readFolding() (folding, error) {
	b, err := dictionaryFiles.ReadFile("data/traditional.txt")
	if err != nil {
		return nil, err
	}
	f := folding{}
	for pair := range strings.Lines(string(b)) {
		if r := []rune(pair); len(r) >= 2 {
			f[r[0]] = r[1]
		}
	}
	return f, nil
}

// cell brings a text into the form in which phrases are compared: width and
// case folded, traditional characters simplified, quotation marks dropped, and
// blanks and hyphens dropped except between two Latin letters (“ISO 9001”
// meets “ISO9001”, “smart water” stays two words).
func (f folding) cell(s string) []rune {
	text := make([]rune, 0, len(s)/2+1)
	gap := false
	for _, r := range s {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		switch {
		case r == '\n' || r == '\r':
			r = '\n'
		case unicode.IsSpace(r) || strings.ContainsRune("-_‐–", r):
			gap = true
			continue
		case strings.ContainsRune(dropped, r):
			continue
		}
		r = f.letter(r)
		if gap && len(text) > 0 && latin(text[len(text)-1]) && latin(r) {
			text = append(text, ' ')
		}
		gap = false
		text = append(text, r)
	}
	return text
}

// dropped are the marks that lists put around names and that carry no meaning.
const dropped = "“”‘’\"'「」『』《》〈〉·•*#\ufeff\u200b"

func (f folding) letter(r rune) rune {
	if r < utf8.RuneSelf {
		return unicode.ToLower(r)
	}
	if simple, ok := f[r]; ok {
		return simple
	}
	return r
}

func synonymPhrases(x *indexed, fold folding) *phrases {
	p := newPhrases(fold, 5*len(x.Terms))
	for i, t := range x.Terms {
		h := hint{term: int32(i), label: true}
		p.add(t.Zh, h)
		p.add(t.Code, h)
		p.add(t.En, h)
		for _, s := range t.Synonyms {
			p.add(s, h)
		}
	}
	return p
}

func hintPhrases(x *indexed, fold folding) *phrases {
	p := newPhrases(fold, 5*len(x.Terms))
	for i, t := range x.Terms {
		p.add(t.Zh, hint{term: int32(i), label: true})
		p.add(t.En, hint{term: int32(i), label: true})
		for _, s := range t.Synonyms {
			p.add(s, hint{term: int32(i), label: true})
		}
		for _, k := range t.Keywords {
			p.add(k, hint{term: int32(i)})
		}
	}
	return p
}
