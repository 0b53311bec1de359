package convene_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// TestFullHall: who waits is told so wherever it matters, a no-show gives its place to
// who is at the door, and going above the capacity takes a word that says by how many.
func TestFullHall(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.Capacity = 2 })
	p := h.guests(f.ID, 4)
	board := func() *convene.Board {
		t.Helper()
		b, err := h.Board(ctx, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	full := func(what string, err error, over int) {
		t.Helper()
		expectCode(t, what, err, scene.Precondition, "fair.full")
		if e, ok := errors.AsType[*scene.Error](err); ok && (e.Args["over"] != over || e.Args["capacity"] != 2) {
			t.Errorf("%s: told %v, want %d over", what, e.Args, over)
		}
	}
	_, err := h.Decide(ctx, steward(), p[2].ID, scene.PartyAccepted)
	full("confirmed while it is full", err, 1)
	if b := board(); b.WaitingPlace(p[2].ID) != 1 || b.WaitingPlace(p[3].ID) != 2 || b.WaitingPlace(p[0].ID) != 0 {
		t.Error("the waiting list is not in the order of the sign-up")
	}
	if !slices.ContainsFunc(board().Called("代表02"), func(x convene.Named) bool { return x.Party.ID == p[2].ID }) {
		t.Error("who waits is not found by name")
	}
	arrived := scene.FairEntry{FairID: f.ID, Key: "arrived-02", Kind: scene.EntryArrived, Party: p[2].ID, Delegate: p[2].Delegates[0].ID}
	_, err = h.Enter(ctx, steward(), arrived)
	expectCode(t, "who waits is checked in", err, scene.Precondition, "fair.arrive_waiting")

	if err := h.NoShow(ctx, steward(), f.ID, p[0].ID, nil, "absent-00000"); err != nil {
		t.Fatal(err)
	}
	if r := board().Room(); r.Left() != 1 || board().Parties[p[2].ID].State != scene.PartyWaiting {
		t.Errorf("after a no-show %+v, %s", r, board().Parties[p[2].ID].State)
	}
	walkIn, err := h.Join(ctx, steward(), f.ID, "", convene.PartyForm{Name: "临时公司", Delegates: []scene.Delegate{{Name: "临甲"}}})
	if err != nil || walkIn.State != scene.PartyAccepted {
		t.Fatalf("the walk-in %s, %v", walkIn.State, err)
	}
	_, err = h.LetIn(ctx, steward(), p[2].ID, 0)
	full("let in without going above", err, 1)
	if in, err := h.LetIn(ctx, steward(), p[2].ID, 1); err != nil || in.State != scene.PartyAccepted {
		t.Fatalf("let in above the capacity: %s, %v", in.State, err)
	}
	if _, err = h.Enter(ctx, steward(), arrived); err != nil {
		t.Errorf("checked in after that: %v", err)
	}
	_, err = h.LetIn(ctx, steward(), p[3].ID, 1)
	full("another one on the old word", err, 2)
	_, err = h.LetIn(ctx, ofOrg("o"), p[3].ID, 9)
	expectCode(t, "an account lets in", err, scene.Forbidden, "")
	if _, err = h.Decide(ctx, steward(), p[3].ID, scene.PartyWithdrawn); err != nil {
		t.Fatal(err)
	}
	_, err = h.LetIn(ctx, steward(), p[3].ID, 9)
	expectCode(t, "one that withdrew", err, scene.Precondition, "fair.not_waiting")
}

// TestAllOfAPartyStayAway: a party each of whose delegates was noted by himself as not
// coming gives its place up like one that was noted as a whole.
func TestAllOfAPartyStayAway(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.Capacity = 1 })
	p, err := h.Join(ctx, steward(), f.ID, "", convene.PartyForm{Name: "甲公司", Delegates: []scene.Delegate{{Name: "安工"}, {Name: "本工"}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range p.Delegates {
		x, err := h.Join(ctx, steward(), f.ID, "", convene.PartyForm{Name: fmt.Sprint("临时公司", i), Delegates: []scene.Delegate{{Name: "临甲"}}})
		if err != nil || x.State != scene.PartyWaiting {
			t.Errorf("while %d of two are away: %s, %v", i, x.State, err)
		}
		if err := h.NoShowOf(ctx, steward(), f.ID, p.ID, d.ID, nil, "absent-"+string(d.ID)); err != nil {
			t.Fatal(err)
		}
	}
	b, err := h.Board(ctx, f.ID)
	if err != nil || b.Room().Left() != 1 {
		t.Fatalf("%+v, %v", b.Room(), err)
	}
	if x, err := h.Join(ctx, steward(), f.ID, "", convene.PartyForm{Name: "来客", Delegates: []scene.Delegate{{Name: "客"}}}); err != nil || x.State != scene.PartyAccepted {
		t.Errorf("once both are away: %s, %v", x.State, err)
	}
}
