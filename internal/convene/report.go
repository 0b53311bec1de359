package convene

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Report is what came of a fair: outcomes, not head-counts. Every figure is
// counted from rows that Meetings and Parties list.
//
// Where the two sides of a meeting say different things, one rule holds for every figure:
// what one says was held and the other that it was not is Contested, and counts in nothing
// else until one of them says otherwise; where both say that it was held, the larger next
// step counts, and the smaller amount; what one side alone says counts as it is. Planned is
// Held, Contested, Missed and Silent together.
type Report struct {
	Fair      scene.Fair
	Version   int
	Parties   []PartyResult
	Meetings  []MeetingResult
	Joined    int // parties that take part
	Delegates int
	Arrived   int // parties of whom somebody came
	Wishes    int // of one party to meet another
	Wished    int // pairs of whom a side wanted to meet
	Mutual    int // of them, both
	Planned   int
	Held      int // a side says so and none denies it
	Contested int // a side says so, and the other that it was not held
	Missed    int // who speaks of it says that it was not held
	Silent    int // planned, and no side said anything
	Disputed  int // the sides say different things: whether it was held, or what comes next
	Stepped   int // held, and a side names a next step
	Intents   int // held with a pilot or contract in view
	Amount    scene.Money
	OneSided  scene.Money // part of Amount of which one side alone names a sum
	Differ    int         // intents of which the sides name different sums: Amount has the smaller ones
	Larger    scene.Money // what Amount would be with the larger ones
	Beside    scene.Money // named, by the same rules, for meetings that were held without a pilot or contract in view
	NextSteps map[scene.FairNext]int
	Cases     []CaseResult // meetings with a next step, in order of the meeting
	Worth     float64      // mean of what the Voices found, 1 to 3; nothing where there is none
	Voices    int          // sides that said whether a meeting that was held was worth it

	MinimumsKept float64 // share of the parties with a minimum that reach it
	Idle         float64
	// Share of meetings that the tenth of the parties with most of them has.
	TopTenth float64
	Least    int // meetings of the party with fewest, among those that asked or were asked
	// Plan is a version as it was made, Greedy the same wishes of the same parties first
	// come, first served. Both are from before the day: Compared is the number of the last
	// version that was published before the fair began, or of the first one of all. Who did
	// not come, what was wished later and slots that were over count in neither.
	Plan     *PlanFigures
	Greedy   *PlanFigures
	Compared int
}

// PlanFigures is a plan in figures, with the time that parties wait between their meetings.
type PlanFigures struct {
	agenda.Comparison
	Idle float64 // share of the slots from the first to the last meeting of a party
}

// CaseResult is what became of a meeting with a next step. Its Engagement is the
// pair as it stands, without ID where there is none.
type CaseResult struct {
	Case       scene.FairCase
	Parties    [2]scene.ID
	Engagement scene.Engagement
}

// PartyResult is a party in a report.
type PartyResult struct {
	ID      scene.ID
	Name    string
	Wished  int // others that it wanted
	Asked   int // others that wanted it
	Planned int
	Held    int
	Least   int // what it was promised
	Here    bool
}

// MeetingResult is a planned meeting in a report.
type MeetingResult struct {
	ID      string
	Slot    scene.FairSlot
	Table   string
	Parties [2]scene.ID
	Says    [2]*scene.FairOutcome
	Held    bool
	// Next is the larger step that a side names, Amount the smaller sum where both
	// name one: what two agree on is worth at least that. Larger is the other one.
	Next           scene.FairNext
	Amount, Larger scene.Money
}

