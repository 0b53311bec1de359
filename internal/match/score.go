package match

import (
	"math"
	"slices"
	"time"

	"jinghe/internal/scene"
)

// neutral is the value of a part about which nothing is known: a missing fact
// neither helps nor hurts against another missing fact.
const neutral = 0.5

// Score is the outcome of a pair before it is explained.
type Score struct {
	Value  float64 // g(Raw), in [0,1]
	Raw    float64 // Σ weight·value, added in the order of the parts
	values [partCount]float64
	Reciprocal
}

// Score scores an offer for the need at an instant. It takes no look at
// eligibility: see [Engine.Check].
func (q *Query) Score(offer *Profile, vector Vector, now time.Time) Score {
	var s Score
	n, e, naming := q.need, q.engine, q.naming(offer)
	relevance, feedback := q.texts(offer)
	s.values = [partCount]float64{
		partTerms:     q.said(relevance, 0, naming),
		partLatent:    q.said(q.latent(vector), neutral, naming),
		partFeedback:  q.said(feedback, neutral, naming),
		partTaxonomy:  e.taxonomy(n, offer),
		partMaturity:  maturityValue(n, offer),
		partMoney:     moneyValue(n.Money, offer.Money),
		partTime:      timeValue(n.Months, offer.Months),
		partPlace:     e.place(n, offer),
		partRecord:    recordValue(n, offer),
		partFreshness: freshness(offer.Updated, now),
		partEmbedding: q.said(q.embedding(offer), neutral, naming),
	}
	s.values[partIndicators] = q.indicatorValue(offer, s.values[partTerms])
	for i, w := range e.parts {
		s.Raw += float64(w * s.values[i]) // rounded before adding, so that the parts sum to it on every machine
	}
	s.Value = e.weights.Calibration.apply(s.Raw)
	s.Reciprocal = e.reciprocal(n, &s)
	return s
}

// latent is the cosine c of both vectors as (1+c)/2: neutral where they have
// nothing to do with each other.
func (q *Query) latent(v Vector) float64 {
	if len(v) == 0 || len(q.vector) == 0 {
		return neutral
	}
	size := float64(q.space.Terms.Documents())
	trust := size / (size + latentMarket)
	return min(max((1+trust*q.vector.dot(v))/2, 0), 1)
}

// latentMarket is the size of a market where a vector learned from it counts half.
const latentMarket = 300

// taxonomy is the best agreement of codes, through the crosswalk where the
// sides use different dictionaries. A field named on both sides and different
// counts 0; nothing to compare is neutral.
func (e *Engine) taxonomy(n, o *Profile) float64 {
	best, compared := 0.0, false
	for _, f := range n.Fields {
		compared = compared || len(o.Fields) > 0 || len(o.Industries) > 0
		if slices.Contains(o.Fields, f) {
			return 1
		}
		best = max(best, e.linked(scene.DictField, f, scene.DictIndustry, o.Industries))
	}
	for _, i := range n.Industries {
		compared = compared || len(o.Fields) > 0 || len(o.Industries) > 0
		if slices.Contains(o.Industries, i) {
			best = max(best, 0.8) // an industry is wider than a field of use
		}
		best = max(best, e.linked(scene.DictIndustry, i, scene.DictField, o.Fields))
	}
	if !compared {
		return neutral
	}
	return best
}

func (e *Engine) linked(from, code, to string, codes []string) float64 {
	if len(codes) == 0 {
		return 0
	}
	best := 0.0
	for _, l := range e.dicts.Related(from, code, to) {
		if slices.Contains(codes, l.To) || slices.Contains(codes, l.From) && l.From != code {
			best = max(best, l.Weight)
		}
	}
	return min(best, 1)
}

// maturityValue: ready for use is worth most to a need; a need that welcomes a
// first use takes a prototype as gladly.
func maturityValue(n, o *Profile) float64 {
	if !o.Maturity.Known() {
		return neutral
	}
	level := float64(o.Maturity.Min+o.Maturity.Max) / 2
	if n.FirstUse == scene.Yes && level >= 5 {
		return 1
	}
	return min(level/9, 1)
}

