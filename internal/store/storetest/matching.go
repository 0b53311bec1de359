package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// savedSearch makes the n-th saved search of a test.
func savedSearch(n int) scene.SavedSearch {
	return scene.SavedSearch{
		ID: scene.ID(fmt.Sprintf("search-%03d", n)), Owner: scene.ID(fmt.Sprint("account", n%2)), Name: "内涝",
		Wants: scene.KindCapability, Words: "积水 监测", Fields: []string{"smart_water"},
		Money: scene.MoneyRange{Max: 50 * scene.Wan}, Tell: []string{"page"}, Created: kept(), Updated: kept(),
	}
}

func savedSearchesKept(t *testing.T, b *bench) {
	var want []scene.SavedSearch
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		want = nil // an adapter may run this again
		for n := range 4 {
			s, err := tx.SavedSearches().Put(ctx, savedSearch(n))
			if err != nil {
				return err
			}
			want = append(want, s)
		}
		return nil
	})
	b.update(t, func(ctx context.Context, tx store.Tx) (err error) {
		changed := want[1]
		changed.Paused = true
		want[1], err = tx.SavedSearches().Put(ctx, changed)
		return err
	})
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		all, err := tx.SavedSearches().List(ctx, "", store.Page{})
		expectSame(t, "all searches", all.Items, want)
		if err != nil {
			return err
		}
		own, err := tx.SavedSearches().List(ctx, "account1", store.Page{})
		expectSame(t, "searches of one account", own.Items, []scene.SavedSearch{want[1], want[3]})
		if err != nil {
			return err
		}
		got, err := tx.SavedSearches().Get(ctx, "search-001")
		expectSame(t, "search", got, want[1])
		return err
	})
	stale := want[1]
	stale.Revision = 1
	err := b.try(t, func(ctx context.Context, tx store.Tx) error { _, err := tx.SavedSearches().Put(ctx, stale); return err })
	expectCode(t, "stale search", err, scene.Conflict)
}

func searchesFindOnce(t *testing.T, b *bench) {
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		for n := range 3 {
			if _, err := tx.SavedSearches().Put(ctx, savedSearch(n)); err != nil {
				return err
			}
		}
		return nil
	})
	found := func(listing scene.ID, at time.Time, want []scene.ID, ids ...scene.ID) {
		t.Helper()
		b.update(t, func(ctx context.Context, tx store.Tx) error {
			first, err := tx.SavedSearches().Found(ctx, listing, ids, at)
			expectSame(t, "first finds of "+string(listing), first, want)
			return err
		})
	}
	found("c1", kept(), []scene.ID{"search-001", "search-000"}, "search-001", "search-000", "search-999")
	found("c1", kept(), []scene.ID{"search-002"}, "search-001", "search-002")
	found("c2", kept().Add(time.Second), []scene.ID{"search-001"}, "search-001")
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.SavedSearches().Delete(ctx, "search-000") })
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		rows, err := tx.SavedSearches().Listings(ctx, "search-001", store.Page{})
		expectSame(t, "found by one search", rows.Items, []scene.ID{"c2", "c1"})
		if err != nil {
			return err
		}
		rows, err = tx.SavedSearches().Listings(ctx, "search-000", store.Page{})
		expectSame(t, "found by a search that is gone", len(rows.Items), 0)
		return err
	})
}

func matchListsKept(t *testing.T, b *bench) {
	list := func(kind scene.Kind, n int) scene.MatchList {
		return scene.MatchList{
			Kind: kind, ID: scene.ID(fmt.Sprintf("row-%03d", n)), Print: 1<<63 + uint64(n), Version: "w1", Made: kept(),
			Best: []scene.MatchPair{{ID: "x", Raw: 0.5}}, Whole: n%2 == 0,
		}
	}
	var needs []scene.MatchList
	for n := range 60 {
		needs = append(needs, list(scene.KindOpportunity, n))
	}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		offer := []scene.MatchList{list(scene.KindCapability, 1)}
		return tx.MatchLists().PutMany(ctx, slices.Concat(needs, offer))
	})
	needs[7].Best = nil
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := tx.MatchLists().PutMany(ctx, needs[7:8]); err != nil {
			return err
		}
		return tx.MatchLists().Delete(ctx, scene.KindOpportunity, []scene.ID{"row-001", "row-999"})
	})
	needs = slices.Delete(needs, 1, 2)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		first, err := tx.MatchLists().List(ctx, scene.KindOpportunity, store.Page{Limit: 40})
		if err != nil {
			return err
		}
		rest, err := tx.MatchLists().List(ctx, scene.KindOpportunity, store.Page{Limit: 40, After: first.Next})
		expectSame(t, "lists", append(first.Items, rest.Items...), needs)
		if err != nil {
			return err
		}
		n, err := tx.MatchLists().Count(ctx, scene.KindCapability)
		expectSame(t, "lists of capabilities", n, 1)
		return err
	})
	err := b.try(t, func(ctx context.Context, tx store.Tx) error {
		return tx.MatchLists().PutMany(ctx, []scene.MatchList{{}})
	})
	expectCode(t, "list of no listing", err, scene.Invalid)
}
