package convene_test

import (
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
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
