package transfer

import (
	"context"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"jinghe/internal/scene"
)

// Book is a workbook that is written while its rows are found, to several sheets in
// turn if need be: what is more than a few megabytes waits in temporary files. It is
// not safe for concurrent use, and has to be closed.
type Book struct {
	file   *excelize.File
	styles styles
	sheets []*BookSheet
}

// BookSheet is a sheet of a [Book].
type BookSheet struct {
	out   sheetOut // its name, heads, widths and numbers; rows come one by one
	looks styles
	rows  *excelize.StreamWriter
	count int
}

// NewBook returns a workbook without sheets.
func NewBook() (*Book, error) {
	b := &Book{file: excelize.NewFile()}
	var err error
	if b.styles, err = newStyles(b.file); err != nil {
		b.Close()
	}
	return b, scene.Wrap("transfer.NewBook", err)
}

// Close removes what waits.
func (b *Book) Close() { _ = b.file.Close() }

// Sheet begins a sheet with the name, heads, widths and numbers of t; its rows are
// not read.
func (b *Book) Sheet(t Table) (*BookSheet, error) {
	before := make([]sheetOut, len(b.sheets))
	for i, s := range b.sheets {
		before[i] = s.out
	}
	out := t.sheet()
	out.name = freeName(before, t.Name)
	return b.sheet(out)
}

func (b *Book) sheet(out sheetOut) (s *BookSheet, err error) {
	if len(b.sheets) == 0 {
		err = b.file.SetSheetName("Sheet1", out.name)
	} else {
		_, err = b.file.NewSheet(out.name)
	}
	if err != nil {
		return nil, fmt.Errorf("sheet %s: %w", out.name, err)
	}
	if s, err = beginSheet(b.file, b.styles, out); err != nil {
		return nil, err
	}
	b.sheets = append(b.sheets, s)
	return s, nil
}

// beginSheet begins to write the empty sheet of that name.
func beginSheet(f *excelize.File, looks styles, out sheetOut) (s *BookSheet, err error) {
	s = &BookSheet{out: out, looks: looks}
	if err = f.SetSheetDimension(out.name, out.extent()); err == nil {
		if s.rows, err = f.NewStreamWriter(out.name); err == nil {
			err = s.begin()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("sheet %s: %w", out.name, err)
	}
	return s, nil
}

// extent is the range of cells of a sheet, which programs read to know how much there is;
// "" for none, where its rows are still to come.
func (s *sheetOut) extent() string {
	if s.row == nil || len(s.heads) == 0 {
		return ""
	}
	last, err := excelize.CoordinatesToCellName(len(s.heads), s.count+1)
	if err != nil {
		return ""
	}
	return "A1:" + last
}

// begin writes the heads, which stay in view.
func (s *BookSheet) begin() error {
	for i := range s.out.heads {
		width := 16.0
		if i < len(s.out.widths) {
			width = s.out.widths[i]
		}
		if err := s.rows.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := s.rows.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	cells := make([]any, len(s.out.heads))
	for i, h := range s.out.heads {
		cells[i] = excelize.Cell{StyleID: s.looks.head, Value: h}
	}
	return s.rows.SetRow("A1", cells)
}

// Add writes the next row.
func (s *BookSheet) Add(row []string) error { return s.add(row, nil) }

// add writes the next row, in which marks are cells to be marked.
func (s *BookSheet) add(row []string, marks []bool) error {
	cells := make([]any, len(row))
	for i, v := range row {
		switch {
		case i < len(marks) && marks[i]:
			cells[i] = excelize.Cell{StyleID: s.looks.bad, Value: v}
		case v == "":
		case s.out.number[i]:
			cells[i] = excelize.Cell{StyleID: s.looks.number, Value: number(v)}
		default:
			cells[i] = excelize.Cell{StyleID: s.looks.data, Value: v}
		}
	}
	s.count++
	if err := s.rows.SetRow(fmt.Sprintf("A%d", s.count+1), cells); err != nil {
		return fmt.Errorf("sheet %s: %w", s.out.name, err)
	}
	return nil
}

// fill adds all rows of the sheet.
func (s *BookSheet) fill(ctx context.Context, tick func()) error {
	for n := range s.out.count {
		if n%500 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		var marks []bool
		if s.out.mark != nil {
			marks = s.out.mark(n)
		}
		if err := s.add(s.out.row(n), marks); err != nil {
			return err
		}
		tick()
	}
	return nil
}

// WriteTo ends all sheets and writes the workbook, packed.
func (b *Book) WriteTo(w io.Writer) (n int64, err error) {
	for _, s := range b.sheets {
		if err := s.rows.Flush(); err != nil {
			return 0, fmt.Errorf("sheet %s: %w", s.out.name, err)
		}
	}
	return b.file.WriteTo(w)
}
