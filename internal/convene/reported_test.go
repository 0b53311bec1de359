package convene_test

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
)

// TestWhoReportsWasThere: who says of a meeting that it took place was there, though nobody
// checked him in; a no-show that was noted before the meeting was over was none, and one
// that was noted later stands. Desk and report count the same parties.
func TestWhoReportsWasThere(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	v := h.plan(f.ID)
	first := slices.IndexFunc(v.Plan.Meetings, func(s agenda.Seat) bool { return s.Slot == f.Slots[0].ID })
	seat := v.Plan.Meetings[first]
	of := func(id string) scene.FairParty {
		return p[slices.IndexFunc(p, func(x scene.FairParty) bool { return string(x.ID) == id })]
	}
	a, b := of(seat.Parties[0]), of(seat.Parties[1])
	says := func(x scene.FairParty, key string, held bool) {
		t.Helper()
		e := scene.FairEntry{Key: key, Kind: scene.EntryOutcome, Meeting: seat.ID, Outcome: outcome(held, scene.NextTalk, 0)}
		if _, err := h.EnterAsGuest(ctx, x.Delegates[0].Code, "", e); err != nil {
			t.Fatal(err)
		}
	}
	absent := func(x scene.FairParty, key string) {
		t.Helper()
		if err := h.NoShow(ctx, steward(), f.ID, x.ID, nil, key); err != nil {
			t.Fatal(err)
		}
	}
	counts := func(want int) {
		t.Helper()
		came, _ := h.board(f.ID).Arrivals()
		r, err := h.Report(ctx, steward(), f.ID)
		if err != nil || came != want || r.Arrived != want {
			t.Errorf("%d came by the desk, %d by the report, want %d, %v", came, r.Arrived, want, err)
		}
	}
	h.setNow(f.Slots[0].Start.Add(2 * time.Minute))
	absent(a, "absent-00001") // he is late, and goes straight to the table
	h.setNow(f.Slots[0].End.Add(time.Minute))
	says(b, "outcome-00001", false)
	if h.board(f.ID).There(b.ID) {
		t.Error("who says that it did not take place is there")
	}
	says(a, "outcome-00002", true)
	board := h.board(f.ID)
	if !board.There(a.ID) || !board.ByReport(a.ID) || board.Absent(a.ID, "") || board.Came(a.ID, a.Delegates[0].ID, h.now()) {
		t.Error("who reports a meeting is not there, or is taken as checked in")
	}
	counts(1)
	// It was the wrong button: he is away as noted until he says otherwise again.
	says(a, "outcome-00002-wrong", false)
	if board = h.board(f.ID); board.There(a.ID) || !board.Absent(a.ID, "") {
		t.Error("a report that was corrected counts")
	}
	counts(0)
	says(a, "outcome-00002-right", true)
	counts(1)
	// Entered by the centre for the only one who can have been there; checked in besides.
	e := scene.FairEntry{FairID: f.ID, Key: "outcome-00003", Kind: scene.EntryOutcome, Party: b.ID, Meeting: seat.ID, Outcome: outcome(true, scene.NextTalk, 0)}
	if _, err := h.Enter(ctx, steward(), e); err != nil {
		t.Fatal(err)
	}
	h.arrives(b)
	if board = h.board(f.ID); !board.There(b.ID) || board.ByReport(b.ID) {
		t.Error("who was checked in is there by his report alone")
	}
	counts(2)
	// He leaves, and says once more in the evening how the first meeting was.
	h.setNow(f.Slots[2].Start)
	absent(a, "absent-00002")
	h.setNow(f.Slots[5].End)
	says(a, "outcome-00004", true)
	if board = h.board(f.ID); board.There(a.ID) || !board.Left(a.ID) || !board.Absent(a.ID, "") {
		t.Error("what was noted after the meeting does not stand")
	}
	counts(2)
}
