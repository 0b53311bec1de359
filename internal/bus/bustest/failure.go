package bustest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
)

// quick is a policy with that many further tries.
func quick(tries int) bus.Retry {
	r := bus.Retry{}
	for range tries {
		r = append(r, 20*time.Millisecond)
	}
	return r
}

func retriesInOrder(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	got := newSink()
	var failures atomic.Int32
	subscribe(t, b, bus.Consumer{Name: "reader", Retry: quick(3), Handle: func(ctx context.Context, e scene.Event) error {
		_ = got.handle(ctx, e)
		if e.ID == "event-00001" && failures.Add(1) <= 2 {
			return errors.New("not yet")
		}
		return nil
	}})
	list := events(0, 4)
	publish(t, b, list...)
	expectSame(t, got.take(t, 6), []scene.Event{list[0], list[1], list[1], list[1], list[2], list[3]})
	if letters := deadLetters(t, b, 10); len(letters) != 0 {
		t.Errorf("dead letters of an event that was handled at last: %v", letters)
	}
}

func deadLetters(t *testing.T, b bus.Bus, limit int) []bus.DeadLetter {
	t.Helper()
	letters, err := b.DeadLetters(t.Context(), limit)
	if err != nil {
		t.Fatalf("DeadLetters: %v", err)
	}
	return letters
}

func givesUp(t *testing.T, fresh Fresh) {
	open := fresh(t)
	b := open()
	got := newSink()
	var calls atomic.Int32
	subscribe(t, b, bus.Consumer{Name: "reader", Retry: quick(2), Handle: func(ctx context.Context, e scene.Event) error {
		if e.Subject == scene.CapabilityChanged {
			calls.Add(1)
			return errors.New("原因 of " + string(e.ID))
		}
		return got.handle(ctx, e)
	}})
	bad, worse := event(1, scene.CapabilityChanged), event(2, scene.CapabilityChanged)
	publish(t, b, bad, worse, event(3, scene.OpportunityChanged))
	got.take(t, 1) // what comes after them is handled
	if n := calls.Load(); n != 6 {
		t.Errorf("%d tries of two events, want 6", n)
	}
	closeBus(t, b)

	b = open()
	defer closeBus(t, b)
	letters := deadLetters(t, b, 10)
	if len(letters) != 2 {
		t.Fatalf("dead letters %v, want 2", letters)
	}
	for i, want := range []scene.Event{worse, bad} { // newest first
		l := letters[i]
		expectSame(t, []scene.Event{l.Event}, []scene.Event{want})
		if l.Consumer != "reader" || l.Tries != 3 || l.Reason != "原因 of "+string(want.ID) || l.At.IsZero() {
			t.Errorf("dead letter %+v", l)
		}
	}
	if letters := deadLetters(t, b, 1); len(letters) != 1 || letters[0].Event.ID != worse.ID {
		t.Errorf("the newest dead letter: %v", letters)
	}
	for _, limit := range []int{0, -1, 100_000} {
		_, err := b.DeadLetters(t.Context(), limit)
		expectCode(t, "DeadLetters with a bad limit", err, scene.Invalid)
	}
}

func givesUpAtOnce(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	got := newSink()
	subscribe(t, b, bus.Consumer{Name: "reader", Retry: bus.Retry{}, Handle: func(ctx context.Context, e scene.Event) error {
		_ = got.handle(ctx, e)
		return errors.New("no")
	}})
	list := events(0, 2)
	publish(t, b, list...)
	expectSame(t, got.take(t, 2), list)
	waitPending(t, b, "reader", 0)
	if letters := deadLetters(t, b, 10); len(letters) != 2 || letters[0].Tries != 1 {
		t.Errorf("dead letters %+v, want two with one try", letters)
	}
}

func survivesPanic(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	got := newSink()
	var calls atomic.Int32
	subscribe(t, b, bus.Consumer{Name: "reader", Retry: quick(1), Handle: func(ctx context.Context, e scene.Event) error {
		if calls.Add(1) == 1 {
			panic("oh")
		}
		return got.handle(ctx, e)
	}})
	publish(t, b, events(0, 1)...)
	expectSame(t, got.take(t, 1), events(0, 1))
}

func boundsHandler(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	got := newSink()
	var calls atomic.Int32
	subscribe(t, b, bus.Consumer{
		Name: "reader", Retry: quick(1), Deadline: 50 * time.Millisecond,
		Handle: func(ctx context.Context, e scene.Event) error {
			if calls.Add(1) == 1 {
				<-ctx.Done()
				return ctx.Err()
			}
			return got.handle(ctx, e)
		},
	})
	publish(t, b, events(0, 1)...)
	expectSame(t, got.take(t, 1), events(0, 1))
}

// keepsLongHandler holds a handler until an event published later has passed
// another consumer many times over: the held event must not be handed out twice.
func keepsLongHandler(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	began, release := make(chan struct{}, 10), make(chan struct{})
	subscribe(t, b, bus.Consumer{Name: "slow", Handle: func(context.Context, scene.Event) error {
		began <- struct{}{}
		<-release
		return nil
	}})
	publish(t, b, event(0, scene.OpportunityChanged))
	receive(t, began)
	select {
	case <-began:
		t.Error("an event was handed out again while its handler was running")
	case <-time.After(LongHandler):
	}
	close(release)
	waitPending(t, b, "slow", 0)
}

// LongHandler is how long a handler of the suite runs. An adapter that hands
// events of a dead process out again after some time is tested with less.
const LongHandler = 15 * time.Second
