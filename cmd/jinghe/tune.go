package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"jinghe/internal/app"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
)

// tuneCmd learns the weights of matching from what people decided.
type tuneCmd struct {
	cityFlags  `embed:""`
	Judgements string `placeholder:"FILE" help:"cli.flag.tune_judgements"`
	DryRun     bool   `help:"cli.flag.tune_dry"`
	List       bool   `help:"cli.flag.tune_list"`
	Activate   string `placeholder:"ID" help:"cli.flag.tune_activate"`
	Rollback   bool   `help:"cli.flag.tune_rollback"`
	Pairs      string `placeholder:"FILE" help:"cli.flag.tune_pairs"`
	Top        int    `default:"10" help:"cli.flag.tune_top"`
}

// Help shows examples.
func (tuneCmd) Help() string {
	return example("jinghe tune --data ./city --pairs grade-me.xlsx", "jinghe tune --data ./city --judgements graded.xlsx",
		"jinghe tune --data ./city --list", "jinghe tune --data ./city --rollback")
}

// shippedName is what --activate calls the set that comes with the program.
const shippedName = "shipped"

// Run does what the flags say: without any, it refits, compares and activates on a win.
func (cmd *tuneCmd) Run(ctx context.Context, con *console) error {
	chosen := 0
	for _, on := range []bool{cmd.List, cmd.Activate != "", cmd.Rollback, cmd.Pairs != "", cmd.Judgements != ""} {
		if on {
			chosen++
		}
	}
	switch {
	case chosen > 1:
		return &scene.Error{Code: scene.Invalid, Key: "cli.tune_one"}
	case cmd.Top < 1 || cmd.Top > 100:
		return &scene.Error{Code: scene.Invalid, Key: "cli.tune_top", Args: map[string]any{"value": cmd.Top}}
	}
	op, err := con.operator(ctx, cmd.config())
	if err != nil {
		return err
	}
	defer con.close(op)
	switch {
	case cmd.List:
		return listWeights(ctx, con, op)
	case cmd.Rollback:
		if err := op.RollbackWeights(ctx); err != nil {
			return err
		}
		return tellInForce(ctx, con, op, "tune.rolled_back")
	case cmd.Activate != "":
		set := scene.ID(cmd.Activate)
		if cmd.Activate == shippedName {
			set = ""
		}
		if err := op.ActivateWeights(ctx, set); err != nil {
			return err
		}
		return tellInForce(ctx, con, op, "tune.activated")
	case cmd.Pairs != "":
		return cmd.writePairs(ctx, con, op)
	}
	return cmd.refit(ctx, con, op)
}

// refit brings judgements in, if a file is given, and tunes.
func (cmd *tuneCmd) refit(ctx context.Context, con *console, op app.Operator) error {
	rejected := 0
	if cmd.Judgements != "" {
		var err error
		if rejected, err = cmd.addJudgements(ctx, con, op); err != nil {
			return err
		}
	}
	tell, end := con.progress(con.text("cli.matching", nil))
	report, err := op.Tune(ctx, app.TuneRequest{DryRun: cmd.DryRun, Actor: "cli"}, tell)
	end()
	if err != nil {
		return err
	}
	tellTuned(con, report, cmd.DryRun)
	if rejected > 0 {
		return finished(exitRejected)
	}
	return nil
}

func (cmd *tuneCmd) addJudgements(ctx context.Context, con *console, op app.Operator) (rejected int, err error) {
	list, problems, err := transfer.ReadJudgementFile(ctx, cmd.Judgements)
	if err != nil {
		return 0, err
	}
	added, err := op.AddJudgements(ctx, app.JudgementsRequest{File: filepath.Base(cmd.Judgements), Judgements: list, Actor: "cli"})
	if err != nil {
		return 0, err
	}
	problems = append(problems, added.Problems...)
	for _, p := range problems {
		fmt.Fprintln(con.err, locale.Problem(con.lang, p))
	}
	fmt.Fprintln(con.err, con.text("tune.added", map[string]any{"count": added.Decisions, "problems": len(problems)}))
	return len(problems), nil
}

