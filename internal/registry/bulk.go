package registry

import (
	"context"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Task is what many entries are to be given, each by itself.
type Task string

// The tasks.
const (
	TaskBatch   Task = "batch"   // publish into the batch named by Order.Batch
	TaskField   Task = "field"   // add Order.Value, a code of the dictionary “field”
	TaskRegion  Task = "region"  // set the place to Order.Value, a division code
	TaskPause   Task = "pause"   // take from public
	TaskResume  Task = "resume"  // make public again
	TaskArchive Task = "archive" // close for good, with a reason
)

// Order is one task for many entries.
type Order struct {
	Task   Task
	Batch  scene.ID
	Value  string
	Reason string
	// Entries are the entries as the person saw them; To and Reason of a step are not looked at.
	Entries []Step
}

// Bulk does a task for each entry in a transaction of its own, with a line of the
// record each, and tells what became of each: one that is refused does not stop
// the others. What an entry has already is told as a Precondition.
func (r *Registry) Bulk(ctx context.Context, by scene.Actor, o Order) ([]StepResult, error) {
	var batch scene.Batch
	if o.Task == TaskBatch {
		if err := by.May(scene.BatchManage, scene.Object{}); err != nil {
			return nil, err
		}
		var err error
		if batch, err = r.Batch(ctx, o.Batch); err != nil {
			return nil, scene.Wrap("registry.Bulk", err)
		}
	}
	results := make([]StepResult, len(o.Entries))
	for i, s := range o.Entries {
		s.To, s.Reason = "", o.Reason
		results[i] = StepResult{Step: s}
		e, err := r.Entry(ctx, by, s.Kind, s.ID)
		if err != nil {
			results[i].Err = err
			continue
		}
		results[i].Name = e.Listing().Name
		next, err := r.task(ctx, by, &o, &batch, &e, s)
		if results[i].Err = scene.Wrap("registry.Bulk", err); err == nil {
			results[i].To = next.Listing().State
		}
	}
	return results, nil
}

func (r *Registry) task(ctx context.Context, by scene.Actor, o *Order, b *scene.Batch, e *Entry, s Step) (Entry, error) {
	switch o.Task {
	case TaskBatch:
		return r.publishInto(ctx, by, b, e, s)
	case TaskField:
		return r.assign(ctx, by, s, "listing.assign_field", func(l *scene.Listing) bool {
			if slices.Contains(l.Fields, o.Value) {
				return false
			}
			l.Fields = append(slices.Clone(l.Fields), o.Value)
			return true
		})
	case TaskRegion:
		return r.assign(ctx, by, s, "listing.assign_region", func(l *scene.Listing) bool {
			if len(l.Regions) == 1 && l.Regions[0] == o.Value {
				return false
			}
			l.Regions = []string{o.Value}
			return true
		})
	case TaskPause:
		s.To = scene.Paused
	case TaskResume:
		s.To = scene.Published
	case TaskArchive:
		s.To = scene.Closed
	default:
		return *e, &scene.Error{Code: scene.Invalid, Key: "listing.task", Args: map[string]any{"value": string(o.Task)}}
	}
	return r.Retire(ctx, by, s)
}

// publishInto puts an entry into a batch and publishes it, if it is not yet.
func (r *Registry) publishInto(ctx context.Context, by scene.Actor, b *scene.Batch, e *Entry, s Step) (Entry, error) {
	l := e.Listing()
	if l.Batch == b.Name && l.State == scene.Published {
		return *e, already(e)
	}
	if l.State == scene.Published {
		err := r.AddToBatch(ctx, by, b.ID, []Ref{{Kind: s.Kind, ID: s.ID, Revision: s.Revision}})
		return *e, err
	}
	s.To = scene.Published
	return r.step(ctx, by, scene.ListingReview, s, func(e *Entry) error {
		l := e.Listing()
		args := map[string]any{"name": l.Name, "batch": l.Batch}
		switch {
		case l.Batch != "" && !carries(l, b):
			return &scene.Error{Code: scene.Conflict, Key: "batch.in_another", Args: args}
		case l.RunOut(b.Release):
			return &scene.Error{Code: scene.Precondition, Key: "batch.ends_before", Args: args}
		}
		if l.Batch = b.Name; l.ValidFrom.IsZero() {
			l.ValidFrom = l.Updated
		}
		b.Hold(l, r.now())
		return e.ready()
	})
}

func already(e *Entry) error {
	return &scene.Error{Code: scene.Precondition, Key: "listing.already", Args: map[string]any{"name": e.Listing().Name}}
}

// assign changes what the centre sorts entries by.
func (r *Registry) assign(ctx context.Context, by scene.Actor, s Step, action string, change func(*scene.Listing) bool) (next Entry, err error) {
	err = r.updatePublic(ctx, func(tx store.Tx) error {
		before, err := getEntry(ctx, tx, s.Kind, s.ID)
		if err != nil {
			return err
		}
		if err := by.May(scene.ListingEdit, before.Object()); err != nil {
			return err
		}
		next = before.Copy()
		l := next.Listing()
		if !change(l) {
			return already(&before)
		}
		l.Updated, l.Revision = r.now().UTC(), s.Revision
		if next, err = r.put(ctx, tx, next); err != nil {
			return err
		}
		if err := r.amended(ctx, tx, by, &next, s.Reason); err != nil {
			return err
		}
		return r.wrote(ctx, tx, by, action, s.Reason, &before, &next)
	})
	return next, err
}
