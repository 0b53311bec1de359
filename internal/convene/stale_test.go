package convene_test

import (
	"slices"
	"strings"
	"testing"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestChosenIsAway: a draft whose chosen delegate said meanwhile that he is not there is
// not published, and the record names the meeting for which he was chosen.
func TestChosenIsAway(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p, ann, ben := h.team()
	d := h.draft(f.ID)
	seat, _ := fellows(t, d, ann, ben, p[0].ID)
	if err := h.Choose(ctx, steward(), f.ID, seat.ID, p[0].ID, ann, false); err != nil {
		t.Fatal(err)
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	team, err := h.Party(ctx, steward(), p[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	who, _ := team.Delegate(ann)
	if _, err := h.AwayAsGuest(ctx, who.Code, "", []string{seat.Slot}); err != nil {
		t.Fatal(err)
	}
	_, err = h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil)
	expectCode(t, "with a delegate who is away", err, scene.Precondition, "fair.draft_stale")
	if text := told(err); !strings.Contains(text, who.Name) {
		t.Errorf("it is not told who: %s", text)
	}
	note := ""
	err = h.rows.View(ctx, func(tx store.Tx) error {
		list, err := tx.Audit().List(ctx, store.AuditFilter{Action: "fair.goes"}, store.Page{Limit: 5})
		if err == nil && len(list.Items) > 0 {
			note = list.Items[0].Note
		}
		return err
	})
	if err != nil || !strings.Contains(note, team.Name) || !strings.Contains(note, who.Name) {
		t.Errorf("the record says %q, %v", note, err)
	}
}

// look is the plan of a fair as its page has it.
func (h *hall) look(fair scene.ID) *convene.Looked {
	h.t.Helper()
	look, err := h.Look(h.t.Context(), steward(), h.board(fair))
	if err != nil {
		h.t.Fatal(err)
	}
	return look
}

// TestAbsentBeforeTheFirst: a draft that plans who was noted absent meanwhile, or more
// interpreters than there are, is not published as the first version, and says so before
// it is tried; one that is planned anew is.
func TestAbsentBeforeTheFirst(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	d := h.draft(f.ID)
	if look := h.look(f.ID); len(look.Behind) > 0 || look.Recut {
		t.Errorf("as it was made: %+v", look.Behind)
	}
	if err := h.NoShow(ctx, steward(), f.ID, p[0].ID, nil, "absent-00001"); err != nil {
		t.Fatal(err)
	}
	one := p[1].Delegates[0].ID
	if err := h.NoShowOf(ctx, steward(), f.ID, p[1].ID, one, nil, "absent-00002"); err != nil {
		t.Fatal(err)
	}
	_, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil)
	expectCode(t, "with who is absent", err, scene.Precondition, "fair.draft_stale")
	for _, x := range p[:2] {
		if !slices.ContainsFunc(fieldsOf(err), func(e scene.FieldError) bool { return e.Key == "fair.clash_away" && e.Args["party"] == x.Name }) {
			t.Errorf("%s is not named: %+v", x.Name, fieldsOf(err))
		}
	}
	if look := h.look(f.ID); len(look.Behind) != len(fieldsOf(err)) {
		t.Errorf("the page tells %+v, publishing %+v", look.Behind, fieldsOf(err))
	}
	h.draft(f.ID)
	h.publishes(f.ID)

	g := h.fair(func(f *scene.Fair) { f.Interpreters, f.Min = 2, 0 })
	guests := h.guests(g.ID, 6)
	for _, x := range guests[:3] {
		if x, err = h.Amend(ctx, steward(), x.ID, convene.PartyForm{Name: x.Name, Delegates: x.Delegates, Languages: []string{"en"}}); err != nil {
			t.Fatal(err)
		}
		h.wish(x, scene.WishWant, guests[3:]...)
	}
	d = h.draft(g.ID)
	h.interpreters(g.ID, 0)
	_, err = h.Publish(ctx, steward(), g.ID, d.Row.Revision, nil)
	expectCode(t, "without interpreters", err, scene.Precondition, "fair.draft_stale")
	if look := h.look(g.ID); len(look.Behind) == 0 || look.Behind[0].Key != "fair.clash_interpreters" {
		t.Errorf("the page tells %+v", look.Behind)
	}
}

// TestRecut: a draft of another grid of slots is void, whatever was locked in it; what is
// planned anew is not.
func TestRecut(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, _ := h.full()
	d := h.draft(f.ID)
	if err := h.Lock(ctx, steward(), f.ID, d.Plan.Meetings[0].ID, true); err != nil {
		t.Fatal(err)
	}
	f, err := h.Fair(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	f.Minutes -= 3
	if f, err = h.Edit(ctx, steward(), f); err != nil {
		t.Fatal(err)
	}
	if ready, err := h.Prepared(ctx, steward(), &f); err != nil || !ready.Recut {
		t.Errorf("saved: %+v, %v", ready, err)
	}
	if look := h.look(f.ID); !look.Recut || len(look.Behind) > 0 {
		t.Errorf("looked at: %v, %+v", look.Recut, look.Behind)
	}
	_, err = h.Publish(ctx, steward(), f.ID, h.drafted(f.ID).Row.Revision, nil)
	expectCode(t, "of another grid", err, scene.Precondition, "fair.draft_recut")
	h.draft(f.ID)
	if ready, err := h.Prepared(ctx, steward(), &f); err != nil || ready.Recut || h.look(f.ID).Recut {
		t.Errorf("planned anew: %+v, %v", ready, err)
	}
	h.publishes(f.ID)
}
