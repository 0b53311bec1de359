package match

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Twin is a pair of listings that say nearly the same: two places in the list
// that [Engine.Twins] was asked about, the earlier first.
type Twin struct {
	First, Second int
	// Similarity in [0,1]: nearly 1 where the words are the same whatever their
	// order, punctuation, width and script.
	Similarity float64
}

const (
	// TwinLeast is the similarity from which a pair is told. Of the rewrites made
	// of the sample city almost all pass it, of its different listings none.
	TwinLeast = 0.45
	// twinKeys is how many of a listing's rarest terms look for others that
	// hold them. A rewrite leaves some of them alone.
	twinKeys = 32
	// twinShared is how many of these have to be shared for a pair to be compared.
	twinShared = 2
	// twinVisits bounds the postings that one listing looks at: the rarest come
	// first, so what is lost is what half the city says.
	twinVisits = 12_288
	// twinCompared is how many listings one is compared with: those that share most.
	twinCompared = 48
	// twinsOf is how many twins are told of one listing, the most similar ones.
	twinsOf = 3
	// twinRarity is the rarity, as a logarithm, from which terms count alike: a
	// number that stands nowhere else says no more than a rare word.
	twinRarity = 5
	// twinWords damps the similarity of listings that say so little that they
	// cannot but say the same: with so many terms in common it is 63 % of itself.
	twinWords = 12
	// numberWeight is the weight of Latin runs, which are mostly numbers: a list
	// that comes back a year later has other figures.
	numberWeight = 0.4
)

// Twins finds the listings of one side that say nearly the same, most similar
// first; of each listing no more than three. Profiles of different sides are
// never twins. It takes time in proportion to the number of listings.
func (e *Engine) Twins(ctx context.Context, list []*Profile, least float64) ([]Twin, error) {
	t := newTwinIndex(list)
	best := make([][]Twin, len(list))
	for i := range list {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for _, pair := range t.pairs(i, least) {
			best[pair.First] = append(best[pair.First], pair)
			best[pair.Second] = append(best[pair.Second], pair)
		}
	}
	var told []Twin
	for i, pairs := range best {
		slices.SortFunc(pairs, byTwin)
		for _, p := range pairs[:min(len(pairs), twinsOf)] {
			if p.Second == i || !slices.Contains(best[p.Second][:min(len(best[p.Second]), twinsOf)], p) {
				told = append(told, p)
			}
		}
	}
	slices.SortFunc(told, byTwin)
	return told, nil
}

func byTwin(a, b Twin) int {
	return cmp.Or(cmp.Compare(b.Similarity, a.Similarity), cmp.Compare(a.First, b.First), cmp.Compare(a.Second, b.Second))
}

// twinIndex holds which listings hold a term.
type twinIndex struct {
	list     []*Profile
	weight   map[term]float32
	total    []float64 // weight of each listing
	postings map[term][]int32
	shared   []uint16 // by listing, of the one looked at
	touched  []int32
}

func newTwinIndex(list []*Profile) *twinIndex {
	t := &twinIndex{
		list: list, total: make([]float64, len(list)), shared: make([]uint16, len(list)),
		weight: map[term]float32{}, postings: map[term][]int32{},
	}
	for i, p := range list {
		for _, id := range p.bag.terms {
			if id&kindMask != kindChar {
				t.postings[id] = append(t.postings[id], int32(i))
			}
		}
	}
	n := float64(len(list))
	for id, at := range t.postings {
		t.weight[id] = float32(twinWeight(id, float64(len(at)), n))
		if len(at) == 1 {
			delete(t.postings, id)
		}
	}
	for i, p := range list {
		for _, id := range p.bag.terms {
			t.total[i] += float64(t.weight[id])
		}
	}
	return t
}

