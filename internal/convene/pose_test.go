package convene

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
)

// room is a fair of some slots of twenty minutes and tables.
func room(slots, tables int, change ...func(*scene.Fair)) *scene.Fair {
	at := time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC)
	f := &scene.Fair{
		Title: "对接会", Mode: scene.FairOrganiser, Minutes: 20, MaxOpen: 50, MaxMusts: 5,
		Blocks: []scene.FairBlock{{Kind: scene.BlockMeet, Start: at, End: at.Add(time.Duration(slots) * 20 * time.Minute)}},
		Halls:  []scene.FairHall{{ID: "A", Tables: tables}},
	}
	f.Slots = slotsOf(f.Blocks, f.Minutes, 0)
	for _, fn := range change {
		fn(f)
	}
	return f
}

// group is n parties that take part, with one delegate each.
func group(n int) []scene.FairParty {
	list := make([]scene.FairParty, n)
	for i := range list {
		id := scene.ID(fmt.Sprintf("p%02d", i))
		list[i] = scene.FairParty{ID: id, Name: "单位" + string(id), State: scene.PartyAccepted, Delegates: []scene.Delegate{{ID: "d" + id}}}
	}
	return list
}

func says(p *scene.FairParty, kind scene.FairWishKind, to ...scene.ID) {
	for _, id := range to {
		p.Wishes = append(p.Wishes, scene.FairWish{To: id, Kind: kind})
	}
}

func meetingIDs(p *agenda.Problem) []string {
	var ids []string
	for i := range p.Meetings {
		ids = append(ids, p.Meetings[i].ID)
	}
	slices.Sort(ids)
	return ids
}

func TestPose(t *testing.T) {
	t.Parallel()
	good := map[pair]scene.FairWhy{pairOf("p02", "p03"): {Score: 0.8}, pairOf("p00", "p01"): {Score: 0.5}}
	tests := map[string]struct {
		mode  scene.FairMode
		build func([]scene.FairParty)
		pairs map[pair]scene.FairWhy
		locks map[string]scene.FairPlace
		kept  []agenda.Seat
		want  []string
		open  int // unconfirmed
		wish  int // wishes in the problem
	}{
		"Nothing":     {mode: scene.FairMutual, build: func([]scene.FairParty) {}},
		"OneSide":     {mode: scene.FairMutual, build: func(p []scene.FairParty) { says(&p[0], "want", "p01") }, open: 1},
		"BothSides":   {mode: scene.FairMutual, build: func(p []scene.FairParty) { says(&p[0], "want", "p01"); says(&p[1], "must", "p00") }, want: []string{"p00~p01"}, wish: 2},
		"Never":       {mode: scene.FairMutual, build: func(p []scene.FairParty) { says(&p[0], "want", "p01"); says(&p[1], "never", "p00") }, want: []string{"p00~p01"}, wish: 2},
		"BothNever":   {mode: scene.FairOrganiser, build: func(p []scene.FairParty) { says(&p[0], "never", "p01"); says(&p[1], "never", "p00") }, pairs: good, want: []string{"p02~p03"}},
		"Organiser":   {mode: scene.FairOrganiser, build: func(p []scene.FairParty) { says(&p[0], "want", "p01") }, want: []string{"p00~p01"}, wish: 1},
		"Fills":       {mode: scene.FairOrganiser, build: func([]scene.FairParty) {}, pairs: good, want: []string{"p00~p01", "p02~p03"}},
		"NoFilling":   {mode: scene.FairMutual, build: func([]scene.FairParty) {}, pairs: good},
		"Hosted":      {mode: scene.FairHosted, build: func(p []scene.FairParty) { p[1].Hosted = true; says(&p[0], "want", "p01", "p02") }, want: []string{"p00~p01"}, open: 1, wish: 1},
		"HostedAsks":  {mode: scene.FairHosted, build: func(p []scene.FairParty) { p[0].Hosted = true; says(&p[0], "want", "p01") }, open: 1},
		"Withdrawn":   {mode: scene.FairOrganiser, build: func(p []scene.FairParty) { p[1].State = scene.PartyWithdrawn; says(&p[0], "want", "p01") }},
		"WhoWithdrew": {mode: scene.FairOrganiser, build: func(p []scene.FairParty) { p[0].State = scene.PartyWithdrawn; says(&p[0], "want", "p01") }},
		"Unknown":     {mode: scene.FairOrganiser, build: func(p []scene.FairParty) { says(&p[0], "want", "nobody") }},
		"Kept": {
			mode: scene.FairMutual, build: func([]scene.FairParty) {}, kept: []agenda.Seat{{ID: "p00~p03", Parties: []string{"p00", "p03"}}},
			want: []string{"p00~p03"},
		},
		"KeptWithWhoLeft": {
			mode: scene.FairMutual, build: func(p []scene.FairParty) { p[3].State = scene.PartyWithdrawn },
			kept: []agenda.Seat{{ID: "p00~p03", Parties: []string{"p00", "p03"}}}, want: []string{"p00~p03"},
		},
		"LockedByHand": {
			mode: scene.FairMutual, build: func([]scene.FairParty) {}, locks: map[string]scene.FairPlace{"p01~p02": {Slot: "1201-0900", Table: "A01"}},
			want: []string{"p01~p02"},
		},
		"LockOfNobody": {
			mode: scene.FairMutual, build: func([]scene.FairParty) {}, locks: map[string]scene.FairPlace{"p01~p99": {Slot: "1201-0900", Table: "A01"}, "x": {}, "p01~p01": {}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := group(4)
			tt.build(p)
			made := pose(room(3, 2, func(f *scene.Fair) { f.Mode = tt.mode }), p, tt.pairs, tt.locks, tt.kept)
			if got := meetingIDs(made.problem); !slices.Equal(got, tt.want) {
				t.Errorf("meetings %v, want %v", got, tt.want)
			}
			if len(made.unconfirmed) != tt.open || len(made.problem.Wishes) != tt.wish {
				t.Errorf("%d unconfirmed, %d wishes; want %d, %d", len(made.unconfirmed), len(made.problem.Wishes), tt.open, tt.wish)
			}
			if err := made.problem.Validate(); err != nil {
				t.Errorf("it is no problem: %v", err)
			}
		})
	}
}

