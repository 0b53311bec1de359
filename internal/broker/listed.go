package broker

import (
	"context"
	"slices"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// listed answers from the list of a listing, if it has a fresh one that is long
// enough: its pairs are scored and checked as of now, so that the list decides
// only whom to look at. ok is false where the market has to be asked.
func (m *Market) listed(ctx context.Context, asker *entry, o Options) (r match.Ranking, ok bool, err error) {
	kind := kindOf(asker.profile.Side)
	if !o.plain() {
		return r, false, nil
	}
	l := m.board.fresh(kind, asker.profile.Ref.ID, m.ListVersion())
	if l == nil {
		return r, false, nil
	}
	others := &m.offers
	if kind == scene.KindCapability {
		others = &m.needs
	}
	if len(others.released(m.board.followed(l), o.Now)) > 0 {
		return r, false, nil
	}
	rows := make([]*entry, 0, len(l.Best)+len(l.Out))
	for _, p := range slices.Concat(l.Best, l.Out) {
		if e, found := others.get(p.ID); found {
			rows = append(rows, e)
		}
	}
	by, err := m.listRater(ctx, asker, o)
	if err != nil {
		return r, false, err
	}
	list, err := by.score(m.withPinned(asker.profile, others, rows))
	if err != nil {
		return r, false, err
	}
	slices.SortFunc(m.marked(list), byRank)
	kept, out := m.sift(asker.profile, list, o.Top, o)
	if len(kept) < o.Top && !l.Whole || o.wantsBetter(kept) {
		return r, false, nil // conditions or withdrawals have used the reserve up
	}
	r, _, err = m.shown(asker.profile, kept, out, o, by)
	r.Listed = l.Made
	return r, err == nil, err
}

// plain reports whether a list says what is asked for.
func (o Options) plain() bool {
	more := (o.Changes || o.Consortium) && !o.Ahead
	return o.Top <= listTop && !more && !o.Care.On() && !o.Staff && o.Candidates == defaultCandidates
}

// wantsBetter reports whether what could change is worth a live answer.
func (o Options) wantsBetter(kept []scored) bool {
	return (o.Changes || o.Consortium) && (len(kept) == 0 || kept[0].score.Value < worthSeeing)
}

// listRater scores the rows of a list, with feedback from the start.
func (m *Market) listRater(ctx context.Context, asker *entry, o Options) (rater, error) {
	if asker.profile.Side == match.SideNeed {
		score, err := m.scorer(ctx, asker, o, nil)
		return rater{score: score}, err
	}
	l := m.lesson.Load()
	vector := asker.vector(l)
	return rater{score: func(rows []*entry) ([]scored, error) {
		list := make([]scored, len(rows))
		err := each(ctx, len(rows), func(i int) error {
			q, err := m.fed(ctx, rows[i], l)
			if err != nil {
				return err
			}
			list[i] = scored{
				row: rows[i], counterpart: rows[i].profile, query: q, offer: asker.profile, score: q.Score(asker.profile, vector, o.Now),
			}
			return nil
		})
		return list, err
	}}, nil
}
