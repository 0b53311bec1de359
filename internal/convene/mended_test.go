package convene_test

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// abroad is a fair of eight parties of which four speak English alone, with two
// interpreters, published, while its first slot runs.
func (h *hall) abroad() (f scene.Fair, p []scene.FairParty) {
	h.t.Helper()
	f = h.fair(func(f *scene.Fair) { f.Interpreters, f.Min = 2, 0 })
	p = h.guests(f.ID, 8)
	for i := range 4 {
		x, err := h.Amend(h.t.Context(), steward(), p[i].ID, convene.PartyForm{Name: p[i].Name, Delegates: p[i].Delegates, Languages: []string{"en"}})
		if err != nil {
			h.t.Fatal(err)
		}
		h.wish(x, scene.WishWant, p[4], p[5], p[6])
	}
	v := h.plan(f.ID)
	if len(v.Plan.Meetings) != 12 {
		h.t.Fatalf("%d meetings", len(v.Plan.Meetings))
	}
	h.setNow(f.Slots[0].Start.Add(time.Minute))
	return f, p
}

// interpreters changes how many a fair has.
func (h *hall) interpreters(fair scene.ID, n int) {
	h.t.Helper()
	f, err := h.Fair(h.t.Context(), steward(), fair)
	if err != nil {
		h.t.Fatal(err)
	}
	f.Interpreters = n
	if _, err := h.Edit(h.t.Context(), steward(), f); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) publishes(fair scene.ID, despite ...convene.Despite) *convene.Version {
	h.t.Helper()
	v, err := h.Publish(h.t.Context(), steward(), fair, h.drafted(fair).Row.Revision, nil, despite...)
	if err != nil {
		h.t.Fatal(told(err))
	}
	return v
}

// atOnce is how many meetings with an interpreter a plan has in each slot.
func atOnce(v *convene.Version) map[string]int {
	needs, n := v.Interpreted(), map[string]int{}
	for i := range v.Plan.Meetings {
		if needs[v.Plan.Meetings[i].ID] {
			n[v.Plan.Meetings[i].Slot]++
		}
	}
	return n
}

// TestFewerInterpreters: what cannot have an interpreter any more is warned of, and a
// repair moves or drops it; what runs stays with its own, and nothing keeps the repair
// from being published.
func TestFewerInterpreters(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.abroad()
	if n := h.board(f.ID).Short(h.now()); n != 0 {
		t.Errorf("%d are short of two interpreters", n)
	}
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(err)
	}
	old := h.drafted(f.ID)
	h.interpreters(f.ID, 1)
	_, err := h.Publish(ctx, steward(), f.ID, old.Row.Revision, nil)
	expectCode(t, "a draft with more interpreters than there are", err, scene.Precondition, "fair.draft_stale")
	if fields := fieldsOf(err); len(fields) != 5 || fields[0].Key != "fair.clash_interpreters" {
		t.Errorf("told %+v", fields)
	}
	if n := h.board(f.ID).Short(h.now()); n != 5 {
		t.Errorf("%d are short of one interpreter, want one in each slot to come", n)
	}
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(err)
	}
	d := h.drafted(f.ID)
	if len(d.Row.Changes) != 5 || d.Row.Changes[0].Why != "interpreters" {
		t.Errorf("changes %+v", d.Row.Changes)
	}
	v := h.publishes(f.ID)
	for slot, n := range atOnce(v) {
		if slot == f.Slots[0].ID && n != 2 || slot != f.Slots[0].ID && n != 1 {
			t.Errorf("%d interpreters at %s", n, slot)
		}
	}
	if n := h.board(f.ID).Short(h.now()); n != 0 {
		t.Errorf("%d are short after the repair", n)
	}
	if err := h.NoShow(ctx, steward(), f.ID, p[4].ID, nil, "absent-00001"); err != nil {
		t.Fatal(err)
	}
	h.publishes(f.ID)
	d = h.draft(f.ID)
	for slot, n := range atOnce(h.publishes(f.ID)) {
		if slot != f.Slots[0].ID && n > 1 {
			t.Errorf("planned anew: %d interpreters at %s", n, slot)
		}
	}
	for i := range d.Plan.Unplanned {
		if u := &d.Plan.Unplanned[i]; u.Reason == agenda.ReasonTablesFull {
			t.Errorf("no table is what lacks: %+v", u)
		}
	}
}

