package convene

import (
	"cmp"
	"iter"
	"slices"

	"jinghe/internal/scene"
)

// side is the kind of entry that a party brings: needs, offers, or "" for both or none.
func side(p *scene.FairParty) scene.Kind {
	var kind scene.Kind
	for i, l := range p.Listings {
		if i > 0 && l.Kind != kind {
			return ""
		}
		kind = l.Kind
	}
	return kind
}

// keptFor is how many of the places that are left are not for a party, but for the other side:
// while parties sign up, half of the places of a fair are kept for each side, as far as so
// many of it were invited and have not answered, or wait. So a batch of both sides fills
// the hall with both, whoever answers first. One that brings needs and offers, or neither,
// takes any place; once sign-up is closed everybody does.
func keptFor(f *scene.Fair, all iter.Seq[*scene.FairParty], p *scene.FairParty) int {
	own := side(p)
	if own == "" || f.Capacity == 0 || f.State != scene.FairDraft && f.State != scene.FairOpen {
		return 0
	}
	asked, in := 0, 0
	for x := range all {
		if side(x) != "" && side(x) != own {
			switch x.State {
			case scene.PartyInvited, scene.PartyWaiting:
				asked++
			case scene.PartyAccepted:
				in++
			}
		}
	}
	return max(0, min(asked, f.Capacity/2-in))
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
