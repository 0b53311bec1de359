package embedded

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
}

func newScratch() *scratch {
	return &scratch{
		best:  make([]float32, maxSegment),
		units: make([]uint8, maxSegment),
		seen:  newBitmap(maxSegment),
	}
}

// matchAll finds the documents of a part that have every unit, with their
// scores. The result is valid until the next call.
func (sc *scratch) matchAll(s *scorer, p part, k keywords) []found {
	docs := sc.docs[:0]
	for i, u := range k.units {
		switch {
		case i == 0:
			docs = sc.union(docs, s, p, u)
		case len(u.alts) == 1 && len(u.alts[0].terms) == 1:
			docs = narrow(docs, s, p, u.alts[0].terms[0])
		default:
			docs = sc.narrowByUnion(docs, s, p, u)
		}
		if len(docs) == 0 {
			break
		}
	}
	sc.docs = docs
	sc.addBonus(s, p, k.bonus, docs)
	return docs
}

// union lists the live documents that have the unit, ascending, with the score
// of the alternative that fits best.
func (sc *scratch) union(docs []found, s *scorer, p part, u unit) []found {
	if len(u.alts) == 1 && len(u.alts[0].terms) == 1 {
		t := u.alts[0].terms[0]
		for _, post := range p.postings(t.term, t.hash) {
			if !p.dead.has(post.doc) {
				docs = append(docs, found{s.of(p.inverted, post, t.factor), post.doc})
			}
		}
		return docs
	}
	sc.mark(s, p, u)
	sc.seen[:(p.len()+63)/64].each(func(doc uint16) {
		if !p.dead.has(doc) {
			docs = append(docs, found{sc.best[doc], doc})
		}
	})
	sc.unmark(p)
	return docs
}

// mark notes every document of the unit in seen and its score in best.
func (sc *scratch) mark(s *scorer, p part, u unit) {
	for _, a := range u.alts {
		if len(a.terms) == 1 {
			for _, post := range p.postings(a.terms[0].term, a.terms[0].hash) {
				sc.raise(post.doc, s.of(p.inverted, post, a.terms[0].factor))
			}
			continue
		}
		for _, d := range intersect(s, p, a.terms) {
			sc.raise(d.doc, d.score)
		}
	}
}

func (sc *scratch) raise(doc uint16, score float32) {
	sc.seen.set(doc)
	sc.best[doc] = max(sc.best[doc], score)
}

func (sc *scratch) unmark(p part) {
	clear(sc.seen[:(p.len()+63)/64])
	clear(sc.best[:p.len()])
}

// intersect lists the documents that have all the terms.
func intersect(s *scorer, p part, terms []termRef) []found {
	var docs []found
	for i, t := range terms {
		if i > 0 {
			docs = narrow(docs, s, p, t)
			continue
		}
		for _, post := range p.postings(t.term, t.hash) {
			docs = append(docs, found{s.of(p.inverted, post, t.factor), post.doc})
		}
	}
	return docs
}

// narrow keeps the documents that have the term, too, and adds its score.
func narrow(docs []found, s *scorer, p part, t termRef) []found {
	posts := p.postings(t.term, t.hash)
	kept := docs[:0]
	for _, d := range docs {
		if posts = skipTo(posts, d.doc); len(posts) == 0 {
			break
		}
		if posts[0].doc == d.doc {
			d.score += s.of(p.inverted, posts[0], t.factor)
			kept = append(kept, d)
		}
	}
	return kept
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

func (sc *scratch) narrowByUnion(docs []found, s *scorer, p part, u unit) []found {
	sc.mark(s, p, u)
	kept := docs[:0]
	for _, d := range docs {
		if sc.seen.has(d.doc) {
			d.score += sc.best[d.doc]
			kept = append(kept, d)
		}
	}
	sc.unmark(p)
	return kept
}

// addBonus raises the documents that also have the terms.
func (sc *scratch) addBonus(s *scorer, p part, terms []termRef, docs []found) {
	for _, t := range terms {
		addScores(docs, s, p, t)
	}
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

// matchMost finds the documents of a part that have at least least units, with
// the number of units of each in the returned counts. It is the second attempt
// when no document has them all.
func (sc *scratch) matchMost(s *scorer, p part, k keywords, least int) (docs []found, most int) {
	scores := make([]float32, p.len())
	for _, u := range k.units {
		sc.mark(s, p, u)
		sc.seen[:(p.len()+63)/64].each(func(doc uint16) {
			sc.units[doc]++
			scores[doc] += sc.best[doc]
		})
		sc.unmark(p)
	}
	docs = sc.docs[:0]
	for doc := range uint16(p.len() - 1) {
		docs, most = sc.keepMost(docs, p, doc, scores[doc], least, most)
	}
	docs, most = sc.keepMost(docs, p, uint16(p.len()-1), scores[p.len()-1], least, most)
	clear(sc.units[:p.len()])
	sc.docs = docs
	sc.addBonus(s, p, k.bonus, docs)
	return docs, most
}

// keepMost keeps a document that has more units than any before, or as many.
func (sc *scratch) keepMost(docs []found, p part, doc uint16, score float32, least, most int) ([]found, int) {
	n := int(sc.units[doc])
	if n < max(1, least, most) || p.dead.has(doc) {
		return docs, most
	}
	if n > most {
		docs = docs[:0]
	}
	return append(docs, found{score, doc}), n
}
