package convene_test

import (
	"testing"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
)

// TestReportComparesLikeWithLike: what is set beside first come, first served is the plan
// of before the day, whatever happened on it: neither knows of who did not come, of late
// wishes, or of slots that were over.
func TestReportComparesLikeWithLike(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	first := h.plan(f.ID)
	h.setNow(f.Slots[1].Start)
	for _, i := range []int{0, 5} {
		if err := h.NoShow(ctx, steward(), f.ID, p[i].ID, nil, "absent-"+string(p[i].ID)); err != nil {
			t.Fatal(err)
		}
	}
	h.wish(p[1], scene.WishWant, p[2], p[3])
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(err)
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := h.Report(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	greedy, err := agenda.Greedy(first.Problem)
	if err != nil {
		t.Fatal(err)
	}
	if want := agenda.Compare(first.Problem, greedy); r.Greedy.Comparison != want || r.Plan.Planned != len(first.Plan.Meetings) || r.Plan.Value != first.Plan.Value {
		t.Errorf("compared %+v with %+v; want %d meetings of %v and %+v", r.Plan, r.Greedy, len(first.Plan.Meetings), first.Plan.Value, want)
	}
	if r.Compared != 1 || r.Version != 2 || r.Planned != len(second.Plan.Meetings) || r.Planned >= r.Plan.Planned {
		t.Errorf("version %d compared, %d in force with %d meetings", r.Compared, r.Version, r.Planned)
	}
}

// TestRepairedIsNotShort: once everything that can still be is arranged, the plan says
// so, also with offers taken; what cannot be any more is told as left out.
func TestRepairedIsNotShort(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.Min, f.Max = 0, 0 })
	p := h.guests(f.ID, 4)
	h.wish(p[0], scene.WishWant, p[1])
	h.wish(p[2], scene.WishWant, p[3])
	h.plan(f.ID)
	h.wish(p[0], scene.WishWant, p[3])
	if err := h.NoShow(ctx, steward(), f.ID, p[2].ID, nil, "absent-0001"); err != nil {
		t.Fatal(err)
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil || len(d.Offers) != 1 {
		t.Fatalf("offers %+v, %v", d.Offers, err)
	}
	if d.Plan.Gap == 0 || len(d.Plan.Unplanned) != 2 {
		t.Errorf("with an offer to take: gap %v, left out %+v", d.Plan.Gap, d.Plan.Unplanned)
	}
	v, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, []string{d.Offers[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	if v.Plan.Gap != 0 || v.Plan.Value != 2 || len(v.Plan.Unplanned) != 1 || v.Plan.Unplanned[0].Reason != agenda.ReasonAbsent {
		t.Errorf("all arranged: value %v of %v, gap %v, left out %+v", v.Plan.Value, v.Plan.ValueUpperBound, v.Plan.Gap, v.Plan.Unplanned)
	}
}
