package indexer

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"jinghe/internal/scene"
)

// Changes told while a batch is written are the next one, each id once, and all
// who told of them hear what became of it.
func TestGather(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gatherer
		var batches [][]scene.ID
		release, wrong := make(chan struct{}), errors.New("away")
		work := func(_ context.Context, ids []scene.ID) error {
			if batches = append(batches, ids); len(batches) == 1 {
				<-release
				return nil
			}
			return wrong
		}
		var callers sync.WaitGroup
		var first error
		callers.Go(func() { first = g.do(t.Context(), []scene.ID{"a"}, work) })
		synctest.Wait()
		rest := make([]error, 20)
		for i := range rest {
			callers.Go(func() { rest[i] = g.do(t.Context(), []scene.ID{"a", "c", scene.ID(rune('d' + i))}, work) })
		}
		synctest.Wait()
		tired, leave := context.WithCancel(t.Context())
		var left error
		callers.Go(func() { left = g.do(tired, []scene.ID{"b"}, work) })
		synctest.Wait()
		leave()
		synctest.Wait()
		close(release)
		callers.Wait()
		if first != nil || !errors.Is(left, context.Canceled) || slices.ContainsFunc(rest, func(err error) bool { return !errors.Is(err, wrong) }) {
			t.Errorf("told %v, %v, %v", first, left, rest)
		}
		if len(batches) != 2 || len(batches[1]) != 23 || batches[1][1] != "b" || !slices.IsSorted(batches[1]) {
			t.Errorf("batches %q", batches)
		}
	})
}

// A batch that panics is over for all who are part of it, and the next one is taken up.
func TestGatherSurvivesPanic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g gatherer
		release := make(chan struct{})
		held := func(context.Context, []scene.ID) error { <-release; return nil }
		breaks := func(context.Context, []scene.ID) error { panic("broken") }
		var callers sync.WaitGroup
		callers.Go(func() { _ = g.do(t.Context(), []scene.ID{"a"}, held) })
		synctest.Wait()
		var panicked any
		callers.Go(func() {
			defer func() { panicked = recover() }()
			_ = g.do(t.Context(), []scene.ID{"b"}, breaks)
		})
		synctest.Wait()
		var joined error
		callers.Go(func() { joined = g.do(t.Context(), []scene.ID{"c"}, breaks) })
		synctest.Wait()
		close(release)
		callers.Wait()
		if panicked != "broken" || !errors.Is(joined, errBroken) {
			t.Errorf("the first had %v, the other was told %v", panicked, joined)
		}
		if err := g.do(t.Context(), []scene.ID{"d"}, func(context.Context, []scene.ID) error { return nil }); err != nil {
			t.Errorf("the next batch: %v", err)
		}
	})
}
