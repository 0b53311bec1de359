package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"jinghe/internal/app"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
)

// exportCmd writes a list as a workbook that can be imported again.
type exportCmd struct {
	cityFlags `embed:""`
	Kind      scene.Kind `enum:"opportunity,capability" default:"opportunity" help:"cli.flag.kind"`
	Layout    string     `default:"jinghe" help:"cli.flag.layout"`
	Format    string     `enum:",xlsx,csv" default:"" help:"cli.flag.export_format"`
	Batch     string     `help:"cli.flag.batch"`
	Source    string     `help:"cli.flag.source"`
	Out       string     `short:"o" placeholder:"FILE" help:"cli.flag.out"`
}

// Help shows examples.
func (exportCmd) Help() string {
	return example("jinghe export --data ./city --kind opportunity --out needs.xlsx",
		"jinghe export --data ./city --kind capability --layout chongqing --out offers.csv")
}

// Run writes the list; contacts are masked.
func (cmd *exportCmd) Run(ctx context.Context, con *console) error {
	request := app.ExportRequest{
		Kind: cmd.Kind, Layout: cmd.Layout, Batch: cmd.Batch, Source: cmd.Source,
		Format: formatOf(cmd.Format, cmd.Out, "xlsx"),
	}
	if err := con.binaryOut(request.Format, cmd.Out); err != nil {
		return err
	}
	op, err := con.operator(ctx, cmd.config())
	if err != nil {
		return err
	}
	defer con.close(op)
	var written transfer.Written
	err = con.writeTo(cmd.Out, func(w io.Writer) (err error) {
		written, err = op.Export(ctx, request, w)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(con.err, con.text("cli.exported", map[string]any{"rows": written.Rows}))
	if len(written.Dropped) > 0 {
		fmt.Fprintln(con.err, con.text("cli.export_dropped", map[string]any{"fields": strings.Join(written.Dropped, "、")}))
	}
	return nil
}

// formatOf is the format asked for, else that of the file's ending, else the fallback.
func formatOf(asked, file, fallback string) string {
	if asked != "" {
		return asked
	}
	switch ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), "."); ending {
	case "xlsx", "csv", "json":
		return ending
	}
	return fallback
}
