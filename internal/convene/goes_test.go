package convene_test

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// team is a fair at which the first party sends two delegates, each alone, to four
// others in two slots.
func (h *hall) team() (f scene.Fair, p []scene.FairParty, ann, ben scene.ID) {
	h.t.Helper()
	f = h.fair()
	p = h.guests(f.ID, 5)
	first, err := h.Amend(h.t.Context(), steward(), p[0].ID, convene.PartyForm{Name: p[0].Name, Delegates: []scene.Delegate{
		{ID: p[0].Delegates[0].ID, Name: "安工"}, {Name: "本工"},
	}, Away: slotIDs(&f)[2:]})
	if err != nil {
		h.t.Fatal(err)
	}
	p[0] = first
	h.wish(p[0], scene.WishWant, p[1], p[2], p[3], p[4])
	return f, p, first.Delegates[0].ID, first.Delegates[1].ID
}

// goesTo is who takes each meeting for a party.
func goesTo(v *convene.Version, party scene.ID) map[string]scene.ID {
	out := map[string]scene.ID{}
	for i := range v.Plan.Meetings {
		if who, there := v.Plan.Meetings[i].Delegates[string(party)]; there {
			out[v.Plan.Meetings[i].ID] = scene.ID(who)
		}
	}
	return out
}

// fellows are two meetings at one time to which the two delegates go.
func fellows(t *testing.T, v *convene.Version, ann, ben, party scene.ID) (a, b *agenda.Seat) {
	t.Helper()
	who := goesTo(v, party)
	for i := range v.Plan.Meetings {
		for k := range v.Plan.Meetings {
			a, b = &v.Plan.Meetings[i], &v.Plan.Meetings[k]
			if a.Slot == b.Slot && who[a.ID] == ann && who[b.ID] == ben {
				return a, b
			}
		}
	}
	t.Fatal("no two meetings at one time")
	return nil, nil
}

func TestChooseWhoGoes(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p, ann, ben := h.team()
	party := p[0].ID
	d := h.draft(f.ID)
	a, b := fellows(t, d, ann, ben, party)
	err := h.Choose(ctx, steward(), f.ID, a.ID, party, ben, false)
	expectCode(t, "one who is elsewhere", err, scene.Precondition, "fair.goes_clash")
	if fields := fieldsOf(err); len(fields) != 1 || fields[0].Key != "fair.clash_sits" || fields[0].Args["delegate"] != "本工" || fields[0].Args["table"] != b.Table {
		t.Errorf("told %+v", fields)
	}
	expectCode(t, "one of another party", h.Choose(ctx, steward(), f.ID, a.ID, party, p[1].Delegates[0].ID, false), scene.NotFound, "fair.no_such_delegate")
	expectCode(t, "a party of one", h.Choose(ctx, steward(), f.ID, a.ID, scene.ID(otherOf(a, party)), ben, false), scene.Precondition, "fair.goes_together")
	expectCode(t, "a meeting of others", h.Choose(ctx, steward(), f.ID, a.ID, "nobody", ben, false), scene.NotFound, "fair.no_such_meeting")
	if err := h.Choose(ctx, steward(), f.ID, a.ID, party, ben, true); err != nil {
		t.Fatal(told(err))
	}
	d, err = h.Draft(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if who := goesTo(d, party); who[a.ID] != ben || who[b.ID] != ann {
		t.Errorf("after the change of places: %v", who)
	}
	// Solved again, the choice holds, and a second one that cannot be at the same time.
	if err := h.Choose(ctx, steward(), f.ID, b.ID, party, ben, false); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("both at one time: %v", err)
	}
	for range 3 {
		d = h.draft(f.ID)
		if who := goesTo(d, party); who[a.ID] != ben || len(who) != 4 {
			t.Errorf("solved again: %v", who)
		}
	}
	// With time for it, he takes one after the other.
	if _, err := h.Amend(ctx, steward(), party, convene.PartyForm{Name: p[0].Name, Delegates: []scene.Delegate{{ID: ann, Name: "安工"}, {ID: ben, Name: "本工"}}}); err != nil {
		t.Fatal(err)
	}
	d = h.draft(f.ID)
	for _, s := range d.Plan.Meetings {
		if err := h.Choose(ctx, steward(), f.ID, s.ID, party, ben, true); err != nil {
			t.Fatal(told(err))
		}
	}
	d = h.draft(f.ID)
	chosen, times := 0, map[string]bool{}
	for _, s := range d.Plan.Meetings {
		if d.Row.Goes.Of(s.ID, party) == ben {
			chosen++
			times[s.Slot] = true
		}
	}
	if who := goesTo(d, party); chosen < 2 || len(times) != chosen || len(d.Row.Goes) != chosen {
		t.Errorf("%d choices at %d times of %d, who %v", chosen, len(times), len(d.Row.Goes), who)
	}
}

