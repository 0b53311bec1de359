package match

import "time"

// Describe returns numbers about a pair for a learner: the raw score first,
// then its text parts taken apart, and how much text there is.
func (q *Query) Describe(offer *Profile, vector Vector) []float64 {
	s := q.Score(offer, vector, time.Time{})
	n, d := &q.need.bag, &offer.bag
	common, share := q.overlap(d)
	return []float64{
		s.Raw, q.bm25f(&q.title, d), q.bm25f(&q.body, d), q.latent(vector), q.feedbackValue(offer),
		common, share, float64(n.titleLen), float64(n.bodyLen), float64(d.titleLen), float64(d.bodyLen),
	}
}

// overlap counts the pairs of characters and Latin runs that the offer's title
// shares with the need, and their share of the rarity of all it has.
func (q *Query) overlap(d *bag) (common, share float64) {
	have, all := 0.0, 0.0
	for i, t := range d.terms {
		if t&kindMask == kindChar || d.title[i] == 0 {
			continue
		}
		idf := q.space.Terms.idf(t)
		all += idf
		if q.need.bag.has(t) {
			common++
			have += idf
		}
	}
	if all > 0 {
		share = have / all
	}
	return common, share
}
