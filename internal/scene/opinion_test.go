package scene

import (
	"strings"
	"testing"
	"time"
)

func TestOpinions(t *testing.T) {
	t.Parallel()
	good := func(kind Kind) Opinion {
		o := Opinion{Kind: kind, Scores: map[Criterion]int{}, Text: "可行"}
		for i, c := range Criteria(kind) {
			o.Scores[c] = i + 2
		}
		return o
	}
	for name, change := range map[string]func(*Opinion){
		"OK":         func(*Opinion) {},
		"ErrText":    func(o *Opinion) { o.Text = " " },
		"ErrLong":    func(o *Opinion) { o.Text = strings.Repeat("长", MaxOpinion+1) },
		"ErrMissing": func(o *Opinion) { delete(o.Scores, Criteria(o.Kind)[1]) },
		"ErrHigh":    func(o *Opinion) { o.Scores[Criteria(o.Kind)[0]] = MaxScore + 1 },
		"ErrOther":   func(o *Opinion) { o.Scores["beauty"] = 3 },
	} {
		for _, kind := range []Kind{KindOpportunity, KindCapability} {
			o := good(kind)
			change(&o)
			if err := o.Validate(); (err == nil) != (name == "OK") {
				t.Errorf("%s of %s: %v", name, kind, err)
			}
		}
	}
	now := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	o := Opinion{State: OpinionAsked, Due: now}
	if o.Late(now) || !o.Late(now.Add(time.Second)) {
		t.Error("late is after the day, not on it")
	}
	if o.State = OpinionGiven; o.Late(now.AddDate(1, 0, 0)) {
		t.Error("what was given is late")
	}
	for name, tt := range map[string]struct {
		experts  []ID
		days     int
		question string
	}{
		"OK": {[]ID{"a"}, 7, "预算是否合理"}, "ErrNobody": {nil, 7, ""}, "ErrPast": {[]ID{"a"}, -1, ""}, "ErrFar": {[]ID{"a"}, 61, ""},
		"ErrMany": {[]ID{"a", "b", "c", "d", "e", "f"}, 7, ""}, "ErrLong": {[]ID{"a"}, 7, strings.Repeat("长", MaxQuestion+1)},
	} {
		if err := ValidQuestion(tt.experts, now.AddDate(0, 0, tt.days), tt.question, now); (err == nil) != (name == "OK") {
			t.Errorf("question %s: %v", name, err)
		}
	}
}
