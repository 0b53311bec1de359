package broker

import (
	"context"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

const (
	// careTen is how long the lists are that a tally counts.
	careTen = 10
	// tallyNeeds is up to how many needs a tally asks for; of more, as many evenly
	// spread over them all.
	tallyNeeds = 1000
)

// tally is who stands in the first tens of the needs, ordered by fit alone.
type tally struct {
	shown map[scene.ID]int
	orgs  map[string]bool // organisations with an offer in some first ten
	fair  float64         // first tens that an offer would fill if all filled equally many
}

// Tally counts who fills the first tens of the needs that are open at an
// instant, by fit alone, for the rules on exposure and newcomers ([match.Care]).
// Call it after [Market.Learn]; until the first time these rules rest. The same
// rows give the same tally. Questions are answered meanwhile.
func (m *Market) Tally(ctx context.Context, o Options) error {
	t := &tally{shown: map[scene.ID]int{}, orgs: map[string]bool{}}
	o = Options{Top: careTen, Now: o.Now}.filled()
	needs := m.needs.sorted()
	step := max(1, (len(needs)+tallyNeeds-1)/tallyNeeds)
	places := 0
	for i := 0; i < len(needs); i += step {
		if needs[i].profile.Hidden(o.Now) {
			continue
		}
		r, err := m.offersFor(ctx, needs[i], o)
		if err != nil {
			return scene.Wrap("broker.Tally", err)
		}
		for _, x := range r.Matches {
			places++
			t.shown[x.Offer.ID]++
			if e, ok := m.offers.get(x.Offer.ID); ok && e.profile.Org != "" {
				t.orgs[e.profile.Org] = true
			}
		}
	}
	t.fair = float64(places) / float64(max(m.offers.count.Load(), 1))
	m.tally.Store(t)
	return nil
}

// cared puts a list in order by the rules asked for and tells of each pair why
// it does not stand where its score puts it; both lists are as long as kept.
func (m *Market) cared(kept []scored, o Options) ([]scored, []*match.Moved) {
	told := make([]*match.Moved, len(kept))
	if !o.Care.On() || len(kept) == 0 {
		return kept, told
	}
	care, t := o.Care, m.tally.Load()
	if t == nil || kept[0].counterpart.Side == match.SideNeed {
		care.Exposure, care.Newcomer, t = 0, 0, &tally{} // nobody counted them
	}
	list := make([]match.Candidate, len(kept))
	for i, s := range kept {
		p := s.counterpart
		list[i] = match.Candidate{
			Offer: p, Score: s.score.Value, Shown: t.shown[p.Ref.ID],
			Newcomer: care.Newcomer > 0 && p.Org != "" && !t.orgs[p.Org], Pinned: s.mark == scene.Pinned,
		}
	}
	out := make([]scored, len(kept))
	for place, p := range care.Order(list, t.fair) {
		out[place], told[place] = kept[p.Index], care.Told(p, place, list, o.Lang)
	}
	return out, told
}
