package engage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Group is a leading provider with partners, brought to an opportunity together.
type Group struct {
	Need     scene.ID
	Lead     scene.Member
	Partners []scene.Member
	Message  string
}

// Form begins one pair for a group: that of the opportunity and the leading
// provider, with the partners asked to take a part beside it. The centre
// recommends it to both sides; the owner of the opportunity says with it that it
// is interested. A pair that is worked on already gets the partners it does not
// have yet, those who stayed away are asked again, and where nothing is new it is
// returned as it is. An opportunity that takes no group, and listings that are
// not open, are a Precondition error.
func (s *Service) Form(ctx context.Context, by scene.Actor, g Group) (e scene.Engagement, err error) {
	if err := scene.ValidGroup(g.Lead, g.Partners); err != nil {
		return e, scene.Wrap("engage.Form", err)
	}
	if err := scene.ValidText(g.Message, false); err != nil {
		return e, scene.Wrap("engage.Form", err)
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		c, err := s.group(ctx, tx, by, &g)
		if err != nil {
			return err
		}
		asked, err := c.askAll(ctx, g.Partners)
		if err != nil {
			return err
		}
		if c.before.ID != "" && asked == 0 {
			e = c.before
			return nil
		}
		c.e.Part = strings.TrimSpace(g.Lead.Part)
		if e, err = c.commit(ctx, string(scene.EngagementForm)); err != nil || c.before.ID != "" {
			return err
		}
		return c.decide(ctx)
	})
	if err != nil {
		return scene.Engagement{}, scene.Wrap("engage.Form", err)
	}
	redactNames(&e, &by)
	return e, nil
}

// Invite asks one more partner into a pair that is worked on; lead is what the
// leading provider does, "" for what it is known to do.
func (s *Service) Invite(ctx context.Context, by scene.Actor, id scene.ID, lead string, m scene.Member) (scene.Engagement, error) {
	var g Group
	err := s.store.View(ctx, func(tx store.Tx) error {
		e, err := tx.Engagements().Get(ctx, id)
		if err != nil {
			return err
		}
		if _, err := forming(&by, &e); err != nil {
			return err
		}
		if e.Stage.Ended() {
			return &scene.Error{Code: scene.Precondition, Key: "engagement.ended"}
		}
		if strings.TrimSpace(lead) == "" {
			lead = e.Part
		}
		g = Group{Need: e.Need, Lead: scene.Member{Offer: e.Offer, Part: lead}, Partners: []scene.Member{m}}
		return nil
	})
	if err != nil {
		return scene.Engagement{}, scene.Wrap("engage.Invite", err)
	}
	return s.Form(ctx, by, g)
}

// forming asks the table whether somebody may form a group for the opportunity of
// an engagement, and says for whom: the owner, or the centre, whose people do not
// do so for an organisation of their own.
func forming(by *scene.Actor, e *scene.Engagement) (scene.Party, error) {
	if err := by.May(scene.EngagementForm, scene.Object{OrgID: e.NeedOrg, Department: e.Department}); err != nil {
		return "", err
	}
	if e.PartyOf(by) == scene.PartyOwner {
		return scene.PartyOwner, nil
	}
	return scene.PartyCentre, by.May(scene.EngagementForm, scene.Object{OrgID: e.OfferOrg, Department: e.Department})
}

// group is the change that a group begins with: of the pair as it is, or of a new one.
func (s *Service) group(ctx context.Context, tx store.Tx, by scene.Actor, g *Group) (*change, error) {
	need, err := tx.Opportunities().Get(ctx, g.Need)
	if err != nil {
		return nil, hidden(err)
	}
	if need.Require.Consortium == scene.No {
		return nil, &scene.Error{Code: scene.Precondition, Key: "engagement.group.refused"}
	}
	c := &change{Service: s, tx: tx, by: by}
	held, err := tx.Engagements().Find(ctx, g.Need, g.Lead.Offer)
	if err == nil {
		c.before, c.e = held, held
		c.e.Partners = slices.Clone(held.Partners)
		if c.party, err = forming(&by, &held); err == nil && held.Stage.Ended() {
			err = &scene.Error{Code: scene.Precondition, Key: "engagement.ended"}
		}
		return c, err
	}
	if scene.CodeOf(err) != scene.NotFound {
		return nil, err
	}
	if c.e, err = s.pair(ctx, tx, Interest{Need: g.Need, Offer: g.Lead.Offer}); err != nil {
		return nil, err
	}
	if c.party, err = forming(&by, &c.e); err != nil {
		return nil, err
	}
	if c.e.ID, err = s.ids.New(); err != nil {
		return nil, err
	}
	c.open(g)
	return c, nil
}

// open begins the pair of a group.
func (c *change) open(g *Group) {
	c.e.Begun = c.party
	if c.party == scene.PartyOwner {
		c.e.Stage = scene.StageSuggested
		c.e.Owner = scene.Stance{Says: scene.Accepted, By: c.by.ID, At: c.e.Created}
		c.entry(scene.EngagementEntry{Kind: scene.EntryInterest, Text: g.Message})
		c.tell(scene.PartyProvider, "interest", nil)
		c.tell(scene.PartyCentre, "interest.staff", nil)
		return
	}
	c.e.Stage = scene.StageRecommended
	c.entry(scene.EngagementEntry{Kind: scene.EntryRecommend, Text: g.Message})
	c.tellOthers("recommend", nil)
}

