package agenda

import (
	"slices"

	"jinghe/internal/agenda/sat"
)

// formula is an instance as clauses and counters: which meeting is in which slot.
type formula struct {
	in *instance
	sat.Solver
	at      [][]sat.Lit       // per meeting, beside its choices
	planned []sat.Lit         // per meeting; 0 values stand for meetings that are out
	busy    [][]sat.Lit       // per party and slot; none where it has no meeting to hope for
	more    [][]sat.Lit       // per party: more[k] where it has more than k breaks
	begun   [][]sat.Lit       // per party and slot: whether its first meeting is not later; none before the first it can have
	total   []sat.Lit         // total[k] where there are more than k breaks together
	early   map[int][]sat.Lit // per border: per meeting, whether it is before it; see halve
	largest int               // most parties of a meeting
	all     bool              // every meeting is planned that is worth anything
	use     use
}

// use is what a formula is made for, which decides how tables, hours and rows are stated.
type use int

const (
	forPlans  use = iota // counters, which are looked through quickly
	forProofs            // unary numbers, which give proofs words for the sums in between
	forDates             // rows by when they begin as well: questions that say who may have a break, and when the rows of the others begin
)

const noLit = sat.Lit(-1)

// newFormula states the rules for parties, tables, resources and precedence. With
// all, every meeting has to be planned. Proofs about all parties are longer where rows
// are stated by when they begin.
func newFormula(in *instance, all bool, use use) *formula {
	f := &formula{in: in, all: all, use: use}
	f.meetings()
	for x := range in.party {
		f.party(x)
	}
	f.largest = 2
	for m := range in.meet {
		f.largest = max(f.largest, len(in.meet[m].parties))
	}
	for s := range in.slots {
		f.limit(in.room[s], f.of(func(int) bool { return true }, s)...)
		f.crowd(s)
	}
	for r := range in.supply {
		for s := range in.slots {
			f.AtMost(in.supply[r][s], f.of(func(m int) bool { return uses(&in.meet[m], r) }, s)...)
		}
	}
	f.precedence()
	return f
}

// crowd bounds the parties that can be busy in a slot by its tables. It follows
// from the other rules, but says it where breaks are counted, and but for questions
// about few breaks in unary, which short proofs can be made of.
func (f *formula) crowd(s int) {
	var lits []sat.Lit
	for x := range f.in.party {
		if f.busy[x][s] != noLit {
			lits = append(lits, f.busy[x][s])
		}
	}
	most := f.largest * f.in.room[s]
	if f.use == forDates || most*len(lits) > longSum {
		f.AtMost(most, lits...)
		return
	}
	if count := f.unary(lits, most+1); len(count) > most {
		f.Add(count[most].Not())
	}
}

func uses(t *talk, resource int) bool {
	return slices.Contains(t.supply, resource)
}

func (f *formula) meetings() {
	f.at = make([][]sat.Lit, len(f.in.meet))
	f.planned = make([]sat.Lit, len(f.in.meet))
	for m := range f.in.meet {
		t := &f.in.meet[m]
		f.planned[m] = noLit
		if t.out() {
			continue
		}
		f.planned[m] = f.NewLit()
		some := []sat.Lit{f.planned[m].Not()}
		for range t.choices {
			l := f.NewLit()
			f.at[m] = append(f.at[m], l)
			f.Add(l.Not(), f.planned[m])
			some = append(some, l)
		}
		f.Add(some...)
		f.AtMost(1, f.at[m]...)
		if t.must || f.all && t.wanted() {
			f.Add(f.planned[m])
		}
	}
}

// of lists the literals of meetings that pass, in slot s.
func (f *formula) of(pass func(m int) bool, s int) []sat.Lit {
	var lits []sat.Lit
	for m := range f.in.meet {
		if f.in.meet[m].allowed.has(s) && pass(m) {
			if l := f.lit(m, s); l != noLit {
				lits = append(lits, l)
			}
		}
	}
	return lits
}

// lit is the literal of meeting m in slot s.
func (f *formula) lit(m, s int) sat.Lit {
	for i, choice := range f.in.meet[m].choices {
		if choice == s && len(f.at[m]) > 0 {
			return f.at[m][i]
		}
	}
	return noLit
}

// party states one place at a time, minimum and maximum.
func (f *formula) party(x int) {
	p := &f.in.party[x]
	var planned, unplanned []sat.Lit
	at := make([][]sat.Lit, f.in.slots)
	for _, m := range p.talks {
		if f.planned[m] == noLit {
			continue
		}
		planned = append(planned, f.planned[m])
		unplanned = append(unplanned, f.planned[m].Not())
		for i, s := range f.in.meet[m].choices {
			at[s] = append(at[s], f.at[m][i])
		}
	}
	f.AtMost(p.most, planned...)
	f.AtMost(len(planned)-f.in.minimum(x), unplanned...)
	f.busy = append(f.busy, make([]sat.Lit, f.in.slots))
	for s := range at {
		f.AtMost(p.capacity[s], at[s]...)
		f.busy[x][s] = noLit
		if len(at[s]) == 0 {
			continue
		}
		f.busy[x][s] = f.NewLit()
		some := []sat.Lit{f.busy[x][s].Not()}
		for _, l := range at[s] {
			f.Add(l.Not(), f.busy[x][s])
			some = append(some, l)
		}
		f.Add(some...)
	}
}

func (f *formula) precedence() {
	for m := range f.in.meet {
		for _, k := range f.in.meet[m].after {
			for i, s := range f.in.meet[m].choices {
				if len(f.at[m]) == 0 {
					continue
				}
				clause := []sat.Lit{f.at[m][i].Not()}
				for j, earlier := range f.in.meet[k].choices {
					if earlier < s && len(f.at[k]) > 0 {
						clause = append(clause, f.at[k][j])
					}
				}
				f.Add(clause...)
			}
		}
	}
}