// Report sums a fair up as it stands.
func (s *Service) Report(ctx context.Context, by scene.Actor, fair scene.ID) (*Report, error) {
	if err := by.May(scene.FairRead, scene.Object{}); err != nil {
		return nil, err
	}
	r := &Report{NextSteps: map[scene.FairNext]int{}}
	var parties []scene.FairParty
	var day *Day
	var v, early *version
	err := s.read(ctx, "convene.Report", func(tx store.Tx) (err error) {
		if r.Fair, err = tx.Fairs().Get(ctx, fair); err != nil {
			return err
		}
		if parties, err = tx.Fairs().Parties(ctx, fair); err != nil {
			return err
		}
		entries, err := tx.Fairs().Entries(ctx, fair, "")
		if err != nil {
			return err
		}
		day = dayOf(&r.Fair, selvesOf(parties), entries)
		if r.Cases, err = casesOf(ctx, tx, fair); err != nil {
			return err
		}
		if v, err = latest(ctx, tx, fair); err == nil && v != nil {
			early, err = beforeTheDay(ctx, tx, v, r.Fair.Start())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	at := r.people(parties, day)
	r.wishes(parties, at)
	if v != nil {
		r.meetings(v, day, at)
		r.MinimumsKept = agenda.Compare(v.problem, v.plan).MinimumsKept
		r.compare(early)
	}
	r.fairness(at)
	return r, nil
}

// casesOf reads the cases of a fair with their pairs.
func casesOf(ctx context.Context, tx store.Tx, fair scene.ID) ([]CaseResult, error) {
	rows, err := tx.Fairs().Cases(ctx, fair)
	if err != nil {
		return nil, err
	}
	var list []CaseResult
	for i := range rows {
		c := CaseResult{Case: rows[i]}
		a, b, _ := strings.Cut(rows[i].Meeting, "~")
		c.Parties = [2]scene.ID{scene.ID(a), scene.ID(b)}
		if id := rows[i].Engagement; id != "" {
			if c.Engagement, err = tx.Engagements().Get(ctx, id); err != nil {
				return nil, err
			}
			c.Engagement.Next.Text = scene.Redact(c.Engagement.Next.Text)
		}
		list = append(list, c)
	}
	return list, nil
}

// Docked counts the cases that became a pair that people work on.
func (r *Report) Docked() int {
	n := 0
	for i := range r.Cases {
		if r.Cases[i].Engagement.ID != "" {
			n++
		}
	}
	return n
}

// people counts who takes part, and returns the parties by id.
func (r *Report) people(parties []scene.FairParty, day *Day) map[scene.ID]*PartyResult {
	for i := range parties {
		p := &parties[i]
		if p.State != scene.PartyAccepted {
			continue
		}
		x := PartyResult{ID: p.ID, Name: p.Name, Least: leastOf(&r.Fair, p), Here: day.cameOf(p)}
		r.Joined++
		r.Delegates += len(p.Delegates)
		if x.Here {
			r.Arrived++
		}
		r.Parties = append(r.Parties, x)
	}
	slices.SortFunc(r.Parties, func(a, b PartyResult) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	at := map[scene.ID]*PartyResult{}
	for i := range r.Parties {
		at[r.Parties[i].ID] = &r.Parties[i]
	}
	return at
}

func (r *Report) wishes(parties []scene.FairParty, at map[scene.ID]*PartyResult) {
	sides := map[pair]int{}
	for i := range parties {
		for _, w := range parties[i].Wishes {
			from, to := at[parties[i].ID], at[w.To]
			if w.Kind == scene.WishNever || from == nil || to == nil {
				continue
			}
			r.Wishes++
			from.Wished++
			to.Asked++
			sides[pairOf(from.ID, to.ID)]++
		}
	}
	r.Wished = len(sides)
	for _, n := range sides {
		if n == 2 {
			r.Mutual++
		}
	}
}

func (r *Report) meetings(v *version, day *Day, at map[scene.ID]*PartyResult) {
	r.Version, r.Planned, r.Idle = v.row.Number, len(v.plan.Meetings), idle(&r.Fair, v.plan)
	worth := 0
	for i := range v.plan.Meetings {
		seat := &v.plan.Meetings[i]
		if len(seat.Parties) != 2 {
			continue
		}
		m := MeetingResult{ID: seat.ID, Table: seat.Table, Parties: [2]scene.ID{scene.ID(seat.Parties[0]), scene.ID(seat.Parties[1])}, Held: day.Held(seat.ID)}
		m.Slot, _ = r.Fair.Slot(seat.Slot)
		for k, id := range m.Parties {
			if o, said := day.Outcomes[seat.ID][id]; said {
				m.Says[k] = &o
				if m.Held && o.Worth > 0 {
					worth += o.Worth
					r.Voices++
				}
			}
			if x := at[id]; x != nil {
				x.Planned++
				if m.Held {
					x.Held++
				}
			}
		}
		m.agree()
		r.count(&m)
		r.Meetings = append(r.Meetings, m)
	}
	if r.Voices > 0 {
		r.Worth = float64(worth) / float64(r.Voices)
	}
	slices.SortStableFunc(r.Meetings, func(a, b MeetingResult) int {
		return cmp.Or(a.Slot.Start.Compare(b.Slot.Start), cmp.Compare(a.Table, b.Table))
	})
}

// agree puts what both sides say together.
func (m *MeetingResult) agree() {
	if !m.Held {
		return
	}
	order := scene.FairNexts()
	for _, o := range m.Says {
		if o == nil {
			continue
		}
		if slices.Index(order, o.Next) > slices.Index(order, m.Next) {
			m.Next = o.Next
		}
		if o.Amount > 0 && (m.Amount == 0 || o.Amount < m.Amount) {
			m.Amount = o.Amount
		}
		m.Larger = max(m.Larger, o.Amount)
	}
}

// Stepped reports whether the meeting took place and a side names a next step.
func (m *MeetingResult) Stepped() bool { return m.Held && m.Next != "" && m.Next != scene.NextNone }

// Intent reports whether the meeting took place with a pilot or contract in view: of these
// alone the amount counts.
func (m *MeetingResult) Intent() bool {
	return m.Held && (m.Next == scene.NextPilot || m.Next == scene.NextContract)
}

// Disputed reports whether the two sides say different things: one that it was held and
// the other that it was not, or both a next step, and not the same one.
func (m *MeetingResult) Disputed() bool {
	a, b := m.Says[0], m.Says[1]
	if a == nil || b == nil {
		return false
	}
	return m.Contested() || a.Held && b.Held && a.Next != "" && b.Next != "" && a.Next != b.Next
}

// Contested reports whether one side says that the meeting was held, and the other that it
// was not.
func (m *MeetingResult) Contested() bool {
	a, b := m.Says[0], m.Says[1]
	return a != nil && b != nil && a.Held != b.Held
}

// OneSided reports whether one side alone names a sum.
func (m *MeetingResult) OneSided() bool {
	named := 0
	for _, o := range m.Says {
		if o != nil && o.Amount > 0 {
			named++
		}
	}
	return named == 1
}

func (r *Report) count(m *MeetingResult) {
	if m.Disputed() {
		r.Disputed++
	}
	switch {
	case m.Held:
		r.Held++
	case m.Says[0] == nil && m.Says[1] == nil:
		r.Silent++
	case m.Contested():
		r.Contested++
	default:
		r.Missed++
	}
	if !m.Held {
		return
	}
	if m.Next != "" {
		r.NextSteps[m.Next]++
	}
	if m.Stepped() {
		r.Stepped++
	}
	if !m.Intent() {
		r.Beside += m.Amount
		return
	}
	r.Intents++
	r.Amount += m.Amount
	r.Larger += m.Larger
	if m.OneSided() {
		r.OneSided += m.Amount
	}
	if m.Larger > m.Amount {
		r.Differ++
	}
}

// beforeTheDay is the last version that was published before the fair began, or the
// first one of all: v is the one in force.
func beforeTheDay(ctx context.Context, tx store.Tx, v *version, start time.Time) (*version, error) {
	row := v.row
	for row.Number > 1 && !row.Made.Before(start) {
		var err error
		if row, err = tx.Fairs().Plan(ctx, row.FairID, row.Number-1); err != nil {
			return nil, err
		}
	}
	if row.Number == v.row.Number {
		return v, nil
	}
	return readVersion(row) // its documents are large: only those of the one that is looked for
}

// compare plans what a version was made of first come, first served.
func (r *Report) compare(v *version) {
	r.Plan, r.Compared = &PlanFigures{agenda.Compare(v.problem, v.plan), idle(&r.Fair, v.plan)}, v.row.Number
	free := *v.problem
	free.Meetings, free.Begun = slices.Clone(v.problem.Meetings), nil
	for i := range free.Meetings {
		free.Meetings[i].Locked = nil
	}
	if plan, err := agenda.Greedy(&free); err == nil {
		r.Greedy = &PlanFigures{agenda.Compare(&free, plan), idle(&r.Fair, plan)}
	}
}

func (r *Report) fairness(at map[scene.ID]*PartyResult) {
	var counts []int
	total := 0
	for _, x := range at {
		if x.Wished+x.Asked+x.Planned == 0 {
			continue
		}
		counts = append(counts, x.Planned)
		total += x.Planned
	}
	if len(counts) == 0 {
		return
	}
	slices.Sort(counts)
	r.Least = counts[0]
	top := 0
	for _, n := range counts[len(counts)-(len(counts)+9)/10:] {
		top += n
	}
	if total > 0 {
		r.TopTenth = float64(top) / float64(total)
	}
}
