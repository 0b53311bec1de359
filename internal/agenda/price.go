package agenda

import (
	"math"
	"math/big"
)

// prices are multipliers of a Lagrangian relaxation of the value: what one more
// unit of a limit may be worth. Any prices prove a bound; good ones a tight one.
// All are in units of value, at least 0 unless said.
type prices struct {
	party  []float64 // of the maximum; negative: what the minimum costs
	time   []float64 // of a party in a slot; nil while slots are not told apart
	room   []float64 // of tables in a slot
	supply []float64 // of a resource in a slot; in all slots the same while they are not told apart
}

// relaxation asks which meetings pay for what they use, each for itself.
type relaxation struct {
	in      *instance
	least   []int   // per party: the minimum that its own meetings and time allow
	most    []int   // per party
	lacking int     // shortfall that cannot be avoided party by party
	penalty float64 // of a meeting lacking to a minimum beyond that, in units of value
	flat    bool    // values do not count, only the penalty

	at      prices
	number  []int // meetings chosen per party
	inSlot  []int
	inTime  []int
	inUnits []int
	slope   struct{ party, time, room, supply []float64 }
}

func newRelaxation(in *instance) *relaxation {
	r := &relaxation{in: in, number: make([]int, len(in.party)), inSlot: make([]int, in.slots)}
	for x := range in.party {
		most := in.attainable(x)
		least := min(in.minimum(x), most)
		r.most = append(r.most, most)
		r.least = append(r.least, least)
		r.lacking += in.minimum(x) - least
	}
	for m := range in.meet {
		r.penalty = max(r.penalty, 3*float64(in.meet[m].value))
	}
	r.at = prices{party: make([]float64, len(in.party)), room: make([]float64, in.slots)}
	r.slope.party, r.slope.room = make([]float64, len(in.party)), make([]float64, in.slots)
	units := len(in.supply) * in.slots
	r.at.supply, r.slope.supply, r.inUnits = make([]float64, units), make([]float64, units), make([]int, units)
	return r
}

// attainable is the most meetings that x could have if nobody else had any: a
// matching of its meetings to its time, up to its maximum.
func (in *instance) attainable(x int) int {
	p := &in.party[x]
	taken := make([][]int, in.slots)
	var visit func(m int, seen mask) bool
	visit = func(m int, seen mask) bool {
		for _, s := range in.meet[m].choices {
			if seen.has(s) {
				continue
			}
			seen.set(s)
			if len(taken[s]) < p.capacity[s] {
				taken[s] = append(taken[s], m)
				return true
			}
			for i, other := range taken[s] {
				if visit(other, seen) {
					taken[s][i] = m
					return true
				}
			}
		}
		return false
	}
	n := 0
	for _, m := range p.talks {
		if n >= p.most {
			break
		}
		if visit(m, in.newMask()) {
			n++
		}
	}
	return n
}

// dear is the value of m less what it uses, in its cheapest slot.
func (r *relaxation) dear(m int) (net float64, slot int) {
	t := &r.in.meet[m]
	if !r.flat {
		net = float64(t.value)
	}
	for _, x := range t.parties {
		net -= r.at.party[x]
	}
	if r.at.time == nil {
		for _, u := range t.supply {
			net -= r.at.supply[u*r.in.slots]
		}
		return net - r.at.room[0], t.choices[0]
	}
	cheapest := math.Inf(1)
	for _, s := range t.choices {
		cost := r.at.room[s]
		for _, x := range t.parties {
			cost += r.at.time[x*r.in.slots+s]
		}
		for _, u := range t.supply {
			cost += r.at.supply[u*r.in.slots+s]
		}
		if cost < cheapest {
			cheapest, slot = cost, s
		}
	}
	return net - cheapest, slot
}

