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

func listingsFiltered[T any](s side[T]) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		fill(t, b, s)
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			names, err := s.table(tx).Batches(ctx)
			expectSame(t, "names of batches", slices.Compact(names), names)
			expectSame(t, "a name of a batch", slices.Contains(names, "第2批") && !slices.Contains(names, ""), true)
			return err
		})
		for name, c := range map[string]struct {
			filter store.ListingFilter
			want   []int
		}{
			"All":        {store.ListingFilter{}, []int{1, 2, 3, 4}},
			"State":      {store.ListingFilter{States: []scene.State{scene.Draft}}, []int{2}},
			"States":     {store.ListingFilter{States: []scene.State{scene.Draft, scene.Paused, scene.Closed}}, []int{2, 3}},
			"Org":        {store.ListingFilter{OrgID: "org-0002"}, []int{3, 4}},
			"Batch":      {store.ListingFilter{Batch: "第2批"}, []int{2, 4}},
			"Batches":    {store.ListingFilter{Batches: []string{"第2批", "第9批"}}, []int{2, 4}},
			"Source":     {store.ListingFilter{Source: "名单"}, []int{1}},
			"Field":      {store.ListingFilter{Field: "ai"}, []int{1, 3}},
			"Words":      {store.ListingFilter{Words: "名 称２"}, []int{2}},
			"WordsOrg":   {store.ListingFilter{Words: "第1（无"}, []int{1}},
			"WordsID":    {store.ListingFilter{Words: "row-0003"}, []int{3}},
			"WordsCode":  {store.ListingFilter{Words: "C-4"}, []int{4}},
			"WordsPlain": {store.ListingFilter{Words: "%"}, nil},
			"Together":   {store.ListingFilter{Field: "ai", OrgID: "org-0002", States: []scene.State{scene.Paused}}, []int{3}},
			"Open":       {store.ListingFilter{OpenAt: now()}, []int{1, 4}},
			"OpenInPart": {store.ListingFilter{OpenAt: now(), States: []scene.State{scene.Draft}}, nil},
			"Ends":       {store.ListingFilter{EndsBefore: now().Add(time.Hour)}, []int{3}},
			"EndsLater":  {store.ListingFilter{EndsBefore: now().Add(time.Hour - time.Microsecond)}, nil},
			"EndsOpen":   {store.ListingFilter{EndsBefore: now().Add(2 * time.Hour), OpenAt: now()}, []int{4}},
			"Nothing":    {store.ListingFilter{Batch: "第9批"}, nil},
			"Newest":     {store.ListingFilter{Newest: true}, []int{3, 4, 2, 1}},
			"NewestOpen": {store.ListingFilter{Newest: true, OpenAt: now()}, []int{4, 1}},
		} {
			var want []scene.ID
			for _, n := range c.want {
				want = append(want, scene.ID(fmt.Sprintf("row-%04d", n)))
			}
			b.view(t, func(ctx context.Context, tx store.Tx) error {
				for _, limit := range []int{1, 2, 50} {
					got, bare := walk(t, ctx, s.table(tx), c.filter, limit)
					expectSame(t, fmt.Sprint(name, ": rows by ", limit), s.ids(got), want)
					expectSame(t, fmt.Sprint(name, ": ids by ", limit), bare, want)
				}
				n, err := s.table(tx).Count(ctx, c.filter)
				expectSame(t, name+": count", n, len(want))
				return err
			})
		}
	}
}

// fill writes four listings that every filter tells apart.
func fill[T any](t *testing.T, b *bench, s side[T]) {
	t.Helper()
	var rows []T
	for n, set := range []func(*scene.Listing){
		func(l *scene.Listing) { l.Source, l.Fields, l.OrgID = "名单", []string{"ai", "water"}, "org-0001" },
		func(l *scene.Listing) { l.State, l.Batch, l.Fields = scene.Draft, "第2批", []string{"aim"} },
		func(l *scene.Listing) {
			l.State, l.Fields, l.OrgID = scene.Paused, []string{"ai"}, "org-0002"
			l.ValidTo = now().Add(time.Hour)
		},
		func(l *scene.Listing) {
			l.Batch, l.OrgID, l.Code = "第2批", "org-0002", "C-4"
			l.ValidTo = now().Add(2 * time.Hour)
		},
	} {
		row := s.row(n + 1)
		p := s.part(&row)
		// 3 and 4 were written at one instant: the larger ID is the newer.
		p.Updated = now().Add(time.Duration(min(n, 2)) * time.Hour)
		if n == 3 {
			p.Updated = now().Add(90 * time.Minute)
		}
		set(p)
		rows = append(rows, row)
	}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := put(ctx, tx, organisation(1), organisation(2)); err != nil {
			return err
		}
		return s.puts(ctx, tx, rows...)
	})
}

// walk reads all pages of a question, as rows and as ids.
func walk[T any](t *testing.T, ctx context.Context, table store.Listings[T], f store.ListingFilter, limit int) (rows []T, ids []scene.ID) {
	t.Helper()
	for p := (store.Page{Limit: limit}); ; {
		page, err := table.List(ctx, f, p)
		if err != nil {
			t.Fatalf("List: %v", err)
		}
		bare, err := table.IDs(ctx, f, p)
		if err != nil {
			t.Fatalf("IDs: %v", err)
		}
		rows, ids = append(rows, page.Items...), append(ids, bare.Items...)
		if page.Next != bare.Next {
			t.Fatalf("cursors differ: %q and %q", page.Next, bare.Next)
		}
		if p.After = page.Next; p.After == "" {
			return rows, ids
		}
	}
}

