package agenda

import (
	"slices"

	"jinghe/internal/scene"
)

// Greedy plans first come, first served by falling value: what tools without a
// solver do, as a baseline. Its plan keeps all rules but minimums, musts and the
// spread of breaks, has no bounds and no reasons. Errors are those of
// [Problem.Validate].
func Greedy(p *Problem) (*Plan, error) {
	if err := p.Validate(); err != nil {
		return nil, scene.Wrap("agenda.Greedy", err)
	}
	in := compile(p)
	plan := describe(in, greedy(in), 0)
	plan.StoppedBy = StoppedEffort
	return plan, nil
}

// Comparison is what plans are compared by.
type Comparison struct {
	Planned        int     `json:"planned"`
	Value          float64 `json:"value"`
	Shortfall      int     `json:"shortfall"`     // meetings lacking to minimums
	MinimumsKept   float64 `json:"minimums_kept"` // share of the parties with a minimum that reach it
	Breaks         int     `json:"breaks"`
	NewcomersShare float64 `json:"newcomers_share"` // of the planned meetings, those with a newcomer
	// TopTenth is the share of all places at meetings that the tenth of the parties with
	// most of them has, among those with any meeting to hope for: the smaller, the fairer.
	TopTenth float64 `json:"top_tenth"`
}

// Compare sums a plan of the problem up, from the meetings that are in it.
func Compare(p *Problem, plan *Plan) Comparison {
	number, newcomer := map[string]int{}, map[string]bool{}
	for i := range p.Parties {
		newcomer[p.Parties[i].ID] = p.Parties[i].Newcomer
	}
	planned, hopes := map[string]bool{}, map[string]bool{}
	for i := range plan.Meetings {
		planned[plan.Meetings[i].ID] = true
	}
	c := Comparison{Planned: len(plan.Meetings), Shortfall: plan.Shortfall, Breaks: plan.Breaks}
	for _, u := range unite(p) {
		if planned[u.source.ID] {
			c.Value += u.source.Value
		}
		for _, id := range u.source.Parties {
			hopes[id] = hopes[id] || len(u.never) == 0
		}
	}
	with := 0
	for i := range plan.Meetings {
		fresh := 0
		for _, id := range plan.Meetings[i].Parties {
			number[id]++
			if newcomer[id] {
				fresh = 1
			}
		}
		with += fresh
	}
	asked, kept := 0, 0
	for i := range p.Parties {
		if p.Parties[i].Min > 0 {
			asked++
			if number[p.Parties[i].ID] >= p.Parties[i].Min {
				kept++
			}
		}
	}
	c.MinimumsKept, c.NewcomersShare, c.TopTenth = ratio(kept, asked), ratio(with, len(plan.Meetings)), topTenth(number, hopes)
	return c
}

// topTenth is Comparison.TopTenth of so many meetings by party; 0 where there are none.
func topTenth(number map[string]int, hopes map[string]bool) float64 {
	var counts []int
	all, most := 0, 0
	for id, some := range hopes {
		if some || number[id] > 0 {
			counts = append(counts, number[id])
			all += number[id]
		}
	}
	slices.Sort(counts)
	for _, n := range counts[len(counts)-(len(counts)+9)/10:] {
		most += n
	}
	if all == 0 {
		return 0
	}
	return float64(most) / float64(all)
}

// ratio of a part to a whole; 1 where there is no whole.
func ratio(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}
