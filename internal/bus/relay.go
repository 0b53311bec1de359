package bus

import (
	"context"
	"log/slog"
	"time"

	"jinghe/internal/scene"
)

// Outbox is what a Relay empties: that of internal/store.
type Outbox interface {
	// Pending returns at most limit unsent events, oldest first.
	Pending(ctx context.Context, limit int) ([]scene.Event, error)
	// Sent marks events as handed over.
	Sent(ctx context.Context, ids []scene.ID) error
}

// Publisher is what a Relay hands events to: a Bus.
type Publisher interface {
	Publish(ctx context.Context, events ...scene.Event) error
}

// Relay hands committed events to the bus, in commit order and at least once.
// An event leaves the outbox after the bus has it on disk; a relay that dies
// between the two hands it over again under the same ID, and the bus knows it.
type Relay struct {
	Outbox Outbox
	Bus    Publisher
	// Committed wakes the relay after a commit; nil leaves it to Poll.
	Committed <-chan struct{}
	// Lead tells whether this relay is the one, among those of several
	// processes on one outbox, that hands over at once; nil means it is. The
	// others stand by: they look ten times less often and hand over what is
	// still there, which does no harm, since the bus knows an event by its ID and
	// each relay keeps the order.
	Lead func() bool
	// Poll is how often the relay looks without being woken; 0 means 1 s.
	Poll time.Duration
	// Batch is how many events are handed over at once, 1 to 1000; 0 means 250.
	Batch int
	// Pauses are the waits after failures in a row, the last one for all
	// further ones; nil means 100 ms, 500 ms, 2 s, 5 s.
	Pauses []time.Duration
	// Logger receives failures; nil is silent.
	Logger *slog.Logger
}

// standBy is how many polls one that does not lead lets pass.
const standBy = 10

// Run relays until the context ends. What fails is tried again; nothing is
// given up. Relays in several processes may run on one outbox; see Lead.
func (r Relay) Run(ctx context.Context) {
	r = r.withDefaults()
	failures := 0
	for ctx.Err() == nil {
		if r.standsBy(ctx) {
			continue
		}
		err := r.drain(ctx)
		if err == nil {
			failures = 0
			r.sleep(ctx, r.Poll, r.Committed)
			continue
		}
		if ctx.Err() != nil {
			return
		}
		pause := r.Pauses[min(failures, len(r.Pauses)-1)]
		failures++
		r.Logger.Warn("events not handed over", "failures", failures, "pause", pause, "err", err)
		r.sleep(ctx, pause, nil)
	}
}

// standsBy waits while another relay leads, for at most standBy polls, and
// reports whether the context ended meanwhile.
func (r Relay) standsBy(ctx context.Context) bool {
	for range standBy {
		if r.Lead == nil || r.Lead() {
			return false
		}
		r.sleep(ctx, r.Poll, nil)
		if ctx.Err() != nil {
			return true
		}
	}
	return false
}

func (r Relay) withDefaults() Relay {
	if r.Poll == 0 {
		r.Poll = time.Second
	}
	if r.Batch == 0 {
		r.Batch = 250
	}
	if len(r.Pauses) == 0 {
		r.Pauses = []time.Duration{100 * time.Millisecond, 500 * time.Millisecond, 2 * time.Second, 5 * time.Second}
	}
	if r.Logger == nil {
		r.Logger = slog.New(slog.DiscardHandler)
	}
	return r
}

// drain hands over what is in the outbox and returns when it is empty.
func (r Relay) drain(ctx context.Context) error {
	for {
		events, err := r.Outbox.Pending(ctx, r.Batch)
		if err != nil {
			return scene.Wrap("bus.Relay: pending", err)
		}
		if len(events) == 0 {
			return nil
		}
		if err := r.Bus.Publish(ctx, events...); err != nil {
			return scene.Wrap("bus.Relay: publish", err)
		}
		ids := make([]scene.ID, len(events))
		for i, e := range events {
			ids[i] = e.ID
		}
		if err := r.Outbox.Sent(ctx, ids); err != nil {
			return scene.Wrap("bus.Relay: sent", err)
		}
		if len(events) < r.Batch {
			return nil
		}
	}
}

// sleep waits until d has passed, wake is signalled or the context ends.
func (r Relay) sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-t.C:
	}
}
