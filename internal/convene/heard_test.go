package convene_test

import (
	"testing"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestHeardIsReadOnce: who learns of a version is read once while people arrive, and anew
// once a link is revoked.
func TestHeardIsReadOnce(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	p := h.guests(f.ID, 3)
	h.wish(p[0], scene.WishWant, p[1:]...)
	h.plan(f.ID)
	look := func(links int) *convene.Heard {
		t.Helper()
		list, err := h.Heard(ctx, steward(), f.ID)
		if err != nil || len(list) != 3 {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, x := range list {
			if want := 1 + map[bool]int{true: 1}[x.Party == p[0].ID]; x.Changes != want || x.Accounts != 0 || x.Told() {
				t.Errorf("%+v, want %d changes", x, want)
			}
			links -= x.Links
		}
		if links != 0 {
			t.Errorf("%d links are not told of", links)
		}
		return &list[0]
	}
	first := look(3)
	arrive(t, h, f, p, p[1].ID)
	if look(3) != first {
		t.Error("read anew for a check-in")
	}
	if _, err := h.Renew(ctx, steward(), p[2].ID, p[2].Delegates[0].ID, true); err != nil {
		t.Fatal(err)
	}
	look(2)
}

// TestHeardIsWhatWasSent: who was told of a version is kept with it: an account that is
// opened, or shut, after that changes nothing of it.
func TestHeardIsWhatWasSent(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.Min = 0 })
	p := h.owners(f.ID, 2)
	h.people(p[:1])
	h.wish(p[0], scene.WishWant, p[1])
	h.plan(f.ID)
	h.people(p[1:])
	err := h.rows.Update(ctx, func(tx store.Tx) error {
		a, err := tx.Accounts().Get(ctx, "of-"+p[0].OrgID)
		if err == nil {
			a.State = scene.AccountDisabled
			_, err = tx.Accounts().Put(ctx, a)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := h.Heard(ctx, steward(), f.ID)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, x := range list {
		if x.Told() != (x.Party == p[0].ID) || x.Sent.IsZero() {
			t.Errorf("%+v", x)
		}
	}
	// A version of before, without a record, tells of the accounts of now.
	err = h.rows.Update(ctx, func(tx store.Tx) error {
		row, err := tx.Fairs().Plan(ctx, f.ID, 1)
		if err == nil {
			row.Number, row.Revision, row.Told = 2, 0, nil
			_, err = tx.Fairs().PutPlan(ctx, row)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if list, err = h.Heard(ctx, steward(), f.ID); err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, x := range list {
		if x.Told() != (x.Party == p[1].ID) || !x.Sent.IsZero() {
			t.Errorf("without a record: %+v", x)
		}
	}
}
