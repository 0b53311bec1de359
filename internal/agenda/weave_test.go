package agenda

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestWeaveKeepsCount makes thousands of exchanges and holds the sums that they
// keep against a fresh count, and the plan against its rules.
func TestWeaveKeepsCount(t *testing.T) {
	t.Parallel()
	in := compile(Draw(Shape{Name: "small", Left: 12, Right: 12, Slots: 10, Tables: 8, Wishes: 60, Absent: 0.1, Max: 9, LeastValue: 1, MostValue: 9}, 3))
	if !in.weavable() {
		t.Fatal("the event is of meetings of two")
	}
	st := greedy(in)
	v := newWeave(st, rand.New(rand.NewPCG(1, 2)))
	movable, made := v.movable(), 0
	for range 20_000 {
		if v.step(movable, 0.5, 0.2) {
			made++
		}
		breaks, beyond, crowd, busy, at := v.breaks, v.beyond, v.crowd, slices.Clone(v.busy), slices.Clone(v.at)
		v.load(slices.Clone(v.slot))
		if breaks != v.breaks || beyond != v.beyond || crowd != v.crowd || !slices.Equal(busy, v.busy) || !slices.Equal(at, v.at) {
			t.Fatalf("after %d exchanges the sums are not what a count gives", made)
		}
	}
	before := st.breaks
	v.load(st.slot)
	v.anneal(200_000, 0, 1, func() bool { return false })
	if made < 1_000 || v.crowd > 0 || v.breaks >= before {
		t.Errorf("%d exchanges, %d beyond the tables, breaks %d from %d", made, v.crowd, v.breaks, before)
	}
	for m, s := range v.slot {
		if s != nowhere && !in.meet[m].allowed.has(s) {
			t.Errorf("meeting %d stands where it may not", m)
		}
	}
}

// TestWeaveExchangesCycles makes exchanges along cycles: nobody's times change, and
// the sums stay what a fresh count gives.
func TestWeaveExchangesCycles(t *testing.T) {
	t.Parallel()
	p := everybody(6)
	v := newWeave(greedy(compile(p)), rand.New(rand.NewPCG(1, 2)))
	cycles := 0
	for m := range v.slot {
		for to := range v.slots {
			if v.slot[m] < 0 || v.slot[m] == to {
				continue
			}
			if !v.chain(m, to) || !v.hand.cycle {
				continue
			}
			cycles++
			busy, breaks := slices.Clone(v.busy), v.breaks
			v.make()
			at := slices.Clone(v.at)
			if c := v.hand; c.breaks+c.beyond+c.crowd+c.idle != 0 || v.slot[m] != to || !slices.Equal(busy, v.busy) {
				t.Fatalf("meeting %d to slot %d: %+v", m, to, c)
			}
			v.load(slices.Clone(v.slot))
			if breaks != v.breaks || !slices.Equal(at, v.at) {
				t.Fatalf("meeting %d to slot %d: the sums are not what a count gives", m, to)
			}
		}
	}
	if cycles < 20 {
		t.Errorf("%d cycles", cycles)
	}
}

// TestWeaveKeepsOrder anneals an event of many precedences: what has to be before
// other meetings stays so, with each exchange.
func TestWeaveKeepsOrder(t *testing.T) {
	t.Parallel()
	p := everybody(6)
	p.Slots = append(p.Slots, Slot{ID: "slot-y"}, Slot{ID: "slot-z"})
	base := solved(t, p)
	orderMeetings(p, knownOf(base), rand.New(rand.NewPCG(1, 2)))
	orderMeetings(p, knownOf(base), rand.New(rand.NewPCG(3, 4)))
	in := compile(p)
	st := stateOf(in, base)
	if !in.weavable() {
		t.Fatal("the event is of meetings of two")
	}
	v := newWeave(st, rand.New(rand.NewPCG(1, 2)))
	movable, made := v.movable(), 0
	for range 20_000 {
		if !v.step(movable, 0.5, 0.2) {
			continue
		}
		made++
		for m, s := range v.slot {
			for _, k := range in.meet[m].after {
				if v.slot[k] >= s {
					t.Fatalf("after %d exchanges %s is not before %s", made, in.meet[k].id, in.meet[m].id)
				}
			}
		}
	}
	if made < 500 {
		t.Errorf("%d exchanges", made)
	}
}

// TestWeaveLeansTowardsFewer exchanges from the parties without heat: no exchange may
// cost anything, which is counted anew, breaks go down by them alone, and the rules are kept.
func TestWeaveLeansTowardsFewer(t *testing.T) {
	t.Parallel()
	in := compile(Draw(Shape{Name: "small", Left: 12, Right: 12, Slots: 10, Tables: 8, Wishes: 60, Absent: 0.1, Max: 9, LeastValue: 1, MostValue: 9}, 3))
	v := newWeave(greedy(in), rand.New(rand.NewPCG(1, 2)))
	const weight = 0.5
	cost := func() float64 {
		sum := float64(v.breaks) + weaveCrowded*float64(v.crowd)
		for x, b := range v.busy {
			sum += weight*float64(idleOf(b)) + weaveAbsent*float64(bits.OnesCount64(v.rooted[x]&^b))
		}
		return sum
	}
	before, made := v.breaks, 0
	for range 20_000 {
		cheap := cost()
		if !v.lean(v.dice.Uint64(), weight, 0) {
			continue
		}
		made++
		if worse := cost() - cheap; worse > 1e-9 {
			t.Fatalf("exchange %d costs %g", made, worse)
		}
		for m, s := range v.slot {
			if s != nowhere && !in.meet[m].allowed.has(s) {
				t.Fatalf("exchange %d puts meeting %d where it may not stand", made, m)
			}
		}
	}
	if made < 100 || v.breaks >= before {
		t.Errorf("%d exchanges, breaks %d from %d", made, v.breaks, before)
	}
}
