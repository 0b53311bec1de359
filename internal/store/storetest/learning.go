package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// decision makes the n-th decision of a test.
func decision(n int) scene.Decision {
	return scene.Decision{
		ID: scene.ID(fmt.Sprintf("decision-%03d", n)), Need: scene.ID(fmt.Sprint("need", n%7)), Offer: scene.ID(fmt.Sprint("offer", n)),
		Party: "owner", Verdict: scene.Declined, Reason: scene.ReasonMoney, Note: "太贵", At: kept(), Actor: "a",
	}
}

func decisionsKept(t *testing.T, b *bench) {
	want := make([]scene.Decision, 30)
	for i := range want {
		want[i] = decision(i)
	}
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Judgements().PutDecisions(ctx, want) })
	want[3].Verdict, want[3].Grade, want[3].Reason = scene.Graded, 2, ""
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Judgements().PutDecisions(ctx, want[3:4]) })
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Judgements().DeleteDecision(ctx, "never"); err != nil {
			return err
		}
		return tx.Judgements().DeleteDecision(ctx, want[29].ID)
	})
	want = want[:29]
	b.reopen(t)
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		of, err := tx.Judgements().DecisionsOn(ctx, "need3")
		expectSame(t, "decisions on a need", of, []scene.Decision{want[3], want[10], want[17], want[24]})
		if err != nil {
			return err
		}
		of, err = tx.Judgements().DecisionsOn(ctx, "offer5")
		expectSame(t, "decisions on an offer", of, want[5:6])
		return err
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		first, err := tx.Judgements().Decisions(ctx, store.Page{Limit: 20})
		if err != nil {
			return err
		}
		rest, err := tx.Judgements().Decisions(ctx, store.Page{After: first.Next, Limit: 20})
		expectSame(t, "decisions", append(first.Items, rest.Items...), want)
		if rest.Next != "" {
			t.Error("a page follows the last")
		}
		return err
	})
	err := b.try(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Judgements().PutDecisions(ctx, []scene.Decision{{Need: "n", Offer: "o"}})
	})
	expectCode(t, "decision without an ID", err, scene.Invalid)
}

func marksKept(t *testing.T, b *bench) {
	pin := scene.Mark{Need: "n1", Offer: "o1", Kind: scene.Pinned, Reason: "书记点名", At: kept(), Actor: "a"}
	out := scene.Mark{Need: "n1", Offer: "o2", Kind: scene.Excluded, At: kept()}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		for _, m := range []scene.Mark{out, {Need: "n1", Offer: "o1", Kind: scene.Excluded, At: now()}, pin, {Need: "n2", Offer: "o1", Kind: scene.Pinned}} {
			if err := tx.Judgements().PutMark(ctx, m); err != nil {
				return err
			}
		}
		if err := tx.Judgements().DeleteMark(ctx, "n2", "o1"); err != nil {
			return err
		}
		return tx.Judgements().DeleteMark(ctx, "n2", "never")
	})
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		marks, err := tx.Judgements().Marks(ctx, store.Page{})
		expectSame(t, "marks", marks.Items, []scene.Mark{pin, out})
		return err
	})
	err := b.try(t, func(ctx context.Context, tx store.Tx) error {
		return tx.Judgements().PutMark(ctx, scene.Mark{Need: "n", Kind: scene.Pinned})
	})
	expectCode(t, "mark of half a pair", err, scene.Invalid)
}

func weightsKept(t *testing.T, b *bench) {
	first := scene.WeightSet{
		ID: "set-1", Version: "w2-0001", Parent: "w1-0000", Origin: "refitted", Made: kept(), Actor: "a",
		Figures: scene.WeightFigures{Needs: 30, Pairs: 300, Before: 0.7, After: 0.75, Gain: 0.05, Low: 0.02, High: 0.08},
		Weights: json.RawMessage(`{"name":"w2"}`),
	}
	second := first
	second.ID, second.Version = "set-2", "w3-0001"
	log := []scene.Activation{{ID: "a-1", Set: "set-1", At: kept()}, {ID: "a-2", At: kept()}, {ID: "a-3", Set: "set-2", At: kept(), Actor: "b"}}
	b.update(t, func(ctx context.Context, tx store.Tx) error {
		for _, set := range []scene.WeightSet{second, first} {
			if err := tx.Weights().Put(ctx, set); err != nil {
				return err
			}
		}
		for _, a := range log {
			if err := tx.Weights().PutActivation(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
	log[2].Undone = kept()
	b.update(t, func(ctx context.Context, tx store.Tx) error { return tx.Weights().PutActivation(ctx, log[2]) })
	b.view(t, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Weights().Get(ctx, "set-2")
		expectSame(t, "set", got, second)
		if err != nil {
			return err
		}
		sets, err := tx.Weights().List(ctx, store.Page{})
		expectSame(t, "sets", sets.Items, []scene.WeightSet{first, second})
		if err != nil {
			return err
		}
		activations, err := tx.Weights().Activations(ctx)
		expectSame(t, "activations", activations, log)
		if now, ok := scene.Current(activations); !ok || now.ID != "a-2" {
			t.Errorf("in force is %+v", now)
		}
		_, missing := tx.Weights().Get(ctx, "set-9")
		expectCode(t, "unknown set", missing, scene.NotFound)
		return err
	})
	for name, tc := range map[string]struct {
		try  func(ctx context.Context, tx store.Tx) error
		want scene.Code
	}{
		"set changed": {func(ctx context.Context, tx store.Tx) error { return tx.Weights().Put(ctx, first) }, scene.Conflict},
		"no ID":       {func(ctx context.Context, tx store.Tx) error { return tx.Weights().Put(ctx, scene.WeightSet{}) }, scene.Invalid},
		"unknown set": {func(ctx context.Context, tx store.Tx) error {
			return tx.Weights().PutActivation(ctx, scene.Activation{ID: "a-4", Set: "set-9"})
		}, scene.Precondition},
	} {
		expectCode(t, name, b.try(t, tc.try), tc.want)
	}
}
