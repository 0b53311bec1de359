package agenda

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

// tiny draws a random problem small enough to try everything: with every kind of
// rule, so that some have no plan that keeps them all.
func tiny(dice *rand.Rand) *Problem {
	p := &Problem{}
	for s := range 2 + dice.IntN(3) {
		p.Slots = append(p.Slots, Slot{ID: fmt.Sprint("s", s), Block: []string{"am", "pm"}[s/2%2]})
	}
	some := func(chance float64) (ids []string) {
		for i := range p.Slots {
			if dice.Float64() < chance {
				ids = append(ids, p.Slots[i].ID)
			}
		}
		return ids
	}
	for t := range 1 + dice.IntN(2) {
		p.Tables = append(p.Tables, Table{ID: fmt.Sprint("t", t), Unavailable: some(0.15)})
	}
	for x := range 3 + dice.IntN(3) {
		party := Party{ID: fmt.Sprint("p", x), Unavailable: some(0.15), Min: max(0, dice.IntN(4)-2)}
		if dice.IntN(3) == 0 {
			most := party.Min + dice.IntN(2)
			party.Max = &most
		}
		if dice.IntN(6) == 0 {
			party.Delegates = []Delegate{{ID: "d1", Unavailable: some(0.2)}, {ID: "d2"}}
		}
		p.Parties = append(p.Parties, party)
	}
	p.Resources = []Resource{{ID: "r", Capacity: 1, Unavailable: some(0.1)}}
	for m := range 1 + dice.IntN(6) {
		order := dice.Perm(len(p.Parties))
		meeting := Meeting{
			ID: fmt.Sprint("m", m), Parties: []string{p.Parties[order[0]].ID, p.Parties[order[1]].ID},
			Value: float64(dice.IntN(5)), Must: dice.IntN(5) == 0,
		}
		if dice.IntN(8) == 0 {
			meeting.Parties = append(meeting.Parties, p.Parties[order[2]].ID)
		}
		if dice.IntN(6) == 0 {
			meeting.Block = p.Slots[dice.IntN(len(p.Slots))].Block
		}
		if dice.IntN(8) == 0 {
			meeting.Fixed = p.Slots[dice.IntN(len(p.Slots))].ID
		}
		if dice.IntN(6) == 0 {
			meeting.Resources = []string{"r"}
		}
		if m > 0 && dice.IntN(8) == 0 {
			meeting.After = []string{fmt.Sprint("m", dice.IntN(m))}
		}
		p.Meetings = append(p.Meetings, meeting)
	}
	if dice.IntN(4) == 0 {
		order := dice.Perm(len(p.Parties))
		p.Wishes = append(p.Wishes, Wish{From: p.Parties[order[0]].ID, To: p.Parties[order[1]].ID, Kind: []WishKind{Must, Want, Never}[dice.IntN(3)]})
	}
	if dice.IntN(4) == 0 {
		spread := dice.IntN(2)
		p.MaxBreakSpread = &spread
	}
	p.Objective = [][]Goal{nil, {Breaks}, {Minimums, Value}, {Value, Breaks}, {Minimums, Value, Breaks, Early}}[dice.IntN(5)]
	return p
}

// best tries every plan. It shares with the search only what compile says.
type best struct {
	in    *instance
	found bool
	score score
	late  int // least tardiness of plans with that score
	least int // of all
	// fewest breaks of plans with at least so much value and no more lacking
	breaks map[[2]int64]int
	value  map[int]int64 // highest value of plans that lack at most so many
	lack   int
}

func try(in *instance) *best {
	b := &best{in: in, breaks: map[[2]int64]int{}, value: map[int]int64{}, lack: 1 << 30, least: 1 << 30}
	b.assign(newState(in), 0)
	return b
}

func (b *best) assign(st *state, m int) {
	if m == len(b.in.meet) {
		b.note(st)
		return
	}
	t := &b.in.meet[m]
	if !t.must {
		b.assign(st, m+1)
	}
	if len(t.never) > 0 {
		return
	}
	for _, s := range t.choices {
		if st.roomy(m, s) && st.free(m, s) && st.open(m) {
			st.put(m, s)
			b.assign(st, m+1)
			st.take(m)
		}
	}
}

func (b *best) note(st *state) {
	for m, s := range st.slot {
		if s != nowhere && !st.precededBy(m, s) {
			return
		}
	}
	if st.excess() > 0 {
		return
	}
	sc := st.scored(len(b.in.goals))
	late := st.tardiness()
	if !b.found || sc.less(b.score) || sc == b.score && late < b.late {
		b.found, b.score, b.late = true, sc, late
	}
	b.least = min(b.least, late)
	key := [2]int64{int64(st.lacking), st.value}
	if n, known := b.breaks[key]; !known || st.breaks < n {
		b.breaks[key] = st.breaks
	}
	b.value[st.lacking] = max(b.value[st.lacking], st.value)
	b.lack = min(b.lack, st.lacking)
}

