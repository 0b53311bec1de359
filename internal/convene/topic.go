package convene

import (
	"context"
	"slices"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// leastFitting is the score from which a pair of entries is what a meeting is about. What
// is not known of a pair counts half, so that entries that have nothing to do with each
// other reach 0.46 where budget, place and time suit; those that do begin above it.
const leastFitting = 0.47

// topicWait is how long a page waits for the matcher on the day where that said nothing of
// what is brought before.
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

// Topics returns, by meeting, the pair of entries that each of some meetings of a board is
// about, whoever asks: the pair of its case where there is one; else the pair with the best
// reciprocal score, of those that no known condition rules out where there are such, as the
// version in force has it, or as the matcher says now; else the first need and the first
// offer. It is Loose where it does not fit. A meeting whose two sides bring no pair at all
// is not among them. It reads once, and waits for the matcher once, however many are asked.
func (s *Service) Topics(ctx context.Context, b *Board, meetings []string) (topics map[string]Topic, err error) {
	var list []*Sitting
	for _, id := range meetings {
		if m := b.sitting(id); m != nil {
			list = append(list, m)
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	var said *suggested
	if slices.ContainsFunc(list, b.unsaid) {
		said, _ = s.lately(ctx, b, topicWait)
	}
	err = s.read(ctx, "convene.Topics", func(tx store.Tx) error {
		topics = map[string]Topic{}
		for _, m := range list {
			t, why, err := s.topicNow(ctx, tx, b, m, said)
			if err != nil {
				return err
			}
			if why == "" {
				topics[m.ID] = t
			}
		}
		return nameTopics(ctx, tx, topics)
	})
	return topics, err
}

// topicNow is topic with the case that a meeting has; what both sides bring is read only
// where the matcher has not looked at it: phones ask of each of their meetings.
func (s *Service) topicNow(ctx context.Context, tx store.Tx, b *Board, m *Sitting, said *suggested) (t Topic, why string, err error) {
	var c scene.FairCase
	if len(b.Day.Outcomes[m.ID]) > 0 { // no case is made before somebody says something
		if c, err = tx.Fairs().Case(ctx, b.Fair.ID, m.ID); err != nil && scene.CodeOf(err) != scene.NotFound {
			return t, "", err
		}
	}
	guess := b.guess(m, said)
	if c.Engagement != "" || guess.Need != "" || said == nil || said.err != nil {
		return s.topic(ctx, tx, b, m, c.Engagement, guess)
	}
	t, why = said.firstOf(m)
	return t, why, nil
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

// unsaid reports whether the version in force says nothing of a meeting: the matcher was
// still at work when that was made, or the parties bring other entries since.
func (b *Board) unsaid(m *Sitting) bool {
	_, known := b.Why[m.ID]
	return !known && len(m.Parties) == 2
}

// guess is what the version in force says of a meeting, or else the matcher.
func (b *Board) guess(m *Sitting, said *suggested) scene.FairWhy {
	if said == nil || !b.unsaid(m) {
		return b.Why[m.ID]
	}
	return said.pairs[pairOf(m.Parties[0], m.Parties[1])]
}

// topic is what a meeting is about, without the names: raised is the engagement of the case
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

// firstOf are the first need and the first offer of what both sides of a meeting brought
// when the matcher looked. why is the key of what is missing for them.
func (x *suggested) firstOf(m *Sitting) (t Topic, why string) {
	for k, id := range m.Parties {
		other := m.Parties[(k+1)%len(m.Parties)]
		if need, offer := x.first[id].need, x.first[other].offer; need != "" && offer != "" {
			return Topic{Need: need, Offer: offer, NeedBy: id, Loose: true}, ""
		}
	}
	return t, "fair.case.no_pair"
}

// firstOf are the first need and the first offer of what both bring now.
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

// nameTopics reads what the entries of topics are called, and leaves out those of which one
// is gone.
func nameTopics(ctx context.Context, tx store.Tx, topics map[string]Topic) error {
	var needs, offers []scene.ID
	for _, t := range topics {
		needs, offers = append(needs, t.Need), append(offers, t.Offer)
	}
	of, err := tx.Opportunities().GetMany(ctx, needs)
	if err != nil {
		return err
	}
	names := map[scene.ID]string{}
	for i := range of {
		names[of[i].ID] = scene.Redact(of[i].Name)
	}
	with, err := tx.Capabilities().GetMany(ctx, offers)
	for i := range with {
		names[with[i].ID] = scene.Redact(with[i].Name)
	}
	for id, t := range topics {
		if t.NeedName, t.OfferName = names[t.Need], names[t.Offer]; t.NeedName == "" || t.OfferName == "" {
			delete(topics, id)
		} else {
			topics[id] = t
		}
	}
	return err
}