// TestNoInterpreters: with none at all, meetings stay, and it is a change that nobody
// interprets; what runs keeps its own.
func TestNoInterpreters(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f, _ := h.abroad()
	h.interpreters(f.ID, 0)
	if err := h.Mend(t.Context(), steward(), f.ID, nil); err != nil {
		t.Fatal(err)
	}
	d := h.drafted(f.ID)
	if len(d.Plan.Meetings) != 12 || len(d.Row.Changes) != 10 || d.Row.Changes[0].Why != "alone" {
		t.Errorf("%d meetings, changes %+v", len(d.Plan.Meetings), d.Row.Changes)
	}
	if n := atOnce(h.publishes(f.ID)); len(n) != 1 || n[f.Slots[0].ID] != 2 {
		t.Errorf("interpreters %v", n)
	}
}

// TestWhatRunsStands: whatever contradicts itself, a plan made anew on the day keeps what
// was and what runs, plans nobody who is absent, and demands nothing for him.
func TestWhatRunsStands(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.abroad()
	h.setNow(f.Slots[1].Start.Add(time.Minute)) // one is over, one runs
	before, err := h.Published(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	h.wish(p[7], scene.WishMust, p[4])
	h.wish(p[4], scene.WishMust, p[7])
	if err := h.NoShow(ctx, steward(), f.ID, p[7].ID, nil, "absent-00001"); err != nil {
		t.Fatal(err)
	}
	if err := h.NoShow(ctx, steward(), f.ID, p[3].ID, slotIDs(&f)[2:], "absent-00002"); err != nil {
		t.Fatal(err)
	}
	x, err := h.Fair(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	x.Interpreters, x.Min, x.Max = 1, 1, 1 // fewer than have been already
	if _, err := h.Edit(ctx, steward(), x); err != nil {
		t.Fatal(told(err))
	}
	d := h.draft(f.ID)
	begun := slotIDs(&f)[:2]
	for _, seat := range before.Plan.Meetings {
		i := slices.IndexFunc(d.Plan.Meetings, func(s agenda.Seat) bool { return s.ID == seat.ID })
		if slices.Contains(begun, seat.Slot) && (i < 0 || placeOf(&d.Plan.Meetings[i]) != placeOf(&seat)) {
			t.Errorf("%s does not stand", seat.ID)
		}
	}
	for _, seat := range d.Plan.Meetings {
		late := slices.Contains(seat.Parties, string(p[7].ID)) || slices.Contains(seat.Parties, string(p[3].ID))
		if late && !slices.Contains(begun, seat.Slot) {
			t.Errorf("%s is planned with who is absent", seat.ID)
		}
	}
	if late := within(d.Plan, begun...); len(late) != len(within(before.Plan, begun...)) {
		t.Errorf("in slots that have begun %v", late)
	}
	for _, c := range d.Plan.Contradictions() {
		for _, r := range c.Conditions {
			if r.Party == string(p[7].ID) || r.Kind == agenda.RuleMust {
				t.Errorf("demanded for who is absent: %+v", r)
			}
		}
	}
	for i := range d.Plan.Unplanned {
		u := &d.Plan.Unplanned[i]
		if a, b := string(p[7].ID), string(p[4].ID); (u.ID == a+"~"+b || u.ID == b+"~"+a) && (u.Reason != agenda.ReasonAbsent || !slices.Equal(u.Detail.Parties, []string{a})) {
			t.Errorf("left out: %+v", u)
		}
	}
	if d.Mended() || len(d.Row.Causes) == 0 {
		t.Errorf("a plan made anew is told as a repair, or without what it allows for: %+v", d.Row.Causes)
	}
	h.publishes(f.ID)
}

// TestOneAtTwoTables: who comes to be the only one of two parties has one of their
// meetings at a time after a repair, and never both sides of one.
func TestOneAtTwoTables(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full(func(f *scene.Fair) { f.Max, f.Halls[0].Tables = 6, 5 })
	h.plan(f.ID)
	h.setNow(f.Slots[0].Start.Add(time.Minute))
	_, err := h.Amend(ctx, steward(), p[1].ID, convene.PartyForm{Name: p[1].Name, Delegates: []scene.Delegate{{ID: p[1].Delegates[0].ID, Name: p[0].Delegates[0].Name, Mail: p[0].Delegates[0].Mail}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(err)
	}
	d := h.drafted(f.ID)
	if said, err := h.TwoPlaces(ctx, steward(), f.ID); err != nil || len(said) > 0 || len(d.Row.Changes) == 0 || d.Row.Changes[0].Why != "person" {
		t.Errorf("in two places %+v, changes %+v, %v", said, d.Row.Changes, err)
	}
	h.publishes(f.ID)
	h.wish(p[0], scene.WishWant, p[1])
	d = h.draft(f.ID)
	for i := range d.Plan.Unplanned {
		if u := &d.Plan.Unplanned[i]; u.ID == string(p[0].ID)+"~"+string(p[1].ID) {
			if u.Reason != agenda.ReasonResource || !convene.BothSides(u.Detail.Resources[0]) {
				t.Errorf("both sides: %+v", u)
			}
			return
		}
	}
	t.Error("one person is both sides of a meeting")
}

// TestSeenInTwoPlaces: who sees that somebody is at two tables may publish it so.
func TestSeenInTwoPlaces(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(short)
	a, b := h.comer(f.ID, "甲公司", "林一", "lin@example.com"), h.comer(f.ID, "乙公司", "林一", "lin@example.com")
	c, x := h.comer(f.ID, "丙公司", "王", "w@example.com"), h.comer(f.ID, "丁公司", "赵", "z@example.com")
	h.wish(a, scene.WishWant, c)
	h.wish(b, scene.WishWant, x)
	d := h.draft(f.ID)
	left := d.Plan.Unplanned[0].ID
	if err := h.Move(ctx, steward(), f.ID, left, scene.FairPlace{Slot: f.Slots[0].ID, Table: "A02"}, true); scene.CodeOf(err) != scene.NotFound {
		t.Fatalf("what is not planned was moved: %v", err)
	}
	h.publishes(f.ID, convene.TwoPlacesSeen)
}

// TestOffersTogether: all that a repair offers can be added at once, and what is offered is
// not told as lacking a place; where it is added the reason says so.
func TestOffersTogether(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full(func(f *scene.Fair) { f.Halls[0].Tables, f.Max, f.Min = 4, 3, 0 })
	v := h.plan(f.ID)
	h.setNow(f.Slots[0].Start.Add(-time.Minute))
	x, err := h.Fair(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	x.Max = 0
	if _, err := h.Edit(ctx, steward(), x); err != nil {
		t.Fatal(err)
	}
	if err := h.NoShow(ctx, steward(), f.ID, p[0].ID, nil, "absent-00001"); err != nil {
		t.Fatal(err)
	}
	d := h.drafted(f.ID)
	if len(d.Offers) < 2 || len(v.Plan.Meetings) != 12 {
		t.Fatalf("%d offers, %d meetings", len(d.Offers), len(v.Plan.Meetings))
	}
	var ids []string
	for _, o := range d.Offers {
		ids = append(ids, o.ID)
		if i := slices.IndexFunc(d.Plan.Unplanned, func(u agenda.Unplanned) bool { return u.ID == o.ID }); i < 0 || d.Plan.Unplanned[i].Reason != agenda.ReasonOffered {
			t.Errorf("%s is left out otherwise", o.ID)
		}
	}
	v, err = h.Publish(ctx, steward(), f.ID, d.Row.Revision, ids)
	if err != nil {
		t.Fatal(told(err))
	}
	for _, c := range v.Row.Changes {
		if slices.Contains(ids, c.Meeting) && c.Why != "filled" {
			t.Errorf("added for %q", c.Why)
		}
	}
}
