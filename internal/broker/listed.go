package broker

import (
	"context"
	"slices"
	"time"

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
	by := m.listRater(ctx, asker, o)
	list, err := by.score(m.withPinned(asker.profile, others, rows))
	if err != nil {
		return r, false, err
	}
	slices.SortFunc(m.marked(list), byRank)
	kept, out := m.sift(asker.profile, list, o.Top, o)
	if len(kept) < o.Top && !l.Whole || o.wantsBetter(kind, kept, out) {
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

// wantsBetter reports whether what could change is worth a live answer: the best
// of a list is weak, and a group of providers might be better or somebody whom
// only a condition removes. The best of those are in the list.
func (o Options) wantsBetter(kind scene.Kind, kept, out []scored) bool {
	if !o.Changes && !o.Consortium || len(kept) > 0 && kept[0].score.Value >= worthSeeing {
		return false
	}
	worth := func(s scored) bool { return s.score.Value >= worthSeeing }
	return kind == scene.KindOpportunity && o.Consortium || slices.ContainsFunc(out, worth)
}

// listRater scores the rows of a list, with feedback from the start.
func (m *Market) listRater(ctx context.Context, asker *entry, o Options) rater {
	l := m.lesson.Load()
	return rater{score: func(rows []*entry) ([]scored, error) {
		list := make([]scored, len(rows))
		for i, row := range rows { // a list is short, and others wait for the processors
			need, offer := row, asker
			if asker.profile.Side == match.SideNeed {
				need, offer = asker, row
			}
			q, err := m.fed(ctx, need, l)
			if err != nil {
				return nil, err
			}
			list[i] = scored{
				row: row, counterpart: row.profile, query: q, offer: offer.profile,
				score: q.Score(offer.profile, offer.vector(l), o.Now),
			}
		}
		return list, nil
	}}
}

// Coverage tells how far the lists of a market reach.
type Coverage struct {
	Listings int       // that are to have a list: those that are not hidden
	Fresh    int       // of these, with a list that answers
	Missing  int       // of these, without any list
	Oldest   time.Time // when the oldest of the lists that answer was made
}

// Coverage looks at every listing as of now. It is safe for concurrent use.
func (m *Market) Coverage(now time.Time) (c Coverage) {
	version := m.ListVersion()
	for _, s := range []*side{&m.needs, &m.offers} {
		kind := m.kind(s)
		s.each(func(e *entry) {
			if e.profile.Hidden(now) {
				return
			}
			c.Listings++
			if l := m.board.fresh(kind, e.profile.Ref.ID, version); l != nil {
				c.Fresh++
				if c.Oldest.IsZero() || l.Made.Before(c.Oldest) {
					c.Oldest = l.Made
				}
			} else if m.board.Get(kind, e.profile.Ref.ID) == nil {
				c.Missing++
			}
		})
	}
	return c
}
