package indexer

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/search"
)

// Market holds profiles of both sides for matching. The rows of one call and
// the organisations they name (nil where none is known) have equal positions.
type Market interface {
	PutNeeds(ctx context.Context, rows []scene.Opportunity, orgs []*scene.Organisation) error
	PutOffers(ctx context.Context, rows []scene.Capability, orgs []*scene.Organisation) error
	DeleteNeed(ctx context.Context, ids ...scene.ID) error
	DeleteOffer(ctx context.Context, ids ...scene.ID) error
}

// side is what the two kinds of listing differ in.
type side[T any] struct {
	kind     scene.Kind
	index    search.Index
	table    func(store.Tx) store.Listings[T]
	listing  func(*T) *scene.Listing
	document func(*T) search.Document
	put      func(context.Context, []T, []*scene.Organisation) error
	remove   func(context.Context, ...scene.ID) error
}

func (x *Indexer) needs() side[scene.Opportunity] {
	s := side[scene.Opportunity]{
		kind: scene.KindOpportunity, index: x.opportunities, table: store.Tx.Opportunities, document: x.opportunityDocument,
		listing: func(o *scene.Opportunity) *scene.Listing { return &o.Listing },
	}
	if x.market != nil {
		s.put, s.remove = x.market.PutNeeds, x.market.DeleteNeed
	}
	return s
}

func (x *Indexer) offers() side[scene.Capability] {
	s := side[scene.Capability]{
		kind: scene.KindCapability, index: x.capabilities, table: store.Tx.Capabilities, document: x.capabilityDocument,
		listing: func(c *scene.Capability) *scene.Listing { return &c.Listing },
	}
	if x.market != nil {
		s.put, s.remove = x.market.PutOffers, x.market.DeleteOffer
	}
	return s
}

// organisationsOf reads the organisations that rows name.
func organisationsOf[T any](ctx context.Context, tx store.Tx, rows []T, listing func(*T) *scene.Listing) (map[scene.ID]*scene.Organisation, error) {
	wanted := map[scene.ID]bool{}
	for i := range rows {
		if id := listing(&rows[i]).OrgID; id != "" {
			wanted[id] = true
		}
	}
	ids := make([]scene.ID, 0, len(wanted))
	for id := range wanted {
		ids = append(ids, id)
	}
	found, err := tx.Organisations().GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	orgs := make(map[scene.ID]*scene.Organisation, len(found))
	for i := range found {
		orgs[found[i].ID] = &found[i]
	}
	return orgs, nil
}

// applyListings writes rows to the index and the market and takes gone ones
// out. It returns the organisations that have or had any of them, also with an error.
func applyListings[T any](ctx context.Context, x *Indexer, s side[T], rows []T, orgs map[scene.ID]*scene.Organisation, gone []scene.ID) (touched map[scene.ID]bool, err error) {
	docs := make([]search.Document, len(rows))
	owners := make([]*scene.Organisation, len(rows))
	for i := range rows {
		docs[i] = s.document(&rows[i])
		owners[i] = orgs[s.listing(&rows[i]).OrgID]
	}
	touched = map[scene.ID]bool{}
	for i := range rows { // noted first: what a failure leaves half done is known
		l := s.listing(&rows[i])
		touched[x.held.put(s.kind, l)] = true
		touched[l.OrgID] = true
	}
	// The market goes on without the index, which may be away.
	away := s.index.Apply(ctx, docs, texts(gone))
	if s.put != nil {
		if err := s.put(ctx, rows, owners); err != nil {
			return touched, err
		}
		if len(gone) > 0 {
			if err := s.remove(ctx, gone...); err != nil {
				return touched, err
			}
		}
	}
	if away != nil {
		return touched, away
	}
	for _, id := range gone {
		touched[x.held.drop(s.kind, id)] = true
	}
	return touched, nil
}
