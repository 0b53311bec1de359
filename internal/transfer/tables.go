package transfer

import (
	"context"
	"io"

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
	for i, t := range tables {
		sheets[i] = sheetOut{
			name: freeName(sheets[:i], t.Name), heads: t.Heads, count: len(t.Rows), widths: t.Widths,
			row: func(n int) []string { return t.Rows[n] },
		}
	}
	return scene.Wrap("transfer.WriteTables", writeWorkbook(ctx, w, sheets, nil))
}
