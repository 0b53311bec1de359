package convene_test

import (
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// board reads the board of a fair.
func (h *hall) board(fair scene.ID) *convene.Board {
	h.t.Helper()
	b, err := h.Board(h.t.Context(), fair)
	if err != nil {
		h.t.Fatal(err)
	}
	return b
}

func (h *hall) arrives(p scene.FairParty, after ...string) convene.Arrival {
	h.t.Helper()
	a, err := h.Arrive(h.t.Context(), steward(), p.FairID, p.ID, p.Delegates[0].ID, after...)
	if err != nil {
		h.t.Fatal(told(err))
	}
	return a
}

// TestOneArrivesForBoth: who comes for two parties is checked in once: under the other
// one he is neither missing nor told of as somebody who comes, and what was noted of his
// absence there ends; somebody else with his mailbox is not checked in with him.
func TestOneArrivesForBoth(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	a, b := h.comer(f.ID, "栖帆", "林一", "lin@example.com"), h.comer(f.ID, "栖帆分公司", "林一", "LIN@example.com")
	mailbox, c := h.comer(f.ID, "澄安", "陈二", "lin@example.com"), h.comer(f.ID, "砚舟", "赵三", "z@example.com")
	for _, x := range []scene.FairParty{a, b, mailbox} {
		h.wish(x, scene.WishWant, c)
	}
	h.plan(f.ID)
	h.setNow(f.Slots[0].Start)
	missing := func(p scene.FairParty, at time.Time) bool {
		for _, x := range h.board(f.ID).Missing(at) {
			if x.Party == p.ID {
				return true
			}
		}
		return false
	}
	appointments := h.board(f.ID).Appointments(b.ID, b.Delegates[0].ID)
	if len(appointments) != 1 {
		t.Fatalf("%d meetings of the second party", len(appointments))
	}
	at := appointments[0].Round.Start
	if !missing(b, at) {
		t.Fatal("nobody is missed before he came")
	}
	if err := h.NoShow(ctx, steward(), f.ID, b.ID, nil, "absent-other"); err != nil {
		t.Fatal(err)
	}
	mark := h.board(f.ID).Mark(b.ID, b.Delegates[0].ID)
	if got := h.arrives(a); got.Again || !got.At.Equal(h.now()) {
		t.Errorf("first: %+v", got)
	}
	board := h.board(f.ID)
	if missing(b, at) || !board.There(b.ID) || board.Absent(b.ID, "") || board.Mark(b.ID, b.Delegates[0].ID) == mark {
		t.Error("who is there for one party is not for the other")
	}
	if board.There(mailbox.ID) {
		t.Error("somebody else with his mailbox is there")
	}
	h.setNow(h.now().Add(5 * time.Minute))
	if got := h.arrives(b); !got.Again || got.Elsewhere != a.ID || !got.At.Equal(f.Slots[0].Start) {
		t.Errorf("for the other party: %+v", got)
	}
	if here, all := h.board(f.ID).Arrivals(); here != 2 || all != 4 {
		t.Errorf("%d of %d parties are there", here, all)
	}
}

// TestTheOtherMeetingsChangeAPage: the page of a delegate follows the meetings that he has
// for another party.
func TestTheOtherMeetingsChangeAPage(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f := h.fair()
	a, b := h.comer(f.ID, "栖帆", "林一", "lin@example.com"), h.comer(f.ID, "栖帆分公司", "林一", "lin@example.com")
	c := h.comer(f.ID, "砚舟", "赵三", "z@example.com")
	h.wish(a, scene.WishWant, c)
	h.plan(f.ID)
	mark := h.board(f.ID).Mark(a.ID, a.Delegates[0].ID)
	h.wish(b, scene.WishWant, c)
	h.plan(f.ID)
	board := h.board(f.ID)
	if same := board.Selves(a.Delegates[0].ID); len(same) != 1 || same[0] != (convene.Self{Party: b.ID, Delegate: b.Delegates[0].ID}) {
		t.Errorf("he is %+v too", same)
	}
	if board.Mark(a.ID, a.Delegates[0].ID) == mark {
		t.Error("his page does not follow")
	}
}

// TestReadTwice: a second check-in writes nothing and tells when the first was; who left
// and comes back arrives anew.
func TestReadTwice(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	h.plan(f.ID)
	at := f.Slots[0].Start.Add(-10 * time.Minute)
	h.setNow(at)
	if got := h.arrives(p[0]); got.Again || !got.At.Equal(at) {
		t.Errorf("first: %+v", got)
	}
	before := h.board(f.ID).Print
	h.setNow(at.Add(5 * time.Minute))
	if got := h.arrives(p[0]); !got.Again || !got.At.Equal(at) || got.Elsewhere != "" {
		t.Errorf("second: %+v", got)
	}
	if h.board(f.ID).Print != before {
		t.Error("the second wrote a line")
	}
	if err := h.NoShow(ctx, steward(), f.ID, p[0].ID, nil, "absent-000001"); err != nil {
		t.Fatal(err)
	}
	if got := h.arrives(p[0]); got.Again {
		t.Errorf("back again: %+v", got)
	}
	if b := h.board(f.ID); b.Absent(p[0].ID, "") || !b.There(p[0].ID) {
		t.Error("who came back is away")
	}
	_, err := h.Arrive(ctx, scene.Actor{}, f.ID, p[0].ID, p[0].Delegates[0].ID)
	expectCode(t, "a visitor", err, scene.Unauthorized, "")
	_, err = h.Arrive(ctx, steward(), f.ID, p[0].ID, "nobody")
	expectCode(t, "nobody", err, scene.NotFound, "fair.no_such_delegate")
	_, err = h.Arrive(ctx, steward(), f.ID, "nothing", "nobody")
	expectCode(t, "no party", err, scene.NotFound, "fair_party.not_found")
	_, err = h.Arrive(ctx, steward(), f.ID, p[1].ID, p[0].Delegates[0].ID)
	expectCode(t, "one who is there, of another party", err, scene.NotFound, "fair.no_such_delegate")
	_, err = h.Arrive(ctx, steward(), f.ID, "nothing", p[0].Delegates[0].ID)
	expectCode(t, "one who is there, of no party", err, scene.NotFound, "fair_party.not_found")
}

// TestArrivalAndSlots: an absence in slots to come outlasts an arrival until it is said
// that he is there after all; one that runs ends with it.
func TestArrivalAndSlots(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	h.plan(f.ID)
	h.setNow(f.Slots[0].Start.Add(-time.Minute))
	away := func(x scene.FairParty, key string, slots ...scene.FairSlot) {
		t.Helper()
		var ids []string
		for _, s := range slots {
			ids = append(ids, s.ID)
		}
		if err := h.NoShow(ctx, steward(), f.ID, x.ID, ids, key); err != nil {
			t.Fatal(err)
		}
	}
	away(p[0], "absent-later-0", f.Slots[3], f.Slots[4])
	away(p[1], "absent-early-1", f.Slots[0], f.Slots[1])
	h.setNow(f.Slots[0].Start.Add(time.Minute))
	for _, tt := range []struct {
		name  string
		party scene.FairParty
		after []string
		again bool
		away  int
	}{
		{"Leaves", p[0], nil, false, 2},
		{"ReadTwice", p[0], nil, true, 2},
		{"OtherSlot", p[0], []string{f.Slots[5].ID, "none"}, true, 2},
		{"AfterAll", p[0], []string{f.Slots[3].ID, f.Slots[4].ID}, false, 0},
		{"AfterAllTwice", p[0], []string{f.Slots[3].ID}, true, 0},
		{"Sooner", p[1], nil, false, 0},
	} {
		got := h.arrives(tt.party, tt.after...)
		if got.Again != tt.again || len(got.Away) != tt.away || !got.At.Equal(h.now()) {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
	away(p[0], "absent-now-0", f.Slots[0], f.Slots[1])
	if got := h.arrives(p[0]); got.Again || len(got.Away) != 0 {
		t.Errorf("who was there, left in a slot that runs and is back: %+v", got)
	}
	if got := h.arrives(p[0]); !got.Again {
		t.Errorf("and is read twice: %+v", got)
	}
}
