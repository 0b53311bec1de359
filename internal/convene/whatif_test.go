package convene

import (
	"fmt"
	"slices"
	"testing"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
)

// TestVariantsDiffer: of few tables two shares can be one number, which is tried once.
func TestVariantsDiffer(t *testing.T) {
	t.Parallel()
	for tables := 1; tables < 8; tables++ {
		seen := map[string]bool{}
		for _, v := range variants(room(4, tables, func(f *scene.Fair) { f.Max, f.Interpreters = 2, 1 }), tables) {
			key := fmt.Sprint(v.Tables, v.Minutes, v.Max, v.Interpreters)
			if seen[key] {
				t.Errorf("%d tables: %s twice", tables, key)
			}
			seen[key] = true
		}
	}
}

// TestVariantsOfInterpreters: where meetings need one, other numbers of them are tried, and
// what binds is found; a fair without any has none to vary.
func TestVariantsOfInterpreters(t *testing.T) {
	t.Parallel()
	p := group(6)
	for i := range p[:3] {
		p[i].Languages = []string{"en"}
		says(&p[i], scene.WishWant, "p03", "p04", "p05")
	}
	f := room(3, 6, func(f *scene.Fair) { f.Interpreters = 1 })
	var list []Variant
	for _, v := range variants(f, 6) {
		changed, parties := v.of(&base{fair: *f, parties: p})
		made := pose(&changed, parties, nil, nil, nil)
		plan, err := agenda.Solve(t.Context(), made.problem, agenda.Options{Effort: 4})
		if err != nil {
			t.Fatal(err)
		}
		v.measure(&changed, made.problem, plan)
		list = append(list, v)
	}
	at := slices.IndexFunc(Findings(list), func(f Finding) bool { return f.Kind == VariantInterpreters })
	if at < 0 {
		t.Fatal("nothing is found of interpreters")
	}
	if found := Findings(list)[at]; found.More != 6 || found.Best.Interpreters != 3 {
		t.Errorf("%d more with %d interpreters", found.More, found.Best.Interpreters)
	}
	if list[0].Planned != 3 || list[0].Interpreters != 1 {
		t.Errorf("as it is: %+v", list[0])
	}
	for _, v := range variants(room(3, 6), 6) {
		if v.Kind == VariantInterpreters {
			t.Error("interpreters are varied where there are none")
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
