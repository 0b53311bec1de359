package convene

import (
	"cmp"
	"context"
	"slices"
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

// Named is a delegate with his party.
type Named struct {
	Party    *scene.FairParty
	Delegate scene.Delegate
}

// Called returns the delegates of parties that take part who have that name, or else
// those of whom, or of whose party, the name has it as a piece; by party and name.
func (b *Board) Called(text string) []Named {
	key := scene.NameKey(text)
	if key == "" {
		return nil
	}
	var exact, pieces []Named
	for _, p := range b.Parties {
		if p.State != scene.PartyAccepted {
			continue
		}
		party := scene.NameKey(p.Name)
		for _, d := range p.Delegates {
			switch name := scene.NameKey(d.Name); {
			case name == key:
				exact = append(exact, Named{p, d})
			case strings.Contains(name, key), strings.Contains(party, key):
				pieces = append(pieces, Named{p, d})
			}
		}
	}
	if len(exact) == 0 {
		exact = pieces
	}
	slices.SortFunc(exact, func(x, y Named) int {
		return cmp.Or(cmp.Compare(x.Party.Name, y.Party.Name), cmp.Compare(x.Delegate.Name, y.Delegate.Name), cmp.Compare(x.Delegate.ID, y.Delegate.ID))
	})
	return exact
}
