package convene

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// side is on which side a party stands: by what it brings, or where it brings nothing by
// what is known of its organisation.
func side(p *scene.FairParty) scene.FairSide {
	if len(p.Listings) == 0 {
		return p.Side
	}
	var found scene.FairSide
	for _, l := range p.Listings {
		found = found.And(sideOf(l.Kind))
	}
	return found
}

func sideOf(kind scene.Kind) scene.FairSide {
	if kind == scene.KindOpportunity {
		return scene.SideNeeds
	}
	return scene.SideOffers
}

// sided notes of a party that brings nothing on which side its organisation stands: by its
// entries, whatever their state, else by what its people can sign in as.
func sided(ctx context.Context, tx store.Tx, p *scene.FairParty) error {
	p.Side = ""
	if len(p.Listings) > 0 || p.OrgID == "" {
		return nil
	}
	of, one := store.ListingFilter{OrgID: p.OrgID}, store.Page{Limit: 1}
	needs, err := tx.Opportunities().List(ctx, of, one)
	if err != nil {
		return err
	}
	offers, err := tx.Capabilities().List(ctx, of, one)
	if err != nil {
		return err
	}
	if len(needs.Items) > 0 {
		p.Side = p.Side.And(scene.SideNeeds)
	}
	if len(offers.Items) > 0 {
		p.Side = p.Side.And(scene.SideOffers)
	}
	if p.Side != "" {
		return nil
	}
	filter := store.AccountFilter{State: scene.AccountActive, OrgID: p.OrgID}
	return store.Each(func(page store.Page) (store.Rows[scene.Account], error) { return tx.Accounts().List(ctx, filter, page) }, func(a *scene.Account) error {
		if slices.Contains(a.Roles, scene.RoleOwner) {
			p.Side = p.Side.And(scene.SideNeeds)
		}
		if slices.Contains(a.Roles, scene.RoleProvider) {
			p.Side = p.Side.And(scene.SideOffers)
		}
		return nil
	})
}

// keptFor is how many of the places that are left are not for a party, but for the other side:
// while parties sign up, half of the places of a fair are kept for each side, as far as so
// many of it were invited and have not answered, or wait. So a batch of both sides fills
// the hall with both, whoever answers first. Shared are the places that parties of both
// sides or of no known one left: halves of the whole hall could each be more than what is
// left, and a free place be kept from either side for the other. One of both sides takes any
// place, and one of which no side is known none that is kept for either; once sign-up is
// closed everybody does.
func keptFor(f *scene.Fair, all iter.Seq[*scene.FairParty], p *scene.FairParty) (kept int) {
	own := side(p)
	if own == scene.SideBoth || f.Capacity == 0 || f.State != scene.FairDraft && f.State != scene.FairOpen {
		return 0
	}
	asked, in := map[scene.FairSide]int{}, map[scene.FairSide]int{}
	for x := range all {
		switch x.State {
		case scene.PartyInvited, scene.PartyWaiting:
			asked[side(x)]++
		case scene.PartyAccepted:
			in[side(x)]++
		}
	}
	half := (f.Capacity - in[""] - in[scene.SideBoth]) / 2
	for _, other := range []scene.FairSide{scene.SideNeeds, scene.SideOffers} {
		if other != own {
			kept += max(0, min(asked[other], half-in[other]))
		}
	}
	return kept
}

// fits reports whether a party that answers, or moves up, has a place.
func fits(f *scene.Fair, all []scene.FairParty, p *scene.FairParty) bool {
	return promised(f, inPlace(all)).Left() > keptFor(f, inPlace(all), p)
}

// queue are the parties that wait, in the order in which places go to them: who said
// first that it comes stands first.
func queue(all []scene.FairParty) (at []int) {
	for i := range all {
		if all[i].State == scene.PartyWaiting {
			at = append(at, i)
		}
	}
	slices.SortFunc(at, func(i, k int) int { return sooner(&all[i], &all[k]) })
	return at
}

// sooner is the order of the waiting list.
func sooner(a, b *scene.FairParty) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
}

// invitationOf is the party of an organisation that was invited and has not answered.
func invitationOf(all []scene.FairParty, org scene.ID) *scene.FairParty {
	i := slices.IndexFunc(all, func(p scene.FairParty) bool {
		return org != "" && p.OrgID == org && p.State == scene.PartyInvited
	})
	if i < 0 {
		return nil
	}
	return &all[i]
}
