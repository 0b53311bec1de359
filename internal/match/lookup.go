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

// fieldWorth is what a term is worth in the title and in the body of a need.
type fieldWorth struct{ title, body float64 }

// Index prepares the query for scoring many offers; the scores stay the same
// to the last bit. It pays from about ten offers on. Call it before the query is shared.
func (q *Query) Index() {
	size := bits.Len(uint(2 * (len(q.title.terms) + len(q.body.terms))))
	l := &lookup{keys: make([]term, 1<<size), worth: make([]fieldWorth, 1<<size), shift: 32 - size}
	for i, t := range q.title.terms {
		l.worth[l.slot(t)].title = q.title.weight[i]
	}
	for i, t := range q.body.terms {
		l.worth[l.slot(t)].body = q.body.weight[i]
	}
	q.lookup = l
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

// sums is what bm25f adds up, for title and body of the need at once and in
// the same order.
func (q *Query) sums(d *bag) (title, body float64) {
	l, k1 := q.lookup, q.engine.weights.Text.K1
	titleNorm, bodyNorm := q.lengthNorms(d)
	for j, t := range d.terms {
		at := l.find(t)
		if l.keys[at] == 0 {
			continue
		}
		tf := float64(d.title[j])*titleNorm + float64(d.body[j])*bodyNorm
		title += l.worth[at].title * tf / (k1 + tf)
		body += l.worth[at].body * tf / (k1 + tf)
	}
	return title, body
}
