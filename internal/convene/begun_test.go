package convene_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

func (h *hall) drafted(fair scene.ID) *convene.Version {
	h.t.Helper()
	d, err := h.Draft(h.t.Context(), steward(), fair)
	if err != nil || d == nil {
		h.t.Fatalf("no draft: %v", err)
	}
	return d
}

// within are the meetings of a plan in slots, with their places.
func within(p *agenda.Plan, slots ...string) map[string]scene.FairPlace {
	out := map[string]scene.FairPlace{}
	for i := range p.Meetings {
		if slices.Contains(slots, p.Meetings[i].Slot) {
			out[p.Meetings[i].ID] = placeOf(&p.Meetings[i])
		}
	}
	return out
}

// TestNothingNewOnceBegun: neither a plan made on the day nor a repair, nor what it
// offers, nor a hand puts a meeting into a slot that runs or is over; what stands there
// stays, also for one who left since or would not come again.
func TestNothingNewOnceBegun(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full(func(f *scene.Fair) { f.Max, f.Halls[0].Tables = 6, 5 })
	v := h.plan(f.ID)
	h.setNow(f.Slots[1].Start.Add(8 * time.Minute))
	begun := slotIDs(&f)[:2]
	was := within(v.Plan, begun...)
	if len(was) == 0 {
		t.Fatal("nothing has begun")
	}
	same := func(what string, plan *agenda.Plan) {
		t.Helper()
		now := within(plan, begun...)
		if len(now) != len(was) {
			t.Errorf("%s: %d meetings in slots that have begun, published were %d", what, len(now), len(was))
		}
		for id, at := range was {
			if now[id] != at {
				t.Errorf("%s: %s was at %v and is at %v", what, id, at, now[id])
			}
		}
	}
	x, err := h.Join(ctx, steward(), f.ID, "", convene.PartyForm{Name: "不速之客", Delegates: []scene.Delegate{{Name: "客"}}})
	if err != nil {
		t.Fatal(err)
	}
	h.wish(x, scene.WishWant, p...)
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(err)
	}
	d := h.drafted(f.ID)
	same("repaired", d.Plan)
	if len(d.Offers) == 0 {
		t.Error("nothing is offered")
	}
	for _, o := range d.Offers {
		if slices.Contains(begun, o.Slot) {
			t.Errorf("offered is %+v, which has begun", o)
		}
	}
	moved := d.Plan.Meetings[slices.IndexFunc(d.Plan.Meetings, func(s agenda.Seat) bool { return !slices.Contains(begun, s.Slot) })]
	err = h.Move(ctx, steward(), f.ID, moved.ID, scene.FairPlace{Slot: begun[1], Table: "A05"}, true)
	expectCode(t, "moved into what runs", err, scene.Precondition, "fair.move_clash")
	if fields := fieldsOf(err); len(fields) != 1 || fields[0].Key != "fair.clash_begun" || fields[0].Args["slot"] == begun[1] {
		t.Errorf("told %+v", fields)
	}
	held := v.Plan.Meetings[slices.IndexFunc(v.Plan.Meetings, func(s agenda.Seat) bool { return slices.Contains(begun, s.Slot) })]
	left := slices.IndexFunc(p, func(x scene.FairParty) bool { return string(x.ID) == held.Parties[0] })
	h.wish(p[left], scene.WishNever, scene.FairParty{ID: scene.ID(held.Parties[1])})
	d = h.draft(f.ID)
	same("planned on the day", d.Plan)
	if broken := agenda.Check(d.Problem, d.Plan); len(broken) > 0 {
		t.Errorf("the plan breaks %v", broken)
	}
	h.setNow(f.Slots[5].Start)
	expectCode(t, "planned when the last slot runs", h.Plan(ctx, steward(), f.ID, 0), scene.Precondition, "fair.no_slot_left")
}

// TestPlannedTooLate: a plan that is published after its first slots began says which
// meetings nobody can be told of in time, and goes out by a deliberate word alone.
func TestPlannedTooLate(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, _ := h.full()
	h.setNow(f.Slots[2].Start.Add(time.Minute))
	d := h.draft(f.ID)
	if late := within(d.Plan, f.Slots[0].ID, f.Slots[1].ID, f.Slots[2].ID); len(late) > 0 || len(d.Plan.Meetings) == 0 {
		t.Errorf("%d meetings, of which have begun %v", len(d.Plan.Meetings), late)
	}
	first := slices.MinFunc(d.Plan.Meetings, func(a, b agenda.Seat) int {
		return slices.Index(slotIDs(&f), a.Slot) - slices.Index(slotIDs(&f), b.Slot)
	})
	h.setNow(f.Slots[slices.Index(slotIDs(&f), first.Slot)].Start.Add(time.Minute))
	_, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil)
	expectCode(t, "published a slot later", err, scene.Precondition, "fair.begun_look")
	if fields := fieldsOf(err); len(fields) != len(within(d.Plan, first.Slot)) || fields[0].Key != "fair.begun_meeting" || !contains(fields[0].Args["id"].(string), "公司") {
		t.Errorf("told %+v", fields)
	}
	if late := d.Begun(nil, &f, h.now()); len(late) != len(within(d.Plan, first.Slot)) {
		t.Errorf("too late are %+v", late)
	}
	if _, err = h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil, convene.BegunSeen); err != nil {
		t.Errorf("all the same: %v", err)
	}
}

