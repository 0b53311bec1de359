// Package bustest is the suite that every adapter of internal/bus passes: each
// promise of the contract is one test.
//
// It stands on the first floor, beside internal/bus, and serves tests only.
package bustest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
)

// Fresh gives a test a bus of its own: the function it returns opens it, and
// opens the same one again after it was closed. What it leaves open is its own
// to clean up.
type Fresh func(t *testing.T) (open func() bus.Bus)

// Run runs the suite.
func Run(t *testing.T, fresh Fresh) {
	t.Helper()
	tests := []struct {
		name string
		test func(*testing.T, Fresh)
	}{
		{"DeliversWhatWasPublishedInOrder", deliversInOrder},
		{"KnowsAnEventByItsID", deduplicates},
		{"RetriesAndKeepsOrder", retriesInOrder},
		{"GivesUpIntoDeadLetters", givesUp},
		{"GivesUpAtOnceWithoutRetries", givesUpAtOnce},
		{"SurvivesAPanic", survivesPanic},
		{"BoundsAHandler", boundsHandler},
		{"KeepsALongHandlersEvent", keepsLongHandler},
		{"ResumesAfterRestart", resumes},
		{"ConsumersAreIndependent", independent},
		{"FiltersBySubject", filters},
		{"StartsAtTheEndOrFromStart", starts},
		{"HandlesOneAtATimeOrInParallel", parallel},
		{"StopWaitsForHandlers", stopWaits},
		{"StopEndsWithItsContext", stopEnds},
		{"TellsHealth", tellsHealth},
		{"RefusesWhatBreaksTheRules", refuses},
		{"CloseEndsEverything", closeEnds},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.test(t, fresh)
		})
	}
}

// patience ends what hangs, also on a machine that is ten times slower.
const patience = 3 * time.Minute

// event makes the n-th event of a test.
func event(n int, subject string) scene.Event {
	return scene.Event{
		ID: scene.ID(fmt.Sprintf("event-%05d", n)), Subject: subject,
		IDs:  []scene.ID{scene.ID(fmt.Sprintf("row-%d", n)), "甲"},
		Time: time.Date(2026, 3, 1, 8, 0, n, 123456000, time.UTC), Actor: "system",
	}
}

func events(from, to int) []scene.Event {
	var list []scene.Event
	for n := from; n < to; n++ {
		list = append(list, event(n, scene.OpportunityChanged))
	}
	return list
}

// sink is a consumer's memory: what it was handed, in order.
type sink chan scene.Event

func newSink() sink { return make(sink, 10_000) }

func (s sink) handle(_ context.Context, e scene.Event) error {
	s <- e
	return nil
}

// take returns the next n events.
func (s sink) take(t *testing.T, n int) []scene.Event {
	t.Helper()
	var list []scene.Event
	for range n {
		list = append(list, receive(t, s))
	}
	return list
}

// receive returns the next value, or ends the test.
func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("waited in vain")
		panic("unreachable")
	}
}

// expectSame compares what a consumer was handed with what it should have been.
func expectSame(t *testing.T, got, want []scene.Event) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func publish(t *testing.T, b bus.Bus, list ...scene.Event) {
	t.Helper()
	if err := b.Publish(t.Context(), list...); err != nil {
		t.Fatalf("Publish: %v", err)
	}
}

func subscribe(t *testing.T, b bus.Bus, c bus.Consumer) bus.Subscription {
	t.Helper()
	s, err := b.Subscribe(t.Context(), c)
	if err != nil {
		t.Fatalf("Subscribe: %v", err)
	}
	return s
}

// closeBus ends a bus within patience.
func closeBus(t *testing.T, b bus.Bus) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	defer cancel()
	if err := b.Close(ctx); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// opened opens a bus that is closed with the test.
func opened(t *testing.T, fresh Fresh) bus.Bus {
	t.Helper()
	b := fresh(t)()
	t.Cleanup(func() { closeBus(t, b) })
	return b
}

func expectCode(t *testing.T, what string, err error, want scene.Code) {
	t.Helper()
	if got := scene.CodeOf(err); got != want {
		t.Errorf("%s: code %q (%v), want %q", what, got, err, want)
	}
}
