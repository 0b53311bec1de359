package agenda

import "slices"

// reasons says of every meeting left out why, as the plan stands.
func (r *run) reasons() []Unplanned {
	list := []Unplanned{}
	// No bound is proven of plans that lack a must, as this one may.
	bound, certain := r.relax.certified(r.w.lacking-r.relax.lacking), r.in.slots > 0 && r.w.missing == 0
	for m, s := range r.w.slot {
		if s != nowhere {
			continue
		}
		u := r.reason(m)
		if certain && u.Detail != nil && !r.in.meet[m].out() && bound.IsInt64() {
			net, _ := r.relax.dear(m)
			if loss := r.w.value - (bound.Int64() + int64(min(net, 0))); net < 0 && loss > 0 {
				u.Detail.LossAtLeast = share(worth(loss))
			}
		}
		list = append(list, u)
	}
	return list
}

func share(v float64) *float64 { return &v }

func (r *run) reason(m int) Unplanned {
	in, w, t := r.in, r.w, &r.in.meet[m]
	u := Unplanned{ID: t.id, Detail: &Detail{}}
	switch {
	case len(t.never) > 0:
		u.Reason, u.Detail = ReasonNever, &Detail{Parties: t.never}
		return u
	case len(t.choices) == 0:
		r.nowhereToBe(t, &u)
		return u
	}
	for _, k := range t.after {
		if w.slot[k] == nowhere || w.slot[k] >= t.choices[len(t.choices)-1] {
			u.Reason = ReasonAfter
			u.Detail.Meetings = append(u.Detail.Meetings, in.meet[k].id)
		}
	}
	if u.Reason != "" {
		return u
	}
	for _, x := range t.parties {
		if w.number[x] >= in.party[x].most && in.party[x].capped {
			u.Reason = ReasonPartyFull
			u.Detail.Parties = append(u.Detail.Parties, in.party[x].id)
		}
	}
	if u.Reason == "" {
		r.room(m, &u)
	}
	if !r.brief {
		r.exchangeFor(m, u.Detail)
	}
	return u
}

// nowhereToBe explains why no slot suits: who is not there any more, or what there is
// none of.
func (r *run) nowhereToBe(t *talk, u *Unplanned) {
	in := r.in
	for _, x := range t.parties {
		if in.noneAhead(in.party[x].capacity) {
			u.Detail.Parties = append(u.Detail.Parties, in.party[x].id)
		}
	}
	for _, k := range t.supply {
		if in.noneAhead(in.supply[k]) {
			u.Detail.Resources = append(u.Detail.Resources, in.problem.Resources[k].ID)
		}
	}
	switch {
	case in.slots > 0 && len(u.Detail.Parties) > 0:
		u.Reason, u.Detail.Resources = ReasonAbsent, nil
	case in.slots > 0 && len(u.Detail.Resources) > 0:
		u.Reason = ReasonResource
	default:
		u.Reason, u.Detail = ReasonNoCommonSlot, nil
	}
}

// noneAhead tells whether there is nothing of the units, by slot, in any that has not begun.
func (in *instance) noneAhead(units []int) bool {
	for s, n := range units {
		if n > 0 && !in.begun.has(s) {
			return false
		}
	}
	return true
}

// room explains by slots: where parties are busy, tables full, resources used up.
func (r *run) room(m int, u *Unplanned) {
	in, w, t := r.in, r.w, &r.in.meet[m]
	var busy, full, used []string
	for _, s := range t.choices {
		name := in.problem.Slots[s].ID
		needs := w.needs(m, s)
		switch {
		case !w.free(m, s) || !w.ordered(m, s):
			busy = append(busy, name)
		case len(needs) > 0: // another table alone would not help
			used = append(used, name)
			u.Detail.Tables = u.Detail.Tables || w.spare[s] <= 0
			for _, k := range needs {
				if id := in.problem.Resources[k].ID; !slices.Contains(u.Detail.Resources, id) {
					u.Detail.Resources = append(u.Detail.Resources, id)
				}
			}
		case w.spare[s] <= 0:
			full = append(full, name)
		default:
			u.Reason, u.Detail.Slots = r.harm(m, s, u.Detail), []string{name}
			return
		}
	}
	switch {
	case len(full) > 0:
		u.Reason, u.Detail.Slots = ReasonTablesFull, full
		u.Detail.Resources, u.Detail.Tables = nil, false // one more table would do
	case len(used) > 0:
		u.Reason, u.Detail.Slots = ReasonResource, used
	default:
		u.Reason, u.Detail.Slots = ReasonNoFreeSlot, busy
	}
}

