package registry_test

import (
	"crypto/rand"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestCounts tell at once what this process published or withdrew, and after
// seconds what another did; where counting is slow, changes wait for their turn.
func TestCounts(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	var ahead, tick atomic.Int64
	start := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return start.Add(time.Duration(ahead.Add(tick.Load()))) }
	ids := scene.NewIDMaker(clock, rand.Reader)
	here, there := registry.New(b.store, ids, clock), registry.New(b.store, ids, clock)
	counted := func(r *registry.Registry) int {
		t.Helper()
		counts, err := r.Counts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if all, field := counts[scene.KindCapability][""], counts[scene.KindCapability]["smart_water"]; all != field {
			t.Fatalf("%d listings, %d of their field", all, field)
		}
		return counts[scene.KindCapability][""]
	}
	publish := func(name string) registry.Entry {
		t.Helper()
		e := ready(name)
		e.Capability.ID, e.Capability.State = scene.ID(name), scene.Published
		e.Capability.ValidFrom = start.Add(-time.Hour)
		b.update(func(tx store.Tx) error {
			c, err := tx.Capabilities().Put(t.Context(), *e.Capability)
			e.Capability = &c
			return err
		})
		return e
	}
	e := publish("甲")
	if counted(here) != 1 || counted(there) != 1 {
		t.Fatal("one is published")
	}
	other := publish("乙") // past both, as another process would
	if n := counted(here); n != 1 {
		t.Errorf("within seconds %d are counted", n)
	}
	ahead.Store(int64(6 * time.Second))
	if n := counted(here); n != 2 {
		t.Errorf("after seconds %d are counted", n)
	}
	if _, err := here.Retire(t.Context(), steward(), at(e, scene.Closed, "不再提供")); err != nil {
		t.Fatal(err)
	}
	if n := counted(here); n != 1 {
		t.Errorf("after one was closed here %d are counted", n)
	}
	ahead.Add(int64(6 * time.Second))
	tick.Store(int64(100 * time.Millisecond)) // to count takes that
	counted(here)
	if _, err := here.Retire(t.Context(), steward(), at(other, scene.Closed, "不再提供")); err != nil {
		t.Fatal(err)
	}
	if n := counted(here); n != 1 {
		t.Errorf("slow counts are taken after every change: %d", n)
	}
	ahead.Add(int64(5 * time.Second))
	if n := counted(here); n != 0 {
		t.Errorf("slow counts come late: %d", n)
	}
}

// TestWritten: whatever this process does to what visitors see tells so; drafts do not.
func TestWritten(t *testing.T) {
	t.Parallel()
	b := workshop(t)
	e := b.published("甲")
	origin := scene.Origin{Site: "https://elsewhere.example", Name: "他市中心", ID: "THERE"}
	told := ready("他市的能力")
	told.Capability.ID, told.Capability.State, told.Capability.Origin = origin.LocalID(scene.KindCapability), scene.Published, &origin
	told.Capability.Source, told.Capability.OrgName = scene.SourceOf(origin.Site), "他市公司"
	for _, step := range []struct {
		name string
		do   func() error
		tell bool
	}{
		{"Draft", func() error { _, err := b.Create(t.Context(), provider(), ready("乙")); return err }, false},
		{"Field", func() error {
			results, err := b.Bulk(t.Context(), steward(), registry.Order{Task: registry.TaskField, Value: "ai", Entries: []registry.Step{at(e, "", "")}})
			return errors.Join(err, results[0].Err)
		}, true},
		{"Foreign", func() error {
			report, err := b.TakeForeign(t.Context(), steward(), origin.Site, []registry.Entry{told})
			if err == nil && report.Created != 1 {
				t.Errorf("taken in: %+v", report)
			}
			return err
		}, true},
		{"ForeignGone", func() error { _, err := b.TakeForeign(t.Context(), steward(), origin.Site, nil); return err }, true},
		{"Showcase", func() error {
			_, err := b.SaveShowcase(t.Context(), steward(), scene.Showcase{State: scene.Published, Name: "做成的场景", Owner: "城发集团", Provider: "甲公司", Scenario: "巡检"})
			return err
		}, true},
	} {
		before := b.Written()
		if err := step.do(); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
		if told := b.Written() != before; told != step.tell {
			t.Errorf("%s: told %v, want %v", step.name, told, step.tell)
		}
	}
}
