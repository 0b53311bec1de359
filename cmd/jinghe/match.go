package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"jinghe/internal/app"
	"jinghe/internal/broker"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
)

// matchCmd matches two lists without a server or a database.
type matchCmd struct {
	Needs  string `required:"" placeholder:"FILE" help:"cli.flag.needs"`
	Offers string `required:"" placeholder:"FILE" help:"cli.flag.offers"`
	Top    int    `default:"10" help:"cli.flag.top"`
	Format string `enum:",table,json,xlsx,csv" default:"" help:"cli.flag.match_format"`
	Out    string `short:"o" placeholder:"FILE" help:"cli.flag.out"`
}

// Help shows examples.
func (matchCmd) Help() string {
	return example("jinghe match --needs needs.xlsx --offers offers.xlsx --top 10",
		"jinghe match --needs needs.csv --offers offers.xlsx --out matches.xlsx",
		"jinghe match --needs needs.xlsx --offers offers.xlsx --format json --lang en")
}

// Run reads both files, ranks the offers for every need and writes the result.
func (cmd *matchCmd) Run(ctx context.Context, con *console) error {
	if cmd.Top < 1 || cmd.Top > 1000 {
		return &scene.Error{Code: scene.Invalid, Key: "cli.match_top", Args: map[string]any{"value": cmd.Top}}
	}
	if err := con.binaryOut(formatOf(cmd.Format, cmd.Out, "table"), cmd.Out); err != nil {
		return err
	}
	kit, err := app.NewKit()
	if err != nil {
		return err
	}
	needs, rejected, err := con.read(ctx, cmd.Needs, scene.KindOpportunity, kit.Dictionaries)
	if err != nil {
		return err
	}
	offers, more, err := con.read(ctx, cmd.Offers, scene.KindCapability, kit.Dictionaries)
	if err != nil {
		return err
	}
	tell, end := con.progress(con.text("cli.matching", nil))
	rankings, err := broker.MatchRows(ctx, kit.Engine, needs, offers,
		broker.Options{Top: cmd.Top, Lang: con.lang, Now: time.Now(), Changes: true, Consortium: true}, tell)
	end()
	if err != nil {
		return err
	}
	if err := cmd.write(ctx, con, rankings); err != nil {
		return err
	}
	if rejected+more > 0 {
		return finished(exitRejected)
	}
	return nil
}

// read reads one list, tells its problems and returns the rows of one kind.
func (c *console) read(ctx context.Context, path string, kind scene.Kind, dicts *scene.Dictionaries) (rows []scene.Row, rejected int, err error) {
	tell, end := c.progress(path)
	doc, err := transfer.ReadFile(ctx, path, transfer.ReadOptions{
		Kind: kind, Dictionaries: dicts, Now: time.Now(), Progress: tell,
	})
	end()
	if err != nil {
		return nil, 0, err
	}
	for _, p := range doc.Problems {
		fmt.Fprintln(c.err, locale.Problem(c.lang, p))
		if p.Rejected {
			rejected++
		}
	}
	for _, row := range doc.Rows {
		if row.Kind() == kind {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return nil, 0, &scene.Error{
			Code: scene.Invalid, Key: "cli.match_no_rows_" + string(kind), Args: map[string]any{"file": path},
		}
	}
	return rows, rejected, nil
}

func (cmd *matchCmd) write(ctx context.Context, con *console, rankings []match.Ranking) error {
	format := formatOf(cmd.Format, cmd.Out, "table")
	return con.writeTo(cmd.Out, func(w io.Writer) error {
		switch format {
		case "json":
			out := json.NewEncoder(w)
			out.SetIndent("", "  ")
			out.SetEscapeHTML(false)
			return out.Encode(rankings)
		case "xlsx", "csv":
			return transfer.WriteMatches(ctx, w, transfer.Format(format), rankings, transfer.MatchOptions{Lang: con.lang})
		}
		return printRankings(w, con, rankings)
	})
}

// printRankings prints a block for each need: who fits, how well, and why.
func printRankings(w io.Writer, con *console, rankings []match.Ranking) error {
	for i := range rankings {
		r := &rankings[i]
		if _, err := fmt.Fprintf(w, "\n%s  %s  %s\n", r.Need.Code, r.Need.Name, r.Need.Org); err != nil {
			return scene.Wrap("match.print", err)
		}
		t := table.NewWriter()
		t.SetOutputMirror(w)
		t.SetStyle(table.StyleLight)
		t.AppendHeader(table.Row{
			"#", con.text("match.score", nil), con.text("match.code", nil),
			con.text("match.offer", nil), con.text("match.org", nil), con.text("match.reason", nil),
		})
		wrap := text.WrapHard // Chinese breaks anywhere
		if con.lang == locale.En {
			wrap = text.WrapSoft
		}
		t.SetColumnConfigs([]table.ColumnConfig{
			{Number: 4, WidthMax: 32, WidthMaxEnforcer: text.WrapHard},
			{Number: 5, WidthMax: 24, WidthMaxEnforcer: text.WrapHard},
			{Number: 6, WidthMax: 60, WidthMaxEnforcer: wrap},
		})
		for rank, m := range r.Matches {
			t.AppendRow(table.Row{rank + 1, fmt.Sprintf("%.2f", m.Score), m.Offer.Code, m.Offer.Name, m.Offer.Org, m.Reason})
		}
		if len(r.Matches) == 0 {
			if _, err := fmt.Fprintln(w, con.text("match.none", nil)); err != nil {
				return scene.Wrap("match.print", err)
			}
			continue
		}
		t.Render()
	}
	return nil
}