// TestPoseValues: a must counts more than a want, a better pair more than a worse
// one, and what nobody spoke about less than any wish.
func TestPoseValues(t *testing.T) {
	t.Parallel()
	p := group(6)
	says(&p[0], "must", "p01")
	says(&p[0], "want", "p02", "p03")
	pairs := map[pair]scene.FairWhy{pairOf("p00", "p02"): {Score: 0.9}, pairOf("p04", "p05"): {Score: 1}}
	made := pose(room(6, 3), p, pairs, nil, nil)
	value := map[string]float64{}
	for i := range made.problem.Meetings {
		value[made.problem.Meetings[i].ID] = made.problem.Meetings[i].Value
	}
	for _, w := range made.problem.Wishes {
		value[pairOf(scene.ID(w.From), scene.ID(w.To)).meetingID()] += w.Value
	}
	must, better, worse, silent := value["p00~p01"], value["p00~p02"], value["p00~p03"], value["p04~p05"]
	if must <= better || better <= worse || worse <= silent || silent <= 0 {
		t.Errorf("must %g, better %g, worse %g, unasked %g", must, better, worse, silent)
	}
}

// TestPoseParties: bounds, absences and calendars are those of rows; what the fair
// has no more is left out.
func TestPoseParties(t *testing.T) {
	t.Parallel()
	f := room(3, 2, func(f *scene.Fair) { f.Min, f.Max = 2, 4 })
	p := group(3)
	p[0].Away, p[0].Share, p[0].Newcomer = []string{f.Slots[0].ID, "0101-0000", f.Slots[0].ID}, true, true
	p[1].Min, p[1].Max = new(0), new(1)
	p[1].Delegates[0].Away = []string{f.Slots[2].ID}
	p[2].State = scene.PartyWaiting
	made := pose(f, p, nil, nil, nil).problem
	if len(made.Parties) != 2 || len(made.Tables) != 2 || len(made.Slots) != 3 {
		t.Fatalf("%d parties, %d tables, %d slots", len(made.Parties), len(made.Tables), len(made.Slots))
	}
	a, b := made.Parties[0], made.Parties[1]
	if a.Min != 2 || *a.Max != 4 || a.Calendar != agenda.Share || !a.Newcomer || !slices.Equal(a.Unavailable, []string{f.Slots[0].ID}) {
		t.Errorf("as the fair says: %+v", a)
	}
	if b.Min != 0 || *b.Max != 1 || b.Calendar != agenda.Split || !slices.Equal(b.Delegates[0].Unavailable, []string{f.Slots[2].ID}) {
		t.Errorf("as it says itself: %+v", b)
	}
	p[1].Min = new(3)
	if got := leastOf(f, &p[1]); got != 1 {
		t.Errorf("a minimum above the maximum is %d", got)
	}
	f.Max = 0
	if mostOf(f, &p[0]) != nil {
		t.Error("no bound is a bound")
	}
}

