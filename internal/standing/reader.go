package standing

import (
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search/lexicon"
)

// reader is the workspace for one listing: what stands in it, and what was
// found out about it. Everything carries the round it is of, so that nothing
// has to be wiped between listings.
type reader struct {
	tokens []lexicon.Token
	seen   []uint32 // by number of a term: the round in which it was met
	round  uint32
	met    []uint32
	truths []scene.Truth // by division asked for: whether the listing is there
	judged []uint32      // by filter: the round, and a verdict in the two lowest bits
	sums   []uint16      // by description
	found  []uint32
}

const lastRound = 1<<30 - 1

// begin opens a round over a book.
func (r *reader) begin(b *Book, h *half) {
	r.seen = atLeast(r.seen, len(b.terms.list))
	r.judged = atLeast(r.judged, len(h.filters.list))
	if r.round++; r.round == lastRound {
		clear(r.seen)
		clear(r.judged)
		r.round = 1
	}
	r.met, r.found, r.truths = r.met[:0], r.found[:0], r.truths[:0]
}

// atLeast lengthens s by zeros; what it holds stays.
func atLeast(s []uint32, n int) []uint32 {
	if len(s) >= n {
		return s
	}
	return append(s, make([]uint32, n-len(s))...)
}

func (r *reader) has(term uint32) bool { return r.seen[term] == r.round }

func (r *reader) meet(b *Book, text string) {
	if n, ok := b.terms.numbers[text]; ok && !r.has(n) {
		r.note(n)
		for _, word := range b.terms.list[n].words {
			if !r.has(word) {
				r.note(word)
			}
		}
	}
}

func (r *reader) note(n uint32) {
	r.seen[n] = r.round
	r.met = append(r.met, n)
}

// read notes the terms and labels of a listing that the book knows.
func (r *reader) read(b *Book, h *half, p *match.Profile) {
	r.begin(b, h)
	for _, t := range p.Texts {
		r.tokens = b.lex.AppendTokens(r.tokens[:0], t.Value)
		for i := range r.tokens {
			r.meet(b, r.tokens[i].Term)
		}
	}
	clear(r.tokens)
	for _, f := range p.Fields {
		r.meet(b, fieldMark+f)
	}
	r.meet(b, orgMark+p.Org)
	r.truths = b.divisions.truths(r.truths, p)
}
