package postgres_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/postgres"
	"jinghe/internal/testkit"
)

const patience = 3 * time.Minute // it ends what hangs

// TestManyOpenAtOnce has processes find an empty database at the same moment:
// one makes the tables.
func TestManyOpenAtOnce(t *testing.T) {
	t.Parallel()
	address := testkit.Postgres(t)
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			s, err := postgres.Open(t.Context(), address, postgres.Options{MaxConns: 2})
			if err != nil {
				t.Errorf("Open: %v", err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestACommitWakesOthers emits in one process and is heard in another.
func TestACommitWakesOthers(t *testing.T) {
	t.Parallel()
	address := testkit.Postgres(t)
	here, there := open(t, address), open(t, address)
	defer here.Close()
	defer there.Close()
	err := here.Update(t.Context(), func(tx store.Tx) error {
		return tx.Emit(t.Context(), scene.Event{ID: "e1", Subject: scene.CapabilityChanged})
	})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-there.Committed():
	case <-time.After(patience):
		t.Fatal("the other process was not woken")
	}
}

// TestAloneKeepsOthersAway holds a database for a move.
func TestAloneKeepsOthersAway(t *testing.T) {
	t.Parallel()
	address := testkit.Postgres(t)
	serving := open(t, address)
	_, err := postgres.Open(t.Context(), address, postgres.Options{Alone: true})
	expectKey(t, err, "store.in_use")
	if err := serving.Close(); err != nil {
		t.Fatal(err)
	}
	moving, err := postgres.Open(t.Context(), address, postgres.Options{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = postgres.Open(t.Context(), address, postgres.Options{})
	expectKey(t, err, "store.being_filled")
	if err := moving.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, address).Close(); err != nil {
		t.Error(err)
	}
}

func expectKey(t *testing.T, err error, key string) {
	t.Helper()
	if e, ok := errors.AsType[*scene.Error](err); !ok || e.Key != key {
		t.Fatalf("got %v, want %s", err, key)
	}
}

// TestRestart crashes the server under writers, twice. Meanwhile writes fail
// with Unavailable; afterwards they go on in the same Store, nothing that was
// acknowledged is missing, and a commit elsewhere is heard again.
func TestRestart(t *testing.T) {
	t.Parallel()
	server := testkit.StartDurablePostgres(t)
	address := server.Database(t)
	s, other := open(t, address), open(t, address)
	defer s.Close()
	defer other.Close()
	w := startWriters(t, s)
	for range 2 {
		w.awaitMore(t)
		server.Crash(t)
		w.awaitFailure(t)
		server.Start(t)
		w.awaitMore(t)
	}
	w.stop()
	w.check(t, s)
	drainWakes(other)
	deadline := time.After(patience)
	for n := 0; ; n++ { // until the other one listens again
		err := s.Update(t.Context(), func(tx store.Tx) error {
			return tx.Emit(t.Context(), scene.Event{ID: scene.ID("again-" + strconv.Itoa(n)), Subject: scene.CapabilityChanged})
		})
		if err != nil {
			t.Fatal(err)
		}
		select {
		case <-other.Committed():
			return
		case <-deadline:
			t.Fatal("not woken any more after a restart")
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func drainWakes(s *postgres.Store) {
	select {
	case <-s.Committed():
	default:
	}
}

// writers write settings one after the other and note which were acknowledged.
type writers struct {
	cancel context.CancelFunc
	group  sync.WaitGroup

	acked  chan string // closed never; read by the test
	failed chan struct{}
	all    []string
	mu     sync.Mutex
}

func startWriters(t *testing.T, s *postgres.Store) *writers {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := &writers{cancel: cancel, acked: make(chan string, 1), failed: make(chan struct{}, 1)}
	for n := range 3 {
		w.group.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				key := strconv.Itoa(n) + "-" + strconv.Itoa(i)
				err := s.Update(ctx, func(tx store.Tx) error {
					if err := tx.Settings().Put(ctx, key, []byte("x")); err != nil {
						return err
					}
					return tx.Emit(ctx, scene.Event{ID: scene.ID(key), Subject: scene.CapabilityChanged})
				})
				w.note(t, key, err)
			}
		})
	}
	return w
}

func (w *writers) note(t *testing.T, key string, err error) {
	if err != nil {
		if scene.CodeOf(err) != scene.Unavailable {
			t.Errorf("a write failed with %v", err)
		}
		offer(w.failed, struct{}{})
		return
	}
	w.mu.Lock()
	w.all = append(w.all, key)
	w.mu.Unlock()
	offer(w.acked, key)
}

// offer replaces what nobody has read yet.
func offer[T any](to chan T, v T) {
	select {
	case <-to:
	default:
	}
	select {
	case to <- v:
	default:
	}
}

// awaitMore waits for writes that began after the call.
func (w *writers) awaitMore(t *testing.T) {
	t.Helper()
	for range 10 {
		select {
		case <-w.acked:
		case <-time.After(patience):
			t.Fatal("no write is acknowledged any more")
		}
	}
}

func (w *writers) awaitFailure(t *testing.T) {
	t.Helper()
	select {
	case <-w.failed:
	case <-time.After(patience):
		t.Fatal("writes neither fail nor succeed")
	}
}

func (w *writers) stop() {
	w.cancel()
	w.group.Wait()
}

// check wants every acknowledged write, each with its event.
func (w *writers) check(t *testing.T, s *postgres.Store) {
	t.Helper()
	err := s.View(t.Context(), func(tx store.Tx) error {
		for _, key := range w.all {
			v, err := tx.Settings().Get(t.Context(), key)
			if err != nil {
				return err
			}
			if string(v) != "x" {
				t.Errorf("%s was acknowledged and is lost", key)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	depth, err := s.Outbox().Depth(t.Context())
	if err != nil || depth < len(w.all) {
		t.Errorf("%d events for %d writes, %v", depth, len(w.all), err)
	}
	t.Logf("%d writes acknowledged", len(w.all))
}

// TestOneLeads has one process lead, and another one follow when it is gone.
func TestOneLeads(t *testing.T) {
	t.Parallel()
	address := testkit.Postgres(t)
	first, second := open(t, address), open(t, address)
	defer second.Close()
	if !first.Leads() || second.Leads() {
		t.Errorf("first leads: %v, second: %v", first.Leads(), second.Leads())
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(patience); !second.Leads(); {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("nobody leads")
		}
	}
}
