package convene_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

func outcome(held bool, next scene.FairNext, amount scene.Money) *scene.FairOutcome {
	o := &scene.FairOutcome{Held: held}
	if held {
		o.Worth, o.Next, o.Amount = 2, next, amount
	}
	return o
}

// TestEntries: what the log takes, from whom, and that it takes it once.
func TestEntries(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	other := h.fair()
	entry := func(change func(*scene.FairEntry)) scene.FairEntry {
		e := scene.FairEntry{FairID: f.ID, Key: "key-00000001", Kind: scene.EntryArrived, Party: p[0].ID, Delegate: p[0].Delegates[0].ID}
		if change != nil {
			change(&e)
		}
		return e
	}
	try := func(name string, e scene.FairEntry, code scene.Code, key string) {
		t.Helper()
		_, err := h.Enter(ctx, steward(), e)
		expectCode(t, name, err, code, key)
	}
	try("short key", entry(func(e *scene.FairEntry) { e.Key = "x" }), scene.Invalid, "fair.entry_invalid")
	try("unknown kind", entry(func(e *scene.FairEntry) { e.Kind = "sang" }), scene.Invalid, "fair.entry_invalid")
	try("unknown party", entry(func(e *scene.FairEntry) { e.Party = "nobody" }), scene.NotFound, "fair_party.not_found")
	try("party of another fair", entry(func(e *scene.FairEntry) { e.FairID = other.ID }), scene.NotFound, "fair_party.not_found")
	try("unknown delegate", entry(func(e *scene.FairEntry) { e.Delegate = "nobody" }), scene.NotFound, "fair.no_such_delegate")
	said := func(e *scene.FairEntry) {
		e.Kind, e.Meeting, e.Outcome = scene.EntryOutcome, "x~y", outcome(true, scene.NextTalk, 0)
	}
	try("outcome before a plan", entry(said), scene.Precondition, "fair.no_plan")
	v := h.plan(f.ID)
	try("outcome of no meeting", entry(said), scene.NotFound, "fair.no_such_meeting")
	foreign := slices.IndexFunc(v.Plan.Meetings, func(s agenda.Seat) bool { return !slices.Contains(s.Parties, string(p[0].ID)) })
	_, err := h.EnterAsGuest(ctx, p[0].Delegates[0].Code, "", scene.FairEntry{
		Key: "key-00000002", Kind: scene.EntryOutcome, Meeting: v.Plan.Meetings[foreign].ID, Outcome: outcome(true, scene.NextTalk, 0),
	})
	expectCode(t, "outcome of others' meeting", err, scene.NotFound, "fair.no_such_meeting")
	_, err = h.EnterAsGuest(ctx, "no such code", "", entry(nil))
	expectCode(t, "a code that never was", err, scene.NotFound, "fair.code_unknown")
	for i, want := range []bool{true, false, false} {
		if fresh, err := h.Enter(ctx, steward(), entry(nil)); err != nil || fresh != want {
			t.Errorf("time %d: new %v, %v", i, fresh, err)
		}
	}
}

// TestManyPhonesAtOnce: entries that arrive together are all kept, each once.
func TestManyPhonesAtOnce(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f := h.fair()
	p := h.guests(f.ID, 12)
	var work sync.WaitGroup
	for i := range p {
		for range 3 { // each phone sends three times
			work.Go(func() {
				e := scene.FairEntry{Key: "arrived-" + string(p[i].ID), Kind: scene.EntryArrived}
				if _, err := h.EnterAsGuest(t.Context(), p[i].Delegates[0].Code, "", e); err != nil {
					t.Error(err)
				}
			})
		}
	}
	work.Wait()
	b, err := h.Board(t.Context(), f.ID)
	if err != nil || len(b.Day.Arrived) != len(p) {
		t.Errorf("%d of %d arrived, %v", len(b.Day.Arrived), len(p), err)
	}
}

