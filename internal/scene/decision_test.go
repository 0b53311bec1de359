package scene_test

import (
	"testing"
	"time"

	"jinghe/internal/scene"
)

func TestDecisionTeaches(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		d     scene.Decision
		grade int
		ok    bool
	}{
		{"Graded", scene.Decision{Verdict: scene.Graded, Grade: 1}, 1, true},
		{"Landed", scene.Decision{Verdict: scene.Deployed}, 3, true},
		{"Met", scene.Decision{Verdict: scene.Met}, 2, true},
		{"Accepted", scene.Decision{Verdict: scene.Accepted}, 2, true},
		{"Declined", scene.Decision{Verdict: scene.Declined, Reason: scene.ReasonTopic}, 0, true},
		{"NoHandsFree", scene.Decision{Verdict: scene.Declined, Reason: scene.ReasonCapacity}, 0, false},
		{"Nothing", scene.Decision{}, 0, false},
	} {
		if grade, ok := tc.d.Teaches(); grade != tc.grade || ok != tc.ok {
			t.Errorf("%s: %d, %v; want %d, %v", tc.name, grade, ok, tc.grade, tc.ok)
		}
	}
}

func TestDecisionAndMarkValidate(t *testing.T) {
	t.Parallel()
	good := scene.Decision{Need: "n", Offer: "o", Verdict: scene.Accepted}
	for name, change := range map[string]func(*scene.Decision){
		"Need": func(d *scene.Decision) { d.Need = "" }, "Offer": func(d *scene.Decision) { d.Offer = " " },
		"Verdict": func(d *scene.Decision) { d.Verdict = "perhaps" }, "Reason": func(d *scene.Decision) { d.Reason = "mood" },
		"Party": func(d *scene.Decision) { d.Party = "press" }, "Grade": func(d *scene.Decision) { d.Grade = 4 },
	} {
		bad := good
		change(&bad)
		if err := bad.Validate(); scene.CodeOf(err) != scene.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for _, tc := range []struct {
		m  scene.Mark
		ok bool
	}{
		{scene.Mark{Need: "n", Offer: "o", Kind: scene.Pinned}, true},
		{scene.Mark{Need: "n", Offer: "o", Kind: scene.Excluded}, true},
		{scene.Mark{Need: "n", Offer: "o"}, false},
		{scene.Mark{Offer: "o", Kind: scene.Pinned}, false},
	} {
		if err := tc.m.Validate(); (err == nil) != tc.ok {
			t.Errorf("%+v: %v", tc.m, err)
		}
	}
}

func TestCurrentActivation(t *testing.T) {
	t.Parallel()
	at := time.Unix(1, 0)
	log := []scene.Activation{{ID: "1", Set: "a"}, {ID: "2", Set: "b", Undone: at}, {ID: "3", Set: "c", Undone: at}}
	if now, ok := scene.Current(log); !ok || now.ID != "1" {
		t.Errorf("%+v, %v", now, ok)
	}
	if _, ok := scene.Current(log[1:]); ok {
		t.Error("something undone is in force")
	}
}
