package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"jinghe/internal/agenda"
)

// benchAgendaCmd measures the meeting scheduler on invented events.
type benchAgendaCmd struct {
	Shape  string `enum:"city,ciie" default:"city" help:"cli.flag.bench_shape"`
	Seed   uint64 `default:"1" help:"cli.flag.bench_seed"`
	Seeds  int    `default:"5" help:"cli.flag.bench_seeds"`
	Effort int    `default:"20" help:"cli.flag.plan_effort"`
	Write  string `placeholder:"FILE" help:"cli.flag.bench_write"`
	JSON   bool   `name:"json" help:"cli.flag.json"`
}

// Help shows examples.
func (benchAgendaCmd) Help() string {
	return example("jinghe bench agenda --shape city", "jinghe bench agenda --shape ciie --seed 3 --seeds 1 --json")
}

// agendaFigures is one measured event.
type agendaFigures struct {
	Seed       uint64            `json:"seed"`
	Seconds    float64           `json:"seconds"`
	Gap        float64           `json:"gap"`
	Bound      float64           `json:"value_upper_bound"`
	Lacking    int               `json:"shortfall_lower_bound"`
	Repair     float64           `json:"repair_seconds"`
	Changed    int               `json:"repair_changed"`
	Plan       agenda.Comparison `json:"plan"`
	Greedy     agenda.Comparison `json:"greedy"`
	Lateness   agendaLateness    `json:"lateness"`
	RulesKept  bool              `json:"rules_kept"`
	RepairKept bool              `json:"repair_rules_kept"`
}

// agendaLateness is how many slots of the day lie before a meeting, on average.
type agendaLateness struct {
	Plan   float64 `json:"plan"`
	Greedy float64 `json:"greedy"`
}

// Run measures events drawn with consecutive seeds and prints each, then the
// median and the worst.
func (cmd *benchAgendaCmd) Run(ctx context.Context, con *console) error {
	shapes := agenda.Shapes()
	shape := shapes[slices.IndexFunc(shapes, func(s agenda.Shape) bool { return s.Name == cmd.Shape })]
	if cmd.Write != "" {
		return con.writeTo(cmd.Write, func(w io.Writer) error { return json.NewEncoder(w).Encode(agenda.Draw(shape, cmd.Seed)) })
	}
	all := make([]agendaFigures, 0, cmd.Seeds)
	for seed := cmd.Seed; seed < cmd.Seed+uint64(max(cmd.Seeds, 1)); seed++ {
		figures, err := cmd.measure(ctx, agenda.Draw(shape, seed), seed)
		if err != nil {
			return err
		}
		all = append(all, figures)
	}
	if cmd.JSON {
		return json.NewEncoder(con.out).Encode(all)
	}
	printAgenda(con, all)
	return nil
}

// measure plans one event, greedily and well, and repairs the plan after its
// busiest party has not come.
func (cmd *benchAgendaCmd) measure(ctx context.Context, problem *agenda.Problem, seed uint64) (agendaFigures, error) {
	first, err := agenda.Greedy(problem)
	if err != nil {
		return agendaFigures{}, err
	}
	start := time.Now()
	plan, err := agenda.Solve(ctx, problem, agenda.Options{Effort: cmd.Effort, Seed: seed})
	if err != nil {
		return agendaFigures{}, err
	}
	figures := agendaFigures{
		Seed: seed, Seconds: time.Since(start).Seconds(), Gap: plan.Gap, Bound: plan.ValueUpperBound, Lacking: plan.ShortfallLowerBound,
		Plan: agenda.Compare(problem, plan), Greedy: agenda.Compare(problem, first), RulesKept: keepsRules(problem, plan),
		Lateness: agendaLateness{Plan: meanLateness(plan), Greedy: meanLateness(first)},
	}
	absent := []agenda.Change{{Kind: agenda.ChangeAbsent, Party: plan.Meetings[0].Parties[0]}}
	start = time.Now()
	repaired, err := agenda.Repair(ctx, problem, plan, absent, agenda.Options{Seed: seed})
	if err != nil {
		return agendaFigures{}, err
	}
	figures.Repair, figures.Changed = time.Since(start).Seconds(), len(repaired.Changed)
	figures.RepairKept = keepsRules(&repaired.Problem, &repaired.Plan)
	return figures, nil
}

// meanLateness is that of a plan; 0 where nothing is planned.
func meanLateness(plan *agenda.Plan) float64 {
	return float64(plan.Lateness) / float64(max(1, len(plan.Meetings)))
}

// keepsRules tells whether the plan breaks no rule but minimums that cannot be kept.
func keepsRules(problem *agenda.Problem, plan *agenda.Plan) bool {
	for _, finding := range agenda.Check(problem, plan) {
		if finding.Key != "agenda.broken_min" {
			return false
		}
	}
	return true
}

func printAgenda(con *console, all []agendaFigures) {
	t := table.NewWriter()
	t.SetOutputMirror(con.out)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"seed", "s", "value", "bound", "gap %", "lacking", "breaks", "slots before", "newcomers", "repair ms", "changed", "greedy value", "lacking", "breaks", "slots before", "newcomers"})
	for i := range all {
		f := &all[i]
		t.AppendRow(table.Row{
			f.Seed, fmt.Sprintf("%.2f", f.Seconds), f.Plan.Value, f.Bound, fmt.Sprintf("%.3f", 100*f.Gap),
			fmt.Sprintf("%d (≥ %d)", f.Plan.Shortfall, f.Lacking), f.Plan.Breaks, fmt.Sprintf("%.1f", f.Lateness.Plan), fmt.Sprintf("%.3f", f.Plan.NewcomersShare),
			fmt.Sprintf("%.1f", 1000*f.Repair), f.Changed, f.Greedy.Value, f.Greedy.Shortfall, f.Greedy.Breaks, fmt.Sprintf("%.1f", f.Lateness.Greedy), fmt.Sprintf("%.3f", f.Greedy.NewcomersShare),
		})
	}
	t.Render()
	gap, seconds, repair := make([]float64, len(all)), make([]float64, len(all)), make([]float64, len(all))
	kept := true
	for i := range all {
		gap[i], seconds[i], repair[i] = 100*all[i].Gap, all[i].Seconds, 1000*all[i].Repair
		kept = kept && all[i].RulesKept && all[i].RepairKept
	}
	for _, m := range []struct {
		name string
		list []float64
	}{{"gap %", gap}, {"seconds", seconds}, {"repair ms", repair}} {
		slices.Sort(m.list)
		fmt.Fprintf(con.out, "%-10s median %.3f  worst %.3f\n", m.name, m.list[len(m.list)/2], m.list[len(m.list)-1])
	}
	fmt.Fprintf(con.out, "%-10s %v\n", "rules kept", kept)
}
