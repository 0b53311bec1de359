package convene_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// pairOfOne is a fair of one slot at which 林一 comes for a party that sends one of two,
// and alone for another one.
func (h *hall) pairOfOne() (f scene.Fair, team, alone, x, y scene.FairParty) {
	h.t.Helper()
	f = h.fair(short)
	team, err := h.Join(h.t.Context(), steward(), f.ID, "", convene.PartyForm{Name: "栖帆", Delegates: []scene.Delegate{{Name: "林一", Mail: "lin@example.com"}, {Name: "陈二"}}})
	if err != nil {
		h.t.Fatal(err)
	}
	alone = h.comer(f.ID, "栖帆分公司", "林一", "lin@example.com")
	x, y = h.comer(f.ID, "澄安", "澄甲", ""), h.comer(f.ID, "砚舟", "砚甲", "")
	h.wish(team, scene.WishWant, x)
	h.wish(alone, scene.WishWant, y)
	return f, team, alone, x, y
}

// TestColleagueGoesWhileHeSitsElsewhere: who sits for another party does not go for his
// own one where a colleague can; and a repair does not send him to two tables either,
// when the colleague does not come.
func TestColleagueGoesWhileHeSitsElsewhere(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, team, alone, _, _ := h.pairOfOne()
	lin, chen := team.Delegates[0].ID, team.Delegates[1].ID
	v := h.plan(f.ID)
	who := goesTo(v, team.ID)
	if len(v.Plan.Meetings) != 2 || len(who) != 1 {
		t.Fatalf("planned %+v", v.Plan.Meetings)
	}
	for id, d := range who {
		if d != chen {
			t.Errorf("to %s goes %s, who sits at another table", id, d)
		}
	}
	h.setNow(f.Slots[0].Start.Add(-time.Minute))
	if err := h.NoShowOf(ctx, steward(), f.ID, team.ID, chen, nil, "absent-chen-1"); err != nil {
		t.Fatal(told(err))
	}
	d := h.drafted(f.ID)
	for _, s := range d.Plan.Meetings {
		if slices.Contains(s.Parties, string(team.ID)) && slices.ContainsFunc(d.Plan.Meetings, func(o agenda.Seat) bool { return slices.Contains(o.Parties, string(alone.ID)) }) {
			t.Errorf("%s (%s) is at two tables: %+v", lin, s.Delegates[string(team.ID)], d.Plan.Meetings)
		}
	}
	if said, err := h.TwoPlaces(ctx, steward(), f.ID); err != nil || len(said) != 0 {
		t.Errorf("two places: %+v, %v", said, err)
	}
	if len(d.Row.Changes) != 1 {
		t.Errorf("changes %+v", d.Row.Changes)
	}
}

// TestPutBackKeepsOnePlace: a meeting is not put back into a slot in which its delegate
// sits for another party by now.
func TestPutBackKeepsOnePlace(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(short)
	a, b := h.comer(f.ID, "栖帆", "林一", "lin@example.com"), h.comer(f.ID, "栖帆分公司", "林一", "lin@example.com")
	x, y := h.comer(f.ID, "澄安", "澄甲", ""), h.comer(f.ID, "砚舟", "砚甲", "")
	h.wish(a, scene.WishMust, x)
	v := h.plan(f.ID)
	if len(v.Plan.Meetings) != 1 {
		t.Fatalf("planned %+v", v.Plan.Meetings)
	}
	h.setNow(f.Slots[0].Start.Add(-time.Hour))
	if err := h.NoShow(ctx, steward(), f.ID, a.ID, nil, "absent-000001"); err != nil {
		t.Fatal(err)
	}
	h.wish(b, scene.WishWant, y)
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(err)
	}
	d := h.drafted(f.ID)
	if len(d.Offers) != 1 {
		t.Fatalf("offers %+v", d.Offers)
	}
	if _, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, []string{d.Offers[0].ID}); err != nil {
		t.Fatal(told(err))
	}
	h.arrives(a)
	if err := h.PutBack(ctx, steward(), f.ID, a.ID); err != nil {
		t.Fatal(told(err))
	}
	if d = h.drafted(f.ID); len(d.Plan.Meetings) != 1 || !slices.Contains(d.Plan.Meetings[0].Parties, string(b.ID)) {
		t.Errorf("put back %+v", d.Plan.Meetings)
	}
}

