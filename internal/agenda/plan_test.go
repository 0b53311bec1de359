package agenda

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jinghe/internal/scene"
)

// event builds a problem of so many slots and tables.
func event(slots, tables int, parties []Party, meetings ...Meeting) *Problem {
	p := &Problem{Parties: parties, Meetings: meetings}
	for s := range slots {
		p.Slots = append(p.Slots, Slot{ID: fmt.Sprintf("s%d", s+1)})
	}
	for t := range tables {
		p.Tables = append(p.Tables, Table{ID: fmt.Sprintf("t%d", t+1)})
	}
	return p
}

func people(ids ...string) (list []Party) {
	for _, id := range ids {
		list = append(list, Party{ID: id})
	}
	return list
}

func meet(id string, value float64, parties ...string) Meeting {
	return Meeting{ID: id, Value: value, Parties: parties}
}

func solved(t *testing.T, p *Problem) *Plan {
	t.Helper()
	plan, err := Solve(t.Context(), p, Options{Effort: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range Check(p, plan) {
		if broken.Key != "agenda.broken_min" && broken.Key != "agenda.broken_must" {
			t.Errorf("breaks a rule: %v", broken)
		}
	}
	return plan
}

func TestReasons(t *testing.T) {
	t.Parallel()
	one := 1
	early, late := Party{ID: "a", Unavailable: []string{"s2"}}, Party{ID: "b", Unavailable: []string{"s1"}}
	tests := []struct {
		name    string
		problem *Problem
		want    string // meeting left out, reason
	}{
		{"PartyFull", event(2, 2, []Party{{ID: "a", Max: &one}, {ID: "b"}, {ID: "c"}}, meet("ab", 9, "a", "b"), meet("ac", 1, "a", "c")), "ac party_full"},
		{"NoCommonSlot", event(2, 1, []Party{early, late}, meet("ab", 1, "a", "b")), "ab no_common_slot"},
		{"Absent", event(1, 1, []Party{{ID: "a"}, late}, meet("ab", 1, "a", "b")), "ab absent"},
		{"TablesFull", event(1, 1, people("a", "b", "c", "d"), meet("ab", 9, "a", "b"), meet("cd", 1, "c", "d")), "cd tables_full"},
		{"NoFreeSlot", event(1, 2, people("a", "b", "c"), meet("ab", 9, "a", "b"), meet("ac", 1, "a", "c")), "ac no_free_slot"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			plan := solved(t, test.problem)
			var got []string
			for _, u := range plan.Unplanned {
				got = append(got, u.ID+" "+string(u.Reason))
			}
			if strings.Join(got, ", ") != test.want {
				t.Errorf("got %v, want %s", got, test.want)
			}
		})
	}
}

func TestLossIsTold(t *testing.T) {
	t.Parallel()
	plan := solved(t, event(1, 1, people("a", "b", "c", "d"), meet("ab", 9, "a", "b"), meet("cd", 2, "c", "d")))
	detail := plan.Unplanned[0].Detail
	if detail.Loss == nil || *detail.Loss != 7 || !slices.Equal(detail.Meetings, []string{"ab"}) {
		t.Errorf("forcing cd in: %+v", detail)
	}
	if detail.LossAtLeast != nil && *detail.LossAtLeast > 7 {
		t.Errorf("a loss of at least %v is proven, and 7 is possible", *detail.LossAtLeast)
	}
	if plan.Binding == nil || plan.Binding.Kind != LimitTables {
		t.Errorf("binding %+v, want the tables", plan.Binding)
	}
}

func TestConflictNames(t *testing.T) {
	t.Parallel()
	p := event(1, 2, people("a", "b", "c"), meet("ab", 1, "a", "b"), meet("ac", 1, "a", "c"))
	p.Meetings[0].Must, p.Meetings[1].Must = true, true
	plan := solved(t, p)
	want := []Condition{{Kind: RuleMust, Meeting: "ab"}, {Kind: RuleMust, Meeting: "ac"}, {Kind: RuleOneAtATime, Party: "a"}}
	if !slices.Equal(plan.Conflict, want) || !plan.ConflictMinimal || plan.Proven {
		t.Errorf("conflict %+v (minimal %v)", plan.Conflict, plan.ConflictMinimal)
	}
}

// TestConflictsOfTwoCircles: every contradiction that stands on its own is named.
func TestConflictsOfTwoCircles(t *testing.T) {
	t.Parallel()
	p := event(1, 4, people("a", "b", "c", "d", "e", "f"),
		meet("ab", 1, "a", "b"), meet("ac", 1, "a", "c"), meet("de", 1, "d", "e"), meet("df", 1, "d", "f"))
	for i := range p.Meetings {
		p.Meetings[i].Must = true
	}
	plan := solved(t, p)
	want := []Contradiction{
		{[]Condition{{Kind: RuleMust, Meeting: "ab"}, {Kind: RuleMust, Meeting: "ac"}, {Kind: RuleOneAtATime, Party: "a"}}, true},
		{[]Condition{{Kind: RuleMust, Meeting: "de"}, {Kind: RuleMust, Meeting: "df"}, {Kind: RuleOneAtATime, Party: "d"}}, true},
	}
	if got := plan.Contradictions(); !reflect.DeepEqual(got, want) {
		t.Errorf("contradictions %+v", got)
	}
}

func TestMustAgainstNever(t *testing.T) {
	t.Parallel()
	p := event(1, 1, people("a", "b"))
	p.Wishes = []Wish{{From: "a", To: "b", Kind: Must, Value: 1}, {From: "b", To: "a", Kind: Never}}
	plan := solved(t, p)
	want := []Condition{{Kind: RuleMust, Meeting: "a~b"}, {Kind: RuleNever, Meeting: "a~b", Party: "b"}}
	if !slices.Equal(plan.Conflict, want) {
		t.Errorf("conflict %+v", plan.Conflict)
	}
}

func TestWishesOfAPairAreOneMeeting(t *testing.T) {
	t.Parallel()
	p := event(2, 2, people("a", "b"))
	p.Wishes = []Wish{{From: "a", To: "b", Kind: Want, Value: 3}, {From: "b", To: "a", Kind: Want, Value: 4}}
	plan := solved(t, p)
	if len(plan.Meetings) != 1 || plan.Value != 7 || !plan.Proven {
		t.Errorf("plan %+v", plan)
	}
}

func TestDelegatesSplitAndShare(t *testing.T) {
	t.Parallel()
	for calendar, want := range map[Calendar]int{Split: 2, Share: 1} {
		parties := people("b", "c")
		parties = append(parties, Party{ID: "a", Calendar: calendar, Delegates: []Delegate{{ID: "x"}, {ID: "y"}}})
		plan := solved(t, event(1, 2, parties, meet("ab", 1, "a", "b"), meet("ac", 1, "a", "c")))
		if len(plan.Meetings) != want {
			t.Errorf("%s: %d meetings, want %d", calendar, len(plan.Meetings), want)
		}
		if calendar == Split && (plan.Meetings[0].Delegates["a"] != "x" || plan.Meetings[1].Delegates["a"] != "y") {
			t.Errorf("split: %+v", plan.Meetings)
		}
	}
}

func TestHallsBoundTables(t *testing.T) {
	t.Parallel()
	p := event(2, 3, people("a", "b", "c", "d"), meet("ab", 1, "a", "b"), meet("cd", 1, "c", "d"))
	p.Halls = []Hall{{ID: "h", Capacity: 1, Unavailable: []string{"s2"}}}
	for i := range p.Tables {
		p.Tables[i].Hall = "h"
	}
	if plan := solved(t, p); len(plan.Meetings) != 1 || plan.ValueUpperBound != 1 {
		t.Errorf("one at a time in one slot: %d meetings, bound %v", len(plan.Meetings), plan.ValueUpperBound)
	}
}

func TestMinutesNeedLongSlots(t *testing.T) {
	t.Parallel()
	p := event(2, 1, people("a", "b"), meet("ab", 1, "a", "b"))
	at := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	for i, length := range []time.Duration{15 * time.Minute, 45 * time.Minute} {
		start, end := at, at.Add(length)
		p.Slots[i].Start, p.Slots[i].End = &start, &end
		at = end
	}
	p.Meetings[0].Minutes = 30
	if plan := solved(t, p); len(plan.Meetings) != 1 || plan.Meetings[0].Slot != "s2" {
		t.Errorf("planned %+v, want s2", plan.Meetings)
	}
}

func TestBoundsOfDrawnEvents(t *testing.T) {
	t.Parallel()
	shape := Shape{Left: 40, Right: 40, Slots: 10, Tables: 12, Wishes: 300, Absent: 0.2, Newcomers: 0.3, Min: 2, Max: 6, LeastValue: 1, MostValue: 98}
	for seed := range uint64(3) {
		p := Draw(shape, seed)
		plan := solved(t, p)
		first, err := Greedy(p)
		if err != nil {
			t.Fatal(err)
		}
		if plan.Gap < 0 || plan.Gap > 0.03 || plan.Shortfall < plan.ShortfallLowerBound || plan.Shortfall > first.Shortfall {
			t.Errorf("seed %d: gap %v, shortfall %d ≥ %d, first-fit %d", seed, plan.Gap, plan.Shortfall, plan.ShortfallLowerBound, first.Shortfall)
		}
		if broken := Check(p, first); slices.ContainsFunc(broken, func(f scene.FieldError) bool { return f.Key != "agenda.broken_min" }) {
			t.Errorf("seed %d: first-fit breaks %v", seed, broken)
		}
		if c := Compare(p, plan); c.Planned != len(plan.Meetings) || c.MinimumsKept < 0.5 {
			t.Errorf("seed %d: %+v", seed, c)
		}
	}
}

func TestCheckFinds(t *testing.T) {
	t.Parallel()
	p := event(2, 1, people("a", "b", "c"), meet("ab", 1, "a", "b"), meet("ac", 1, "a", "c"))
	p.Meetings[1].After = []string{"ab"}
	p.Tables[0].Unavailable = []string{"s2"}
	plan := &Plan{Meetings: []Seat{{ID: "ab", Slot: "s1", Table: "t1"}, {ID: "ac", Slot: "s1", Table: "t1"}, {ID: "ab", Slot: "s2", Table: "t1"}, {ID: "zz"}}}
	var keys []string
	for _, f := range Check(p, plan) {
		keys = append(keys, strings.TrimPrefix(f.Key, "agenda.broken_"))
	}
	if got, want := strings.Join(keys, " "), "table_twice table_closed twice unknown party_twice after"; got != want {
		t.Errorf("found %s, want %s", got, want)
	}
}

// TestScarceResourceBinds plans meetings of which two in three need an interpreter, and there
// is one: the bound knows that, and says so.
func TestScarceResourceBinds(t *testing.T) {
	t.Parallel()
	p := &Problem{Objective: []Goal{Value}, Resources: []Resource{{ID: "interpreter", Capacity: 1}}}
	for i := range 6 {
		n := strconv.Itoa(i)
		p.Slots = append(p.Slots, Slot{ID: n})
		p.Tables = append(p.Tables, Table{ID: "table " + n})
		p.Parties = append(p.Parties, Party{ID: "a" + n}, Party{ID: "b" + n})
	}
	for i := range 6 {
		for j := range 3 {
			m := Meeting{ID: fmt.Sprint(i, j), Parties: []string{fmt.Sprint("a", i), fmt.Sprint("b", (i+j)%6)}, Value: float64(10 + i + j)}
			if j < 2 {
				m.Resources = []string{"interpreter"}
			}
			p.Meetings = append(p.Meetings, m)
		}
	}
	plan := solved(t, p)
	if plan.Value != 174 || plan.ValueUpperBound != 174 || plan.Binding == nil || plan.Binding.Kind != LimitResources {
		t.Errorf("value %g of at most %g, binding %+v; want 174 and the interpreter", plan.Value, plan.ValueUpperBound, plan.Binding)
	}
}
