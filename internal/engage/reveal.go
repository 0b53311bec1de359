package engage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Agree says that the actor's side lets the others at the table see its contact.
// Two see each other's when both agreed. It is there from the moment both sides
// are interested.
func (s *Service) Agree(ctx context.Context, by scene.Actor, id scene.ID, revision int) (scene.Engagement, error) {
	return s.change(ctx, by, scene.EngagementAgree, id, revision, func(_ context.Context, c *change) (bool, error) {
		if err := notAtTable(c); err != nil {
			return false, err
		}
		stance := c.stance()
		if !stance.Reveals.IsZero() {
			return true, nil
		}
		if !c.e.Stage.Docked() && c.e.Stage != scene.StageMutual && c.e.Stage != scene.StageLanded && c.e.Stage != scene.StageReplicated {
			return false, &scene.Error{Code: scene.Precondition, Key: "engagement.not_docked"}
		}
		stance.Reveals = c.now().UTC()
		c.entry(scene.EngagementEntry{Kind: scene.EntryAgree})
		c.tellAgreed("agree", "agree.both")
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
		stance := c.stance()
		if stance.Reveals.IsZero() {
			return true, nil
		}
		stance.Reveals = time.Time{}
		c.entry(scene.EngagementEntry{Kind: scene.EntryWithdraw})
		c.tellAgreed("withdraw", "withdraw")
		return false, nil
	})
}

// tellAgreed tells the others at the table of an agreement on contacts: both to
// those whom the actor's side now sees and is seen by.
func (c *change) tellAgreed(what, both string) {
	c.tellOthers(what, nil)
	for i := range c.told {
		t := &c.told[i]
		if org := cmp.Or(t.org, c.e.Org(t.to)); c.e.Shows(c.by.OrgID, org) {
			t.n.Key = "engagement.told." + both
		}
	}
}

// Reveal returns the contact of an organisation at the table in full, if it and
// the actor's agreed, and notes in history and record who looked; else a
// Precondition error. of "" is the other side of the pair. Who has no part gets
// Forbidden, and an organisation that has none NotFound.
func (s *Service) Reveal(ctx context.Context, by scene.Actor, id, of scene.ID) (contact scene.Contact, err error) {
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
		of := cmp.Or(of, e.Org(party.Other()))
		if of == by.OrgID || e.Seat(of) == nil {
			return &scene.Error{Code: scene.NotFound, Key: "engagement.group.none"}
		}
		if !e.Shows(by.OrgID, of) {
			return &scene.Error{Code: scene.Precondition, Key: "engagement.not_agreed"}
		}
		listing, err := c.contactOf(ctx, of, &contact)
		if err != nil {
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
		ID: id, Engagement: c.e.ID, Kind: scene.EntryReveal, Party: c.party, Org: c.partner(), Actor: c.by.ID, At: c.now().UTC(),
	})
	return err
}

// contactOf fills in the contact of the listing with which an organisation sits
// at the table, or where the listing has none that of the organisation, and
// returns the listing.
func (c *change) contactOf(ctx context.Context, of scene.ID, contact *scene.Contact) (listing scene.ID, err error) {
	if of == c.e.NeedOrg {
		o, err := c.tx.Opportunities().Get(ctx, c.e.Need)
		if err != nil {
			return "", err
		}
		listing, *contact = o.ID, o.Contact
	} else {
		id := c.e.Offer
		if p := c.e.Partner(of); p != nil && of != c.e.OfferOrg {
			id = p.Offer
		}
		o, err := c.tx.Capabilities().Get(ctx, id)
		if err != nil {
			return "", err
		}
		listing, *contact = o.ID, o.Contact
	}
	if contact.Known() {
		return listing, nil
	}
	org, err := c.tx.Organisations().Get(ctx, of)
	if scene.CodeOf(err) == scene.NotFound {
		return listing, nil
	}
	*contact = org.Contact
	return listing, err
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
