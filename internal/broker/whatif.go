package broker

import (
	"slices"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

const (
	// worthSeeing is the score below which nobody is counted as admitted by a
	// change: from there on a sentence praises a pair.
	worthSeeing = 0.3
	// refedNear is how many of the best excluded needs are scored with feedback
	// to tell what an offer could change.
	refedNear = 20
)

// changes tells what the side that asks could change and whom that would
// admit. It looks at the candidates already scored, list, best first: retrieval
// and feedback go by the texts alone, which no change touches, so a changed
// listing has the same ones. Of needs, which list has without feedback, it looks
// at the best excluded refedNear. Counted are pairs worth seeing: no weaker than
// worthSeeing and, where the list shown is full, than the last of it.
func (m *Market) changes(asker *match.Profile, list, kept []scored, o Options, by rater) ([]match.Change, error) {
	least := worthSeeing
	if len(kept) == o.Top {
		least = max(least, kept[len(kept)-1].score.Value)
	}
	var out []scored
	for _, s := range list {
		if by.refine == nil && m.engine.Reach(s.score) < least || s.counterpart.Hidden(o.Now) || s.mark == scene.Excluded {
			continue
		}
		if match.Verdict(m.engine.Check(s.query.Need(), s.offer, asker.Side, o.Now)) == scene.No {
			out = append(out, s)
		}
		if by.refine != nil && len(out) == refedNear {
			break
		}
	}
	if by.refine != nil {
		if err := by.refine(out); err != nil {
			return nil, err
		}
		slices.SortFunc(out, byScore)
	}
	near := make([]match.Near, len(out))
	for i, s := range out {
		near[i] = match.Near{Query: s.query, Offer: s.offer, Score: s.score}
	}
	return m.engine.Changes(asker, near, least, o.Now, o.Lang), nil
}
