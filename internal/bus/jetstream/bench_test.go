package jetstream_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jinghe/internal/bus"
	"jinghe/internal/bus/jetstream"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

func benchBus(b *testing.B) *jetstream.Bus {
	b.Helper()
	js, err := jetstream.Open(b.Context(), jetstream.Config{StoreDir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = js.Close(context.WithoutCancel(b.Context())) })
	return js
}

// benchConsumer tells the instants at which events are handled.
func benchConsumer(b *testing.B, js *jetstream.Bus) <-chan time.Time {
	b.Helper()
	handled := make(chan time.Time, 100_000)
	_, err := js.Subscribe(b.Context(), bus.Consumer{Name: "reader", Handle: func(context.Context, scene.Event) error {
		handled <- time.Now()
		return nil
	}})
	if err != nil {
		b.Fatal(err)
	}
	return handled
}

func benchEvents(from, n int) []scene.Event {
	list := make([]scene.Event, n)
	for i := range list {
		list[i] = scene.Event{ID: scene.ID(fmt.Sprint("event-", from+i)), Subject: scene.CapabilityChanged, IDs: []scene.ID{"row"}}
	}
	return list
}

// BenchmarkStart is the time until a new server inside can take events.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		js, err := jetstream.Open(b.Context(), jetstream.Config{StoreDir: b.TempDir()})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		_ = js.Close(b.Context())
		b.StartTimer()
	}
}

// BenchmarkPublish is what a relay gets through: batches of 250, synced.
func BenchmarkPublish(b *testing.B) {
	js := benchBus(b)
	n := 0
	for b.Loop() {
		if err := js.Publish(b.Context(), benchEvents(n, 250)...); err != nil {
			b.Fatal(err)
		}
		n += 250
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkConsume is what a consumer gets through that handles one at a time.
func BenchmarkConsume(b *testing.B) {
	js := benchBus(b)
	n := 0
	for b.Loop() {
		b.StopTimer()
		if err := js.Publish(b.Context(), benchEvents(n, 1000)...); err != nil {
			b.Fatal(err)
		}
		handled := make(chan struct{}, 1000)
		b.StartTimer()
		s, err := js.Subscribe(b.Context(), bus.Consumer{Name: "reader", FromStart: true, Handle: func(context.Context, scene.Event) error {
			handled <- struct{}{}
			return nil
		}})
		if err != nil {
			b.Fatal(err)
		}
		for range 1000 {
			<-handled
		}
		if err := s.Stop(b.Context()); err != nil {
			b.Fatal(err)
		}
		n += 1000
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkCommitToHandler is the way of an event: commit, outbox, relay,
// server, consumer; the commit itself is not counted.
func BenchmarkCommitToHandler(b *testing.B) {
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "city.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	js := benchBus(b)
	handled := benchConsumer(b, js)
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		bus.Relay{Outbox: s.Outbox(), Bus: js, Committed: s.Committed()}.Run(ctx)
	}()
	var took []time.Duration
	for b.Loop() {
		e := benchEvents(len(took), 1)[0]
		if err := s.Update(b.Context(), func(tx store.Tx) error { return tx.Emit(b.Context(), e) }); err != nil {
			b.Fatal(err)
		}
		committed := time.Now()
		took = append(took, (<-handled).Sub(committed))
	}
	stop()
	<-done
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
