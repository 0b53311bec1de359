package agenda

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// weave is a plan of meetings of two, seen as a graph whose edges are coloured by
// slots, each party having at most one edge of a colour. The edges of two colours
// make paths and cycles; exchanging the colours along one changes when its two ends
// are busy, and nothing for anybody between. So a move is judged by its ends before
// it is made, which is what makes this search quick. It knows all of a plan but
// resources.
type weave struct {
	slots   int
	ends    [][2]int32
	edges   []edge // per meeting, as a chain needs them
	choices [][]int
	slot    []int    // per meeting
	at      []int32  // party<<slotBits|slot: the meeting there, −1 for none
	busy    []uint64 // per party
	rooted  []uint64 // per party: slots of every row that its meetings can fill
	held    []int    // per slot: meetings
	room    []int
	spread  int // most breaks of a party; −1 for no bound
	dice    *rand.PCG
	meet    []talk // for precedence; none where there is none
	hand    swap   // the chain walked last

	patience [patienceSteps]float64 // what an exchange may cost, in units of heat; drawn from

	pull   float64 // what one slot later costs a meeting, in breaks
	heeded int     // idle slots of a party that cost anything: a long break is no worse
	breaks int
	late   int // slots before those of the meetings
	beyond int // breaks of parties beyond the spread
	crowd  int // meetings beyond the tables
	work   int // steps along chains, the unit of effort
}

// edge is where a meeting may stand, and the exclusive or of its two parties: with one it
// gives the other.
type edge struct {
	allowed uint64
	both    int32
}

// patienceSteps are the steps in which a limit is drawn: exchanges are made about as often
// as Metropolis (1953) makes them, those that cost more than 7.6 units of heat never.
const patienceSteps = 1024

// slotBits are the bits of a slot in a place of weave.at.
const slotBits = 6

// weavable tells whether the state is of the kind that a weave can hold: all planned
// meetings are of two parties with one calendar each and nothing else ties them.
func (in *instance) weavable() bool {
	if in.slots == 0 || in.slots > 1<<slotBits || len(in.supply) > 0 {
		return false
	}
	for x := range in.party {
		for _, c := range in.party[x].capacity {
			if c > 1 {
				return false
			}
		}
	}
	for m := range in.meet {
		t := &in.meet[m]
		if len(t.parties) != 2 {
			return false
		}
	}
	return true
}

// newWeave takes over the planned meetings of a state.
func newWeave(st *state, dice *rand.Rand) *weave {
	in := st.in
	v := &weave{
		slots: in.slots, ends: make([][2]int32, len(in.meet)), edges: make([]edge, len(in.meet)), choices: make([][]int, len(in.meet)),
		slot: st.snapshot(), at: make([]int32, len(in.party)<<slotBits), busy: make([]uint64, len(in.party)),
		held: make([]int, in.slots), room: in.room, spread: in.spread, dice: rand.NewPCG(dice.Uint64(), dice.Uint64()), heeded: in.slots,
	}
	for m := range in.meet {
		t := &in.meet[m]
		v.ends[m] = [2]int32{int32(t.parties[0]), int32(t.parties[1])}
		v.edges[m] = edge{t.allowed[0], v.ends[m][0] ^ v.ends[m][1]}
		v.choices[m] = t.choices
		if len(t.after) > 0 {
			v.meet = in.meet
		}
	}
	for i := range v.patience {
		v.patience[i] = -math.Log((float64(i) + 0.5) / patienceSteps)
	}
	v.root(in)
	v.load(v.slot)
	return v
}

// root notes in which slots a party is busy whenever it has no break.
func (v *weave) root(in *instance) {
	v.rooted = make([]uint64, len(in.party))
	for x := range in.party {
		var allowed []mask
		for _, m := range in.party[x].talks {
			if v.slot[m] != nowhere {
				allowed = append(allowed, in.meet[m].allowed)
			}
		}
		v.rooted[x] = rooted(allowed, in.slots)
	}
}

