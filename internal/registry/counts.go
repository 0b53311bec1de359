package registry

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Nearly every page of a list shows counts, and to take them every listing is
// looked at.
const (
	// countsFresh is how long counts are shown after they were taken, unless this
	// process changes what visitors see.
	countsFresh = 5 * time.Second
	// countsShare keeps taking them to a fiftieth of the time: a province takes a
	// fifth of a second, a city a thousandth.
	countsShare = 50
)

// counts are those of an instant.
type counts struct {
	taking sync.Mutex
	taken  atomic.Pointer[tally]
	alike  atomic.Pointer[likeness]
	line   atomic.Pointer[line]
	// written counts what this process changed of what visitors see.
	written atomic.Uint64
	// decided counts what people said here of pairs that may be one organisation.
	decided atomic.Uint64
}

type tally struct {
	instant
	open map[scene.Kind]map[string]int
}

// instant is when something was taken of many rows.
type instant struct {
	at      time.Time
	cost    time.Duration // of taking it
	written uint64        // counts.written before it was taken
}

// Counts returns the number of listings that a visitor can see now, by kind
// and code of the dictionary “field”; the empty code holds the total of a kind.
// What other processes wrote is counted after seconds. The maps are shared: they
// are not to be changed.
func (r *Registry) Counts(ctx context.Context) (map[scene.Kind]map[string]int, error) {
	now, held := r.now(), r.counts.taken.Load()
	if held != nil && r.counts.fresh(&held.instant, now, countsFresh) {
		return held.open, nil
	}
	if held == nil {
		r.counts.taking.Lock()
	} else if !r.counts.taking.TryLock() {
		return held.open, nil // somebody is at it
	}
	defer r.counts.taking.Unlock()
	if held = r.counts.taken.Load(); held != nil && r.counts.fresh(&held.instant, now, countsFresh) {
		return held.open, nil
	}
	written, open := r.counts.written.Load(), map[scene.Kind]map[string]int{}
	err := r.store.View(ctx, func(tx store.Tx) (err error) {
		f := store.ListingFilter{OpenAt: now}
		if open[scene.KindOpportunity], err = countByField(ctx, tx.Opportunities(), f); err != nil {
			return err
		}
		open[scene.KindCapability], err = countByField(ctx, tx.Capabilities(), f)
		return err
	})
	if err != nil {
		return nil, scene.Wrap("registry.Counts", err)
	}
	r.counts.taken.Store(&tally{instant{now, r.now().Sub(now), written}, open})
	return open, nil
}

// fresh reports whether what was taken then may be shown now: for kept, and where
// this process wrote since, only as long as taking it may not be a burden. Clocks
// may be set back.
func (c *counts) fresh(t *instant, now time.Time, kept time.Duration) bool {
	if now.Before(t.at) {
		return false
	}
	lasts := countsShare * t.cost
	if t.written == c.written.Load() {
		lasts = max(lasts, kept)
	}
	return now.Sub(t.at) < lasts
}

// Written returns a number that changes whenever this process has written what
// visitors may see; what others write it does not tell.
func (r *Registry) Written() uint64 { return r.counts.written.Load() }

// updatePublic writes what visitors may see, in a transaction, after which it is
// counted anew. Drafts and proposals need no more than the store's Update.
func (r *Registry) updatePublic(ctx context.Context, fn func(store.Tx) error) error {
	defer r.counts.written.Add(1)
	return r.store.Update(ctx, fn)
}

func countByField[T any](ctx context.Context, table store.Listings[T], f store.ListingFilter) (map[string]int, error) {
	counts, err := table.CountByField(ctx, f)
	if err != nil {
		return nil, err
	}
	counts[""], err = table.Count(ctx, f)
	return counts, err
}
