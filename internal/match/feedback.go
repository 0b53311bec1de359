package match

import (
	"cmp"
	"slices"
)

const (
	// FeedbackOffers is how many of the best offers a need takes words from.
	FeedbackOffers = 10
	feedbackTerms  = 60
	// feedbackBreadth is how many terms an average listing has where feedback
	// counts half: from bare titles it takes little but noise, from paragraphs much.
	feedbackBreadth = 100
	// feedbackMarket is the size of a market where feedback counts half: among
	// few offers the ten best have little to do with the need.
	feedbackMarket = 1000
)

// Feedback is what the offers that answer a need best have in common: the
// words the market uses for what the need asks (pseudo-relevance feedback,
// after RM3, Abdul-Jaleel and others 2004). It is not changed after it was
// made and may be shared.
type Feedback struct{ weighted }

// Liked is an offer that answers a need well, by its score.
type Liked struct {
	Offer *Profile
	Score float64
}

// Feedback joins the terms of the best offers, each by its share of the offer's
// text, by its rarity, and by the offer's score. best are the [Teachers]. It
// returns nil for no offers.
func (e *Engine) Feedback(best []Liked, s *Statistics) *Feedback {
	total := 0.0
	for _, b := range best {
		total += b.Score
	}
	if total <= 0 {
		return nil
	}
	list := e.common(best, total, s)
	slices.SortFunc(list, func(a, b termWeight) int { return cmp.Compare(a.term, b.term) })
	f := &Feedback{}
	for _, x := range list {
		f.terms = append(f.terms, x.term)
		f.weight = append(f.weight, x.weight)
	}
	f.bound(s.breadth())
	return f
}

type termWeight struct {
	term   term
	weight float64
}

// common weighs the terms of the offers and returns the feedbackTerms
// weightiest, going through their sorted terms side by side. total is the sum of their scores.
func (e *Engine) common(best []Liked, total float64, s *Statistics) []termWeight {
	shares, at := make([]float64, len(best)), make([]int, len(best))
	for i, b := range best {
		d := &b.Offer.bag
		shares[i] = b.Score / total / max(float64(d.titleLen+d.bodyLen), 1)
	}
	list := make([]termWeight, 0, feedbackTerms+1)
	for {
		next, more := ^term(0), false
		for i := range best {
			if d := &best[i].Offer.bag; at[i] < len(d.terms) {
				next, more = min(next, d.terms[at[i]]), true
			}
		}
		if !more {
			break
		}
		sum := 0.0
		for i := range best {
			d := &best[i].Offer.bag
			if at[i] < len(d.terms) && d.terms[at[i]] == next {
				sum += shares[i] * float64(int(d.title[at[i]])+int(d.body[at[i]]))
				at[i]++
			}
		}
		list = insertWeightiest(list, termWeight{next, sum * s.idf(next) * e.weights.Text.kind(next)})
	}
	return list
}

// insertWeightiest puts an entry into a list kept by falling weight, ties in the order
// of coming, which drops what goes beyond feedbackTerms.
func insertWeightiest(list []termWeight, x termWeight) []termWeight {
	if n := len(list); n == feedbackTerms && x.weight <= list[n-1].weight {
		return list
	}
	at, _ := slices.BinarySearchFunc(list, x.weight, func(e termWeight, w float64) int {
		if e.weight >= w {
			return -1
		}
		return 1
	})
	return slices.Insert(list, at, x)[:min(len(list)+1, feedbackTerms)]
}

// Teachers returns the offers that feedback takes words from: of those given in
// falling order of score the first FeedbackOffers of different text. A listing
// that stands in the catalogue ten times says nothing new.
func Teachers(best []Liked) []Liked {
	kept := make([]Liked, 0, FeedbackOffers)
	for _, b := range best {
		if len(kept) == FeedbackOffers {
			break
		}
		copied := slices.ContainsFunc(kept, func(k Liked) bool { return slices.Equal(k.Offer.bag.terms, b.Offer.bag.terms) })
		if !copied {
			kept = append(kept, b)
		}
	}
	return kept
}

// Feed gives the query the feedback of an earlier round. It is called before
// the query is shared; nil leaves the part neutral.
func (q *Query) Feed(f *Feedback) {
	if q.lookup != nil {
		q.lookup.feed(q.feedback, f)
	}
	q.feedback = f
}

func (q *Query) feedbackValue(offer *Profile) float64 {
	switch {
	case q.feedback == nil:
		return neutral
	case q.lookup != nil:
		return q.trusted(q.feedback.share(q.sums(&offer.bag).feedback))
	}
	return q.trusted(q.bm25f(&q.feedback.weighted, &offer.bag))
}

// trusted draws the value of feedback towards neutral in small markets and in
// those of short texts.
func (q *Query) trusted(value float64) float64 {
	breadth, size := float64(q.space.Terms.breadth()), float64(q.space.Terms.Documents())
	trust := breadth * breadth / (breadth*breadth + feedbackBreadth*feedbackBreadth) * size / (size + feedbackMarket)
	return neutral + trust*(value-neutral)
}