// TestRandomFairs: whatever people say, the problem is one, the plan breaks no
// rule but such as cannot be kept, and differences lead from one plan to the next.
func TestRandomFairs(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		f := room(2+r.IntN(5), 1+r.IntN(4), func(f *scene.Fair) {
			f.Mode = []scene.FairMode{scene.FairMutual, scene.FairHosted, scene.FairOrganiser}[r.IntN(3)]
			f.Min, f.Max, f.Interpreters = r.IntN(2), r.IntN(4), r.IntN(2)
		})
		p := group(3 + r.IntN(10))
		pairs := map[pair]scene.FairWhy{}
		for i := range p {
			p[i].Hosted, p[i].Share = r.IntN(3) == 0, r.IntN(2) == 0
			if r.IntN(3) == 0 {
				p[i].Languages = []string{"de"}
			}
			if r.IntN(3) == 0 {
				p[i].Away = []string{f.Slots[r.IntN(len(f.Slots))].ID}
			}
			if r.IntN(4) == 0 {
				p[i].Delegates = append(p[i].Delegates, scene.Delegate{ID: "e" + p[i].ID})
			}
			for range r.IntN(5) {
				to := p[r.IntN(len(p))].ID
				if _, said := p[i].Wish(to); to != p[i].ID && !said {
					says(&p[i], []scene.FairWishKind{"must", "want", "want", "never"}[r.IntN(4)], to)
				}
				if to != p[i].ID {
					pairs[pairOf(to, p[i].ID)] = scene.FairWhy{Score: r.Float64()}
				}
			}
		}
		made := pose(f, p, pairs, nil, nil)
		plan, err := agenda.Solve(t.Context(), made.problem, agenda.Options{Effort: 2})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, broken := range agenda.Check(made.problem, plan) {
			if broken.Key != "agenda.broken_min" && broken.Key != "agenda.broken_must" {
				t.Errorf("seed %d: %+v", seed, broken)
			}
		}
		twoPlaces(t, seed, made.problem, plan)
		greedy, err := agenda.Greedy(made.problem)
		if err != nil {
			t.Fatal(err)
		}
		leads(t, seed, greedy, plan)
	}
}

// twoPlaces assigns delegates anew and looks that none is in two places or away.
func twoPlaces(t *testing.T, seed uint64, p *agenda.Problem, plan *agenda.Plan) {
	t.Helper()
	(&base{}).assign(&version{problem: p, plan: plan}, nil, time.Time{})
	busy := map[string]bool{}
	for _, s := range plan.Meetings {
		for party, who := range s.Delegates {
			if busy[s.Slot+who] {
				t.Errorf("seed %d: %s of %s is in two places", seed, who, party)
			}
			busy[s.Slot+who] = true
		}
	}
}

// leads applies the differences of two plans to the first and wants the second.
func leads(t *testing.T, seed uint64, from, to *agenda.Plan) {
	t.Helper()
	at := map[string]scene.FairPlace{}
	for i := range from.Meetings {
		at[from.Meetings[i].ID] = *placeOf(&from.Meetings[i])
	}
	changes := differences(from, to, nil)
	for _, c := range changes {
		if c.From != nil && at[c.Meeting] != *c.From || c.From == nil && at[c.Meeting] != (scene.FairPlace{}) {
			t.Errorf("seed %d: %s was not at %v", seed, c.Meeting, c.From)
		}
		if delete(at, c.Meeting); c.To != nil {
			at[c.Meeting] = *c.To
		}
		if len(c.Parties) != 2 {
			t.Errorf("seed %d: a change of %v", seed, c.Parties)
		}
	}
	if len(at) != len(to.Meetings) {
		t.Errorf("seed %d: %d meetings, want %d", seed, len(at), len(to.Meetings))
	}
	for i := range to.Meetings {
		if at[to.Meetings[i].ID] != *placeOf(&to.Meetings[i]) {
			t.Errorf("seed %d: %s is at %v", seed, to.Meetings[i].ID, at[to.Meetings[i].ID])
		}
	}
	if same := differences(to, to, nil); len(same) != 0 {
		t.Errorf("seed %d: a plan differs from itself: %v", seed, same)
	}
	if first := differences(nil, to, nil); len(first) != len(to.Meetings) || len(affected(first)) > 2*len(first) {
		t.Errorf("seed %d: the first version changes %d meetings of %d", seed, len(first), len(to.Meetings))
	}
}

func TestIdle(t *testing.T) {
	t.Parallel()
	f := room(5, 2)
	at := func(slot int, parties ...string) agenda.Seat {
		return agenda.Seat{ID: fmt.Sprint(slot, parties), Slot: f.Slots[slot].ID, Parties: parties}
	}
	tests := map[string]struct {
		seats []agenda.Seat
		want  float64
	}{
		"Nothing":  {nil, 0},
		"One":      {[]agenda.Seat{at(2, "a", "b")}, 0},
		"InARow":   {[]agenda.Seat{at(0, "a", "b"), at(1, "a", "b")}, 0},
		"OneWaits": {[]agenda.Seat{at(0, "a", "b"), at(2, "a", "c")}, 0.2},       // one of five slots between first and last meetings
		"AllWait":  {[]agenda.Seat{at(0, "a", "b"), at(4, "a", "b")}, 0.6},       // three of five each
		"Two":      {[]agenda.Seat{at(0, "a", "b"), at(0, "a", "c")}, 0},         // two delegates at once
		"GoneSlot": {[]agenda.Seat{{Slot: "x", Parties: []string{"a", "b"}}}, 0}, // no slot of the fair
	}
	for name, tt := range tests {
		if got := idle(f, &agenda.Plan{Meetings: tt.seats}); got != tt.want {
			t.Errorf("%s: %g, want %g", name, got, tt.want)
		}
	}
}

