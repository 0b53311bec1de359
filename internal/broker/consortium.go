package broker

import "jinghe/internal/match"

// memberLeast is the score from which an offer may join a group. It answers a
// part of a need only, so that it may stand lower than who answers all of it;
// that it brings something is what counts. With it the sample city, whose needs
// each want one thing, gets no group at all.
const memberLeast = 0.15

// consortium looks for a group among the candidates already scored, list, best
// first, down to memberLeast.
func (m *Market) consortium(list []scored, o Options) *match.Consortium {
	var near []match.Near
	for _, s := range list {
		if s.score.Value < memberLeast {
			break
		}
		if !s.counterpart.Hidden(o.Now) {
			near = append(near, match.Near{Query: s.query, Offer: s.offer, Score: s.score})
		}
	}
	return m.engine.Consortium(near, o.Now, o.Lang)
}