// askAll asks those who are not there yet, and returns how many that were.
func (c *change) askAll(ctx context.Context, list []scene.Member) (asked int, err error) {
	for i := range list {
		if list[i] == (scene.Member{}) {
			continue
		}
		fresh, err := c.ask(ctx, i, list[i])
		if err != nil {
			return 0, err
		}
		if fresh {
			asked++
		}
	}
	if len(c.e.Partners) > scene.MaxPartners {
		return 0, faulty(fmt.Sprint("partner", len(list)), "engagement.group.many")
	}
	return asked, nil
}

// ask asks the organisation of a capability to take a part; n counts its field.
func (c *change) ask(ctx context.Context, n int, m scene.Member) (fresh bool, err error) {
	field := fmt.Sprint("partner", n+1)
	offer, err := c.tx.Capabilities().Get(ctx, m.Offer)
	now := c.now().UTC()
	switch {
	case scene.CodeOf(err) == scene.NotFound, err == nil && !offer.Public(now):
		return false, faulty(field, "engagement.no_listing")
	case err != nil:
		return false, err
	case !offer.Open(now):
		return false, faulty(field, "engagement.closed")
	case offer.OrgID == "":
		return false, faulty(field, "engagement.no_org")
	case offer.OrgID == c.e.NeedOrg, offer.OrgID == c.e.OfferOrg:
		return false, faulty(field, "engagement.group.there")
	}
	p := c.e.Partner(offer.OrgID)
	if p != nil && p.Stance.Says != scene.Declined {
		return false, nil
	}
	if p == nil {
		c.e.Partners = append(c.e.Partners, scene.Partner{Org: offer.OrgID})
		p = &c.e.Partners[len(c.e.Partners)-1]
	}
	*p = scene.Partner{
		Org: offer.OrgID, Offer: offer.ID, OrgName: offer.OrgName, OfferName: offer.Name, Part: strings.TrimSpace(m.Part), Asked: now,
	}
	c.entry(scene.EngagementEntry{Kind: scene.EntryInvite, Org: p.Org, Text: p.OrgName + "：" + p.Part})
	c.tellPartner(p.Org, "invite", map[string]any{"part": scene.Redact(p.Part), "lead": c.e.OfferOrgName})
	return true, nil
}

// faulty is an error of one field of a group.
func faulty(field, key string) error {
	return &scene.Error{Code: scene.Invalid, Key: "engagement.group.invalid", Fields: []scene.FieldError{{Field: field, Key: key}}}
}

// partner is the organisation of a partner who acts, "" for all others.
func (c *change) partner() scene.ID {
	if c.party == scene.PartyPartner {
		return c.by.OrgID
	}
	return ""
}

// notJoined refuses to a partner what he can do once he joined.
func notJoined(c *change) error {
	if c.party == scene.PartyPartner && c.stance().Says != scene.Accepted {
		return &scene.Error{Code: scene.Precondition, Key: "engagement.group.not_joined"}
	}
	return nil
}

// join has a partner take its part.
func (c *change) join(a Answer) (done bool, err error) {
	p := c.e.Partner(c.by.OrgID)
	switch {
	case p.Stance.Says == scene.Accepted:
		return true, nil
	case c.e.Stage.Ended():
		return false, &scene.Error{Code: scene.Precondition, Key: "engagement.ended"}
	case p.Stance.Says == scene.Declined:
		return false, &scene.Error{Code: scene.Precondition, Key: "engagement.group.out"}
	}
	if err := scene.ValidText(a.Text, false); err != nil {
		return false, err
	}
	p.Stance = scene.Stance{Says: scene.Accepted, By: c.by.ID, At: c.now().UTC()}
	c.entry(scene.EngagementEntry{Kind: scene.EntryAccept, Text: a.Text})
	c.tellPart("join", p, "")
	return false, nil
}

// leave has a partner stay away, or go; its contact is seen by nobody from then on.
func (c *change) leave(a Answer) (done bool, err error) {
	p := c.e.Partner(c.by.OrgID)
	switch {
	case p.Stance.Says == scene.Declined:
		return true, nil
	case c.e.Stage.Ended():
		return false, &scene.Error{Code: scene.Precondition, Key: "engagement.ended"}
	}
	if err := scene.ValidStop(a.Reason, a.Text); err != nil {
		return false, err
	}
	p.Stance, p.Reason = scene.Stance{Says: scene.Declined, By: c.by.ID, At: c.now().UTC()}, a.Reason
	if c.e.Asked == scene.PartyPartner {
		c.e.Asked = ""
	}
	c.entry(scene.EngagementEntry{Kind: scene.EntryDecline, Text: a.Text, Reason: a.Reason})
	c.tellPart("leave", p, a.Reason)
	return false, nil
}

// tellPart tells the others, and the centre, what a partner said to its part.
func (c *change) tellPart(what string, p *scene.Partner, reason scene.StopReason) {
	args := map[string]any{"org": p.OrgName, "part": scene.Redact(p.Part)}
	if reason != "" {
		args["reason"] = "@engagement.reason." + string(reason)
	}
	c.tellOthers(what, args)
	c.tell(scene.PartyCentre, what, args)
}
