package bustest

import (
	"context"
	"testing"
	"time"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
)

// waitPending waits until a consumer has that many events before it.
func waitPending(t *testing.T, b bus.Bus, consumer string, want int) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		h, err := b.Health(t.Context())
		if err != nil {
			t.Fatalf("Health: %v", err)
		}
		if n, ok := h.Pending[consumer]; ok && n == want {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("consumer %s has %v pending, want %d", consumer, h.Pending, want)
		}
	}
}

// held is a consumer whose handler waits for its release.
type held struct {
	began   chan context.Context
	release chan struct{}
}

func newHeld() held { return held{make(chan context.Context, 100), make(chan struct{})} }

func (h held) handle(ctx context.Context, _ scene.Event) error {
	h.began <- ctx
	select {
	case <-h.release:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func stopWaits(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	h := newHeld()
	s := subscribe(t, b, bus.Consumer{Name: "reader", Handle: h.handle})
	list := events(0, 2)
	publish(t, b, list...)
	ctx := receive(t, h.began)
	stopped := make(chan error, 1)
	go func() { stopped <- s.Stop(t.Context()) }()
	select {
	case err := <-stopped:
		t.Errorf("Stop returned (%v) while a handler was running", err)
	case <-time.After(100 * time.Millisecond):
	}
	if ctx.Err() != nil {
		t.Error("Stop ended the context of a handler before its own")
	}
	close(h.release)
	if err := receive(t, stopped); err != nil {
		t.Errorf("Stop: %v", err)
	}
	n := len(h.began)
	publish(t, b, event(2, scene.OpportunityChanged))
	if err := s.Stop(t.Context()); err != nil {
		t.Errorf("Stop again: %v", err)
	}
	if len(h.began) != n {
		t.Error("a handler ran after Stop")
	}
	rest := newSink() // what was acknowledged before Stop does not come again
	subscribe(t, b, bus.Consumer{Name: "reader", Handle: rest.handle})
	want := append(list[1+n:], event(2, scene.OpportunityChanged))
	expectSame(t, rest.take(t, len(want)), want)
}

func stopEnds(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	h := newHeld()
	s := subscribe(t, b, bus.Consumer{Name: "reader", Handle: h.handle, Retry: quick(3)})
	publish(t, b, events(0, 1)...)
	handler := receive(t, h.began)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	expectCode(t, "Stop whose context ended", s.Stop(ctx), scene.Unavailable)
	receive(t, handler.Done())
	if err := s.Stop(t.Context()); err != nil { // now it has nothing to wait for
		t.Errorf("Stop: %v", err)
	}
	again := newSink()
	subscribe(t, b, bus.Consumer{Name: "reader", Handle: again.handle, Retry: quick(3)})
	expectSame(t, again.take(t, 1), events(0, 1))
}

func tellsHealth(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	h := newHeld()
	subscribe(t, b, bus.Consumer{Name: "reader", Handle: h.handle})
	publish(t, b, events(0, 7)...)
	receive(t, h.began)
	waitPending(t, b, "reader", 7) // the one in hand counts
	health, err := b.Health(t.Context())
	if err != nil || health.Server == "" || health.Dead != 0 {
		t.Errorf("Health: %+v, %v", health, err)
	}
	close(h.release)
	waitPending(t, b, "reader", 0)
}

func refuses(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	for _, subject := range []string{"", "opportunity", "a.b.c", "A.b", "a b.c", "*.changed", ".x", "景.合"} {
		e := event(0, subject)
		expectCode(t, "Publish on "+subject, b.Publish(t.Context(), e), scene.Invalid)
	}
	nameless := event(0, scene.ImportUndone)
	nameless.ID = ""
	expectCode(t, "Publish without ID", b.Publish(t.Context(), nameless), scene.Invalid)
	ok := newSink().handle
	for name, c := range map[string]bus.Consumer{
		"NoName":     {Handle: ok},
		"BadName":    {Name: "a.b", Handle: ok},
		"NoHandler":  {Name: "reader"},
		"BadSubject": {Name: "reader", Subjects: []string{"opportunity.>"}, Handle: ok},
	} {
		_, err := b.Subscribe(t.Context(), c)
		expectCode(t, "Subscribe "+name, err, scene.Invalid)
	}
	subscribe(t, b, bus.Consumer{Name: "reader", Handle: ok})
	_, err := b.Subscribe(t.Context(), bus.Consumer{Name: "reader", Handle: ok})
	expectCode(t, "Subscribe twice", err, scene.Conflict)
}

func closeEnds(t *testing.T, fresh Fresh) {
	b := fresh(t)()
	h := newHeld()
	subscribe(t, b, bus.Consumer{Name: "reader", Handle: h.handle})
	publish(t, b, events(0, 1)...)
	receive(t, h.began)
	closed := make(chan error, 1)
	go func() { closed <- b.Close(t.Context()) }()
	select {
	case err := <-closed:
		t.Errorf("Close returned (%v) while a handler was running", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(h.release)
	if err := receive(t, closed); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := b.Close(t.Context()); err != nil {
		t.Errorf("Close again: %v", err)
	}
	expectCode(t, "Publish after Close", b.Publish(t.Context(), event(9, scene.ImportUndone)), scene.Unavailable)
	_, err := b.Subscribe(t.Context(), bus.Consumer{Name: "other", Handle: h.handle})
	expectCode(t, "Subscribe after Close", err, scene.Unavailable)
	_, err = b.DeadLetters(t.Context(), 1)
	expectCode(t, "DeadLetters after Close", err, scene.Unavailable)
	_, err = b.Health(t.Context())
	expectCode(t, "Health after Close", err, scene.Unavailable)
}