func TestAgainstEveryPlan(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(20, 26))
	cases, optimal, contradictions := 600, 0, 0
	if os.Getenv("JINGHE_BENCH_DATA") != "" {
		cases = 5_000 // where measuring is meant, not only testing
	}
	tried, compared, proven, timed, early := 0, 0, 0, 0, 0
	for i := range cases {
		p := tiny(dice)
		if p.Validate() != nil {
			continue
		}
		tried++
		plan, err := Solve(context.Background(), p, Options{Effort: 1, Seed: uint64(i)})
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		in := compile(p)
		b := try(in)
		report := func(format string, args ...any) {
			raw, _ := json.Marshal(p)
			t.Errorf("case %d: "+format+"\n%s", append(append([]any{i}, args...), raw)...)
		}
		for _, broken := range Check(p, plan) {
			if broken.Key == "agenda.broken_min" || broken.Key == "agenda.broken_must" || broken.Key == "agenda.broken_spread" {
				continue
			}
			report("breaks a rule: %v", broken)
		}
		if plan.Value > plan.ValueUpperBound+1e-9 {
			report("value %v above its bound %v", plan.Value, plan.ValueUpperBound)
		}
		st := stateOf(in, plan)
		if len(plan.Conflict) > 0 {
			contradictions++
			holdsConflict(t, p, plan, b, report)
		}
		if !b.found || st.missing > 0 || st.excess() > 0 {
			if plan.Proven {
				report("proven, though a rule is broken")
			}
			continue
		}
		if plan.ShortfallLowerBound > b.lack {
			report("at least %d lacking, but a plan lacks %d", plan.ShortfallLowerBound, b.lack)
		}
		for lack, value := range b.value {
			if lack <= plan.Shortfall && worth(value) > plan.ValueUpperBound+1e-9 {
				report("bound %v, but a plan has %v", plan.ValueUpperBound, worth(value))
			}
		}
		for key, n := range b.breaks {
			if key[0] <= int64(plan.Shortfall) && worth(key[1]) >= plan.Value && n < plan.BreaksLowerBound {
				report("at least %d breaks, but a plan has %d", plan.BreaksLowerBound, n)
			}
		}
		if in.earliest() > b.least {
			report("at least %d slots before the meetings, but a plan has %d", in.earliest(), b.least)
		}
		compared++
		sc := st.scored(len(in.goals))
		if !b.score.less(sc) {
			optimal++
			if plan.Proven {
				proven++
			}
			if in.counts(Early) && !in.counts(TableChanges) {
				timed++
				if st.tardiness() == b.late {
					early++
				}
			}
			if plan.Proven && in.counts(Early) && st.tardiness() > b.late {
				report("proven, but a plan as good is earlier: %d, not %d", b.late, st.tardiness())
			}
		} else if plan.Proven {
			report("proven, but %v is better than %v", b.score, sc)
		}
	}
	t.Logf("%d problems, %d with a plan, %d of them optimal, %d proven, %d contradictions; of %d that ask for early slots, %d as early as can be",
		tried, compared, optimal, proven, contradictions, timed, early)
	if early < timed*9/10 {
		t.Errorf("of %d problems %d are planned as early as can be", timed, early)
	}
	if optimal < compared*9/10 || contradictions == 0 {
		t.Errorf("of %d problems %d optimal, %d contradictions: the search, or the draw, has become worse", compared, optimal, contradictions)
	}
}

// stateOf reads a plan back.
func stateOf(in *instance, plan *Plan) *state {
	st, _ := in.read(plan)
	return st
}

// holdsConflict checks that each set contradicts itself and, where it is said to
// be minimal, that it does not without any one condition; that no two have a must or a
// minimum in common, and that without these a plan keeps the rest.
func holdsConflict(t *testing.T, p *Problem, plan *Plan, b *best, report func(string, ...any)) {
	t.Helper()
	seen := map[Condition]bool{}
	for _, x := range plan.Contradictions() {
		set := x.Conditions
		if possible(p, set) {
			report("the conflict %v can be kept", set)
		}
		for i, c := range set {
			if rest := append(append([]Condition(nil), set[:i]...), set[i+1:]...); x.Minimal && !possible(p, rest) {
				report("the conflict %v needs no %v", set, c)
			}
			if demand := c.Kind == RuleMust || c.Kind == RuleMinimum; demand && seen[c] {
				report("%v is in two contradictions", c)
			} else if demand {
				seen[c] = true
			}
		}
		if x.Minimal && b.found && b.lack == 0 {
			report("a conflict %v, though a plan keeps every rule", set)
		}
	}
	if left := try(compile(without(p, seen))); !left.found || left.lack > 0 {
		report("more contradicts itself than %v", plan.Contradictions())
	}
}

