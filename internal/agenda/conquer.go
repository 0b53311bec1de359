package agenda

import (
	"slices"

	"jinghe/internal/agenda/sat"
)

// Conquering. Whether there is a plan with so few breaks is a long question; who has them
// makes it many short ones: nobody else has, each time. An answer of no names parties of
// whom somebody must have one (a core), and only who has somebody of each core need be
// asked about: implicit hitting sets (Davies and Bacchus 2011), which cut the hard problem
// into cubes (Heule and others 2011). It proves more than asking about everybody where few
// parties can have the breaks.
const (
	conquerPace  = 300_000 // work of a question, at first
	conquerRush  = 100_000 // the same where little is to be spent
	conquerOpen  = 20      // sets without an answer that are too many to ask at more length
	conquerNoes  = 16      // answers of no that make up for one more of them
	conquerRare  = 8       // the same where little is to be spent
	conquerLooks = 64      // cores looked at in the time of one unit of work
)

// conquest raises the bound on breaks until a plan is found that has no more.
type conquest struct {
	*run
	f      *formula
	party  map[sat.Lit]int // by the assumption that it has no break
	all    []int           // parties that can have one
	goal   int             // breaks asked about
	cores  []core
	unsure []mask // sets of parties without an answer, as long as one may take now
	end    int    // work at which it stops
	aside  int    // work beside the formula's
}

// core is a set of parties of whom somebody has a break, in all plans or in those with
// no more than the goal.
type core struct {
	parties []int
	set     mask
	bound   bool // to the goal
}

// newConquest asks a formula for dates that counts to limit breaks.
func newConquest(r *run, limit int) *conquest {
	f := newFormula(r.in, true, forDates)
	f.countBreaks(limit)
	c := &conquest{run: r, f: f, party: map[sat.Lit]int{}, goal: nowhereNear}
	for x := range f.more {
		if len(f.more[x]) > 0 {
			c.all = append(c.all, x)
			c.party[f.more[x][0].Not()] = x
		}
	}
	return c
}

// press raises the bound, with questions of the given length at first, until a plan is
// found that has no more breaks, which it tells, or the work is done, or more sets of
// parties are left without an answer than are worth longer questions.
func (c *conquest) press(work, pace, most int) bool {
	c.end = c.f.Work() + c.aside + work
	for c.within() && c.w.breaks > c.breaksBound && c.left() > 0 && !c.stop() {
		c.aim(c.breaksBound)
		if !c.sweep(pace, most) {
			break
		}
		c.tell(StageProof)
	}
	return c.fewest()
}

// within tells whether the formula knows the plans that the goal is about: with no more
// breaks than parties one has none, which is what the bound on the spread means there.
func (c *conquest) within() bool {
	return c.w.excess() == 0 && c.breaksBound < min(len(c.in.party), len(c.f.total))
}

func (c *conquest) left() int { return c.end - c.f.Work() - c.aside }

// aim changes the goal. Cores that hold for the one before only are forgotten.
func (c *conquest) aim(goal int) {
	if c.goal != goal {
		c.goal = goal
		c.cores = slices.DeleteFunc(c.cores, func(k core) bool { return k.bound })
	}
}

// sweep asks about all sets of parties, those without an answer again and at more length,
// until a plan is found or there is none, whereupon the bound is higher; it tells whether
// that is so.
func (c *conquest) sweep(pace, most int) bool {
	for noes := 0; ; pace *= 3 {
		c.unsure = nil
		for {
			who := c.hitting(newParties(c.in), 0)
			if c.left() <= 0 || c.stop() {
				return false
			}
			if who == nil {
				break
			}
			switch c.ask(who, pace) {
			case sat.Satisfiable:
				return true
			case sat.Unknown:
				if c.unsure = append(c.unsure, who); len(c.unsure) > most+noes/conquerNoes {
					return false
				}
			case sat.Unsatisfiable:
				noes++
				if k := c.cores[len(c.cores)-1]; len(k.parties) == 0 && !k.bound {
					return false // not within the spread: breaks are not to blame
				}
			}
		}
		if len(c.unsure) == 0 {
			c.breaksBound++
			return true
		}
	}
}

// ask is whether there is a plan with no more breaks than the goal where only the given
// parties have any. Such a plan is taken over; from a no comes a core.
func (c *conquest) ask(who mask, pace int) sat.Answer {
	f, goal := c.f, c.f.total[c.goal].Not()
	assumptions := []sat.Lit{goal}
	for _, x := range c.all {
		if !who.has(x) {
			assumptions = append(assumptions, f.more[x][0].Not())
		}
	}
	answer := f.Solve(sat.Budget{Work: min(pace, c.left()), Stop: c.stop}, assumptions...)
	switch answer {
	case sat.Satisfiable:
		c.w.restore(f.slots())
		c.tell(StageBreaks)
	case sat.Unsatisfiable:
		k := core{set: newParties(c.in)}
		for _, l := range f.Core() {
			if l == goal {
				k.bound = true
			} else {
				k.parties = append(k.parties, c.party[l])
				k.set.set(c.party[l])
			}
		}
		c.cores = append(c.cores, k)
	}
	return answer
}

func newParties(in *instance) mask { return make(mask, words(len(in.party))) }

// hitting adds parties to the n chosen, at random, up to the goal, so that there is one of
// each core, and returns the set; nil where there is none that is not among the unsure, or
// it has to stop.
func (c *conquest) hitting(chosen mask, n int) mask {
	c.aside += 1 + len(c.cores)/conquerLooks
	if c.left() <= 0 || c.stop() {
		return nil
	}
	from, open := c.all, false
	for i := range c.cores {
		if k := &c.cores[i]; (!open || len(k.parties) < len(from)) && !k.set.meets(chosen) {
			from, open = k.parties, true
		}
	}
	if n == min(c.goal, len(c.all)) {
		if open || slices.ContainsFunc(c.unsure, func(u mask) bool { return slices.Equal(u, chosen) }) {
			return nil
		}
		return slices.Clone(chosen)
	}
	for _, i := range c.w.dice.Perm(len(from)) {
		if x := from[i]; !chosen.has(x) {
			chosen.set(x)
			if who := c.hitting(chosen, n+1); who != nil {
				return who
			}
			chosen.clear(x)
		}
	}
	return nil
}
