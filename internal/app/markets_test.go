package app

import (
	"fmt"
	"testing"
	"time"

	"jinghe/internal/broker"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
)

// TestSwapDoesNotWait for answers under way, and does not take the market away
// from under them.
func TestSwapDoesNotWait(t *testing.T) {
	t.Parallel()
	kit, err := NewKit()
	if err != nil {
		t.Fatal(err)
	}
	m, err := newMarkets(t.Context(), kit, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	o := scene.Opportunity{Need: "城市道路病害识别"}
	o.ID, o.Name, o.State = "n", "路面巡检", scene.Published
	put := func() error { return m.PutNeeds(t.Context(), []scene.Opportunity{o}, []*scene.Organisation{nil}) }
	if err := put(); err != nil {
		t.Fatal(err)
	}
	old, done := m.acquire() // an answer under way
	if err := m.replace(t.Context(), kit, put); err != nil {
		t.Fatal(err)
	}
	if m.answers(old) {
		t.Error("nothing took its place")
	}
	if _, err := old.OffersFor(t.Context(), "n", broker.Options{Now: time.Now()}); err != nil || old.users.Load() != 1 {
		t.Errorf("the answer under way failed: %v", err)
	}
	done()
	if old.users.Load() != 0 {
		t.Errorf("%d hold the old market, want none", old.users.Load())
	}
	if _, err := m.OffersFor(t.Context(), "n", backend.Matching{Top: 3}); err != nil {
		t.Error(err)
	}
	if err := m.close(); err != nil {
		t.Error(err)
	}
}

// TestFirstTensAreCountedForWhoAsks: nobody counts them until somebody asks for
// the order that depends on them.
func TestFirstTensAreCountedForWhoAsks(t *testing.T) {
	t.Parallel()
	kit, err := NewKit()
	if err != nil {
		t.Fatal(err)
	}
	m, err := newMarkets(t.Context(), kit, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.close() }()
	asked := func() bool { return len(m.counting) > 0 }
	if m.options(backend.Matching{}); asked() || m.cared.Load() {
		t.Error("a list by fit has first tens counted")
	}
	if m.options(backend.Matching{Order: backend.OrderCare}); !asked() || !m.cared.Load() {
		t.Error("a list by care does not have them counted")
	}
	<-m.counting
	if m.options(backend.Matching{Order: backend.OrderCare}); asked() {
		t.Error("counted for every reader")
	}
}

// TestStartLearnsOnce, when every row is there: what is learned from a part of
// them would fit none of the lists that are stored.
func TestStartLearnsOnce(t *testing.T) {
	t.Parallel()
	kit, err := NewKit()
	if err != nil {
		t.Fatal(err)
	}
	m, err := newMarkets(t.Context(), kit, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.close() }()
	put := func(from int) {
		rows := make([]scene.Opportunity, learnLeast)
		for i := range rows {
			rows[i].ID, rows[i].Name, rows[i].State = scene.ID(fmt.Sprint("n", from+i)), "路面巡检", scene.Published
		}
		if err := m.PutNeeds(t.Context(), rows, make([]*scene.Organisation, len(rows))); err != nil {
			t.Fatal(err)
		}
	}
	put(0)
	if len(m.due) > 0 {
		t.Error("it learns from the first part of its rows")
	}
	m.filled()
	<-m.due
	m.changed.Store(0) // as learning does
	put(learnLeast)
	if len(m.due) == 0 {
		t.Error("it does not learn from many changes")
	}
}
