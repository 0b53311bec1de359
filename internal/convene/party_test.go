package convene_test

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestRefusedStays: who was not let in does not come back by withdrawing and
// signing up anew; the centre may let it in all the same.
func TestRefusedStays(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	h.org("o1", "甲公司")
	f := h.fair()
	form := convene.PartyForm{Delegates: []scene.Delegate{{Name: "张工"}}}
	p, err := h.Join(ctx, ofOrg("o1"), f.ID, "", form)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Decide(ctx, steward(), p.ID, scene.PartyRefused); err != nil {
		t.Fatal(err)
	}
	_, err = h.Decide(ctx, ofOrg("o1"), p.ID, scene.PartyWithdrawn)
	expectCode(t, "its own side withdraws", err, scene.Precondition, "fair.refused_stays")
	_, err = h.Join(ctx, ofOrg("o1"), f.ID, "", form)
	expectCode(t, "signs up anew", err, scene.Conflict, "fair.joined_already")
	if p, err = h.Decide(ctx, steward(), p.ID, scene.PartyAccepted); err != nil || p.State != scene.PartyAccepted {
		t.Errorf("the centre lets it in: %s, %v", p.State, err)
	}
}

// TestOneSignUp: an organisation is in a fair once, also under the id that it had
// before a merger, and also where a sign-up of before is taken up again.
func TestOneSignUp(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	h.org("o1", "甲公司")
	err := h.rows.Update(ctx, func(tx store.Tx) error {
		_, err := tx.Organisations().Put(ctx, scene.Organisation{ID: "o0", Name: "甲公司旧名", MergedInto: "o1"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	f := h.fair()
	form := convene.PartyForm{Delegates: []scene.Delegate{{Name: "张工"}}}
	first, err := h.Join(ctx, steward(), f.ID, "o0", form)
	if err != nil || first.OrgID != "o1" || first.Name != "甲公司" {
		t.Fatalf("%+v, %v", first, err)
	}
	_, err = h.Join(ctx, steward(), f.ID, "o0", form)
	expectCode(t, "again, by the id of before", err, scene.Conflict, "fair.joined_already")
	if _, err := h.Decide(ctx, ofOrg("o1"), first.ID, scene.PartyWithdrawn); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Join(ctx, ofOrg("o1"), f.ID, "", form); err != nil {
		t.Fatal(err)
	}
	_, err = h.Decide(ctx, steward(), first.ID, scene.PartyAccepted)
	expectCode(t, "the first one is let in again", err, scene.Conflict, "fair.joined_already")
}

// TestNamesakes: two delegates of one name have a link each, and keep it.
func TestNamesakes(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	p, err := h.Join(ctx, steward(), f.ID, "", convene.PartyForm{Name: "甲公司", Delegates: []scene.Delegate{{Name: "张伟"}, {Name: "张伟"}}})
	if err != nil {
		t.Fatal(err)
	}
	twice := []scene.Delegate{p.Delegates[0], p.Delegates[0]} // both lines taken for one person
	next, err := h.Amend(ctx, steward(), p.ID, convene.PartyForm{Name: "甲公司", Delegates: twice})
	if err != nil || len(next.Delegates) != 2 {
		t.Fatalf("%+v, %v", next.Delegates, err)
	}
	a, b := next.Delegates[0], next.Delegates[1]
	if a.ID != p.Delegates[0].ID || a.Code != p.Delegates[0].Code || b.ID == a.ID || b.Code == a.Code || b.Code == "" {
		t.Errorf("%+v and %+v", a, b)
	}
}

// TestReasonsStay: why a meeting changed is told also after another one was locked;
// of the one that a person moves no other reason is told.
func TestReasonsStay(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	h.plan(f.ID)
	h.setNow(f.Slots[0].Start.Add(time.Minute))
	if err := h.NoShow(ctx, steward(), f.ID, p[4].ID, nil, "no-show-1"); err != nil {
		t.Fatal(err)
	}
	reasons := func() (list []string) {
		d, err := h.Draft(ctx, steward(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range d.Row.Changes {
			list = append(list, c.Why)
		}
		return list
	}
	before := reasons()
	if len(before) == 0 || slices.Contains(before, "") {
		t.Fatalf("reasons of the repaired draft: %q", before)
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Lock(ctx, steward(), f.ID, d.Plan.Meetings[0].ID, true); err != nil {
		t.Fatal(err)
	}
	if after := reasons(); !slices.Equal(after, before) {
		t.Errorf("after a lock: %q, want %q", after, before)
	}
	for i := range d.Plan.Meetings {
		seat := &d.Plan.Meetings[i]
		free := freePlaces(f, d, seat)
		if len(free) == 0 {
			continue
		}
		if err := h.Move(ctx, steward(), f.ID, seat.ID, free[0], false); err != nil {
			continue // somebody is away there
		}
		if after := reasons(); len(after) != len(before)+1 || !slices.Contains(after, "by_hand") {
			t.Errorf("after a move by hand: %q, before %q", after, before)
		}
		return
	}
	t.Fatal("no meeting can be moved")
}
