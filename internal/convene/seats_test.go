package convene_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// visited is a fair with a visit for two people, and its entry.
func visited(t *testing.T) (*hall, scene.Fair, scene.FairAct) {
	t.Helper()
	h := newHall(t, nil)
	f := h.fair(func(f *scene.Fair) {
		blocks, err := convene.ReadProgramme(morning().AddDate(0, 0, 1), "09:30-11:30 一对一\n13:00-15:00 参观")
		if err != nil {
			t.Fatal(err)
		}
		f.Blocks = blocks
	})
	acts, err := convene.ReadActs("看展板，10分钟\n参观水厂，60分钟，东门，限2人", 8, nil)
	if err == nil {
		f, err = h.SetActs(t.Context(), steward(), f.ID, f.Revision, 1, acts)
	}
	if err != nil {
		t.Fatal(err)
	}
	return h, f, f.Blocks[1].Acts[1]
}

// seat has a delegate sign up, or give up; n tells one sending from another.
func (h *hall) seat(p scene.FairParty, act scene.ID, kind scene.FairEntryKind, n int) (bool, error) {
	return h.EnterAsGuest(h.t.Context(), p.Delegates[0].Code, "", scene.FairEntry{Key: fmt.Sprint("seat-", p.ID, n), Kind: kind, Act: act})
}

