package registry

import (
	"context"
	"slices"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// The way of an entry through the hands of people: draft, handed in, reviewed,
// published or sent back with a reason, and retired. Each step is decided by
// the table in scene.Rules, written with a line in the record of changes and,
// where the state changes, with a review step, and announced by an event.

// shown bounds the entries of one list of work.
const shown = 500

// Entry returns one entry in whatever state, if the actor may read it; else
// Forbidden. Its contact is as stored: pages mask it.
func (r *Registry) Entry(ctx context.Context, by scene.Actor, kind scene.Kind, id scene.ID) (e Entry, err error) {
	err = r.store.View(ctx, func(tx store.Tx) error {
		if e, err = getEntry(ctx, tx, kind, id); err != nil {
			return err
		}
		return by.May(scene.ListingRead, e.Object())
	})
	if err != nil {
		return Entry{}, scene.Wrap("registry.Entry", err)
	}
	return e, nil
}

// Own returns the entries of the actor's organisation, those last changed first.
func (r *Registry) Own(ctx context.Context, by scene.Actor) (list []Entry, err error) {
	if err := by.May(scene.OrganisationRead, scene.Object{OrgID: by.OrgID}); err != nil {
		return nil, err
	}
	err = r.store.View(ctx, func(tx store.Tx) error {
		list, err = listEntries(ctx, tx, store.ListingFilter{OrgID: by.OrgID, Newest: true}, shown)
		return err
	})
	slices.SortStableFunc(list, func(a, b Entry) int { return b.Listing().Updated.Compare(a.Listing().Updated) })
	return list, scene.Wrap("registry.Own", err)
}

// Create begins a draft for the actor's organisation, or for a steward that of
// the entry. Faults are Invalid with one field each; a name that the
// organisation has listed already is a Conflict.
func (r *Registry) Create(ctx context.Context, by scene.Actor, e Entry) (Entry, error) {
	e = e.Copy()
	l := e.Listing()
	if l.OrgID == "" {
		l.OrgID = by.OrgID
	}
	if err := by.May(scene.ListingCreate, e.Object()); err != nil {
		return Entry{}, err
	}
	id, err := r.ids.New()
	if err != nil {
		return Entry{}, scene.Wrap("registry.Create", err)
	}
	now := r.now().UTC()
	l.ID, l.Revision, l.State, l.Created, l.Updated = id, 0, scene.Draft, now, now
	if err := e.validate(); err != nil {
		return Entry{}, scene.Wrap("registry.Create", err)
	}
	var made Entry
	err = r.store.Update(ctx, func(tx store.Tx) error {
		owner, err := store.Standing(ctx, tx, l.OrgID)
		if err != nil {
			return err
		}
		l.OrgID, l.OrgName = owner.ID, owner.Name
		if made, err = r.put(ctx, tx, e); err != nil {
			return err
		}
		return r.wrote(ctx, tx, by, "listing.create", "", nil, &made)
	})
	return made, scene.Wrap("registry.Create", taken(err))
}

// taken tells a name that is taken at the field of the name.
func taken(err error) error {
	if scene.CodeOf(err) == scene.Conflict && keyOf(err) == "listing.identity_taken" {
		return &scene.Error{
			Code: scene.Conflict, Key: "listing.name_taken", Err: err,
			Fields: []scene.FieldError{{Field: "name", Key: "listing.name_taken"}},
		}
	}
	return err
}

// keep takes over from the stored entry what an edit does not touch.
func keep(l, stored *scene.Listing) {
	l.OrgID, l.OrgName, l.State, l.Created = stored.OrgID, stored.OrgName, stored.State, stored.Created
	l.Code, l.Batch, l.Source, l.RowLabel, l.Extra = stored.Code, stored.Batch, stored.Source, stored.RowLabel, stored.Extra
	l.ValidFrom, l.Origin = stored.ValidFrom, stored.Origin
}

// Step is one change of state that a person asks for.
type Step struct {
	Kind     scene.Kind
	ID       scene.ID
	Revision int // as the person saw it; another one now is a Conflict
	To       scene.State
	Reason   string
}

// Submit hands a draft in. What it lacks for that is Invalid, one field each.
func (r *Registry) Submit(ctx context.Context, by scene.Actor, s Step) (Entry, error) {
	s.To = scene.Submitted
	return r.step(ctx, by, scene.ListingSubmit, s, func(e *Entry) error {
		return scene.Together(e.validate(), e.ready(), r.lasting(e))
	})
}

// Withdraw takes an entry back before anybody has looked at it.
func (r *Registry) Withdraw(ctx context.Context, by scene.Actor, s Step) (Entry, error) {
	s.To = scene.Draft
	return r.step(ctx, by, scene.ListingWithdraw, s, nil)
}

// Review takes an entry up, passes it on, publishes it, or sends it back or
// closes it with a reason. What is published without a date of release is
// released now; what would be over already is Invalid.
func (r *Registry) Review(ctx context.Context, by scene.Actor, s Step) (Entry, error) {
	return r.step(ctx, by, scene.ListingReview, s, func(e *Entry) error {
		switch s.To {
		case scene.Draft, scene.Closed:
			return needsReason(s.Reason)
		case scene.Published:
			if l := e.Listing(); l.ValidFrom.IsZero() {
				l.ValidFrom = l.Updated
			}
			return scene.Together(e.ready(), r.lasting(e))
		}
		return nil
	})
}

// Retire pauses, resumes or closes a public entry. One whose validity has run out
// cannot be resumed until it is extended: a Precondition.
func (r *Registry) Retire(ctx context.Context, by scene.Actor, s Step) (Entry, error) {
	return r.step(ctx, by, scene.ListingRetire, s, func(e *Entry) error {
		switch l := e.Listing(); {
		case s.To == scene.Closed:
			return needsReason(s.Reason)
		case s.To == scene.Published && l.RunOut(l.Updated):
			return &scene.Error{Code: scene.Precondition, Key: "listing.run_out"}
		}
		return nil
	})
}

func needsReason(reason string) error {
	if strings.TrimSpace(reason) != "" {
		return nil
	}
	return &scene.Error{
		Code: scene.Invalid, Key: "listing.reason_missing",
		Fields: []scene.FieldError{{Field: "reason", Key: "listing.reason_missing"}},
	}
}

// step changes the state of an entry, in one transaction with the record of
// it. check, if not nil, may refuse and may change the entry.
func (r *Registry) step(ctx context.Context, by scene.Actor, do scene.Action, s Step, check func(*Entry) error) (e Entry, err error) {
	err = r.updatePublic(ctx, func(tx store.Tx) error {
		before, err := getEntry(ctx, tx, s.Kind, s.ID)
		if err != nil {
			return err
		}
		if err := by.May(do, before.Object()); err != nil {
			return err
		}
		from := before.Listing().State
		if !from.CanBecome(s.To) {
			return &scene.Error{Code: scene.Precondition, Key: "listing.step", Args: map[string]any{"from": string(from), "to": string(s.To)}}
		}
		next := before.Copy()
		l := next.Listing()
		l.State, l.Updated, l.Revision = s.To, r.now().UTC(), s.Revision
		if check != nil {
			if err := check(&next); err != nil {
				return err
			}
		}
		if next, err = r.put(ctx, tx, next); err != nil {
			return err
		}
		if err := r.reviewed(ctx, tx, by, s, from, 0); err != nil {
			return err
		}
		if what := told(from, s.To); what != "" {
			if err := r.tellOwner(ctx, tx, by, &next, what, s.Reason); err != nil {
				return err
			}
		}
		e = next
		return r.wrote(ctx, tx, by, string(do), s.Reason, &before, &next)
	})
	return e, scene.Wrap("registry."+string(do), err)
}

// reviewed adds a step to what the owner can follow; wrote is the revision that it
// wrote where it changed what the entry says, else 0.
func (r *Registry) reviewed(ctx context.Context, tx store.Tx, by scene.Actor, s Step, from scene.State, wrote int) error {
	id, err := r.ids.New()
	if err != nil {
		return err
	}
	return tx.Reviews().Add(ctx, scene.Review{
		ID: id, Kind: s.Kind, Listing: s.ID, From: from, To: s.To, Actor: by.ID, Name: by.Name, OrgID: by.OrgID,
		Reason: strings.TrimSpace(s.Reason), Wrote: wrote, At: r.now().UTC(),
	})
}

// wrote records and announces a change within its transaction.
func (r *Registry) wrote(ctx context.Context, tx store.Tx, by scene.Actor, action, note string, before, after *Entry) error {
	var was any
	if before != nil {
		was = before.Content()
	}
	recorder := store.Recorder{IDs: r.ids, Now: r.now}
	id := after.Listing().ID
	if err := recorder.Record(ctx, tx, by, action, string(after.Kind()), id, note, was, after.Content()); err != nil {
		return err
	}
	return r.emit(ctx, tx, after.subject(), []scene.ID{id}, string(by.ID))
}

// Steps returns what happened to an entry on its way, oldest first.
func (r *Registry) Steps(ctx context.Context, by scene.Actor, kind scene.Kind, id scene.ID) (steps []scene.Review, err error) {
	err = r.store.View(ctx, func(tx store.Tx) error {
		e, err := getEntry(ctx, tx, kind, id)
		if err != nil {
			return err
		}
		if err := by.May(scene.ListingRead, e.Object()); err != nil {
			return err
		}
		steps, err = tx.Reviews().Of(ctx, kind, id)
		return err
	})
	return steps, scene.Wrap("registry.Steps", err)
}