// evaluate returns the bound that the prices give, for plans that lack extra
// meetings beyond what cannot be avoided, and notes what the meetings chose.
func (r *relaxation) evaluate(extra int) float64 {
	in := r.in
	clear(r.number)
	clear(r.inSlot)
	clear(r.inTime)
	clear(r.inUnits)
	sum := 0.0
	for m := range in.meet {
		t := &in.meet[m]
		if t.out() {
			continue
		}
		net, s := r.dear(m)
		if net <= 0 && !t.must {
			continue
		}
		sum += net
		r.inSlot[s]++
		for _, x := range t.parties {
			r.number[x]++
			if r.at.time != nil {
				r.inTime[x*in.slots+s]++
			}
		}
		for _, u := range t.supply {
			r.inUnits[u*in.slots+s]++
		}
	}
	return sum + r.constant(extra)
}

// constant is the part of the bound that does not depend on the choices.
func (r *relaxation) constant(extra int) float64 {
	in := r.in
	sum := 0.0
	for x, price := range r.at.party {
		if price > 0 {
			sum += price * float64(r.most[x])
		} else {
			sum += price * float64(r.least[x])
		}
	}
	for s, price := range r.at.room {
		sum += price * float64(in.room[s])
	}
	for i, price := range r.at.time {
		sum += price * float64(in.party[i/in.slots].capacity[i%in.slots])
	}
	for i, price := range r.at.supply {
		sum += price * float64(in.supply[i/in.slots][i%in.slots])
	}
	return sum + r.penalty*float64(extra)
}

// slopes returns the squared length of the subgradient at the last evaluation,
// leaving out directions that would only make a price negative.
func (r *relaxation) slopes() float64 {
	in := r.in
	length := 0.0
	for x, price := range r.at.party {
		n := r.number[x]
		g := float64(r.most[x] - n)
		switch {
		case price < 0 || price == 0 && n < r.least[x]:
			g = float64(r.least[x] - n)
		case price == 0 && g > 0:
			g = 0
		}
		r.slope.party[x] = g
		length += g * g
	}
	if r.at.time == nil {
		length += together(r.at.room, r.slope.room, in.room, r.inSlot)
		for u := range in.supply {
			of, to := u*in.slots, (u+1)*in.slots
			length += together(r.at.supply[of:to], r.slope.supply[of:to], in.supply[u], r.inUnits[of:to])
		}
		return length
	}
	for s := range in.room {
		r.slope.room[s] = towards(r.at.room[s], in.room[s]-r.inSlot[s])
		length += r.slope.room[s] * r.slope.room[s]
	}
	for i := range r.at.time {
		r.slope.time[i] = towards(r.at.time[i], in.party[i/in.slots].capacity[i%in.slots]-r.inTime[i])
		length += r.slope.time[i] * r.slope.time[i]
	}
	for i := range r.at.supply {
		r.slope.supply[i] = towards(r.at.supply[i], in.supply[i/in.slots][i%in.slots]-r.inUnits[i])
		length += r.slope.supply[i] * r.slope.supply[i]
	}
	return length
}

// together gives a limit whose slots have one price the slope of all its slots, and
// returns the square of that.
func together(price, slope []float64, room, used []int) float64 {
	free := 0
	for s := range room {
		free += room[s] - used[s]
	}
	g := towards(price[0], free)
	for s := range slope {
		slope[s] = g
	}
	return g * g
}

func towards(price float64, free int) float64 {
	if price == 0 && free > 0 {
		return 0
	}
	return float64(free)
}

// step moves the prices against the slopes; none crosses 0.
func (r *relaxation) step(by float64) {
	for x, g := range r.slope.party {
		old := r.at.party[x]
		next := old - by*g
		if old > 0 && next < 0 || old < 0 && next > 0 {
			next = 0
		}
		r.at.party[x] = max(next, -r.penalty)
	}
	descend(r.at.room, r.slope.room, by)
	descend(r.at.time, r.slope.time, by)
	descend(r.at.supply, r.slope.supply, by)
}

func descend(price, slope []float64, by float64) {
	for i, g := range slope {
		price[i] = max(0, price[i]-by*g)
	}
}

// timed tells slots apart from now on.
func (r *relaxation) timed() {
	n := len(r.in.party) * r.in.slots
	r.at.time, r.slope.time, r.inTime = make([]float64, n), make([]float64, n), make([]int, n)
}

func (p *prices) clone() prices {
	same := func(a []float64) []float64 { return append([]float64(nil), a...) }
	return prices{party: same(p.party), time: same(p.time), room: same(p.room), supply: same(p.supply)}
}

