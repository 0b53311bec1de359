package convene_test

import (
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// TestWhatIf: the variants are what the solver says, more tables never give fewer
// meetings, and nothing is kept.
func TestWhatIf(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full(func(f *scene.Fair) { f.Max = 3 })
	if _, err := h.Amend(ctx, steward(), p[0].ID, convene.PartyForm{Name: p[0].Name, Delegates: p[0].Delegates, Away: []string{f.Slots[0].ID}}); err != nil {
		t.Fatal(err)
	}
	list, err := h.WhatIf(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[convene.VariantKind]int{}
	for _, v := range list {
		kinds[v.Kind]++
		if v.Planned > v.Wanted || v.Kept < 0 || v.Kept > 1 || v.Idle < 0 || v.Idle > 1 || v.Use < 0 || v.Use > 1 || v.Slots == 0 {
			t.Errorf("variant %+v", v)
		}
		if v.Kind == convene.VariantTables && v.Tables > list[0].Tables && v.Planned < list[0].Planned {
			t.Errorf("%d tables give %d meetings, %d give %d", v.Tables, v.Planned, list[0].Tables, list[0].Planned)
		}
		if v.Kind == convene.VariantQuota && v.Max > list[0].Max && v.Planned <= list[0].Planned {
			t.Errorf("a quota of %d gives %d meetings, one of %d gives %d", v.Max, v.Planned, list[0].Max, list[0].Planned)
		}
	}
	if list[0].Kind != convene.VariantNow || list[0].Planned != 12 || kinds[convene.VariantLength] < 3 || kinds[convene.VariantTables] < 2 {
		t.Errorf("variants %+v", list)
	}
	if d, err := h.Draft(ctx, steward(), f.ID); err != nil || d != nil {
		t.Errorf("what-if left a draft: %v", err)
	}
	_, err = h.WhatIf(ctx, ofOrg("o"), f.ID)
	expectCode(t, "a provider asks", err, scene.Forbidden, "")
}

// TestWhatIfOnTheDay: once it began, only what is left is worked out: meetings in slots
// that have begun stand and are not counted, and when all is over there is nothing to ask.
func TestWhatIfOnTheDay(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full(func(f *scene.Fair) { f.Max = 3 })
	v := h.plan(f.ID)
	h.setNow(f.Slots[1].Start.Add(time.Minute))
	stand := 0
	for _, seat := range v.Plan.Meetings {
		if seat.Slot == f.Slots[0].ID || seat.Slot == f.Slots[1].ID {
			stand++
		}
	}
	left, err := h.WhatIf(ctx, steward(), f.ID)
	if err != nil || stand == 0 || left[0].Slots != len(f.Slots)-2 || left[0].Wanted != 16-stand || left[0].Planned+stand > 12 {
		t.Errorf("%d stand, left %+v, %v", stand, left[0], err)
	}
	gone := p[0]
	if err := h.NoShow(ctx, steward(), f.ID, gone.ID, nil, "gone-for-the-day"); err != nil {
		t.Fatal(err)
	}
	if without, err := h.WhatIf(ctx, steward(), f.ID); err != nil || without[0].Wanted >= left[0].Wanted {
		t.Errorf("with one who is away: %+v, %v; before %+v", without[0], err, left[0])
	}
	h.setNow(f.Until())
	_, err = h.WhatIf(ctx, steward(), f.ID)
	expectCode(t, "when all is over", err, scene.Precondition, "fair.no_slot_left")
}

// TestWhatIfSamePool: who is away for all that is left is so for slots of any length, also
// where one of them lies in an hour that no slot had before.
func TestWhatIfSamePool(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full(func(f *scene.Fair) { f.Minutes = 25 }) // twenty minutes are left over at the end
	h.plan(f.ID)
	h.setNow(f.Slots[0].Start.Add(time.Minute))
	if err := h.NoShow(ctx, steward(), f.ID, p[0].ID, nil, "gone-for-the-day"); err != nil {
		t.Fatal(err)
	}
	list, err := h.WhatIf(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range list {
		if v.Wanted != list[0].Wanted || v.Planned > v.Wanted {
			t.Errorf("%s, %d minutes: %d of %d, as it is there are %d", v.Kind, v.Minutes, v.Planned, v.Wanted, list[0].Wanted)
		}
	}
}
