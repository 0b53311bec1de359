package indexer

import (
	"context"
	"errors"
	"slices"
	"sync"

	"jinghe/internal/scene"
)

// gatherer takes changes up together: those told while one batch is written are
// the next one. An index that needs a second for a batch of any size then keeps
// up with any number of changes a second. The zero value is ready.
type gatherer struct {
	mu      sync.Mutex
	next    *gathered // that which changes still join
	working *gathered // that which is taken up, or was last
}

// gathered is a batch; err may be read once done is closed.
type gathered struct {
	ids  []scene.ID
	done chan struct{}
	err  error
}

// do has work take up ids, perhaps with those of other callers, each once and
// in order. It returns what that call of work did, or the context's error: work
// is called with the context of the first of those that it works for.
func (g *gatherer) do(ctx context.Context, ids []scene.ID, work func(context.Context, []scene.ID) error) error {
	b, before, first := g.join(ids)
	if !first {
		return b.wait(ctx)
	}
	_ = before.wait(ctx) // for its end, not for its luck
	g.mu.Lock()
	g.next, g.working = nil, b
	g.mu.Unlock()
	return b.take(ctx, work)
}

// errBroken is what others of a batch are told whose work panicked.
var errBroken = errors.New("the batch was not taken up to its end")

// take has work take the batch up. Those who wait for it go on however that ends,
// also by a panic, which is for the first of them.
func (b *gathered) take(ctx context.Context, work func(context.Context, []scene.ID) error) error {
	defer close(b.done)
	b.err = errBroken
	err := ctx.Err()
	if err == nil {
		slices.Sort(b.ids)
		err = work(ctx, slices.Compact(b.ids))
	}
	b.err = err
	return err
}

// join returns the batch that ids are part of, whether they are the first of
// it, and the batch before it, which may be nil.
func (g *gatherer) join(ids []scene.ID) (b, before *gathered, first bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if first = g.next == nil; first {
		g.next = &gathered{done: make(chan struct{})}
	}
	g.next.ids = append(g.next.ids, ids...)
	return g.next, g.working, first
}

// wait returns how a batch ended; there is nothing to wait for without one.
func (b *gathered) wait(ctx context.Context) error {
	if b == nil {
		return nil
	}
	select {
	case <-b.done:
		return b.err
	case <-ctx.Done():
		return ctx.Err()
	}
}
