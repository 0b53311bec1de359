package convene_test

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// TestOneDelegateLate: where the delegates of a party go alone, one who is there does
// not stand for another: who waits at the table of the other knows that he is late, and
// noted absent he loses his own meetings, not those of his colleague.
func TestOneDelegateLate(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p, ann, ben := h.team()
	v := h.plan(f.ID)
	party, who := p[0].ID, goesTo(v, p[0].ID)
	h.setNow(f.Slots[0].Start.Add(-time.Minute))
	arrive(t, h, f, p, party) // Ann, the first
	board := func() *convene.Board {
		t.Helper()
		b, err := h.Board(ctx, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	b := board()
	late := b.Missing(f.Slots[0].Start)
	if !slices.Contains(late, convene.Late{Party: party, Delegate: ben}) || slices.Contains(late, convene.Late{Party: party, Delegate: ann}) {
		t.Errorf("late are %v; Ben %s is, Ann is there", late, ben)
	}
	sides := func(b *convene.Board, want map[scene.ID]convene.Presence) {
		t.Helper()
		for i := range b.Rounds {
			for k := range b.Rounds[i].Meetings {
				m := &b.Rounds[i].Meetings[k]
				if d, mine := who[m.ID]; mine && b.Side(m, party) != want[d] {
					t.Errorf("%s at the meeting of %s is %v, want %v", p[0].Name, d, b.Side(m, party), want[d])
				}
			}
		}
	}
	sides(b, map[scene.ID]convene.Presence{ann: convene.Present, ben: convene.Expected})

	mark := b.Mark(party, ben)
	if err := h.NoShowOf(ctx, steward(), f.ID, party, ben, nil, b.AbsenceKey(party, ben)); err != nil {
		t.Fatal(err)
	}
	b = board()
	sides(b, map[scene.ID]convene.Presence{ann: convene.Present, ben: convene.Gone})
	if !b.There(party) || b.Absent(party, "") || !b.Absent(party, ben) || b.Absent(party, ann) || b.Mark(party, ben) == mark {
		t.Error("the absence of one is that of his party")
	}
	for _, x := range p[1:] {
		for _, a := range b.Appointments(x.ID, "") {
			if a.Absent != (who[a.ID] == ben) {
				t.Errorf("the other side of %s is told that it is absent: %v", a.ID, a.Absent)
			}
		}
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if d.Row.Note != p[0].Name+" · 本工" {
		t.Errorf("the draft is for %q", d.Row.Note)
	}
	now := goesTo(d, party)
	for _, s := range v.Plan.Meetings {
		if who[s.ID] == ann && now[s.ID] != ann {
			t.Errorf("Ann lost %s to her colleague's absence", s.ID)
		}
		if who[s.ID] == ben && now[s.ID] == ben {
			t.Errorf("Ben goes to %s still", s.ID)
		}
	}
	e := scene.FairEntry{FairID: f.ID, Key: b.ArrivalKey(party, ben), Kind: scene.EntryArrived, Party: party, Delegate: ben}
	if _, err := h.Enter(ctx, steward(), e); err != nil {
		t.Fatal(err)
	}
	sides(board(), map[scene.ID]convene.Presence{ann: convene.Present, ben: convene.Present})
	err = h.NoShowOf(ctx, steward(), f.ID, party, p[1].Delegates[0].ID, nil, "absent-other")
	expectCode(t, "a delegate of another party", err, scene.NotFound, "fair.no_such_delegate")
}

// TestColleagueTakesOver: who is free takes the meetings of a colleague who does not
// come, where they are.
func TestColleagueTakesOver(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	p := h.guests(f.ID, 2)
	first, err := h.Amend(ctx, steward(), p[0].ID, convene.PartyForm{Name: p[0].Name, Delegates: []scene.Delegate{{ID: p[0].Delegates[0].ID, Name: "安工"}, {Name: "本工"}}})
	if err != nil {
		t.Fatal(err)
	}
	h.wish(first, scene.WishWant, p[1])
	v := h.plan(f.ID)
	h.setNow(f.Slots[0].Start.Add(-time.Minute))
	ann, ben := first.Delegates[0].ID, first.Delegates[1].ID
	if who := goesTo(v, first.ID); len(who) != 1 || who[v.Plan.Meetings[0].ID] != ann {
		t.Fatalf("goes %v", who)
	}
	if err := h.NoShowOf(ctx, steward(), f.ID, first.ID, ann, nil, "absent-ann"); err != nil {
		t.Fatal(err)
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil || len(d.Plan.Meetings) != 1 || placeOf(&d.Plan.Meetings[0]) != placeOf(&v.Plan.Meetings[0]) || goesTo(d, first.ID)[v.Plan.Meetings[0].ID] != ben {
		t.Errorf("draft %+v, %v", d.Plan.Meetings, err)
	}
	if len(d.Row.Changes) != 1 || len(d.Row.Changes[0].Sits) != 1 || d.Row.Changes[0].Sits[0].To != ben {
		t.Errorf("changes %+v", d.Row.Changes)
	}
}

// TestNoShowWhileLate: a no-show in a hall that runs behind loses what runs by then and
// what is to come, by the clock and not by the programme.
func TestNoShowWhileLate(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	p := h.guests(f.ID, 4)
	h.wish(p[0], scene.WishWant, p[1:]...)
	v := h.plan(f.ID)
	first := len(f.Slots)
	for _, s := range v.Plan.Meetings {
		first = min(first, slices.IndexFunc(f.Slots, func(x scene.FairSlot) bool { return x.ID == s.Slot }))
	}
	h.setNow(f.Slots[first].End.Add(5 * time.Minute))
	if _, err := h.Delay(ctx, steward(), f.ID, 30); err != nil {
		t.Fatal(err)
	}
	if err := h.NoShow(ctx, steward(), f.ID, p[0].ID, nil, "absent-while-late"); err != nil {
		t.Fatal(err)
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil || len(d.Plan.Meetings) != 0 {
		t.Errorf("of %d meetings %+v are left, %v", len(v.Plan.Meetings), d.Plan.Meetings, err)
	}
}

// TestAwayInOneSlot: who is not there in one slot is expected at the meetings of the others.
func TestAwayInOneSlot(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	p := h.guests(f.ID, 3)
	h.wish(p[0], scene.WishWant, p[1:]...)
	v := h.plan(f.ID)
	if len(v.Plan.Meetings) != 2 {
		t.Fatalf("%+v", v.Plan.Meetings)
	}
	slot := v.Plan.Meetings[1].Slot
	h.setNow(f.Slots[0].Start.Add(-time.Hour))
	if err := h.NoShow(ctx, steward(), f.ID, p[0].ID, []string{slot}, "absent-one-slot"); err != nil {
		t.Fatal(err)
	}
	b, err := h.Board(ctx, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range p[1:] {
		for _, a := range b.Appointments(x.ID, "") {
			if a.Absent != (a.Round.Slot.ID == slot) {
				t.Errorf("the other side at %s is told absent: %v", a.Round.Slot.ID, a.Absent)
			}
		}
	}
	at := func(id string) time.Time {
		return f.Slots[slices.IndexFunc(f.Slots, func(x scene.FairSlot) bool { return x.ID == id })].Start
	}
	if late := b.Missing(at(v.Plan.Meetings[0].Slot)); !slices.Contains(late, convene.Late{Party: p[0].ID}) {
		t.Errorf("late at the other meeting are %v", late)
	}
	if !b.Noted(p[0].ID) || b.Noted(p[1].ID) {
		t.Error("who was noted absent is not told")
	}
}
