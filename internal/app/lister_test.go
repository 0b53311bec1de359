package app

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

// TestListsOutliveTheFillingOfTheMarket: a start puts every row into the market,
// which is no change of the lists that are loaded afterwards, however late those
// who follow changes come to it.
func TestListsOutliveTheFillingOfTheMarket(t *testing.T) {
	t.Parallel()
	rows, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "jinghe.db"), sqlite.Options{BackupDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	kit, err := NewKit()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	begin := func() *markets {
		m, err := newMarkets(t.Context(), kit, func() time.Time { return now })
		if err != nil {
			t.Fatal(err)
		}
		m.lists = newLister(rows, m.now, slog.New(slog.DiscardHandler), m.acquire)
		fillMarket(t, m)
		m.filled()
		if err := m.learn(t.Context()); err != nil {
			t.Fatal(err)
		}
		if complete, err := m.lists.run(t.Context(), false, nil); err != nil || !complete {
			t.Fatalf("lists made: %t, %v", complete, err)
		}
		return m
	}
	first := begin()
	if err := first.close(); err != nil {
		t.Fatal(err)
	}
	before := madeOf(t, rows)
	now = now.Add(time.Hour)
	second := begin()
	defer func() { _ = second.close() }()
	if err := second.lists.followed(t.Context()); err != nil { // it comes late
		t.Fatal(err)
	}
	if n := second.current.Board().Len(scene.KindOpportunity); n != learnLeast {
		t.Errorf("%d lists are on the board, want %d", n, learnLeast)
	}
	after := madeOf(t, rows)
	if len(before) != 2*learnLeast || len(after) != len(before) {
		t.Fatalf("%d lists are stored, %d before, want %d", len(after), len(before), 2*learnLeast)
	}
	for id, at := range before {
		if !after[id].Equal(at) {
			t.Fatalf("the list of %s was made at %s and again at %s", id, at, after[id])
		}
	}
}

// fillMarket puts learnLeast needs and offers into a market.
func fillMarket(t *testing.T, m *markets) {
	t.Helper()
	needs, offers := make([]scene.Opportunity, learnLeast), make([]scene.Capability, learnLeast)
	none := make([]*scene.Organisation, learnLeast)
	for i := range learnLeast {
		needs[i].ID, needs[i].Name, needs[i].State = scene.ID(fmt.Sprint("n", i)), fmt.Sprint("路面巡检", i), scene.Published
		offers[i].ID, offers[i].Name, offers[i].State = scene.ID(fmt.Sprint("o", i)), fmt.Sprint("路面病害识别", i), scene.Published
	}
	if err := m.PutNeeds(t.Context(), needs, none); err != nil {
		t.Fatal(err)
	}
	if err := m.PutOffers(t.Context(), offers, none); err != nil {
		t.Fatal(err)
	}
}

// madeOf says when the lists that are stored were made.
func madeOf(t *testing.T, rows store.Store) map[scene.ID]time.Time {
	t.Helper()
	made := map[scene.ID]time.Time{}
	l := newLister(rows, time.Now, slog.New(slog.DiscardHandler), nil)
	if err := l.each(t.Context(), func(x *scene.MatchList) { made[x.ID] = x.Made }); err != nil {
		t.Fatal(err)
	}
	return made
}
