package agenda

// score is how good a plan is: lower is better, compared entry by entry. Rules
// come first (musts, spread of breaks), then the goals in their order.
type score [2 + 7]int64

func (a score) less(b score) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// scored returns the score by the first goals of the objective, as many as said.
// Table changes and early slots are told apart by the last steps, not here.
func (st *state) scored(goals int) score {
	return st.scoredBy(st.in.goals[:min(goals, len(st.in.goals))], 0)
}

// scoredBy returns the score by some goals, for a plan with so many table changes.
func (st *state) scoredBy(goals []Goal, changes int) score {
	var sc score
	sc[0], sc[1] = int64(st.missing), int64(st.excess())
	at := 2
	for _, g := range goals {
		switch g {
		case Minimums:
			sc[at] = int64(st.lacking)
		case Value:
			sc[at] = -st.value
		case Breaks:
			sc[at] = int64(st.breaks)
		case TableChanges:
			sc[at] = int64(changes)
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

// standing is the slot of a meeting, and just after the last for one that is not planned.
func (st *state) standing(m int) int { return st.in.standing(st.slot[m]) }

func (in *instance) standing(s int) int {
	if s == nowhere {
		return in.slots
	}
	return s
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
