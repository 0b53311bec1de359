package convene

import (
	"context"
	"slices"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/scene"
)

// Bounds of what-if: each variant is solved with little effort.
const (
	whatIfEffort = 8
	whatIfEach   = 1200 * time.Millisecond
)

// Variant is what is left of a fair with another number of tables, interpreters, length of slots or
// quota, and what the solver reaches with it.
type Variant struct {
	Kind         VariantKind
	Tables       int // that are not closed
	Interpreters int // 0 where meetings need none
	Minutes      int
	Max          int // meetings of a party, 0 for no bound
	Slots        int // that have not begun

	Wanted    int     // meetings that may be planned: no side said never
	Planned   int     // of them, how many are
	Kept      float64 // share of the parties with a minimum that reach it
	Shortfall int     // meetings lacking to minimums
	// Idle is the share of the time between the first and the last meeting of the
	// parties in which they wait.
	Idle float64
	Use  float64 // share of the places at tables that hold a meeting
	Gap  float64 // that a better plan could have at most, in value
}

// VariantKind is what a variant changes.
type VariantKind string

// The kinds.
const (
	VariantNow          VariantKind = "now"
	VariantTables       VariantKind = "tables"
	VariantInterpreters VariantKind = "interpreters"
	VariantLength       VariantKind = "length"
	VariantQuota        VariantKind = "quota"
)

// WhatIf solves the fair as it is and with other numbers of tables, lengths of
// slots and quotas, and of interpreters where it has some. On the day only what has not
// begun is worked out: meetings in slots that have stand, count for the bounds of their
// parties and are not among the figures, nor is who is away for the rest. Nothing is kept.
// Where ctx ends first, fewer come back; where every slot has begun it is a Precondition
// error.
func (s *Service) WhatIf(ctx context.Context, by scene.Actor, fair scene.ID) ([]Variant, error) {
	if err := by.May(scene.FairRead, scene.Object{}); err != nil {
		return nil, err
	}
	b, err := s.base(ctx, fair)
	if err != nil {
		return nil, err
	}
	if n := len(b.fair.Slots); n > 0 && len(b.begun(b.at)) == n {
		return nil, &scene.Error{Code: scene.Precondition, Op: "convene.WhatIf", Key: "fair.no_slot_left"}
	}
	pairs, err := s.pairs(ctx, b, suggestionWait)
	if err != nil {
		return nil, err
	}
	held := b.standing(b.present())
	var out []Variant
	for _, v := range variants(&b.fair, b.openTables()) {
		select {
		case <-ctx.Done(): // those that there was time for
			return out, nil
		default:
		}
		f, parties := v.of(b)
		haveMet(parties, held)
		made := pose(&f, parties, pairs, nil, nil)
		credited(made.problem, held)
		each, cancel := context.WithTimeout(ctx, whatIfEach)
		plan, err := agenda.Solve(each, made.problem, agenda.Options{Effort: whatIfEffort})
		cancel()
		if err != nil {
			return nil, s.explain(b, scene.Wrap("convene.WhatIf", err))
		}
		v.measure(&f, made.problem, plan)
		out = append(out, v)
	}
	return out, nil
}

// openTables counts the tables that are not closed for all slots to come.
func (b *base) openTables() int {
	n, ahead := b.fair.Tables(), len(b.fair.Slots)-len(b.begun(b.at))
	for _, slots := range b.closures(b.at) {
		if len(slots) == ahead {
			n--
		}
	}
	return n
}

// haveMet has the parties of meetings that stand not meet again.
func haveMet(parties []scene.FairParty, held []agenda.Seat) {
	at := map[string]*scene.FairParty{}
	for i := range parties {
		at[string(parties[i].ID)] = &parties[i]
	}
	for i := range held {
		for _, id := range held[i].Parties {
			p := at[id]
			if p == nil {
				continue
			}
			for _, other := range held[i].Parties {
				if other != id {
					p.Wishes = append(slices.DeleteFunc(slices.Clone(p.Wishes), func(w scene.FairWish) bool { return string(w.To) == other }),
						scene.FairWish{To: scene.ID(other), Kind: scene.WishNever})
				}
			}
		}
	}
}

