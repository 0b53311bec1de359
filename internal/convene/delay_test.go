package convene_test

import (
	"slices"
	"testing"
	"time"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
)

// TestDelayLeavesWhatIsOver: a delay moves what runs and what is to come, from where it
// was said or else from where the day stands; what was over keeps the hours that it had,
// however often the hall is late again.
func TestDelayLeavesWhatIsOver(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair()
	opening, meet := f.Blocks[0], f.Blocks[1]
	if opening.Kind != scene.BlockOpening || meet.Kind != scene.BlockMeet {
		t.Fatalf("blocks %+v", f.Blocks)
	}
	slot := func(i int) scene.FairSlot { return f.Slots[i] }
	for _, tt := range []struct {
		name    string
		now     time.Time
		minutes int
		from    time.Time
		opening int // minutes by which it is moved
		slots   []int
	}{
		{"BeforeTheDay", opening.Start.Add(-time.Hour), 10, time.Time{}, 10, []int{10, 10, 10, 10, 10, 10}},
		{"NotAfterAll", opening.Start.Add(-time.Hour), 0, time.Time{}, 0, []int{0, 0, 0, 0, 0, 0}},
		{"OpeningOver", opening.End, 30, time.Time{}, 0, []int{30, 30, 30, 30, 30, 30}},
		{"FromWhatIsOver", opening.End.Add(time.Minute), 30, opening.Start, 0, []int{30, 30, 30, 30, 30, 30}},
		{"TheRunningBlock", slot(0).End.Add(31 * time.Minute), 45, time.Time{}, 0, []int{45, 45, 45, 45, 45, 45}},
		{"FromTheSecondRound", slot(1).End.Add(45 * time.Minute), 50, slot(1).Start, 0, []int{45, 50, 50, 50, 50, 50}},
		{"TwoRoundsAtOnce", slot(2).Start.Add(50 * time.Minute), 20, slot(3).Start, 0, []int{45, 50, 50, 50, 50, 50}},
		{"Later", slot(2).Start.Add(50 * time.Minute), 55, slot(3).Start, 0, []int{45, 50, 50, 55, 55, 55}},
		{"AllOver", slot(5).End.Add(5 * time.Hour), 0, time.Time{}, 0, []int{45, 50, 50, 55, 55, 55}},
	} {
		h.setNow(tt.now)
		next, err := h.DelayFrom(ctx, steward(), f.ID, tt.minutes, tt.from)
		if tt.name == "TwoRoundsAtOnce" {
			expectField(t, err, "late", "fair.late_overlaps", "least", 50)
			next = h.board(f.ID).Fair
		} else if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		moved := func(at time.Time) int { return int(next.DelayAt(at) / time.Minute) }
		if moved(opening.Start) != tt.opening {
			t.Errorf("%s: the opening is %d minutes later", tt.name, moved(opening.Start))
		}
		for i, want := range tt.slots {
			if moved(slot(i).Start) != want {
				t.Errorf("%s: round %d is %d minutes later, want %d", tt.name, i, moved(slot(i).Start), want)
			}
		}
	}
	b := h.board(f.ID)
	edited := b.Fair
	edited.Title = "改名"
	after, err := h.Edit(ctx, steward(), edited)
	if err != nil || len(after.Delays) != len(b.Fair.Delays) {
		t.Errorf("an edit forgets delays: %+v, %v", after.Delays, err)
	}
	if starts := convene.DelayStarts(&f, slot(3).Start); len(starts) != 5 || !starts[0].Equal(meet.Start) || !starts[1].Equal(slot(3).Start) {
		t.Errorf("starts %v", starts)
	}
}

// TestDelayIsTold: the accounts of who has meetings to come learn of a delay and of its end,
// once each, and nobody else does.
func TestDelayIsTold(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	f := h.fair(func(f *scene.Fair) { f.Min = 0 })
	p := h.owners(f.ID, 3)
	h.people(p)
	h.wish(p[0], scene.WishWant, p[1])
	h.plan(f.ID)
	told := func() []scene.Notice {
		return slices.DeleteFunc(h.inboxes()["of-"+p[0].OrgID], func(n scene.Notice) bool { return n.Key != "fair.told.late" && n.Key != "fair.told.on_time" })
	}
	delay := func(minutes int) {
		t.Helper()
		if _, err := h.Delay(ctx, steward(), f.ID, minutes); err != nil {
			t.Fatal(err)
		}
	}
	h.setNow(f.Start())
	if delay(0); len(told()) != 0 || len(h.board(f.ID).Fair.Delays) != 0 {
		t.Errorf("in time all along: %+v", told())
	}
	delay(20)
	delay(20) // nothing changes
	list := told()
	if len(list) != 1 || list[0].Args["minutes"] != "20" || list[0].Args["time"] == "" {
		t.Fatalf("of a delay: %+v", list)
	}
	if delay(0); len(told()) != 2 {
		t.Errorf("of its end: %+v", told())
	}
	if len(h.inboxes()["of-"+p[2].OrgID]) != 0 {
		t.Error("told who meets nobody")
	}
	h.setNow(f.Until().Add(time.Hour))
	if delay(20); len(told()) != 2 {
		t.Errorf("when all is over: %+v", told())
	}
}

// TestDelayMadeGood: a rest makes a delay good as far as it is long, and so does a block
// that is over sooner than its delay says.
func TestDelayMadeGood(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	ctx := t.Context()
	blocks, err := convene.ReadProgramme(morning().AddDate(0, 0, 1), "09:00-09:30 开幕\n09:40-10:20 一对一\n10:40-11:20 一对一")
	if err != nil {
		t.Fatal(err)
	}
	f := h.fair(func(f *scene.Fair) { f.Blocks = blocks })
	second := f.Slots[2].Start
	h.setNow(f.Slots[0].Start)
	if _, err := h.Delay(ctx, steward(), f.ID, 30); err != nil {
		t.Fatal(err)
	}
	_, err = h.DelayFrom(ctx, steward(), f.ID, 5, second)
	expectField(t, err, "late", "fair.late_overlaps", "least", 10)
	if next, err := h.DelayFrom(ctx, steward(), f.ID, 10, second); err != nil || next.DelayAt(second) != 10*time.Minute {
		t.Errorf("with the rest made use of: %+v, %v", next.Delays, err)
	}
}

// TestActsOfARunningBlock: of a block that runs, the entries before the one from which a
// delay is said keep their time.
func TestActsOfARunningBlock(t *testing.T) {
	t.Parallel()
	h := newHall(t, nil)
	f, _ := h.staged()
	b := h.board(f.ID)
	acts := b.Acts()
	h.setNow(acts[0].Until.Add(time.Minute))
	if _, err := h.DelayFrom(t.Context(), steward(), f.ID, 1, acts[1].Start); err != nil {
		t.Fatal(err)
	}
	after := h.board(f.ID).Acts()
	if !after[0].Start.Equal(acts[0].Start) || !after[0].Until.Equal(acts[0].Until) || !after[1].Start.Equal(acts[1].Start.Add(time.Minute)) {
		t.Errorf("%v–%v, then %v; was %v–%v, then %v", after[0].Start, after[0].Until, after[1].Start, acts[0].Start, acts[0].Until, acts[1].Start)
	}
}
