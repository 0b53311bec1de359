package convene

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Gathered is what became of inviting a batch.
type Gathered struct {
	Added    int // organisations that are invited from now on
	Joined   int // those that were in already and bring more now
	Nobody   int // of Added, those that have yet to say who comes: all of them
	Listings int // entries that are brought
}

// gathering is an organisation of a batch with its entries there.
type gathering struct {
	listings []scene.FairListing // open ones
	hosts    bool                // brings an opportunity
}

// Gather invites the organisations of a batch (第N批) to a fair: each becomes a party
// that brings its open entries of the batch, and its accounts are told, once the fair is
// open. It takes part when it says so ([Service.Join]), or the centre does for it; until
// then it holds no place, and the places are kept for both sides (see keptFor). Who comes
// for it is for the organisation to say: the persons that its entries name are
// proposed to itself alone ([Service.Proposed]). Who is in already keeps what it said and
// brings the entries besides; who withdrew or was refused is left alone. Entries that
// are not published count for nothing. All of it is one transaction.
func (s *Service) Gather(ctx context.Context, by scene.Actor, fair, batch scene.ID) (done Gathered, err error) {
	if err := by.May(scene.FairManage, scene.Object{}); err != nil {
		return done, err
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		done = Gathered{}
		f, err := tx.Fairs().Get(ctx, fair)
		if err != nil {
			return err
		}
		if f.Ended() {
			return &scene.Error{Code: scene.Precondition, Key: "fair.ended"}
		}
		b, err := tx.Batches().Get(ctx, batch)
		if err != nil {
			return err
		}
		found, order, err := s.ofBatch(ctx, tx, b.Name)
		if err != nil {
			return err
		}
		if len(order) == 0 {
			return &scene.Error{Code: scene.Precondition, Key: "fair.batch_empty", Args: map[string]any{"batch": b.Name}}
		}
		all, err := tx.Fairs().Parties(ctx, fair)
		if err != nil {
			return err
		}
		for _, org := range order {
			if all, err = s.gatherOne(ctx, tx, by, &f, all, org, found[org], &done); err != nil {
				return err
			}
		}
		return s.wrote(ctx, tx, by, "fair.gather", "fair", fair, fair, b.Name, nil, &done)
	})
	s.forget(fair)
	return done, scene.Wrap("convene.Gather", err)
}

// ofBatch gathers the published entries of a batch by organisation, in order of
// their first entry.
func (s *Service) ofBatch(ctx context.Context, tx store.Tx, batch string) (found map[scene.ID]*gathering, order []scene.ID, err error) {
	found = map[scene.ID]*gathering{}
	take := func(kind scene.Kind, l *scene.Listing) {
		if l.OrgID == "" || l.Foreign() {
			return
		}
		g := found[l.OrgID]
		if g == nil {
			g = &gathering{}
			found[l.OrgID], order = g, append(order, l.OrgID)
		}
		g.take(kind, l, l.Open(s.now()))
	}
	f := store.ListingFilter{Batch: batch, States: []scene.State{scene.Published}}
	err = store.EachListing(ctx, tx.Opportunities(), f, func(o *scene.Opportunity) { take(scene.KindOpportunity, &o.Listing) })
	if err == nil {
		err = store.EachListing(ctx, tx.Capabilities(), f, func(c *scene.Capability) { take(scene.KindCapability, &c.Listing) })
	}
	return found, order, err
}

// take adds an entry.
func (g *gathering) take(kind scene.Kind, l *scene.Listing, open bool) {
	g.hosts = g.hosts || kind == scene.KindOpportunity
	if open {
		g.listings = append(g.listings, scene.FairListing{Kind: kind, ID: l.ID})
	}
}

// gatherOne brings one organisation into the fair, and returns its parties with it.
func (s *Service) gatherOne(ctx context.Context, tx store.Tx, by scene.Actor, f *scene.Fair, all []scene.FairParty, org scene.ID, g *gathering, done *Gathered) ([]scene.FairParty, error) {
	at := -1
	for i := range all { // one that withdrew may have come back by another row
		if all[i].OrgID == org && (at < 0 || all[i].State != scene.PartyWithdrawn) {
			at = i
		}
	}
	if at < 0 {
		return s.gatherNew(ctx, tx, by, f, all, org, g, done)
	}
	before := all[at]
	next := before
	if before.State == scene.PartyRefused || before.State == scene.PartyWithdrawn {
		return all, nil
	}
	next.Listings = slices.Clone(before.Listings)
	added := bring(&next, g.listings)
	if added == 0 {
		return all, nil
	}
	next.Updated = s.now().UTC()
	next, err := tx.Fairs().PutParty(ctx, next)
	if err != nil {
		return all, err
	}
	all[at] = next
	done.Joined++
	done.Listings += added
	return all, s.recorder.Record(ctx, tx, by, "fair.amend", "fair_party", next.ID, "", withoutCodes(&before), withoutCodes(&next))
}

// gatherNew makes a party of an organisation that was not in.
func (s *Service) gatherNew(ctx context.Context, tx store.Tx, by scene.Actor, f *scene.Fair, all []scene.FairParty, org scene.ID, g *gathering, done *Gathered) ([]scene.FairParty, error) {
	o, err := tx.Organisations().Get(ctx, org)
	if err != nil {
		return all, err
	}
	id, err := s.ids.New()
	if err != nil {
		return all, err
	}
	now := s.now().UTC()
	p := scene.FairParty{ID: id, FairID: f.ID, OrgID: org, Name: o.Name, State: scene.PartyInvited, Created: now, Updated: now}
	if err := s.fill(&p, PartyForm{Hosted: g.hosts && f.Mode == scene.FairHosted}, true); err != nil {
		return all, err
	}
	if err := s.await(&p); err != nil {
		return all, err
	}
	done.Added++
	done.Nobody++
	done.Listings += bring(&p, g.listings)
	if err := p.Validate(); err != nil {
		return all, err
	}
	if p, err = tx.Fairs().PutParty(ctx, p); err != nil {
		return all, err
	}
	if err := s.recorder.Record(ctx, tx, by, "fair.join", "fair_party", p.ID, "", nil, withoutCodes(&p)); err != nil {
		return all, err
	}
	return append(all, p), s.tellInvited(ctx, tx, by, f, &p)
}

// bring adds entries to those of a party, as many as fit, and returns how many.
func bring(p *scene.FairParty, listings []scene.FairListing) (added int) {
	for _, l := range listings {
		if !slices.Contains(p.Listings, l) && len(p.Listings) < scene.MaxFairListings {
			p.Listings = append(p.Listings, l)
			added++
		}
	}
	return added
}

// tellInvited tells the accounts of an organisation that it was invited.
func (s *Service) tellInvited(ctx context.Context, tx store.Tx, by scene.Actor, f *scene.Fair, p *scene.FairParty) error {
	if !public(f) {
		return nil // nobody outside sees it yet
	}
	n := decidedNotice(f, p)
	n.Key = "fair.told.invited"
	return store.Herald{IDs: s.ids, Now: s.now}.TellOrg(ctx, tx, p.OrgID, by.ID, n)
}

// tellAllInvited tells those who were invited while nobody outside saw the fair.
func (s *Service) tellAllInvited(ctx context.Context, tx store.Tx, by scene.Actor, f *scene.Fair, all []scene.FairParty) error {
	for i := range all {
		if p := &all[i]; p.State == scene.PartyInvited {
			if err := s.tellInvited(ctx, tx, by, f, p); err != nil {
				return err
			}
		}
	}
	return nil
}
