package broker

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// lesson is what the market knows besides its rows: what it learned from them
// the last time, and what an outside model says of them.
type lesson struct {
	*learned
	name     string         // of what was taught, in the version of lists: see Market.ListVersion
	embedded match.Embedded // nil: no model was asked
}

// learned is what the market learned from its catalogue.
type learned struct {
	latent *match.Latent // nil: the catalogue was too small
	given  bool          // false until Learn was called
}

const (
	// feedbackLeast is the fewest offers that make feedback worth having.
	feedbackLeast = 50
	// feedbackAhead is up to how many needs Learn works out feedback for; of
	// more, each is worked out when first asked for.
	feedbackAhead = 5_000
)

// Learn makes a latent space from everything the market holds, works out which
// words the best offers of each need have in common, and uses both from then
// on; questions are answered meanwhile. Call it after a bulk load, and again
// when a good part of the catalogue has changed: rows that came in later take
// their place in the space there is. The same rows teach the same. A catalogue
// too small to learn from leaves these parts neutral.
func (m *Market) Learn(ctx context.Context) error {
	needs := m.needs.sorted()
	entries := slices.Concat(m.offers.sorted(), needs)
	profiles := make([]*match.Profile, len(entries))
	for i, e := range entries {
		profiles[i] = e.profile
	}
	latent, err := m.engine.Learn(ctx, profiles, match.LearnOptions{})
	if err != nil {
		return scene.Wrap("broker.Learn", err)
	}
	l := &lesson{learned: &learned{latent: latent, given: true}, name: nameOf(profiles), embedded: m.lesson.Load().embedded}
	parallel(len(entries), func(i int) { entries[i].vector(l) })
	if len(needs) <= feedbackAhead && m.feeds(l) {
		errs := make([]error, len(needs))
		parallel(len(needs), func(i int) {
			_, errs[i] = m.feedback(ctx, needs[i], m.query(needs[i], l), l, nil)
		})
		if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
			return scene.Wrap("broker.Learn", errs[i])
		}
	}
	for { // what a model said meanwhile stays
		old := m.lesson.Load()
		l.embedded = old.embedded
		if m.lesson.CompareAndSwap(old, l) {
			return nil
		}
	}
}

// nameOf names what is learned from rows by their content.
func nameOf(profiles []*match.Profile) string {
	prints := make([]uint64, len(profiles))
	parallel(len(profiles), func(i int) { prints[i] = profiles[i].Fingerprint() })
	sum := uint64(len(prints))
	for _, p := range prints {
		sum = (sum ^ p) * 1099511628211
	}
	return strconv.FormatUint(sum, 36)
}

// feeds reports whether feedback takes part in scores.
func (m *Market) feeds(l *lesson) bool {
	return l.given && m.engine.Weighs("feedback") && m.offers.count.Load() >= feedbackLeast
}

// feedback returns what the best offers of a need have in common, under a
// lesson: kept once it was worked out. q is the need's query without feedback,
// which is fed on the way; rows its candidates, or nil to retrieve them.
func (m *Market) feedback(ctx context.Context, need *entry, q *match.Query, l *lesson, rows []*entry) (*match.Feedback, error) {
	if !m.feeds(l) {
		return nil, nil
	}
	if f := need.fed.Load(); f != nil && f.by == l.learned {
		if f.made {
			return f.feedback, nil
		}
		if best := m.teachers(f.taught); len(best) == len(f.taught) {
			return m.feed(need, l, best), nil
		}
	}
	if rows == nil {
		var err error
		rows, _, err = m.offers.candidates(ctx, need.profile, m.engine.Weights().Text, defaultCandidates)
		if err != nil {
			return nil, err
		}
	}
	liked := make([]match.Liked, 0, len(rows))
	topic := make(map[*match.Profile]float64, len(rows))
	for _, e := range rows {
		if !e.profile.Public() {
			continue // nothing of what is not published may show in an answer
		}
		x := match.Liked{Offer: e.profile, Score: q.Topic(e.profile, e.vector(l))}
		liked, topic[e.profile] = append(liked, x), x.Score
	}
	q.Feed(m.engine.Feedback(match.Teachers(bestFirst(liked)), m.terms))
	for i, x := range liked { // the offers found with feedback teach once more
		liked[i].Score = topic[x.Offer] + q.Echo(x.Offer)
	}
	return m.feed(need, l, match.Teachers(bestFirst(liked))), nil
}

// feed keeps what a need learns from some offers.
func (m *Market) feed(need *entry, l *lesson, best []match.Liked) *match.Feedback {
	f := &fed{by: l.learned, feedback: m.engine.Feedback(best, m.terms), made: true, taught: make([]scene.MatchPair, len(best))}
	for i, x := range best {
		f.taught[i] = scene.MatchPair{ID: x.Offer.Ref.ID, Raw: x.Score}
	}
	need.fed.Store(f)
	return f.feedback
}

// teachers finds the offers that taught a need before, without those that are
// gone or no longer shown.
func (m *Market) teachers(taught []scene.MatchPair) []match.Liked {
	best := make([]match.Liked, 0, len(taught))
	for _, x := range taught {
		if e, ok := m.offers.get(x.ID); ok && e.profile.Public() {
			best = append(best, match.Liked{Offer: e.profile, Score: x.Raw})
		}
	}
	return best
}

// bestFirst sorts in place, ties by ID.
func bestFirst(liked []match.Liked) []match.Liked {
	slices.SortFunc(liked, func(a, b match.Liked) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Offer.Ref.ID, b.Offer.Ref.ID))
	})
	return liked
}

// sorted lists the rows in the order of their IDs.
func (s *side) sorted() []*entry {
	var list []*entry
	s.each(func(e *entry) { list = append(list, e) })
	slices.SortFunc(list, func(a, b *entry) int { return cmp.Compare(a.profile.Ref.ID, b.profile.Ref.ID) })
	return list
}