// TestClosedStaysClosed: a table is named in letters of any case, and stays closed when
// something else is repaired or planned, until it is opened again.
func TestClosedStaysClosed(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	h.plan(f.ID)
	h.setNow(f.Slots[1].End)
	closed := func(what string, want bool) {
		t.Helper()
		d := h.drafted(f.ID)
		ready, err := h.Prepared(ctx, steward(), &f)
		if got := slices.Contains(ready.Closed, "A01"); got != want || err != nil {
			t.Errorf("%s: A01 is closed: %v, %v", what, got, err)
		}
		if at := slices.ContainsFunc(d.Plan.Meetings, func(s agenda.Seat) bool { return s.Table == "A01" && slices.Contains(slotIDs(&f)[3:], s.Slot) }); want && at {
			t.Errorf("%s: somebody meets at the closed table", what)
		}
	}
	if err := h.Mend(ctx, steward(), f.ID, []scene.FairPlace{{Table: " ａ01"}}); err != nil {
		t.Fatal(err)
	}
	closed("closed", true)
	if err := h.NoShow(ctx, steward(), f.ID, p[0].ID, nil, "absent-00001"); err != nil {
		t.Fatal(err)
	}
	closed("after a no-show", true)
	closed("planned again", h.draft(f.ID) != nil)
	if err := h.Reopen(ctx, steward(), f.ID, "a01"); err != nil {
		t.Fatal(err)
	}
	closed("opened", false)
	if err := h.Mend(ctx, steward(), f.ID, []scene.FairPlace{{Table: "A01"}}); err != nil {
		t.Fatal(err)
	}
	closed("closed again", true)
	if err := h.Discard(ctx, steward(), f.ID); err != nil {
		t.Fatal(err)
	}
	if ready, err := h.Prepared(ctx, steward(), &f); len(ready.Closed) > 0 || err != nil {
		t.Errorf("after the draft was let go %v are closed, %v", ready.Closed, err)
	}
	_, err := h.Prepared(ctx, ofOrg("o"), &f)
	expectCode(t, "an account", err, scene.Forbidden, "")
}

// TestClosedWhileItRuns: who sits at a table that is closed talks on; it is closed from
// the next slot, and opening it again has nothing to put back.
func TestClosedWhileItRuns(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, _ := h.full()
	v := h.plan(f.ID)
	h.setNow(f.Slots[1].Start.Add(4 * time.Minute))
	was := within(v.Plan, slotIDs(&f)[:2]...)
	if !slices.ContainsFunc(v.Plan.Meetings, func(s agenda.Seat) bool { return s.Table == "A01" && s.Slot == f.Slots[1].ID }) {
		t.Fatal("nothing runs at A01")
	}
	look := func(what string, closed bool) {
		t.Helper()
		d := h.drafted(f.ID)
		if now := within(d.Plan, slotIDs(&f)[:2]...); !maps.Equal(now, was) {
			t.Errorf("%s: what has begun is %v, was %v", what, now, was)
		}
		if at := slices.ContainsFunc(d.Plan.Meetings, func(s agenda.Seat) bool { return s.Table == "A01" && slices.Contains(slotIDs(&f)[2:], s.Slot) }); at == closed {
			t.Errorf("%s: somebody meets at A01 later: %v", what, at)
		}
		if ready, err := h.Prepared(ctx, steward(), &f); slices.Contains(ready.Closed, "A01") != closed || err != nil {
			t.Errorf("%s: closed are %v, %v", what, ready.Closed, err)
		}
		if broken := agenda.Check(d.Problem, d.Plan); len(broken) > 0 {
			t.Errorf("%s: the draft breaks %v", what, broken)
		}
	}
	if err := h.Mend(ctx, steward(), f.ID, []scene.FairPlace{{Table: "A01"}}); err != nil {
		t.Fatal(err)
	}
	look("closed", true)
	h.publishes(f.ID)
	if list, err := h.StruckAt(ctx, steward(), f.ID, "A01"); err != nil || slices.ContainsFunc(list, func(x convene.Struck) bool { return !x.Ahead }) {
		t.Errorf("taken out are %+v, %v", list, err)
	}
	if err := h.Reopen(ctx, steward(), f.ID, "A01"); err != nil {
		t.Fatal(err)
	}
	if now := within(h.drafted(f.ID).Plan, slotIDs(&f)[:2]...); !maps.Equal(now, was) {
		t.Errorf("opened: what has begun is %v, was %v", now, was)
	}
	if err := h.Mend(ctx, steward(), f.ID, []scene.FairPlace{{Table: "A01", Slot: f.Slots[1].ID}}); err != nil {
		t.Fatal(err)
	}
	if now := within(h.drafted(f.ID).Plan, slotIDs(&f)[:2]...); !maps.Equal(now, was) {
		t.Errorf("closed for the slot that runs: %v, was %v", now, was)
	}
}
