package agenda

import (
	"bytes"
	"encoding/json"
	"time"
)

// Problem is what is to be planned: who is there, when and where meetings can
// take place, and which of them are wanted. The zero value is an empty event.
type Problem struct {
	Name    string  `json:"name,omitempty"`
	Slots   []Slot  `json:"slots"`           // in the order of the day
	Tables  []Table `json:"tables"`          // places that hold one meeting at a time
	Halls   []Hall  `json:"halls,omitempty"` // what tables stand in; only where halls have rules of their own
	Parties []Party `json:"parties"`
	// Meetings that may or must take place. Wishes add to them.
	Meetings  []Meeting  `json:"meetings"`
	Wishes    []Wish     `json:"wishes,omitempty"`
	Resources []Resource `json:"resources,omitempty"`
	// Begun are the slots that run or are over: what is locked in them stands and breaks
	// no rule, whichever came since, and nothing else comes in.
	Begun []string `json:"begun,omitempty"`
	// MaxBreakSpread bounds the difference between the party with most and the
	// party with fewest breaks; nil for no bound.
	MaxBreakSpread *int `json:"max_break_spread,omitempty"`
	// Objective lists what counts, most important first. Only those listed
	// count; empty means [DefaultObjective].
	Objective []Goal `json:"objective,omitempty"`
}

// Slot is a stretch of time in which a meeting can take place.
type Slot struct {
	ID    string     `json:"id"`
	Block string     `json:"block,omitempty"` // part of the day, such as “morning”
	Start *time.Time `json:"start,omitempty"`
	End   *time.Time `json:"end,omitempty"` // after Start; slots may differ in length
}

// minutes is the length of the slot, 0 where it is not given.
func (s *Slot) minutes() int {
	if s.Start == nil || s.End == nil {
		return 0
	}
	return int(s.End.Sub(*s.Start) / time.Minute)
}

// Table is a place for one meeting at a time.
type Table struct {
	ID          string   `json:"id"`
	Hall        string   `json:"hall,omitempty"`
	Unavailable []string `json:"unavailable,omitempty"` // slots in which it is closed
}

// Hall closes, or bounds, all the tables that stand in it.
type Hall struct {
	ID          string   `json:"id"`
	Capacity    int      `json:"capacity,omitempty"`    // meetings at one time; 0 for no bound but the tables
	Unavailable []string `json:"unavailable,omitempty"` // slots in which it is closed
}

// Calendar says how the delegates of a party share its time.
type Calendar string

// The calendars.
const (
	// Split: each delegate takes meetings alone, so the party can have as many
	// at one time as delegates are there.
	Split Calendar = "split"
	// Share: the delegates go together; one meeting at a time, whenever at least
	// one of them is there.
	Share Calendar = "share"
)

// Party is an organisation, or person, that takes part.
type Party struct {
	ID          string     `json:"id"`
	Unavailable []string   `json:"unavailable,omitempty"` // slots
	Min         int        `json:"min,omitempty"`         // fewest meetings it should get
	Max         *int       `json:"max,omitempty"`         // most meetings it takes; nil for no bound
	Newcomer    bool       `json:"newcomer,omitempty"`    // counted in comparisons; no rule of its own
	Delegates   []Delegate `json:"delegates,omitempty"`   // without any, the party is one person
	Calendar    Calendar   `json:"calendar,omitempty"`    // Split unless given
}

// SendsOne reports whether it has to be said which delegate goes to a meeting of the party.
func (x *Party) SendsOne() bool { return x.Calendar != Share && len(x.Delegates) > 1 }

// Delegate is a person who takes meetings for a party.
type Delegate struct {
	ID          string   `json:"id"`
	Unavailable []string `json:"unavailable,omitempty"` // slots
}

// Meeting may take place once, in one slot, at one table.
type Meeting struct {
	ID      string   `json:"id"`
	Parties []string `json:"parties"` // two, or more for a group
	Must    bool     `json:"must"`    // a plan without it breaks a rule
	// Value is what the plan gains by it: 0 to 1,000,000, read to six decimals.
	// A document that does not say gives 1.
	Value     float64  `json:"value"`
	Block     string   `json:"block,omitempty"`     // only in slots of this block
	Fixed     string   `json:"fixed,omitempty"`     // if it takes place, then in this slot
	Locked    *Place   `json:"locked,omitempty"`    // it takes place exactly there
	After     []string `json:"after,omitempty"`     // meetings that take place in earlier slots
	Resources []string `json:"resources,omitempty"` // one unit of each while it lasts
	Minutes   int      `json:"minutes,omitempty"`   // only in slots at least this long
}

// Place is a slot and a table.
type Place struct {
	Slot  string `json:"slot"`
	Table string `json:"table"`
}

// UnmarshalJSON gives a meeting that names no value the value 1, and refuses
// fields that a meeting does not have.
func (m *Meeting) UnmarshalJSON(raw []byte) error {
	type plain Meeting
	read := plain{Value: 1}
	if err := strictly(raw, &read); err != nil {
		return err
	}
	*m = Meeting(read)
	return nil
}

// WishKind is how much a party wants to meet another.
type WishKind string

// The kinds of wish.
const (
	Must  WishKind = "must"  // the meeting has to take place
	Want  WishKind = "want"  // it is worth the value
	Never WishKind = "never" // it must not take place: competitors, met before
)

// Wish is what one party says about another. The wishes of a pair become one
// meeting whose value is the sum of both sides' values; a meeting of the same
// two parties takes the wishes up.
type Wish struct {
	From  string   `json:"from"`
	To    string   `json:"to"`
	Kind  WishKind `json:"kind"`
	Value float64  `json:"value"` // as in Meeting; 0 for Never
}

// UnmarshalJSON gives a wish that names no value the value 1, unless it is Never.
func (w *Wish) UnmarshalJSON(raw []byte) error {
	type plain Wish
	read := plain{Value: -1}
	if err := strictly(raw, &read); err != nil {
		return err
	}
	switch {
	case read.Value == -1 && read.Kind == Never:
		read.Value = 0
	case read.Value == -1 && !bytes.Contains(raw, []byte(`"value"`)):
		read.Value = 1
	}
	*w = Wish(read)
	return nil
}

// Resource is something shared that meetings need, such as interpreters.
type Resource struct {
	ID          string   `json:"id"`
	Capacity    int      `json:"capacity"` // meetings that can use it at one time
	Unavailable []string `json:"unavailable,omitempty"`
}

// Goal is something a plan can be better in.
type Goal string

// The goals.
const (
	Minimums     Goal = "minimums"      // meetings that parties lack to their minimum: few
	Value        Goal = "value"         // sum of the values of planned meetings: high
	Fairness     Goal = "fairness"      // the smallest party value high, then the spread of party values small
	Breaks       Goal = "breaks"        // idle gaps between the meetings of a party: few
	TableChanges Goal = "table_changes" // parties whose next meeting is at another table: few
	// Early: slots of the day before those of the meetings, summed: few. A meeting left
	// out counts as one after the last slot.
	Early Goal = "early"
)

// DefaultObjective is every goal, in the order in which they count when a
// problem does not say.
func DefaultObjective() []Goal {
	return []Goal{Minimums, Value, Fairness, Breaks, TableChanges, Early}
}

// strictly decodes one JSON value and refuses fields that its type does not have.
func strictly(raw []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
