package convene

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Heard is by which ways a party learns that a version changes its meetings: what went out
// when it was published, and the links as they are now.
type Heard struct {
	Party    scene.ID
	Changes  int // of its meetings
	Accounts int // of its organisation, with a notice in their inbox
	Mails    int // of these, those to whom it goes by mail too
	Letters  int // to delegates without an account
	// Sent is when word went out; the zero time for a version that kept no record of it: then
	// the accounts are those of now.
	Sent  time.Time
	Links int // delegates with a personal link: a page that is open shows it within seconds
}

// Told reports whether word goes out to a party: a page that somebody has to open is none.
func (h *Heard) Told() bool { return h.Accounts > 0 || h.Letters > 0 }

// heardLife is how long it may take until an account, or what it chose, counts.
const heardLife = time.Minute

// heardOf is who learns of a version, as it was read last.
type heardOf struct {
	made    time.Time
	version store.FairPulse // without the log
	list    []Heard
}

// Heard returns the parties that the version in force concerns, in the order of its
// changes, with the ways by which they learn of it, as they were at most a minute ago;
// nobody where none is published.
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
	counts, told := concerned(v.row.Changes), map[scene.ID]scene.FairTold{}
	for _, x := range v.row.Told {
		told[x.Party] = x
	}
	for _, id := range affected(v.row.Changes) {
		p := at[id]
		if p == nil {
			continue
		}
		h := Heard{Party: id, Changes: counts[id], Links: links(p)}
		if x, kept := told[id]; kept {
			h.Accounts, h.Mails, h.Letters, h.Sent = x.Accounts, x.Mails, x.Letters, v.row.Made
		} else if h.Accounts, h.Mails, err = s.reaches(ctx, tx, p.OrgID); err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, nil
}

// reaches counts the active accounts of an organisation, and of these those to whom
// notices of meetings go by mail too.
func (s *Service) reaches(ctx context.Context, tx store.Tx, org scene.ID) (accounts, mails int, err error) {
	if org == "" {
		return 0, 0, nil
	}
	filter := store.AccountFilter{State: scene.AccountActive, OrgID: org}
	err = store.Each(func(page store.Page) (store.Rows[scene.Account], error) { return tx.Accounts().List(ctx, filter, page) }, func(a *scene.Account) error {
		choice, err := tx.Notices().Choice(ctx, a.ID)
		if err != nil {
			return err
		}
		accounts++
		if s.mails(a.Mail, choice.Of(scene.NoticeMeeting)) {
			mails++
		}
		return nil
	})
	return accounts, mails, err
}

// mails reports whether a notice goes to an address too.
func (s *Service) mails(address string, how scene.Told) bool {
	return s.mailer != nil && address != "" && how.ToldBy(scene.WayMail) != scene.PaceNever
}

// links counts the delegates of a party who have a personal link.
func links(p *scene.FairParty) (n int) {
	for i := range p.Delegates {
		if p.Delegates[i].Code != "" {
			n++
		}
	}
	return n
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
