package convene_test

import (
	"strings"
	"testing"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// TestTypedTable: a table is found however its letters are typed, wherever staff name one,
// and what is kept and told has the spelling of the fair. One that is spelled as typed
// comes before one that only reads alike.
func TestTypedTable(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, _ := h.full()
	d := h.draft(f.ID)
	first := d.Plan.Meetings[0]
	free := freePlaces(f, d, &first)[0]
	typed := scene.FairPlace{Slot: strings.ReplaceAll(free.Slot, "-", "－"), Table: " " + strings.ToLower(free.Table)}
	if err := h.Move(ctx, steward(), f.ID, first.ID, typed, false); err != nil {
		t.Fatal(told(err))
	}
	if d = h.drafted(f.ID); d.Row.Locks[first.ID] != free {
		t.Errorf("locked at %v, want %v", d.Row.Locks[first.ID], free)
	}
	if _, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Mend(ctx, steward(), f.ID, []scene.FairPlace{{Table: "ａ０１"}}); err != nil {
		t.Fatal(err)
	}
	if d = h.drafted(f.ID); d.Row.Note != "A01" {
		t.Errorf("the cause of the repair is %q", d.Row.Note)
	}
	if _, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Reopen(ctx, steward(), f.ID, "ａ01"); err != nil {
		t.Fatal(err)
	}
	if err := h.PutBackAt(ctx, steward(), f.ID, "a 01"); err != nil {
		t.Fatal(err)
	}
	if d = h.drafted(f.ID); d.Row.Note != "A01" {
		t.Errorf("the cause of the repair is %q", d.Row.Note)
	}
	expectCode(t, "putting back at no table", h.PutBackAt(ctx, steward(), f.ID, "Z9"), scene.Invalid, "fair.no_such_table")

	alike := &scene.Fair{Halls: []scene.FairHall{{ID: "a", Tables: 1}, {ID: "A", Tables: 1}}}
	for typed, want := range map[string]string{"A01": "A01", "a01": "a01", "Ａ０１": ""} {
		got, err := convene.TableTyped(alike, typed)
		if got != want || want == "" && scene.CodeOf(err) != scene.Invalid {
			t.Errorf("%q is %q, %v", typed, got, err)
		}
	}
}

// TestTypedCode: codes of badges and of personal links are read in letters of any case and
// width, and with blanks.
func TestTypedCode(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f, p := h.full()
	b, err := h.Board(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	d := p[0].Delegates[0]
	wide := func(s string) string {
		return strings.Map(func(r rune) rune { return r + '！' - '!' }, strings.ToLower(s[:4])) + "　" + s[4:]
	}
	if x, known := b.Badge(wide(convene.BadgeCode(f.ID, d.ID))); !known || x.Delegate.ID != d.ID {
		t.Errorf("the badge is of %+v", x)
	}
	if g, err := h.Guest(t.Context(), wide(d.Code)); err != nil || g.Delegate.ID != d.ID {
		t.Errorf("the link is of %+v, %v", g.Delegate, err)
	}
}
