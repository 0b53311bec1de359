package learning_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"jinghe/internal/learning"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

// bundle is a service on a store of its own, with a clock that moves a second at each reading.
type bundle struct {
	*learning.Service
	store *sqlite.Store
}

func setup(t *testing.T) *bundle {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	now := func() time.Time { at = at.Add(time.Second); return at }
	err = s.Update(t.Context(), func(tx store.Tx) error {
		for i, name := range []string{"积水监测", "跌倒检测", "同名需求", "同名需求"} {
			o := scene.Opportunity{Listing: scene.Listing{
				ID: scene.ID(fmt.Sprint("need", i)), Code: fmt.Sprint("N-", i), Name: name, State: scene.Published, Created: at, Updated: at,
			}}
			if _, err := tx.Opportunities().Put(t.Context(), o); err != nil {
				return err
			}
		}
		for i, name := range []string{"液位终端", "雷达"} {
			c := scene.Capability{Listing: scene.Listing{
				ID: scene.ID(fmt.Sprint("offer", i)), Code: fmt.Sprint("C-", i), Name: name, State: scene.Published, Created: at, Updated: at,
			}}
			if _, err := tx.Capabilities().Put(t.Context(), c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return &bundle{learning.New(s, scene.NewIDMaker(now, rand.Reader), now), s}
}

// subjects lists what was announced.
func (b *bundle) subjects(t *testing.T) map[string]int {
	t.Helper()
	events, err := b.store.Outbox().Pending(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, e := range events {
		n[e.Subject]++
	}
	return n
}

func graded(need, offer string, grade int) learning.Judgement {
	return learning.Judgement{Need: need, Offer: offer, Decision: scene.Decision{Verdict: scene.Graded, Grade: grade}}
}

func TestAddJudgements(t *testing.T) {
	t.Parallel()
	b := setup(t)
	list := []learning.Judgement{
		graded("N-0", "C-0", 3), graded("积水监测", "雷达", 0), graded("need1", "offer1", 2),
		graded("N-9", "C-0", 1), graded("同名需求", "C-0", 1), graded("N-0", "没有", 1), graded("N-0", "C-1", 7),
	}
	for i := range list {
		list[i].Sheet, list[i].Row = "评定", i+2
	}
	got, err := b.AddJudgements(t.Context(), "g.xlsx", list, "cli")
	if err != nil || got.Decisions != 3 || len(got.Problems) != 4 {
		t.Fatalf("%+v, %v", got, err)
	}
	for i, want := range []string{"judgement.need_unknown", "judgement.need_ambiguous", "judgement.offer_unknown", "decision.grade"} {
		if p := got.Problems[i]; p.Key != want || p.Row != i+5 || p.File != "g.xlsx" || !p.Rejected {
			t.Errorf("problem %d: %+v, want %s", i, p, want)
		}
	}
	if again, err := b.AddJudgements(t.Context(), "g.xlsx", list[:3], "cli"); err != nil || again.Decisions != 0 {
		t.Errorf("the same file again: %+v, %v", again, err)
	}
	kept, err := b.Decisions(t.Context())
	if err != nil || len(kept) != 3 {
		t.Fatalf("kept %+v, %v", kept, err)
	}
	for _, d := range kept {
		if d.At.IsZero() || d.Actor != "cli" {
			t.Errorf("kept %+v", d)
		}
	}
	if n := b.subjects(t)[scene.DecisionChanged]; n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if _, err := b.Mark(t.Context(), "N-0", "雷达", scene.Pinned, "专班推荐", "cli"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Mark(t.Context(), "need1", "offer1", scene.Excluded, "", "cli"); err != nil {
		t.Fatal(err)
	}
	got, err := b.NamedMarks(t.Context())
	if err != nil || len(got) != 2 || got[0].NeedName != "积水监测" || got[0].OfferCode != "C-1" || got[0].Reason != "专班推荐" || got[0].Kind != scene.Pinned {
		t.Fatalf("%+v, %v", got, err)
	}
	if err := b.Unmark(t.Context(), "N-0", "C-1", "cli"); err != nil {
		t.Fatal(err)
	}
	if left, err := b.Marks(t.Context()); err != nil || len(left) != 1 || left[0].Kind != scene.Excluded {
		t.Errorf("left %+v, %v", left, err)
	}
	for name, mark := range map[string]func() error{
		"Unknown":   func() error { _, err := b.Mark(t.Context(), "N-9", "C-1", scene.Pinned, "", ""); return err },
		"Ambiguous": func() error { _, err := b.Mark(t.Context(), "同名需求", "C-1", scene.Pinned, "", ""); return err },
		"Kind":      func() error { _, err := b.Mark(t.Context(), "N-1", "C-1", "loved", "", ""); return err },
		"Clear":     func() error { return b.Unmark(t.Context(), "N-1", "C-9", "") },
	} {
		if err := mark(); scene.CodeOf(err) != scene.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := b.subjects(t)[scene.MarkChanged]; n != 3 {
		t.Errorf("%d events, want 3", n)
	}
}

func TestWeightsComeAndGo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	inForce := func() string {
		t.Helper()
		set, err := b.InForce(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if set == nil {
			return "shipped"
		}
		return set.Version
	}
	if err := b.Rollback(t.Context(), "cli"); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("rollback of nothing: %v", err)
	}
	keep := func(version string, activate bool) scene.ID {
		t.Helper()
		set, err := b.Keep(t.Context(), scene.WeightSet{Version: version, Weights: json.RawMessage(`{}`)}, activate)
		if err != nil {
			t.Fatal(err)
		}
		return set.ID
	}
	a := keep("a", true)
	keep("b", true)
	keep("c", false)
	for i, step := range []struct {
		do   func() error
		want string
	}{
		{func() error { return nil }, "b"},
		{func() error { return b.Rollback(t.Context(), "cli") }, "a"},
		{func() error { return b.Activate(t.Context(), "", "cli") }, "shipped"},
		{func() error { return b.Rollback(t.Context(), "cli") }, "a"},
		{func() error { return b.Rollback(t.Context(), "cli") }, "shipped"},
		{func() error { return b.Activate(t.Context(), a, "cli") }, "a"},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if got := inForce(); got != step.want {
			t.Errorf("step %d: %s is in force, want %s", i, got, step.want)
		}
	}
	if err := b.Activate(t.Context(), "nowhere", "cli"); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("unknown set: %v", err)
	}
	sets, now, err := b.Sets(t.Context())
	if err != nil || len(sets) != 3 || now != a {
		t.Errorf("%d sets, in force %s, %v", len(sets), now, err)
	}
	if n := b.subjects(t)[scene.WeightsChanged]; n != 7 {
		t.Errorf("%d events, want 7", n)
	}
}
