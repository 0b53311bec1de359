package broker

import (
	"cmp"
	"context"
	"slices"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// OffersFor ranks the offers for a need of the market, best first. It returns
// a NotFound error where the market does not hold the need.
func (m *Market) OffersFor(ctx context.Context, need scene.ID, o Options) (match.Ranking, error) {
	row, ok := m.needs.get(need)
	if !ok {
		return match.Ranking{}, notFound("broker.OffersFor", need)
	}
	r, err := m.offersFor(ctx, row, o.filled())
	return r, scene.Wrap("broker.OffersFor", err)
}

// NeedsFor ranks the needs for an offer of the market, best first: in each
// match the counterpart is the need, and Ranking.Need is the offer that asked.
// It returns a NotFound error where the market does not hold the offer.
func (m *Market) NeedsFor(ctx context.Context, offer scene.ID, o Options) (match.Ranking, error) {
	row, ok := m.offers.get(offer)
	if !ok {
		return match.Ranking{}, notFound("broker.NeedsFor", offer)
	}
	r, err := m.needsFor(ctx, row, o.filled())
	return r, scene.Wrap("broker.NeedsFor", err)
}

// RankNeed ranks the offers for a need that the market does not hold: a draft,
// or what a visitor typed. org may be nil.
func (m *Market) RankNeed(ctx context.Context, need *scene.Opportunity, org *scene.Organisation, o Options) (match.Ranking, error) {
	r, err := m.offersFor(ctx, &entry{profile: m.engine.Need(need, org)}, o.filled())
	return r, scene.Wrap("broker.RankNeed", err)
}

// RankOffer ranks the needs for an offer that the market does not hold. org may be nil.
func (m *Market) RankOffer(ctx context.Context, offer *scene.Capability, org *scene.Organisation, o Options) (match.Ranking, error) {
	r, err := m.needsFor(ctx, &entry{profile: m.engine.Offer(offer, org)}, o.filled())
	return r, scene.Wrap("broker.RankOffer", err)
}

func notFound(op string, id scene.ID) error {
	return &scene.Error{Code: scene.NotFound, Key: "match.not_in_market", Args: map[string]any{"id": string(id)}, Op: op}
}

// scored is a pair with the query it was scored under.
type scored struct {
	counterpart *match.Profile
	query       *match.Query
	offer       *match.Profile
	score       match.Score
}

func byScore(a, b scored) int {
	return cmp.Or(
		cmp.Compare(b.score.Raw, a.score.Raw),
		cmp.Compare(a.counterpart.Ref.Code, b.counterpart.Ref.Code),
		cmp.Compare(a.counterpart.Ref.ID, b.counterpart.Ref.ID),
	)
}

func (m *Market) offersFor(ctx context.Context, need *entry, o Options) (match.Ranking, error) {
	first, err := m.retrieve(ctx, &m.offers, need.profile, o.Candidates)
	if err != nil {
		return match.Ranking{}, err
	}
	score, err := m.scorer(ctx, need, o, first.rows)
	if err != nil {
		return match.Ranking{}, err
	}
	return m.answer(ctx, need.profile, &m.offers, o, first, score)
}

// scorer prepares a need, with feedback, for scoring offers. rows are its
// candidates, or nil where none were retrieved.
func (m *Market) scorer(ctx context.Context, need *entry, o Options, rows []*entry) (func([]*entry) ([]scored, error), error) {
	l := m.lesson.Load()
	q := m.engine.Query(need.profile, m.space(l))
	feedback, err := m.feedback(ctx, need, q, l, rows)
	if err != nil {
		return nil, err
	}
	q.Feed(feedback)
	return func(rows []*entry) ([]scored, error) {
		list := make([]scored, len(rows))
		for i, e := range rows {
			if i%256 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			s := q.Score(e.profile, e.vector(l), o.Now)
			list[i] = scored{counterpart: e.profile, query: q, offer: e.profile, score: s}
		}
		return list, nil
	}, nil
}

// needsFor scores every candidate need by its own query. Those that stand best
// without feedback are scored again with it, so that a pair has one score,
// whichever side asks.
func (m *Market) needsFor(ctx context.Context, offer *entry, o Options) (match.Ranking, error) {
	l := m.lesson.Load()
	vector := offer.vector(l)
	score := func(e *entry, q *match.Query) scored {
		return scored{counterpart: e.profile, query: q, offer: offer.profile, score: q.Score(offer.profile, vector, o.Now)}
	}
	first, err := m.retrieve(ctx, &m.needs, offer.profile, o.Candidates)
	if err != nil {
		return match.Ranking{}, err
	}
	return m.answer(ctx, offer.profile, &m.needs, o, first, func(rows []*entry) ([]scored, error) {
		list := make([]scored, len(rows))
		byProfile := make(map[*match.Profile]*entry, len(rows))
		for i, e := range rows {
			if i%256 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			list[i] = score(e, m.engine.Query(e.profile, m.space(l)))
			byProfile[e.profile] = e
		}
		if !m.feeds(l) {
			return list, nil
		}
		slices.SortFunc(list, byScore)
		list = list[:min(len(list), refed*(o.Top+shownExcluded))]
		for i, s := range list {
			e := byProfile[s.counterpart]
			q := m.engine.Query(e.profile, m.space(l))
			feedback, err := m.feedback(ctx, e, q, l, nil)
			if err != nil {
				return nil, err
			}
			q.Feed(feedback)
			list[i] = score(e, q)
		}
		return list, nil
	})
}

// refed times the length of the list asked for is how many needs are scored
// again with feedback.
const refed = 2

// retrieved is the candidates of one retrieval.
type retrieved struct {
	rows []*entry
	all  bool // no row was left out
}

func (m *Market) retrieve(ctx context.Context, from *side, asker *match.Profile, limit int) (retrieved, error) {
	rows, all, err := from.candidates(ctx, asker, m.engine.Weights().Text, limit)
	return retrieved{rows, all}, err
}

// answer scores and explains. Where conditions remove so many that the list
// falls short, it asks for four times as many candidates, until there are no more.
func (m *Market) answer(ctx context.Context, asker *match.Profile, others *side, o Options, found retrieved, score func([]*entry) ([]scored, error)) (match.Ranking, error) {
	for limit := o.Candidates; ; {
		list, err := score(found.rows)
		if err != nil {
			return match.Ranking{}, err
		}
		slices.SortFunc(list, byScore)
		if r := m.shown(asker, list, o); found.all || len(r.Matches) >= o.Top {
			return r, nil
		}
		limit *= 4
		if found, err = m.retrieve(ctx, others, asker, limit); err != nil {
			return match.Ranking{}, err
		}
	}
}

// shown explains the best pairs that no known condition removes, and the best
// of those that one does.
func (m *Market) shown(asker *match.Profile, list []scored, o Options) match.Ranking {
	r := match.Ranking{Need: asker.Ref, Matches: []match.Match{}, Excluded: []match.Exclusion{}, Version: m.Version()}
	for _, s := range list {
		if len(r.Matches) >= o.Top && len(r.Excluded) >= shownExcluded {
			break
		}
		need := s.query.Need()
		clauses := m.engine.Check(need, s.offer, asker.Side, o.Now)
		switch {
		case match.Verdict(clauses) == scene.No:
			if len(r.Excluded) < shownExcluded {
				r.Excluded = append(r.Excluded, m.engine.Exclude(s.counterpart.Ref, clauses, o.Lang))
			}
		case len(r.Matches) < o.Top:
			found := s.query.Explain(s.offer, s.score, clauses, o.Lang)
			found.Offer = s.counterpart.Ref
			r.Matches = append(r.Matches, found)
		}
	}
	return r
}
