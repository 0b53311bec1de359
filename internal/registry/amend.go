package registry

import (
	"context"
	"errors"
	"slices"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Edit writes the content of an entry; state, owner, origin and release stay
// as they are. A Revision that is no longer the stored one is a Conflict. What
// the centre writes of others is a step of the entry's way, and its owner is told.
func (r *Registry) Edit(ctx context.Context, by scene.Actor, e Entry) (Entry, error) {
	next, err := r.edit(ctx, by, scene.ListingEdit, e, "")
	return next, scene.Wrap("registry.Edit", err)
}

// Amend is Edit by the centre for a stated reason, which the owner reads. What is
// public gives up nothing that it has to have: Invalid, one field each. The contact
// stays as it is: who sees it does so for a purpose of its own.
func (r *Registry) Amend(ctx context.Context, by scene.Actor, e Entry, reason string) (Entry, error) {
	if err := needsReason(reason); err != nil {
		return Entry{}, scene.Wrap("registry.Amend", err)
	}
	next, err := r.edit(ctx, by, scene.ListingAmend, e, reason)
	return next, scene.Wrap("registry.Amend", err)
}

func (r *Registry) edit(ctx context.Context, by scene.Actor, do scene.Action, e Entry, reason string) (next Entry, err error) {
	err = r.updatePublic(ctx, func(tx store.Tx) error {
		before, err := getEntry(ctx, tx, e.Kind(), e.Listing().ID)
		if err != nil {
			return err
		}
		if err := by.May(do, before.Object()); err != nil {
			return err
		}
		next = e.Copy()
		keep(next.Listing(), before.Listing())
		next.Listing().Updated = r.now().UTC()
		if err := next.validate(); err != nil {
			return err
		}
		if do == scene.ListingAmend {
			next.Listing().Contact = before.Listing().Contact
			if err := lessReady(&before, &next); err != nil {
				return err
			}
		}
		if next, err = r.put(ctx, tx, next); err != nil {
			return err
		}
		if err := r.amended(ctx, tx, by, &next, reason); err != nil {
			return err
		}
		if by.OrgID != next.Listing().OrgID {
			if err := r.tellOwner(ctx, tx, by, &next, "amended", reason); err != nil {
				return err
			}
		}
		return r.wrote(ctx, tx, by, "listing.edit", reason, &before, &next)
	})
	return next, taken(err)
}

// lessReady is what a public entry would lack that it had: lists of others come in
// without all that is asked here, and stay as they came.
func lessReady(before, next *Entry) error {
	if _, public := next.Listing().Released(); !public {
		return nil
	}
	had, ok := errors.AsType[*scene.Error](before.ready())
	lacks, lacking := errors.AsType[*scene.Error](next.ready())
	if !lacking {
		return nil
	}
	fresh := *lacks
	fresh.Fields = slices.DeleteFunc(slices.Clone(lacks.Fields), func(f scene.FieldError) bool {
		return ok && slices.ContainsFunc(had.Fields, func(h scene.FieldError) bool { return h.Field == f.Field })
	})
	if len(fresh.Fields) == 0 {
		return nil
	}
	return &fresh
}

// amended adds to the way of an entry that somebody who does not own it wrote it.
func (r *Registry) amended(ctx context.Context, tx store.Tx, by scene.Actor, next *Entry, reason string) error {
	l := next.Listing()
	if by.OrgID == l.OrgID {
		return nil
	}
	return r.reviewed(ctx, tx, by, Step{Kind: next.Kind(), ID: l.ID, To: l.State, Reason: reason}, l.State, l.Revision)
}

// NoteImport adds to the record that somebody brought a list in ("list.import") or
// took an import back ("list.undo").
func (r *Registry) NoteImport(ctx context.Context, by scene.Actor, action string, job *scene.Import) error {
	err := r.store.Update(ctx, func(tx store.Tx) error {
		recorder := store.Recorder{IDs: r.ids, Now: r.now}
		return recorder.Record(ctx, tx, by, action, "import", job.ID, strings.Trim(job.File+" · "+job.Source, " ·"), nil, nil)
	})
	return scene.Wrap("registry.NoteImport", err)
}

// Contents are what an entry says and has said, the latest first.
func (r *Registry) Contents(ctx context.Context, by scene.Actor, kind scene.Kind, id scene.ID) (list []Entry, err error) {
	err = r.store.View(ctx, func(tx store.Tx) error {
		e, err := getEntry(ctx, tx, kind, id)
		if err != nil {
			return err
		}
		if err := by.May(scene.ListingRead, e.Object()); err != nil {
			return err
		}
		list = nil
		if kind == scene.KindOpportunity {
			revisions, err := tx.Opportunities().Revisions(ctx, id)
			for i := range revisions {
				list = append(list, Entry{Opportunity: &revisions[i].Row})
			}
			return err
		}
		revisions, err := tx.Capabilities().Revisions(ctx, id)
		for i := range revisions {
			list = append(list, Entry{Capability: &revisions[i].Row})
		}
		return err
	})
	return list, scene.Wrap("registry.Contents", err)
}
