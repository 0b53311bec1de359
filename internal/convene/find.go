package convene

import (
	"context"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// OrganisationNamed finds the organisation with that credit code or name, for the
// centre; "" where there is none.
func (s *Service) OrganisationNamed(ctx context.Context, by scene.Actor, text string) (id scene.ID, err error) {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return "", err
	}
	text = strings.TrimSpace(text)
	code, codeErr := scene.ParseCreditCode(text)
	if codeErr != nil {
		code = ""
	}
	err = s.read(ctx, "convene.OrganisationNamed", func(tx store.Tx) error {
		o, err := tx.Organisations().Find(ctx, code, scene.NameKey(text))
		id = o.ID
		if scene.CodeOf(err) == scene.NotFound {
			return nil
		}
		return err
	})
	return id, err
}

// Listed is an entry that a party can bring.
type Listed struct {
	scene.FairListing
	Name string
}

// CanBring returns the open entries of an organisation.
func (s *Service) CanBring(ctx context.Context, org scene.ID) (list []Listed, err error) {
	if org == "" {
		return nil, nil
	}
	f, page := store.ListingFilter{OrgID: org, OpenAt: s.now()}, store.Page{Limit: 50}
	err = s.read(ctx, "convene.CanBring", func(tx store.Tx) error {
		list = nil
		needs, err := tx.Opportunities().List(ctx, f, page)
		if err != nil {
			return err
		}
		offers, err := tx.Capabilities().List(ctx, f, page)
		for i := range needs.Items {
			list = append(list, Listed{scene.FairListing{Kind: scene.KindOpportunity, ID: needs.Items[i].ID}, needs.Items[i].Name})
		}
		for i := range offers.Items {
			list = append(list, Listed{scene.FairListing{Kind: scene.KindCapability, ID: offers.Items[i].ID}, offers.Items[i].Name})
		}
		return err
	})
	return list, err
}

// AwayAsGuest says in which slots the delegate of a personal link is not there.
func (s *Service) AwayAsGuest(ctx context.Context, code, from string, slots []string) (scene.FairParty, error) {
	g, err := s.Guest(ctx, code)
	if err != nil {
		return scene.FairParty{}, err
	}
	return s.changeParty(ctx, g.actor(from), byCode(ctx, code), "fair.away", func(tx store.Tx, f *scene.Fair, p *scene.FairParty) error {
		for i := range p.Delegates {
			if p.Delegates[i].Code == code {
				p.Delegates[i].Away = slots
			}
		}
		return s.complete(ctx, tx, f, p)
	})
}