// pairs compares a listing with the earlier ones that share its rarest terms.
func (t *twinIndex) pairs(i int, least float64) []Twin {
	for _, at := range t.keys(i) {
		for _, j := range at {
			if int(j) >= i {
				break // postings rise
			}
			if t.shared[j] == 0 {
				t.touched = append(t.touched, j)
			}
			t.shared[j]++
		}
	}
	var found []Twin
	enough := t.enough()
	for _, j := range t.touched {
		if t.shared[j] >= enough && t.list[j].Side == t.list[i].Side {
			if s := t.similarity(int(j), i); s >= least {
				found = append(found, Twin{First: int(j), Second: i, Similarity: s})
			}
		}
		t.shared[j] = 0
	}
	t.touched = t.touched[:0]
	return found
}

// enough is how many keys a listing has to share to be among the twinCompared
// that share most, and no less than twinShared.
func (t *twinIndex) enough() uint16 {
	var count [twinKeys + 1]int
	for _, j := range t.touched {
		count[t.shared[j]]++
	}
	sum, enough := 0, twinKeys
	for sum += count[enough]; enough > twinShared && sum+count[enough-1] <= twinCompared; enough-- {
		sum += count[enough-1]
	}
	return uint16(enough)
}

// keys are the postings of the rarest terms of a listing, rarest first.
func (t *twinIndex) keys(i int) [][]int32 {
	var all [][]int32
	for _, id := range t.list[i].bag.terms {
		if at := t.postings[id]; len(at) > 0 {
			all = append(all, at)
		}
	}
	slices.SortStableFunc(all, func(a, b []int32) int { return cmp.Compare(len(a), len(b)) })
	visits := 0
	for k, at := range all {
		if visits += len(at); k == twinKeys || visits > twinVisits && k >= twinShared {
			return all[:k]
		}
	}
	return all
}

// similarity of two listings by the rarity of their terms in the list.
func (t *twinIndex) similarity(i, j int) float64 {
	common, n := 0.0, 0
	for id := range shared(t.list[i].bag.terms, t.list[j].bag.terms) {
		common += float64(t.weight[id])
		n++
	}
	return twinSimilarity(common, n, t.total[i], t.total[j])
}

// twinSimilarity is the share of the smaller listing's words that the larger
// one has, less where the larger says much besides, and where both say little:
// common is the weight of the n terms that both have, a and b that of all.
func twinSimilarity(common float64, n int, a, b float64) float64 {
	if common == 0 {
		return 0
	}
	inner, both := common/min(a, b), 2*common/(a+b)
	return min(math.Sqrt(inner*both), 1) * (1 - math.Exp(-float64(n)/twinWords))
}

// twinWeight is what a term counts that stands in so many of all listings.
func twinWeight(id term, in, all float64) float64 {
	w := min(math.Log1p(all/max(in, 1)), twinRarity)
	if id&kindMask == kindLatin {
		w *= numberWeight
	}
	return w
}

// Likeness returns how similar other profiles are to a, as [Engine.Twins] measures it
// by the rarity of words in a market; one that is less similar than TwinLeast may be
// told as 0. It is not safe for concurrent use.
func (e *Engine) Likeness(a *Profile, s *Statistics) func(b *Profile) float64 {
	all := float64(s.Documents())
	total := func(p *Profile) (sum float64) {
		for _, id := range p.bag.terms {
			if id&kindMask != kindChar {
				sum += twinWeight(id, float64(s.frequency(id)), all)
			}
		}
		return sum
	}
	own := total(a)
	return func(b *Profile) float64 {
		common, n := 0.0, 0
		for id := range shared(a.bag.terms, b.bag.terms) {
			common += twinWeight(id, float64(s.frequency(id)), all)
			n++
		}
		// At best b says nothing but what is common: most are dropped before their words are weighed.
		if n < twinShared || twinSimilarity(common, n, own, common) < TwinLeast {
			return 0
		}
		return twinSimilarity(common, n, own, total(b))
	}
}

// shared yields the terms that two sorted lists have in common, single
// characters left out.
func shared(a, b []term) func(func(term) bool) {
	return func(yield func(term) bool) {
		for i, j := 0, 0; i < len(a) && j < len(b); {
			switch {
			case a[i] < b[j]:
				i++
			case a[i] > b[j]:
				j++
			default:
				if a[i]&kindMask != kindChar && !yield(a[i]) {
					return
				}
				i++
				j++
			}
		}
	}
}
