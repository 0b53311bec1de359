package convene_test

import (
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
