package engage

import (
	"context"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Interest is what somebody says who begins an engagement.
type Interest struct {
	Need    scene.ID
	Offer   scene.ID
	Message string
}

// Express says that the actor's side is interested in the other. A pair that is
// worked on already is returned as it is, and is called by its entries from now on if
// it was Loose: they are named now. Listings that are not open are a
// Precondition error, one that is not there NotFound; whose listing is on
// neither side gets Forbidden.
func (s *Service) Express(ctx context.Context, by scene.Actor, i Interest) (scene.Engagement, error) {
	if err := scene.ValidText(i.Message, false); err != nil {
		return scene.Engagement{}, err
	}
	return s.begin(ctx, by, scene.EngagementExpress, i, func(c *change) {
		stance := c.e.Stance(c.party)
		stance.Says, stance.By, stance.At = scene.Accepted, by.ID, c.e.Created
		c.e.Stage, c.e.Begun = scene.StageSuggested, c.party
		c.entry(scene.EngagementEntry{Kind: scene.EntryInterest, Text: i.Message})
		c.tell(c.party.Other(), "interest", nil)
		c.tell(scene.PartyCentre, "interest.staff", nil)
	})
}

// Recommend has the centre recommend a pair to both sides. A pair that one side
// began already becomes a recommended one; one that went further is returned as it is.
func (s *Service) Recommend(ctx context.Context, by scene.Actor, i Interest) (scene.Engagement, error) {
	if err := scene.ValidText(i.Message, false); err != nil {
		return scene.Engagement{}, err
	}
	e, err := s.begin(ctx, by, scene.EngagementRecommend, i, func(c *change) {
		c.e.Stage, c.e.Begun = scene.StageRecommended, scene.PartyCentre
		c.entry(scene.EngagementEntry{Kind: scene.EntryRecommend, Text: i.Message})
		c.tellOthers("recommend", nil)
	})
	if err != nil || e.Stage != scene.StageSuggested {
		return e, err
	}
	return s.change(ctx, by, scene.EngagementRecommend, e.ID, e.Revision, func(_ context.Context, c *change) (bool, error) {
		if c.e.Stage != scene.StageSuggested {
			return true, nil
		}
		c.entry(scene.EngagementEntry{Kind: scene.EntryRecommend, Text: i.Message})
		c.tellOthers("recommend", nil)
		return false, c.move(scene.StageRecommended)
	})
}

// begin makes an engagement of a pair, or returns the open one it has.
func (s *Service) begin(ctx context.Context, by scene.Actor, do scene.Action, i Interest, fn func(*change)) (e scene.Engagement, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		fresh, err := s.pair(ctx, tx, i)
		if err != nil {
			return err
		}
		party, err := may(&by, do, &fresh)
		if err != nil {
			return err
		}
		if do == scene.EngagementRecommend {
			party = scene.PartyCentre
		}
		e, err = tx.Engagements().Find(ctx, i.Need, i.Offer)
		if err == nil && e.Loose {
			c := &change{Service: s, tx: tx, by: by, party: party, before: e, e: e}
			c.e.Loose = false
			e, err = c.commit(ctx, string(do))
		}
		if scene.CodeOf(err) != scene.NotFound {
			return err
		}
		if fresh.ID, err = s.ids.New(); err != nil {
			return err
		}
		c := &change{Service: s, tx: tx, by: by, party: party, e: fresh}
		fn(c)
		if e, err = c.commit(ctx, string(do)); err != nil {
			return err
		}
		return c.decide(ctx)
	})
	if err != nil {
		return scene.Engagement{}, scene.Wrap("engage."+string(do), err)
	}
	redactNames(&e, &by)
	return e, nil
}

// reading reads the listings of a pair as an engagement that has not begun.
type reading func(ctx context.Context, tx store.Tx, i Interest) (scene.Engagement, error)

// pair reads both listings, which must be open to everybody now.
func (s *Service) pair(ctx context.Context, tx store.Tx, i Interest) (e scene.Engagement, err error) {
	need, offer, err := both(ctx, tx, i)
	if err != nil {
		return e, err
	}
	now := s.now().UTC()
	if !need.Public(now) || !offer.Public(now) {
		return e, hidden(&scene.Error{Code: scene.NotFound})
	}
	switch {
	case !need.Open(now) || !offer.Open(now):
		return e, &scene.Error{Code: scene.Precondition, Key: "engagement.closed"}
	case need.OrgID == "" || offer.OrgID == "":
		return e, &scene.Error{Code: scene.Precondition, Key: "engagement.no_org"}
	case need.OrgID == offer.OrgID:
		return e, &scene.Error{Code: scene.Precondition, Key: "engagement.same_org"}
	}
	return between(&need, &offer, now), nil
}

// listed reads both listings as they are.
func (s *Service) listed(ctx context.Context, tx store.Tx, i Interest) (scene.Engagement, error) {
	need, offer, err := both(ctx, tx, i)
	return between(&need, &offer, s.now().UTC()), err
}

func both(ctx context.Context, tx store.Tx, i Interest) (need scene.Opportunity, offer scene.Capability, err error) {
	if need, err = tx.Opportunities().Get(ctx, i.Need); err == nil {
		offer, err = tx.Capabilities().Get(ctx, i.Offer)
	}
	return need, offer, hidden(err)
}

func between(need *scene.Opportunity, offer *scene.Capability, now time.Time) scene.Engagement {
	return scene.Engagement{
		Need: need.ID, Offer: offer.ID, NeedOrg: need.OrgID, OfferOrg: offer.OrgID, NeedName: need.Name, OfferName: offer.Name,
		NeedOrgName: need.OrgName, OfferOrgName: offer.OrgName, Department: strings.TrimSpace(need.Department),
		Moved: now, Created: now, Updated: now,
	}
}

// hidden says of what is not public that it is not there.
func hidden(err error) error {
	if scene.CodeOf(err) == scene.NotFound {
		return &scene.Error{Code: scene.NotFound, Key: "engagement.no_listing"}
	}
	return err
}