// TestBoard: what runs now and next, with the delay of the hall; who is missing.
func TestBoard(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	if b, err := h.Board(ctx, f.ID); err != nil || b.Version != 0 || len(b.Rounds) != 0 {
		t.Fatalf("before a plan: %+v, %v", b, err)
	}
	v := h.plan(f.ID)
	start := f.Slots[0].Start
	tests := map[string]struct {
		after     time.Duration
		late      int
		now, next int
	}{
		"Before":       {-time.Minute, 0, -1, 0},
		"First":        {0, 0, 0, 1},
		"FirstEnds":    {20 * time.Minute, 0, 1, 2},
		"Last":         {100 * time.Minute, 0, 5, -1},
		"Over":         {120 * time.Minute, 0, -1, -1},
		"Late":         {5 * time.Minute, 10, -1, 0},
		"LateRuns":     {10 * time.Minute, 10, 0, 1},
		"LateLastRuns": {125 * time.Minute, 10, 5, -1},
	}
	for name, tt := range tests {
		if _, err := h.Delay(ctx, steward(), f.ID, tt.late); err != nil {
			t.Fatal(err)
		}
		b, err := h.Board(ctx, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		if now, next := b.Now(start.Add(tt.after)); now != tt.now || next != tt.next || b.Version != 1 {
			t.Errorf("%s: round %d, then %d; want %d, %d", name, now, next, tt.now, tt.next)
		}
	}
	b, err := h.Board(ctx, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for i := range p {
		for _, a := range b.Appointments(p[i].ID, p[i].Delegates[0].ID) {
			total++
			if a.With == p[i].ID || a.Table == "" || len(a.Who) != 1 || len(a.Theirs) != 1 {
				t.Errorf("appointment %+v", a)
			}
		}
	}
	if total != 2*len(v.Plan.Meetings) {
		t.Errorf("%d appointments for %d meetings", total, len(v.Plan.Meetings))
	}
	missing := b.Missing(start)
	first := b.Rounds[0].Meetings[0].Parties[0]
	if !slices.Contains(missing, convene.Late{Party: first}) {
		t.Errorf("missing %v lacks %s", missing, first)
	}
	if early := b.Missing(start.Add(-time.Hour)); len(early) > 0 {
		t.Errorf("missed an hour before: %v", early)
	}
	arrive(t, h, f, p, first)
	if b, err = h.Board(ctx, f.ID); err != nil || slices.Contains(b.Missing(start), convene.Late{Party: first}) || !b.There(first) || b.Name(first) == string(first) || b.Name("x") != "x" {
		t.Errorf("after arriving, missing %v: %v", b.Missing(start), err)
	}
	b.Fair.Late, b.Rounds[1].Meetings, b.Rounds[2].Meetings = 0, nil, nil
	if now, next := b.Now(b.Rounds[1].Start); now != -1 || next != 3 {
		t.Errorf("rounds in which nobody meets: %d, then %d", now, next)
	}
	_, err = h.Delay(ctx, steward(), f.ID, 500)
	expectField(t, err, "late", "fair.bad_late", "", nil)
	_, err = h.Board(ctx, "nothing")
	expectCode(t, "board of nothing", err, scene.NotFound, "fair.not_found")
}

func arrive(t *testing.T, h *hall, f scene.Fair, p []scene.FairParty, id scene.ID) {
	t.Helper()
	i := slices.IndexFunc(p, func(x scene.FairParty) bool { return x.ID == id })
	e := scene.FairEntry{FairID: f.ID, Key: "arrived-" + string(id), Kind: scene.EntryArrived, Party: id, Delegate: p[i].Delegates[0].ID}
	if _, err := h.Enter(t.Context(), steward(), e); err != nil {
		t.Fatal(err)
	}
}

// TestNoShowThatComes: who was reported absent and then arrives is planned again.
func TestNoShowThatComes(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	h.plan(f.ID)
	h.setNow(f.Slots[0].Start)
	if err := h.NoShow(ctx, steward(), f.ID, p[0].ID, nil, "absent-00001"); err != nil {
		t.Fatal(err)
	}
	if b, err := h.Board(ctx, f.ID); err != nil || !b.Absent(p[0].ID, "") {
		t.Errorf("not absent: %v", err)
	}
	meetings := func() (n int) {
		d, err := h.Draft(ctx, steward(), f.ID)
		if err != nil || d == nil {
			t.Fatalf("draft: %v", err)
		}
		for _, s := range d.Plan.Meetings {
			if slices.Contains(s.Parties, string(p[0].ID)) {
				n++
			}
		}
		return n
	}
	if n := meetings(); n != 0 {
		t.Errorf("%d meetings with who is absent", n)
	}
	h.setNow(f.Slots[0].Start.Add(time.Second))
	arrive(t, h, f, p, p[0].ID)
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(err)
	}
	if n := meetings(); n != 4 {
		t.Errorf("%d meetings with who came after all, want the 4 published", n)
	}
	err := h.NoShow(ctx, steward(), f.ID, p[1].ID, []string{f.Slots[2].ID}, "absent-00002")
	expectCode(t, "absent for one round", err, "", "")
}

// TestLeavesAndComesBack: who was checked in, is noted absent and comes back is
// checked in again; each press of a button counts once all the same.
func TestLeavesAndComesBack(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	h.plan(f.ID)
	h.setNow(f.Slots[0].Start)
	board := func() *convene.Board {
		b, err := h.Board(ctx, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	party, delegate := p[0].ID, p[0].Delegates[0].ID
	checkIn := func() {
		e := scene.FairEntry{FairID: f.ID, Key: board().ArrivalKey(party, delegate), Kind: scene.EntryArrived, Party: party, Delegate: delegate}
		for _, want := range []bool{true, false} { // pressed twice
			if fresh, err := h.Enter(ctx, steward(), e); err != nil || fresh != want {
				t.Errorf("checked in: new %v, %v", fresh, err)
			}
		}
	}
	mark := board().Mark(party, delegate)
	checkIn()
	if !board().There(party) || board().Mark(party, delegate) == mark {
		t.Error("who was checked in is not there")
	}
	for range 2 {
		mark = board().Mark(party, delegate)
		if err := h.NoShow(ctx, steward(), f.ID, party, nil, board().AbsenceKey(party, "")); err != nil {
			t.Fatal(err)
		}
		if b := board(); b.There(party) || !b.Absent(party, "") || b.Mark(party, delegate) == mark {
			t.Error("who left is there still")
		}
		checkIn()
		if b := board(); !b.There(party) || b.Absent(party, "") {
			t.Error("who came back is not there")
		}
	}
}

// TestClosedTable: its meetings to come go elsewhere, those that began stay, and what
// changes is said why.
func TestClosedTable(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, _ := h.full()
	v := h.plan(f.ID)
	h.setNow(f.Slots[1].End)
	if err := h.Mend(ctx, steward(), f.ID, []scene.FairPlace{{Table: "A01"}}); err != nil {
		t.Fatal(err)
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	past := slotIDs(&f)[:3] // the third begins as the second ends
	at := map[string]scene.FairPlace{}
	for i := range v.Plan.Meetings {
		at[v.Plan.Meetings[i].ID] = placeOf(&v.Plan.Meetings[i])
	}
	for i := range d.Plan.Meetings {
		s := &d.Plan.Meetings[i]
		if slices.Contains(past, s.Slot) != slices.Contains(past, at[s.ID].Slot) || slices.Contains(past, s.Slot) && placeOf(s) != at[s.ID] {
			t.Errorf("%s was at %v and is at %v, though the past is past", s.ID, at[s.ID], placeOf(s))
		}
		if s.Table == "A01" && !slices.Contains(past, s.Slot) {
			t.Errorf("%s is at the closed table", s.ID)
		}
	}
	if len(d.Row.Changes) == 0 || d.Row.Changes[0].Why != string(agenda.MovedClosed) || d.Row.Note != "A01" {
		t.Errorf("changes %+v", d.Row.Changes)
	}
	err = h.Mend(ctx, steward(), f.ID, []scene.FairPlace{{Table: "Z9"}})
	expectCode(t, "a table that is not there", err, scene.Invalid, "fair.no_such_table")
	unplanned := h.fair()
	expectCode(t, "mending nothing", h.Mend(ctx, steward(), unplanned.ID, nil), scene.Precondition, "fair.no_plan")
}

// TestWalkIn: who comes unannounced and is wanted is offered what is free, and
// nothing moves for him.
func TestWalkIn(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full(func(f *scene.Fair) { f.Max, f.Halls[0].Tables = 6, 5 })
	h.plan(f.ID)
	if _, err := h.Bring(ctx, steward(), f.ID, scene.FairClosed); err != nil {
		t.Fatal(err)
	}
	_, err := h.Join(ctx, ofOrg("o"), f.ID, "", convene.PartyForm{})
	expectCode(t, "an account after the end of sign-up", err, scene.Precondition, "fair.not_open")
	x, err := h.Join(ctx, steward(), f.ID, "", convene.PartyForm{Name: "不速之客", Delegates: []scene.Delegate{{Name: "客"}}})
	if err != nil || x.State != scene.PartyAccepted {
		t.Fatalf("walk-in %+v, %v", x, err)
	}
	h.wish(x, scene.WishWant, p[0])
	if err := h.Mend(ctx, steward(), f.ID, nil); err != nil {
		t.Fatal(err)
	}
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil || len(d.Row.Changes) != 0 || len(d.Offers) != 1 || !slices.Contains(d.Offers[0].Parties, string(x.ID)) {
		t.Fatalf("changes %+v, offers %+v, %v", d.Row.Changes, d.Offers, err)
	}
	v, err := h.Publish(ctx, steward(), f.ID, d.Row.Revision, []string{d.Offers[0].ID})
	if err != nil || len(v.Row.Changes) != 1 || len(v.Plan.Meetings) != 17 {
		t.Errorf("published %+v, %v", v, err)
	}
	if broken := agenda.Check(v.Problem, v.Plan); len(broken) > 0 {
		t.Errorf("the plan breaks %v", broken)
	}
}

// TestOver: what is over changes no more.
func TestOver(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	for _, to := range []scene.FairState{scene.FairClosed, scene.FairOver} {
		if _, err := h.Bring(ctx, steward(), f.ID, to); err != nil {
			t.Fatal(err)
		}
	}
	now, err := h.Fair(ctx, scene.Actor{}, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Edit(ctx, steward(), now)
	expectCode(t, "edit", err, scene.Precondition, "fair.ended")
	expectCode(t, "plan", h.Plan(ctx, steward(), f.ID, 0), scene.Precondition, "fair.ended")
	_, err = h.WishAsGuest(ctx, p[0].Delegates[0].Code, "", []convene.Wish{{To: p[4].ID, Kind: scene.WishNever}})
	expectCode(t, "wish", err, scene.Precondition, "fair.ended")
	_, err = h.Join(ctx, steward(), f.ID, "", convene.PartyForm{Name: "x", Delegates: []scene.Delegate{{Name: "x"}}})
	expectCode(t, "join", err, scene.Precondition, "fair.ended")
	if _, err := h.Guest(ctx, p[0].Delegates[0].Code); err != nil {
		t.Errorf("the schedule of a fair that is over stays: %v", err)
	}
	gone := h.fair()
	if _, err := h.Bring(ctx, steward(), gone.ID, scene.FairCancelled); err != nil {
		t.Fatal(err)
	}
	_, err = h.Fair(ctx, scene.Actor{}, gone.ID)
	expectCode(t, "a visitor sees one that is cancelled", err, scene.Unauthorized, "")
	list, err := h.Fairs(ctx, scene.Actor{})
	if err != nil || len(list) != 1 || list[0].ID != f.ID {
		t.Errorf("visitors see %d fairs, %v", len(list), err)
	}
	if list, err = h.Fairs(ctx, steward()); err != nil || len(list) != 2 {
		t.Errorf("stewards see %d fairs, %v", len(list), err)
	}
}

// TestReportCounts: what both sides say is put together, and nothing is counted
// that nobody said.
func TestReportCounts(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	v := h.plan(f.ID)
	says := []struct {
		a, b    *scene.FairOutcome
		held    bool
		intents int
		amount  scene.Money
	}{
		{outcome(true, scene.NextContract, 10*scene.Wan), outcome(true, scene.NextTalk, 8*scene.Wan), true, 1, 8 * scene.Wan},
		{outcome(true, scene.NextPilot, 0), nil, true, 1, 0},
		{outcome(true, scene.NextVisit, 0), outcome(false, "", 0), false, 0, 0},
		{outcome(false, "", 0), nil, false, 0, 0},
		{nil, nil, false, 0, 0},
	}
	held, intents, amount := 0, 0, scene.Money(0)
	for i, s := range says {
		seat := v.Plan.Meetings[i]
		for k, o := range []*scene.FairOutcome{s.a, s.b} {
			if o == nil {
				continue
			}
			who := slices.IndexFunc(p, func(x scene.FairParty) bool { return string(x.ID) == seat.Parties[k] })
			e := scene.FairEntry{Key: fmt.Sprint("said-", i, "-", k, "-000"), Kind: scene.EntryOutcome, Meeting: seat.ID, Outcome: o}
			if _, err := h.EnterAsGuest(ctx, p[who].Delegates[0].Code, "", e); err != nil {
				t.Fatal(err)
			}
		}
		if s.held {
			held++
		}
		intents += s.intents
		amount += s.amount
	}
	r, err := h.Report(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if r.Held != held || r.Intents != intents || r.Amount != amount || r.Disputed != 2 || r.Silent != len(v.Plan.Meetings)-4 ||
		r.Contested != 1 || r.Missed != 1 || r.OneSided != 0 {
		t.Errorf("report %+v; want %d held, %d intents of %v", r, held, intents, amount)
	}
	if r.Joined != 8 || r.Arrived != 2 || // those who say so themselves
		r.Wished != 16 || r.Mutual != 0 || len(r.Parties) != 8 || len(r.Meetings) != r.Planned {
		t.Errorf("report %+v", r)
	}
	if r.NextSteps[scene.NextContract] != 1 || r.NextSteps[scene.NextPilot] != 1 || r.NextSteps[scene.NextVisit] != 0 {
		t.Errorf("steps %v", r.NextSteps)
	}
	sum := 0
	for _, x := range r.Parties {
		sum += x.Planned
	}
	if sum != 2*r.Planned || r.Least != 4 || r.TopTenth == 0 || r.MinimumsKept != 1 {
		t.Errorf("parties have %d meetings for %d; least %d", sum, r.Planned, r.Least)
	}
	_, err = h.Report(ctx, ofOrg("o"), f.ID)
	if e, ok := errors.AsType[*scene.Error](err); !ok || e.Code != scene.Forbidden {
		t.Errorf("a provider reads the report: %v", err)
	}
}
