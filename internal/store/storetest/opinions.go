package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// opinionsKept: one question waits for each expert about each entry, and is found
// from both of them and by its day.
func opinionsKept(t *testing.T, b *bench) {
	var rows []scene.Opinion
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		rows = nil // an adapter may run this again
		for n := range 4 {
			o := scene.Opinion{
				ID: scene.ID(fmt.Sprint("opinion-", n)), Kind: scene.KindOpportunity, Listing: "need", Name: "内涝", Account: scene.ID(fmt.Sprint("expert", n%3)),
				State: scene.OpinionAsked, Asked: kept(), Due: kept().Add(time.Duration(n) * time.Hour),
			}
			switch n {
			case 0: // answered, so that the same one may be asked anew
				o.State, o.Scores, o.Text, o.Answered = scene.OpinionGiven, map[scene.Criterion]int{scene.CriterionNeed: 4}, "可行", kept()
			case 2:
				o.Listing, o.Reminded = "other", kept()
			}
			stored, err := tx.Opinions().Put(ctx, o)
			if err != nil {
				return err
			}
			rows = append(rows, stored)
		}
		return nil
	})
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		about, err := tx.Opinions().About(ctx, "need")
		expectSame(t, "about an entry", about, []scene.Opinion{rows[0], rows[1], rows[3]})
		of, err2 := tx.Opinions().Of(ctx, "expert0", 5)
		expectSame(t, "of an expert, what waits first", of, []scene.Opinion{rows[3], rows[0]})
		due, err3 := tx.Opinions().Due(ctx, kept().Add(24*time.Hour), 5)
		expectSame(t, "to be reminded of", due, []scene.Opinion{rows[1], rows[3]})
		due, err4 := tx.Opinions().Due(ctx, kept().Add(2*time.Hour), 5)
		expectSame(t, "to be reminded of by then", due, []scene.Opinion{rows[1]})
		got, err5 := tx.Opinions().Get(ctx, rows[1].ID)
		expectSame(t, "one", got, rows[1])
		_, none := tx.Opinions().Get(ctx, "none")
		expectCode(t, "none", none, scene.NotFound)
		for _, err := range []error{err, err2, err3, err4, err5} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	for name, tt := range map[string]struct {
		change func(*scene.Opinion)
		want   scene.Code
	}{
		"Stale":  {func(o *scene.Opinion) { o.Revision = 0 }, scene.Conflict},
		"Twice":  {func(o *scene.Opinion) { o.ID, o.Revision = "new", 0 }, scene.Conflict},
		"NoID":   {func(o *scene.Opinion) { o.ID = "" }, scene.Invalid},
		"Nobody": {func(o *scene.Opinion) { o.Account = "" }, scene.Invalid},
	} {
		expectCode(t, name, b.try(t, func(ctx context.Context, tx store.Tx) error {
			o := rows[1]
			tt.change(&o)
			_, err := tx.Opinions().Put(ctx, o)
			return err
		}), tt.want)
	}
}
