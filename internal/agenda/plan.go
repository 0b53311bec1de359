package agenda

// Plan is the answer to a [Problem]. All lists are in the order of the problem.
type Plan struct {
	Meetings  []Seat      `json:"meetings"`
	Unplanned []Unplanned `json:"unplanned"`

	Value float64 `json:"value"` // sum over the planned meetings
	// ValueUpperBound: no plan has more value, among those that lack no more
	// meetings to the minimums than this one. Proven.
	ValueUpperBound float64 `json:"value_upper_bound"`
	Gap             float64 `json:"gap"` // (ValueUpperBound − Value) / ValueUpperBound, 0 where the bound is 0

	Breaks int `json:"breaks"`
	// BreaksLowerBound: no plan with at least this value has fewer. Proven.
	BreaksLowerBound int `json:"breaks_lower_bound"`

	Shortfall           int `json:"shortfall"`             // meetings that parties lack to their minimum, summed
	ShortfallLowerBound int `json:"shortfall_lower_bound"` // no plan lacks fewer. Proven
	TableChanges        int `json:"table_changes"`         // times a party's next meeting is at another table
	Lateness            int `json:"lateness"`              // slots of the day before those of the meetings, summed

	LeastPartyValue  float64 `json:"least_party_value"`  // smallest sum of values of a party that has any meeting to hope for
	PartyValueSpread float64 `json:"party_value_spread"` // largest minus smallest of those sums

	Proven      bool    `json:"proven"`                 // no plan is better in the order of the objective, to its last goal
	ProvenGoals []Goal  `json:"proven_goals,omitempty"` // the leading goals for which that is proven
	StoppedBy   Stop    `json:"stopped_by"`
	Effort      int     `json:"effort"`  // the work budget it was made with
	Seconds     float64 `json:"seconds"` // filled in by who holds the clock
	// Binding is what keeps the value from being higher; nil where nothing does, and
	// where a must is not kept: what binds then is Conflict.
	Binding *Limit `json:"binding,omitempty"`
	// Conflict is a set of conditions that contradict each other, while any one
	// of them could be dropped to end the contradiction; empty where musts and
	// minimums can be kept. The meetings are then the plan that comes closest.
	Conflict []Condition `json:"conflict,omitempty"`
	// ConflictMinimal is false where the set contradicts itself but could not be
	// made smallest within the effort.
	ConflictMinimal bool `json:"conflict_minimal,omitempty"`
	// MoreConflicts are the contradictions beside Conflict, each of which is there whatever
	// becomes of the musts and minimums before it: no two have one of these in common.
	// They are looked for as far as the effort goes, and 20 are told of at most.
	MoreConflicts []Contradiction `json:"more_conflicts,omitempty"`
}

// Contradiction is a set of conditions that cannot all be kept.
type Contradiction struct {
	Conditions []Condition `json:"conditions"`
	Minimal    bool        `json:"minimal"` // without any one of them the others can be kept
}

// Contradictions are all that are known: Conflict and then MoreConflicts.
func (p *Plan) Contradictions() []Contradiction {
	if len(p.Conflict) == 0 {
		return nil
	}
	return append([]Contradiction{{p.Conflict, p.ConflictMinimal}}, p.MoreConflicts...)
}

// Seat is a planned meeting.
type Seat struct {
	ID      string   `json:"id"`
	Slot    string   `json:"slot"`
	Table   string   `json:"table"`
	Parties []string `json:"parties,omitempty"`
	// Delegates names who goes, for parties with split calendars.
	Delegates map[string]string `json:"delegates,omitempty"`
}

// Wanted is how many meetings there are to plan: those that are, and those that are left
// out though no side said never.
func (p *Plan) Wanted() int {
	n := len(p.Meetings)
	for i := range p.Unplanned {
		if p.Unplanned[i].Reason != ReasonNever {
			n++
		}
	}
	return n
}

// Elsewhere is the meeting at another table that a delegate of a party has at the
// time of a meeting, nil where there is none.
func (p *Plan) Elsewhere(seat *Seat, party, delegate string) *Seat {
	for i := range p.Meetings {
		if o := &p.Meetings[i]; o.ID != seat.ID && o.Slot == seat.Slot && o.Delegates[party] == delegate {
			return o
		}
	}
	return nil
}

// Stop says what ended the search.
type Stop string

// The ends.
const (
	StoppedOptimal   Stop = "optimal"   // nothing is left to find
	StoppedEffort    Stop = "effort"    // the work budget is spent
	StoppedTime      Stop = "time"      // the deadline of the context passed
	StoppedCancelled Stop = "cancelled" // the context was cancelled
)

// Reason is why a meeting is not in the plan. Each is true of the plan as it is.
type Reason string