// TestTouched: with slots of another length, an absence counts wherever it overlaps.
func TestTouched(t *testing.T) {
	t.Parallel()
	now := room(3, 1)
	next := *now
	next.Minutes = 30
	next.Slots = slotsOf(next.Blocks, 30, 0)
	tests := map[int][]string{0: {"1201-0900"}, 1: {"1201-0900", "1201-0930"}, 2: {"1201-0930"}}
	for slot, want := range tests {
		if got := touched(now, &next, []string{now.Slots[slot].ID}); !slices.Equal(got, want) {
			t.Errorf("slot %d touches %v, want %v", slot, got, want)
		}
	}
	if got := touched(now, &next, []string{"gone"}); got != nil {
		t.Errorf("a slot that is gone touches %v", got)
	}
}

// TestDayOf: the order of the server counts, and a later word takes the place of an earlier one.
func TestDayOf(t *testing.T) {
	t.Parallel()
	f := room(3, 1)
	at := func(minutes int) time.Time { return f.Slots[0].Start.Add(time.Duration(minutes) * time.Minute) }
	outcome := func(held bool) *scene.FairOutcome { return &scene.FairOutcome{Held: held} }
	d := dayOf(f, nil, []scene.FairEntry{
		{Kind: scene.EntryArrived, Party: "a", Delegate: "da", At: at(0)},
		{Kind: scene.EntryArrived, Party: "a", Delegate: "da", At: at(5)},
		{Kind: scene.EntryAbsent, Party: "b", At: at(21)},
		{Kind: scene.EntryAbsent, Party: "c", Slots: []string{f.Slots[2].ID}, At: at(1)},
		{Kind: scene.EntryAbsent, Party: "e", At: at(1)},
		{Kind: scene.EntryArrived, Party: "e", Delegate: "de", At: at(30)},
		{Kind: scene.EntryOutcome, Party: "a", Meeting: "a~c", Outcome: outcome(false)},
		{Kind: scene.EntryOutcome, Party: "a", Meeting: "a~c", Outcome: outcome(true)},
		{Kind: scene.EntryOutcome, Party: "a", Meeting: "a~e", Outcome: outcome(true)},
		{Kind: scene.EntryOutcome, Party: "e", Meeting: "a~e", Outcome: outcome(false)},
	})
	if got := d.Arrived["da"]; !got.Equal(at(0)) {
		t.Errorf("first arrived at %v", got)
	}
	for party, want := range map[scene.ID]bool{"a": false, "b": true, "c": true, "e": false} {
		if (&Board{Day: d}).Absent(party, "") != want {
			t.Errorf("%s absent: %v", party, !want)
		}
	}
	for party, want := range map[scene.ID][]string{"b": {f.Slots[1].ID, f.Slots[2].ID}, "c": {f.Slots[2].ID}, "e": nil, "a": nil} {
		if got := d.absentSlots(f, party, ""); !slices.Equal(got, want) {
			t.Errorf("%s is away at %v, want %v", party, got, want)
		}
	}
	for meeting, want := range map[string]bool{"a~c": true, "a~e": false, "a~b": false} {
		if d.Held(meeting) != want {
			t.Errorf("%s held: %v", meeting, !want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	f, p := room(2, 1), group(2)
	n := NewNames(f, p)
	if got := n.Meeting("p00~p01"); got != "单位p00 × 单位p01" {
		t.Errorf("meeting %q", got)
	}
	field := n.Field(scene.FieldError{Field: "x", Key: "k", Args: map[string]any{
		"party": "p01", "slot": f.Slots[1].ID, "id": "p00~p01", "other": f.Slots[0].ID, "count": 3, "table": "p00",
	}})
	want := map[string]any{"party": "单位p01", "slot": "09:20", "id": "单位p00 × 单位p01", "other": "09:00", "count": 3, "table": "p00"}
	for k, v := range want {
		if field.Args[k] != v {
			t.Errorf("%s is called %v, want %v", k, field.Args[k], v)
		}
	}
	if n.Party("gone") != "gone" || n.Meeting("x") != "x" {
		t.Error("what has no name is not called by its id")
	}
}
