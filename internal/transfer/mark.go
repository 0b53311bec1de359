package transfer

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// Bounds of a workbook that is marked as it stands; of a larger one, the rows
// that did not go in are written to a workbook of their own.
const (
	markedBytes = 8 << 20
	markedCells = 2000
)

// Mark writes the workbook that a person handed in once more, the same but for
// its marks: each cell that something is wrong with is coloured (red where the row
// did not go in, else yellow) and has a comment that says what to do, and one
// sheet more lists all of it. Corrected, it can be imported as it is. doc is what
// [Read] gave, its Problems completed by what the store said.
//
// A text file, a workbook that is too large to be held, or one that the library
// cannot write back becomes what [WriteProblems] writes.
func Mark(ctx context.Context, w io.Writer, content []byte, doc Document, lang locale.Lang) error {
	if len(content) > markedBytes || !bytes.HasPrefix(content, []byte("PK")) {
		return WriteProblems(ctx, w, doc, lang)
	}
	var out bytes.Buffer
	if err := markWorkbook(ctx, &out, content, doc, lang); err != nil {
		if ctx.Err() != nil {
			return scene.Wrap("transfer.Mark", ctx.Err())
		}
		return WriteProblems(ctx, w, doc, lang)
	}
	_, err := w.Write(out.Bytes())
	return scene.Wrap("transfer.Mark", err)
}

func markWorkbook(ctx context.Context, w io.Writer, content []byte, doc Document, lang locale.Lang) (err error) {
	defer guard(doc.File, "", &err)
	f, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{UnzipSizeLimit: DefaultLimits().Unpacked})
	if err != nil {
		return err
	}
	defer f.Close()
	m := marker{f: f, lang: lang, styles: map[markStyle]int{}}
	for _, c := range cellsToMark(&doc) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := m.mark(c); err != nil {
			return err
		}
	}
	if err := m.overview(ctx, &doc); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

// badCell is one cell with all that is wrong with it.
type badCell struct {
	sheet    string
	row, col int // 1-based
	told     []scene.Problem
}

// cellsToMark gathers the problems by cell, at most markedCells of them, those
// that kept a row out first.
func cellsToMark(doc *Document) []badCell {
	var cells []badCell
	at := map[badAt]int{}
	for _, rejected := range []bool{true, false} {
		for _, p := range doc.Problems {
			place, ok := placeOf(doc, p)
			if !ok || p.Rejected != rejected {
				continue
			}
			i, known := at[place]
			if !known {
				if len(cells) == markedCells {
					continue
				}
				i = len(cells)
				at[place] = i
				cells = append(cells, badCell{sheet: place.sheet, row: place.row, col: place.col})
			}
			cells[i].told = append(cells[i].told, p)
		}
	}
	return cells
}

type badAt struct {
	sheet    string
	row, col int
}

// placeOf finds the cell of a problem: that of its column, known by its head or
// its field, else that of the name, else the first.
func placeOf(doc *Document, p scene.Problem) (badAt, bool) {
	if p.Row <= 0 {
		return badAt{}, false
	}
	i := slices.IndexFunc(doc.Sheets, func(s Sheet) bool { return s.Name == p.Sheet })
	if i < 0 || doc.Sheets[i].HeaderRow == 0 {
		return badAt{}, false
	}
	col := 0
	for _, same := range []func(c Column) bool{
		func(c Column) bool { return p.Column != "" && c.Head == p.Column },
		func(c Column) bool { return p.Column != "" && string(c.Field) == p.Column },
		func(c Column) bool { return c.Field == fieldName },
	} {
		if at := slices.IndexFunc(doc.Sheets[i].Columns, same); at >= 0 {
			col = doc.Sheets[i].Columns[at].Index
			break
		}
	}
	return badAt{p.Sheet, p.Row, col + 1}, true
}

type markStyle struct {
	style    int
	rejected bool
}

// marker writes marks into a workbook.
type marker struct {
	f        *excelize.File
	lang     locale.Lang
	styles   map[markStyle]int // made so far
	comments map[string]map[string]string
}

func (m *marker) mark(c badCell) error {
	cell, err := excelize.CoordinatesToCellName(c.col, c.row)
	if err != nil {
		return err
	}
	old, err := m.f.GetCellStyle(c.sheet, cell)
	if err != nil {
		return err
	}
	rejected := slices.ContainsFunc(c.told, func(p scene.Problem) bool { return p.Rejected })
	style, err := m.style(markStyle{old, rejected})
	if err != nil {
		return err
	}
	if err := m.f.SetCellStyle(c.sheet, cell, cell, style); err != nil {
		return err
	}
	said, err := m.said(c.sheet, cell)
	if err != nil {
		return err
	}
	lines := make([]string, 0, 1+len(c.told))
	for _, p := range c.told {
		lines = append(lines, locale.Text(m.lang, p.Key, p.Args))
	}
	if said != "" {
		lines = append(lines, said)
		if err := m.f.DeleteComment(c.sheet, cell); err != nil {
			return err
		}
	}
	return m.f.AddComment(c.sheet, excelize.Comment{
		Cell: cell, Author: "Jinghe", Text: strings.Join(lines, "\n"), Width: 320, Height: uint(60 + 30*len(lines)),
	})
}

// style is the look of a cell with its ground coloured.
func (m *marker) style(k markStyle) (int, error) {
	if id, ok := m.styles[k]; ok {
		return id, nil
	}
	look, err := m.f.GetStyle(k.style)
	if err != nil {
		return 0, err
	}
	color := "FFEB9C"
	if k.rejected {
		color = "FFC7CE"
	}
	look.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	id, err := m.f.NewStyle(look)
	m.styles[k] = id
	return id, err
}

// said is the comment that a cell has already.
func (m *marker) said(sheet, cell string) (string, error) {
	if m.comments == nil {
		m.comments = map[string]map[string]string{}
	}
	if m.comments[sheet] == nil {
		list, err := m.f.GetComments(sheet)
		if err != nil {
			return "", err
		}
		m.comments[sheet] = map[string]string{}
		for _, c := range list {
			m.comments[sheet][c.Cell] = c.Text
		}
	}
	return m.comments[sheet][cell], nil
}

// overview adds the sheet that lists all problems, each with a link to its cell.
func (m *marker) overview(ctx context.Context, doc *Document) error {
	s := problemSheet(doc, m.lang)
	var taken []sheetOut
	for _, name := range m.f.GetSheetList() {
		taken = append(taken, sheetOut{name: name})
	}
	s.name = freeName(taken, s.name)
	if _, err := m.f.NewSheet(s.name); err != nil {
		return err
	}
	looks, err := newStyles(m.f)
	if err != nil {
		return err
	}
	sheet, err := beginSheet(m.f, looks, s)
	if err != nil {
		return err
	}
	if err := sheet.fill(ctx, func() {}); err != nil {
		return err
	}
	if err := sheet.rows.Flush(); err != nil {
		return err
	}
	for i, p := range doc.Problems[:min(len(doc.Problems), markedCells)] {
		place, ok := placeOf(doc, p)
		if !ok {
			continue
		}
		target, err := excelize.CoordinatesToCellName(place.col, place.row)
		if err != nil {
			return err
		}
		here, err := excelize.CoordinatesToCellName(2, i+2)
		if err != nil {
			return err
		}
		if err := m.f.SetCellHyperLink(s.name, here, "'"+strings.ReplaceAll(place.sheet, "'", "''")+"'!"+target, "Location"); err != nil {
			return err
		}
	}
	return nil
}
