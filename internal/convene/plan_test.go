package convene_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// full is a fair of eight parties, four of which want the four others.
func (h *hall) full(change ...func(*scene.Fair)) (scene.Fair, []scene.FairParty) {
	h.t.Helper()
	f := h.fair(change...)
	p := h.guests(f.ID, 8)
	for i := range 4 {
		h.wish(p[i], scene.WishWant, p[4], p[5], p[6], p[7])
	}
	return f, p
}

func placeOf(s *agenda.Seat) scene.FairPlace { return scene.FairPlace{Slot: s.Slot, Table: s.Table} }

// told is everything an error says to a person.
func told(err error) string {
	return locale.Error(locale.Zh, err)
}

// toldWhoIsInTheWay: who moves a meeting to a time at which a party meets already is
// told whom, and at which table.
func toldWhoIsInTheWay(t *testing.T, h *hall, f scene.Fair, first, other *agenda.Seat) {
	t.Helper()
	d, err := h.Draft(t.Context(), steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, s := range d.Plan.Meetings {
		used[s.Table] = used[s.Table] || s.Slot == other.Slot
	}
	for _, table := range []string{"A01", "A02", "A03"} {
		if used[table] {
			continue
		}
		err = h.Move(t.Context(), steward(), f.ID, first.ID, scene.FairPlace{Slot: other.Slot, Table: table}, false)
		fields := fieldsOf(err)
		if !slices.ContainsFunc(fields, func(x scene.FieldError) bool {
			return x.Key == "fair.clash_meets" && x.Args["table"] == other.Table && strings.Contains(fmt.Sprint(x.Args["other"]), " × ")
		}) {
			t.Errorf("in the way: %+v", fields)
		}
		return
	}
}

func TestMoveAndLock(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, _ := h.full()
	d := h.draft(f.ID)
	at := slices.IndexFunc(d.Plan.Meetings, func(s agenda.Seat) bool { return len(freePlaces(f, d, &s)) > 0 })
	if at < 0 {
		t.Fatal("no meeting can be moved")
	}
	first := d.Plan.Meetings[at]
	free := freePlaces(f, d, &first)[0]
	clash := slices.IndexFunc(d.Plan.Meetings, func(s agenda.Seat) bool {
		return s.Slot != first.Slot && s.ID != first.ID && slices.Contains(s.Parties, first.Parties[0])
	})
	other := d.Plan.Meetings[clash]
	err := h.Move(ctx, steward(), f.ID, first.ID, placeOf(&other), false)
	expectCode(t, "onto another meeting", err, scene.Precondition, "fair.move_clash")
	if text := told(err); !strings.Contains(text, "公司0") || strings.Contains(text, first.Parties[0]) {
		t.Errorf("a clash is told without names: %s", text)
	}
	toldWhoIsInTheWay(t, h, f, &first, &other)
	after, err := h.Draft(ctx, steward(), f.ID)
	if err != nil || after.Row.Revision != d.Row.Revision || placeOf(&after.Plan.Meetings[at]) != placeOf(&first) {
		t.Errorf("a refused move changed the draft: %v", err)
	}
	if err := h.Move(ctx, steward(), f.ID, first.ID, free, false); err != nil {
		t.Fatalf("to a free place: %v", told(err))
	}
	if after, err = h.Draft(ctx, steward(), f.ID); err != nil || after.Row.Locks[first.ID] != free {
		t.Errorf("a moved meeting is not locked: %+v, %v", after.Row.Locks, err)
	}
	// Solved again, it stays.
	d = h.draft(f.ID)
	if i := slices.IndexFunc(d.Plan.Meetings, func(s agenda.Seat) bool { return s.ID == first.ID }); i < 0 || placeOf(&d.Plan.Meetings[i]) != free {
		t.Errorf("solving again moved a locked meeting")
	}
	if err := h.Lock(ctx, steward(), f.ID, first.ID, false); err != nil {
		t.Fatal(err)
	}
	if err := h.Lock(ctx, steward(), f.ID, other.ID, true); err != nil {
		t.Fatal(err)
	}
	if d, err = h.Draft(ctx, steward(), f.ID); err != nil || len(d.Row.Locks) != 1 || d.Row.Locks[other.ID] == (scene.FairPlace{}) {
		t.Errorf("locks %+v, %v", d.Row.Locks, err)
	}
	expectCode(t, "no such meeting", h.Lock(ctx, steward(), f.ID, "x~y", true), scene.NotFound, "fair.no_such_meeting")
	expectCode(t, "no such table", h.Move(ctx, steward(), f.ID, first.ID, scene.FairPlace{Slot: first.Slot, Table: "Z99"}, false), scene.Invalid, "fair.no_such_table")
	expectCode(t, "no such slot", h.Move(ctx, steward(), f.ID, first.ID, scene.FairPlace{Slot: "0000", Table: first.Table}, false), scene.Invalid, "fair.no_such_place")
}

// freePlaces are those to which the meeting can go without a clash.
func freePlaces(f scene.Fair, v *convene.Version, m *agenda.Seat) (free []scene.FairPlace) {
	for _, slot := range f.Slots {
		taken, busy := map[string]bool{}, false
		for i := range v.Plan.Meetings {
			s := &v.Plan.Meetings[i]
			if s.Slot == slot.ID && s.ID != m.ID {
				taken[s.Table] = true
				busy = busy || slices.Contains(s.Parties, m.Parties[0]) || slices.Contains(s.Parties, m.Parties[1])
			}
		}
		for n := 1; n <= 3; n++ {
			if id := convene.TableID("A", n); !busy && !taken[id] && (scene.FairPlace{Slot: slot.ID, Table: id}) != placeOf(m) {
				free = append(free, scene.FairPlace{Slot: slot.ID, Table: id})
			}
		}
	}
	return free
}

// TestForce: a meeting forced onto another is locked there, and solving again
// moves the rest.
func TestForce(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, _ := h.full()
	d := h.draft(f.ID)
	first, last := d.Plan.Meetings[0], d.Plan.Meetings[len(d.Plan.Meetings)-1]
	if err := h.Move(ctx, steward(), f.ID, first.ID, placeOf(&last), true); err != nil {
		t.Fatal(err)
	}
	d = h.draft(f.ID)
	i := slices.IndexFunc(d.Plan.Meetings, func(s agenda.Seat) bool { return s.ID == first.ID })
	if i < 0 || placeOf(&d.Plan.Meetings[i]) != placeOf(&last) {
		t.Error("a forced meeting is not where it was forced to")
	}
	if broken := agenda.Check(d.Problem, d.Plan); len(broken) > 0 {
		t.Errorf("the plan breaks %v", broken)
	}
}

// TestPublishRefuses what was not looked at, or no longer fits; the published
// plan stays.
func TestPublishRefuses(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	_, err := h.Publish(ctx, steward(), f.ID, 1, nil)
	expectCode(t, "without a draft", err, scene.Precondition, "fair.no_draft")
	expectCode(t, "a lock without a draft", h.Lock(ctx, steward(), f.ID, "x", true), scene.Precondition, "fair.no_draft")
	v := h.plan(f.ID)
	d := h.draft(f.ID)
	if len(d.Row.Changes) != 0 || d.Row.Base != 1 {
		t.Errorf("the same wishes again change %d meetings of version %d", len(d.Row.Changes), d.Row.Base)
	}
	_, err = h.Publish(ctx, steward(), f.ID, d.Row.Revision-1, nil)
	expectCode(t, "an older draft", err, scene.Conflict, "fair.draft_changed")
	_, err = h.Publish(ctx, steward(), f.ID, d.Row.Revision, []string{"x~y"})
	expectCode(t, "an offer that was not made", err, scene.NotFound, "fair.no_such_meeting")
	if _, err := h.Decide(ctx, steward(), p[4].ID, scene.PartyWithdrawn); err != nil {
		t.Fatal(err)
	}
	_, err = h.Publish(ctx, steward(), f.ID, d.Row.Revision, nil)
	expectCode(t, "with one who withdrew", err, scene.Precondition, "fair.draft_stale")
	if text := told(err); !strings.Contains(text, p[4].Name) {
		t.Errorf("it is not told who withdrew: %s", text)
	}
	now, err := h.Published(ctx, steward(), f.ID)
	if err != nil || now.Row.Number != 1 || len(now.Plan.Meetings) != len(v.Plan.Meetings) {
		t.Errorf("the published plan changed: %v", err)
	}
	if err := h.Discard(ctx, steward(), f.ID); err != nil {
		t.Fatal(err)
	}
	if d, err = h.Draft(ctx, steward(), f.ID); err != nil || d != nil {
		t.Errorf("a draft that was let go is there: %v, %v", d, err)
	}
}

// overtaken runs something before a change, as if another process had been faster.
type overtaken struct {
	store.Store
	first func()
}

func (b *overtaken) Update(ctx context.Context, fn func(store.Tx) error) error {
	if first := b.first; first != nil {
		b.first = nil
		first()
	}
	return b.Store.Update(ctx, fn)
}

// TestPublishWhatIsThere: what happens between the look at a draft and its
// publication is neither lost nor published over.
func TestPublishWhatIsThere(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, p := h.full()
	d := h.draft(f.ID)
	rows := &overtaken{Store: h.rows}
	other := convene.New(convene.Config{Store: rows, IDs: scene.NewIDMaker(h.now, rand.Reader), Now: h.now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(other.Close)
	rows.first = func() {
		if err := h.Lock(ctx, steward(), f.ID, d.Plan.Meetings[0].ID, true); err != nil {
			t.Error(err)
		}
	}
	_, err := other.Publish(ctx, steward(), f.ID, d.Row.Revision, nil)
	expectCode(t, "a draft that was changed meanwhile", err, scene.Conflict, "fair.draft_changed")
	if d, err = h.Draft(ctx, steward(), f.ID); err != nil || d == nil || len(d.Row.Locks) != 1 {
		t.Fatalf("the draft was lost: %v", err)
	}
	rows.first = func() {
		if _, err := h.Decide(ctx, steward(), p[4].ID, scene.PartyWithdrawn); err != nil {
			t.Error(err)
		}
	}
	_, err = other.Publish(ctx, steward(), f.ID, d.Row.Revision, nil)
	expectCode(t, "with one who withdrew meanwhile", err, scene.Precondition, "fair.draft_stale")
}

// TestEditKeepsThePublishedPlan: a table with meetings, or the grid of slots,
// cannot be taken from under a published plan.
func TestEditKeepsThePublishedPlan(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, _ := h.full()
	h.plan(f.ID)
	tests := map[string]struct {
		change func(*scene.Fair)
		field  string
	}{
		"TableRemoved": {func(f *scene.Fair) { f.Halls = []scene.FairHall{{ID: "A", Tables: 1}} }, "halls"},
		"HallRenamed":  {func(f *scene.Fair) { f.Halls[0].ID = "C" }, "halls"},
		"SlotLength":   {func(f *scene.Fair) { f.Minutes = 15 }, "minutes"},
		"Pause":        {func(f *scene.Fair) { f.Pause = 10 }, "pause"},
		"Block":        {func(f *scene.Fair) { f.Blocks = f.Blocks[:1] }, "programme"},
		"Day": {func(f *scene.Fair) {
			for i := range f.Blocks {
				f.Blocks[i].Start, f.Blocks[i].End = f.Blocks[i].Start.AddDate(0, 0, 1), f.Blocks[i].End.AddDate(0, 0, 1)
			}
		}, "day"},
		"MoreTables": {func(f *scene.Fair) { f.Halls = []scene.FairHall{{ID: "A", Tables: 5}, {ID: "B", Tables: 2}} }, ""},
		"Title":      {func(f *scene.Fair) { f.Title = "改名" }, ""},
	}
	for name, tt := range tests {
		now, err := h.Fair(ctx, steward(), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		next := now
		next.Halls, next.Blocks = slices.Clone(now.Halls), slices.Clone(now.Blocks)
		tt.change(&next)
		_, err = h.Edit(ctx, steward(), next)
		if tt.field == "" {
			expectCode(t, name, err, "", "")
			continue
		}
		expectCode(t, name, err, scene.Precondition, "fair.published_kept")
		if e, ok := errors.AsType[*scene.Error](err); ok && !slices.ContainsFunc(e.Fields, func(x scene.FieldError) bool { return x.Field == tt.field }) {
			t.Errorf("%s: told at %+v, want %s", name, e.Fields, tt.field)
		}
	}
	stale, err := h.Fair(ctx, steward(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	stale.Revision--
	_, err = h.Edit(ctx, steward(), stale)
	expectCode(t, "an older edit", err, scene.Conflict, "store.stale")
}

// TestMustsThatContradict: more musts than time are told as a set of conditions,
// and the plan is the nearest one.
func TestMustsThatContradict(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f := h.fair(func(f *scene.Fair) { f.Max, f.Min, f.MaxMusts = 1, 0, 3 })
	p := h.guests(f.ID, 4)
	h.wish(p[0], scene.WishMust, p[1], p[2], p[3])
	d := h.draft(f.ID)
	if len(d.Plan.Conflict) == 0 || len(d.Plan.Meetings) != 1 {
		t.Errorf("%d meetings, conflict %+v", len(d.Plan.Meetings), d.Plan.Conflict)
	}
}

// TestFixedTogether: who locks two meetings to one place is told both, whichever is
// locked last, and the draft stays as it was and can be solved.
func TestFixedTogether(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f, _ := h.full()
	d := h.draft(f.ID)
	a, b := d.Plan.Meetings[0], d.Plan.Meetings[1]
	if err := h.Lock(ctx, steward(), f.ID, a.ID, true); err != nil {
		t.Fatal(err)
	}
	err := h.Move(ctx, steward(), f.ID, b.ID, placeOf(&a), true)
	expectCode(t, "two locked to one place", err, scene.Precondition, "fair.locks_contradict")
	if text := told(err); !strings.Contains(text, "公司0") || strings.Contains(text, a.ID) {
		t.Errorf("told without names: %s", text)
	}
	if err := h.Lock(ctx, steward(), f.ID, a.ID, false); err != nil {
		t.Fatal(err)
	}
	if err := h.Move(ctx, steward(), f.ID, b.ID, placeOf(&a), true); err != nil {
		t.Fatalf("to where nothing is locked: %v", err)
	}
	expectCode(t, "the other one last", h.Lock(ctx, steward(), f.ID, a.ID, true), scene.Precondition, "fair.locks_contradict")
	now, err := h.Draft(ctx, steward(), f.ID)
	if err != nil || len(now.Row.Locks) != 1 || now.Row.Locks[b.ID] != placeOf(&a) {
		t.Fatalf("locks %v, %v", now.Row.Locks, err)
	}
	if err := h.Lock(ctx, steward(), f.ID, b.ID, false); err != nil {
		t.Errorf("letting go: %v", err)
	}
	if d = h.draft(f.ID); len(d.Row.Locks) != 0 {
		t.Errorf("solved with %v", d.Row.Locks)
	}
}

// TestOneAtATime: while a plan is made no second one is begun, and stopping it
// gives the best so far.
func TestOneAtATime(t *testing.T) {
	t.Parallel()
	slow := &waiting{until: make(chan struct{})}
	h := newHall(t, slow)
	ctx := t.Context()
	f := h.fair()
	h.owners(f.ID, 2)
	if err := h.Plan(ctx, steward(), f.ID, time.Minute); err != nil {
		t.Fatal(err)
	}
	if w := h.Working(f.ID); !w.Running {
		t.Errorf("working %+v", w)
	}
	expectCode(t, "a second", h.Plan(ctx, steward(), f.ID, 0), scene.Conflict, "fair.planning")
	if err := h.Cancel(steward(), f.ID); err != nil {
		t.Fatal(err)
	}
	h.Await(ctx, f.ID)
	close(slow.until)
	d, err := h.Draft(ctx, steward(), f.ID)
	if err != nil || d == nil || d.Plan.StoppedBy != agenda.StoppedCancelled && d.Plan.StoppedBy != agenda.StoppedOptimal {
		t.Errorf("after a stop: %+v, %v", d, err)
	}
	if w := h.Working("nothing"); w.Running {
		t.Error("nothing is worked at")
	}
}

// waiting is a matcher that does not answer before it is let.
type waiting struct {
	paired
	until chan struct{}
}

// Pairs waits, and then finds everything a good match.
func (w *waiting) Pairs(ctx context.Context, needs, offers []scene.Row, top int) ([]match.Ranking, error) {
	select {
	case <-w.until:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return w.paired.Pairs(ctx, needs, offers, top)
}

// TestInterpreters: without a common language a meeting needs one of the few.
func TestInterpreters(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f := h.fair(func(f *scene.Fair) { f.Interpreters, f.Min = 1, 0 })
	p := h.guests(f.ID, 4)
	for _, i := range []int{1, 3} {
		if _, err := h.Amend(t.Context(), steward(), p[i].ID, convene.PartyForm{Name: p[i].Name, Languages: []string{"de"}, Delegates: p[i].Delegates}); err != nil {
			t.Fatal(err)
		}
	}
	h.wish(p[0], scene.WishWant, p[1], p[2])
	h.wish(p[2], scene.WishWant, p[3])
	d := h.draft(f.ID)
	at := map[string]int{}
	for _, m := range d.Problem.Meetings {
		if len(m.Resources) == 0 {
			continue
		}
		for _, s := range d.Plan.Meetings {
			if s.ID == m.ID {
				at[s.Slot]++
			}
		}
	}
	if len(d.Plan.Meetings) != 3 || len(at) != 2 {
		t.Errorf("%d meetings, those with an interpreter at %v; want two at different times", len(d.Plan.Meetings), at)
	}
}

// TestDelegates: those who go alone can be in two meetings at one time, never
// one in two; those who go together cannot.
func TestDelegates(t *testing.T) {
	t.Parallel()
	for share, want := range map[bool]int{false: 4, true: 2} {
		t.Run(fmt.Sprint("share ", share), func(t *testing.T) {
			t.Parallel()
			h := newHall(t, nil)
			f := h.fair(func(f *scene.Fair) {
				f.Min = 0
				f.Blocks[1].End = f.Blocks[1].Start.Add(40 * time.Minute) // two slots
			})
			p := h.guests(f.ID, 5)
			two := []scene.Delegate{{Name: "甲"}, {Name: "乙"}}
			if _, err := h.Amend(t.Context(), steward(), p[0].ID, convene.PartyForm{Name: p[0].Name, Share: share, Delegates: two}); err != nil {
				t.Fatal(err)
			}
			for i := 1; i < 5; i++ {
				h.wish(p[i], scene.WishWant, p[0])
			}
			d := h.draft(f.ID)
			if len(d.Plan.Meetings) != want {
				t.Fatalf("%d meetings, want %d", len(d.Plan.Meetings), want)
			}
			busy := map[string]bool{}
			for _, s := range d.Plan.Meetings {
				who := s.Delegates[string(p[0].ID)]
				if share == (who != "") {
					t.Errorf("share %v, and %q goes", share, who)
				}
				if who != "" && busy[s.Slot+who] {
					t.Errorf("%s is in two places at %s", who, s.Slot)
				}
				busy[s.Slot+who] = true
			}
		})
	}
}