// listingsPaged checks that pages neither lose nor repeat rows of one instant,
// and go on where they were when rows come and go between them.
func listingsPaged[T any](s side[T]) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) {
		b.update(t, func(ctx context.Context, tx store.Tx) error {
			var rows []T
			for n := range 40 {
				row := s.row(n)
				s.part(&row).Updated = now().Add(time.Duration(n/10) * time.Second)
				rows = append(rows, row)
			}
			return s.puts(ctx, tx, rows...)
		})
		newest := store.ListingFilter{Newest: true}
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			_, byNewest := walk(t, ctx, s.table(tx), newest, 7)
			_, byID := walk(t, ctx, s.table(tx), store.ListingFilter{}, 7)
			slices.Reverse(byNewest)
			expectSame(t, "newest first, turned round", byNewest, byID)
			expectSame(t, "all rows", len(byID), 40)
			return nil
		})
		var next string
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			page, err := s.table(tx).IDs(ctx, store.ListingFilter{}, store.Page{Limit: 10})
			next = page.Next
			return err
		})
		b.update(t, func(ctx context.Context, tx store.Tx) error {
			if err := s.table(tx).Delete(ctx, "row-0009"); err != nil { // where the cursor stands
				return err
			}
			return s.table(tx).Delete(ctx, "row-0010")
		})
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			page, err := s.table(tx).IDs(ctx, store.ListingFilter{}, store.Page{Limit: 2, After: next})
			expectSame(t, "the next page", page.Items, []scene.ID{"row-0011", "row-0012"})
			return err
		})
	}
}

// openAgrees compares the filter with the method on both sides of each bound.
func openAgrees(t *testing.T, b *bench) {
	s := opportunities()
	var rows []scene.Opportunity
	bounds := []time.Time{{}, kept().Add(-time.Microsecond), kept(), kept().Add(time.Microsecond)}
	for _, state := range []scene.State{scene.Published, scene.Paused} {
		for _, from := range bounds {
			for _, to := range bounds {
				row := s.row(len(rows))
				row.State, row.ValidFrom, row.ValidTo = state, from, to
				rows = append(rows, row)
			}
		}
	}
	b.update(t, func(ctx context.Context, tx store.Tx) error { return s.puts(ctx, tx, rows...) })
	for _, at := range []time.Time{
		kept().Add(-2 * time.Microsecond), kept().Add(-time.Nanosecond), kept(), kept().Add(time.Nanosecond), now(),
		kept().Add(time.Microsecond), kept().Add(time.Hour),
	} {
		var want []scene.ID
		for i := range rows {
			if rows[i].Open(at) {
				want = append(want, rows[i].ID)
			}
		}
		b.view(t, func(ctx context.Context, tx store.Tx) error {
			_, got := walk(t, ctx, tx.Opportunities(), store.ListingFilter{OpenAt: at}, 50)
			expectSame(t, "open at "+at.Format(time.RFC3339Nano), got, want)
			return nil
		})
	}
}

func pagesChecked(t *testing.T, b *bench) {
	s := capabilities()
	var byID, byNewest, byBegan string
	b.update(t, func(ctx context.Context, tx store.Tx) (err error) {
		if err := s.puts(ctx, tx, s.row(1), s.row(2)); err != nil {
			return err
		}
		for _, id := range []scene.ID{"job-1", "job-2"} {
			if err := tx.Imports().Put(ctx, scene.Import{ID: id, Began: now()}); err != nil {
				return err
			}
		}
		one := store.Page{Limit: 1}
		rows, err := s.table(tx).List(ctx, store.ListingFilter{}, one)
		if err != nil {
			return err
		}
		newest, err := s.table(tx).List(ctx, store.ListingFilter{Newest: true}, one)
		if err != nil {
			return err
		}
		jobs, err := tx.Imports().List(ctx, one)
		byID, byNewest, byBegan = rows.Next, newest.Next, jobs.Next
		return err
	})
	if byID == "" || byNewest == "" || byBegan == "" {
		t.Fatal("a full page has no cursor")
	}
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		for name, p := range map[string]store.Page{
			"NegativeLimit": {Limit: -1}, "LargeLimit": {Limit: store.MaxPage + 1}, "Nonsense": {After: "%%"},
			"Foreign": {After: "bm9uc2Vuc2U"}, "OfNewest": {After: byNewest}, "OfImports": {After: byBegan},
		} {
			_, err := s.table(tx).List(ctx, store.ListingFilter{}, p)
			expectCode(t, name, err, scene.Invalid)
		}
		_, err := s.table(tx).List(ctx, store.ListingFilter{Newest: true}, store.Page{After: byID})
		expectCode(t, "cursor of another order", err, scene.Invalid)
		_, err = tx.Imports().Changes(ctx, "job-1", store.Page{After: byID})
		expectCode(t, "cursor of another table", err, scene.Invalid)
		rows, err := s.table(tx).List(ctx, store.ListingFilter{}, store.Page{Limit: store.MaxPage})
		expectSame(t, "rows of the largest page", len(rows.Items), 2)
		return err
	})
}
