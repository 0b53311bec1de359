package broker

import (
	"cmp"
	"context"
	"slices"

	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search"
)

// OffersFor ranks the offers for a need of the market, best first. It returns
// a NotFound error where the market does not hold the need.
func (m *Market) OffersFor(ctx context.Context, need scene.ID, o Options) (match.Ranking, error) {
	row, ok := m.needs.get(need)
	if !ok {
		return match.Ranking{}, notFound("broker.OffersFor", need)
	}
	o = o.filled()
	r, ok, err := m.listed(ctx, row, o)
	if !ok && err == nil {
		r, err = m.offersFor(ctx, row, o)
	}
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
	o = o.filled()
	r, ok, err := m.listed(ctx, row, o)
	if !ok && err == nil {
		r, err = m.needsFor(ctx, row, o)
	}
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
	row         *entry
	counterpart *match.Profile // of row
	query       *match.Query
	offer       *match.Profile
	score       match.Score
	clauses     []match.Clause // once they were checked
	mark        scene.MarkKind
}

func byScore(a, b scored) int {
	return cmp.Or(
		cmp.Compare(b.score.Raw, a.score.Raw),
		cmp.Compare(a.counterpart.Ref.Code, b.counterpart.Ref.Code),
		cmp.Compare(a.counterpart.Ref.ID, b.counterpart.Ref.ID),
	)
}

func (m *Market) offersFor(ctx context.Context, need *entry, o Options) (match.Ranking, error) {
	first, by, err := m.forNeed(ctx, need, o)
	if err != nil {
		return match.Ranking{}, err
	}
	return m.answer(ctx, need.profile, &m.offers, o, first, by)
}

// forNeed retrieves the first candidates of a need and prepares to score them.
func (m *Market) forNeed(ctx context.Context, need *entry, o Options) (retrieved, rater, error) {
	first, err := m.retrieve(ctx, &m.offers, need.profile, o.Candidates)
	if err != nil {
		return first, rater{}, err
	}
	rows := first.rows
	if o.Candidates != defaultCandidates {
		rows = nil // what a need learns must not depend on how long a list is asked for
	}
	score, err := m.scorer(ctx, need, o, rows)
	return first, rater{score: score}, err
}

// scorer prepares a need, with feedback, for scoring offers. rows are its
// candidates, or nil where none were retrieved.
func (m *Market) scorer(ctx context.Context, need *entry, o Options, rows []*entry) (func([]*entry) ([]scored, error), error) {
	l := m.lesson.Load()
	q := m.query(need, l)
	q.Index()
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
			list[i] = scored{row: e, counterpart: e.profile, query: q, offer: e.profile, score: s}
		}
		return list, nil
	}, nil
}

// rater scores candidates. refine, if not nil, scores the best eligible ones
// again, in place, by more.
type rater struct {
	score  func([]*entry) ([]scored, error)
	refine func([]scored) error
}

// refed times the length of the list asked for is how many eligible needs are
// scored again with feedback.
const refed = 2

// needsFor scores every candidate need by its own query. Those eligible that
// stand best without feedback are scored again with it, so that a pair has one
// score, whichever side asks.
func (m *Market) needsFor(ctx context.Context, offer *entry, o Options) (match.Ranking, error) {
	l := m.lesson.Load()
	vector := offer.vector(l)
	score := func(e *entry, q *match.Query) scored {
		return scored{row: e, counterpart: e.profile, query: q, offer: offer.profile, score: q.Score(offer.profile, vector, o.Now)}
	}
	first, err := m.retrieve(ctx, &m.needs, offer.profile, o.Candidates)
	if err != nil {
		return match.Ranking{}, err
	}
	by := rater{score: func(rows []*entry) ([]scored, error) {
		list := make([]scored, len(rows))
		for i, e := range rows {
			if i%256 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			list[i] = score(e, m.query(e, l))
		}
		return list, nil
	}}
	if m.feeds(l) {
		by.refine = func(list []scored) error {
			for i, s := range list {
				q, err := m.fed(ctx, s.row, l)
				if err != nil {
					return err
				}
				list[i] = score(s.row, q)
				list[i].clauses, list[i].mark = s.clauses, s.mark
			}
			return nil
		}
	}
	return m.answer(ctx, offer.profile, &m.needs, o, first, by)
}

// query prepares a need, without feedback.
func (m *Market) query(need *entry, l *lesson) *match.Query {
	return m.engine.QueryAt(need.profile, need.vector(l), m.space(l))
}

// fed prepares a need, with feedback, for scoring a few offers. Of up to
// feedbackAhead needs each is kept prepared until a row or the lesson changes.
func (m *Market) fed(ctx context.Context, need *entry, l *lesson) (*match.Query, error) {
	counts := m.terms.Changes()
	if r := need.ready.Load(); r != nil && r.by == l && r.counts == counts {
		return r.query, nil
	}
	q := m.query(need, l)
	feedback, err := m.feedback(ctx, need, q, l, nil)
	if err != nil {
		return nil, err
	}
	q.Feed(feedback)
	if m.needs.count.Load() <= feedbackAhead {
		need.ready.Store(&ready{by: l, counts: counts, query: q})
	}
	return q, nil
}

