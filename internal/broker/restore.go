package broker

import (
	"strings"
	"time"

	"jinghe/internal/scene"
)

// Stored returns the list that the board holds for a listing in the form that
// rows have, with the offers that taught a need; nil where it holds none.
func (m *Market) Stored(kind scene.Kind, id scene.ID) *scene.MatchList {
	l := m.board.Get(kind, id)
	if l == nil {
		return nil
	}
	return &scene.MatchList{
		Kind: kind, ID: id, Print: l.Print, Version: l.Version, Made: l.Made, Whole: l.Whole,
		Best: matchPairs(l.Best), Out: matchPairs(l.Out), Taught: m.taught(kind, id),
	}
}

// taught returns the offers that taught a need under the lesson in force.
func (m *Market) taught(kind scene.Kind, id scene.ID) []scene.MatchPair {
	if kind != scene.KindOpportunity {
		return nil
	}
	if e, ok := m.needs.get(id); ok {
		if f := e.fed.Load(); f != nil && f.by == m.lesson.Load().learned {
			return f.taught
		}
	}
	return nil
}

func matchPairs(list []Pair) []scene.MatchPair {
	out := make([]scene.MatchPair, len(list))
	for i, p := range list {
		out[i] = scene.MatchPair{ID: p.ID, Raw: p.Raw}
	}
	return out
}

// Accounts reports whether a stored list was made for its listing as it is now;
// all lists stored with it then account for the listing.
func (m *Market) Accounts(l *scene.MatchList) bool {
	e, ok := m.sideOf(l.Kind).get(l.ID)
	return ok && e.profile.Fingerprint() == l.Print
}

// Restore puts a stored list on the board, without counterparts that are gone,
// if it accounts for its listing. A need is taught by the offers that taught it
// before, which spares looking for them; a list without them is left to be made anew.
func (m *Market) Restore(l *scene.MatchList) {
	m.write.Lock()
	defer m.write.Unlock()
	lesson := m.lesson.Load()
	if !m.Accounts(l) || m.untaught(l, lesson) {
		return
	}
	e, _ := m.sideOf(l.Kind).get(l.ID)
	others := &m.offers
	if l.Kind == scene.KindCapability {
		others = &m.needs
	}
	m.board.Put(l.Kind, e.profile.Ref.ID, &List{
		Print: l.Print, Version: l.Version, Made: l.Made, Whole: l.Whole,
		Best: others.pairs(l.Best), Out: others.pairs(l.Out),
	})
	if f := e.fed.Load(); len(l.Taught) > 0 && l.Kind == scene.KindOpportunity && (f == nil || f.by != lesson.learned) {
		e.fed.Store(&fed{by: lesson.learned, taught: m.offers.known(l.Taught)})
	}
}

// untaught reports whether a stored list lacks the offers that taught a need
// where Learn does not find them.
func (m *Market) untaught(l *scene.MatchList, by *lesson) bool {
	return l.Kind == scene.KindOpportunity && len(l.Taught) == 0 && m.needs.count.Load() > feedbackAhead && m.feeds(by)
}

// pairs are those of a list whose rows are held.
func (s *side) pairs(list []scene.MatchPair) []Pair {
	out := make([]Pair, 0, len(list))
	for _, p := range list {
		if e, ok := s.get(p.ID); ok {
			out = append(out, Pair{ID: e.profile.Ref.ID, Raw: p.Raw})
		}
	}
	return out
}

// known shares the IDs of the rows with a list of pairs, which it returns.
func (s *side) known(list []scene.MatchPair) []scene.MatchPair {
	for i, p := range list {
		if e, ok := s.get(p.ID); ok {
			list[i].ID = e.profile.Ref.ID
		}
	}
	return list
}

// Since names the listings of one kind that changed at an instant or later, and
// have no fresh list.
func (m *Market) Since(kind scene.Kind, at, now time.Time) (ids []scene.ID) {
	version := m.ListVersion()
	m.sideOf(kind).each(func(e *entry) {
		if !e.profile.Updated.Before(at) && !e.profile.Hidden(now) && m.board.fresh(kind, e.profile.Ref.ID, version) == nil {
			ids = append(ids, e.profile.Ref.ID)
		}
	})
	return ids
}

// Comparable reports whether lists of a version are of the weights, lexicon and
// dictionaries in use, whatever was learned then.
func (m *Market) Comparable(version string) bool {
	before, _, found := strings.Cut(version, versionMark)
	return found && before == m.Version()
}

func (m *Market) sideOf(kind scene.Kind) *side {
	if kind == scene.KindCapability {
		return &m.offers
	}
	return &m.needs
}
