package agenda

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Shape is the size of an invented event for measuring.
type Shape struct {
	Name                  string
	Left, Right           int // parties on either side
	Slots, Tables, Wishes int
	Absent, Newcomers     float64 // probabilities, per party and slot and per party
	Min, Max              int     // of newcomers; of every party
	LeastValue, MostValue int     // of a wish, uniform
}

// Shapes are the events that the measured figures are about: a city event, and
// one of the size of the China International Import Expo.
func Shapes() []Shape {
	return []Shape{
		{Name: "city", Left: 300, Right: 300, Slots: 24, Tables: 60, Wishes: 4_000, Absent: 0.2, Newcomers: 0.3, Min: 2, Max: 12, LeastValue: 1, MostValue: 98},
		{Name: "ciie", Left: 773, Right: 1_426, Slots: 30, Tables: 300, Wishes: 10_000, Absent: 0.2, Newcomers: 0.3, Min: 2, Max: 12, LeastValue: 1, MostValue: 98},
	}
}

// Draw invents an event: each wish joins a party of either side, drawn by Zipf
// (s = 1) over the side, each pair once. The same shape and seed give the same
// problem.
func Draw(shape Shape, seed uint64) *Problem {
	dice := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	p := &Problem{Name: fmt.Sprintf("%s-%d", shape.Name, seed)}
	for s := range shape.Slots {
		p.Slots = append(p.Slots, Slot{ID: fmt.Sprintf("s%d", s+1)})
	}
	for t := range shape.Tables {
		p.Tables = append(p.Tables, Table{ID: fmt.Sprintf("t%d", t+1)})
	}
	for i := range shape.Left + shape.Right {
		id := fmt.Sprintf("a%d", i+1)
		if i >= shape.Left {
			id = fmt.Sprintf("b%d", i-shape.Left+1)
		}
		most := shape.Max
		x := Party{ID: id, Max: &most}
		if dice.Float64() < shape.Newcomers {
			x.Newcomer, x.Min = true, shape.Min
		}
		for s := range p.Slots {
			if dice.Float64() < shape.Absent {
				x.Unavailable = append(x.Unavailable, p.Slots[s].ID)
			}
		}
		p.Parties = append(p.Parties, x)
	}
	left, right := zipf(shape.Left), zipf(shape.Right)
	seen := map[[2]int]bool{}
	for len(p.Wishes) < min(shape.Wishes, shape.Left*shape.Right) {
		pair := [2]int{left(dice), right(dice)}
		if seen[pair] {
			continue
		}
		seen[pair] = true
		value := shape.LeastValue + dice.IntN(shape.MostValue-shape.LeastValue+1)
		p.Wishes = append(p.Wishes, Wish{
			From: p.Parties[pair[0]].ID, To: p.Parties[shape.Left+pair[1]].ID, Kind: Want, Value: float64(value),
		})
	}
	return p
}

// zipf returns a source of numbers below n, k drawn in proportion to 1/(k+1).
func zipf(n int) func(*rand.Rand) int {
	sums := make([]float64, n)
	total := 0.0
	for k := range sums {
		total += 1 / float64(k+1)
		sums[k] = total
	}
	return func(dice *rand.Rand) int {
		k, _ := slices.BinarySearch(sums, dice.Float64()*total)
		return min(k, n-1)
	}
}
