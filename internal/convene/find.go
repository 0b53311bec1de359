package convene

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

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

// offered is how many entries of a kind an organisation is offered to bring.
const offered = 50

// CanBring returns the open entries of an organisation that it may choose from: the
// first of each kind, and all of those that it brings already, which a form that left
// them out would take away.
func (s *Service) CanBring(ctx context.Context, org scene.ID, held ...scene.FairListing) (list []Listed, err error) {
	if org == "" {
		return nil, nil
	}
	err = s.read(ctx, "convene.CanBring", func(tx store.Tx) error {
		needs, err := choices(ctx, tx.Opportunities(), scene.KindOpportunity, org, held, s.now(), func(o *scene.Opportunity) *scene.Listing { return &o.Listing })
		if err != nil {
			return err
		}
		offers, err := choices(ctx, tx.Capabilities(), scene.KindCapability, org, held, s.now(), func(c *scene.Capability) *scene.Listing { return &c.Listing })
		list = append(needs, offers...)
		return err
	})
	return list, err
}

// choices are the entries of one kind to choose from.
func choices[T any](ctx context.Context, table store.Listings[T], kind scene.Kind, org scene.ID, held []scene.FairListing, at time.Time, listing func(*T) *scene.Listing) ([]Listed, error) {
	first, err := table.List(ctx, store.ListingFilter{OrgID: org, OpenAt: at}, store.Page{Limit: offered})
	if err != nil {
		return nil, err
	}
	brought, err := opened(ctx, table, kind, org, held, at, listing)
	var list []Listed
	for _, rows := range [][]T{first.Items, brought} {
		for i := range rows {
			l := listing(&rows[i])
			if x := (scene.FairListing{Kind: kind, ID: l.ID}); !slices.ContainsFunc(list, func(other Listed) bool { return other.FairListing == x }) {
				list = append(list, Listed{x, l.Name})
			}
		}
	}
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
			if p.Delegates[i].ID == g.Delegate.ID {
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

// Called returns the delegates of parties that take part, or wait to, who have that
// name, or else those of whom, or of whose party, the name has it as a piece; by party
// and name.
func (b *Board) Called(text string) []Named {
	key := scene.NameKey(text)
	if key == "" {
		return nil
	}
	var exact, pieces []Named
	for _, p := range b.Parties {
		if p.State != scene.PartyAccepted && p.State != scene.PartyWaiting && p.State != scene.PartyApplied {
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
