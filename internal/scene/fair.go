package scene

import (
	"strings"
	"time"
)

// FairState is where a matchmaking event stands.
type FairState string

// The states of a fair, in their order.
const (
	FairDraft     FairState = "draft"     // being prepared; nobody outside sees it
	FairOpen      FairState = "open"      // parties sign up and say whom they want to meet
	FairClosed    FairState = "closed"    // no more sign-ups; planned and held
	FairOver      FairState = "over"      // its report is made
	FairCancelled FairState = "cancelled" // does not take place
)

// Valid reports whether s is one of the states.
func (s FairState) Valid() bool {
	switch s {
	case FairDraft, FairOpen, FairClosed, FairOver, FairCancelled:
		return true
	}
	return false
}

// FairMode says whose word makes a wish a meeting that can be planned.
type FairMode string

// The modes.
const (
	FairMutual    FairMode = "mutual"    // both sides have to want it
	FairHosted    FairMode = "hosted"    // one side is enough where the other is hosted, else both
	FairOrganiser FairMode = "organiser" // one side is enough, and good matches fill what is left
)

// Valid reports whether m is one of the modes.
func (m FairMode) Valid() bool { return m == FairMutual || m == FairHosted || m == FairOrganiser }

// FairBlockKind is what a part of the day is for.
type FairBlockKind string

// The kinds of block.
const (
	BlockOpening FairBlockKind = "opening" // 开幕
	BlockPolicy  FairBlockKind = "policy"  // 政策解读
	BlockRelease FairBlockKind = "release" // 清单发布
	BlockPitch   FairBlockKind = "pitch"   // 路演
	BlockMeet    FairBlockKind = "meet"    // 一对一洽谈: the only kind with slots
	BlockSigning FairBlockKind = "signing" // 签约
	BlockVisit   FairBlockKind = "visit"   // 参观
	BlockRest    FairBlockKind = "rest"    // 休息
)

// FairBlockKinds returns the kinds in the order of a usual day.
func FairBlockKinds() []FairBlockKind {
	return []FairBlockKind{BlockOpening, BlockPolicy, BlockRelease, BlockPitch, BlockMeet, BlockSigning, BlockVisit, BlockRest}
}

// FairBlock is a part of the day.
type FairBlock struct {
	Kind  FairBlockKind `json:"kind"`
	Title string        `json:"title,omitempty"`
	Start time.Time     `json:"start"`
	End   time.Time     `json:"end"` // after Start
	// Acts are what happens in it, one after the other. A block of meetings and a
	// rest have none.
	Acts []FairAct `json:"acts,omitempty"`
}

// called is a block as a message names it: by its time, and its title where it has one.
func (b *FairBlock) called() string {
	const clock = "15:04"
	return strings.TrimSpace(b.Start.In(China()).Format(clock) + "–" + b.End.In(China()).Format(clock) + " " + b.Title)
}

// FairHall is a room with tables. Its tables are named by its ID and a number from 1.
type FairHall struct {
	ID     string `json:"id"` // short, as printed on the tables: “A”
	Name   string `json:"name,omitempty"`
	Tables int    `json:"tables"`
}

