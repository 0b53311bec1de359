package agenda

// standsAt is the slot in which a meeting stands since that has begun, if it does.
func (in *instance) standsAt(m *Meeting, slot map[string]int) (s int, stands bool) {
	if m.Locked == nil {
		return nowhere, false
	}
	s = slot[m.Locked.Slot]
	return s, in.begun.has(s)
}

// stand makes room for what is locked in slots that have begun, whatever rules came
// since: its parties have time, its table is open, and what it needs is there.
func (in *instance) stand(slot map[string]int) {
	in.begun = in.newMask()
	for _, id := range in.problem.Begun {
		in.begun.set(slot[id])
	}
	if len(in.problem.Begun) == 0 {
		return
	}
	party, supply := make(map[string]int, len(in.party)), make(map[string]int, len(in.supply))
	for i := range in.party {
		party[in.party[i].id] = i
	}
	for i := range in.problem.Resources {
		supply[in.problem.Resources[i].ID] = i
	}
	number := make([]int, len(in.party))
	held, used, inHall := map[[2]int]int{}, map[[2]int]int{}, map[[2]int]int{}
	for i := range in.problem.Meetings {
		m := &in.problem.Meetings[i]
		s, stands := in.standsAt(m, slot)
		if !stands {
			continue
		}
		for _, id := range m.Parties {
			x := party[id]
			number[x]++
			held[[2]int{x, s}]++
			in.party[x].capacity[s] = max(in.party[x].capacity[s], held[[2]int{x, s}])
		}
		for _, id := range m.Resources {
			k := supply[id]
			used[[2]int{k, s}]++
			in.supply[k][s] = max(in.supply[k][s], used[[2]int{k, s}])
		}
		t := in.seating.index[m.Locked.Table]
		hall := in.seating.hall[t]
		inHall[[2]int{hall, s}]++
		in.seating.open[t].set(s)
		in.seating.most[hall][s] = max(in.seating.most[hall][s], inHall[[2]int{hall, s}])
	}
	for x := range in.party {
		if p := &in.party[x]; p.limit >= 0 {
			p.limit = max(p.limit, number[x])
		}
	}
}
