package broker

import (
	"context"
	"maps"
	"slices"
	"time"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// Refresh brings the board up to date with one listing that came, changed or
// went: its own list is made anew, and it takes its place in, or leaves, the
// lists of the other side. One that is hidden goes: its owner, who may change it
// with every key, is answered live. A list that withdrawals left too short is
// dropped, and its listing is answered live too. Without lists on the board it
// does nothing. It returns the lists that differ now, those dropped with a nil List.
func (m *Market) Refresh(ctx context.Context, now time.Time, kind scene.Kind, id scene.ID) ([]Made, error) {
	now = now.UTC().Truncate(time.Microsecond)
	own, others, other := &m.needs, &m.offers, scene.KindCapability
	if kind == scene.KindCapability {
		own, others, other = &m.offers, &m.needs, scene.KindOpportunity
	}
	if m.board.Len(kind)+m.board.Len(other) == 0 {
		return nil, nil
	}
	e, ok := own.get(id)
	if !ok || e.profile.Hidden(now) {
		changed := m.board.amend(other, id, nil)
		if m.board.Drop(kind, id) {
			changed = append(changed, Made{Kind: kind, ID: id})
		}
		return changed, nil
	}
	c, err := m.lookAround(ctx, e, others, now)
	if err != nil {
		return nil, scene.Wrap("broker.Refresh", err)
	}
	places := make(map[scene.ID]place, len(c.list))
	for _, s := range c.list {
		out := match.Verdict(m.engine.Check(s.query.Need(), s.offer, s.counterpart.Side, now)) == scene.No
		places[s.counterpart.Ref.ID] = place{raw: s.score.Raw, out: out, best: !out}
	}
	changed := m.board.amend(other, id, places)
	return append(changed, m.Publish([]Made{{kind, id, newList(e.profile, m.ListVersion(), now, c), e}})...), nil
}

// Release gives the listings whose embargo has ended by now their place in the
// lists of the other side, which no change of a row would. Until it was called,
// lists that may lack one are answered live. It returns the lists that differ.
// Concurrent calls are safe; the later one finds nothing left to do or does it again.
func (m *Market) Release(ctx context.Context, now time.Time) (changed []Made, err error) {
	since := m.board.followed(nil)
	for kind, s := range map[scene.Kind]*side{scene.KindOpportunity: &m.needs, scene.KindCapability: &m.offers} {
		for _, id := range s.released(since, now) {
			made, err := m.Refresh(ctx, now, kind, id)
			if err != nil {
				return changed, err
			}
			changed = append(changed, made...)
		}
	}
	m.board.hear(now)
	return changed, nil
}

// lookAround scores the candidates of a listing with feedback.
func (m *Market) lookAround(ctx context.Context, e *entry, others *side, now time.Time) (chosen, error) {
	o := Options{Now: now, unmarked: true}.filled()
	first, err := m.retrieve(ctx, others, e.profile, o.Candidates)
	if err != nil {
		return chosen{}, err
	}
	return m.choose(ctx, e.profile, others, o, listKept, first, m.listRater(ctx, e, o))
}

// place is where a listing belongs in a list of the other side: among the best,
// among those that a known condition removes, or nowhere.
type place struct {
	raw       float64
	best, out bool
}

// amend moves a listing in every list of a side: to its place, or out where it
// has none. It returns the lists that this changed.
func (b *Board) amend(kind scene.Kind, id scene.ID, places map[scene.ID]place) (changed []Made) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.sides[kind]
	asked := slices.Collect(maps.Keys(places))
	for _, by := range s.naming[s.names.number(id)] {
		asker := s.names.ids[by]
		if _, placed := places[asker]; !placed {
			asked = append(asked, asker)
		}
	}
	for _, asker := range asked {
		l, p := s.names.unpack(s.get(asker)), places[asker]
		if l == nil {
			continue
		}
		next := *l
		next.Best = moved(l.Best, Pair{id, p.raw}, p.best, listKept, l.Whole)
		next.Out = moved(l.Out, Pair{id, p.raw}, p.out, shownExcluded, l.Whole)
		next.Whole = l.Whole && len(next.Best) < listKept
		if slices.Equal(next.Best, l.Best) && slices.Equal(next.Out, l.Out) && next.Whole == l.Whole {
			continue
		}
		if len(next.Best) < listTop && !next.Whole {
			s.put(asker, nil)
			changed = append(changed, Made{Kind: kind, ID: asker})
			continue
		}
		s.put(asker, &next)
		changed = append(changed, Made{Kind: kind, ID: asker, List: &next})
	}
	return changed
}

// moved returns pairs without p and, if it belongs there, with p in its place.
// Behind the last of a list that is not whole others may come first: there it has no place.
func moved(pairs []Pair, p Pair, belongs bool, size int, whole bool) []Pair {
	out := make([]Pair, 0, len(pairs)+1)
	for _, x := range pairs {
		if x.ID != p.ID {
			out = append(out, x)
		}
	}
	if !belongs {
		return out
	}
	at := slices.IndexFunc(out, func(x Pair) bool { return x.Raw < p.Raw || x.Raw == p.Raw && x.ID > p.ID })
	switch {
	case at >= 0:
		out = slices.Insert(out, at, p)
	case whole:
		out = append(out, p)
	}
	return out[:min(len(out), size)]
}
