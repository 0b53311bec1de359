package convene_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestPhase: the word for a fair is true at every hour: none runs, or was held, whose
// meetings nobody published.
func TestPhase(t *testing.T) {
	t.Parallel()
	f := morningFair(t)
	f.Slots = []scene.FairSlot{{ID: "1202-0930"}}
	before, day, after := -time.Minute, time.Minute, 4*time.Hour
	for _, tt := range []struct {
		state     scene.FairState
		published bool
		at        time.Duration // after its beginning; it ends three hours later
		want      convene.Phase
	}{
		{scene.FairDraft, false, before, "draft"},
		{scene.FairDraft, false, day, "draft"},
		{scene.FairDraft, false, after, convene.PhaseMissed},
		{scene.FairOpen, false, before, "open"},
		{scene.FairOpen, false, day, "open"},
		{scene.FairOpen, true, before, "open"},
		{scene.FairOpen, true, day, "open"},
		{scene.FairOpen, true, after, convene.PhaseHeld},
		{scene.FairOpen, false, after, convene.PhaseMissed},
		{scene.FairClosed, false, before, "closed"},
		{scene.FairClosed, false, day, convene.PhaseUnplanned},
		{scene.FairClosed, true, day, convene.PhaseRunning},
		{scene.FairClosed, false, after, convene.PhaseMissed},
		{scene.FairClosed, true, after, convene.PhaseHeld},
		{scene.FairOver, true, day, "over"},
		{scene.FairCancelled, false, after, "cancelled"},
	} {
		f.State = tt.state
		if got := convene.PhaseOf(&f, tt.published, f.Start().Add(tt.at)); got != tt.want {
			t.Errorf("%s, published %v, %v after its beginning: %q, want %q", tt.state, tt.published, tt.at, got, tt.want)
		}
	}
	f.State, f.Late = scene.FairClosed, 120
	if got := convene.PhaseOf(&f, true, f.Start().Add(after)); got != convene.PhaseRunning {
		t.Errorf("while the hall is behind it is %q", got)
	}
	f.Slots = nil
	if got := convene.PhaseOf(&f, false, f.Start().Add(day)); got != convene.PhaseRunning {
		t.Errorf("one without meetings is %q on its day", got)
	}
}

// TestPhaseByRows: what is published of a fair is looked up where it matters.
func TestPhaseByRows(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f := h.fair()
	list := h.guests(f.ID, 2)
	h.wish(list[0], scene.WishWant, list[1])
	f, err := h.Bring(t.Context(), steward(), f.ID, scene.FairClosed)
	if err != nil {
		t.Fatal(err)
	}
	phase := func(want convene.Phase) {
		t.Helper()
		if got, err := h.Phase(t.Context(), &f); err != nil || got != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	phase("closed")
	h.setNow(f.Start())
	phase(convene.PhaseUnplanned)
	h.setNow(morning())
	h.plan(f.ID)
	h.setNow(f.Start())
	phase(convene.PhaseRunning)
	h.setNow(f.End().Add(time.Minute))
	phase(convene.PhaseHeld)
}

// viewed is a store that counts its views.
type viewed struct {
	store.Store
	views int
}

func (a *viewed) View(ctx context.Context, fn func(store.Tx) error) error {
	a.views++
	return a.Store.View(ctx, fn)
}

// TestPhasesOfMany: a list of fairs asks the rows once, however long it is, and not at
// all where the clock decides.
func TestPhasesOfMany(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	planned, bare := h.fair(), h.fair()
	guests := h.guests(planned.ID, 2)
	h.wish(guests[0], scene.WishWant, guests[1])
	h.plan(planned.ID)
	list := []scene.Fair{bare, planned, bare, bare}
	for i := range list {
		list[i].State = scene.FairClosed
	}
	rows := &viewed{Store: h.rows}
	c := h.config
	c.Store = rows
	service := convene.New(c)
	t.Cleanup(service.Close)
	for at, want := range map[time.Time][]convene.Phase{
		morning():       {"closed", "closed", "closed", "closed"},
		list[0].Start(): {convene.PhaseUnplanned, convene.PhaseRunning, convene.PhaseUnplanned, convene.PhaseUnplanned},
	} {
		h.setNow(at)
		rows.views = 0
		got, err := service.Phases(t.Context(), list)
		if most := map[bool]int{true: 0, false: 1}[at.Equal(morning())]; err != nil || !slices.Equal(got, want) || rows.views != most {
			t.Errorf("%v: %q, %v; %d views", at, got, err, rows.views)
		}
	}
}
