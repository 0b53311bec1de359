package convene

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// entering is a party as it enters a fair, in the state in which it does; before is what
// the record shows of the one that was invited, nil where none was.
func (s *Service) entering(ctx context.Context, tx store.Tx, f *scene.Fair, p scene.FairParty, form PartyForm, staff bool) (next scene.FairParty, before any, err error) {
	if p.OrgID != "" { // before it is looked whether it is in already
		o, err := store.Standing(ctx, tx, p.OrgID)
		if err != nil {
			return p, nil, err
		}
		p.OrgID, p.Name = o.ID, o.Name
	}
	all, err := tx.Fairs().Parties(ctx, f.ID)
	if err != nil {
		return p, nil, err
	}
	if held := invitationOf(all, p.OrgID); held != nil {
		before = withoutCodes(held)
		if staff && form.Listings == nil { // a desk names people, not entries
			if form.Listings, err = s.stillOpen(ctx, tx, held); err != nil {
				return p, nil, err
			}
		}
		if p, err = s.answered(held, form, staff); err != nil {
			return p, nil, err
		}
	}
	p.State, err = s.admitted(ctx, tx, f, all, &p, staff)
	return p, before, err
}

// joinable refuses a sign-up for a fair that takes none.
func joinable(f *scene.Fair, staff bool) error {
	switch {
	case f.Ended():
		return &scene.Error{Code: scene.Precondition, Key: "fair.ended"}
	case !staff && f.State != scene.FairOpen:
		return &scene.Error{Code: scene.Precondition, Key: "fair.not_open"}
	}
	return nil
}

// answered is a party that was invited and says that it comes, as its form has it: from
// now on it waits, if it has to. Where the centre says so for it, it goes on being what
// it was invited as.
func (s *Service) answered(held *scene.FairParty, form PartyForm, staff bool) (scene.FairParty, error) {
	p := *held
	if staff {
		form.Hosted, form.Newcomer = form.Hosted || held.Hosted, form.Newcomer || held.Newcomer
	}
	p.Delegates = slices.Clone(held.Delegates)
	p.Created, p.Updated = s.now().UTC(), s.now().UTC()
	err := s.fill(&p, form, staff)
	return p, err
}

// admitted says in which state a party enters: one that was invited needs no approval any
// more.
func (s *Service) admitted(ctx context.Context, tx store.Tx, f *scene.Fair, all []scene.FairParty, p *scene.FairParty, staff bool) (scene.FairPartyState, error) {
	if err := alone(all, p); err != nil {
		return "", err
	}
	if err := sided(ctx, tx, p); err != nil {
		return "", err
	}
	if f.Approval && !staff && p.State != scene.PartyInvited {
		return scene.PartyApplied, nil
	}
	if !staff {
		if fits(f, all, p) {
			return scene.PartyAccepted, nil
		}
		return scene.PartyWaiting, nil
	}
	r, err := roomOf(ctx, tx, f, all) // it stands at the door
	if err == nil && r.Left() <= keptFor(f, inPlace(all), p) {
		return scene.PartyWaiting, nil
	}
	return scene.PartyAccepted, err
}

// alone refuses a party whose organisation is in by another one.
func alone(all []scene.FairParty, p *scene.FairParty) error {
	for i := range all {
		if p.OrgID != "" && all[i].OrgID == p.OrgID && all[i].ID != p.ID && all[i].State != scene.PartyWithdrawn {
			return &scene.Error{Code: scene.Conflict, Key: "fair.joined_already"}
		}
	}
	return nil
}

// stillOpen are those entries of a party that it can still bring.
func (s *Service) stillOpen(ctx context.Context, tx store.Tx, p *scene.FairParty) (list []scene.FairListing, err error) {
	for _, l := range p.Listings {
		of, open, err := s.listing(ctx, tx, l)
		if err != nil && scene.CodeOf(err) != scene.NotFound {
			return nil, err
		}
		if err == nil && of == p.OrgID && open {
			list = append(list, l)
		}
	}
	return list, nil
}
