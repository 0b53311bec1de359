package convene_test

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// TestComesAfterAll: who comes after it was noted absent is told which meetings it lost,
// in a draft or published already; one word puts back those that can still be, where
// they were, and moves nothing else.
func TestComesAfterAll(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	v := h.plan(f.ID)
	h.setNow(f.Slots[0].Start.Add(-time.Minute))
	party := p[0].ID
	if err := h.NoShow(ctx, steward(), f.ID, party, nil, "absent-00001"); err != nil {
		t.Fatal(err)
	}
	lost := func() []convene.Struck {
		t.Helper()
		list, err := h.Struck(ctx, steward(), f.ID, party)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	own := func(plan *agenda.Plan) (n int) {
		for i := range plan.Meetings {
			if slices.Contains(plan.Meetings[i].Parties, string(party)) {
				n++
			}
		}
		return n
	}
	if list := lost(); len(list) != 4 || !list[0].Pending || !list[0].Ahead {
		t.Fatalf("lost in the draft %+v", list)
	}
	d := h.drafted(f.ID)
	if _, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil); err != nil {
		t.Fatal(err)
	}
	if list := lost(); len(list) != 4 || list[0].Pending {
		t.Fatalf("lost in the plan %+v", list)
	}
	other := p[1].ID // somebody else's absence makes another version in between
	if err := h.NoShow(ctx, steward(), f.ID, other, []string{f.Slots[5].ID}, "absent-00002"); err != nil {
		t.Fatal(err)
	}
	d = h.drafted(f.ID)
	if _, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil); err != nil {
		t.Fatal(err)
	}
	first := slices.IndexFunc(f.Slots, func(x scene.FairSlot) bool { return x.ID == lost()[0].At.Slot })
	h.setNow(f.Slots[first].Start.Add(time.Minute))
	arrive(t, h, f, p, party)
	list := lost()
	if len(list) != 4 || list[0].Ahead || !list[1].Ahead {
		t.Fatalf("lost %+v", list)
	}
	if err := h.PutBack(ctx, steward(), f.ID, party); err != nil {
		t.Fatal(err)
	}
	d = h.drafted(f.ID)
	if own(d.Plan) != 3 || d.Row.Note != p[0].Name || len(d.Row.Changes) != 3 {
		t.Errorf("%d of 3 are back, changes %+v", own(d.Plan), d.Row.Changes)
	}
	for _, x := range list[1:] {
		i := slices.IndexFunc(d.Plan.Meetings, func(s agenda.Seat) bool { return s.ID == x.Meeting })
		if i < 0 || placeOf(&d.Plan.Meetings[i]) != x.At {
			t.Errorf("%s is not back at %v", x.Meeting, x.At)
		}
	}
	if broken := agenda.Check(d.Problem, d.Plan); len(broken) > 0 {
		t.Errorf("the draft breaks %v", broken)
	}
	if _, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil); err != nil {
		t.Fatal(err)
	}
	if list := lost(); len(list) != 1 {
		t.Errorf("lost still %+v", list)
	}
	if own(v.Plan) != 4 {
		t.Errorf("%d meetings at first", own(v.Plan))
	}
	unplanned := h.fair()
	expectCode(t, "without a plan", h.PutBack(ctx, steward(), unplanned.ID, h.guests(unplanned.ID, 1)[0].ID), scene.Precondition, "fair.no_plan")
}
