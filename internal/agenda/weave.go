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
	allowed []uint64
	choices [][]int
	slot    []int    // per meeting
	at      []int32  // party×slot: the meeting there, −1 for none
	busy    []uint64 // per party
	held    []int    // per slot: meetings
	room    []int
	spread  int // most breaks of a party; −1 for no bound
	dice    *rand.Rand
	meet    []talk // for precedence; none where there is none

	path   []int32 // meetings of the chain in hand
	pull   float64 // what one slot later costs a meeting, in breaks
	breaks int
	late   int // slots before those of the meetings
	beyond int // breaks of parties beyond the spread
	crowd  int // meetings beyond the tables
	work   int // steps along chains, the unit of effort
}

// weavable tells whether the state is of the kind that a weave can hold: all planned
// meetings are of two parties with one calendar each and nothing else ties them.
func (in *instance) weavable() bool {
	if in.slots > 64 || len(in.supply) > 0 {
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
		slots: in.slots, ends: make([][2]int32, len(in.meet)), allowed: make([]uint64, len(in.meet)), choices: make([][]int, len(in.meet)),
		slot: st.snapshot(), at: make([]int32, len(in.party)*in.slots), busy: make([]uint64, len(in.party)),
		held: make([]int, in.slots), room: in.room, spread: in.spread, dice: dice,
	}
	for m := range in.meet {
		t := &in.meet[m]
		v.ends[m] = [2]int32{int32(t.parties[0]), int32(t.parties[1])}
		v.allowed[m], v.choices[m] = t.allowed[0], t.choices
		if len(t.after) > 0 {
			v.meet = in.meet
		}
	}
	v.load(v.slot)
	return v
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
			v.at[int(x)*v.slots+s] = int32(m)
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

// swap is a chain in hand: what exchanging its two slots would change.
type swap struct {
	from, to                    int
	cycle                       bool   // without ends
	shift                       int    // meetings that go from one slot to the other, less those that come
	end                         [2]int // parties whose time changes
	breaks, beyond, crowd, idle int    // what becomes more
}

// late is by how many slots more the meetings come later.
func (c *swap) late() int { return c.shift * (c.to - c.from) }

// chain walks the chain of m between its slot and another. It returns false where a
// meeting of it is not allowed to change. A cycle changes no times: it costs nothing,
// and opens other chains.
func (v *weave) chain(m, to int) (swap, bool) {
	c := swap{from: v.slot[m], to: to, shift: 1}
	v.path = append(v.path[:0], int32(m))
	for side, x := range v.ends[m] {
		here := c.from // slot of the edge by which x was reached
		for {
			other := c.from + c.to - here
			next := v.at[int(x)*v.slots+other]
			v.work++
			if next < 0 {
				v.finish(&c, side, int(x), here, other)
				break
			}
			if next == int32(m) {
				c.cycle, c.shift = true, 0
				return c, true
			}
			if v.allowed[next]>>uint(here)&1 == 0 {
				return c, false
			}
			v.path = append(v.path, next)
			if other == c.from {
				c.shift++
			} else {
				c.shift--
			}
			x = v.ends[next][0] + v.ends[next][1] - x
			here = other
		}
	}
	c.crowd = v.crowding(to, c.shift) + v.crowding(c.from, -c.shift)
	return c, true
}

// crowding is how many more meetings go beyond the tables of s with so many more.
func (v *weave) crowding(s, more int) int {
	free := v.room[s] - v.held[s]
	return max(0, more-free) - max(0, -free)
}

// finish notes what changes for x, an end of the chain.
func (v *weave) finish(c *swap, side, x, from, to int) {
	old := v.busy[x]
	now := old ^ (1<<uint(from) | 1<<uint(to))
	a, b := breaksOf(old), breaksOf(now)
	c.end[side] = x
	c.breaks += b - a
	c.beyond += v.excess(b) - v.excess(a)
	c.idle += idleOf(now) - idleOf(old)
}

// make exchanges the slots along the chain in hand.
func (v *weave) make(c swap) {
	both := uint64(1)<<uint(c.from) | 1<<uint(c.to)
	for _, m := range v.path {
		for _, x := range v.ends[m] {
			if i := int(x)*v.slots + v.slot[m]; v.at[i] == m {
				v.at[i] = -1
			}
		}
		v.slot[m] = c.from + c.to - v.slot[m]
		for _, x := range v.ends[m] {
			v.at[int(x)*v.slots+v.slot[m]] = m
		}
	}
	if !c.cycle {
		v.busy[c.end[0]] ^= both
		v.busy[c.end[1]] ^= both
	}
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
	weaveBeyond, weaveCrowded = 1, 1.5
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
// for all its choices but the limit: drawing is a good part of what a step costs.
func (v *weave) step(movable []int, heat, weight float64) bool {
	v.work++
	limit, draw := heat*v.dice.ExpFloat64(), v.dice.Uint64()
	if draw%anyOf > 0 {
		return v.lean(draw, weight, limit)
	}
	return v.attempt(movable[v.dice.IntN(len(movable))], weight, limit)
}

// attempt tries to bring a meeting to any slot, if that costs no more than the limit.
func (v *weave) attempt(m int, weight, limit float64) bool {
	to := v.choices[m][v.dice.IntN(len(v.choices[m]))]
	return to != v.slot[m] && v.exchange(m, to, weight, limit)
}

// lean tries to give a party another slot, by a chain that begins with it. Where it
// has no break that is mostly the slot just after its last for its first, or the one
// before its first for its last: few exchanges cost neither end anything, and
// these cost nothing at one. What others cost the party itself is held against the
// limit before the chain is walked.
func (v *weave) lean(draw uint64, weight, limit float64) bool {
	x := int(draw >> 32 * uint64(len(v.busy)) >> 32)
	busy := v.busy[x]
	free := ^busy & (1<<uint(v.slots) - 1)
	if busy == 0 || free == 0 {
		return false
	}
	var from, to int
	leap := draw/anyOf%anyOf == 0 || busy&(busy-1) == 0
	first, last := bits.TrailingZeros64(busy), 63-bits.LeadingZeros64(busy)
	switch near := free & (busy<<1 | busy>>1); {
	case leap:
		from, to = v.any(rims(busy)), v.any(free)
	case breaksOf(busy) > 0:
		from, to = v.any(rims(busy)), v.any(near)
	case draw/(anyOf*anyOf)%2 == 0:
		from, to = first, last+1
	default:
		from, to = last, first-1
	}
	if to < 0 || to >= v.slots {
		return false
	}
	m := v.at[x*v.slots+from]
	now := busy ^ (1<<uint(from) | 1<<uint(to))
	if v.allowed[m]>>uint(to)&1 == 0 || float64(breaksOf(now)-breaksOf(busy))+weight*float64(idleOf(now)-idleOf(busy))+min(0, v.pull*float64(to-from)) > limit {
		return false
	}
	return v.exchange(int(m), to, weight, limit)
}

// rims are the slots of a set that have a neighbour outside it.
func rims(set uint64) uint64 { return set &^ (set << 1 & (set >> 1)) }

// any is one of the slots of a set that is not empty.
func (v *weave) any(set uint64) int {
	for n := v.dice.IntN(bits.OnesCount64(set)); n > 0; n-- {
		set &= set - 1
	}
	return bits.TrailingZeros64(set)
}

// exchange makes the chain of m between its slot and another, if it may be made and
// costs no more than the limit, and tells so.
func (v *weave) exchange(m, to int, weight, limit float64) bool {
	c, possible := v.chain(m, to)
	worse := float64(c.breaks) + weight*float64(c.idle) + weaveBeyond*float64(c.beyond) + weaveCrowded*float64(c.crowd) + v.pull*float64(c.late())
	if !possible || worse > limit || v.meet != nil && !v.ordered(c) {
		return false
	}
	v.make(c)
	return true
}

// ordered tells whether the chain in hand leaves what must be before other meetings
// before them.
func (v *weave) ordered(c swap) bool {
	then := func(m int) int {
		if (v.slot[m] == c.from || v.slot[m] == c.to) && slices.Contains(v.path, int32(m)) {
			return c.from + c.to - v.slot[m]
		}
		return v.slot[m]
	}
	for _, p := range v.path {
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
