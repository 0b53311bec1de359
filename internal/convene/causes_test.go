package convene_test

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/scene"
)

// TestAllCausesAreTold: whatever happened since the version in force is told as a cause of
// the repair, through a second thing, a draft that was let go, and solving again; and no
// more once it is published.
func TestAllCausesAreTold(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	h.plan(f.ID)
	later := func() { h.setNow(h.now().Add(time.Minute)) }
	later()
	causes := func(what, note string, want ...scene.FairCause) {
		t.Helper()
		d := h.drafted(f.ID)
		if same := slices.EqualFunc(d.Row.Causes, want, func(a, b scene.FairCause) bool { return a.Same(b) }); !same || d.Row.Note != note {
			t.Errorf("%s: causes %+v, in short %q", what, d.Row.Causes, d.Row.Note)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(told(err))
		}
	}
	first := scene.FairCause{Kind: scene.CauseAbsent, Party: p[0].ID}
	last := []string{f.Slots[5].ID}
	second := scene.FairCause{Kind: scene.CauseAbsent, Party: p[1].ID, Delegate: p[1].Delegates[0].ID, Slots: last}
	closed := scene.FairCause{Kind: scene.CauseClosed, Table: "A01"}
	must(h.NoShow(ctx, steward(), f.ID, p[0].ID, nil, "absent-00001"))
	causes("one", p[0].Name, first)
	must(h.Mend(ctx, steward(), f.ID, []scene.FairPlace{{Table: "a01"}}))
	causes("a table too", p[0].Name+", A01", first, closed)
	must(h.NoShowOf(ctx, steward(), f.ID, p[1].ID, p[1].Delegates[0].ID, last, "absent-00002"))
	causes("somebody else too", p[0].Name+", "+p[1].Name+" · "+p[1].Delegates[0].Name+", A01", first, second, closed)
	h.draft(f.ID)
	causes("solved again", p[0].Name+", "+p[1].Name+" · "+p[1].Delegates[0].Name+", A01", first, second, closed)
	must(h.Reopen(ctx, steward(), f.ID, "A01"))
	must(h.Discard(ctx, steward(), f.ID))
	must(h.Mend(ctx, steward(), f.ID, nil))
	causes("let go", p[0].Name+", "+p[1].Name+" · "+p[1].Delegates[0].Name, first, second)
	must(h.Mend(ctx, steward(), f.ID, []scene.FairPlace{{Table: "A01", Slot: f.Slots[2].ID}}))
	d := h.drafted(f.ID)
	later()
	if _, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil); err != nil {
		t.Fatal(err)
	}
	later()
	must(h.Mend(ctx, steward(), f.ID, nil))
	causes("published", "")
	must(h.Reopen(ctx, steward(), f.ID, "A01"))
	opened := scene.FairCause{Kind: scene.CauseOpened, Table: "A01", Slots: []string{f.Slots[2].ID}}
	causes("open again", "A01", opened)
	arrive(t, h, f, p, p[0].ID)
	must(h.PutBack(ctx, steward(), f.ID, p[0].ID))
	causes("back", p[0].Name+", A01", scene.FairCause{Kind: scene.CauseBack, Party: p[0].ID}, opened)
}

// TestCauseBeforeThePublication: who was noted absent while a draft lay ready is planned
// without first, and so is no cause of a repair after it.
func TestCauseBeforeThePublication(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	d := h.draft(f.ID)
	if err := h.NoShow(ctx, steward(), f.ID, p[0].ID, nil, "absent-00001"); err != nil {
		t.Fatal(err)
	}
	h.setNow(h.now().Add(time.Minute))
	_, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil)
	expectCode(t, "with who is absent", err, scene.Precondition, "fair.draft_stale")
	h.plan(f.ID)
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(err)
	}
	if d = h.drafted(f.ID); d.Row.Note != "" || len(d.Row.Changes) > 0 {
		t.Errorf("because of %q, %d changes", d.Row.Note, len(d.Row.Changes))
	}
}

// TestWhyAnotherGoes: where a meeting stays and another delegate takes it, the reason is
// told: he is away, somebody chose, or he sits elsewhere.
func TestWhyAnotherGoes(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p, ann, ben := h.team()
	party := p[0].ID
	d := h.draft(f.ID)
	a, b := fellows(t, d, ann, ben, party)
	if _, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil); err != nil {
		t.Fatal(err)
	}
	why := func() map[string]string {
		out := map[string]string{}
		for _, c := range h.drafted(f.ID).Row.Changes {
			if c.From != nil && c.To != nil && *c.From == *c.To {
				out[c.Meeting] = c.Why
			}
		}
		return out
	}
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Choose(ctx, steward(), f.ID, a.ID, party, ben, true); err != nil {
		t.Fatal(told(err))
	}
	if got := why(); got[a.ID] != "goes_chosen" || got[b.ID] != "goes_elsewhere" {
		t.Errorf("chosen: %v", got)
	}
	if err := h.Discard(ctx, steward(), f.ID); err != nil {
		t.Fatal(err)
	}
	// Somebody else is away then, so that a colleague is free for his meeting.
	if err := h.NoShow(ctx, steward(), f.ID, scene.ID(otherOf(b, party)), nil, "absent-00001"); err != nil {
		t.Fatal(err)
	}
	if err := h.NoShowOf(ctx, steward(), f.ID, party, ann, []string{a.Slot}, "absent-00002"); err != nil {
		t.Fatal(err)
	}
	if got := why(); got[a.ID] != "goes_away" {
		t.Errorf("away: %v", got)
	}
}
