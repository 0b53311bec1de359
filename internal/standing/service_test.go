package standing_test

import (
	"crypto/rand"
	"path/filepath"
	"slices"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/standing"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

// newService returns a service on a store of its own, with an empty book in use.
func newService(t *testing.T) (*standing.Service, store.Store, tools) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "rows.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	k := newTools(t)
	service := standing.New(s, scene.NewIDMaker(now, rand.Reader), now)
	if err := service.Use(t.Context(), k.book()); err != nil {
		t.Fatal(err)
	}
	return service, s, k
}

func put[T any](t *testing.T, s store.Store, table func(store.Tx) store.Listings[T], row T) T {
	t.Helper()
	var out T
	err := s.Update(t.Context(), func(tx store.Tx) (err error) {
		out, err = table(tx).Put(t.Context(), row)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// told drains the outbox and returns the pairs of search and listing told of.
func told(t *testing.T, s store.Store) [][]scene.ID {
	t.Helper()
	events, err := s.Outbox().Pending(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	var pairs [][]scene.ID
	var done []scene.ID
	for _, e := range events {
		if e.Subject != scene.SearchMatched {
			t.Errorf("event %s", e.Subject)
		}
		pairs, done = append(pairs, e.IDs), append(done, e.ID)
	}
	if err := s.Outbox().Sent(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	return pairs
}

func TestEachPairIsToldOnce(t *testing.T) {
	t.Parallel()
	service, rows, k := newService(t)
	save := func(wants scene.Kind, words string) scene.SavedSearch {
		s, err := service.Save(t.Context(), scene.SavedSearch{Owner: "a", Name: words, Wants: wants, Words: words})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	water, road := save(scene.KindCapability, "积水监测"), save(scene.KindCapability, "路面 巡检")
	wanted := save(scene.KindOpportunity, "积水监测")
	handle := func(subject string, id scene.ID) {
		t.Helper()
		e := scene.Event{ID: "e", Subject: subject, IDs: []scene.ID{id, "gone"}}
		if err := service.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(what string, want ...[]scene.ID) {
		t.Helper()
		got := told(t, rows)
		if !slices.EqualFunc(got, want, func(a, b []scene.ID) bool { return slices.Equal(a, b) }) {
			t.Errorf("%s: told of %v, want %v", what, got, want)
		}
	}

	c := put(t, rows, store.Tx.Capabilities, *offer("c1", "隧道积水监测终端", "在线监测"))
	handle(scene.CapabilityChanged, "c1")
	expect("a new capability", []scene.ID{water.ID, "c1"})
	handle(scene.CapabilityChanged, "c1")
	expect("the same event again")

	c.Description += "，也用于路面巡检"
	put(t, rows, store.Tx.Capabilities, c)
	handle(scene.CapabilityChanged, "c1")
	expect("a changed capability tells those who had not met it", []scene.ID{road.ID, "c1"})

	o := scene.Opportunity{Listing: scene.Listing{ID: "n1", Name: "积水监测需求", OrgName: "业主", State: scene.Draft}}
	o = put(t, rows, store.Tx.Opportunities, o)
	handle(scene.OpportunityChanged, "n1")
	expect("a draft")
	o.State = scene.Published
	put(t, rows, store.Tx.Opportunities, o)
	handle(scene.OpportunityChanged, "n1")
	expect("a published opportunity", []scene.ID{wanted.ID, "n1"})

	// Restarted, with one search paused and one gone.
	road.Paused = true
	if _, err := service.Save(t.Context(), road); err != nil {
		t.Fatal(err)
	}
	if err := service.Delete(t.Context(), water.ID); err != nil {
		t.Fatal(err)
	}
	again := standing.New(rows, scene.NewIDMaker(now, rand.Reader), now)
	book := k.book()
	if err := again.Use(t.Context(), book); err != nil || book.Len() != 1 {
		t.Fatalf("%d searches in use after a restart, want 1 (%v)", book.Len(), err)
	}
	put(t, rows, store.Tx.Capabilities, *offer("c2", "积水监测与路面巡检", "二合一"))
	if err := again.Handle(t.Context(), scene.Event{Subject: scene.CapabilityChanged, IDs: []scene.ID{"c2"}}); err != nil {
		t.Fatal(err)
	}
	expect("searches that are paused or gone")
	found, err := again.Found(t.Context(), road.ID, store.Page{})
	if err != nil || !slices.Equal(found.Items, []scene.ID{"c1"}) {
		t.Errorf("found %v (%v), want c1", found.Items, err)
	}
}

func TestSaveChecks(t *testing.T) {
	t.Parallel()
	service, _, _ := newService(t)
	if _, err := service.Save(t.Context(), scene.SavedSearch{Owner: "a", Name: "空"}); scene.CodeOf(err) != scene.Invalid {
		t.Errorf("a search that asks nothing: %v", err)
	}
	first, err := service.Save(t.Context(), scene.SavedSearch{Owner: "a", Name: "水", Wants: scene.KindCapability, Words: "水质"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := service.Save(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if _, err := service.Save(t.Context(), first); scene.CodeOf(err) != scene.Conflict {
		t.Errorf("a stale search: %v", err)
	}
	if _, err := service.Get(t.Context(), "none"); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("no such search: %v", err)
	}
	own, err := service.List(t.Context(), "a", store.Page{})
	if err != nil || len(own.Items) != 1 || own.Items[0].Revision != 2 {
		t.Errorf("searches %v (%v)", own.Items, err)
	}
}
