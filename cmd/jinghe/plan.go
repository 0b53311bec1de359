package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"jinghe/internal/agenda"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// planCmd plans the meetings of an event.
type planCmd struct {
	In        string        `placeholder:"FILE" help:"cli.flag.plan_in"`
	Out       string        `short:"o" placeholder:"FILE" help:"cli.flag.out"`
	Effort    int           `default:"100" help:"cli.flag.plan_effort"`
	TimeLimit time.Duration `placeholder:"D" help:"cli.flag.plan_time"`
	Seed      uint64        `default:"1" help:"cli.flag.plan_seed"`
	Greedy    bool          `help:"cli.flag.plan_greedy"`
	Check     string        `placeholder:"PLAN" help:"cli.flag.plan_check"`
	Schema    string        `enum:",problem,plan" default:"" placeholder:"problem|plan" help:"cli.flag.plan_schema"`
}

// Help shows examples.
func (planCmd) Help() string {
	return example("jinghe plan --in problem.json --out plan.json",
		"jinghe plan --in problem.json --out plan.json --time-limit 10s --seed 7",
		"jinghe plan --in problem.json --check plan.json", "jinghe plan --schema problem")
}

// Run plans, checks a plan or prints a schema. A plan whose musts or minimums
// contradict each other is written, and ends with exit code 4.
func (cmd *planCmd) Run(ctx context.Context, con *console) error {
	if cmd.Schema != "" {
		return con.writeTo(cmd.Out, func(w io.Writer) error {
			_, err := w.Write(agenda.Schema(agenda.Document(cmd.Schema)))
			return err
		})
	}
	if cmd.In == "" {
		return &scene.Error{Code: scene.Invalid, Key: "cli.plan_no_in"}
	}
	if cmd.Effort < 1 || cmd.TimeLimit < 0 {
		return &scene.Error{Code: scene.Invalid, Key: "cli.plan_budget", Args: map[string]any{"effort": cmd.Effort, "limit": cmd.TimeLimit}}
	}
	problem, err := readProblem(cmd.In)
	if err != nil {
		return err
	}
	if cmd.Check != "" {
		return cmd.check(con, problem)
	}
	plan, err := cmd.plan(ctx, con, problem)
	if err != nil {
		return err
	}
	if err := con.writeTo(cmd.Out, func(w io.Writer) error { return writePlan(w, plan) }); err != nil {
		return err
	}
	con.tellPlan(problem, plan)
	if len(plan.Conflict) > 0 || brokenMust(problem, plan) {
		return finished(exitInfeasible)
	}
	return nil
}

func (cmd *planCmd) plan(ctx context.Context, con *console, problem *agenda.Problem) (*agenda.Plan, error) {
	if cmd.Greedy {
		return agenda.Greedy(problem)
	}
	if cmd.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, cmd.TimeLimit)
		defer cancel()
	}
	tell, end := con.progress(con.text("cli.planning", nil))
	start := time.Now()
	plan, err := agenda.Solve(ctx, problem, agenda.Options{
		Effort: cmd.Effort, Seed: cmd.Seed,
		Progress: func(p agenda.Progress) { tell(p.Planned, max(p.Wanted, 1)) },
	})
	end()
	if err != nil {
		return nil, err
	}
	plan.Seconds = time.Since(start).Seconds()
	return plan, nil
}

// check tells every rule that a plan breaks.
func (cmd *planCmd) check(con *console, problem *agenda.Problem) error {
	file, err := os.Open(cmd.Check)
	if err != nil {
		return fileError("file.open", cmd.Check, err)
	}
	defer file.Close()
	plan, err := agenda.DecodePlan(file)
	if err != nil {
		return err
	}
	broken := agenda.Check(problem, plan)
	for _, finding := range broken {
		fmt.Fprintln(con.err, locale.Field(con.lang, finding))
	}
	if len(broken) > 0 {
		return finished(exitNothing)
	}
	fmt.Fprintln(con.err, con.text("cli.plan_keeps_rules", nil))
	return nil
}

func readProblem(name string) (*agenda.Problem, error) {
	file := os.Stdin
	if name != "-" {
		var err error
		if file, err = os.Open(name); err != nil {
			return nil, fileError("file.open", name, err)
		}
		defer file.Close()
	}
	problem, err := agenda.DecodeProblem(file)
	if e, ok := errors.AsType[*scene.Error](err); ok && e.Key == "agenda.invalid" {
		return nil, &scene.Error{Code: e.Code, Key: "cli.plan_invalid", Args: map[string]any{"file": name, "count": e.Args["count"]}, Fields: e.Fields, Err: err}
	}
	return problem, err
}

func writePlan(w io.Writer, plan *agenda.Plan) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(plan)
}

// brokenMust tells whether a meeting that has to take place is left out.
func brokenMust(problem *agenda.Problem, plan *agenda.Plan) bool {
	for _, finding := range agenda.Check(problem, plan) {
		if finding.Key == "agenda.broken_must" {
			return true
		}
	}
	return false
}

// tellPlan sums the plan up in sentences, and tells why it is not what was asked for.
func (c *console) tellPlan(problem *agenda.Problem, plan *agenda.Plan) {
	fmt.Fprintln(c.err, c.text("cli.plan_done", map[string]any{
		"planned": len(plan.Meetings), "wanted": len(plan.Meetings) + len(plan.Unplanned),
		"value": plan.Value, "bound": plan.ValueUpperBound, "gap": fmt.Sprintf("%.2f %%", 100*plan.Gap),
		"breaks": plan.Breaks, "fewest": plan.BreaksLowerBound,
	}))
	switch {
	case plan.Proven:
		fmt.Fprintln(c.err, c.text("cli.plan_proven", nil))
	case plan.StoppedBy == agenda.StoppedTime, plan.StoppedBy == agenda.StoppedCancelled:
		fmt.Fprintln(c.err, c.text("cli.plan_stopped_"+string(plan.StoppedBy), nil))
	}
	if rivals := problem.Rivals(); len(rivals) > 0 {
		fmt.Fprintln(c.err, c.text("cli.plan_rivals", nil))
		for _, f := range rivals {
			fmt.Fprintln(c.err, "  "+locale.Field(c.lang, f))
		}
	}
	alone, joint := plan.Alone()
	if len(alone) > 0 {
		fmt.Fprintln(c.err, c.text("cli.plan_alone", nil))
	}
	for i := range alone {
		c.tellConditions(problem, &alone[i])
	}
	for i := range joint {
		key := "cli.plan_conflict"
		if i > 0 || len(alone) > 0 {
			key = "cli.plan_conflict_more"
		}
		fmt.Fprintln(c.err, c.text(key, nil))
		c.tellConditions(problem, &joint[i])
	}
}

// tellConditions tells the conditions of a contradiction, a line each.
func (c *console) tellConditions(problem *agenda.Problem, x *agenda.Contradiction) {
	for _, f := range problem.Explain(x) {
		fmt.Fprintln(c.err, "  "+c.text(f.Key, f.Args))
	}
}
