package convene

import (
	"context"
	"slices"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// metLife is how long it may take until what is told late of an earlier fair counts.
const metLife = time.Minute

// Encounter is a meeting that two parties had at an earlier fair.
type Encounter struct {
	Fair  scene.ID
	Title string    // of the fair
	At    time.Time // its beginning
}

// Met is which parties of a fair met at an earlier one. Nobody changes it.
type Met struct {
	made  time.Time
	seen  store.FairPulse // of the fair
	pairs map[pair]Encounter
}

// Between returns the latest meeting that two parties had before, and whether they
// had one. A nil Met knows of none.
func (m *Met) Between(a, b scene.ID) (Encounter, bool) {
	if m == nil {
		return Encounter{}, false
	}
	x, there := m.pairs[pairOf(a, b)]
	return x, there
}

// past is who met whom at a fair, by what a party is called across fairs.
type past struct {
	seen  store.FairPulse
	pairs [][2]string
}

// acrossFairs is what a party is known by at any fair: its organisation, or else its name.
func acrossFairs(p *scene.FairParty) string {
	if p.OrgID != "" {
		return string(p.OrgID)
	}
	return "· " + scene.NameKey(p.Name)
}

// Before returns which parties of the fair of a board met at a fair that began
// before it and is over. A meeting counts where a side says that it was held and none denies
// it, or, where nobody says anything, where somebody of both was there.
func (s *Service) Before(ctx context.Context, b *Board) (*Met, error) {
	s.mu.Lock()
	held := s.met[b.Fair.ID]
	s.mu.Unlock()
	same := held != nil && held.seen.Parties == b.pulse.Parties && held.seen.Revisions == b.pulse.Revisions
	if same && s.now().Sub(held.made) < metLife {
		return held, nil
	}
	m, err := s.metBefore(ctx, &b.Fair, b.list())
	if err != nil {
		return nil, err
	}
	m.seen = b.pulse
	s.mu.Lock()
	s.met[b.Fair.ID] = m
	s.mu.Unlock()
	return m, nil
}

func (s *Service) metBefore(ctx context.Context, f *scene.Fair, parties []scene.FairParty) (*Met, error) {
	m := &Met{made: s.now(), pairs: map[pair]Encounter{}}
	fairs, err := s.allFairs(ctx)
	if err != nil {
		return nil, err
	}
	called := map[string]scene.ID{}
	for i := range parties {
		called[acrossFairs(&parties[i])] = parties[i].ID
	}
	slices.SortStableFunc(fairs, func(x, y scene.Fair) int { return x.Start().Compare(y.Start()) })
	for i := range fairs {
		g := &fairs[i]
		ended := !g.Until().After(m.made)
		if g.ID == f.ID || !public(g) || !g.Start().Before(f.Start()) || !ended {
			continue
		}
		p, err := s.pastOf(ctx, g.ID)
		if err != nil {
			return nil, err
		}
		for _, x := range p.pairs {
			if a, b := called[x[0]], called[x[1]]; a != "" && b != "" {
				m.pairs[pairOf(a, b)] = Encounter{Fair: g.ID, Title: g.Title, At: g.Start()} // a later one in its place
			}
		}
	}
	return m, nil
}

// pastOf reads who met at a fair, unless it was read and nothing was said since.
func (s *Service) pastOf(ctx context.Context, fair scene.ID) (p *past, err error) {
	s.mu.Lock()
	held := s.pasts[fair]
	s.mu.Unlock()
	err = s.read(ctx, "convene.pastOf", func(tx store.Tx) error {
		pulse, err := tx.Fairs().Pulse(ctx, fair)
		if err != nil {
			return err
		}
		if p = held; held != nil && held.seen == pulse {
			return nil
		}
		p = &past{seen: pulse}
		if pulse.Version == 0 {
			return nil
		}
		return p.read(ctx, tx, fair)
	})
	if err == nil {
		s.mu.Lock()
		s.pasts[fair] = p
		s.mu.Unlock()
	}
	return p, err
}

func (p *past) read(ctx context.Context, tx store.Tx, fair scene.ID) error {
	v, err := latest(ctx, tx, fair)
	if err != nil || v == nil {
		return err
	}
	parties, err := tx.Fairs().Parties(ctx, fair)
	if err != nil {
		return err
	}
	entries, err := tx.Fairs().Entries(ctx, fair, "")
	if err != nil {
		return err
	}
	f, err := tx.Fairs().Get(ctx, fair)
	if err != nil {
		return err
	}
	b := Board{Parties: map[scene.ID]*scene.FairParty{}, Day: dayOf(&f, selvesOf(parties), entries)}
	for i := range parties {
		b.Parties[parties[i].ID] = &parties[i]
	}
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		if len(seat.Parties) != 2 {
			continue
		}
		x, y := scene.ID(seat.Parties[0]), scene.ID(seat.Parties[1])
		told, m := len(b.Day.Outcomes[seat.ID]) > 0, sitting(seat)
		if b.Parties[x] != nil && b.Parties[y] != nil && (b.Day.Held(seat.ID) || !told && b.Side(&m, x) == Present && b.Side(&m, y) == Present) {
			p.pairs = append(p.pairs, [2]string{acrossFairs(b.Parties[x]), acrossFairs(b.Parties[y])})
		}
	}
	return nil
}

// marked is what the matcher says with who met before.
func (s *Service) marked(ctx context.Context, b *base, pairs map[pair]scene.FairWhy) (map[pair]scene.FairWhy, error) {
	m, err := s.metBefore(ctx, &b.fair, b.parties)
	if err != nil || len(m.pairs) == 0 {
		return pairs, err
	}
	out := make(map[pair]scene.FairWhy, len(pairs))
	for key, why := range pairs {
		if x, there := m.pairs[key]; there {
			why.Met = x.Title
		}
		out[key] = why
	}
	return out, nil
}