// credited counts meetings that stand for the bounds of their parties.
func credited(p *agenda.Problem, held []agenda.Seat) {
	number := map[string]int{}
	for i := range held {
		for _, id := range held[i].Parties {
			number[id]++
		}
	}
	for i := range p.Parties {
		x := &p.Parties[i]
		x.Min = max(0, x.Min-number[x.ID])
		if x.Max != nil {
			x.Max = new(max(0, *x.Max-number[x.ID]))
		}
	}
}

// variants are the fair as it is, with so many tables, and what people ask about it.
func variants(f *scene.Fair, tables int) []Variant {
	now := Variant{Kind: VariantNow, Tables: tables, Interpreters: f.Interpreters, Minutes: f.Minutes, Max: f.Max}
	out := []Variant{now}
	add := func(kind VariantKind, change func(*Variant)) {
		v := now
		v.Kind = kind
		change(&v)
		known := func(x Variant) bool {
			return x.Tables == v.Tables && x.Interpreters == v.Interpreters && x.Minutes == v.Minutes && x.Max == v.Max
		}
		if v.Tables > 0 && v.Minutes >= 5 && !slices.ContainsFunc(out, known) { // few tables: half of them may be three quarters
			out = append(out, v)
		}
	}
	for _, percent := range []int{50, 75, 125, 150} {
		add(VariantTables, func(v *Variant) { v.Tables = (v.Tables*percent + 50) / 100 })
	}
	if f.Interpreters > 0 { // without any, meetings need none
		for _, more := range []int{-1, 1, 2} {
			add(VariantInterpreters, func(v *Variant) { v.Interpreters = max(1, v.Interpreters+more) })
		}
	}
	for _, minutes := range []int{-10, -5, 5, 10} {
		add(VariantLength, func(v *Variant) { v.Minutes += minutes })
	}
	if f.Max > 0 {
		for _, more := range []int{-2, 2, 4} {
			add(VariantQuota, func(v *Variant) { v.Max = max(1, v.Max+more) })
		}
	}
	return out
}

// of is what is left of the fair, and its parties, as the variant has them. With another
// length of slots, absences count for every slot that they touch, and who is away for all
// that is left is so for any length.
func (v *Variant) of(b *base) (scene.Fair, []scene.FairParty) {
	f, parties := b.fair, b.present()
	f.Max, f.Interpreters = v.Max, v.Interpreters
	if v.Tables != f.Tables() {
		f.Halls = []scene.FairHall{{ID: "T", Tables: v.Tables}}
	}
	var taken time.Time // until when what has begun takes, as announced
	for _, id := range b.begun(b.at) {
		if x, there := b.fair.Slot(id); there && x.End.After(taken) {
			taken = x.End
		}
	}
	left := func(slots []scene.FairSlot) []scene.FairSlot {
		return slices.DeleteFunc(slices.Clone(slots), func(x scene.FairSlot) bool { return x.Start.Before(taken) })
	}
	f.Slots = left(f.Slots)
	parties = slices.DeleteFunc(parties, func(p scene.FairParty) bool { return goneFor(&f, p.Away) })
	if v.Kind == VariantLength {
		now := f
		f.Minutes = v.Minutes
		f.Slots = left(slotsOf(f.Blocks, f.Minutes, f.Pause))
		for i := range parties {
			parties[i].Away = touched(&now, &f, parties[i].Away)
			delegates := make([]scene.Delegate, len(parties[i].Delegates))
			for k, d := range parties[i].Delegates {
				d.Away = touched(&now, &f, d.Away)
				delegates[k] = d
			}
			parties[i].Delegates = delegates
		}
	}
	v.Slots = len(f.Slots)
	return f, parties
}

// goneFor reports whether who is away in these slots is so for all that is left of a fair.
func goneFor(f *scene.Fair, away []string) bool {
	return len(f.Slots) > 0 && !slices.ContainsFunc(f.Slots, func(x scene.FairSlot) bool { return !slices.Contains(away, x.ID) })
}