// without is a problem in which those musts and minimums are not asked for, nor breaks that
// are alike: that is no condition that contradicts a must, since musts go before it.
func without(p *Problem, told map[Condition]bool) *Problem {
	out, in := *p, compile(p)
	out.MaxBreakSpread = nil
	of := map[string][]int{}
	for m := range in.meet {
		of[in.meet[m].id] = in.meet[m].parties
	}
	among := func(meeting, id string) bool {
		return slices.ContainsFunc(of[meeting], func(x int) bool { return in.party[x].id == id })
	}
	out.Parties, out.Meetings, out.Wishes = slices.Clone(p.Parties), slices.Clone(p.Meetings), slices.Clone(p.Wishes)
	for c := range told {
		for i := range out.Parties {
			if c.Kind == RuleMinimum && out.Parties[i].ID == c.Party {
				out.Parties[i].Min = 0
			}
		}
		for i := range out.Meetings {
			if out.Meetings[i].ID == c.Meeting {
				out.Meetings[i].Must = false
			}
		}
		for i, w := range out.Wishes {
			if w.Kind == Must && among(c.Meeting, w.From) && among(c.Meeting, w.To) {
				out.Wishes[i].Kind = Want
			}
		}
	}
	return &out
}

// possible tries every plan under the conditions alone.
func possible(p *Problem, rules []Condition) bool {
	in := compile(p)
	has := func(c Condition) bool {
		for _, r := range rules {
			if r == c {
				return true
			}
		}
		return false
	}
	kinds := map[ConditionKind]map[string]Condition{}
	for _, r := range rules {
		if kinds[r.Kind] == nil {
			kinds[r.Kind] = map[string]Condition{}
		}
		kinds[r.Kind][r.Meeting+r.Party+r.Resource+r.Slot] = r
	}
	on := func(k ConditionKind, key string) bool { _, yes := kinds[k][key]; return yes }
	slot := make([]int, len(in.meet))
	keeps := func() bool {
		number := make([]int, len(in.party))
		held := map[[2]int]int{}
		for m := range in.meet {
			tk, s := &in.meet[m], slot[m]
			if s == nowhere {
				if on(RuleMust, tk.id) {
					return false
				}
				continue
			}
			for _, party := range tk.never {
				if has(Condition{Kind: RuleNever, Meeting: tk.id, Party: party}) {
					return false
				}
			}
			src, here := tk.source, &p.Slots[s]
			if src.Block != here.Block && on(RuleBlock, tk.id) || src.Fixed != "" && on(RuleFixed, tk.id+src.Fixed) && src.Fixed != here.ID {
				return false
			}
			for _, k := range tk.after {
				if on(RuleAfter, tk.id) && (slot[k] == nowhere || slot[k] >= s) {
					return false
				}
			}
			for _, x := range tk.parties {
				number[x]++
				held[[2]int{x, s}]++
				if in.party[x].capacity[s] == 0 && on(RuleUnavailable, in.party[x].id) ||
					on(RuleOneAtATime, in.party[x].id) && held[[2]int{x, s}] > max(1, in.party[x].capacity[s]) {
					return false
				}
			}
			for _, k := range tk.supply {
				held[[2]int{-1 - k, s}]++
				if on(RuleResource, p.Resources[k].ID) && held[[2]int{-1 - k, s}] > in.supply[k][s] {
					return false
				}
			}
			held[[2]int{-99, s}]++
			if on(RuleTables, here.ID) && held[[2]int{-99, s}] > in.room[s] {
				return false
			}
		}
		for x := range in.party {
			if on(RuleMinimum, in.party[x].id) && number[x] < in.party[x].min || p.Parties[x].Max != nil && on(RuleMaximum, in.party[x].id) && number[x] > *p.Parties[x].Max {
				return false
			}
		}
		return true
	}
	var assign func(m int) bool
	assign = func(m int) bool {
		if m == len(slot) {
			return keeps()
		}
		for s := nowhere; s < in.slots; s++ {
			slot[m] = s
			if assign(m + 1) {
				return true
			}
		}
		return false
	}
	return assign(0)
}