// tellTuned prints what was measured, and which weights changed how.
func tellTuned(con *console, r app.TuneReport, dry bool) {
	f := r.Figures
	args := map[string]any{"needs": f.Needs, "pairs": f.Pairs, "skipped": r.Skipped, "version": r.Version}
	if f.Needs < leastNeeds && !r.Win {
		fmt.Fprintln(con.out, con.text("tune.little", args))
		return
	}
	for name, v := range map[string]float64{"before": f.Before, "after": f.After, "gain": f.Gain, "low": f.Low, "high": f.High} {
		args[name] = fmt.Sprintf("%.3f", v)
	}
	fmt.Fprintln(con.out, con.text("tune.figures", args))
	t := table.NewWriter()
	t.SetOutputMirror(con.out)
	t.SetStyle(plainHeads())
	t.AppendHeader(table.Row{con.text("tune.head_part", nil), r.Parent, r.Version})
	for _, name := range match.PartNames() {
		t.AppendRow(table.Row{con.text("web.signal."+name, nil), fmt.Sprintf("%.3f", r.Before[name]), fmt.Sprintf("%.3f", r.After[name])})
	}
	t.Render()
	key := "tune.lost"
	switch {
	case r.Win && dry:
		key = "tune.dry"
	case r.Win:
		key = "tune.won"
	}
	fmt.Fprintln(con.out, con.text(key, args))
}

// plainHeads is the light style with heads as they are written: versions keep their case.
func plainHeads() table.Style {
	s := table.StyleLight
	s.Format.Header = text.FormatDefault
	return s
}

// leastNeeds is how many needs a comparison has to rest on (evaluate.RefitOptions).
const leastNeeds = 20

func listWeights(ctx context.Context, con *console, op app.Operator) error {
	sets, err := op.WeightSets(ctx)
	if err != nil {
		return err
	}
	mark := func(id scene.ID) string {
		if id == sets.InForce {
			return con.text("tune.in_force", nil)
		}
		return ""
	}
	t := table.NewWriter()
	t.SetOutputMirror(con.out)
	t.SetStyle(plainHeads())
	t.AppendHeader(table.Row{
		con.text("tune.head_set", nil), con.text("tune.head_version", nil), con.text("tune.head_parent", nil),
		con.text("tune.head_gain", nil), con.text("tune.head_made", nil), "",
	})
	t.AppendRow(table.Row{shippedName, sets.Shipped, "", "", con.text("tune.shipped", nil), mark("")})
	for _, s := range sets.Sets {
		f := s.Figures
		t.AppendRow(table.Row{
			s.ID, s.Version, s.Parent, fmt.Sprintf("%+.3f [%+.3f, %+.3f]", f.Gain, f.Low, f.High),
			s.Made.In(scene.China()).Format("2006-01-02 15:04"), mark(s.ID),
		})
	}
	t.Render()
	return nil
}

func tellInForce(ctx context.Context, con *console, op app.Operator, key string) error {
	sets, err := op.WeightSets(ctx)
	if err != nil {
		return err
	}
	version := sets.Shipped
	for _, s := range sets.Sets {
		if s.ID == sets.InForce {
			version = s.Version
		}
	}
	fmt.Fprintln(con.out, con.text(key, map[string]any{"version": version}))
	return nil
}

func (cmd *tuneCmd) writePairs(ctx context.Context, con *console, op app.Operator) error {
	format := formatOf("", cmd.Pairs, "xlsx")
	if err := con.binaryOut(format, cmd.Pairs); err != nil {
		return err
	}
	rankings, err := op.PairsToGrade(ctx, cmd.Top)
	if err != nil {
		return err
	}
	pairs := 0
	for i := range rankings {
		pairs += len(rankings[i].Matches)
	}
	err = con.writeTo(cmd.Pairs, func(w io.Writer) error {
		return transfer.WritePairs(ctx, w, transfer.Format(format), rankings, con.lang)
	})
	if err == nil {
		fmt.Fprintln(con.err, con.text("tune.pairs", map[string]any{"pairs": pairs, "needs": len(rankings)}))
	}
	return err
}
