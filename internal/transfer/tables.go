package transfer

import (
	"context"
	"io"
	"slices"

	"jinghe/internal/scene"
)

// Table is a sheet of a report for people: no list, and never read back.
type Table struct {
	Name   string
	Heads  []string
	Rows   [][]string
	Widths []float64 // of the columns, in characters; missing ones are standard
}

// WriteTables writes a workbook with a sheet for each table, in order. All
// cells are text.
func WriteTables(ctx context.Context, w io.Writer, tables []Table) error {
	sheets := make([]sheetOut, len(tables))
	for i := range tables {
		sheets[i] = tables[i].sheet()
		sheets[i].name = freeName(sheets[:i], tables[i].Name)
	}
	return scene.Wrap("transfer.WriteTables", writeWorkbook(ctx, w, sheets, nil))
}

// WriteTableCSV writes one table as CSV: UTF-8 with a byte order mark, and no cell
// that a spreadsheet program would take for a formula.
func WriteTableCSV(ctx context.Context, w io.Writer, t Table) error {
	return scene.Wrap("transfer.WriteTableCSV", writeCSV(ctx, w, t.sheet(), nil))
}

func (t *Table) sheet() sheetOut {
	return sheetOut{
		name: t.Name, heads: t.Heads, count: len(t.Rows), widths: t.Widths,
		row: func(n int) []string { return slices.Clone(t.Rows[n]) },
	}
}