// load makes the plan that of the slots.
func (v *weave) load(slots []int) {
	copy(v.slot, slots)
	for i := range v.at {
		v.at[i] = -1
	}
	clear(v.busy)
	clear(v.held)
	for m, s := range v.slot {
		if s == nowhere {
			continue
		}
		v.held[s]++
		for _, x := range v.ends[m] {
			v.at[int(x)<<slotBits|s] = int32(m)
			v.busy[x] |= 1 << uint(s)
		}
	}
	v.sum()
}

// sum counts breaks and what goes beyond the rules.
func (v *weave) sum() {
	v.breaks, v.beyond, v.crowd, v.late = 0, 0, 0, 0
	for _, b := range v.busy {
		n := breaksOf(b)
		v.breaks += n
		v.beyond += v.excess(n)
	}
	for s, n := range v.held {
		v.crowd += max(0, n-v.room[s])
		v.late += n * s
	}
}

func (v *weave) excess(breaks int) int {
	if v.spread < 0 {
		return 0
	}
	return max(0, breaks-v.spread)
}

func breaksOf(b uint64) int { return max(0, bits.OnesCount64(b&^(b<<1))-1) }

func idleOf(b uint64) int {
	if b == 0 {
		return 0
	}
	return 64 - bits.LeadingZeros64(b) - bits.TrailingZeros64(b) - bits.OnesCount64(b)
}

// idle is idleOf as far as it counts.
func (v *weave) idle(busy uint64) int { return min(idleOf(busy), v.heeded) }

// absent counts the slots in which x is not but would be without a break.
func (v *weave) absent(x int, busy uint64) int { return bits.OnesCount64(v.rooted[x] &^ busy) }

// swap is a chain in hand: what exchanging its two slots would change.
type swap struct {
	meeting               int // it begins with
	from, to              int
	cycle                 bool   // without ends
	shift                 int    // meetings that go from one slot to the other, less those that come
	end                   [2]int // parties whose time changes
	breaks, beyond, crowd int    // what becomes more
	idle, absent          int
}

// late is by how many slots more the meetings come later.
func (c *swap) late() int { return c.shift * (c.to - c.from) }

// chain walks the chain of m between its slot and another, and takes it in hand. It
// returns false where a meeting of it is not allowed to change. A cycle changes no times:
// it costs nothing, and opens other chains.
func (v *weave) chain(m, to int) bool {
	from, shift, steps := v.slot[m], 1, 0
	either, at, c := from^to, v.at, &v.hand
	c.meeting, c.from, c.to, c.cycle = m, from, to, false
	for side, end := range v.ends[m] {
		x, other := int(end), to // x was reached by an edge of the other of the two slots
		for {
			steps++
			next := at[x<<slotBits|other]
			if next < 0 {
				break
			}
			if int(next) == m {
				v.work += steps
				*c = swap{meeting: m, from: from, to: to, cycle: true}
				return true
			}
			if other == to {
				shift--
			} else {
				shift++
			}
			other ^= either
			if v.edges[next].allowed>>uint(other)&1 == 0 {
				v.work += steps
				return false
			}
			x ^= int(v.edges[next].both)
		}
		c.end[side] = x
	}
	v.work += steps
	c.shift = shift
	v.weigh()
	return true
}

// weigh notes what the chain in hand would change.
func (v *weave) weigh() {
	c := &v.hand
	both := uint64(1)<<uint(c.from) | 1<<uint(c.to)
	c.breaks, c.beyond, c.idle, c.absent = 0, 0, 0, 0
	for _, x := range c.end {
		old := v.busy[x]
		now := old ^ both
		a, b := breaksOf(old), breaksOf(now)
		c.breaks += b - a
		c.beyond += v.excess(b) - v.excess(a)
		c.idle += v.idle(now) - v.idle(old)
		c.absent += v.absent(x, now) - v.absent(x, old)
	}
	c.crowd = v.crowding(c.to, c.shift) + v.crowding(c.from, -c.shift)
}

// crowding is how many more meetings go beyond the tables of s with so many more.
func (v *weave) crowding(s, more int) int {
	free := v.room[s] - v.held[s]
	return max(0, more-free) - max(0, -free)
}