func TestSamePlan(t *testing.T) {
	t.Parallel()
	p := Draw(Shape{Name: "small", Left: 30, Right: 30, Slots: 10, Tables: 12, Wishes: 200, Absent: 0.2, Newcomers: 0.3, Min: 2, Max: 6, LeastValue: 1, MostValue: 98}, 1)
	var first []byte
	for range 2 {
		plan, err := Solve(context.Background(), p, Options{Effort: 3, Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := json.Marshal(plan)
		if first != nil && !bytes.Equal(first, raw) {
			t.Error("the same problem, seed and effort gave another plan")
		}
		first = raw
	}
}

func TestStopsAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	plan, err := Solve(ctx, Draw(Shapes()[0], 1), Options{})
	if err != nil || plan.StoppedBy != StoppedCancelled || len(plan.Meetings) == 0 {
		t.Errorf("cancelled: %v, %v", plan.StoppedBy, err)
	}
	crowded := everybody(3)
	crowded.Tables = crowded.Tables[:1]
	crowded.Wishes = []Wish{{From: "left-a", To: "right-a", Kind: Never}}
	if plan, err = Solve(ctx, crowded, Options{}); err != nil || len(plan.Contradictions()) < 2 {
		t.Errorf("why not all can be is not told: %v, %v", plan.Contradictions(), err)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	const frame = `{"slots":[{"id":"s1"},{"id":"s2"}],"tables":[{"id":"t1"}],"parties":[{"id":"a"},{"id":"b"},{"id":"c"}],`
	many := make([]string, 0, MaxWishes+1)
	for i := range MaxWishes + 1 {
		many = append(many, fmt.Sprintf(`{"from":"a","to":"b%d","kind":"want"}`, i))
	}
	tests := []struct{ name, text, want string }{
		{"OK", frame + `"meetings":[{"id":"m","parties":["a","b"]}]}`, ""},
		{"NotJSON", `{"slots":`, "agenda.not_json"},
		{"UnknownField", frame + `"meetings":[{"id":"m","parties":["a","b"],"valeu":3}]}`, "agenda.problem_syntax"},
		{"UnknownParty", frame + `"meetings":[{"id":"m","parties":["a","z"]}]}`, "meetings[0].parties[1]: agenda.unknown_party"},
		{"UnknownSlot", frame + `"meetings":[{"id":"m","parties":["a","b"],"fixed":"s9"}]}`, "meetings[0].fixed[0]: agenda.unknown_slot"},
		{"Double", frame + `"meetings":[{"id":"m","parties":["a","b"]},{"id":"m","parties":["a","c"]}]}`, "meetings[1].id: agenda.double"},
		{"NegativeValue", frame + `"meetings":[{"id":"m","parties":["a","b"],"value":-1}]}`, "agenda.value_range"},
		{"Alone", frame + `"meetings":[{"id":"m","parties":["a"]}]}`, "agenda.few_parties"},
		{"Itself", frame + `"meetings":[],"wishes":[{"from":"a","to":"a","kind":"want"}]}`, "agenda.wish_for_itself"},
		{"ManyWishes", frame + `"meetings":[],"wishes":[` + strings.Join(many, ",") + `]}`, "too_many_wishes"},
		{"Circle", frame + `"meetings":[{"id":"m","parties":["a","b"],"after":["n"]},{"id":"n","parties":["a","c"],"after":["m"]}]}`, "agenda.after_circle"},
		{"FixedTwice", frame + `"meetings":[{"id":"m","parties":["a","b"],"must":true,"fixed":"s1"},{"id":"n","parties":["a","c"],"must":true,"fixed":"s1"}]}`, "agenda.party_fixed_twice"},
		{"TableTwice", frame + `"meetings":[{"id":"m","parties":["a","b"],"locked":{"slot":"s1","table":"t1"}},{"id":"n","parties":["c","b"],"locked":{"slot":"s1","table":"t1"}}]}`, "agenda.table_locked_twice"},
		{"Duration", `{"slots":[{"id":"s","start":"2026-11-26T10:00:00Z","end":"2026-11-26T09:45:00Z"}],"tables":[],"parties":[],"meetings":[]}`, "slots[0].end: agenda.ends_before_start"},
		{"MinAboveMax", `{"slots":[],"tables":[],"parties":[{"id":"a","min":3,"max":2}],"meetings":[]}`, "agenda.min_above_max"},
		{"Goal", frame + `"meetings":[],"objective":["profit"]}`, "objective[0]: agenda.unknown_goal"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := DecodeProblem(strings.NewReader(test.text))
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if scene.CodeOf(err) != scene.Invalid || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func FuzzDecodeProblem(f *testing.F) {
	for i := range uint64(4) {
		raw, _ := json.Marshal(tiny(rand.New(rand.NewPCG(i, 1))))
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := DecodeProblem(bytes.NewReader(raw))
		if err != nil {
			if code := scene.CodeOf(err); code != scene.Invalid && code != scene.TooLarge {
				t.Fatalf("an error that nobody can act on: %v", err)
			}
			return
		}
		if len(p.Meetings)+len(p.Wishes) > 20 || len(p.Slots) > 50 {
			return
		}
		plan, err := Solve(t.Context(), p, Options{Effort: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, broken := range Check(p, plan) {
			switch broken.Key {
			case "agenda.broken_min", "agenda.broken_must", "agenda.broken_spread":
			default:
				t.Fatalf("breaks a rule: %v", broken)
			}
		}
	})
}