// needs are the resources of a meeting that are used up at s.
func (st *state) needs(m, s int) (list []int) {
	for _, k := range st.in.meet[m].supply {
		if st.units[k][s] <= 0 {
			list = append(list, k)
		}
	}
	return list
}

// harm finds the goal that would suffer if m, which fits, were put at s.
func (r *run) harm(m, s int, d *Detail) Reason {
	for k, g := range r.in.goals {
		before := r.w.scored(k + 1)
		r.w.put(m, s)
		worse := before.less(r.w.scored(k + 1))
		r.w.take(m)
		if worse {
			d.Goal = g
			return ReasonGoal
		}
	}
	return ReasonMissing
}

// exchangeFor finds what would have to give way if m were forced in, and what
// the plan would lose: value, or where it would gain of that, a goal that counts more.
func (r *run) exchangeFor(m int, d *Detail) {
	w := r.w
	value := w.value
	w.mark()
	in := w.makeWay(m) && w.enter(m)
	if !in {
		w.undo()
		in = w.force(m)
		d.Blocked = !in
	}
	if in {
		w.refill()
		loss := worth(value - w.value)
		d.Loss = &loss
		for _, moved := range w.log {
			id := r.in.meet[moved.meeting].id
			if moved.from != nowhere && w.slot[moved.meeting] == nowhere && !slices.Contains(d.Meetings, id) {
				d.Meetings = append(d.Meetings, id)
			}
		}
	}
	after := w.scored(len(r.in.goals))
	w.undo()
	if d.Loss != nil && *d.Loss < 0 {
		d.Goal = r.in.suffers(w.scored(len(r.in.goals)), after)
	}
}

// suffers is the first goal by which a score is worse than one before, where no goal
// before it is better; "" where there is none, or a rule is broken.
func (in *instance) suffers(before, after score) Goal {
	if !before.less(after) {
		return ""
	}
	at := 0
	for before[at] == after[at] {
		at++
	}
	at -= 2 // the rules
	for _, g := range in.goals {
		if at == 0 || at == 1 && g == Fairness {
			return g
		}
		if at--; g == Fairness { // which is two figures
			at--
		}
	}
	return ""
}

// force puts m into the slot where what is in its way is dropped at least cost, whatever
// else could have been moved. It reports false where what is in its way has to stay, everywhere.
func (w *search) force(m int) bool {
	goals := len(w.in.goals)
	var least score
	best := nowhere
	for _, s := range w.in.meet[m].choices {
		if w.oust(m, s) && (best == nowhere || w.scored(goals).less(least)) {
			best, least = s, w.scored(goals)
		}
		w.undo()
	}
	return best != nowhere && w.oust(m, best)
}

// oust drops what is in the way of m at s: of full parties, at that time, and of its
// resources and tables the cheapest there.
func (w *search) oust(m, s int) bool {
	t := &w.in.meet[m]
	if !w.makeWay(m) {
		return false
	}
	drop := func(out int) bool {
		if out < 0 || w.in.meet[out].must || !w.ordered(out, nowhere) {
			return false
		}
		w.shift(out, nowhere)
		return true
	}
	for _, x := range t.parties {
		for w.held[x*w.in.slots+s] >= w.in.party[x].capacity[s] {
			if !drop(w.otherOf(x, s, m)) {
				return false
			}
		}
	}
	for _, k := range t.supply {
		if w.units[k][s] <= 0 && !drop(w.cheapest(w.using(k, s), m)) {
			return false
		}
	}
	return (w.spare[s] > 0 || drop(w.cheapest(w.here[s], m))) && w.direct(m, s)
}

// using lists the meetings at s that need a resource.
func (w *search) using(k, s int) (list []int) {
	for _, m := range w.here[s] {
		if uses(&w.in.meet[m], k) {
			list = append(list, m)
		}
	}
	return list
}
