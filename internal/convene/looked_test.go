package convene_test

import (
	"reflect"
	"testing"

	"jinghe/internal/scene"
)

// TestLook: one look has what each question alone answers, and does not read what is in
// force again.
func TestLook(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	p := h.guests(f.ID, 4)
	h.wish(p[0], scene.WishWant, p[1], p[2])
	h.plan(f.ID)
	h.wish(p[3], scene.WishWant, p[1])
	h.draft(f.ID)
	b, err := h.Board(ctx, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	look, err := h.Look(ctx, steward(), b)
	if err != nil {
		t.Fatal(err)
	}
	draft, err := h.Draft(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	published, err := h.Published(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := h.TwoPlaces(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(look.Draft, draft) || !reflect.DeepEqual(look.Published, published) || len(look.TwoPlaces) != len(twice) {
		t.Errorf("a look has %+v, %+v and %v", look.Draft, look.Published, look.TwoPlaces)
	}
	again, err := h.Look(ctx, steward(), b)
	if err != nil || again.Published.Plan != look.Published.Plan {
		t.Errorf("what is in force was read again, %v", err)
	}
}