// FairSlot is a stretch of time for one round of meetings.
type FairSlot struct {
	ID    string    `json:"id"`    // day and minute of its start in China, such as “1201-0930”
	Block string    `json:"block"` // “m1” for the first block of meetings
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// Fair is a matchmaking event (供需对接会): a day of blocks, halls with tables,
// and slots in which parties meet one to one.
type Fair struct {
	ID       ID        `json:"id"`
	Revision int       `json:"revision"` // starts at 1, rises with every write
	Title    string    `json:"title"`
	Theme    string    `json:"theme,omitempty"`
	Place    string    `json:"place,omitempty"`
	State    FairState `json:"state"`
	Mode     FairMode  `json:"mode"`

	Blocks []FairBlock `json:"blocks"` // in order of time
	Halls  []FairHall  `json:"halls"`
	// Slots are made of the blocks of meetings: each Minutes long with Pause
	// minutes between. They are kept, since plans name them.
	Slots   []FairSlot `json:"slots"`
	Minutes int        `json:"minutes"`
	Pause   int        `json:"pause,omitempty"`

	Capacity int  `json:"capacity,omitempty"` // parties; 0 for no bound. Those beyond wait
	Approval bool `json:"approval,omitempty"` // somebody lets each party in
	// Min and Max are the meetings a party is promised and takes, where it does
	// not say itself; 0 for none and for no bound.
	Min int `json:"min,omitempty"`
	Max int `json:"max,omitempty"`
	// MaxOpen and MaxMusts bound the wishes of one party, and those among them
	// that have to be kept; 0 for none at all of the latter.
	MaxOpen  int `json:"max_open"`
	MaxMusts int `json:"max_musts"`
	// Interpreters can help that many meetings at one time; a meeting needs one
	// where the parties share no language.
	Interpreters int `json:"interpreters,omitempty"`
	// Late is how many minutes the whole hall runs behind its times, as was said last.
	Late int `json:"late,omitempty"`
	// Delays are from when on that is so, in order of time: what was over when it was
	// said keeps its hours. Without any, Late is of the whole day.
	Delays []FairDelay `json:"delays,omitempty"`
	// Wall is the code in the address of the wall display.
	Wall string `json:"wall"`

	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
}

// FairDelay has what was announced for From or later begin Minutes later, until the next
// delay of a fair.
type FairDelay struct {
	From    time.Time `json:"from"`
	Minutes int       `json:"minutes"`
}

// Bounds of a fair.
const (
	MaxFairSlots  = 400
	MaxFairTables = 2_000
	MaxFairWishes = 500 // of one party, whatever the fair allows
	maxFairBlocks = 60
	maxFairHalls  = 50
)

// Start is when the first block begins, zero where there is none.
func (f *Fair) Start() time.Time {
	if len(f.Blocks) == 0 {
		return time.Time{}
	}
	return f.Blocks[0].Start
}

// End is when the last block ends, zero where there is none.
func (f *Fair) End() time.Time {
	var end time.Time
	for i := range f.Blocks {
		if f.Blocks[i].End.After(end) {
			end = f.Blocks[i].End
		}
	}
	return end
}

// Ended reports whether the fair is over or will not be: nothing of it changes any more.
func (f *Fair) Ended() bool { return f.State == FairOver || f.State == FairCancelled }

// DelayAt is by how much later begins what was announced for an instant.
func (f *Fair) DelayAt(announced time.Time) time.Duration {
	minutes := 0
	if len(f.Delays) == 0 {
		minutes = f.Late
	}
	for _, d := range f.Delays {
		if !d.From.After(announced) {
			minutes = d.Minutes
		}
	}
	return time.Duration(minutes) * time.Minute
}

// Hours are from when to when lasts what was announced so, with the delay of the hall.
func (f *Fair) Hours(start, end time.Time) (from, to time.Time) {
	from, to = start.Add(f.DelayAt(start)), end.Add(f.DelayAt(end.Add(-1)))
	if to.Before(from) { // a delay made good within it
		to = from
	}
	return from, to
}

// Until is End with the delay of the hall.
func (f *Fair) Until() time.Time {
	_, end := f.Hours(f.Start(), f.End())
	return end
}

// Postpone has what was announced for from or later begin so many minutes later, whatever
// was said of it before. That a fair which never was late is in time is no delay.
func (f *Fair) Postpone(minutes int, from time.Time) {
	said := f.Delays
	if len(said) == 0 && f.Late > 0 {
		said = []FairDelay{{Minutes: f.Late}} // when a delay was of the whole day
	}
	if len(said) == 0 && minutes == 0 {
		return
	}
	var kept []FairDelay
	for _, d := range said {
		if d.From.Before(from) {
			kept = append(kept, d)
		}
	}
	f.Late, f.Delays = minutes, append(kept, FairDelay{from, minutes})
}

// Tables is how many tables stand in all halls.
func (f *Fair) Tables() int {
	n := 0
	for _, h := range f.Halls {
		n += h.Tables
	}
	return n
}

// Slot returns the slot of that id.
func (f *Fair) Slot(id string) (FairSlot, bool) {
	for i := range f.Slots {
		if f.Slots[i].ID == id {
			return f.Slots[i], true
		}
	}
	return FairSlot{}, false
}

// Validate checks f and returns an Invalid *Error with one field per fault, or nil.
func (f *Fair) Validate() error {
	var x faults
	x.require("title", f.Title)
	x.tooLong("title", f.Title, maxName)
	x.tooLong("theme", f.Theme, 2_000)
	x.tooLong("place", f.Place, maxName)
	x.check(f.State.Valid(), "state", "field.invalid")
	x.check(f.Mode.Valid(), "mode", "field.invalid")
	x.check(len(f.Blocks) > 0, "programme", "fair.no_block")
	x.check(len(f.Blocks) <= maxFairBlocks, "programme", "fair.too_many_blocks")
	for i := range f.Blocks {
		b := &f.Blocks[i]
		if !b.End.After(b.Start) {
			x.add("programme", "fair.block_time", map[string]any{"number": i + 1})
		}
		if i > 0 && b.Start.Before(f.Blocks[i-1].End) {
			x.add("programme", "fair.blocks_overlap", map[string]any{"first": f.Blocks[i-1].called(), "second": b.called()})
		}
	}
	f.validHalls(&x)
	f.validActs(&x)
	x.check(f.Minutes >= 5 && f.Minutes <= 240, "minutes", "fair.bad_minutes")
	x.check(f.Pause >= 0 && f.Pause <= 60, "pause", "fair.bad_pause")
	x.check(len(f.Slots) <= MaxFairSlots, "minutes", "fair.too_many_slots")
	x.check(f.Capacity >= 0, "capacity", "fair.negative")
	x.check(f.Min >= 0, "min", "fair.negative")
	x.check(f.Max >= 0, "max", "fair.negative")
	x.check(f.Max <= 0 || f.Min <= f.Max, "min", "fair.min_max")
	x.check(f.MaxOpen >= 0 && f.MaxOpen <= MaxFairWishes, "max_open", "fair.bad_max_open")
	x.check(f.MaxMusts >= 0 && f.MaxMusts <= f.MaxOpen, "max_musts", "fair.bad_max_musts")
	x.check(f.Interpreters >= 0, "interpreters", "fair.negative")
	if f.Interpreters > MaxFairTables { // more than there can be meetings at one time
		x.add("interpreters", "fair.bad_interpreters", map[string]any{"most": MaxFairTables})
	}
	return x.err("fair.invalid")
}

func (f *Fair) validHalls(x *faults) {
	x.check(len(f.Halls) <= maxFairHalls, "halls", "fair.too_many_halls")
	x.check(f.Tables() <= MaxFairTables, "halls", "fair.too_many_tables")
	seen := map[string]bool{}
	for _, h := range f.Halls {
		if seen[h.ID] {
			x.add("halls", "fair.hall_twice", map[string]any{"id": h.ID})
		}
		seen[h.ID] = true
		x.check(strings.TrimSpace(h.ID) != "" && len(h.ID) <= 20 && h.Tables > 0, "halls", "fair.bad_hall")
	}
}
