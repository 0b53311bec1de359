package jetstream_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"jinghe/internal/bus"
	"jinghe/internal/bus/jetstream"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

// The child of TestKill writes rows with events into a store, relays them to a
// bus and consumes them into effects, all at once, until it is killed.
const (
	crashEnv = "JINGHE_TEST_CRASH_DIR"
	kills    = 22
)

// crashChild runs the child if this process is one.
func crashChild() bool {
	dir := os.Getenv(crashEnv)
	if dir == "" {
		return false
	}
	w, err := openWorks(context.Background(), dir)
	if err == nil {
		err = w.writeForever()
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
	return true
}

// works is a store, a bus, the relay between them and a consumer.
type works struct {
	ctx    context.Context
	store  *sqlite.Store
	bus    *jetstream.Bus
	relays sync.WaitGroup
	stop   context.CancelFunc
}

func openWorks(ctx context.Context, dir string) (*works, error) {
	w := &works{}
	w.ctx, w.stop = context.WithCancel(ctx)
	var err error
	if w.store, err = sqlite.Open(ctx, filepath.Join(dir, "city.db"), sqlite.Options{}); err != nil {
		return nil, err
	}
	if w.bus, err = jetstream.Open(ctx, jetstream.Config{StoreDir: filepath.Join(dir, "bus"), AckWait: ackWait}); err != nil {
		return nil, err
	}
	// Each kill may fall into the same effect, and takes a try of it.
	_, err = w.bus.Subscribe(ctx, bus.Consumer{Name: "effects", Handle: w.effect, FromStart: true, Retry: slices.Repeat(bus.Retry{0}, 2*kills)})
	if err != nil {
		return nil, err
	}
	relay := bus.Relay{Outbox: w.store.Outbox(), Bus: w.bus, Committed: w.store.Committed()}
	w.relays.Go(func() { relay.Run(w.ctx) })
	return w, nil
}

func (w *works) close(t *testing.T) {
	w.stop()
	w.relays.Wait()
	if err := w.bus.Close(context.WithoutCancel(w.ctx)); err != nil {
		t.Error(err)
	}
	if err := w.store.Close(); err != nil {
		t.Error(err)
	}
}

// effect does something that must happen once: it adds one to a number under
// the event's ID, unless it is there.
func (w *works) effect(ctx context.Context, e scene.Event) error {
	return w.store.Update(ctx, func(tx store.Tx) error {
		key := "effect/" + string(e.ID)
		done, err := tx.Settings().Get(ctx, key)
		if err != nil || done != nil {
			return err
		}
		n, err := number(ctx, tx, "effects")
		if err != nil {
			return err
		}
		if err := tx.Settings().Put(ctx, "effects", []byte(strconv.Itoa(n+1))); err != nil {
			return err
		}
		return tx.Settings().Put(ctx, key, []byte(strconv.Itoa(n+1)))
	})
}

func number(ctx context.Context, tx store.Tx, key string) (int, error) {
	v, err := tx.Settings().Get(ctx, key)
	if err != nil || v == nil {
		return 0, err
	}
	return strconv.Atoi(string(v))
}

func (w *works) writeForever() error {
	for {
		var n int
		err := w.store.Update(w.ctx, func(tx store.Tx) (err error) {
			if n, err = number(w.ctx, tx, "written"); err != nil {
				return err
			}
			n++
			if err := tx.Settings().Put(w.ctx, "written", []byte(strconv.Itoa(n))); err != nil {
				return err
			}
			return tx.Emit(w.ctx, scene.Event{ID: eventID(n), Subject: scene.OpportunityChanged, IDs: []scene.ID{"row"}})
		})
		if err != nil {
			return err
		}
		fmt.Println(n)
	}
}

func eventID(n int) scene.ID { return scene.ID(fmt.Sprintf("event-%06d", n)) }

// TestKill kills a process that writes, relays and consumes at random moments.
// After the last life, every acknowledged write has had its effect, once and
// in order, and the bus holds each event once though relays died half-way.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes")
	}
	t.Parallel()
	dir := t.TempDir()
	dice := rand.New(rand.NewPCG(3, 4))
	acknowledged := 0
	for range kills {
		acknowledged = max(acknowledged, killed(t, dir, time.Duration(20+dice.IntN(250))*time.Millisecond))
	}
	w, err := openWorks(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close(t)
	written := 0
	err = w.store.View(t.Context(), func(tx store.Tx) (err error) {
		written, err = number(t.Context(), tx, "written")
		return err
	})
	if err != nil || written < acknowledged || acknowledged < kills {
		t.Fatalf("%d written, %d acknowledged, %v", written, acknowledged, err)
	}
	all := make(chan scene.Event, written+1000)
	_, err = w.bus.Subscribe(t.Context(), bus.Consumer{Name: "census", FromStart: true, Handle: func(_ context.Context, e scene.Event) error {
		all <- e
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	w.waitDone(t, written)
	w.checkEffects(t, written)
	for n := 1; n <= written; n++ {
		if e := <-all; e.ID != eventID(n) {
			t.Fatalf("the bus holds %s in the place of %s", e.ID, eventID(n))
		}
	}
	if len(all) != 0 {
		t.Errorf("%d events too many on the bus", len(all))
	}
	t.Logf("%d writes over %d kills", written, kills)
}

// killed runs a child, kills it some time after its first write, and returns
// the last write that it acknowledged.
func killed(t *testing.T, dir string, after time.Duration) (last int) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), crashEnv+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			break // a line cut by the kill
		}
		if last == 0 {
			time.AfterFunc(after, func() { _ = child.Process.Kill() }) // SIGKILL
		}
		last = n
	}
	_, _ = io.Copy(io.Discard, out)
	if err := child.Wait(); err == nil || child.ProcessState.ExitCode() != -1 {
		t.Fatalf("the child was not killed: %v", err)
	}
	return last
}

// waitDone waits until both consumers have nothing before them and the outbox is empty.
func (w *works) waitDone(t *testing.T, written int) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		depth, err := w.store.Outbox().Depth(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		h, err := w.bus.Health(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if depth == 0 && h.Pending["effects"] == 0 && h.Pending["census"] == 0 {
			if h.Dead != 0 {
				t.Errorf("%d dead letters", h.Dead)
			}
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%d of %d in the outbox, %v", depth, written, h)
		}
	}
}

func (w *works) checkEffects(t *testing.T, written int) {
	t.Helper()
	err := w.store.View(t.Context(), func(tx store.Tx) error {
		effects, err := number(t.Context(), tx, "effects")
		if effects != written {
			t.Errorf("%d effects of %d writes", effects, written)
		}
		for n := 1; n <= written && err == nil; n++ {
			var place int
			if place, err = number(t.Context(), tx, "effect/"+string(eventID(n))); place != n {
				t.Errorf("write %d had effect number %d", n, place)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
