package embedded

import (
	"math/bits"

	"jinghe/search"
	"jinghe/search/lexicon"
)

// view is what one call sees: an immutable list of parts and the lexicon that
// analysed them. Writers publish a new one; readers keep the one they began with.
type view struct {
	lex   *lexicon.Lexicon
	parts []part
	docs  int      // live documents
	total []uint64 // by text field: summed length of the live documents
}

// part is a segment without its deleted documents.
type part struct {
	*segment
	dead    bitmap // nil where nothing is deleted
	deleted int
}

func (p part) live() int { return p.len() - p.deleted }

// bitmap is a set of document numbers of one segment.
type bitmap []uint64

func newBitmap(n int) bitmap { return make(bitmap, (n+63)/64) }

func (b bitmap) has(n uint16) bool { return b != nil && b[n>>6]&(1<<(n&63)) != 0 }

func (b bitmap) set(n uint16) { b[n>>6] |= 1 << (n & 63) }

// each calls do for every member, ascending.
func (b bitmap) each(do func(n uint16)) {
	for w, word := range b {
		for ; word != 0; word &= word - 1 {
			do(uint16(w<<6 + bits.TrailingZeros64(word)))
		}
	}
}

// newView counts what the parts hold.
func newView(s search.Schema, lex *lexicon.Lexicon, parts []part) *view {
	v := &view{lex: lex, total: make([]uint64, len(s.Text))}
	for _, p := range parts {
		if p.live() == 0 {
			continue
		}
		v.parts = append(v.parts, p)
		v.docs += p.live()
		for f := range v.total {
			v.total[f] += p.sums[f]
		}
		if p.deleted > 0 {
			p.dead.each(func(doc uint16) {
				for f := range v.total {
					v.total[f] -= uint64(p.lengths[f][doc])
				}
			})
		}
	}
	return v
}

// without marks the documents of these IDs as deleted.
func (p part) without(ids map[string]bool) part {
	out := p
	mark := func(id string) {
		doc, ok := p.byID[id]
		if !ok || out.dead.has(doc) {
			return
		}
		if out.deleted == p.deleted { // the first one: readers hold the old bitmap
			out.dead = newBitmap(p.len())
			copy(out.dead, p.dead)
		}
		out.dead.set(doc)
		out.deleted++
	}
	for id := range ids {
		mark(id)
	}
	return out
}

// averages is the mean length of each text field, at least 1.
func (v *view) averages() []float64 {
	out := make([]float64, len(v.total))
	for f, sum := range v.total {
		out[f] = max(1, float64(sum)/float64(max(1, v.docs)))
	}
	return out
}

// frequency is the number of documents with a term. Deleted documents count
// until their segment is merged, as is usual for segmented indexes.
func (v *view) frequency(term string, hash uint32) int {
	n := 0
	for _, p := range v.parts {
		n += len(p.postings(term, hash))
	}
	return n
}
