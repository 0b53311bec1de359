package transfer

import (
	"context"
	"io"
	"slices"

	"jinghe/internal/scene"
)

// Table is a sheet that is no list of entries for people to hand in.
type Table struct {
	Name   string
	Heads  []string
	Rows   [][]string
	Widths []float64 // of the columns, in characters; missing ones are standard
	// Numbers are the columns whose cells are numbers where they read as one; nil for
	// none, so that codes and telephone numbers stay text.
	Numbers []bool
}

// WriteTables writes a workbook with a sheet for each table, in order. All
// cells are text but those of Table.Numbers.
func WriteTables(ctx context.Context, w io.Writer, tables []Table) error {
	sheets := make([]sheetOut, len(tables))
	for i := range tables {
		sheets[i] = tables[i].sheet()
		sheets[i].name = freeName(sheets[:i], tables[i].Name)
	}
	return scene.Wrap("transfer.WriteTables", writeWorkbook(ctx, w, sheets, nil))
}

// ReadTables reads the sheets of a workbook as they stand, blank lines left out:
// the first line of each are its heads, and every row has as many cells as they.
// What is no workbook, or too large, is an Invalid or a TooLarge error.
func ReadTables(ctx context.Context, name string, r io.ReaderAt, size int64) ([]Table, error) {
	limits := Limits{}.orDefault()
	format, err := sniff(name, r, size, limits)
	if err != nil {
		return nil, err
	}
	if format != XLSX {
		return nil, fileError(name, "transfer.format_unknown", nil, map[string]any{"format": string(format)})
	}
	src, err := open(ctx, format, name, r, size, limits)
	if err != nil {
		return nil, err
	}
	defer src.close()
	var tables []Table
	for i := range src.tables() {
		t := src.load(ctx, i)
		if t.err != nil {
			return nil, t.err
		}
		out := Table{Name: t.name}
		for n, l := range t.lines {
			if n == 0 {
				out.Heads = l.cells
				continue
			}
			row := make([]string, len(out.Heads))
			copy(row, l.cells)
			out.Rows = append(out.Rows, row)
		}
		tables = append(tables, out)
	}
	return tables, ctx.Err()
}

// WriteTableCSV writes one table as CSV: UTF-8 with a byte order mark, and no cell
// that a spreadsheet program would take for a formula.
func WriteTableCSV(ctx context.Context, w io.Writer, t Table) error {
	return scene.Wrap("transfer.WriteTableCSV", writeCSV(ctx, w, t.sheet(), nil))
}

func (t *Table) sheet() sheetOut {
	numbers := map[int]bool{}
	for i, on := range t.Numbers {
		numbers[i] = on
	}
	return sheetOut{
		name: t.Name, heads: t.Heads, count: len(t.Rows), widths: t.Widths, number: numbers,
		row: func(n int) []string { return slices.Clone(t.Rows[n]) },
	}
}
