package agenda

// nowhere is the slot of a meeting that is not planned.
const nowhere = -1

// state is a plan under work: which meeting is in which slot. Its methods keep
// all sums up to date; whether rules are kept is asked by the callers, since a
// chain of moves may break one for a moment. Tables are only counted here.
type state struct {
	in     *instance
	slot   []int    // per meeting
	held   []int    // meetings of party×slot
	busy   []uint64 // masks of the parties, one after the other
	number []int    // meetings per party
	worth  []int64  // value per party
	gaps   []int    // breaks per party
	idles  []int    // idle slots between first and last meeting, per party
	idle   int
	spare  []int   // per slot: meetings that tables still hold
	units  [][]int // per resource and slot: units left
	here   [][]int // per slot: its meetings
	place  []int   // per meeting: its position in here

	missing int   // musts not planned
	lacking int   // shortfall to the minimums
	value   int64 // of the planned meetings
	late    int   // slots before those of the planned meetings, summed
	breaks  int
	levels  []int // how many parties have so many breaks
}

func newState(in *instance) *state {
	st := &state{
		in: in, slot: make([]int, len(in.meet)), held: make([]int, len(in.party)*in.slots),
		busy: make([]uint64, len(in.party)*in.words), number: make([]int, len(in.party)),
		worth: make([]int64, len(in.party)), gaps: make([]int, len(in.party)), idles: make([]int, len(in.party)),
		spare: append([]int(nil), in.room...), units: make([][]int, len(in.supply)),
		here: make([][]int, in.slots), place: make([]int, len(in.meet)), levels: make([]int, in.slots+1),
	}
	for m := range st.slot {
		st.slot[m] = nowhere
		if in.meet[m].must {
			st.missing++
		}
	}
	for r := range st.units {
		st.units[r] = append([]int(nil), in.supply[r]...)
	}
	for x := range in.party {
		st.lacking += in.minimum(x)
	}
	st.levels[0] = len(in.party)
	return st
}

// hopeless counts the musts that cannot be planned whatever becomes of the others.
func (st *state) hopeless() int {
	n := 0
	for m := range st.slot {
		if t := &st.in.meet[m]; t.must && t.out() && st.slot[m] == nowhere {
			n++
		}
	}
	return n
}

func (st *state) mask(x int) mask { return mask(st.busy[x*st.in.words : (x+1)*st.in.words]) }

// put plans a meeting that is not planned.
func (st *state) put(m, s int) {
	t := &st.in.meet[m]
	st.slot[m] = s
	st.place[m] = len(st.here[s])
	st.here[s] = append(st.here[s], m)
	st.spare[s]--
	st.late += s
	st.value += t.value
	if t.must {
		st.missing--
	}
	for _, r := range t.supply {
		st.units[r][s]--
	}
	for _, x := range t.parties {
		st.worth[x] += t.value
		if st.number[x] < st.in.minimum(x) {
			st.lacking--
		}
		st.number[x]++
		st.held[x*st.in.slots+s]++
		if st.held[x*st.in.slots+s] == 1 {
			st.mask(x).set(s)
			st.recount(x)
		}
	}
}

// take removes a planned meeting.
func (st *state) take(m int) {
	t := &st.in.meet[m]
	s := st.slot[m]
	st.slot[m] = nowhere
	last := st.here[s][len(st.here[s])-1]
	st.here[s][st.place[m]] = last
	st.place[last] = st.place[m]
	st.here[s] = st.here[s][:len(st.here[s])-1]
	st.spare[s]++
	st.late -= s
	st.value -= t.value
	if t.must {
		st.missing++
	}
	for _, r := range t.supply {
		st.units[r][s]++
	}
	for _, x := range t.parties {
		st.worth[x] -= t.value
		st.number[x]--
		if st.number[x] < st.in.minimum(x) {
			st.lacking++
		}
		st.held[x*st.in.slots+s]--
		if st.held[x*st.in.slots+s] == 0 {
			st.mask(x).clear(s)
			st.recount(x)
		}
	}
}

func (st *state) recount(x int) {
	now := st.mask(x).breaks()
	st.breaks += now - st.gaps[x]
	st.levels[st.gaps[x]]--
	st.levels[now]++
	st.gaps[x] = now
	i := st.mask(x).idle()
	st.idle += i - st.idles[x]
	st.idles[x] = i
}

// move puts, moves or takes away; nowhere is a slot like any other here.
func (st *state) move(m, s int) {
	if st.slot[m] != nowhere {
		st.take(m)
	}
	if s != nowhere {
		st.put(m, s)
	}
}

// excess is by how many breaks parties go beyond the bound on the spread, summed.
func (st *state) excess() int {
	if st.in.spread < 0 {
		return 0
	}
	low, sum := -1, 0
	for level, n := range st.levels {
		if n == 0 {
			continue
		}
		if low < 0 {
			low = level
		}
		sum += n * max(0, level-low-st.in.spread)
	}
	return sum
}

// free tells whether every party of m can take one more meeting at s.
func (st *state) free(m, s int) bool {
	for _, x := range st.in.meet[m].parties {
		if st.held[x*st.in.slots+s] >= st.in.party[x].capacity[s] {
			return false
		}
	}
	return true
}

// roomy tells whether tables and resources are left for m at s.
func (st *state) roomy(m, s int) bool {
	if st.spare[s] <= 0 {
		return false
	}
	for _, r := range st.in.meet[m].supply {
		if st.units[r][s] <= 0 {
			return false
		}
	}
	return true
}

// open tells whether no party of m has as many meetings as it takes.
func (st *state) open(m int) bool {
	for _, x := range st.in.meet[m].parties {
		if st.number[x] >= st.in.party[x].most {
			return false
		}
	}
	return true
}

// ordered tells whether precedence allows m at s, or nowhere, as the others stand.
func (st *state) ordered(m, s int) bool {
	t := &st.in.meet[m]
	if s != nowhere {
		for _, k := range t.after {
			if st.slot[k] == nowhere || st.slot[k] >= s {
				return false
			}
		}
	}
	for _, k := range t.before {
		if st.slot[k] != nowhere && (s == nowhere || st.slot[k] <= s) {
			return false
		}
	}
	return true
}

// fits tells whether m, not planned, can be put at s.
func (st *state) fits(m, s int) bool {
	return st.in.meet[m].allowed.has(s) && st.roomy(m, s) && st.free(m, s) && st.open(m) && st.ordered(m, s)
}

// snapshot returns the slot of every meeting.
func (st *state) snapshot() []int { return append([]int(nil), st.slot...) }

// restore brings a snapshot back.
func (st *state) restore(slots []int) {
	for m, s := range slots {
		if st.slot[m] != s && st.slot[m] != nowhere {
			st.take(m)
		}
	}
	for m, s := range slots {
		if st.slot[m] != s {
			st.put(m, s)
		}
	}
}
