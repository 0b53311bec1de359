package embedded

import (
	"slices"

	"jinghe/search/keyword"
)

// found is a document that answers a query.
type found struct {
	score float32
	doc   uint16
}

// scratch is the reusable workspace of one call; arrays are indexed by the
// document number within a segment and are all zero between uses.
type scratch struct {
	best  []float32
	units []uint8
	seen  bitmap
	docs  []found
	// For a search: what became of each of docs, and what is found.
	outcomes []outcome
	hits     []hit
	// For addUnit, by position in docs.
	part []float32
	sums []found
	met  []uint8
	// For Candidates.
	tally keyword.Tally
	refs  []termRef
}

func newScratch() *scratch {
	return &scratch{
		best:  make([]float32, maxSegment),
		units: make([]uint8, maxSegment),
		seen:  newBitmap(maxSegment),
		tally: keyword.Tally{Sum: hashTerm[string]},
	}
}

// matchAll finds the documents of a part that have every unit, with their
// scores. The result is valid until the next call. Scores are worked out last,
// for the few documents that are left.
func (sc *scratch) matchAll(s *scorer, p part, k keywords) []found {
	docs := sc.docs[:0]
	for i, u := range k.units {
		term, single := u.single()
		switch {
		case single && i == 0:
			docs = allOf(docs, p, p.postings(term.term, term.hash))
		case single:
			docs = narrow(docs, p.postings(term.term, term.hash))
		default:
			sc.mark(p, u)
			if i == 0 {
				docs = sc.marked(docs, p)
			} else {
				docs = slices.DeleteFunc(docs, func(d found) bool { return !sc.seen.has(d.doc) })
			}
			clear(sc.seen[:(p.len()+63)/64])
		}
		if len(docs) == 0 {
			break
		}
	}
	sc.docs = docs
	for _, u := range k.units {
		sc.addUnit(docs, s, p, u)
	}
	for _, t := range k.bonus {
		addScores(docs, s, p, t)
	}
	return docs
}

// single returns the one term of a unit that has no other way to be met.
func (u unit) single() (termRef, bool) {
	if len(u.alts) == 1 && len(u.alts[0].terms) == 1 {
		return u.alts[0].terms[0], true
	}
	return termRef{}, false
}

// allOf lists the live documents of a list of postings.
func allOf(docs []found, p part, posts []posting) []found {
	for _, post := range posts {
		if !p.dead.has(post.doc) {
			docs = append(docs, found{0, post.doc})
		}
	}
	return docs
}

// mark notes every document that has the unit in seen.
func (sc *scratch) mark(p part, u unit) {
	for _, a := range u.alts {
		posts := p.postings(a.terms[0].term, a.terms[0].hash)
		if len(a.terms) == 1 {
			for _, post := range posts {
				sc.seen.set(post.doc)
			}
			continue
		}
		docs := allOf(nil, p, posts)
		for _, t := range a.terms[1:] {
			docs = narrow(docs, p.postings(t.term, t.hash))
		}
		for _, d := range docs {
			sc.seen.set(d.doc)
		}
	}
}

// marked lists the live documents in seen.
func (sc *scratch) marked(docs []found, p part) []found {
	sc.seen[:(p.len()+63)/64].each(func(doc uint16) {
		if !p.dead.has(doc) {
			docs = append(docs, found{0, doc})
		}
	})
	return docs
}

// narrow keeps the documents that occur in the postings, too.
func narrow(docs []found, posts []posting) []found {
	const manyTimes = 8
	kept := docs[:0]
	if len(posts) > manyTimes*len(docs) {
		for _, d := range docs {
			if posts = skipTo(posts, d.doc); len(posts) == 0 {
				break
			}
			if posts[0].doc == d.doc {
				kept = append(kept, d)
			}
		}
		return kept
	}
	at := 0
	for _, d := range docs {
		for at < len(posts) && posts[at].doc < d.doc {
			at++
		}
		if at == len(posts) {
			break
		}
		if posts[at].doc == d.doc {
			kept = append(kept, d)
		}
	}
	return kept
}

