package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
)

// marked writes the rows of a file that did not go in as a workbook with the
// bad cells marked, ready to be corrected and imported. The file is read once
// more for it, so that rows which the store refused are in it, too.
func (cmd *importCmd) marked(ctx context.Context, con *console, op app.Operator, path string, report *registry.Report) error {
	type place struct {
		sheet string
		row   int
	}
	refused := map[place]bool{}
	for _, p := range report.Problems {
		if p.Rejected && p.Row > 0 {
			refused[place{p.Sheet, p.Row}] = true
		}
	}
	if cmd.Rejected == "" || len(refused) == 0 {
		return nil
	}
	doc, err := cmd.reread(ctx, op, path, func(sheet string, row int) bool { return refused[place{sheet, row}] })
	if err != nil {
		return err
	}
	doc.Problems = slices.Clone(report.Problems)
	for i := range doc.Problems {
		if len(doc.Sheets) == 1 { // the sheet of a CSV has no name, though its rows are called by one
			doc.Problems[i].Sheet = doc.Sheets[0].Name
		}
	}
	out := cmd.rejectedFile(path)
	err = con.writeTo(out, func(w io.Writer) error { return transfer.WriteProblems(ctx, w, doc, con.lang) })
	if err == nil {
		fmt.Fprintln(con.err, con.text("cli.import_marked", map[string]any{"file": out, "count": len(refused)}))
	}
	return err
}

func (cmd *importCmd) reread(ctx context.Context, op app.Operator, path string, keep func(string, int) bool) (transfer.Document, error) {
	decided, err := op.Mapping(ctx, cmd.Source)
	if err != nil {
		return transfer.Document{}, err
	}
	maps.Copy(decided, cmd.Map)
	mapping, err := transfer.ParseMapping(decided)
	if err != nil {
		return transfer.Document{}, err
	}
	dicts, err := scene.LoadDictionaries()
	if err != nil {
		return transfer.Document{}, err
	}
	return transfer.ReadFile(ctx, path, transfer.ReadOptions{
		Dictionaries: dicts, Source: cmd.Source, Mapping: mapping, Now: time.Now(), Keep: keep,
	})
}

// rejectedFile is the workbook of one file: with several, each has its own,
// named after it.
func (cmd *importCmd) rejectedFile(path string) string {
	if len(cmd.Files) == 1 {
		return cmd.Rejected
	}
	ending := filepath.Ext(cmd.Rejected)
	base := filepath.Base(path)
	return strings.TrimSuffix(cmd.Rejected, ending) + "-" + strings.TrimSuffix(base, filepath.Ext(base)) + ending
}