// search finds good prices by subgradient steps towards a target that comes
// nearer as long as it is not reached (Held, Wolfe and Crowder 1974). floor is a
// value that some plan has. It leaves the best prices found in place.
func (r *relaxation) search(rounds, extra int, floor float64, stop func() bool) (spent int) {
	best, kept := math.Inf(1), r.at.clone()
	reach, stalled := 0.05, 0
	for spent = 0; spent < rounds && reach > 1e-7; spent++ {
		if spent%16 == 0 && stop() {
			break
		}
		bound := r.evaluate(extra)
		size := max(math.Abs(best), 10*r.penalty)
		if bound < best-reach*size/50 {
			stalled = 0
		} else {
			stalled++
		}
		if bound < best {
			best = bound
			kept = r.at.clone()
		}
		if stalled > 12 {
			reach, stalled = reach/2, 0
			r.at = kept.clone()
			bound = r.evaluate(extra)
		}
		length := r.slopes()
		target := max(floor, best-reach*max(math.Abs(best), 10*r.penalty))
		if length == 0 || bound <= floor {
			break
		}
		r.step((bound - target) / length)
	}
	r.at = kept
	return spent
}

// certified evaluates the bound in whole numbers, so that no rounding can make
// it too small: prices are rounded first, and any prices prove a bound.
func (r *relaxation) certified(extra int) *big.Int {
	in := r.in
	r.penalty = math.Ceil(r.penalty)
	r.round()
	sum := new(big.Int)
	add := func(a float64, n int) {
		if a != 0 && n != 0 {
			term, _ := big.NewFloat(a).Int(nil)
			sum.Add(sum, term.Mul(term, big.NewInt(int64(n))))
		}
	}
	for m := range in.meet {
		if t := &in.meet[m]; !t.out() {
			if net, _ := r.dear(m); net > 0 || t.must {
				add(net, 1)
			}
		}
	}
	for x, price := range r.at.party {
		if price > 0 {
			add(price, r.most[x])
		} else {
			add(price, r.least[x])
		}
	}
	add(r.penalty, extra)
	for s, price := range r.at.room {
		add(price, in.room[s])
	}
	for i, price := range r.at.time {
		add(price, in.party[i/in.slots].capacity[i%in.slots])
	}
	for i, price := range r.at.supply {
		add(price, in.supply[i/in.slots][i%in.slots])
	}
	return sum
}

// round makes prices whole, and small enough for exact sums in float64.
func (r *relaxation) round() {
	for _, list := range [][]float64{r.at.party, r.at.time, r.at.room, r.at.supply} {
		for i := range list {
			list[i] = math.Round(max(-4*MaxValue*scale, min(4*MaxValue*scale, list[i])))
		}
	}
	for x := range r.at.party {
		r.at.party[x] = max(r.at.party[x], -r.penalty)
	}
}

// valueBound is the certified bound, no more than everything together and
// rounded down to a sum that values can have.
func (r *relaxation) valueBound(extra int) int64 {
	unit, total := int64(0), int64(0)
	for m := range r.in.meet {
		if t := &r.in.meet[m]; !t.out() {
			unit = gcd(unit, t.value)
			total += t.value
		}
	}
	sum := r.certified(extra)
	if unit == 0 || sum.Sign() < 0 {
		return 0
	}
	if sum.Cmp(big.NewInt(total)) > 0 {
		return total
	}
	return sum.Int64() / unit * unit
}

// shortfallBound proves how many meetings at least lack to the minimums.
func (in *instance) shortfallBound(rounds int, stop func() bool) (bound, spent int) {
	r := newRelaxation(in)
	r.flat, r.penalty = true, scale
	spent = r.search(rounds, 0, math.Inf(-1), stop)
	most := r.certified(0) // of minus the shortfall beyond what cannot be avoided
	if most.Sign() >= 0 {
		return r.lacking, spent
	}
	most.Neg(most)
	beyond := most.Add(most, big.NewInt(scale-1)).Int64() / scale
	return r.lacking + int(beyond), spent
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
