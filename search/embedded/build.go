package embedded

import (
	"bytes"
	"math"

	"jinghe/search"
	"jinghe/search/keyword"
	"jinghe/search/lexicon"
)

// completable reports whether terms that begin with this byte are looked up by prefix.
func completable(first byte) bool { return first < 0x80 }

func compareBytes(a, b []byte) int { return bytes.Compare(a, b) }

// entry is a posting before it is sorted by term.
type entry struct {
	term uint32
	posting
}

// builder collects the postings of one segment.
type builder struct {
	schema   search.Schema
	lex      *lexicon.Lexicon
	terms    *termTable
	patterns *patternTable
	log      []entry
	lengths  [][]uint16
	tokens   []lexicon.Token
	// The document at work: which terms it has, and how often by field.
	doc     []uint32
	counts  []pattern
	touched []uint32 // by term: position in doc, valid if stamp matches
	stamp   []uint32 // by term: 1 + the last document that had it
	sound   []byte
}

// invert indexes the text of rows.
func invert(s search.Schema, lex *lexicon.Lexicon, r *rows) *inverted {
	const termsPerDocument, typical = 40, 250
	n := r.len()
	b := &builder{
		schema:   s,
		lex:      lex,
		terms:    newTermTable(n*termsPerDocument + typical),
		patterns: newPatternTable(),
		log:      make([]entry, 0, n*typical),
		lengths:  make([][]uint16, len(s.Text)),
	}
	for f := range b.lengths {
		b.lengths[f] = make([]uint16, n)
	}
	for doc := range n {
		b.add(uint16(doc), r.texts(uint16(doc)))
	}
	return b.finish()
}

func (b *builder) add(doc uint16, texts []string) {
	b.doc, b.counts = b.doc[:0], b.counts[:0]
	for f, text := range texts {
		if text == "" {
			continue
		}
		b.tokens = b.lex.AppendTokens(b.tokens[:0], text)
		length := 0
		for _, t := range b.tokens {
			if t.Kind == lexicon.Char || t.Kind == lexicon.Latin || t.Kind == lexicon.Number {
				length++
			}
			b.count(doc, f, intern(b.terms, t.Term, hashTerm(t.Term)))
		}
		b.lengths[f][doc] = uint16(min(length, math.MaxUint16))
		if b.schema.Text[f].Pinyin {
			b.addSounds(doc, f, text)
		}
	}
	for i, term := range b.doc {
		b.log = append(b.log, entry{term, posting{doc, b.patternOf(b.counts[i])}})
	}
}

func (b *builder) patternOf(p pattern) uint16 {
	field, sum := 0, 0
	for f, n := range p[:len(b.schema.Text)] {
		if n > 0 {
			field = f
		}
		sum += int(n)
	}
	if sum == 1 {
		return b.patterns.single(field)
	}
	return b.patterns.number(p)
}

func (b *builder) count(doc uint16, field int, term uint32) {
	for int(term) >= len(b.stamp) {
		b.stamp = append(b.stamp, 0)
		b.touched = append(b.touched, 0)
	}
	if b.stamp[term] != uint32(doc)+1 {
		b.stamp[term] = uint32(doc) + 1
		b.touched[term] = uint32(len(b.doc))
		b.doc = append(b.doc, term)
		b.counts = append(b.counts, pattern{})
	}
	if c := &b.counts[b.touched[term]][field]; *c < math.MaxUint8 {
		*c++
	}
}

// addSounds indexes what may be typed as pinyin for the tokens of the field.
func (b *builder) addSounds(doc uint16, field int, text string) {
	b.sound = keyword.EachSound(b.lex, text, b.tokens, b.sound, func(term []byte) {
		b.count(doc, field, intern(b.terms, term, hashTerm(term)))
	})
}

// finish sorts the postings by term; they are by document already.
func (b *builder) finish() *inverted {
	x := &inverted{
		terms:    b.terms,
		starts:   make([]uint32, b.terms.len()+1),
		posts:    make([]posting, len(b.log)),
		patterns: b.patterns.patterns,
		lengths:  b.lengths,
	}
	for _, e := range b.log {
		x.starts[e.term+1]++
	}
	for i := 1; i < len(x.starts); i++ {
		x.starts[i] += x.starts[i-1]
	}
	at := append([]uint32(nil), x.starts...)
	for _, e := range b.log {
		x.posts[at[e.term]] = e.posting
		at[e.term]++
	}
	x.finish()
	return x
}