// countBreaks adds literals that tell how many breaks a party has, at least: true
// where there are so many, free where there are fewer. It counts to limit in all.
func (f *formula) countBreaks(limit int) {
	f.more = make([][]sat.Lit, len(f.in.party))
	f.begun = make([][]sat.Lit, len(f.in.party))
	var groups [][]sat.Lit
	for x := range f.in.party {
		ends := f.ends(x)
		if len(ends) == 0 {
			continue
		}
		most := limit + 1
		if f.in.spread >= 0 {
			most = min(most, f.in.spread+1)
		}
		f.more[x] = f.unary(ends, most)
		if f.in.spread >= 0 && len(f.more[x]) > f.in.spread {
			f.Add(f.more[x][f.in.spread].Not())
		}
		f.window(x)
		groups = append(groups, f.more[x])
	}
	f.total = f.sum(groups, limit+1)
}

// ends returns literals that are true where a break of x ends: it is busy, was
// not busy just before, and was busy earlier. It notes when x has begun.
func (f *formula) ends(x int) (lits []sat.Lit) {
	before := noLit // busy in some slot up to the one before
	for s := range f.in.slots {
		busy := f.busy[x][s]
		if busy != noLit && before != noLit && s > 0 {
			last := f.busy[x][s-1]
			end := f.NewLit()
			clause := []sat.Lit{busy.Not(), before.Not(), end}
			if last != noLit {
				clause = append(clause, last)
			}
			f.Add(clause...)
			lits = append(lits, end)
		}
		switch {
		case busy == noLit:
		case before == noLit:
			before = busy
		default:
			next := f.NewLit()
			f.Add(before.Not(), next)
			f.Add(busy.Not(), next)
			before = next
		}
		f.begun[x] = append(f.begun[x], before)
	}
	return lits
}

// window states, for a party whose meetings are all planned, that without a break
// they are in one unbroken row of slots.
func (f *formula) window(x int) {
	n := f.certain(x)
	if n < 2 {
		return
	}
	var busy, idle, rows []sat.Lit
	if len(f.more[x]) > 0 {
		rows = append(rows, f.more[x][0])
	}
	for _, l := range f.busy[x] {
		if l != noLit {
			busy = append(busy, l)
			idle = append(idle, l.Not())
		}
	}
	f.limit(n, busy...)
	f.limit(len(idle)-n, idle...)
	if f.use == forDates && len(f.more[x]) > 0 {
		f.date(x, n)
		return
	}
	for first := 0; first+n <= f.in.slots; first++ {
		if w := f.row(x, first, n); w != noLit {
			rows = append(rows, w)
		}
	}
	f.Add(rows...)
}

// row is a literal that is false unless x is busy in n slots from the first on; none where
// it cannot be.
func (f *formula) row(x, first, n int) sat.Lit {
	row := f.busy[x][first : first+n]
	if slices.Contains(row, noLit) {
		return noLit
	}
	w := f.NewLit()
	for _, l := range row {
		f.Add(w.Not(), l)
	}
	return w
}

// certain is in how many slots x is busy, where that is given: all its meetings
// are planned, one at a time; else 0.
func (f *formula) certain(x int) int {
	if !f.all || slices.Max(f.in.party[x].capacity) > 1 {
		return 0
	}
	n := 0
	for _, m := range f.in.party[x].talks {
		if t := &f.in.meet[m]; t.wanted() {
			n++
		} else if !t.out() {
			return 0
		}
	}
	return n
}

// unary returns literals out with out[k] true where more than k of lits are, for
// k below most (a totalizer, Bailleux and Boufkhad 2003, one direction).
func (f *formula) unary(lits []sat.Lit, most int) []sat.Lit {
	groups := make([][]sat.Lit, len(lits))
	for i, l := range lits {
		groups[i] = []sat.Lit{l}
	}
	return f.sum(groups, most)
}

// longSum is how many literals times how many of them are too many for unary numbers,
// which take a clause for each pair of counts.
const longSum = 10_000

// limit allows at most so many of the literals. Counted in unary, proofs have words
// for the sums in between, and are shorter; a counter is looked through quicker.
func (f *formula) limit(most int, lits ...sat.Lit) {
	if f.use != forProofs || most <= 1 || most >= len(lits) || most*len(lits) > longSum {
		f.AtMost(most, lits...)
		return
	}
	count := f.unary(lits, most+1)
	f.Add(count[most].Not())
}

// sum adds unary numbers, up to most.
func (f *formula) sum(groups [][]sat.Lit, most int) []sat.Lit {
	switch len(groups) {
	case 0:
		return nil
	case 1:
		return groups[0][:min(most, len(groups[0]))]
	}
	a := f.sum(groups[:len(groups)/2], most)
	b := f.sum(groups[len(groups)/2:], most)
	out := make([]sat.Lit, min(most, len(a)+len(b)))
	for k := range out {
		out[k] = f.NewLit()
	}
	for i := 0; i <= len(a); i++ {
		for j := 0; j <= len(b); j++ {
			k := min(i+j, most)
			if k == 0 {
				continue
			}
			clause := []sat.Lit{out[k-1]}
			if i > 0 {
				clause = append(clause, a[i-1].Not())
			}
			if j > 0 {
				clause = append(clause, b[j-1].Not())
			}
			f.Add(clause...)
		}
	}
	return out
}

// slots reads the plan out of the last model.
func (f *formula) slots() []int {
	slots := make([]int, len(f.in.meet))
	for m := range slots {
		slots[m] = nowhere
		for i, l := range f.at[m] {
			if f.Value(l) {
				slots[m] = f.in.meet[m].choices[i]
			}
		}
	}
	return slots
}
