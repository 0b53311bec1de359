package bus_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
)

// outbox is a queue in memory; marking fails as often as told.
type outbox struct {
	mu     sync.Mutex
	events []scene.Event
	sent   []scene.ID
	fail   error
	asked  int
}

func (o *outbox) add(n ...int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, i := range n {
		o.events = append(o.events, scene.Event{ID: scene.ID(fmt.Sprint(i)), Subject: scene.ImportCommitted})
	}
}

func (o *outbox) Pending(_ context.Context, limit int) ([]scene.Event, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked++
	return slices.Clone(o.events[:min(limit, len(o.events))]), nil
}

func (o *outbox) Sent(_ context.Context, ids []scene.ID) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fail != nil {
		return o.fail
	}
	o.sent = append(o.sent, ids...)
	o.events = slices.DeleteFunc(o.events, func(e scene.Event) bool { return slices.Contains(ids, e.ID) })
	return nil
}

// publisher keeps what it was handed; it fails as long as told.
type publisher struct {
	mu    sync.Mutex
	got   []scene.ID
	calls []time.Time
	fail  error
}

func (p *publisher) Publish(_ context.Context, events ...scene.Event) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, time.Now())
	if p.fail != nil {
		return p.fail
	}
	for _, e := range events {
		p.got = append(p.got, e.ID)
	}
	return nil
}

// handed returns what it was handed so far.
func (p *publisher) handed() []scene.ID {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.got)
}

func (p *publisher) set(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fail = err
}

// relaying runs a relay in a bubble of virtual time and stops it at the end.
func relaying(t *testing.T, r bus.Relay) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	synctest.Wait()
}

// pass lets virtual time go by.
func pass(d time.Duration) { <-time.After(d) }

func expect(t *testing.T, what string, got []scene.ID, want ...scene.ID) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestRelayHandsOverInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, p, committed := &outbox{}, &publisher{}, make(chan struct{}, 1)
		o.add(1, 2, 3, 4, 5) // left by an earlier life
		relaying(t, bus.Relay{Outbox: o, Bus: p, Committed: committed, Batch: 2, Poll: time.Minute})
		expect(t, "what was left", p.handed(), "1", "2", "3", "4", "5")
		o.add(6)
		synctest.Wait()
		expect(t, "before a signal", p.handed(), "1", "2", "3", "4", "5")
		committed <- struct{}{}
		synctest.Wait()
		expect(t, "after a signal", p.handed(), "1", "2", "3", "4", "5", "6")
		expect(t, "marked", o.sent, p.got...)
		o.add(7) // its signal is lost
		pass(time.Minute)
		synctest.Wait()
		expect(t, "after a poll", p.handed(), "1", "2", "3", "4", "5", "6", "7")
	})
}

func TestRelayRetriesWithPauses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, p := &outbox{}, &publisher{fail: errors.New("away")}
		o.add(1)
		start := time.Now()
		pauses := []time.Duration{time.Second, time.Minute}
		relaying(t, bus.Relay{Outbox: o, Bus: p, Poll: time.Hour, Pauses: pauses})
		pass(2*time.Minute + 2*time.Second)
		synctest.Wait()
		var tries []time.Duration
		for _, at := range p.calls {
			tries = append(tries, at.Sub(start))
		}
		want := []time.Duration{0, time.Second, time.Second + time.Minute, time.Second + 2*time.Minute}
		if !slices.Equal(tries, want) {
			t.Errorf("tries after %v, want %v", tries, want)
		}
		p.set(nil)
		pass(time.Minute)
		synctest.Wait()
		expect(t, "after the bus came back", p.handed(), "1")
		p.set(errors.New("away again"))
		o.add(2)
		pass(time.Hour - time.Second/2) // half a second behind the poll, before the first pause ends
		p.set(nil)
		pass(time.Second)
		synctest.Wait()
		expect(t, "after the first pause", p.handed(), "1", "2")
	})
}

func TestRelayRepeatsWhatItCouldNotMark(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, p := &outbox{fail: errors.New("disk full")}, &publisher{}
		o.add(1, 2)
		relaying(t, bus.Relay{Outbox: o, Bus: p})
		o.mu.Lock()
		o.fail = nil
		o.mu.Unlock()
		pass(time.Second)
		synctest.Wait()
		expect(t, "handed over", p.handed(), "1", "2", "1", "2")
		expect(t, "marked", o.sent, "1", "2")
	})
}

func TestRelayStandsStillWithoutWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, p := &outbox{}, &publisher{}
		relaying(t, bus.Relay{Outbox: o, Bus: p, Committed: make(chan struct{})})
		pass(10 * time.Second)
		synctest.Wait()
		if o.asked > 11 || len(p.calls) != 0 {
			t.Errorf("asked %d times and published %d times in ten idle seconds", o.asked, len(p.calls))
		}
	})
}

// TestRelayStandsBy leaves the work to the leader, looks now and then all the
// same, and takes over when the leader is gone.
func TestRelayStandsBy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var leads atomic.Bool
		o, p := &outbox{}, &publisher{}
		relaying(t, bus.Relay{Outbox: o, Bus: p, Poll: time.Second, Lead: leads.Load})
		o.add(1)
		pass(8 * time.Second)
		synctest.Wait()
		expect(t, "while another one leads", p.handed())
		pass(3 * time.Second)
		synctest.Wait()
		expect(t, "what the leader left", p.handed(), "1")
		leads.Store(true)
		pass(1100 * time.Millisecond)
		o.add(2)
		pass(1100 * time.Millisecond)
		synctest.Wait()
		expect(t, "as the leader", p.handed(), "1", "2")
	})
}

func TestSubjects(t *testing.T) {
	t.Parallel()
	for s, want := range map[string][2]bool{ // valid subject, valid pattern
		scene.OpportunityChanged: {true, true}, "a_1.b-2": {true, true}, "*.changed": {false, true}, "*.*": {false, true},
		"": {}, "a": {}, "a.": {}, ".b": {}, "a.b.c": {}, "A.b": {}, "a b.c": {}, "a.>": {}, "a.b*": {}, "景.合": {},
	} {
		if got := [2]bool{bus.ValidSubject(s), bus.ValidPattern(s)}; got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}

func TestDefaultRetry(t *testing.T) {
	t.Parallel()
	r := bus.DefaultRetry()
	var total time.Duration
	for _, d := range r {
		total += d
	}
	if len(r) != 5 || total < 6*time.Minute || total > 7*time.Minute || !slices.IsSorted(r) {
		t.Errorf("default retry %v, %v in all", r, total)
	}
	r[0] = 0
	if bus.DefaultRetry()[0] == 0 {
		t.Error("the default can be changed from outside")
	}
}