// make exchanges the slots along the chain in hand.
func (v *weave) make() {
	c := &v.hand
	either := c.from ^ c.to
	v.slot[c.meeting] = c.to
	for _, end := range v.ends[c.meeting] {
		x, other := int(end), c.to
		for {
			i, j := x<<slotBits|other, x<<slotBits|other^either
			next := v.at[i]
			v.at[i], v.at[j] = v.at[j], next
			if next < 0 {
				break
			}
			if int(next) == c.meeting {
				return
			}
			other ^= either
			v.slot[next] = other
			x ^= int(v.edges[next].both)
		}
	}
	both := uint64(1)<<uint(c.from) | 1<<uint(c.to)
	v.busy[c.end[0]] ^= both
	v.busy[c.end[1]] ^= both
	v.held[c.to] += c.shift
	v.held[c.from] -= c.shift
	v.breaks += c.breaks
	v.beyond += c.beyond
	v.crowd += c.crowd
	v.late += c.late()
}

// Annealing of a weave: temperatures and weights in breaks, tuned on real fairs.
const (
	weaveHot, weaveCold       = 0.5, 0.1
	weaveIdle, weaveIdleLast  = 0.6, 0.02 // of an idle slot
	weaveBeyond, weaveCrowded = 1, 1.1
	weaveAbsent               = 0.5
	plateau                   = 8_192 // tries between two looks at another plan as good as the best
	anyOf                     = 16    // one step of so many is that of any meeting; one of the others to any slot
)

// anneal exchanges chains until there are no more breaks than the goal, or the
// work is done, and leaves the best plan found that the tables hold in place. It
// begins with a share of the full heat: little walks about among plans as good. With a
// pull the earlier of plans with as many breaks is better.
func (v *weave) anneal(work, goal int, share float64, stop func() bool) {
	movable := v.movable()
	if len(movable) == 0 {
		return
	}
	rank := func() int { return v.breaks + 1_000*v.beyond }
	if v.pull > 0 {
		rank = func() int { return (v.breaks+1_000*v.beyond)*v.slots*len(v.slot) + v.late }
	}
	best, kept, keptAt := rank(), slices.Clone(v.slot), 0
	start, first := v.work, cooled(weaveHot, weaveCold, 1-share)
	heat, weight := first, weaveIdle
	for i := 0; best > goal; i++ {
		if i%1024 == 0 {
			done := float64(v.work-start) / float64(work)
			if done >= 1 || stop() {
				break
			}
			heat = cooled(first, weaveCold, done)
			weight = cooled(weaveIdle, weaveIdleLast, 1-share*(1-done))
		}
		if !v.step(movable, heat, weight) {
			continue
		}
		if r := rank(); v.crowd == 0 && (r < best || r == best && i > keptAt+plateau) {
			best, keptAt = r, i
			copy(kept, v.slot)
		}
	}
	v.load(kept)
}

// cooled is the geometric mean of two figures, weighted.
func cooled(from, to, done float64) float64 { return from * math.Pow(to/from, done) }

// step tries one exchange at random, and tells whether it was made. One draw serves
// for most of its choices: drawing is a good part of what a step costs.
func (v *weave) step(movable []int, heat, weight float64) bool {
	v.work++
	draw := v.dice.Uint64()
	limit := heat * v.patience[draw%patienceSteps]
	draw /= patienceSteps
	if draw%anyOf > 0 {
		return v.lean(draw/anyOf, weight, limit)
	}
	return v.attempt(movable[v.below(len(movable))], weight, limit)
}

// below is a random number from 0 to n−1, each as likely but for n in 2³².
func (v *weave) below(n int) int { return int(v.dice.Uint64() >> 32 * uint64(n) >> 32) }

// attempt tries to bring a meeting to any slot, if that costs no more than the limit.
func (v *weave) attempt(m int, weight, limit float64) bool {
	to := v.choices[m][v.below(len(v.choices[m]))]
	return to != v.slot[m] && v.exchange(m, to, weight, limit)
}

