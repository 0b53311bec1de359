package scene

import (
	"strings"
	"time"
)

// FairAct is one entry of a block of the day, such as a pitch (路演), a signing or
// a stop of a visit: they come one after the other, in the order of the block.
type FairAct struct {
	ID      ID     `json:"id"`
	Title   string `json:"title"`
	Who     string `json:"who,omitempty"` // as printed: “甲公司”, “甲公司 × 乙局”
	Place   string `json:"place,omitempty"`
	Minutes int    `json:"minutes"`
	// Seats is how many people can come along where they sign up for the entry, such
	// as a visit: a bus has so many. 0 is for one that nobody signs up for.
	Seats int `json:"seats,omitempty"`
	// Parties are those of the fair that Who names: their people see the entry
	// among what they have to be at.
	Parties []ID `json:"parties,omitempty"`
}

// MaxFairSeats bounds the people who sign up for one entry.
const MaxFairSeats = 2_000

// MaxFairActs bounds the entries of one block.
const MaxFairActs = 100

// HasActs reports whether blocks of that kind have entries.
func (k FairBlockKind) HasActs() bool { return k != BlockMeet && k != BlockRest }

// Act returns the entry of that id with the place of its block and its own in
// there; ok is false where there is none.
func (f *Fair) Act(id ID) (block, at int, ok bool) {
	for i := range f.Blocks {
		for k := range f.Blocks[i].Acts {
			if f.Blocks[i].Acts[k].ID == id {
				return i, k, true
			}
		}
	}
	return 0, 0, false
}

// ActStart is when an entry begins if all before it take their time: without the
// delay of the hall.
func (b *FairBlock) ActStart(at int) time.Time {
	start := b.Start
	for i := range b.Acts[:at] {
		start = start.Add(time.Duration(b.Acts[i].Minutes) * time.Minute)
	}
	return start
}

// Over is by how many minutes the entries of a block take longer than it has, 0
// where they fit.
func (b *FairBlock) Over() int {
	end := b.ActStart(len(b.Acts))
	return max(0, int(end.Sub(b.End)/time.Minute))
}

func (f *Fair) validActs(x *faults) {
	seen := map[ID]bool{}
	for i := range f.Blocks {
		b := &f.Blocks[i]
		x.check(len(b.Acts) == 0 || b.Kind.HasActs(), "acts", "fair.acts_where")
		x.check(len(b.Acts) <= MaxFairActs, "acts", "fair.too_many_acts")
		for k := range b.Acts {
			a := &b.Acts[k]
			x.check(strings.TrimSpace(a.Title) != "", "acts", "fair.act_title")
			x.tooLong("acts", a.Title, maxName)
			x.tooLong("acts", a.Who, maxName)
			x.tooLong("acts", a.Place, maxName)
			x.check(a.Minutes >= 1 && a.Minutes <= 240, "acts", "fair.act_minutes")
			x.check(a.Seats >= 0 && a.Seats <= MaxFairSeats, "acts", "fair.act_seats")
			x.check(a.ID != "" && !seen[a.ID], "acts", "field.invalid")
			seen[a.ID] = true
		}
	}
}
