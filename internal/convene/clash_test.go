package convene_test

import (
	"testing"

	"jinghe/internal/scene"
)

// TestMoveToWhereNobodyIs: who moves a meeting to a time at which a party is away is
// told which one.
func TestMoveToWhereNobodyIs(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	p := h.guests(f.ID, 2)
	h.wish(p[0], scene.WishWant, p[1])
	away := f.Slots[2].ID
	if _, err := h.AwayAsGuest(ctx, p[1].Delegates[0].Code, "", []string{away}); err != nil {
		t.Fatal(err)
	}
	d := h.draft(f.ID)
	err := h.Move(ctx, steward(), f.ID, d.Plan.Meetings[0].ID, scene.FairPlace{Slot: away, Table: "A01"}, false)
	expectCode(t, "to where nobody is", err, scene.Precondition, "fair.move_clash")
	fields := fieldsOf(err)
	if len(fields) != 1 || fields[0].Key != "fair.clash_away" || fields[0].Args["party"] != p[1].Name {
		t.Errorf("told %+v", fields)
	}
}
