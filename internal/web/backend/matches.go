package backend

import (
	"context"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// VisitorMatches returns the rankings of m as a reader without an account may
// see them: passages and sentences are made from the rows as they stand, so
// contacts that stand in running text are covered here, too.
func VisitorMatches(m Matcher) Matcher { return visitorMatches{m} }

type visitorMatches struct{ all Matcher }

func (v visitorMatches) OffersFor(ctx context.Context, need scene.ID, q Matching) (match.Ranking, error) {
	r, err := v.all.OffersFor(ctx, need, q)
	return publicRanking(r), err
}

func (v visitorMatches) NeedsFor(ctx context.Context, offer scene.ID, q Matching) (match.Ranking, error) {
	r, err := v.all.NeedsFor(ctx, offer, q)
	return publicRanking(r), err
}

func (v visitorMatches) ForDraft(ctx context.Context, d Draft, q Matching) (match.Ranking, error) {
	r, err := v.all.ForDraft(ctx, d, q)
	return publicRanking(r), err
}

// publicRanking copies r: the matcher may keep what it returned.
func publicRanking(r match.Ranking) match.Ranking {
	r.Need = publicRef(r.Need)
	r.Matches = mapped(r.Matches, publicMatch)
	r.Excluded = mapped(r.Excluded, func(e match.Exclusion) match.Exclusion {
		e.Offer, e.Clauses = publicRef(e.Offer), mapped(e.Clauses, publicGap)
		return e
	})
	if r.Clarity != nil {
		r.Clarity = publicClarity(*r.Clarity)
	}
	if r.Consortium != nil {
		r.Consortium = publicConsortium(*r.Consortium)
	}
	r.Changes = mapped(r.Changes, func(c match.Change) match.Change {
		c.From, c.To, c.Text = scene.Redact(c.From), scene.Redact(c.To), scene.Redact(c.Text)
		c.Offers = mapped(c.Offers, publicRef)
		return c
	})
	return r
}

func publicClarity(c match.Clarity) *match.Clarity {
	c.Advice = mapped(c.Advice, func(a match.Advice) match.Advice {
		a.Advice = scene.Redact(a.Advice)
		if a.Passage != nil {
			passage := *a.Passage
			passage.Text = scene.Redact(passage.Text)
			a.Passage = &passage
		}
		return a
	})
	return &c
}

func publicMatch(m match.Match) match.Match {
	m.Offer, m.Reason, m.Gaps = publicRef(m.Offer), scene.Redact(m.Reason), mapped(m.Gaps, publicGap)
	if m.Moved != nil {
		moved := *m.Moved
		moved.Text = scene.Redact(moved.Text)
		m.Moved = &moved
	}
	m.Parts = mapped(m.Parts, func(p match.Part) match.Part {
		p.Evidence = mapped(p.Evidence, func(e match.Evidence) match.Evidence {
			e.Text = scene.Redact(e.Text)
			return e
		})
		return p
	})
	return m
}

func publicRef(r match.Ref) match.Ref {
	r.Name, r.Org = scene.Redact(r.Name), scene.Redact(r.Org)
	return r
}

func publicGap(g match.Gap) match.Gap {
	for _, text := range []*string{&g.Clause, &g.Have, &g.Want, &g.Advice} {
		*text = scene.Redact(*text)
	}
	return g
}

// VisitorLikeness covers contacts in what l tells.
func VisitorLikeness(l Likeness) Likeness { return visitorLikeness{l} }

type visitorLikeness struct{ all Likeness }

func (v visitorLikeness) SimilarNeeds(ctx context.Context, id scene.ID, lang locale.Lang) ([]match.Similar, error) {
	list, err := v.all.SimilarNeeds(ctx, id, lang)
	return mapped(list, publicSimilar), err
}

func (v visitorLikeness) SimilarOffers(ctx context.Context, id scene.ID, lang locale.Lang) ([]match.Similar, error) {
	list, err := v.all.SimilarOffers(ctx, id, lang)
	return mapped(list, publicSimilar), err
}

// PublicSimilar covers contacts in what is told of an entry that says nearly the same.
func PublicSimilar(list []match.Similar) []match.Similar { return mapped(list, publicSimilar) }

func publicSimilar(s match.Similar) match.Similar {
	s.Listing = publicRef(s.Listing)
	s.Differences = mapped(s.Differences, func(d match.Difference) match.Difference {
		d.First, d.Second = scene.Redact(d.First), scene.Redact(d.Second)
		return d
	})
	return s
}
