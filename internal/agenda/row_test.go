package agenda

import (
	"math/rand/v2"
	"testing"
)

// TestRowOf compares rows with every way to put up to five meetings into as many slots.
func TestRowOf(t *testing.T) {
	t.Parallel()
	dice, full, none, partly := rand.New(rand.NewPCG(1, 2)), 0, 0, 0
	for range 4_000 {
		n, first, free := 1+dice.IntN(5), dice.IntN(4), dice.IntN(20)
		allowed := make([]mask, n)
		for i := range allowed {
			allowed[i] = mask{dice.Uint64() | uint64(free)<<uint(first)}
		}
		can := make([]map[int]bool, n)
		for i := range can {
			can[i] = map[int]bool{}
		}
		ways := 0
		at := make([]int, 0, n)
		var fill func(taken uint64)
		fill = func(taken uint64) {
			i := len(at)
			if i == n {
				ways++
				for j, s := range at {
					can[j][s] = true
				}
				return
			}
			for s := first; s < first+n; s++ {
				if allowed[i].has(s) && taken>>uint(s)&1 == 0 {
					at = append(at, s)
					fill(taken | 1<<uint(s))
					at = at[:i]
				}
			}
		}
		fill(0)
		r, all := rowOf(allowed, first), true
		if (r.may == nil) != (ways == 0) {
			t.Fatalf("%v from %d: %v, %d ways", allowed, first, r.may, ways)
		}
		for i := range allowed {
			for s := range 12 {
				if r.has(i, s) != can[i][s] {
					t.Fatalf("%v from %d: meeting %d at %d: %v, want %v", allowed, first, i, s, r.has(i, s), can[i][s])
				}
				all = all && (s < first || s >= first+n || r.has(i, s) == allowed[i].has(s))
			}
		}
		switch {
		case r.may == nil:
			none++
		case all:
			full++
		default:
			partly++
		}
	}
	if none < 200 || full < 200 || partly < 200 {
		t.Errorf("%d without a way, %d with each, %d with some", none, full, partly)
	}
}

// TestRooted finds the slots that no row leaves out.
func TestRooted(t *testing.T) {
	t.Parallel()
	const morning, afternoon, day = 0b000111, 0b111000, 0b111111
	for _, test := range []struct {
		name    string
		allowed []mask
		want    uint64
	}{
		{"OnBothSidesOfNoon", []mask{{morning}, {afternoon}}, 0b001100},
		{"MoreInTheMorning", []mask{{morning}, {morning}, {afternoon}}, 0b001110},
		{"Anywhere", []mask{{day}, {day}}, 0},
		{"MostOfTheDay", []mask{{day}, {day}, {day}, {day}}, 0b001100},
		{"NoRow", []mask{{1}, {0b100}}, 0},
		{"One", []mask{{1}}, 0},
		{"None", nil, 0},
		{"TooMany", []mask{{day}, {day}, {day}, {day}, {day}, {day}, {day}}, 0},
	} {
		if got := rooted(test.allowed, 6); got != test.want {
			t.Errorf("%s: %06b, want %06b", test.name, got, test.want)
		}
	}
}
