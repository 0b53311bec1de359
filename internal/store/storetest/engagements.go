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

// engagement makes the n-th engagement of a test, each a minute later.
func engagement(n int) scene.Engagement {
	at := kept().Add(time.Duration(n) * time.Minute)
	return scene.Engagement{
		ID: scene.ID(fmt.Sprintf("pair-%03d", n)), Need: "need", Offer: scene.ID(fmt.Sprint("offer", n)),
		NeedOrg: "city", OfferOrg: scene.ID(fmt.Sprint("firm", n%2)), NeedName: "内涝", OfferName: "监测",
		Stage: scene.StageDocking, Begun: scene.PartyOwner, Owner: scene.Stance{Says: scene.Accepted, By: "a", At: at},
		Next:  scene.NextAction{Text: "踏勘", Party: scene.PartyProvider, Due: at.Add(time.Hour)},
		Moved: at, Created: at, Updated: at,
	}
}

// partner is one that was asked into a group.
func partner(org scene.ID) scene.Partner {
	return scene.Partner{
		Org: org, Offer: "offer-of-" + org, OrgName: "单位", OfferName: "监测", Part: "供水位计", Asked: kept(),
		Stance: scene.Stance{Says: scene.Accepted, By: "b", At: kept(), Reveals: kept()},
	}
}

func engagementsKept(t *testing.T, b *bench) {
	var rows []scene.Engagement
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		rows = nil // an adapter may run this again
		for n := range 4 {
			e := engagement(n)
			if n == 2 {
				e.Partners, e.Part = []scene.Partner{partner("firm3"), partner("firm4")}, "总包"
			}
			if n == 3 {
				e.Stage, e.Offer = scene.StageStopped, engagement(0).Offer // of the same pair as the first
			}
			stored, err := tx.Engagements().Put(ctx, e)
			if err != nil {
				return err
			}
			rows = append(rows, stored)
		}
		return nil
	})
	b.update(t, func(ctx context.Context, tx store.Tx) (err error) {
		rows[1].Stage, rows[1].Updated = scene.StagePilot, now().Add(time.Hour)
		rows[1], err = tx.Engagements().Put(ctx, rows[1])
		rows[1].Updated = kept().Add(time.Hour)
		return err
	})
	b.update(t, func(ctx context.Context, tx store.Tx) (err error) { // one partner leaves the list, another one comes
		rows[2].Partners = []scene.Partner{partner("firm4"), partner("firm5")}
		rows[2], err = tx.Engagements().Put(ctx, rows[2])
		return err
	})
	b.update(t, func(ctx context.Context, tx store.Tx) error { // that somebody was reminded is no new revision
		rows[2].Next.Reminded = kept()
		return tx.Engagements().Note(ctx, rows[2])
	})
	err := b.try(t, func(ctx context.Context, tx store.Tx) error {
		behind := rows[1]
		behind.Revision--
		return tx.Engagements().Note(ctx, behind)
	})
	expectCode(t, "a note on a revision that is past", err, scene.Conflict)
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		for _, tt := range []struct {
			filter store.EngagementFilter
			want   []int
		}{
			{store.EngagementFilter{}, []int{0, 1, 2, 3}},
			{store.EngagementFilter{Newest: true}, []int{1, 3, 2, 0}},
			{store.EngagementFilter{Stages: []scene.Stage{scene.StagePilot, scene.StageStopped}}, []int{1, 3}},
			{store.EngagementFilter{Org: "firm0"}, []int{0, 2}},
			{store.EngagementFilter{Org: "firm3"}, nil},
			{store.EngagementFilter{Org: "firm4"}, []int{2}},
			{store.EngagementFilter{Org: "firm5", Newest: true}, []int{2}},
			{store.EngagementFilter{Org: "city", Offer: "offer0", Stages: []scene.Stage{scene.StageDocking}}, []int{0}},
			{store.EngagementFilter{Need: "none"}, nil},
			{store.EngagementFilter{DueBefore: kept().Add(62 * time.Minute)}, []int{0, 1}},
		} {
			var got, want []scene.Engagement
			for _, n := range tt.want {
				want = append(want, rows[n])
			}
			for p := (store.Page{Limit: 2}); ; {
				page, err := tx.Engagements().List(ctx, tt.filter, p)
				if err != nil {
					return err
				}
				got = append(got, page.Items...)
				if p.After = page.Next; p.After == "" {
					break
				}
			}
			expectSame(t, fmt.Sprintf("%+v", tt.filter), got, want)
			n, err := tx.Engagements().Count(ctx, tt.filter)
			expectSame(t, "count", n, len(want))
			if err != nil {
				return err
			}
			byStage := map[scene.Stage]int{}
			for i := range want {
				byStage[want[i].Stage]++
			}
			counts, err := tx.Engagements().CountByStage(ctx, tt.filter)
			expectSame(t, "count by stage", counts, byStage)
			if err != nil {
				return err
			}
		}
		found, err := tx.Engagements().Find(ctx, "need", "offer0")
		expectSame(t, "the open one of a pair", found, rows[0])
		_, none := tx.Engagements().Find(ctx, "need", "none")
		expectCode(t, "no such pair", none, scene.NotFound)
		_, none = tx.Engagements().Get(ctx, "none")
		expectCode(t, "no such row", none, scene.NotFound)
		return err
	})
	for name, tt := range map[string]struct {
		change func(*scene.Engagement)
		want   scene.Code
	}{
		"Stale":      {func(e *scene.Engagement) { e.Revision = 1 }, scene.Conflict},
		"SecondOpen": {func(e *scene.Engagement) { e.ID, e.Revision = "new", 0 }, scene.Conflict},
		"NoID":       {func(e *scene.Engagement) { e.ID = "" }, scene.Invalid},
	} {
		expectCode(t, name, b.try(t, func(ctx context.Context, tx store.Tx) error {
			e := rows[1]
			tt.change(&e)
			_, err := tx.Engagements().Put(ctx, e)
			return err
		}), tt.want)
	}
}

func historyGrows(t *testing.T, b *bench) {
	line := func(n int) scene.EngagementEntry {
		return scene.EngagementEntry{
			ID: scene.ID(fmt.Sprintf("line-%d", n)), Engagement: engagement(0).ID, Kind: scene.EntryQuestion, Party: scene.PartyOwner, Actor: "a",
			Text: "多大量程？", At: kept(),
		}
	}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.Engagements().Put(ctx, engagement(0)); err != nil {
			return err
		}
		var fresh []bool
		for n := range 4 {
			e := line(n)
			if n > 1 {
				e.Once = "button"
			}
			ok, err := tx.Engagements().AddEntry(ctx, e)
			if err != nil {
				return err
			}
			fresh = append(fresh, ok)
		}
		if !slices.Equal(fresh, []bool{true, true, true, false}) {
			t.Errorf("written: %v", fresh)
		}
		return nil
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Engagements().Entries(ctx, engagement(0).ID)
		third := line(2)
		third.Once = "button"
		expectSame(t, "history", got, []scene.EngagementEntry{line(0), line(1), third})
		return err
	})
	expectCode(t, "of no engagement", b.try(t, func(ctx context.Context, tx store.Tx) error {
		e := line(7)
		e.Engagement = "none"
		_, err := tx.Engagements().AddEntry(ctx, e)
		return err
	}), scene.Precondition)
}
