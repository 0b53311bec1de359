package convene

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Heard is by which ways a party learns that a version changes its meetings.
type Heard struct {
	Party    scene.ID
	Changes  int // of its meetings
	Accounts int // of its organisation, with a notice in their inbox
	Mails    int // of these, those to whom it goes by mail too
	Links    int // delegates with a personal link: a page that is open shows it within seconds
}

// Told reports whether word goes out to a party: a page that somebody has to open is none.
func (h *Heard) Told() bool { return h.Accounts > 0 }

// heardLife is how long it may take until an account, or what it chose, counts.
const heardLife = time.Minute

// heardOf is who learns of a version, as it was read last.
type heardOf struct {
	made    time.Time
	version store.FairPulse // without the log
	list    []Heard
}

// Heard returns the parties that the version in force concerns, in the order of its
// changes, with the ways by which they learn of it as things stand now, or stood at most
// a minute ago; nobody where none is published. Whoever published it is among the
// accounts.
func (s *Service) Heard(ctx context.Context, by scene.Actor, fair scene.ID) (list []Heard, err error) {
	if err := by.May(scene.FairRead, scene.Object{}); err != nil {
		return nil, err
	}
	err = s.read(ctx, "convene.Heard", func(tx store.Tx) error {
		pulse, err := tx.Fairs().Pulse(ctx, fair)
		if err != nil {
			return err
		}
		pulse.Entries = 0
		s.mu.Lock()
		held := s.heards[fair]
		s.mu.Unlock()
		if held != nil && held.version == pulse && s.now().Sub(held.made) < heardLife {
			list = held.list
			return nil
		}
		if list, err = s.allHeard(ctx, tx, fair, pulse); err != nil {
			return err
		}
		s.mu.Lock()
		s.heards[fair] = &heardOf{made: s.now(), version: pulse, list: list}
		s.mu.Unlock()
		return nil
	})
	return list, err
}

// allHeard reads who learns of the version in force.
func (s *Service) allHeard(ctx context.Context, tx store.Tx, fair scene.ID, pulse store.FairPulse) (list []Heard, err error) {
	v, err := s.inForce(ctx, tx, fair, pulse)
	if err != nil || v == nil {
		return nil, err
	}
	parties, err := tx.Fairs().Parties(ctx, fair)
	if err != nil {
		return nil, err
	}
	at := map[scene.ID]*scene.FairParty{}
	for i := range parties {
		at[parties[i].ID] = &parties[i]
	}
	counts := concerned(v.row.Changes)
	for _, id := range affected(v.row.Changes) {
		p := at[id]
		if p == nil {
			continue
		}
		h, err := s.heard(ctx, tx, p)
		if err != nil {
			return nil, err
		}
		h.Changes = counts[id]
		list = append(list, h)
	}
	return list, nil
}

func (s *Service) heard(ctx context.Context, tx store.Tx, p *scene.FairParty) (Heard, error) {
	h := Heard{Party: p.ID}
	for i := range p.Delegates {
		if p.Delegates[i].Code != "" {
			h.Links++
		}
	}
	if p.OrgID == "" {
		return h, nil
	}
	filter := store.AccountFilter{State: scene.AccountActive, OrgID: p.OrgID}
	return h, store.Each(func(page store.Page) (store.Rows[scene.Account], error) { return tx.Accounts().List(ctx, filter, page) }, func(a *scene.Account) error {
		choice, err := tx.Notices().Choice(ctx, a.ID)
		if err != nil {
			return err
		}
		h.Accounts++
		if s.mailer != nil && a.Mail != "" && choice.Of(scene.NoticeMeeting).ToldBy(scene.WayMail) != scene.PaceNever {
			h.Mails++
		}
		return nil
	})
}

// concerned counts the changes that each party is in.
func concerned(changes []scene.FairChange) map[scene.ID]int {
	counts := map[scene.ID]int{}
	for i := range changes {
		for _, id := range changes[i].Parties {
			counts[id]++
		}
	}
	return counts
}
