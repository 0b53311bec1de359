package match

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// Space is what a market has learned from its own catalogue.
type Space struct {
	Terms  *Statistics
	Latent *Latent // nil: none learned yet
	// Embedded is nil where no outside model placed the rows.
	Embedded Embedded
}

// Query is a need prepared for many offers. Once [Query.Feed] was called, if at
// all, it is not changed any more and may be shared.
type Query struct {
	need     *Profile
	engine   *Engine
	space    Space
	vector   Vector
	embedded Vector
	title    weighted
	body     weighted
	feedback *Feedback
	norm     lengthNorm
	lookup   *lookup // nil: pairs are compared by going through both lists
	thing    string  // the thing that a vague need names, see thingOf

	once sync.Once // guards cut, made when the first pair is explained
	cut  []needWord
}

// weighted is a set of terms in rising order with what each is worth, and the
// most that an offer of average breadth could get by them.
type weighted struct {
	terms  []term
	weight []float64
	best   float64
}

// lengthNorm holds the averages that document lengths are compared with.
type lengthNorm struct{ title, body float64 }

// Query prepares a need.
func (e *Engine) Query(need *Profile, space Space) *Query {
	var vector Vector
	if space.Latent != nil {
		vector = space.Latent.Vector(need)
	}
	return e.QueryAt(need, vector, space)
}

// QueryAt prepares a need whose place in latent space is known, nil if it has none.
func (e *Engine) QueryAt(need *Profile, vector Vector, space Space) *Query {
	q := &Query{need: need, engine: e, space: space, vector: vector, thing: e.thingOf(need)}
	q.norm.title, q.norm.body = space.Terms.averages()
	q.title = e.weigh(&need.bag, need.bag.title, space.Terms)
	q.body = e.weigh(&need.bag, need.bag.body, space.Terms)
	q.embedded = space.Embedded[need]
	q.title.widen(e.weigh(&need.alike, need.alike.title, space.Terms), e.weights.Text.Alike)
	q.body.widen(e.weigh(&need.alike, need.alike.body, space.Terms), e.weights.Text.Alike)
	return q
}

// weigh gives each term of a field how often it stands there times its rarity.
func (e *Engine) weigh(b *bag, times []uint8, s *Statistics) weighted {
	w := weighted{terms: make([]term, 0, len(b.terms)), weight: make([]float64, 0, len(b.terms))}
	for i, t := range b.terms {
		if times[i] > 0 {
			w.terms = append(w.terms, t)
			weight := float64(times[i]) * s.idf(t) * e.weights.Text.kind(t)
			if e.generic[t] {
				weight *= e.weights.Text.Generic
			}
			w.weight = append(w.weight, weight)
		}
	}
	w.bound(s.breadth())
	return w
}

// bound sets best: the weightiest terms that an offer of average breadth has
// room for, each as often as one likes. A page of text has more than any offer
// could answer.
func (w *weighted) bound(breadth int) {
	top := slices.Clone(w.weight)
	if len(top) > breadth {
		slices.SortFunc(top, func(a, b float64) int { return cmp.Compare(b, a) })
		top = top[:breadth]
	}
	w.best = 0
	for _, x := range top {
		w.best += x
	}
}

func (t TextWeights) kind(id term) float64 {
	switch id & kindMask {
	case kindChar:
		return t.Chars
	case kindLatin:
		return t.Latin
	}
	return 1
}

// stretch spreads shares, which rarely pass a half, over [0,1] without making
// ties: nearly straight where most lie.
const stretch = 2.2

// bm25f is the BM25F score of a document (Robertson and Zaragoza 2009: the
// occurrences in all fields, each by its length, are added before saturation)
// as a share of the best, spread over [0,1).
func (q *Query) bm25f(w *weighted, d *bag) float64 {
	if w.best == 0 {
		return 0
	}
	t := &q.engine.weights.Text
	titleNorm, bodyNorm := q.lengthNorms(d)
	sum := 0.0
	for i, j := 0, 0; i < len(w.terms) && j < len(d.terms); {
		switch {
		case w.terms[i] < d.terms[j]:
			i++
		case w.terms[i] > d.terms[j]:
			j++
		default:
			tf := float64(d.title[j])*titleNorm + float64(d.body[j])*bodyNorm
			sum += w.weight[i] * tf / (t.K1 + tf)
			i++
			j++
		}
	}
	return w.share(sum)
}

// share spreads a sum, as a share of the best, over [0,1).
func (w *weighted) share(sum float64) float64 {
	if w.best == 0 {
		return 0
	}
	return 1 - math.Exp(-stretch*sum/w.best)
}

// lengthNorms is what one occurrence in the title and in the body of a
// document counts by the lengths of both.
func (q *Query) lengthNorms(d *bag) (title, body float64) {
	t := &q.engine.weights.Text
	return 1 / (1 - t.BTitle + t.BTitle*float64(d.titleLen)/q.norm.title),
		t.DocBody / (1 - t.BBody + t.BBody*float64(d.bodyLen)/q.norm.body)
}

// relevance is how well an offer answers the title and, with less weight, the
// body of the need by its words, in [0,1].
func (q *Query) relevance(offer *Profile) float64 {
	if q.lookup != nil {
		s := q.sums(&offer.bag)
		return q.joined(q.title.share(s.title), q.body.share(s.body))
	}
	return q.joined(q.bm25f(&q.title, &offer.bag), q.bm25f(&q.body, &offer.bag))
}

// joined weighs how well title and body of the need are answered.
func (q *Query) joined(title, body float64) float64 {
	if share := q.engine.weights.Text.QueryBody; len(q.body.terms) > 0 {
		return (title + share*body) / (1 + share)
	}
	return title
}

// Need is the profile that the query was made from.
func (q *Query) Need() *Profile { return q.need }
