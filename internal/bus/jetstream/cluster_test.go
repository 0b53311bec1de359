package jetstream_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"jinghe/internal/bus"
	"jinghe/internal/bus/jetstream"
	"jinghe/internal/scene"
	"jinghe/internal/testkit"
)

// shared is an effect that two processes have: which event of the relay's
// order each handled, and how often.
type shared struct {
	mu    sync.Mutex
	order []scene.ID
	times map[scene.ID]int
}

func (s *shared) handle(_ context.Context, e scene.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.times[e.ID]++; s.times[e.ID] == 1 { // handlers are idempotent: the first time counts
		s.order = append(s.order, e.ID)
	}
	return nil
}

func (s *shared) handled() []scene.ID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.order)
}

// publisher publishes events one after the other, each until the cluster has
// it, as a relay does, and tells how many it has.
type publisher struct {
	bus  *jetstream.Bus
	next int
}

func (p *publisher) publish(t *testing.T, n int) {
	t.Helper()
	limit := time.After(patience)
	for to := p.next + n; p.next < to; {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		err := p.bus.Publish(ctx, scene.Event{ID: eventID(p.next), Subject: scene.OpportunityChanged, IDs: []scene.ID{"o"}, Actor: "system"})
		cancel()
		if err == nil {
			p.next++
			continue
		}
		select {
		case <-limit:
			t.Fatalf("event %d: %v", p.next, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

const (
	patience = 5 * time.Minute // it ends what hangs
	stream   = "jinghe_v1"
)

// TestCluster keeps two processes working on a cluster of three whose nodes
// go down one after the other, the leaders of the streams among them. Nothing
// that was acknowledged is lost, and all of it comes in order.
func TestCluster(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts three servers: left out of short runs")
	}
	cluster := testkit.StartNATS(t, 3)
	config := jetstream.Config{URLs: cluster.Addresses(), Replicas: 3, AckWait: ackWait}
	effects := &shared{times: map[scene.ID]int{}}
	var processes []*jetstream.Bus
	for range 2 {
		process := closing(t, open(t, config))
		_, err := process.Subscribe(t.Context(), bus.Consumer{
			Name: "effects", FromStart: true, Handle: effects.handle, Retry: slices.Repeat(bus.Retry{0}, 20),
		})
		if err != nil {
			t.Fatal(err)
		}
		processes = append(processes, process)
	}
	p := &publisher{bus: processes[0]}
	p.publish(t, 20)
	for _, node := range []int{cluster.Leader(t, stream), 0, 1, 2} {
		cluster.Stop(node)
		p.publish(t, 20) // two of three go on
		cluster.Start(t, node)
		cluster.AwaitReady(t, stream)
		p.publish(t, 5)
	}
	awaitEffects(t, effects, p.next)
	for i, id := range effects.handled() {
		if id != eventID(i) {
			t.Fatalf("event %s came as number %d", id, i)
		}
	}
	for i, process := range processes {
		if h := awaitHealth(t, process); h.Dead != 0 {
			t.Errorf("process %d: %+v", i, h)
		}
	}
}

// awaitHealth asks until there is an answer: a cluster to which a node came back gives none
// for a while, though its stream is ready.
func awaitHealth(t *testing.T, b *jetstream.Bus) bus.Health {
	t.Helper()
	limit := time.After(patience)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		h, err := b.Health(t.Context())
		if err == nil {
			return h
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("no answer: %v", err)
		}
	}
}

func awaitEffects(t *testing.T, effects *shared, n int) {
	t.Helper()
	limit := time.After(patience)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		got := len(effects.handled())
		if got == n {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%d of %d acknowledged events were handled", got, n)
		}
	}
}
