package main

import (
	"context"
	"fmt"

	"github.com/jedib0t/go-pretty/v6/table"

	"jinghe/internal/app"
	"jinghe/internal/scene"
)

// pairCmd pins a pair or takes it out, through every recomputation.
type pairCmd struct {
	cityFlags `embed:""`
	Need      string `placeholder:"CODE" help:"cli.flag.pair_need"`
	Offer     string `placeholder:"CODE" help:"cli.flag.pair_offer"`
	Pin       bool   `help:"cli.flag.pair_pin"`
	Exclude   bool   `help:"cli.flag.pair_exclude"`
	Clear     bool   `help:"cli.flag.pair_clear"`
	Reason    string `placeholder:"TEXT" help:"cli.flag.pair_reason"`
	List      bool   `help:"cli.flag.pair_list"`
}

// Help shows examples.
func (pairCmd) Help() string {
	return example("jinghe pair --data ./city --need SZ-001 --offer CAP-17 --pin --reason 专班推荐",
		"jinghe pair --data ./city --need SZ-001 --offer CAP-17 --clear", "jinghe pair --data ./city --list")
}

// Run changes or lists marks.
func (cmd *pairCmd) Run(ctx context.Context, con *console) error {
	r := app.MarkRequest{Need: cmd.Need, Offer: cmd.Offer, Reason: cmd.Reason, Actor: "cli"}
	what, chosen := "pair.cleared", 0
	for _, c := range []struct {
		on   bool
		kind scene.MarkKind
		what string
	}{{cmd.Pin, scene.Pinned, "pair.pinned"}, {cmd.Exclude, scene.Excluded, "pair.excluded"}, {cmd.Clear, "", "pair.cleared"}} {
		if c.on {
			r.Kind, what = c.kind, c.what
			chosen++
		}
	}
	named := cmd.Need != "" && cmd.Offer != ""
	if cmd.List == (chosen > 0) || !cmd.List && (chosen != 1 || !named) {
		return &scene.Error{Code: scene.Invalid, Key: "cli.pair_one"}
	}
	op, err := con.operator(ctx, cmd.config())
	if err != nil {
		return err
	}
	defer con.close(op)
	if cmd.List {
		return listMarks(ctx, con, op)
	}
	if err := op.MarkPair(ctx, r); err != nil {
		return err
	}
	fmt.Fprintln(con.err, con.text("pair.done", map[string]any{"what": con.text(what, nil), "need": cmd.Need, "offer": cmd.Offer}))
	return nil
}

func listMarks(ctx context.Context, con *console, op app.Operator) error {
	marks, err := op.PairMarks(ctx)
	if err != nil {
		return err
	}
	if len(marks) == 0 {
		fmt.Fprintln(con.out, con.text("pair.none", nil))
		return nil
	}
	t := table.NewWriter()
	t.SetOutputMirror(con.out)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{con.text("match.code", nil), con.text("match.need", nil), con.text("match.code", nil), con.text("match.offer", nil), con.text("pair.head_kind", nil), con.text("match.reason", nil)})
	name := func(s string) string {
		if s == "" {
			return con.text("pair.gone", nil)
		}
		return s
	}
	for _, m := range marks {
		t.AppendRow(table.Row{m.NeedCode, name(m.NeedName), m.OfferCode, name(m.OfferName), con.text("pair."+string(m.Kind), nil), m.Reason})
	}
	t.Render()
	return nil
}
