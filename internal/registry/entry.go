package registry

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Entry is a listing of either kind: exactly one of the two is set.
type Entry struct {
	Opportunity *scene.Opportunity
	Capability  *scene.Capability
}

// Listing is the part that both kinds share.
func (e *Entry) Listing() *scene.Listing {
	if e.Opportunity != nil {
		return &e.Opportunity.Listing
	}
	return &e.Capability.Listing
}

// Kind says which side the entry is on.
func (e *Entry) Kind() scene.Kind {
	if e.Opportunity != nil {
		return scene.KindOpportunity
	}
	return scene.KindCapability
}

// Department is the one that answers for the entry, "" if none does.
func (e *Entry) Department() string {
	if e.Opportunity != nil {
		return e.Opportunity.Department
	}
	return ""
}

// Object is the entry as permissions see it.
func (e *Entry) Object() scene.Object { return scene.ObjectOf(e.Kind(), e.Listing(), e.Department()) }

// Content is the entry as it is compared and recorded.
func (e *Entry) Content() any {
	if e.Opportunity != nil {
		return e.Opportunity
	}
	return e.Capability
}

// Copy returns a copy whose fields can be set without touching e. What lists
// and maps hold is shared.
func (e *Entry) Copy() Entry {
	if e.Opportunity != nil {
		o := *e.Opportunity
		return Entry{Opportunity: &o}
	}
	c := *e.Capability
	return Entry{Capability: &c}
}

func (e *Entry) validate() error {
	if e.Opportunity != nil {
		return e.Opportunity.Validate()
	}
	return e.Capability.Validate()
}

func (e *Entry) ready() error {
	if e.Opportunity != nil {
		return e.Opportunity.Ready()
	}
	return e.Capability.Ready()
}

func (e *Entry) subject() string {
	if e.Opportunity != nil {
		return scene.OpportunityChanged
	}
	return scene.CapabilityChanged
}

// getEntry reads one entry; an unknown kind is NotFound.
func getEntry(ctx context.Context, tx store.Tx, kind scene.Kind, id scene.ID) (Entry, error) {
	switch kind {
	case scene.KindOpportunity:
		o, err := tx.Opportunities().Get(ctx, id)
		return Entry{Opportunity: &o}, err
	case scene.KindCapability:
		c, err := tx.Capabilities().Get(ctx, id)
		return Entry{Capability: &c}, err
	}
	return Entry{}, &scene.Error{Code: scene.NotFound, Key: "listing.kind", Args: map[string]any{"value": string(kind)}}
}

// put writes an entry and returns it as it is now. One whose batch is still to
// come is held back until then.
func (r *Registry) put(ctx context.Context, tx store.Tx, e Entry) (Entry, error) {
	if e.Listing().Batch != "" {
		pending, err := embargoes(ctx, tx, r.now())
		if err != nil {
			return e, err
		}
		pending.hold(e.Listing(), r.now())
	}
	if e.Opportunity != nil {
		o, err := tx.Opportunities().Put(ctx, *e.Opportunity)
		return Entry{Opportunity: &o}, err
	}
	c, err := tx.Capabilities().Put(ctx, *e.Capability)
	return Entry{Capability: &c}, err
}

// listEntries returns at most limit entries of both kinds that f keeps.
func listEntries(ctx context.Context, tx store.Tx, f store.ListingFilter, limit int) ([]Entry, error) {
	var all []Entry
	needs, err := tx.Opportunities().List(ctx, f, store.Page{Limit: limit})
	if err != nil {
		return nil, err
	}
	for i := range needs.Items {
		all = append(all, Entry{Opportunity: &needs.Items[i]})
	}
	offers, err := tx.Capabilities().List(ctx, f, store.Page{Limit: limit})
	for i := range offers.Items {
		all = append(all, Entry{Capability: &offers.Items[i]})
	}
	return all, err
}
