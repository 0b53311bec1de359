package registry

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Check tells at once all that a step would refuse of what an entry says: Invalid,
// one field each, or nil. The step is one of [scene.ListingCreate] and
// [scene.ListingEdit], for which a draft may lack much, [scene.ListingSubmit] and
// [scene.ListingPropose], which ask for the whole, and [scene.ListingAmend], which
// needs a reason as well. An entry without an id is a new one. Nothing is written,
// and what others write meanwhile may refuse the step all the same.
func (r *Registry) Check(ctx context.Context, by scene.Actor, do scene.Action, e Entry, reason string) error {
	var wrong error
	next := e.Copy()
	err := r.store.View(ctx, func(tx store.Tx) error {
		before, err := stand(ctx, tx, by, &next)
		if err != nil {
			return err
		}
		faults := []error{next.validate()}
		switch do {
		case scene.ListingSubmit, scene.ListingPropose:
			faults = append(faults, next.ready(), r.lasting(&next))
		case scene.ListingAmend:
			faults = append(faults, lessReady(&before, &next), needsReason(reason))
		}
		twin, err := named(ctx, tx, &next)
		if err == nil && twin != next.Listing().ID {
			faults = append(faults, fieldError(scene.Invalid, "name", "listing.name_taken"))
		} else if err != nil && scene.CodeOf(err) != scene.NotFound {
			return err
		}
		wrong = scene.Together(faults...)
		return nil
	})
	if err == nil {
		err = wrong
	}
	return scene.Wrap("registry.Check", err)
}

// stand gives an entry what it takes over from the stored one, which it returns, or
// from its owner where it is new.
func stand(ctx context.Context, tx store.Tx, by scene.Actor, e *Entry) (before Entry, err error) {
	l := e.Listing()
	if l.ID != "" {
		if before, err = getEntry(ctx, tx, e.Kind(), l.ID); err != nil {
			return before, err
		}
		keep(l, before.Listing())
		return before, by.May(scene.ListingRead, before.Object())
	}
	if l.OrgID == "" {
		l.OrgID = by.OrgID
	}
	l.State = scene.Draft
	if err := by.May(scene.ListingCreate, e.Object()); err != nil {
		return before, err
	}
	owner, err := store.Standing(ctx, tx, l.OrgID)
	l.OrgID, l.OrgName = owner.ID, owner.Name
	return before, err
}

// named finds the entry that has the identity of e, which may be e itself.
func named(ctx context.Context, tx store.Tx, e *Entry) (scene.ID, error) {
	if e.Opportunity != nil {
		o, err := tx.Opportunities().Find(ctx, e.Listing().IdentityKey(e.Kind()))
		return o.ID, err
	}
	c, err := tx.Capabilities().Find(ctx, e.Listing().IdentityKey(e.Kind()))
	return c.ID, err
}
