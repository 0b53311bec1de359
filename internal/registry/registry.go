// Package registry keeps the lists: it brings rows in, merges what is the same
// thing, remembers every content a row has had, and gives rows back to those
// who read them.
//
// It stands on the second floor: it knows internal/store and internal/scene,
// and no other service. What it changes it announces by domain events in the
// same transaction.
package registry

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Registry is the use cases of the lists. It is safe for concurrent use; two
// imports at once are serialised by the store chunk by chunk.
type Registry struct {
	store   store.Store
	ids     *scene.IDMaker
	now     func() time.Time
	process string
	counts  counts
}

// Option changes a Registry as it is made.
type Option func(*Registry)

// As names this process among those that share the store: import jobs carry
// the name of the one that runs them.
func As(process string) Option { return func(r *Registry) { r.process = process } }

// New returns a Registry over s.
func New(s store.Store, ids *scene.IDMaker, now func() time.Time, options ...Option) *Registry {
	r := &Registry{store: s, ids: ids, now: now}
	for _, option := range options {
		option(r)
	}
	return r
}

// Organisation returns one organisation, or the one that it was merged into, which has
// another ID; or a NotFound error.
func (r *Registry) Organisation(ctx context.Context, id scene.ID) (o scene.Organisation, err error) {
	err = r.store.View(ctx, func(tx store.Tx) (err error) {
		o, err = store.Standing(ctx, tx, id)
		return err
	})
	return o, scene.Wrap("registry.Organisation "+string(id), err)
}

// Organisations pages through all organisations in order of ID.
func (r *Registry) Organisations(ctx context.Context, p store.Page) (rows store.Rows[scene.Organisation], err error) {
	err = r.store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Organisations().List(ctx, p)
		return err
	})
	return rows, scene.Wrap("registry.Organisations", err)
}

// Opportunity returns one opportunity in whatever state, or a NotFound error.
func (r *Registry) Opportunity(ctx context.Context, id scene.ID) (scene.Opportunity, error) {
	return get(ctx, r, store.Tx.Opportunities, id)
}

// Capability returns one capability in whatever state, or a NotFound error.
func (r *Registry) Capability(ctx context.Context, id scene.ID) (scene.Capability, error) {
	return get(ctx, r, store.Tx.Capabilities, id)
}

// Opportunities pages through the opportunities that f keeps.
func (r *Registry) Opportunities(ctx context.Context, f store.ListingFilter, p store.Page) (store.Rows[scene.Opportunity], error) {
	return list(ctx, r, store.Tx.Opportunities, f, p)
}

// Capabilities pages through the capabilities that f keeps.
func (r *Registry) Capabilities(ctx context.Context, f store.ListingFilter, p store.Page) (store.Rows[scene.Capability], error) {
	return list(ctx, r, store.Tx.Capabilities, f, p)
}

// OrganisationsByID returns those of the rows that exist, in no promised order.
func (r *Registry) OrganisationsByID(ctx context.Context, ids []scene.ID) (rows []scene.Organisation, err error) {
	err = r.store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Organisations().GetMany(ctx, ids)
		return err
	})
	return rows, scene.Wrap("registry.OrganisationsByID", err)
}

// OpportunitiesByID returns those of the rows that exist, in the order asked for.
func (r *Registry) OpportunitiesByID(ctx context.Context, ids []scene.ID) ([]scene.Opportunity, error) {
	return many(ctx, r, store.Tx.Opportunities, ids, func(o *scene.Opportunity) scene.ID { return o.ID })
}

// CapabilitiesByID returns those of the rows that exist, in the order asked for.
func (r *Registry) CapabilitiesByID(ctx context.Context, ids []scene.ID) ([]scene.Capability, error) {
	return many(ctx, r, store.Tx.Capabilities, ids, func(c *scene.Capability) scene.ID { return c.ID })
}

// OrganisationsNamed pages through the organisations of which the words are part of a
// name, the credit code or the ID; all of them where there are no words.
func (r *Registry) OrganisationsNamed(ctx context.Context, words string, p store.Page) (rows store.Rows[scene.Organisation], err error) {
	err = r.store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Organisations().Named(ctx, words, p)
		return err
	})
	return rows, scene.Wrap("registry.OrganisationsNamed", err)
}

func get[T any](ctx context.Context, r *Registry, table func(store.Tx) store.Listings[T], id scene.ID) (row T, err error) {
	err = r.store.View(ctx, func(tx store.Tx) (err error) {
		row, err = table(tx).Get(ctx, id)
		return err
	})
	return row, scene.Wrap("registry.Get "+string(id), err)
}

func list[T any](ctx context.Context, r *Registry, table func(store.Tx) store.Listings[T],
	f store.ListingFilter, p store.Page,
) (rows store.Rows[T], err error) {
	err = r.store.View(ctx, func(tx store.Tx) (err error) {
		if f, err = spelled(ctx, table(tx), f); err == nil {
			rows, err = table(tx).List(ctx, f, p)
		}
		return err
	})
	return rows, scene.Wrap("registry.List", err)
}

func many[T any](ctx context.Context, r *Registry, table func(store.Tx) store.Listings[T],
	ids []scene.ID, id func(*T) scene.ID,
) ([]T, error) {
	var found []T
	err := r.store.View(ctx, func(tx store.Tx) (err error) {
		found, err = table(tx).GetMany(ctx, ids)
		return err
	})
	if err != nil {
		return nil, scene.Wrap("registry.GetMany", err)
	}
	at := make(map[scene.ID]int, len(found))
	for i := range found {
		at[id(&found[i])] = i
	}
	ordered := make([]T, 0, len(found))
	for _, want := range ids {
		if i, ok := at[want]; ok {
			ordered = append(ordered, found[i])
		}
	}
	return ordered, nil
}