func otherOf(s *agenda.Seat, party scene.ID) string {
	return s.Parties[1-slices.Index(s.Parties, string(party))]
}

// TestAColleagueGoesInstead: a published choice is kept by a repair, told to both sides,
// shown on the schedule of who goes, and ends with the delegate.
func TestAColleagueGoesInstead(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p, ann, ben := h.team()
	party := p[0].ID
	v := h.plan(f.ID)
	a, b := fellows(t, v, ann, ben, party)
	if err := h.Choose(ctx, steward(), f.ID, a.ID, party, ben, true); err != nil {
		t.Fatal(told(err))
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if v, err = h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil); err != nil {
		t.Fatal(told(err))
	}
	if len(v.Row.Changes) != 2 {
		t.Fatalf("changes %+v", v.Row.Changes)
	}
	for _, c := range v.Row.Changes {
		if *c.From != *c.To || len(c.Sits) != 1 || c.Sits[0].Party != party || len(c.Parties) != 2 {
			t.Errorf("change %+v", c)
		}
	}
	board, err := h.Board(ctx, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	meets := func(delegate scene.ID, meeting string) bool {
		return slices.ContainsFunc(board.Appointments(party, delegate), func(x convene.Appointment) bool { return x.ID == meeting })
	}
	if !meets(ben, a.ID) || meets(ann, a.ID) || !meets(ann, b.ID) || meets(ben, b.ID) {
		t.Error("the schedules are not those of who goes")
	}
	if err := h.NoShow(ctx, steward(), f.ID, scene.ID(otherOf(b, party)), nil, "absent-now"); err != nil {
		t.Fatal(err)
	}
	if d, err = h.Draft(ctx, steward(), f.ID); err != nil || goesTo(d, party)[a.ID] != ben || d.Row.Goes.Of(a.ID, party) != ben {
		t.Errorf("after a repair %+v, %v", d.Row.Goes, err)
	}
	// Ben is replaced: somebody else goes, and meanwhile the meeting is everybody's.
	if _, err := h.Amend(ctx, steward(), party, convene.PartyForm{Name: p[0].Name, Delegates: []scene.Delegate{{ID: ann, Name: "安工"}, {Name: "陈工"}}, Away: slotIDs(&f)[2:]}); err != nil {
		t.Fatal(err)
	}
	if board, err = h.Board(ctx, f.ID); err != nil || !meets(ann, a.ID) {
		t.Errorf("a meeting whose delegate left is nobody's: %v", err)
	}
	d = h.draft(f.ID)
	if who := goesTo(d, party); d.Row.Goes.Of(a.ID, party) != "" || slices.Contains([]scene.ID{ben, ""}, who[a.ID]) {
		t.Errorf("after he left: %v, choices %v", who, d.Row.Goes)
	}
}

func slotIDs(f *scene.Fair) (ids []string) {
	for i := range f.Slots {
		ids = append(ids, f.Slots[i].ID)
	}
	return ids
}

// without takes a delegate out of the first party of a team, for somebody new.
func (h *hall) without(f *scene.Fair, p scene.FairParty, stays scene.ID) {
	h.t.Helper()
	_, err := h.Amend(h.t.Context(), steward(), p.ID, convene.PartyForm{Name: p.Name, Away: slotIDs(f)[2:], Delegates: []scene.Delegate{{ID: stays, Name: "安工"}, {Name: "陈工"}}})
	if err != nil {
		h.t.Fatal(err)
	}
}

// TestWhoWentIsKept: a repair tells nobody that somebody else went to what is over, and
// keeps what was chosen in a draft that it replaces.
func TestWhoWentIsKept(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p, ann, ben := h.team()
	party := p[0].ID
	v := h.plan(f.ID)
	a, b := fellows(t, v, ann, ben, party)
	first, err := h.Board(ctx, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Choose(ctx, steward(), f.ID, b.ID, party, ben, false); err != nil {
		t.Fatal(told(err))
	}
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(told(err))
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil || d.Row.Goes.Of(b.ID, party) != ben {
		t.Errorf("a repair forgets who was chosen: %v, %v", d.Row.Goes, err)
	}
	h.setNow(f.Slots[1].End.Add(time.Minute))
	h.without(&f, p[0], ann)
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(told(err))
	}
	if d, err = h.Draft(ctx, steward(), f.ID); err != nil || len(d.Row.Changes) > 0 {
		t.Errorf("what is over is told as changed: %+v, %v", d.Row.Changes, err)
	}
	if who := goesTo(d, party); who[a.ID] != ann || who[b.ID] != ben {
		t.Errorf("who went: %v", who)
	}
	if board, err := h.Board(ctx, f.ID); err != nil || board.Print == first.Print {
		t.Errorf("the print of a board stays when a party names others: %v, %v", board.Print, err)
	}
}

// TestAMoveNamesTheOtherMeeting: whom a moved meeting would take from another one is
// told with that other one, whichever comes first.
func TestAMoveNamesTheOtherMeeting(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p, _, ben := h.team()
	d := h.draft(f.ID)
	var of []agenda.Seat
	for _, s := range d.Plan.Meetings {
		if goesTo(d, p[0].ID)[s.ID] == ben {
			of = append(of, s)
		}
	}
	if len(of) != 2 {
		t.Fatalf("%d meetings of one delegate", len(of))
	}
	for i := range of {
		if err := h.Choose(ctx, steward(), f.ID, of[i].ID, p[0].ID, ben, false); err != nil {
			t.Fatal(told(err))
		}
	}
	for i := range of {
		err := h.Move(ctx, steward(), f.ID, of[i].ID, scene.FairPlace{Slot: of[1-i].Slot, Table: "A03"}, false)
		expectCode(t, "a move", err, scene.Precondition, "fair.move_clash")
		for _, x := range fieldsOf(err) {
			if x.Key == "fair.clash_sits" && x.Args["table"] != of[1-i].Table {
				t.Errorf("moving %d: told %+v", i, x)
			}
		}
	}
}

// TestADraftThatWasOvertaken: a draft that was begun before what is published now is not
// published over it.
func TestADraftThatWasOvertaken(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, _, _, _ := h.team()
	h.plan(f.ID)
	late := h.draft(f.ID).Row
	h.plan(f.ID)
	late.Revision = 0
	err := h.rows.Update(ctx, func(tx store.Tx) (err error) { late, err = tx.Fairs().PutPlan(ctx, late); return err })
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Publish(ctx, steward(), f.ID, late.Revision, nil)
	expectCode(t, "an overtaken draft", err, scene.Conflict, "fair.draft_overtaken")
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(told(err))
	}
	if d, err := h.Draft(ctx, steward(), f.ID); err != nil || d.Row.Base != 2 {
		t.Errorf("mended: %+v, %v", d.Row.Base, err)
	}
}
