package match

import "math/bits"

// lookup finds what a term of an offer is worth to a need without going
// through the need: a page of text has ten times as many terms as the offer it
// is compared with. Open addressing; 0 is no term of any text.
type lookup struct {
	keys  []term
	worth []fieldWorth
	shift int
}

// fieldWorth is what a term is worth in the title and in the body of a need,
// and in the feedback it got.
type fieldWorth struct{ title, body, feedback float64 }

// lookupRoom is how many slots there are to a term: most terms of an offer are
// none of the need's, and should meet an empty slot at once.
const lookupRoom = 3

// Index prepares the query for scoring many offers; the scores stay the same
// to the last bit. It pays from about ten offers on. Call it before the query is shared.
func (q *Query) Index() {
	n := len(q.title.terms) + len(q.body.terms) + 2*feedbackTerms
	size := bits.Len(uint(lookupRoom * n))
	l := &lookup{keys: make([]term, 1<<size), worth: make([]fieldWorth, 1<<size), shift: 32 - size}
	for i, t := range q.title.terms {
		l.worth[l.slot(t)].title = q.title.weight[i]
	}
	for i, t := range q.body.terms {
		l.worth[l.slot(t)].body = q.body.weight[i]
	}
	q.lookup = l
	l.feed(nil, q.feedback)
}

// feed puts feedback in the place of an earlier one.
func (l *lookup) feed(before, f *Feedback) {
	if before != nil {
		for _, t := range before.terms {
			l.worth[l.find(t)].feedback = 0
		}
	}
	if f != nil {
		for i, t := range f.terms {
			l.worth[l.slot(t)].feedback = f.weight[i]
		}
	}
}

// slot returns the place of a term, taking one for it if there is none.
func (l *lookup) slot(t term) int {
	at := l.find(t)
	l.keys[at] = t
	return at
}

// find returns the place where a term is or would be.
func (l *lookup) find(t term) int {
	mask := len(l.keys) - 1
	at := int((t * 0x9E3779B1) >> l.shift)
	for l.keys[at] != t && l.keys[at] != 0 {
		at = (at + 1) & mask
	}
	return at
}

// sums is what bm25f adds up, for title, body and feedback at once and in the
// same order.
func (q *Query) sums(d *bag) (s fieldWorth) {
	l, k1 := q.lookup, q.engine.weights.Text.K1
	keys, mask, shift := l.keys, len(l.keys)-1, l.shift
	titles, bodies := d.title[:len(d.terms)], d.body[:len(d.terms)]
	titleNorm, bodyNorm := q.lengthNorms(d)
	for j, t := range d.terms {
		at := int((t * 0x9E3779B1) >> shift)
		for keys[at] != t && keys[at] != 0 {
			at = (at + 1) & mask
		}
		if keys[at] == 0 {
			continue
		}
		tf := float64(titles[j])*titleNorm + float64(bodies[j])*bodyNorm
		w := &l.worth[at]
		s.title += w.title * tf / (k1 + tf)
		s.body += w.body * tf / (k1 + tf)
		s.feedback += w.feedback * tf / (k1 + tf)
	}
	return s
}

// texts is relevance and feedbackValue, by one look at the offer.
func (q *Query) texts(offer *Profile) (relevance, feedback float64) {
	if q.lookup == nil {
		return q.relevance(offer), q.feedbackValue(offer)
	}
	s := q.sums(&offer.bag)
	relevance, feedback = q.joined(q.title.share(s.title), q.body.share(s.body)), neutral
	if q.feedback != nil {
		feedback = q.trusted(q.feedback.share(s.feedback))
	}
	return relevance, feedback
}