// moneyValue compares the middle of the price with the highest budget: 1 where
// it fits with room, falling past it. The price of a piece says nothing.
func moneyValue(budget, price scene.MoneyRange) float64 {
	if !budget.Known() || !price.Known() || unitPrice(budget, price) {
		return neutral
	}
	have := float64(max(budget.Max, budget.Min))
	cost := middle(float64(price.Min), float64(price.Max))
	if cost <= have {
		return 1
	}
	return max(0, 1-(cost-have)/have)
}

func timeValue(wait, takes scene.Months) float64 {
	if !wait.Known() || !takes.Known() {
		return neutral
	}
	have, cost := max(wait.Max, wait.Min), middle(takes.Min, takes.Max)
	if cost <= have {
		return 1
	}
	return max(0, 1-(cost-have)/have)
}

// middle of a range that may be open on one side.
func middle(low, high float64) float64 {
	switch {
	case high == 0:
		return low
	case low == 0:
		return high
	}
	return (low + high) / 2
}

// place: the provider delivers where the need lands, or sits there.
func (e *Engine) place(n, o *Profile) float64 {
	if len(n.Regions) == 0 || len(o.Regions) == 0 && o.OrgRegion == "" {
		return neutral
	}
	best := 0.0
	for _, r := range n.Regions {
		if e.inAny(o.Regions, r) || o.OrgRegion != "" && e.dicts.RegionContains(r, o.OrgRegion) {
			return 1
		}
		for _, other := range append(one(o.OrgRegion), o.Regions...) {
			best = max(best, nearness(r, other))
		}
	}
	return best
}

// nearness of two division codes: same city 0.8, same province 0.4.
func nearness(a, b string) float64 {
	switch {
	case len(a) < 4 || len(b) < 4:
		return 0
	case a[:4] == b[:4]:
		return 0.8
	case a[:2] == b[:2]:
		return 0.4
	}
	return 0
}

// recordValue rises with proof: cases (half the way after two), a first-of-kind
// title, rights. A newcomer stands at neutral where a first use is welcome.
func recordValue(n, o *Profile) float64 {
	v := 0.6 * (1 - math.Exp2(-float64(o.Cases)/2))
	if o.FirstOfKind {
		v += 0.2
	}
	if o.HasIP {
		v += 0.1
	}
	if len(o.Qualifications) > 0 {
		v += 0.1
	}
	if n.FirstUse == scene.Yes {
		v = max(v, neutral)
	}
	return v
}

const freshDays = 365 // half-life of a listing's freshness

// freshness halves with every year since the last change, by whole days: a pair
// has one score all day long.
func freshness(updated, now time.Time) float64 {
	if updated.IsZero() || now.IsZero() {
		return neutral
	}
	days := max(epochDay(now)-epochDay(updated), 0)
	return math.Exp2(-days / freshDays)
}

// epochDay is the number of whole days since 1970 in China, which has one zone
// of eight hours and no summer time.
func epochDay(t time.Time) float64 { return math.Floor(float64(t.Unix()+8*3600) / 86400) }

// reciprocal weighs the parts once for either side: the owner looks at fit and
// proof, the provider at money, place and how sure the topic is.
func (e *Engine) reciprocal(n *Profile, s *Score) Reciprocal {
	v := s.values
	topic := s.Value
	offer := 0.5*topic + 0.25*v[partMoney] + 0.1*v[partPlace] + 0.15*clarity(n)
	need := 0.7*topic + 0.1*v[partIndicators] + 0.1*v[partMaturity] + 0.1*v[partRecord]
	return Reciprocal{Need: need, Offer: offer, Both: math.Sqrt(need * offer)}
}

// clarity is the share of the facts that a provider looks for first: targets
// with numbers, money, time, place.
func clarity(n *Profile) float64 {
	have := 0.0
	for _, ok := range []bool{
		len(n.Indicators) > 0, n.Money.Known(), n.Months.Known(), len(n.Regions) > 0, n.bag.bodyLen > 60,
	} {
		if ok {
			have++
		}
	}
	return have / 5
}

// Topic is the value of the texts alone, without feedback: what the first
// round of feedback is taken by.
func (q *Query) Topic(offer *Profile, vector Vector) float64 {
	return q.engine.parts[partTerms]*q.relevance(offer) + q.engine.parts[partLatent]*q.latent(vector)
}

// Echo is what feedback adds to Topic, for the next round.
func (q *Query) Echo(offer *Profile) float64 {
	return q.engine.parts[partFeedback] * q.feedbackValue(offer)
}
