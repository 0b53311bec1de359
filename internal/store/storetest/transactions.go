package storetest

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func keepsWritten(t *testing.T, b *bench) {
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := put(ctx, tx, organisation(1)); err != nil {
			return err
		}
		_, err := tx.Organisations().Get(ctx, "org-0001") // a transaction reads what it wrote
		return err
	})
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Organisations().Get(ctx, "org-0001")
		return err
	})
}

func leavesNoTrace(t *testing.T, b *bench) {
	broken := errors.New("broken")
	everything := func(ctx context.Context, tx store.Tx) error {
		if err := put(ctx, tx, organisation(1)); err != nil {
			return err
		}
		if err := tx.Settings().Put(ctx, "key", []byte("value")); err != nil {
			return err
		}
		return tx.Emit(ctx, event(1))
	}
	err := b.try(t, func(ctx context.Context, tx store.Tx) error { return errors.Join(everything(ctx, tx), broken) })
	if !errors.Is(err, broken) {
		t.Errorf("Update returned %v instead of the error of fn", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("a panic was swallowed")
			}
		}()
		_ = b.try(t, func(ctx context.Context, tx store.Tx) error {
			if err := everything(ctx, tx); err != nil {
				return err
			}
			panic("oh")
		})
	}()
	expectEmpty(t, b)
	b.update(t, everything) // nothing is in the way either
}

// expectEmpty checks that nothing was written.
func expectEmpty(t *testing.T, b *bench) {
	t.Helper()
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		if n, err := tx.Organisations().Count(ctx); n != 0 || err != nil {
			t.Errorf("%d organisations, %v", n, err)
		}
		if v, err := tx.Settings().Get(ctx, "key"); v != nil || err != nil {
			t.Errorf("setting %q, %v", v, err)
		}
		return nil
	})
	if n, err := b.Outbox().Depth(t.Context()); n != 0 || err != nil {
		t.Errorf("%d events in the outbox, %v", n, err)
	}
}

func failureSpoils(t *testing.T, b *bench) {
	stale := organisation(1)
	stale.Revision = 7
	err := b.try(t, func(ctx context.Context, tx store.Tx) error {
		if err := put(ctx, tx, organisation(2)); err != nil {
			return err
		}
		expectCode(t, "Put of a stale revision", put(ctx, tx, stale), scene.Conflict)
		return nil // swallowed
	})
	expectCode(t, "Update after a swallowed Conflict", err, scene.Conflict)
	expectEmpty(t, b)
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Organisations().Get(ctx, "nobody")
		expectCode(t, "Get of no row", err, scene.NotFound)
		return put(ctx, tx, organisation(2)) // a NotFound spoils nothing
	})
}

func viewsSnapshot(t *testing.T, b *bench) {
	b.update(t, func(ctx context.Context, tx store.Tx) error { return put(ctx, tx, organisation(1)) })
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		before, err := tx.Organisations().Count(ctx)
		if err != nil {
			return err
		}
		// A writer is not held up by a reader, and the reader does not see it.
		b.update(t, func(ctx context.Context, tx store.Tx) error { return put(ctx, tx, organisation(2)) })
		after, err := tx.Organisations().Count(ctx)
		if before != 1 || after != 1 {
			t.Errorf("a view saw %d rows, then %d", before, after)
		}
		return err
	})
	err := b.View(t.Context(), func(tx store.Tx) error { return put(t.Context(), tx, organisation(3)) })
	expectCode(t, "Put in a View", err, scene.Precondition)
	err = b.View(t.Context(), func(tx store.Tx) error { return tx.Emit(t.Context(), event(1)) })
	expectCode(t, "Emit in a View", err, scene.Precondition)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		n, err := tx.Organisations().Count(ctx)
		if n != 2 {
			t.Errorf("%d rows, want 2", n)
		}
		return err
	})
}

// writersTakeTurns has writers count up one value: none may overwrite another.
func writersTakeTurns(t *testing.T, b *bench) {
	const writers, turns = 8, 10
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range turns {
				err := b.try(t, func(ctx context.Context, tx store.Tx) error {
					v, err := tx.Settings().Get(ctx, "count")
					if err != nil {
						return err
					}
					n, _ := strconv.Atoi(string(v))
					return tx.Settings().Put(ctx, "count", []byte(strconv.Itoa(n+1)))
				})
				if err != nil {
					t.Errorf("Update: %v", err)
				}
			}
		})
	}
	wg.Wait()
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		v, err := tx.Settings().Get(ctx, "count")
		expectSame(t, "count", string(v), strconv.Itoa(writers*turns))
		return err
	})
}

func endsWithContext(t *testing.T, b *bench) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	nothing := func(store.Tx) error { return nil }
	expectCode(t, "View", b.View(ended, nothing), scene.Unavailable)
	expectCode(t, "Update", b.Update(ended, nothing), scene.Unavailable)
	err := b.View(t.Context(), func(tx store.Tx) error {
		_, err := tx.Organisations().Count(ended)
		return err
	})
	expectCode(t, "Count", err, scene.Unavailable)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the cause of %v is lost", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = b.Update(ctx, func(tx store.Tx) error {
		err := put(ctx, tx, organisation(1))
		cancel()
		return err
	})
	expectCode(t, "commit", err, scene.Unavailable)
	expectEmpty(t, b)
}

func closeEnds(t *testing.T, b *bench) {
	inside, release, closed := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	updated := make(chan error, 1)
	go func() {
		updated <- b.try(t, func(ctx context.Context, tx store.Tx) error {
			close(inside)
			<-release
			return put(ctx, tx, organisation(1))
		})
	}()
	receive(t, inside)
	old := b.Store
	go func() { closed <- old.Close() }()
	select {
	case err := <-closed:
		t.Fatalf("Close returned (%v) while a transaction was running", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(release)
	if err := receive(t, updated); err != nil {
		t.Errorf("a transaction that ran at Close: %v", err)
	}
	if err := receive(t, closed); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := old.Close(); err != nil {
		t.Errorf("Close again: %v", err)
	}
	nothing := func(store.Tx) error { return nil }
	expectCode(t, "View after Close", old.View(t.Context(), nothing), scene.Unavailable)
	expectCode(t, "Update after Close", old.Update(t.Context(), nothing), scene.Unavailable)
	expectCode(t, "Ping after Close", old.Ping(t.Context()), scene.Unavailable)
	_, err := old.Outbox().Pending(t.Context(), 1)
	expectCode(t, "Pending after Close", err, scene.Unavailable)
	b.Store = b.open()
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Organisations().Get(ctx, "org-0001")
		return err
	})
}

func tellsHealth(t *testing.T, b *bench) {
	if err := b.Ping(t.Context()); err != nil {
		t.Errorf("Ping: %v", err)
	}
	h, err := b.Health(t.Context())
	if err != nil || h.Integrity != "ok" || h.SchemaVersion < 1 {
		t.Errorf("Health: %+v, %v", h, err)
	}
	if name, version, ok := strings.Cut(h.Engine, " "); !ok || (name != "sqlite" && name != "postgres") || version == "" {
		t.Errorf("engine %q", h.Engine)
	}
}
