package engage

import (
	"context"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Passing is what a side says of a match that it does not want to follow up.
type Passing struct {
	Need, Offer scene.ID
	Reason      scene.StopReason
	Text        string // required with scene.StopOther
}

// Pass says that the actor's side does not want a match: nobody has begun to work
// on it, nobody is told, and ranking learns from it as from any other no. The pair
// then leaves the lists of that organisation ([Service.Passed]) and stays in those
// of everybody else. Said again it takes the place of what was said. A pair that is
// worked on is a Precondition: it is declined in its own case; listings at fault
// are as with Express.
func (s *Service) Pass(ctx context.Context, by scene.Actor, p Passing) error {
	if err := scene.ValidStop(p.Reason, p.Text); err != nil {
		return scene.Wrap("engage.Pass", err)
	}
	return s.passing(ctx, by, Interest{Need: p.Need, Offer: p.Offer}, s.pair, func(c *change, id scene.ID) error {
		open, err := c.tx.Engagements().Find(ctx, p.Need, p.Offer)
		switch {
		case err == nil:
			return &scene.Error{Code: scene.Precondition, Key: "engagement.pass.open", Args: map[string]any{"id": string(open.ID)}}
		case scene.CodeOf(err) != scene.NotFound:
			return err
		}
		if err := c.judge(ctx, scene.Decision{ID: id, Verdict: scene.Declined, Reason: p.Reason.Judged(), Stop: p.Reason, Note: p.Text}); err != nil {
			return err
		}
		return c.passed(ctx, "engagement.pass", string(p.Reason))
	})
}

// Unpass takes back what [Service.Pass] said, also of listings that are open no
// longer; a pair of which nothing was said stays as it is.
func (s *Service) Unpass(ctx context.Context, by scene.Actor, need, offer scene.ID) error {
	return s.passing(ctx, by, Interest{Need: need, Offer: offer}, s.listed, func(c *change, id scene.ID) error {
		taken, err := c.unpass(ctx, id)
		if err != nil || !taken {
			return err
		}
		return c.passed(ctx, "engagement.unpass", "")
	})
}

// passing runs fn for the side that the actor answers for of a pair, as read has it,
// with the id of what that side says of a match.
func (s *Service) passing(ctx context.Context, by scene.Actor, i Interest, read reading, fn func(c *change, id scene.ID) error) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		fresh, err := read(ctx, tx, i)
		if err != nil {
			return err
		}
		party, err := may(&by, scene.EngagementAnswer, &fresh)
		if err != nil {
			return err
		}
		c := &change{Service: s, tx: tx, by: by, party: party, e: fresh}
		return fn(c, passID(i.Need, i.Offer, party))
	})
	return scene.Wrap("engage.Pass", err)
}

// passID names what a side says of a match: one for each side of each pair.
func passID(need, offer scene.ID, party scene.Party) scene.ID {
	return "pass-" + need + "-" + offer + "-" + scene.ID(party)
}

// reconsider has sides that are interested now pass the match over no longer.
func (c *change) reconsider(ctx context.Context, sides ...scene.Party) error {
	for _, side := range sides {
		if _, err := c.unpass(ctx, passID(c.e.Need, c.e.Offer, side)); err != nil {
			return err
		}
	}
	return nil
}

// unpass forgets what a side said of a match, and reports whether it had said
// anything. What ranking learned of it goes with it.
func (c *change) unpass(ctx context.Context, id scene.ID) (bool, error) {
	list, err := c.tx.Judgements().DecisionsOn(ctx, c.e.Need)
	if err != nil {
		return false, err
	}
	for i := range list {
		if list[i].ID != id {
			continue
		}
		if err := c.tx.Judgements().DeleteDecision(ctx, id); err != nil {
			return false, err
		}
		return true, c.learned(ctx, id)
	}
	return false, nil
}

// passed records, on the listing of the side that says it, that it passed a match
// over or took that back.
func (c *change) passed(ctx context.Context, action, note string) error {
	noun, row, other := scene.KindOpportunity, c.e.Need, c.e.Offer
	if c.party == scene.PartyProvider {
		noun, row, other = scene.KindCapability, c.e.Offer, c.e.Need
	}
	recorder := store.Recorder{IDs: c.ids, Now: c.now}
	return recorder.Record(ctx, c.tx, c.by, action, string(noun), row, note, nil, map[string]any{"pair": other})
}

// PassedOf is [Service.Passed] of the listing with an id; one that is not there is NotFound.
func (s *Service) PassedOf(ctx context.Context, by scene.Actor, kind scene.Kind, id scene.ID) (map[scene.ID]scene.Decision, error) {
	var l scene.Listing
	err := s.store.View(ctx, func(tx store.Tx) error {
		if kind == scene.KindCapability {
			row, err := tx.Capabilities().Get(ctx, id)
			l = row.Listing
			return hidden(err)
		}
		row, err := tx.Opportunities().Get(ctx, id)
		l = row.Listing
		return hidden(err)
	})
	if err != nil {
		return nil, scene.Wrap("engage.PassedOf", err)
	}
	return s.Passed(ctx, by, kind, &l)
}

// Passed returns the matches of a listing that its own side passed over, by
// counterpart. Who may not answer for the listing's organisation gets Forbidden.
func (s *Service) Passed(ctx context.Context, by scene.Actor, kind scene.Kind, l *scene.Listing) (map[scene.ID]scene.Decision, error) {
	if err := by.May(scene.EngagementAnswer, scene.Object{OrgID: l.OrgID}); err != nil {
		return nil, scene.Wrap("engage.Passed", err)
	}
	party := scene.PartyOwner
	if kind == scene.KindCapability {
		party = scene.PartyProvider
	}
	found := map[scene.ID]scene.Decision{}
	err := s.store.View(ctx, func(tx store.Tx) error {
		list, err := tx.Judgements().DecisionsOn(ctx, l.ID)
		for _, d := range list {
			other := d.Offer
			if kind == scene.KindCapability {
				other = d.Need
			}
			if strings.HasPrefix(string(d.ID), "pass-") && d.Party == string(party) {
				found[other] = d
			}
		}
		return err
	})
	return found, scene.Wrap("engage.Passed", err)
}

// Look notes that the actor looks at the matches of listings, which stand there now,
// and returns, by listing, those that are new since the look before. It is done on
// reading a page, so that a look at what was seen already writes nothing.
func (s *Service) Look(ctx context.Context, by scene.Actor, shown map[scene.ID][]scene.ID) (fresh map[scene.ID]map[scene.ID]bool, err error) {
	if by.ID == "" {
		return nil, nil
	}
	var changed []scene.Look
	at := s.now()
	look := func(tx store.Tx) error {
		fresh, changed = make(map[scene.ID]map[scene.ID]bool, len(shown)), nil
		for listing, list := range shown {
			last, err := tx.Looks().Get(ctx, by.ID, listing)
			if err != nil && scene.CodeOf(err) != scene.NotFound {
				return err
			}
			last.Account, last.Listing = by.ID, listing
			next, news := last.News(list, at)
			if fresh[listing] = news; !last.Same(next) {
				changed = append(changed, next)
			}
		}
		return nil
	}
	if err = s.store.View(ctx, look); err == nil && len(changed) > 0 {
		err = s.store.Update(ctx, func(tx store.Tx) error {
			if err := look(tx); err != nil {
				return err
			}
			for _, l := range changed {
				if err := tx.Looks().Put(ctx, l); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return fresh, scene.Wrap("engage.Look", err)
}
