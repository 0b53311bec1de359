package storetest

import (
	"cmp"
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
		Money: scene.MoneyRange{Max: 50 * scene.Wan}, Tell: scene.PaceDaily, Created: kept(), Updated: kept(),
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
	found := func(at time.Time, want []store.Find, finds ...store.Find) {
		t.Helper()
		b.update(t, func(ctx context.Context, tx store.Tx) error {
			first, err := tx.SavedSearches().Find(ctx, finds, at)
			slices.SortFunc(first, func(x, y store.Find) int {
				return cmp.Or(cmp.Compare(x.Listing, y.Listing), cmp.Compare(x.Search, y.Search))
			})
			expectSame(t, "first finds", first, want)
			return err
		})
	}
	find := func(listing scene.ID, n int) store.Find {
		return store.Find{Search: scene.ID(fmt.Sprintf("search-%03d", n)), Listing: listing}
	}
	found(kept(), []store.Find{find("c1", 0), find("c1", 1)}, find("c1", 1), find("c1", 0), find("c1", 999))
	found(kept(), []store.Find{find("c1", 2)}, find("c1", 1), find("c1", 2))
	found(kept().Add(time.Second), []store.Find{find("c2", 1)}, find("c2", 1))
	found(kept(), nil)
	var many []store.Find
	for n := range 700 { // more than a statement takes
		many = append(many, find(scene.ID(fmt.Sprintf("d%03d", n)), 0))
	}
	found(kept(), many, many...)
	found(kept(), nil, many...)
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

func searchesTellWhenDue(t *testing.T, b *bench) {
	at := func(minutes int) time.Time { return kept().Add(time.Duration(minutes) * time.Minute) }
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		for n := range 4 {
			s := savedSearch(n)
			s.Updated = at(n)
			if _, err := tx.SavedSearches().Put(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	gains := []struct {
		search scene.ID
		found  int
		due    time.Time
	}{
		{"search-000", 2, at(30)},
		{"search-000", 3, at(60)}, // what was planned earlier stays
		{"search-001", 1, at(50)},
		{"search-001", 1, at(20)},
		{"search-002", 4, time.Time{}}, // never told
		{"search-999", 1, at(1)},
	}
	for _, g := range gains {
		b.update(t, func(ctx context.Context, tx store.Tx) error {
			return tx.SavedSearches().Gain(ctx, g.search, g.found, g.due)
		})
	}
	first := scene.SearchState{ID: "search-001", Fresh: 2, Waiting: 2, Due: at(20)}
	second := scene.SearchState{ID: "search-000", Fresh: 5, Waiting: 5, Due: at(30)}
	due := func(minutes, limit int, want ...scene.SearchState) {
		t.Helper()
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			got, err := tx.SavedSearches().Due(ctx, at(minutes), limit)
			expectSame(t, "due", got, want)
			return err
		})
	}
	due(19, 10)
	due(30, 10, first, second)
	due(30, 1, first)
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := tx.SavedSearches().Told(ctx, "search-001", at(21)); err != nil {
			return err
		}
		return tx.SavedSearches().Seen(ctx, "search-002")
	})
	due(60, 10, second)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.SavedSearches().States(ctx, []scene.ID{"search-002", "search-001", "search-001", "search-999"})
		slices.SortFunc(got, func(x, y scene.SearchState) int { return cmp.Compare(x.ID, y.ID) })
		expectSame(t, "states", got, []scene.SearchState{
			{ID: "search-001", Fresh: 2, Told: at(21)}, {ID: "search-002", Waiting: 4},
		})
		if err != nil {
			return err
		}
		changed, err := tx.SavedSearches().Changed(ctx, at(2), store.Page{})
		expectSame(t, "changed since", len(changed.Items), 2)
		if err != nil {
			return err
		}
		some, err := tx.SavedSearches().GetMany(ctx, []scene.ID{"search-003", "search-003", "search-999"})
		if err != nil {
			return err
		}
		expectSame(t, "some", len(some) == 1 && some[0].ID == "search-003", true)
		n, err := tx.SavedSearches().Count(ctx, "account1")
		expectSame(t, "searches of an account", n, 2)
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
