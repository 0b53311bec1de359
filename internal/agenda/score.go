package agenda

// score is how good a plan is: lower is better, compared entry by entry. Rules
// come first (musts, spread of breaks), then the goals in their order.
type score [2 + 6]int64

func (a score) less(b score) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// scored returns the score by the first goals of the objective, as many as said.
// Table changes are told apart by the seating, not here.
func (st *state) scored(goals int) score {
	var sc score
	sc[0], sc[1] = int64(st.missing), int64(st.excess())
	at := 2
	for _, g := range st.in.goals[:min(goals, len(st.in.goals))] {
		switch g {
		case Minimums:
			sc[at] = int64(st.lacking)
		case Value:
			sc[at] = -st.value
		case Breaks:
			sc[at] = int64(st.breaks)
		case Fairness:
			least, spread := st.fairness()
			sc[at] = -least
			at++
			sc[at] = spread
		}
		at++
	}
	return sc
}

// fairness returns the smallest party value and the spread of party values, over
// the parties that have any meeting to hope for.
func (st *state) fairness() (least, spread int64) {
	least, most := int64(-1), int64(0)
	for x := range st.in.party {
		if len(st.in.party[x].talks) == 0 {
			continue
		}
		if least < 0 || st.worth[x] < least {
			least = st.worth[x]
		}
		most = max(most, st.worth[x])
	}
	least = max(least, 0)
	return least, most - least
}