// TestSeats: first come, first served; who is late waits, and moves up when somebody
// gives up or leaves the fair. A form that is sent twice counts once.
func TestSeats(t *testing.T) {
	t.Parallel()
	h, f, act := visited(t)
	all := h.guests(f.ID, 4)
	for i, p := range all {
		if fresh, err := h.seat(p, act.ID, scene.EntrySeat, 1); err != nil || !fresh {
			t.Fatalf("sign-up %d: %v %v", i, fresh, err)
		}
	}
	if fresh, err := h.seat(all[3], act.ID, scene.EntrySeat, 1); err != nil || fresh {
		t.Errorf("the same form again: %v %v", fresh, err)
	}
	if _, err := h.seat(all[3], act.ID, scene.EntrySeat, 2); err != nil {
		t.Fatal(err) // another tap of one who waits keeps his place
	}
	seats := func(wantIn, wantWaiting []scene.FairParty) {
		t.Helper()
		b, err := h.Board(t.Context(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		in, waiting := b.Seats(&act)
		same := func(got []convene.Seated, want []scene.FairParty) bool {
			return slices.EqualFunc(got, want, func(a convene.Seated, p scene.FairParty) bool { return a.Party == p.ID })
		}
		if !same(in, wantIn) || !same(waiting, wantWaiting) {
			t.Errorf("in %v, waiting %v", in, waiting)
		}
		for i, p := range wantWaiting {
			if in, place := b.SeatOf(&act, p.Delegates[0].ID); in || place != i+1 {
				t.Errorf("%s is in place %d, %v", p.Name, place, in)
			}
		}
		for _, p := range wantIn {
			if in, _ := b.SeatOf(&act, p.Delegates[0].ID); !in {
				t.Errorf("%s has no place", p.Name)
			}
		}
	}
	seats(all[:2], all[2:])
	if _, err := h.seat(all[0], act.ID, scene.EntryUnseat, 3); err != nil {
		t.Fatal(err)
	}
	seats([]scene.FairParty{all[1], all[2]}, []scene.FairParty{all[3]})
	if _, err := h.Decide(t.Context(), steward(), all[1].ID, scene.PartyWithdrawn); err != nil {
		t.Fatal(err)
	}
	seats(all[2:], nil)
}

// TestSeatRefusals says in a code what cannot be signed up for.
func TestSeatRefusals(t *testing.T) {
	t.Parallel()
	h, f, act := visited(t)
	p := h.guests(f.ID, 1)[0]
	want := func(what string, code scene.Code, act scene.ID, kind scene.FairEntryKind) {
		t.Helper()
		if _, err := h.seat(p, act, kind, len(what)); scene.CodeOf(err) != code {
			t.Errorf("%s: %v, want %s", what, err, code)
		}
	}
	want("without places", scene.NotFound, f.Blocks[1].Acts[0].ID, scene.EntrySeat)
	want("nothing there", scene.NotFound, "none", scene.EntrySeat)
	want("no entry named", scene.Invalid, "", scene.EntrySeat)
	h.setNow(f.Blocks[1].Start.Add(10 * time.Minute))
	want("it has begun", scene.Precondition, act.ID, scene.EntrySeat)
	want("giving up late", "", act.ID, scene.EntryUnseat)
	if _, err := h.Bring(t.Context(), steward(), f.ID, scene.FairClosed); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Bring(t.Context(), steward(), f.ID, scene.FairOver); err != nil {
		t.Fatal(err)
	}
	want("after the end of it", scene.Precondition, act.ID, scene.EntrySeat)
}

// TestSeatMark: a phone looks again when its own place changes, and not for others'.
func TestSeatMark(t *testing.T) {
	t.Parallel()
	h, f, act := visited(t)
	all := h.guests(f.ID, 3)
	mark := func(p scene.FairParty) string {
		b, err := h.Board(t.Context(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		return b.Mark(p.ID, p.Delegates[0].ID)
	}
	first, last := mark(all[0]), mark(all[2])
	if _, err := h.seat(all[0], act.ID, scene.EntrySeat, 1); err != nil {
		t.Fatal(err)
	}
	if mark(all[0]) == first || mark(all[2]) != last {
		t.Error("the mark does not follow the own place alone")
	}
	for _, p := range all[1:] {
		if _, err := h.seat(p, act.ID, scene.EntrySeat, 1); err != nil {
			t.Fatal(err)
		}
	}
	waits := mark(all[2])
	if _, err := h.seat(all[0], act.ID, scene.EntryUnseat, 2); err != nil {
		t.Fatal(err)
	}
	if mark(all[2]) == waits {
		t.Error("moving up changes nothing on the phone")
	}
}

// TestSeatsByTheOrganisation: the accounts of an organisation give its delegates a
// place, and nobody else's.
func TestSeatsByTheOrganisation(t *testing.T) {
	t.Parallel()
	h, f, act := visited(t)
	ctx := t.Context()
	h.org("org0", "单位0")
	p, err := h.Join(ctx, steward(), f.ID, "org0", convene.PartyForm{Delegates: []scene.Delegate{{Name: "甲"}, {Name: "乙"}}})
	if err != nil {
		t.Fatal(err)
	}
	other := h.guests(f.ID, 1)[0]
	seat := func(by scene.Actor, party, delegate scene.ID, kind scene.FairEntryKind, key string) error {
		_, err := h.SeatAsOwn(ctx, by, party, scene.FairEntry{Key: "own-key-" + key, Kind: kind, Act: act.ID, Delegate: delegate})
		return err
	}
	if err := seat(ofOrg("org0"), p.ID, p.Delegates[1].ID, scene.EntrySeat, "1"); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"another organisation": seat(ofOrg("org1"), p.ID, p.Delegates[0].ID, scene.EntrySeat, "2"),
		"an outcome":           seat(ofOrg("org0"), p.ID, p.Delegates[0].ID, scene.EntryOutcome, "3"),
		"another party":        seat(ofOrg("org0"), other.ID, other.Delegates[0].ID, scene.EntrySeat, "4"),
	} {
		if scene.CodeOf(err) != scene.Forbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := seat(ofOrg("org0"), p.ID, other.Delegates[0].ID, scene.EntrySeat, "5"); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("a delegate of others: %v", err)
	}
	b, err := h.Board(ctx, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if in, _ := b.Seats(&act); len(in) != 1 || in[0].Delegate != p.Delegates[1].ID {
		t.Errorf("in %+v", in)
	}
	if err := seat(ofOrg("org0"), p.ID, p.Delegates[1].ID, scene.EntryUnseat, "6"); err != nil {
		t.Fatal(err)
	}
}

// TestLinkDoesNotFillTheLog: one link changes its mind about one thing so often and no
// more; what it sent before still counts once, and other things are as before.
func TestLinkDoesNotFillTheLog(t *testing.T) {
	t.Parallel()
	h, f, act := visited(t)
	all := h.guests(f.ID, 2)
	kinds := []scene.FairEntryKind{scene.EntrySeat, scene.EntryUnseat}
	n := 0
	var err error
	for ; err == nil && n < 1000; n++ {
		_, err = h.seat(all[0], act.ID, kinds[n%2], n)
	}
	expectCode(t, "too many changes", err, scene.TooLarge, "fair.retold")
	if n != 41 {
		t.Errorf("refused at change %d", n)
	}
	if fresh, err := h.seat(all[0], act.ID, kinds[0], 0); err != nil || fresh {
		t.Errorf("what was sent before: %v, %v", fresh, err)
	}
	if _, err := h.seat(all[1], act.ID, scene.EntrySeat, 0); err != nil {
		t.Errorf("another link: %v", err)
	}
	if _, err := h.EnterAsGuest(t.Context(), all[0].Delegates[0].Code, "", scene.FairEntry{Key: "arrived-here", Kind: scene.EntryArrived}); err != nil {
		t.Errorf("another thing: %v", err)
	}
}
