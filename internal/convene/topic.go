package convene

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// leastFitting is the score from which a pair of entries is what a meeting is about. What
// is not known of a pair counts half, so that entries that have nothing to do with each
// other reach 0.46 where budget, place and time suit; those that do begin above it.
const leastFitting = 0.47

// topicWait is how long a page waits for the matcher, for each of its meetings: what it
// said before serves meanwhile.
const topicWait = 300 * time.Millisecond

// fitting reports whether the pair that the matcher found best is what two parties talk
// about. Versions that say no more than a score were made before Fits was.
func fitting(w *scene.FairWhy) bool {
	return w.Need != "" && w.Offer != "" && (w.Fits || w.Score >= leastFitting)
}

// Topic is the pair of entries that a meeting is about.
type Topic struct {
	Need, Offer         scene.ID
	NeedBy              scene.ID // party whose need it is
	NeedName, OfferName string   // as the entries are called now
	// Loose says that no pair of what the two bring fits: Need and Offer only stand for
	// what they bring, and what comes of the meeting is called by the two parties.
	Loose bool
}

// Topic returns the pair of entries that a meeting of a board is about, whoever asks: the
// pair of its case where there is one; else the pair with the best reciprocal score, of those
// that no known condition rules out where there are such, as the version in force has it, or
// as the matcher says now; else the first need and the first offer. It is Loose where it
// does not fit. found is false where the two bring no pair at all.
func (s *Service) Topic(ctx context.Context, b *Board, meeting string) (t Topic, found bool, err error) {
	m := b.sitting(meeting)
	if m == nil {
		return t, false, nil
	}
	guess := s.guess(ctx, b, m, topicWait)
	err = s.read(ctx, "convene.Topic", func(tx store.Tx) error {
		c, err := tx.Fairs().Case(ctx, b.Fair.ID, meeting)
		if err != nil && scene.CodeOf(err) != scene.NotFound {
			return err
		}
		var why string
		if t, why, err = s.topic(ctx, tx, b, m, c.Engagement, guess); err != nil || why != "" {
			return err
		}
		found, err = t.name(ctx, tx)
		return err
	})
	return t, found && err == nil, err
}

// sitting is a meeting of a board by its id, nil where it is not planned.
func (b *Board) sitting(id string) *Sitting {
	for i := range b.Rounds {
		for k := range b.Rounds[i].Meetings {
			if m := &b.Rounds[i].Meetings[k]; m.ID == id {
				return m
			}
		}
	}
	return nil
}

// guess is what the version in force says of a meeting, or else what the matcher says now:
// it was still at work when the version was made, or the parties bring other entries since.
// It waits as long as given, and is asked outside of transactions.
func (s *Service) guess(ctx context.Context, b *Board, m *Sitting, wait time.Duration) scene.FairWhy {
	if why, known := b.Why[m.ID]; known || len(m.Parties) != 2 {
		return why
	}
	held, _ := s.compared(ctx, b.Fair.ID, b.brings, b.list, wait)
	if held == nil {
		return scene.FairWhy{}
	}
	return held.pairs[pairOf(m.Parties[0], m.Parties[1])]
}

// topic is Topic in a transaction, without the names: raised is the engagement of the case
// of the meeting, "" for none. why is the key of what is missing for a pair.
func (s *Service) topic(ctx context.Context, tx store.Tx, b *Board, m *Sitting, raised scene.ID, guess scene.FairWhy) (t Topic, why string, err error) {
	if raised != "" {
		e, err := tx.Engagements().Get(ctx, raised)
		t = Topic{Need: e.Need, Offer: e.Offer, NeedBy: b.owning(m, &e), Loose: e.Loose}
		return t, "", err
	}
	if guess.Need != "" && guess.Offer != "" {
		return Topic{Need: guess.Need, Offer: guess.Offer, NeedBy: guess.NeedBy, Loose: !fitting(&guess)}, "", nil
	}
	return s.firstOf(ctx, tx, b, m)
}

// owning is the party of a meeting whose need an engagement is about.
func (b *Board) owning(m *Sitting, e *scene.Engagement) scene.ID {
	for k, id := range m.Parties {
		p := b.Parties[id]
		if p == nil {
			continue
		}
		switch p.OrgID {
		case e.NeedOrg:
			return id
		case e.OfferOrg:
			return m.Parties[(k+1)%len(m.Parties)]
		}
	}
	return ""
}

// firstOf are the first need and the first offer of what both bring.
func (s *Service) firstOf(ctx context.Context, tx store.Tx, b *Board, m *Sitting) (t Topic, why string, err error) {
	var sides [2]brought
	for k := range min(2, len(m.Parties)) {
		p := b.Parties[m.Parties[k]]
		if p == nil || p.OrgID == "" {
			return t, "fair.case.no_org", nil
		}
		org, err := tx.Organisations().Get(ctx, p.OrgID)
		if err != nil {
			return t, "", err
		}
		sides[k].owner = map[scene.ID]scene.ID{}
		if err := sides[k].ofParty(ctx, tx, p, org, s.now()); err != nil {
			return t, "", err
		}
	}
	for k := range sides {
		if n, o := sides[k].needs, sides[1-k].offers; len(n) > 0 && len(o) > 0 {
			return Topic{Need: n[0].Opportunity.ID, Offer: o[0].Capability.ID, NeedBy: m.Parties[k], Loose: true}, "", nil
		}
	}
	return t, "fair.case.no_pair", nil
}

// name reads what the entries are called; false where one is gone.
func (t *Topic) name(ctx context.Context, tx store.Tx) (bool, error) {
	needs, err := tx.Opportunities().GetMany(ctx, []scene.ID{t.Need})
	if err != nil {
		return false, err
	}
	offers, err := tx.Capabilities().GetMany(ctx, []scene.ID{t.Offer})
	if err != nil || len(needs) == 0 || len(offers) == 0 {
		return false, err
	}
	t.NeedName, t.OfferName = scene.Redact(needs[0].Name), scene.Redact(offers[0].Name)
	return true, nil
}
