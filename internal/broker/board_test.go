package broker

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"jinghe/internal/scene"
)

// TestBoardKnowsWhoNamesWhom, whatever was put, moved, dropped and cleared.
func TestBoardKnowsWhoNamesWhom(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	id := func(sort string) scene.ID { return scene.ID(fmt.Sprint(sort, rng.IntN(30))) }
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
			b.Put(scene.KindOpportunity, id("n"), l)
		}
		for o := range 30 {
			name := scene.ID(fmt.Sprint("o", o))
			var want, got []scene.ID
			for asker, l := range s.of {
				if l.names(name) {
					want = append(want, asker)
				}
			}
			for _, n := range s.naming[name] {
				got = append(got, s.ids[n])
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(want, got) {
				t.Fatalf("step %d: %s is named by %q, noted are %q", step, name, want, got)
			}
		}
	}
}