// touched are the slots of next that overlap those of now, which are all of next where they
// are all of now.
func touched(now, next *scene.Fair, slots []string) []string {
	if goneFor(now, slots) {
		return slotIDs(next)
	}
	var out []string
	for i := range next.Slots {
		x := &next.Slots[i]
		for _, id := range slots {
			if old, ok := now.Slot(id); ok && (Span{old.Start, old.End}).Overlaps(Span{x.Start, x.End}) {
				out = append(out, x.ID)
				break
			}
		}
	}
	return out
}

func (v *Variant) measure(f *scene.Fair, p *agenda.Problem, plan *agenda.Plan) {
	c := agenda.Compare(p, plan)
	v.Wanted, v.Planned, v.Kept, v.Shortfall, v.Gap = plan.Wanted(), c.Planned, c.MinimumsKept, c.Shortfall, plan.Gap
	v.Idle = idle(f, plan)
	if places := len(f.Slots) * f.Tables(); places > 0 {
		v.Use = float64(c.Planned) / float64(places)
	}
}

// idle is the share of slots without a meeting among those from the first to the
// last meeting of each party, blocks apart.
func idle(f *scene.Fair, plan *agenda.Plan) float64 {
	at := map[string]int{}
	for i := range f.Slots {
		at[f.Slots[i].ID] = i
	}
	type span struct{ first, last, busy int }
	spans := map[[2]string]*span{}
	for i := range plan.Meetings {
		seat := &plan.Meetings[i]
		k, there := at[seat.Slot]
		if !there {
			continue
		}
		for _, id := range seat.Parties {
			key := [2]string{id, f.Slots[k].Block}
			x := spans[key]
			if x == nil {
				x = &span{first: k, last: k}
				spans[key] = x
			}
			x.first, x.last = min(x.first, k), max(x.last, k)
			x.busy++
		}
	}
	wait, all := 0, 0
	for _, x := range spans {
		length := x.last - x.first + 1
		all += length
		wait += max(0, length-x.busy)
	}
	if all == 0 {
		return 0
	}
	return float64(wait) / float64(all)
}

// Finding is what the variants say about one thing that can be changed.
type Finding struct {
	Kind VariantKind
	// Best is the variant to look at: for tables and interpreters the fewest that
	// reach as much as there is now or, where more are reached with more, that one; else the one that
	// plans most. It is the fair as it is where nothing else is better.
	Best Variant
	// More is how many meetings Best has more than the fair as it is, 0 or above.
	More int
	// Spare is how many tables or interpreters Best does without; 0 for other kinds.
	Spare int
}

// Findings sums variants up, a finding for each kind in them. The first variant is
// the fair as it is.
func Findings(list []Variant) []Finding {
	if len(list) == 0 {
		return nil
	}
	var out []Finding
	now := &list[0]
	for _, kind := range []VariantKind{VariantTables, VariantInterpreters, VariantLength, VariantQuota} {
		f, some := Finding{Kind: kind, Best: *now}, false
		for i := range list {
			if v := &list[i]; v.Kind == kind {
				some = true
				if v.betterThan(&f.Best) {
					f.Best = *v
				}
			}
		}
		if !some {
			continue
		}
		f.More = f.Best.Planned - now.Planned
		f.Spare = max(0, now.Tables-f.Best.Tables) + max(0, now.Interpreters-f.Best.Interpreters) // a kind changes one
		out = append(out, f)
	}
	return out
}

// betterThan reports whether v keeps no fewer minimums and plans more meetings
// than x, or as many at fewer tables or with fewer interpreters.
func (v *Variant) betterThan(x *Variant) bool {
	switch {
	case v.Shortfall > x.Shortfall:
		return false
	case v.Planned != x.Planned:
		return v.Planned > x.Planned
	case v.Shortfall != x.Shortfall:
		return true
	}
	return v.Tables+v.Interpreters < x.Tables+x.Interpreters
}