// retrieved is the candidates of one retrieval.
type retrieved struct {
	rows []*entry
	all  bool // no row was left out
}

func (m *Market) retrieve(ctx context.Context, from *side, asker *match.Profile, limit int) (retrieved, error) {
	rows, all, err := from.candidates(ctx, asker, m.engine.Weights().Text, limit)
	return retrieved{rows, all}, err
}

// answer scores and explains.
func (m *Market) answer(ctx context.Context, asker *match.Profile, others *side, o Options, found retrieved, by rater) (match.Ranking, error) {
	want := o.Top
	if o.Care.On() {
		want = max(want, match.CareDepth)
	}
	if by.refine != nil {
		want *= refed
	}
	s, err := m.choose(ctx, asker, others, o, want, found, by)
	if err != nil {
		return match.Ranking{}, err
	}
	r, kept, err := m.shown(asker, s.kept, s.out, o, by)
	if err == nil && o.Changes {
		r.Changes, err = m.changes(asker, s.list, kept, o, by)
	}
	if o.Consortium && asker.Side == match.SideNeed {
		r.Consortium = m.consortium(s.list, o)
	}
	return r, err
}

// chosen is the candidates of a listing, scored and sifted.
type chosen struct {
	list      []scored // all that were looked at, best first
	kept, out []scored
	all       bool // there were no others
}

// choose scores candidates and keeps up to want of them. Where conditions remove
// so many that fewer than o.Top are left, it asks for four times as many
// candidates, until there are no more to be had.
func (m *Market) choose(ctx context.Context, asker *match.Profile, others *side, o Options, want int, found retrieved, by rater) (chosen, error) {
	for limit := o.Candidates; ; {
		if !o.unmarked {
			found.rows = m.withPinned(asker, others, found.rows)
		}
		list, err := by.score(found.rows)
		if err != nil {
			return chosen{}, err
		}
		if !o.unmarked {
			m.marked(list)
		}
		slices.SortFunc(list, byRank)
		kept, out := m.sift(asker, list, want, o)
		if found.all || len(kept) >= o.Top || limit > search.MaxLimit {
			return chosen{list: list, kept: kept, out: out, all: found.all}, nil
		}
		limit *= 4
		if found, err = m.retrieve(ctx, others, asker, limit); err != nil {
			return chosen{}, err
		}
	}
}

// sift keeps the best pairs that no known condition removes, and the best of
// those that one does. Listings that are not open stand in neither list: that
// they exist is nobody's business yet.
func (m *Market) sift(asker *match.Profile, list []scored, want int, o Options) (kept, out []scored) {
	for _, s := range list {
		if len(kept) >= want && len(out) >= shownExcluded {
			break
		}
		if s.counterpart.Hidden(o.Now) {
			continue
		}
		if s.mark == scene.Excluded {
			if o.Staff && len(out) < shownExcluded {
				out = append(out, s)
			}
			continue
		}
		s.clauses = m.engine.Check(s.query.Need(), s.offer, asker.Side, o.Now)
		switch {
		case match.Verdict(s.clauses) == scene.No:
			if len(out) < shownExcluded {
				out = append(out, s)
			}
		case len(kept) < want:
			kept = append(kept, s)
		}
	}
	return kept, out
}

// shown explains the best of the pairs kept, and returns them.
func (m *Market) shown(asker *match.Profile, kept, out []scored, o Options, by rater) (match.Ranking, []scored, error) {
	if by.refine != nil {
		if err := by.refine(kept); err != nil {
			return match.Ranking{}, nil, err
		}
		slices.SortFunc(kept, byRank)
	}
	kept, moved := m.cared(kept, o)
	kept = kept[:min(len(kept), o.Top)]
	clarity := m.engine.Clarity(asker, o.Lang)
	r := match.Ranking{
		Need: asker.Ref, Matches: make([]match.Match, 0, len(kept)), Excluded: make([]match.Exclusion, len(out)),
		Clarity: &clarity, Version: m.Version(), Note: m.note(asker, o.Lang),
	}
	for i, s := range out {
		if s.mark == scene.Excluded {
			r.Excluded[i] = keptOut(s.counterpart.Ref, o.Lang)
			continue
		}
		r.Excluded[i] = m.engine.Exclude(s.counterpart.Ref, s.clauses, o.Lang)
		r.Excluded[i].Both = s.score.Both
	}
	if o.Care.On() {
		r.Order = match.OrderCare
	}
	for i, s := range kept {
		found := s.query.Explain(s.offer, s.score, s.clauses, o.Lang)
		if o.Also != "" {
			also := s.query.Explain(s.offer, s.score, s.clauses, o.Also)
			found.Also = &match.Said{Reason: also.Reason, Gaps: also.Gaps}
		}
		found.Offer = s.counterpart.Ref
		found.Pinned = s.mark == scene.Pinned
		found.Moved = moved[i]
		r.Matches = append(r.Matches, found)
	}
	return r, kept, nil
}