// addUnit adds, to each document, the score of the alternative that fits it best.
func (sc *scratch) addUnit(docs []found, s *scorer, p part, u unit) {
	if t, single := u.single(); single {
		addScores(docs, s, p, t)
		return
	}
	best := resize(sc.part, len(docs))
	sc.part = best
	clear(best)
	for _, a := range u.alts {
		sums := resize(sc.sums, len(docs))
		sc.sums = sums
		copy(sums, docs)
		for i := range sums {
			sums[i].score = 0
		}
		met := resize(sc.met, len(docs))
		sc.met = met
		clear(met)
		for _, t := range a.terms {
			posts := p.postings(t.term, t.hash)
			for i := range sums {
				if posts = skipTo(posts, sums[i].doc); len(posts) == 0 {
					break
				}
				if posts[0].doc == sums[i].doc {
					sums[i].score += s.of(p.inverted, posts[0], t.factor)
					met[i]++
				}
			}
		}
		for i := range sums {
			if int(met[i]) == len(a.terms) {
				best[i] = max(best[i], sums[i].score)
			}
		}
	}
	for i := range docs {
		docs[i].score += best[i]
	}
}

func resize[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n)
	}
	return list[:n]
}

// skipTo drops the postings before a document, in steps that double, so that a
// short list against a long one costs little.
func skipTo(posts []posting, doc uint16) []posting {
	if len(posts) == 0 || posts[0].doc >= doc {
		return posts
	}
	step := 1
	for step < len(posts) && posts[step].doc < doc {
		step *= 2
	}
	low, high := step/2+1, min(step, len(posts)) // posts[low-1] is before doc, posts[high] is not
	for low < high {
		middle := int(uint(low+high) >> 1)
		if posts[middle].doc < doc {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return posts[low:]
}

// addScores adds a term's score to those of the documents that have it.
func addScores(docs []found, s *scorer, p part, t termRef) {
	posts := p.postings(t.term, t.hash)
	for i := range docs {
		if posts = skipTo(posts, docs[i].doc); len(posts) == 0 {
			return
		}
		if posts[0].doc == docs[i].doc {
			docs[i].score += s.of(p.inverted, posts[0], t.factor)
		}
	}
}

// telling returns the units that decide what is offered when no document has
// all of them, and how many of these are the least. Single characters count
// only where no word is known, and then most of them must be there: one
// character of four says nothing.
func (k keywords) telling() (units []unit, least int) {
	for _, u := range k.units {
		if u.end-u.start > 1 && len(u.alts) > 0 {
			units = append(units, u)
		}
	}
	if len(units) > 0 {
		return units, 1
	}
	return k.units, len(k.units)/2 + 1
}

// matchMost finds the documents of a part that have the most of the telling
// units, and how many that is; none if that is below least. It is the second
// attempt when no document has them all.
func (sc *scratch) matchMost(s *scorer, p part, k keywords, least int) (docs []found, most int) {
	telling, fewest := k.telling()
	for _, u := range telling {
		sc.mark(p, u)
		sc.seen[:(p.len()+63)/64].each(func(doc uint16) { sc.units[doc]++ })
		clear(sc.seen[:(p.len()+63)/64])
	}
	docs, most = sc.docs[:0], max(fewest, least)
	for doc, n := range sc.units[:p.len()] {
		if int(n) < most || p.dead.has(uint16(doc)) {
			continue
		}
		if int(n) > most {
			docs, most = docs[:0], int(n)
		}
		docs = append(docs, found{0, uint16(doc)})
	}
	clear(sc.units[:p.len()])
	sc.docs = docs
	for _, u := range k.units {
		sc.addUnit(docs, s, p, u)
	}
	for _, t := range k.bonus {
		addScores(docs, s, p, t)
	}
	return docs, most
}
