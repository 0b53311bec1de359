package agenda

import (
	"slices"

	"jinghe/internal/agenda/sat"
)

// Large neighbourhood search (Shaw 1998): most of a good plan is held fast, and the
// formula is asked whether the rest could be rearranged with fewer breaks.
const (
	digWork    = 300_000 // of the formula, per question
	digLeast   = 2_000   // what a question counts at least
	digWalk    = 400_000 // steps among plans as good, between questions
	digWalkAt  = 8       // questions answered no between two walks
	digShare   = 0.25    // of the heat, for such walks
	digGrow    = 1.03
	digShrink  = 0.9
	digFewest  = 12 // meetings let go
	digsAtOnce = 3  // kinds of neighbourhoods
)

// dig lowers the breaks of the plan until the bound is met or the work is done.
type dig struct {
	*run
	f     *formula
	v     *weave
	sizes [digsAtOnce]float64 // meetings to let go, by kind
}

func (f *formula) dig(r *run, work int) {
	d := dig{run: r, f: f}
	if r.in.weavable() {
		d.v = newWeave(r.w.state, r.w.dice)
	}
	for i := range d.sizes {
		d.sizes[i] = float64(max(digFewest, len(r.in.meet)/2))
	}
	end := f.Work() + work
	f.follow(r.w.slot)
	for no := 1; r.w.breaks > r.breaksBound && r.w.excess() == 0 && f.Work()+no*digLeast < end && !r.stop(); no++ {
		kind := r.w.dice.IntN(digsAtOnce)
		if d.ask(kind) {
			f.follow(r.w.slot)
			r.tell(StageBreaks)
		} else if no%digWalkAt == 0 {
			d.walk()
		}
	}
}

// ask lets a neighbourhood go and tells whether that gave fewer breaks.
func (d *dig) ask(kind int) bool {
	r, f := d.run, d.f
	free := d.neighbourhood(kind, int(d.sizes[kind]))
	var assumptions []sat.Lit
	goal := r.w.breaks - 1
	if goal < len(f.total) {
		assumptions = append(assumptions, f.total[goal].Not())
	}
	for m, s := range r.w.slot {
		if !free[m] && len(f.at[m]) > 0 && s != nowhere {
			assumptions = append(assumptions, f.lit(m, s))
		}
	}
	switch f.Solve(sat.Budget{Work: digWork, Stop: r.stop}, assumptions...) {
	case sat.Satisfiable:
		r.w.restore(f.slots())
		return true
	case sat.Unsatisfiable:
		d.sizes[kind] = min(d.sizes[kind]*digGrow, float64(len(r.in.meet)))
		core := f.Core()
		if len(core) == 1 && goal < len(f.total) && core[0] == f.total[goal].Not() {
			r.breaksBound = r.w.breaks
		}
	case sat.Unknown:
		d.sizes[kind] = max(d.sizes[kind]*digShrink, digFewest)
	}
	return false
}

// neighbourhood picks about so many meetings: those of neighbouring slots, or
// those of parties that meet each other, or those of any parties, from one that
// has a break.
func (d *dig) neighbourhood(kind, size int) []bool {
	free := make([]bool, len(d.in.meet))
	if kind == 0 {
		d.freeSlots(free, size)
		return free
	}
	dice, st := d.w.dice, d.w.state
	var broken []int
	for x, n := range st.gaps {
		if n > 0 {
			broken = append(broken, x)
		}
	}
	near, seen := []int{}, make([]bool, len(d.in.party))
	for x, n := broken[dice.IntN(len(broken))], 0; ; {
		seen[x] = true
		for _, m := range d.in.party[x].talks {
			if !free[m] {
				free[m] = true
				n++
				near = append(near, d.in.meet[m].parties...)
			}
		}
		if n >= size {
			return free
		}
		x = -1
		for tries := 0; tries < 50 && (x < 0 || seen[x]); tries++ {
			if x = dice.IntN(len(seen)); kind == 1 {
				x = near[dice.IntN(len(near))]
			}
		}
		if seen[x] {
			return free
		}
	}
}

// freeSlots lets the meetings of neighbouring slots go.
func (d *dig) freeSlots(free []bool, size int) {
	st := d.w.state
	first := d.w.dice.IntN(d.in.slots)
	for n, s := 0, first; n < size && s < first+d.in.slots; s++ {
		for _, m := range st.here[s%d.in.slots] {
			free[m] = true
			n++
		}
	}
}

// walk goes to another plan with as many breaks, or fewer.
func (d *dig) walk() {
	if d.v == nil {
		return
	}
	d.v.load(d.w.slot)
	d.v.anneal(digWalk, d.breaksBound, digShare, d.stop)
	if d.v.breaks <= d.w.breaks && d.v.beyond == 0 {
		d.w.restore(slices.Clone(d.v.slot))
		d.f.follow(d.w.slot)
	}
}
