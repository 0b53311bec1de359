package agenda

import "math"

// What a repair spends on its bound and on reasons: it answers while people wait.
const (
	mendRounds   = 150     // of price search, for an event of a few hundred parties
	mendWork     = 600_000 // meetings times rounds
	mendReasons  = 200     // meetings left out for which an exchange is looked for
	leastRounds  = 20
	mendFairSize = 2_000 // meetings up to which slots are told apart
)

// onlyAhead leaves every meeting the slots in which it can still be: one that stands in
// a slot that is over stays there, whatever has become of its rules, and no other comes
// into such a slot, which has room for just what it held. Nor does another one come
// into a slot that has begun, where only what it holds can stay. Bounds and reasons are then
// about what can still happen, with what did.
func (r *repair) onlyAhead() {
	in, w := r.in, r.w
	for s := range in.slots {
		if r.over.has(s) {
			r.closeSlot(s)
		}
		if r.over.has(s) || r.begun.has(s) {
			in.begun.set(s)
		}
	}
	in.bounds()
	for m := range in.meet {
		t := &in.meet[m]
		if s := w.slot[m]; s != nowhere && r.over.has(s) {
			r.stands(m, s)
			continue
		}
		for s := range in.slots {
			if in.begun.has(s) && (r.over.has(s) || s != w.slot[m]) {
				t.allowed.clear(s)
			}
		}
		t.choices = t.allowed.list()
	}
}

// closeSlot leaves a slot that is over what it held.
func (r *repair) closeSlot(s int) {
	in, w := r.in, r.w
	in.room[s], w.spare[s] = len(w.here[s]), 0
	for x := range in.party {
		in.party[x].capacity[s] = w.held[x*in.slots+s]
	}
	for u := range in.supply {
		in.supply[u][s] -= w.units[u][s]
		w.units[u][s] = 0
	}
}

// stands makes the slot of a planned meeting the only one it has, and room for it.
func (r *repair) stands(m, s int) {
	in, w, t := r.in, r.w, &r.in.meet[m]
	t.allowed = in.newMask()
	t.allowed.set(s)
	t.choices = []int{s}
	if len(t.never) > 0 {
		t.never = nil
		for _, x := range t.parties {
			in.party[x].talks = append(in.party[x].talks, m)
		}
	}
	for _, x := range t.parties {
		p := &in.party[x]
		p.capacity[s] = max(p.capacity[s], w.held[x*in.slots+s])
		p.most = max(p.most, w.number[x])
	}
}

// weigh proves how much value a plan could have at most that keeps what is over and
// lacks no more meetings than this one: what cannot happen any more does not count.
func (r *repair) weigh() {
	in, w := r.in, r.w
	for m, s := range w.slot { // kept as published against a rule that came later
		if t := &in.meet[m]; s != nowhere && (t.out() || !t.allowed.has(s)) {
			r.stands(m, s)
		}
	}
	rounds := max(leastRounds, min(mendRounds, mendWork/max(1, len(in.meet))))
	r.relax = newRelaxation(in)
	if total := r.total(); total == w.value || in.slots == 0 {
		r.valueBound = max(total, w.value) // nothing that can be is left out
		return
	}
	if len(in.meet) <= mendFairSize {
		r.relax.timed()
	}
	r.relax.search(rounds, 0, math.Inf(-1), r.stop)
	r.valueBound = r.relax.valueBound(max(0, w.lacking-r.relax.lacking))
	if r.valueBound < w.value {
		r.valueBound = r.total()
	}
}

// leftBehind says of the meetings left out why, the exchange that each would take only
// where they are few.
func (r *repair) leftBehind() []Unplanned {
	left := 0
	for _, s := range r.w.slot {
		if s == nowhere {
			left++
		}
	}
	r.brief = left > mendReasons || r.over.count() > 0 // what was held gives way to nothing
	return r.reasons()
}
