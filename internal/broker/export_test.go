package broker

import (
	"context"
	"slices"
)

// Placed counts the rows that a model has placed.
func Placed(m *Market) int { return len(m.lesson.Load().embedded) }

// Scan sets up to how many rows of a side every one is looked at.
func (m *Market) Scan(n int) { m.needs.scan, m.offers.scan = n, n }

// Gather retrieves the needs of n offers, as a step of the offers does.
func (r *Rematch) Gather(ctx context.Context, n int) error {
	r.room = n * r.o.Candidates
	return r.newPass().gather(ctx)
}

// ScoreSome scores each of the first n needs for as many offers, spread over
// all that a step of size offers holds, as that step does.
func (r *Rematch) ScoreSome(ctx context.Context, n, each, size int) error {
	r.room = size * r.o.Candidates
	p := r.newPass()
	for at := range n {
		for i := range each {
			p.pairs = append(p.pairs, uint64(at)<<32|uint64((at*7919+i*len(p.offers)/each)%len(p.offers)))
		}
	}
	slices.Sort(p.pairs)
	return p.score(ctx)
}