// The reasons.
const (
	ReasonNever        Reason = "never"          // a side said never
	ReasonNoCommonSlot Reason = "no_common_slot" // no slot suits all parties and the meeting's own conditions
	ReasonAbsent       Reason = "absent"         // a party is there in no slot that is left
	ReasonAfter        Reason = "after"          // a meeting that must precede it is not planned early enough
	ReasonPartyFull    Reason = "party_full"     // a party has as many meetings as it takes
	ReasonNoFreeSlot   Reason = "no_free_slot"   // in every slot that suits, a party is in another meeting
	ReasonTablesFull   Reason = "tables_full"    // where the parties are free, no table is
	ReasonResource     Reason = "resource_full"  // where the parties are free, a resource is used up
	ReasonGoal         Reason = "goal"           // there is room, but a goal that counts more would suffer
	ReasonMissing      Reason = "missing"        // there may be room by moving others; the effort was spent before
	ReasonOffered      Reason = "offered"        // there is room as the plan stands: a repair offers it
)

// Unplanned is a meeting that is not in the plan.
type Unplanned struct {
	ID     string  `json:"id"`
	Reason Reason  `json:"reason"`
	Detail *Detail `json:"detail,omitempty"`
}

// Detail is what a reason rests on.
type Detail struct {
	Parties   []string `json:"parties,omitempty"`   // those that are full, absent, or said never
	Slots     []string `json:"slots,omitempty"`     // where it fails: tables are full, or a party is busy
	Resources []string `json:"resources,omitempty"` // those used up
	Tables    bool     `json:"tables,omitempty"`    // with a resource used up: tables are full there as well
	Meetings  []string `json:"meetings,omitempty"`  // that would have to give way, or come before
	Goal      Goal     `json:"goal,omitempty"`      // the goal that would suffer
	// Loss is the value the plan loses where the meeting is forced in and those
	// of Meetings give way; absent where no such exchange is known.
	Loss *float64 `json:"loss,omitempty"`
	// Blocked tells that what is in the way has to stay, wherever the meeting could be:
	// nothing can give way to it.
	Blocked bool `json:"blocked,omitempty"`
	// LossAtLeast is proven: every plan with the meeting has at least this much
	// less value than this one; absent where nothing is proven, as where a must is not kept.
	LossAtLeast *float64 `json:"loss_at_least,omitempty"`
}

// Limit is what a little more of would raise the value most.
type Limit struct {
	Kind  LimitKind `json:"kind"`
	IDs   []string  `json:"ids"`   // the dearest first, at most ten
	Price float64   `json:"price"` // value that one more unit of the first can gain at most
	Share float64   `json:"share"` // of the value bound that rests on this kind, 0 to 1
}

// LimitKind is a kind of limit.
type LimitKind string

// The kinds of limit.
const (
	LimitTables    LimitKind = "tables"    // tables in the slots IDs
	LimitParties   LimitKind = "parties"   // maximums of the parties IDs
	LimitCalendars LimitKind = "calendars" // time of the parties IDs
	LimitResources LimitKind = "resources" // units of the resources IDs
)

// Condition is one rule of a problem, for a set of rules that contradict each other.
type Condition struct {
	Kind     ConditionKind `json:"kind"`
	Meeting  string        `json:"meeting,omitempty"`
	Party    string        `json:"party,omitempty"`
	Slot     string        `json:"slot,omitempty"`
	Resource string        `json:"resource,omitempty"`
	Count    int           `json:"count,omitempty"` // the bound, for minimums, maximums and capacities
}

// ConditionKind is a kind of rule.
type ConditionKind string

// The kinds of rule.
const (
	RuleMust        ConditionKind = "must"        // Meeting has to take place
	RuleMinimum     ConditionKind = "min"         // Party gets at least Count
	RuleMaximum     ConditionKind = "max"         // Party takes at most Count
	RuleNever       ConditionKind = "never"       // Meeting must not take place
	RuleFixed       ConditionKind = "fixed"       // Meeting only at Slot
	RuleLocked      ConditionKind = "locked"      // Meeting only at Slot, at its table
	RuleBlock       ConditionKind = "block"       // Meeting only in its block
	RuleMinutes     ConditionKind = "minutes"     // Meeting only in slots that are long enough
	RuleAfter       ConditionKind = "after"       // Meeting only after those it names
	RuleUnavailable ConditionKind = "unavailable" // Party is absent in its slots
	RuleOneAtATime  ConditionKind = "one_at_a_time"
	RuleTables      ConditionKind = "tables"           // Slot holds at most Count meetings
	RuleResource    ConditionKind = "resource"         // Resource serves at most Count meetings at one time
	RuleSpread      ConditionKind = "max_break_spread" // difference of breaks at most Count
)