// TestUnknownTable: a table that is not there is answered with those that may have been
// meant and with all there are, closing and opening alike; the draft stays as it is.
func TestUnknownTable(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, _ := h.full()
	h.plan(f.ID)
	for what, err := range map[string]error{
		"closing": h.Mend(ctx, steward(), f.ID, []scene.FairPlace{{Table: "A2"}}),
		"opening": h.Reopen(ctx, steward(), f.ID, "A2"),
	} {
		expectCode(t, what, err, scene.Invalid, "fair.no_such_table")
		e, _ := errors.AsType[*scene.Error](err)
		if near, _ := e.Args["near"].([]string); len(near) < 2 || near[0] != "A02" || e.Args["table"] != "A2" || !slices.Equal(e.Args["all"].([]string), []string{"A01–A03"}) {
			t.Errorf("%s: %+v", what, e.Args)
		}
	}
	if d, err := h.Draft(ctx, steward(), f.ID); err != nil || d != nil {
		t.Errorf("a draft was made: %v", err)
	}
}

// TestReopenedTableGetsItsMeetingsBack: what was taken out as a table was closed, and
// published so, is told once the table is open again, and put back by one word.
func TestReopenedTableGetsItsMeetingsBack(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(short, func(f *scene.Fair) { f.Halls[0].Tables = 2 })
	p := h.guests(f.ID, 4)
	h.wish(p[0], scene.WishWant, p[1])
	h.wish(p[2], scene.WishWant, p[3])
	v := h.plan(f.ID)
	if len(v.Plan.Meetings) != 2 {
		t.Fatalf("planned %+v", v.Plan.Meetings)
	}
	h.setNow(f.Slots[0].Start.Add(-time.Hour))
	if err := h.Mend(ctx, steward(), f.ID, []scene.FairPlace{{Table: "a02"}}); err != nil {
		t.Fatal(told(err))
	}
	if _, err := h.Publish(ctx, steward(), f.ID, h.drafted(f.ID).Row.Revision, nil); err != nil {
		t.Fatal(told(err))
	}
	if err := h.Reopen(ctx, steward(), f.ID, "a02"); err != nil {
		t.Fatal(told(err))
	}
	if d := h.drafted(f.ID); len(d.Plan.Meetings) != 1 {
		t.Fatalf("reopened %+v", d.Plan.Meetings)
	}
	lost, err := h.StruckAt(ctx, steward(), f.ID, "a02")
	if err != nil || len(lost) != 1 || !lost[0].Ahead || lost[0].At.Table != "A02" || len(lost[0].Parties) != 2 {
		t.Fatalf("lost %+v, %v", lost, err)
	}
	if other, err := h.StruckAt(ctx, steward(), f.ID, "A01"); err != nil || len(other) != 0 {
		t.Errorf("of the other table %+v, %v", other, err)
	}
	if err := h.PutBackAt(ctx, steward(), f.ID, "a02"); err != nil {
		t.Fatal(told(err))
	}
	d := h.drafted(f.ID)
	if len(d.Plan.Meetings) != 2 || len(d.Row.Changes) != 1 || *d.Row.Changes[0].To != lost[0].At {
		t.Errorf("put back %+v", d.Row.Changes)
	}
	if _, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil); err != nil {
		t.Fatal(told(err))
	}
	if lost, err = h.StruckAt(ctx, steward(), f.ID, "A02"); err != nil || len(lost) != 0 {
		t.Errorf("lost still %+v, %v", lost, err)
	}
	expectCode(t, "a visitor", h.PutBackAt(ctx, scene.Actor{}, f.ID, "A02"), scene.Unauthorized, "")
}
