package convene

import (
	"context"
	"slices"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// mostProposed is how many persons are proposed to one organisation.
const mostProposed = 5

// Proposed returns the persons whom the published entries of the actor's own
// organisation name as contacts, and who do not come for its party yet. They are
// protected: nobody else at the fair, the centre neither, learns of them by this
// until the organisation says that they come.
func (s *Service) Proposed(ctx context.Context, by scene.Actor, party scene.ID) (list []scene.Delegate, err error) {
	err = s.read(ctx, "convene.Proposed", func(tx store.Tx) error {
		p, err := tx.Fairs().Party(ctx, party)
		if err == nil {
			err = ownParty(by, &p)
		}
		if err == nil {
			list, err = proposed(ctx, tx, &p)
		}
		return err
	})
	return list, err
}

// ownParty refuses who is not of the organisation of a party.
func ownParty(by scene.Actor, p *scene.FairParty) error {
	if p.OrgID == "" || by.OrgID != p.OrgID {
		return &scene.Error{Code: scene.Forbidden, Op: "convene.ownParty", Key: "permission.role"}
	}
	return by.May(scene.FairJoin, scene.Object{OrgID: p.OrgID})
}

func proposed(ctx context.Context, tx store.Tx, p *scene.FairParty) (list []scene.Delegate, err error) {
	if p.State == scene.PartyRefused || p.State == scene.PartyWithdrawn {
		return nil, nil
	}
	take := func(l *scene.Listing) {
		who := scene.Delegate{Name: strings.TrimSpace(l.Contact.Person), Mail: strings.TrimSpace(l.Contact.Mail)}
		if !scene.ValidMail(who.Mail) {
			who.Mail = ""
		}
		known := func(d scene.Delegate) bool { return d.Name == who.Name }
		if who.Name != "" && len(list) < mostProposed && !slices.ContainsFunc(list, known) && !slices.ContainsFunc(p.Delegates, known) {
			list = append(list, who)
		}
	}
	f := store.ListingFilter{OrgID: p.OrgID, States: []scene.State{scene.Published}}
	if err = store.EachListing(ctx, tx.Opportunities(), f, func(o *scene.Opportunity) { take(&o.Listing) }); err == nil {
		err = store.EachListing(ctx, tx.Capabilities(), f, func(c *scene.Capability) { take(&c.Listing) })
	}
	return list, err
}

// Agree has a proposed person come for the party of the actor's own organisation.
// Who is not proposed, or not any more, is NotFound.
func (s *Service) Agree(ctx context.Context, by scene.Actor, party scene.ID, name string) (scene.FairParty, error) {
	return s.party(ctx, by, party, "fair.amend", func(tx store.Tx, f *scene.Fair, p *scene.FairParty) error {
		if err := ownParty(by, p); err != nil {
			return err
		}
		list, err := proposed(ctx, tx, p)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(d scene.Delegate) bool { return d.Name == name })
		if i < 0 {
			return &scene.Error{Code: scene.NotFound, Key: "fair.not_proposed"}
		}
		named := slices.DeleteFunc(slices.Clone(p.Delegates), func(d scene.Delegate) bool { return d.Unnamed })
		if err := s.fillDelegates(p, append(named, list[i])); err != nil {
			return err
		}
		return s.complete(ctx, tx, f, p)
	})
}
