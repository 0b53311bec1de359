package registry

import (
	"context"
	"strconv"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Stamp names the state of the open entries of a kind, without reading them: it
// changes with every write of any entry, and whenever one comes out of an embargo
// or its validity ends.
func (r *Registry) Stamp(ctx context.Context, kind scene.Kind) (stamp string, err error) {
	err = r.store.View(ctx, func(tx store.Tx) (err error) {
		if kind == scene.KindCapability {
			stamp, err = stampOf(ctx, tx.Capabilities(), r.now(), func(c *scene.Capability) *scene.Listing { return &c.Listing })
		} else {
			stamp, err = stampOf(ctx, tx.Opportunities(), r.now(), func(o *scene.Opportunity) *scene.Listing { return &o.Listing })
		}
		return err
	})
	return stamp, scene.Wrap("registry.Stamp", err)
}

func stampOf[T any](ctx context.Context, table store.Listings[T], at time.Time, listing func(*T) *scene.Listing) (string, error) {
	open, err := table.Count(ctx, store.ListingFilter{OpenAt: at})
	if err != nil {
		return "", err
	}
	// What opens and what ends in between may leave the first count as it was.
	waits, err := table.Count(ctx, store.ListingFilter{OpenedAfter: at})
	if err != nil {
		return "", err
	}
	stamp := strconv.Itoa(open) + "-" + strconv.Itoa(waits)
	last, err := table.List(ctx, store.ListingFilter{Newest: true}, store.Page{Limit: 1})
	if err == nil && len(last.Items) > 0 {
		l := listing(&last.Items[0])
		stamp += "-" + strconv.FormatInt(l.Updated.UnixMicro(), 36) + "-" + string(l.ID) + "-" + strconv.Itoa(l.Revision)
	}
	return stamp, err
}
