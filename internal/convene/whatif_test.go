package convene

import (
	"fmt"
	"testing"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
)

// TestVariantsDiffer: of few tables two shares can be one number, which is tried once.
func TestVariantsDiffer(t *testing.T) {
	t.Parallel()
	for tables := 1; tables < 8; tables++ {
		seen := map[string]bool{}
		for _, v := range variants(room(4, tables, func(f *scene.Fair) { f.Max = 2 })) {
			key := fmt.Sprint(v.Tables, v.Minutes, v.Max)
			if seen[key] {
				t.Errorf("%d tables: %s twice", tables, key)
			}
			seen[key] = true
		}
	}
}

// TestNeverIsNotWanted: a pair of which one said never is no meeting that may be planned.
func TestNeverIsNotWanted(t *testing.T) {
	t.Parallel()
	p := group(4)
	says(&p[0], scene.WishMust, "p01")
	says(&p[1], scene.WishNever, "p00")
	says(&p[2], scene.WishWant, "p03")
	f := room(3, 2)
	made := pose(f, p, nil, nil, nil)
	plan, err := agenda.Solve(t.Context(), made.problem, agenda.Options{Effort: 2})
	if err != nil {
		t.Fatal(err)
	}
	var v Variant
	if v.measure(f, made.problem, plan); v.Wanted != 1 || v.Planned != 1 || plan.Wanted() != 1 {
		t.Errorf("%d of %d planned", v.Planned, v.Wanted)
	}
}

// TestDisputed: what counts as different accounts of one meeting.
func TestDisputed(t *testing.T) {
	t.Parallel()
	held := func(next scene.FairNext) *scene.FairOutcome { return &scene.FairOutcome{Held: true, Next: next} }
	for name, test := range map[string]struct {
		a, b *scene.FairOutcome
		want bool
	}{
		"Nobody": {nil, nil, false}, "OneSide": {held(scene.NextPilot), nil, false}, "Same": {held(scene.NextPilot), held(scene.NextPilot), false},
		"Steps": {held(scene.NextPilot), held(scene.NextTalk), true}, "NoStepTold": {held(scene.NextPilot), held(""), false},
		"Held": {held(scene.NextPilot), &scene.FairOutcome{}, true}, "NeitherHeld": {&scene.FairOutcome{}, &scene.FairOutcome{}, false},
	} {
		if got := (&MeetingResult{Says: [2]*scene.FairOutcome{test.a, test.b}}).Disputed(); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
