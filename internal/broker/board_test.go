package broker

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"jinghe/internal/scene"
)

// TestBoardKnowsWhoNamesWhom, whatever was put, moved, dropped and cleared; and
// what was put comes back.
func TestBoardKnowsWhoNamesWhom(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	id := func(sort string) scene.ID { return scene.ID(fmt.Sprint(sort, rng.IntN(30))) }
	holds := func(pairs []Pair, x scene.ID) bool {
		return slices.ContainsFunc(pairs, func(p Pair) bool { return p.ID == x })
	}
	some := func() (pairs []Pair) {
		for range rng.IntN(6) {
			if x := id("o"); !holds(pairs, x) {
				pairs = append(pairs, Pair{x, rng.Float64()})
			}
		}
		return pairs
	}
	b := NewBoard()
	s := b.sides[scene.KindOpportunity]
	for step := range 5000 {
		switch rng.IntN(12) {
		case 0:
			b.Drop(scene.KindOpportunity, id("n"))
		case 1:
			places := map[scene.ID]place{}
			for range rng.IntN(4) {
				places[id("n")] = place{raw: rng.Float64(), best: rng.IntN(2) == 0}
			}
			b.amend(scene.KindOpportunity, id("o"), places)
		case 2:
			if step%500 == 0 {
				b.Clear()
				s = b.sides[scene.KindOpportunity]
			}
		default:
			l := &List{Best: some(), Whole: rng.IntN(3) > 0}
			for _, p := range some() {
				if !holds(l.Best, p.ID) {
					l.Out = append(l.Out, p)
				}
			}
			asker := id("n")
			b.Put(scene.KindOpportunity, asker, l)
			if got := b.Get(scene.KindOpportunity, asker); !slices.Equal(got.Best, l.Best) || !slices.Equal(got.Out, l.Out) || got.Whole != l.Whole {
				t.Fatalf("step %d: the list that was put is %+v, the board's %+v", step, l, got)
			}
		}
		for o := range 30 {
			name := scene.ID(fmt.Sprint("o", o))
			var want, got []scene.ID
			who := s.names.number(name)
			for asker, l := range s.of {
				if l.names(who) {
					want = append(want, s.names.ids[asker])
				}
			}
			for _, n := range s.naming[who] {
				got = append(got, s.names.ids[n])
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(want, got) {
				t.Fatalf("step %d: %s is named by %q, noted are %q", step, name, want, got)
			}
		}
	}
}
