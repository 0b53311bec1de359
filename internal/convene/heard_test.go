package convene_test

import (
	"testing"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
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
