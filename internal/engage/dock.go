package engage

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Dock has a pair be worked on because both sides met and one named a next step,
// in the transaction of who tells so. by is whom the record names; whether the
// two met is for the caller to know, so no permission is asked. A pair that
// nobody works on begins, one that waited for an answer docks, and one that is
// docked gets a line in its history, and the agreed action in the place of its
// own only where the agreement is a larger one. Listings that are not open are a
// Precondition or NotFound error that leaves the transaction as it was.
func (s *Service) Dock(ctx context.Context, tx store.Tx, by scene.Actor, a scene.Agreement) (scene.ID, error) {
	now := s.now().UTC()
	if err := a.Next.Validate(now); err != nil {
		return "", scene.Wrap("engage.Dock", err)
	}
	c := &change{Service: s, tx: tx, by: by, party: a.By}
	held, err := tx.Engagements().Find(ctx, a.Need, a.Offer)
	switch {
	case err == nil:
		c.before, c.e = held, held
		c.e.Loose = held.Loose && a.Loose
	case scene.CodeOf(err) == scene.NotFound:
		if c.e, err = s.pair(ctx, tx, Interest{Need: a.Need, Offer: a.Offer}); err != nil {
			return "", scene.Wrap("engage.Dock", err)
		}
		if c.e.ID, err = s.ids.New(); err != nil {
			return "", scene.Wrap("engage.Dock", err)
		}
		c.e.Stage, c.e.Begun, c.e.Loose = scene.StageSuggested, a.By, a.Loose
	default:
		return "", scene.Wrap("engage.Dock", err)
	}
	c.e.Met = a.Met
	if err := c.dock(a); err != nil {
		return "", scene.Wrap("engage.Dock", err)
	}
	e, err := c.commit(ctx, "engagement.dock")
	if err == nil && !e.Loose { // else whoever passed that pair over still does
		err = c.reconsider(ctx, scene.PartyOwner, scene.PartyProvider)
	}
	return e.ID, scene.Wrap("engage.Dock", err)
}

// dock brings the pair to the table, or notes there what was agreed.
func (c *change) dock(a scene.Agreement) error {
	args := map[string]any{"next": scene.Redact(a.Next.Text), "due": day(a.Next)}
	told, changed := "dock", "next"
	if a.Alone {
		told, changed = "dock.alone", "dock.alone"
	}
	switch c.e.Stage {
	case scene.StageSuggested, scene.StageRecommended:
		c.entry(scene.EngagementEntry{Kind: scene.EntryAccept, Text: a.Text})
		for _, side := range []scene.Party{scene.PartyOwner, scene.PartyProvider} {
			if stance := c.e.Stance(side); stance.Says != scene.Accepted { // both sat at the table
				stance.Says, stance.At = scene.Accepted, c.now().UTC()
			}
		}
		if err := c.move(scene.StageMutual); err != nil {
			return err
		}
		fallthrough
	case scene.StageMutual:
		if err := c.move(scene.StageDocking); err != nil {
			return err
		}
		c.plan(a.Next)
		for _, to := range []scene.Party{scene.PartyOwner, scene.PartyProvider} {
			c.tell(to, told, args)
		}
		c.tell(scene.PartyCentre, "accept.staff", nil)
	default:
		c.entry(scene.EngagementEntry{Kind: scene.EntryNote, Text: a.Text})
		if a.Raised && c.e.Stage == scene.StageDocking {
			c.plan(a.Next)
			c.entry(scene.EngagementEntry{Kind: scene.EntryNext, Text: a.Next.Text})
			c.tellOthers(changed, args)
		}
	}
	return nil
}
