package convene

import (
	"context"
	"slices"

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

// Heard returns the parties that the version in force concerns, in the order of its
// changes, with the ways by which they learn of it as things stand now; nobody where none
// is published. Whoever published it is among the accounts.
func (s *Service) Heard(ctx context.Context, by scene.Actor, fair scene.ID) (list []Heard, err error) {
	if err := by.May(scene.FairRead, scene.Object{}); err != nil {
		return nil, err
	}
	err = s.read(ctx, "convene.Heard", func(tx store.Tx) error {
		v, err := latest(ctx, tx, fair)
		if err != nil || v == nil {
			return err
		}
		for _, id := range affected(v.row.Changes) {
			h, err := s.heard(ctx, tx, id)
			if err != nil {
				return err
			}
			h.Changes = concerned(v.row.Changes, id)
			list = append(list, h)
		}
		return nil
	})
	return list, err
}

func (s *Service) heard(ctx context.Context, tx store.Tx, id scene.ID) (Heard, error) {
	h := Heard{Party: id}
	p, err := tx.Fairs().Party(ctx, id)
	if err != nil {
		return h, err
	}
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

// concerned counts the changes that a party is in.
func concerned(changes []scene.FairChange, party scene.ID) (n int) {
	for i := range changes {
		if slices.Contains(changes[i].Parties, party) {
			n++
		}
	}
	return n
}
