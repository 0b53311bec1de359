package convene_test

import (
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// TestMetBefore: who met at an earlier fair is known at the next one: what was held,
// or of which nobody spoke though both were there; not what a side denies.
func TestMetBefore(t *testing.T) {
	t.Parallel()
	h := newHall(t, paired{0.9})
	ctx := t.Context()
	first := h.fair(func(f *scene.Fair) { f.Mode = scene.FairMutual })
	p := h.owners(first.ID, 6)
	for i := 0; i < 6; i += 2 {
		h.wish(p[i], scene.WishWant, p[i+1])
		h.wish(p[i+1], scene.WishWant, p[i])
	}
	v := h.plan(first.ID)
	if len(v.Plan.Meetings) != 3 {
		t.Fatalf("%d meetings", len(v.Plan.Meetings))
	}
	h.setNow(first.End())
	meeting := func(i int) string {
		a, b := p[i].ID, p[i+1].ID
		return string(min(a, b)) + "~" + string(max(a, b))
	}
	say := func(i int, held bool) {
		e := scene.FairEntry{Key: "key-of-" + string(p[i].ID), Kind: scene.EntryOutcome, Meeting: meeting(i), Outcome: &scene.FairOutcome{Held: held}}
		if _, err := h.EnterAsGuest(ctx, p[i].Delegates[0].Code, "", e); err != nil {
			t.Fatal(err)
		}
	}
	say(0, true)
	say(2, false)

	second := h.fair(func(f *scene.Fair) {
		f.Title = "下一场"
		for i := range f.Blocks {
			f.Blocks[i].Start, f.Blocks[i].End = f.Blocks[i].Start.AddDate(0, 0, 30), f.Blocks[i].End.AddDate(0, 0, 30)
		}
	})
	var q []scene.FairParty
	for _, x := range p {
		y, err := h.Join(ctx, steward(), second.ID, x.OrgID, convene.PartyForm{Delegates: []scene.Delegate{{Name: "代表"}}})
		if err != nil {
			t.Fatal(err)
		}
		q = append(q, y)
	}
	met := func() (pairs [3]bool) {
		b, err := h.Board(ctx, second.ID)
		if err != nil {
			t.Fatal(err)
		}
		m, err := h.Before(ctx, b)
		if err != nil {
			t.Fatal(err)
		}
		for i := range pairs {
			e, there := m.Between(q[2*i+1].ID, q[2*i].ID)
			if pairs[i] = there; there && (e.Title != first.Title || e.Fair != first.ID || !e.At.Equal(first.Start())) {
				t.Errorf("met at %+v", e)
			}
		}
		if _, there := m.Between(q[0].ID, q[3].ID); there {
			t.Error("two who were not planned met")
		}
		return pairs
	}
	h.setNow(first.End().Add(-time.Minute))
	if got := met(); got != [3]bool{} {
		t.Errorf("met %v before the fair is over", got)
	}
	h.setNow(first.End().Add(time.Hour))
	if got := met(); got != [3]bool{true, false, false} {
		t.Errorf("met %v", got)
	}
	for _, x := range p[4:] { // both were there, and said nothing
		if _, err := h.Enter(ctx, steward(), scene.FairEntry{FairID: first.ID, Key: "came-" + string(x.ID), Kind: scene.EntryArrived, Party: x.ID, Delegate: x.Delegates[0].ID}); err != nil {
			t.Fatal(err)
		}
	}
	h.setNow(h.now().Add(2 * time.Minute)) // what is told late counts then
	if got := met(); got != [3]bool{true, false, true} {
		t.Errorf("met %v after the check-ins", got)
	}
	metComeLast(t, h, second, q)
}

// metComeLast: whom a party met is suggested after all others and marked, and is
// planned with it only where a side asks for it.
func metComeLast(t *testing.T, h *hall, f scene.Fair, q []scene.FairParty) {
	t.Helper()
	list, _, err := h.Suggestions(t.Context(), f.ID, q[0].ID, 5)
	if err != nil || len(list) != 5 {
		t.Fatalf("%d suggestions, %v", len(list), err)
	}
	for i, x := range list {
		if again := x.Party == q[1].ID; again != (i == 4) || again != (x.Why.Met != "") {
			t.Errorf("suggestion %d is %s, met at %q", i, x.Party, x.Why.Met)
		}
	}
	meets := func(v *convene.Version) bool {
		for i := range v.Plan.Meetings {
			if v.Plan.Meetings[i].ID == string(min(q[0].ID, q[1].ID))+"~"+string(max(q[0].ID, q[1].ID)) {
				return true
			}
		}
		return false
	}
	if meets(h.draft(f.ID)) {
		t.Error("two who met are brought together again though nobody asked")
	}
	h.wish(q[0], scene.WishMust, q[1])
	if !meets(h.draft(f.ID)) {
		t.Error("a wish to meet again is not kept")
	}
}
