package bustest

import (
	"context"
	"sync/atomic"
	"testing"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
)

func deliversInOrder(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	got := newSink()
	subscribe(t, b, bus.Consumer{Name: "reader", Handle: got.handle})
	want := events(0, 300)
	publish(t, b, want[0])
	publish(t, b, want[1:]...)
	expectSame(t, got.take(t, len(want)), want)
	bare := scene.Event{ID: "bare", Subject: scene.DictionaryChanged, Time: want[0].Time}
	publish(t, b, bare)
	expectSame(t, got.take(t, 1), []scene.Event{bare})
}

func deduplicates(t *testing.T, fresh Fresh) {
	open := fresh(t)
	b := open()
	got := newSink()
	subscribe(t, b, bus.Consumer{Name: "reader", Handle: got.handle})
	want := events(0, 20)
	publish(t, b, want[:10]...)
	publish(t, b, want[:15]...) // as a relay does that died before it noted the first ten
	expectSame(t, got.take(t, 15), want[:15])
	closeBus(t, b)
	b = open()
	defer closeBus(t, b)
	again := newSink()
	subscribe(t, b, bus.Consumer{Name: "reader", Handle: again.handle})
	publish(t, b, want...)
	expectSame(t, again.take(t, 5), want[15:])
}

func resumes(t *testing.T, fresh Fresh) {
	open := fresh(t)
	b := open()
	got := newSink()
	subscribe(t, b, bus.Consumer{Name: "reader", Handle: got.handle})
	want := events(0, 30)
	publish(t, b, want[:10]...)
	expectSame(t, got.take(t, 10), want[:10])
	closeBus(t, b)

	b = open()
	publish(t, b, want[10:20]...) // while the consumer is away
	closeBus(t, b)

	b = open()
	defer closeBus(t, b)
	publish(t, b, want[20:]...)
	after := newSink()
	subscribe(t, b, bus.Consumer{Name: "reader", Handle: after.handle})
	expectSame(t, after.take(t, 20), want[10:])
}

func independent(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	good := newSink()
	stuck, release := make(chan struct{}), make(chan struct{})
	subscribe(t, b, bus.Consumer{Name: "good", Handle: good.handle})
	subscribe(t, b, bus.Consumer{Name: "stuck", Handle: func(context.Context, scene.Event) error {
		stuck <- struct{}{}
		<-release
		return nil
	}})
	want := events(0, 5)
	publish(t, b, want...)
	receive(t, stuck)
	expectSame(t, good.take(t, 5), want)
	go func() {
		for range stuck { // let the others pass
		}
	}()
	close(release)
	t.Cleanup(func() { close(stuck) }) // runs before the bus is closed: its handlers are done by then
	waitPending(t, b, "stuck", 0)
}

func filters(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	one, verb, all := newSink(), newSink(), newSink()
	subscribe(t, b, bus.Consumer{Name: "one", Subjects: []string{scene.CapabilityChanged}, Handle: one.handle})
	subscribe(t, b, bus.Consumer{Name: "verb", Subjects: []string{"*.changed"}, Handle: verb.handle})
	subscribe(t, b, bus.Consumer{Name: "all", Subjects: []string{"opportunity.*", "capability.*", "import.*"}, Handle: all.handle})
	list := []scene.Event{
		event(0, scene.OpportunityChanged), event(1, scene.ImportCommitted), event(2, scene.CapabilityChanged),
	}
	publish(t, b, list...)
	expectSame(t, all.take(t, 3), list)
	expectSame(t, verb.take(t, 2), []scene.Event{list[0], list[2]})
	expectSame(t, one.take(t, 1), list[2:])
}

func starts(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	list := events(0, 6)
	publish(t, b, list[:3]...)
	early, late := newSink(), newSink()
	subscribe(t, b, bus.Consumer{Name: "early", Handle: early.handle, FromStart: true})
	s := subscribe(t, b, bus.Consumer{Name: "late", Handle: late.handle})
	publish(t, b, list[3])
	expectSame(t, early.take(t, 4), list[:4])
	expectSame(t, late.take(t, 1), list[3:4])
	if err := s.Stop(t.Context()); err != nil {
		t.Fatalf("Stop: %v", err)
	}
	// Where a consumer began is decided once: another wish changes nothing.
	publish(t, b, list[4])
	subscribe(t, b, bus.Consumer{Name: "late", Handle: late.handle, FromStart: true})
	publish(t, b, list[5])
	expectSame(t, late.take(t, 2), list[4:])
}

func parallel(t *testing.T, fresh Fresh) {
	b := opened(t, fresh)
	const width = 3
	var running, most atomic.Int32
	alone := newSink()
	subscribe(t, b, bus.Consumer{Name: "alone", Handle: func(ctx context.Context, e scene.Event) error {
		most.Store(max(most.Load(), running.Add(1)))
		defer running.Add(-1)
		return alone.handle(ctx, e)
	}})
	arrived, release := make(chan struct{}, 100), make(chan struct{})
	subscribe(t, b, bus.Consumer{Name: "abreast", Parallel: width, Handle: func(context.Context, scene.Event) error {
		arrived <- struct{}{}
		<-release
		return nil
	}})
	publish(t, b, events(0, 50)...)
	for range width { // all of them at once: none has ended
		receive(t, arrived)
	}
	alone.take(t, 50)
	if n := most.Load(); n != 1 {
		t.Errorf("%d handlers of a consumer without Parallel ran at once", n)
	}
	if n := len(arrived); n != 0 {
		t.Errorf("%d handlers more than Parallel ran at once", n)
	}
	close(release)
	for range 50 - width {
		receive(t, arrived)
	}
}
