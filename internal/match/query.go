package match

import (
	"math"
	"sync"
)

// Space is what a market has learned from its own catalogue.
type Space struct {
	Terms  *Statistics
	Latent *Latent // nil: none learned yet
}

// Query is a need prepared for many offers. It is not changed after it was
// made and may be shared.
type Query struct {
	need   *Profile
	engine *Engine
	space  Space
	terms  []term
	weight []float64 // of each term: its share of the query times its rarity
	// best is the text score of an offer that holds every term of the query as
	// often as the query itself: what a text score is divided by.
	best     float64
	avgTitle float64
	avgBody  float64
	vector   Vector

	once sync.Once // guards cut, made when the first pair is explained
	cut  []needWord
}

// Query prepares a need.
func (e *Engine) Query(need *Profile, space Space) *Query {
	q := &Query{need: need, engine: e, space: space}
	q.avgTitle, q.avgBody = space.Terms.averages()
	t := e.weights.Text
	b := &need.bag
	q.terms = b.terms
	q.weight = make([]float64, len(b.terms))
	for i, id := range b.terms {
		q.weight[i] = e.queryWeight(b, i) * space.Terms.idf(id) * t.kind(id)
	}
	q.best = q.text(b)
	if space.Latent != nil {
		q.vector = space.Latent.Vector(need)
	}
	return q
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

// queryWeight is how much the need speaks of its i-th term: once for each time
// in the title, and in the body by the share of the body that it is.
func (e *Engine) queryWeight(b *bag, i int) float64 {
	w := float64(b.title[i])
	if b.body[i] > 0 {
		scale := max(float64(b.titleLen), 1) / max(float64(b.bodyLen), 1)
		w += e.weights.Text.QueryBody * float64(b.body[i]) * min(scale, 1)
	}
	return w
}

// text is the BM25F score of a document (Robertson and Zaragoza 2009, with the
// body's occurrences added to the title's before saturation).
func (q *Query) text(d *bag) float64 {
	t := q.engine.weights.Text
	titleNorm := 1 / (1 - t.BTitle + t.BTitle*float64(d.titleLen)/q.avgTitle)
	bodyNorm := t.DocBody / (1 - t.BBody + t.BBody*float64(d.bodyLen)/q.avgBody)
	sum := 0.0
	for i, j := 0, 0; i < len(q.terms) && j < len(d.terms); {
		switch {
		case q.terms[i] < d.terms[j]:
			i++
		case q.terms[i] > d.terms[j]:
			j++
		default:
			tf := float64(d.title[j])*titleNorm + float64(d.body[j])*bodyNorm
			sum += q.weight[i] * tf / (t.K1 + tf)
			i++
			j++
		}
	}
	return sum
}

// Relevance is the text part alone, in [0,1].
func (q *Query) Relevance(offer *Profile) float64 {
	if q.best == 0 {
		return 0
	}
	return math.Min(q.text(&offer.bag)/q.best, 1)
}

// Need is the profile that the query was made from.
func (q *Query) Need() *Profile { return q.need }
