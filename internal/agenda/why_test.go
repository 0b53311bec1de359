package agenda

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// foreign is an event where so many guests share one interpreter, who is needed to meet
// any of so many hosts.
func foreign(guests, hosts, slots int) *Problem {
	p := event(slots, guests*hosts, nil)
	p.Resources = []Resource{{ID: "interpreter", Capacity: 1}}
	for h := range hosts {
		p.Parties = append(p.Parties, Party{ID: fmt.Sprintf("h%d", h)})
	}
	for g := range guests {
		id := fmt.Sprintf("g%d", g)
		p.Parties = append(p.Parties, Party{ID: id})
		for h := range hosts {
			m := meet(fmt.Sprintf("%sh%d", id, h), float64(2+(3*g+5*h)%7), id, fmt.Sprintf("h%d", h))
			m.Resources = []string{"interpreter"}
			p.Meetings = append(p.Meetings, m)
		}
	}
	return p
}

// TestOneInterpreter: what binds is named, the bound is near, and of every meeting left out
// it is told what would have to give way to it.
func TestOneInterpreter(t *testing.T) {
	t.Parallel()
	for slots := 2; slots <= 6; slots++ {
		plan := solved(t, foreign(4, 5, slots))
		if b := plan.Binding; b == nil || b.Kind != LimitResources || !slices.Equal(b.IDs, []string{"interpreter"}) || plan.Gap > 0.01 {
			t.Errorf("%d slots: binding %+v, gap %v", slots, b, plan.Gap)
		}
		for _, u := range plan.Unplanned {
			if u.Detail.Loss == nil || *u.Detail.Loss < 0 || len(u.Detail.Meetings) == 0 {
				t.Errorf("%d slots: %s is left out for %s: %+v", slots, u.ID, u.Reason, u.Detail)
			}
		}
	}
}

// TestBlockedByMusts: what has to stay gives way to nothing, and that is told.
func TestBlockedByMusts(t *testing.T) {
	t.Parallel()
	p := foreign(1, 2, 1)
	p.Meetings[0].Must = true
	u := solved(t, p).Unplanned[0]
	if !u.Detail.Blocked || u.Detail.Loss != nil {
		t.Errorf("beside a must: %+v", u.Detail)
	}
}

// TestNoPricesWithoutMusts: where a must is not kept, neither a price nor a proven loss is
// told, since plans that keep it are what those speak of.
func TestNoPricesWithoutMusts(t *testing.T) {
	t.Parallel()
	p := event(1, 3, people("a", "b", "c", "d"), meet("ab", 1, "a", "b"), meet("ac", 1, "a", "c"), meet("ad", 1, "a", "d"))
	p.Meetings[0].Must, p.Meetings[1].Must = true, true
	plan := solved(t, p)
	if plan.Binding != nil {
		t.Errorf("binding %+v", plan.Binding)
	}
	for _, u := range plan.Unplanned {
		if u.Detail.LossAtLeast != nil {
			t.Errorf("%s loses at least %v", u.ID, *u.Detail.LossAtLeast)
		}
	}
}

// TestExplain: a condition that contradicts itself is told with what there is instead, and
// an absence with its hours.
func TestExplain(t *testing.T) {
	t.Parallel()
	away := func(slots ...string) Party { return Party{ID: "a", Unavailable: slots} }
	tests := []struct {
		name    string
		problem *Problem
		want    []string
	}{
		{"Few", event(4, 2, []Party{{ID: "a", Min: 3}, {ID: "b"}, {ID: "c"}}, meet("ab", 1, "a", "b"), meet("ac", 1, "a", "c")), []string{"agenda.rule_min_few 3 2 [b c]"}},
		{"None", event(4, 2, []Party{{ID: "a", Min: 1}, {ID: "b"}, {ID: "c"}}, meet("bc", 1, "b", "c")), []string{"agenda.rule_min_none 1 0 []"}},
		{"NoSlot", event(0, 2, people("a", "b"), must(meet("ab", 1, "a", "b"))), []string{"agenda.rule_must_never"}},
		{"Absent", event(2, 2, []Party{away("s1", "s2"), {ID: "b"}}, must(meet("ab", 1, "a", "b"))), []string{"agenda.rule_must", "agenda.rule_absent"}},
		{"NeverTogether", event(3, 2, []Party{away("s1", "s2"), {ID: "b", Unavailable: []string{"s3"}}}, must(meet("ab", 1, "a", "b"))), []string{"agenda.rule_must", "agenda.rule_there [s3]", "agenda.rule_unavailable [s3]"}},
		{"OneTime", event(1, 2, people("a", "b", "c"), must(meet("ab", 1, "a", "b")), must(meet("ac", 1, "a", "c"))), []string{"agenda.rule_must", "agenda.rule_must", "agenda.rule_one_at_a_time 1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			plan := solved(t, test.problem)
			alone, joint := plan.Alone()
			var got []string
			for _, c := range append(alone, joint...) {
				for _, f := range test.problem.Explain(&c) {
					got = append(got, f.Key)
					for _, name := range map[bool][]string{true: {"count", "possible", "with"}, false: {"slots"}}[strings.Contains(f.Key, "_min_")] {
						if value := f.Args[name]; value != nil {
							got[len(got)-1] += fmt.Sprintf(" %v", value)
						}
					}
					if strings.HasSuffix(f.Key, "_time") {
						got[len(got)-1] += fmt.Sprintf(" %v", f.Args["count"])
					}
				}
			}
			if !slices.Equal(got, test.want) || len(alone) > 0 && len(joint) > 0 {
				t.Errorf("told %q, want %q", got, test.want)
			}
		})
	}
}

func must(m Meeting) Meeting {
	m.Must = true
	return m
}

func TestRivals(t *testing.T) {
	t.Parallel()
	fixed := func(m Meeting, slot string) Meeting {
		m.Fixed = slot
		return m
	}
	two := Party{ID: "a", Delegates: []Delegate{{ID: "x"}, {ID: "y"}}}
	for name, c := range map[string]struct {
		problem *Problem
		want    int
	}{
		"OnePerson": {event(2, 2, people("a", "b", "c"), fixed(meet("ab", 1, "a", "b"), "s1"), fixed(meet("ac", 1, "a", "c"), "s1")), 1},
		"Elsewhere": {event(2, 2, people("a", "b", "c"), fixed(meet("ab", 1, "a", "b"), "s1"), fixed(meet("ac", 1, "a", "c"), "s2")), 0},
		"TwoPeople": {event(2, 2, []Party{two, {ID: "b"}, {ID: "c"}}, fixed(meet("ab", 1, "a", "b"), "s1"), fixed(meet("ac", 1, "a", "c"), "s1")), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.problem.Rivals(); len(got) != c.want {
				t.Errorf("%v, want %d", got, c.want)
			}
		})
	}
}
