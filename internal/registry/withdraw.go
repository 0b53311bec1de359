package registry

import (
	"context"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Withdrawal takes a batch back that was made by mistake.
type Withdrawal struct {
	Batch    scene.ID
	Revision int    // that which the caller saw
	Reason   string // required: it is a line of the record
	// Show makes its entries that waited for its release alone public from now on;
	// else they keep that time.
	Show bool
}

// WithdrawBatch removes a batch and frees its entries, in one transaction. Of the
// batch the record keeps every field, with the reason. Without a reason the error
// is Invalid, for another revision a Conflict. Entries of another city keep what
// they carry.
func (r *Registry) WithdrawBatch(ctx context.Context, by scene.Actor, w Withdrawal) (b scene.Batch, err error) {
	if err := by.May(scene.BatchManage, scene.Object{}); err != nil {
		return b, err
	}
	if err := needsReason(w.Reason); err != nil {
		return b, err
	}
	err = r.updatePublic(ctx, func(tx store.Tx) error {
		b, err = tx.Batches().Get(ctx, w.Batch)
		if err != nil {
			return err
		}
		if b.Revision != w.Revision {
			return &scene.Error{Code: scene.Conflict, Key: "store.stale", Args: map[string]any{"id": string(b.ID), "revision": w.Revision}}
		}
		entries, err := allOfBatch(ctx, tx, b.Name)
		if err != nil {
			return err
		}
		free := func(l *scene.Listing) bool { return !l.Foreign() && r.free(l, &b, w.Show) }
		if err := r.rewrite(ctx, tx, by, entries, free); err != nil {
			return err
		}
		recorder := store.Recorder{IDs: r.ids, Now: r.now}
		if err := recorder.Record(ctx, tx, by, "batch.withdraw", "batch", b.ID, strings.TrimSpace(w.Reason), &b, nil); err != nil {
			return err
		}
		return tx.Batches().Delete(ctx, b.ID)
	})
	return b, scene.Wrap("registry.WithdrawBatch", err)
}

// FreeFromBatch takes entries out of a batch as [Registry.TakeFromBatch] does, and
// those that waited for its release alone are public from now on.
func (r *Registry) FreeFromBatch(ctx context.Context, by scene.Actor, id scene.ID, refs []Ref) error {
	return r.sort(ctx, by, id, refs, func(b *scene.Batch, l *scene.Listing) (bool, error) {
		return carries(l, b) && r.free(l, b, true), nil
	})
}

// free takes an entry out of a batch; one that waited for that release alone waits
// no longer if it is to be shown.
func (r *Registry) free(l *scene.Listing, b *scene.Batch, show bool) bool {
	l.Batch = ""
	if now := r.now().UTC(); show && !b.Released(now) && l.ValidFrom.Equal(b.Release) {
		l.ValidFrom = now
	}
	return true
}
