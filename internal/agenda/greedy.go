package agenda

import "jinghe/internal/scene"

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
}

// Compare sums a plan of the problem up.
func Compare(p *Problem, plan *Plan) Comparison {
	number, newcomer := map[string]int{}, map[string]bool{}
	for i := range p.Parties {
		newcomer[p.Parties[i].ID] = p.Parties[i].Newcomer
	}
	c := Comparison{Planned: len(plan.Meetings), Value: plan.Value, Shortfall: plan.Shortfall, Breaks: plan.Breaks}
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
	c.MinimumsKept, c.NewcomersShare = ratio(kept, asked), ratio(with, len(plan.Meetings))
	return c
}

// ratio of a part to a whole; 1 where there is no whole.
func ratio(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}
