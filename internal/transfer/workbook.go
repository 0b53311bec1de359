package transfer

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"jinghe/internal/scene"
)

// workbook is an opened .xlsx or .xlsm.
type workbook struct {
	name   string
	file   *excelize.File
	zip    *zip.Reader
	parts  map[string]sheetPart // by sheet name
	is1904 bool
	limits Limits
	left   int // rows that may still be read
}

// openWorkbook opens a workbook after its parts were inspected. Values are
// read raw: formatting each cell as shown costs four times as much and loses digits.
func openWorkbook(ctx context.Context, name string, r io.ReaderAt, size int64, l Limits) (_ source, err error) {
	zr, err := inspect(name, r, size, l)
	if err != nil {
		return nil, err
	}
	if err := checkStrings(ctx, name, zr, l); err != nil {
		return nil, err
	}
	defer guard(name, "", &err)
	f, openErr := excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: l.Unpacked,
	})
	if openErr != nil {
		if f != nil {
			_ = f.Close()
		}
		return nil, fileError(name, "transfer.damaged", openErr, nil)
	}
	w := &workbook{name: name, file: f, zip: zr, limits: l, left: l.Rows}
	w.parts, w.is1904 = sheetParts(zr)
	return w, nil
}

// guard turns a panic of the workbook library on a malformed file into an error.
func guard(name, sheet string, err *error) {
	if p := recover(); p != nil {
		key := "transfer.damaged"
		if sheet != "" {
			key = "transfer.damaged_sheet"
		}
		*err = fileError(name, key, fmt.Errorf("panic: %v", p), map[string]any{"sheet": sheet})
	}
}

func (w *workbook) tables() []string { return w.file.GetSheetList() }
func (w *workbook) date1904() bool   { return w.is1904 }
func (w *workbook) close()           { _ = w.file.Close() }

func (w *workbook) load(ctx context.Context, i int) table {
	name := w.file.GetSheetList()[i]
	t := table{name: name, stem: name}
	part, ok := w.parts[name]
	if !ok || !part.worksheet {
		return t // a sheet of a chart or a macro: nothing to read
	}
	t.hidden = part.hidden
	scan, err := w.scan(ctx, part)
	if err == nil {
		t.merges = scan.merges
		err = w.rows(ctx, &t, scan)
	}
	if err != nil && ctx.Err() == nil {
		t.err = sheetError(w.name, name, err)
	}
	return t
}

// sheetError makes err one sentence that names the sheet.
func sheetError(file, sheet string, err error) *scene.Error {
	key := errorKey(err)
	if key == "transfer.value" {
		key = "transfer.damaged_sheet"
	}
	args := map[string]any{"sheet": sheet}
	if e, ok := errors.AsType[*scene.Error](err); ok {
		for k, v := range e.Args {
			args[k] = v
		}
	}
	return fileError(file, key, err, args)
}

// rows reads the filled rows of a sheet.
func (w *workbook) rows(ctx context.Context, t *table, scan *sheetScan) (err error) {
	defer guard(w.name, t.name, &err)
	rows, err := w.file.Rows(t.name)
	if err != nil {
		return err
	}
	defer rows.Close()
	wide := 0
	for num := 1; rows.Next(); num++ {
		if num > excelize.TotalRows {
			return fileError(w.name, "transfer.too_many_rows", nil, map[string]any{"limit": w.limits.Rows, "row": num})
		}
		if num%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		cells, err := rows.Columns()
		if err != nil {
			return fmt.Errorf("row %d: %w", num, err)
		}
		if len(cells) > w.limits.Columns {
			t.more = max(t.more, len(cells)-w.limits.Columns)
			if wide += len(cells); wide > widest {
				return fileError(w.name, "transfer.too_wide", nil, map[string]any{"limit": w.limits.Columns, "row": num})
			}
			cells = cells[:w.limits.Columns]
		}
		if blank(cells) {
			continue
		}
		if w.left--; w.left < 0 {
			return fileError(w.name, "transfer.too_many_rows", nil, map[string]any{"limit": w.limits.Rows, "row": num})
		}
		scan.style(num, cells, w.is1904)
		t.lines = append(t.lines, line{num: num, cells: cells, hidden: rows.GetRowOpts().Hidden})
	}
	return rows.Error()
}

// widest bounds the cells that rows beyond the column limit may cost altogether.
const widest = 5_000_000

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// style rewrites the cells of a row whose number means something else than it
// says: a day, a percentage; and those with a formula that was never worked out.
func (s *sheetScan) style(num int, cells []string, date1904 bool) {
	for _, c := range s.styled[num] {
		if c.col >= len(cells) {
			continue
		}
		switch v, err := strconv.ParseFloat(cells[c.col], 64); {
		case c.as == asFormula && cells[c.col] == "":
			cells[c.col] = "#CALC!"
		case err != nil:
		case c.as == asDate && v >= 1 && v < 2_958_466: // up to the year 9999
			first, last := serial(v, date1904)
			if first.Equal(last) {
				cells[c.col] = first.Format("2006-01-02 15:04:05")
			} else {
				cells[c.col] = first.Format("2006-01-02")
			}
		case c.as == asPercent:
			cells[c.col] = strconv.FormatFloat(round(v*100), 'f', -1, 64) + "%"
		}
	}
}

// round drops what binary fractions leave behind the tenth decimal.
func round(v float64) float64 {
	s, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', 10, 64), 64)
	if err != nil {
		return v
	}
	return s
}
