package engage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Agree says that the actor's side lets the other one see its contact. Both see
// each other's when both agreed. It is there from the moment both are interested.
func (s *Service) Agree(ctx context.Context, by scene.Actor, id scene.ID, revision int) (scene.Engagement, error) {
	return s.change(ctx, by, scene.EngagementAgree, id, revision, func(_ context.Context, c *change) (bool, error) {
		if err := notAtTable(c); err != nil {
			return false, err
		}
		stance := c.e.Stance(c.party)
		if !stance.Reveals.IsZero() {
			return true, nil
		}
		if !c.e.Stage.Docked() && c.e.Stage != scene.StageMutual && c.e.Stage != scene.StageLanded && c.e.Stage != scene.StageReplicated {
			return false, &scene.Error{Code: scene.Precondition, Key: "engagement.not_docked"}
		}
		stance.Reveals = c.now().UTC()
		c.entry(scene.EngagementEntry{Kind: scene.EntryAgree})
		what := "agree"
		if c.e.Revealed() {
			what = "agree.both"
		}
		c.tell(c.party.Other(), what, nil)
		return false, nil
	})
}

// Withdraw takes the agreement back: from now on nobody of the other side sees
// the contact. What was seen before was seen, and stands in the record.
func (s *Service) Withdraw(ctx context.Context, by scene.Actor, id scene.ID, revision int) (scene.Engagement, error) {
	return s.change(ctx, by, scene.EngagementAgree, id, revision, func(_ context.Context, c *change) (bool, error) {
		if err := notAtTable(c); err != nil {
			return false, err
		}
		stance := c.e.Stance(c.party)
		if stance.Reveals.IsZero() {
			return true, nil
		}
		stance.Reveals = time.Time{}
		c.entry(scene.EngagementEntry{Kind: scene.EntryWithdraw})
		c.tell(c.party.Other(), "withdraw", nil)
		return false, nil
	})
}

// Reveal returns the contact of the other side in full, if both agreed, and
// notes in history and record who looked; else a Precondition error. Who has no
// side gets Forbidden.
func (s *Service) Reveal(ctx context.Context, by scene.Actor, id scene.ID) (contact scene.Contact, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		e, err := tx.Engagements().Get(ctx, id)
		if err != nil {
			return err
		}
		party, err := may(&by, scene.EngagementAgree, &e)
		if err != nil {
			return err
		}
		c := &change{Service: s, tx: tx, by: by, party: party, before: e, e: e}
		if err := notAtTable(c); err != nil {
			return err
		}
		if !e.Revealed() {
			return &scene.Error{Code: scene.Precondition, Key: "engagement.not_agreed"}
		}
		listing := e.Offer
		if party == scene.PartyProvider {
			listing = e.Need
		}
		if contact, err = contactOf(ctx, tx, &e, party.Other()); err != nil {
			return err
		}
		if err := c.looked(ctx); err != nil {
			return err
		}
		recorder := store.Recorder{IDs: s.ids, Now: s.now}
		return recorder.Record(ctx, tx, by, string(scene.ContactReveal), "engagement", e.ID, string(listing), nil, nil)
	})
	if err != nil {
		return scene.Contact{}, scene.Wrap("engage.Reveal", err)
	}
	return contact, nil
}

// looked adds to the history that somebody of a side looked.
func (c *change) looked(ctx context.Context) error {
	id, err := c.ids.New()
	if err != nil {
		return err
	}
	_, err = c.tx.Engagements().AddEntry(ctx, scene.EngagementEntry{
		ID: id, Engagement: c.e.ID, Kind: scene.EntryReveal, Party: c.party, Actor: c.by.ID, At: c.now().UTC(),
	})
	return err
}

// contactOf is that of a side's listing, or where the listing has none that of
// its organisation.
func contactOf(ctx context.Context, tx store.Tx, e *scene.Engagement, p scene.Party) (contact scene.Contact, err error) {
	if p == scene.PartyOwner {
		o, err := tx.Opportunities().Get(ctx, e.Need)
		if err != nil {
			return contact, err
		}
		contact = o.Contact
	} else {
		o, err := tx.Capabilities().Get(ctx, e.Offer)
		if err != nil {
			return contact, err
		}
		contact = o.Contact
	}
	if contact.Known() {
		return contact, nil
	}
	org, err := tx.Organisations().Get(ctx, e.Org(p))
	if scene.CodeOf(err) == scene.NotFound {
		return contact, nil
	}
	return org.Contact, err
}

// longestLate orders by the due day of the next action, those that wait for an
// answer by their last change.
func longestLate(list []scene.Engagement) []scene.Engagement {
	since := func(e *scene.Engagement) time.Time {
		if e.Next.Known() {
			return e.Next.Due
		}
		return e.Updated
	}
	slices.SortFunc(list, func(a, b scene.Engagement) int {
		return cmp.Or(since(&a).Compare(since(&b)), cmp.Compare(a.ID, b.ID))
	})
	return list
}