// lean tries to give a party another slot, by a chain that begins with it. Where it
// has no break that is mostly the slot just after its last for its first, or the one
// before its first for its last: few exchanges cost neither end anything, and
// these cost nothing at one. What others cost the party itself is held against the
// limit before the chain is walked.
func (v *weave) lean(draw uint64, weight, limit float64) bool {
	x := int(draw >> 16 & (1<<32 - 1) * uint64(len(v.busy)) >> 32)
	busy := v.busy[x]
	free := ^busy & (1<<uint(v.slots) - 1)
	if busy == 0 || free == 0 {
		return false
	}
	var from, to int
	leap := draw%anyOf == 0 || busy&(busy-1) == 0
	first, last := bits.TrailingZeros64(busy), 63-bits.LeadingZeros64(busy)
	switch near := free & (busy<<1 | busy>>1); {
	case leap:
		from, to = v.any(rims(busy)), v.any(free)
	case breaksOf(busy) > 0:
		from, to = v.any(rims(busy)), v.any(near)
	case draw/anyOf%2 == 0:
		from, to = first, last+1
	default:
		from, to = last, first-1
	}
	if to < 0 || to >= v.slots {
		return false
	}
	m := v.at[x<<slotBits|from]
	now := busy ^ (1<<uint(from) | 1<<uint(to))
	if v.edges[m].allowed>>uint(to)&1 == 0 || float64(breaksOf(now)-breaksOf(busy))+weight*float64(v.idle(now)-v.idle(busy))+weaveAbsent*float64(v.absent(x, now)-v.absent(x, busy))+min(0, v.pull*float64(to-from)) > limit {
		return false
	}
	return v.exchange(int(m), to, weight, limit)
}

// rims are the slots of a set that have a neighbour outside it.
func rims(set uint64) uint64 { return set &^ (set << 1 & (set >> 1)) }

// any is one of the slots of a set that is not empty.
func (v *weave) any(set uint64) int {
	for n := v.below(bits.OnesCount64(set)); n > 0; n-- {
		set &= set - 1
	}
	return bits.TrailingZeros64(set)
}

// exchange makes the chain of m between its slot and another, if it may be made and
// costs no more than the limit, and tells so.
func (v *weave) exchange(m, to int, weight, limit float64) bool {
	if !v.chain(m, to) {
		return false
	}
	c := &v.hand
	worse := float64(c.breaks) + weight*float64(c.idle) + weaveAbsent*float64(c.absent) + weaveBeyond*float64(c.beyond) + weaveCrowded*float64(c.crowd) + v.pull*float64(c.late())
	if worse > limit || v.meet != nil && !v.ordered() {
		return false
	}
	v.make()
	return true
}

// ordered tells whether the chain in hand leaves what must be before other meetings
// before them.
func (v *weave) ordered() bool {
	c, path := &v.hand, v.path()
	then := func(m int) int {
		if (v.slot[m] == c.from || v.slot[m] == c.to) && slices.Contains(path, m) {
			return c.from + c.to - v.slot[m]
		}
		return v.slot[m]
	}
	for _, p := range path {
		t, now := &v.meet[p], c.from+c.to-v.slot[p]
		for _, k := range t.after {
			if then(k) >= now {
				return false
			}
		}
		for _, k := range t.before {
			if v.slot[k] != nowhere && then(k) <= now {
				return false
			}
		}
	}
	return true
}

// path lists the meetings of the chain in hand.
func (v *weave) path() []int {
	c := &v.hand
	path := []int{c.meeting}
	for _, end := range v.ends[c.meeting] {
		x, other := int(end), c.to
		for next := v.at[x<<slotBits|other]; next >= 0; next = v.at[x<<slotBits|other] {
			if int(next) == c.meeting {
				return path
			}
			path = append(path, int(next))
			other = c.from + c.to - other
			x ^= int(v.edges[next].both)
		}
	}
	return path
}

// movable lists the planned meetings that have a choice.
func (v *weave) movable() []int {
	var list []int
	for m, s := range v.slot {
		if s != nowhere && len(v.choices[m]) > 1 {
			list = append(list, m)
		}
	}
	return list
}
