package console

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
	"jinghe/internal/web/ui"
)

// EventWorkbook answers GET /console/events/:id/report.xlsx: the tables of the report,
// with numbers that can be summed.
func (o *Console) EventWorkbook(c echo.Context) error {
	f, err := o.event(c)
	if err != nil {
		return err
	}
	r, err := o.fairs.Report(c.Request().Context(), actor(c), f.ID)
	if err != nil {
		return err
	}
	p := o.frame.Page(c)
	t := tablesOf(p, r)
	figures := sheetOf(p, p.T("fair.report.sheet.figures"), noted(&t.figures, p.T("fair.report.told")))
	for i, row := range t.figures.Rows { // of these each row has a unit of its own
		if row[1].Amount > 0 {
			figures.Rows[i][0] += unit(p)
		}
	}
	figures.Heads[1] = t.figures.Head[1]
	sheets := []transfer.Table{
		figures, sheetOf(p, p.T("fair.report.sheet.meetings"), noted(&t.meetings, p.T("fair.report.told"))),
		sheetOf(p, p.T("fair.report.case"), noted(&t.cases, p.T("fair.report.case.told"))),
		sheetOf(p, p.T("fair.report.sheet.parties"), &t.parties), sheetOf(p, p.T("fair.report.sheet.compare"), &t.compare), sayings(p, r),
	}
	h := c.Response().Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(f.Title)+".xlsx")
	h.Set("Cache-Control", "no-store")
	return transfer.WriteTables(c.Request().Context(), c.Response(), sheets)
}

// sayings are the sentences of the page as a sheet: how the figures count, and what the plan
// is beside first come, first served.
func sayings(p *ui.Page, r *convene.Report) transfer.Table {
	t := transfer.Table{Name: p.T("fair.report.counted"), Heads: []string{p.T("fair.report.told")}, Widths: []float64{120}}
	for _, line := range slices.Concat(explained(p, r), compared(p, r)) {
		t.Rows = append(t.Rows, []string{line})
	}
	return t
}

// noted is a table with a column for what stands below its cells, if anything does: why
// there is no pair, what is to be done, how an amount was counted.
func noted(t *ui.Table, head string) *ui.Table {
	if !slices.ContainsFunc(t.Rows, func(row []ui.Cell) bool {
		return slices.ContainsFunc(row, func(c ui.Cell) bool { return c.Note != "" })
	}) {
		return t
	}
	told := ui.Table{Head: append(slices.Clone(t.Head), head)}
	for _, row := range t.Rows {
		var notes []string
		for _, cell := range row {
			if cell.Note != "" {
				notes = append(notes, cell.Note)
			}
		}
		told.Rows = append(told.Rows, append(slices.Clone(row), ui.Cell{Text: strings.Join(notes, "\n")}))
	}
	return &told
}

// unit is what amounts of money are counted in, to stand behind what they are.
func unit(p *ui.Page) string { return p.T("fair.report.unit") }

// sheetOf is a table of a page as a sheet. Amounts are numbers, and their unit stands
// in the head.
func sheetOf(p *ui.Page, name string, t *ui.Table) transfer.Table {
	out := transfer.Table{Name: name, Heads: slices.Clone(t.Head), Numbers: make([]bool, len(t.Head))}
	for _, row := range t.Rows {
		var cells []string
		for i, cell := range row {
			text := plain(cell)
			if cell.N && text == none {
				text = "" // what is not there is no number
			}
			if cell.Amount > 0 {
				text, out.Heads[i] = amountIn(p.Lang, cell.Amount), t.Head[i]+unit(p)
			}
			out.Numbers[i] = out.Numbers[i] || cell.N
			cells = append(cells, text)
		}
		out.Rows = append(out.Rows, cells)
	}
	for i := range out.Heads {
		wide := columns(out.Heads[i])
		for _, row := range out.Rows {
			wide = max(wide, columns(row[i]))
		}
		out.Widths = append(out.Widths, float64(min(max(wide+2, 8), 60)))
	}
	return out
}

// amountIn is an amount in the unit of the language: 万元, or yuan.
func amountIn(lang locale.Lang, m scene.Money) string {
	if lang == locale.En {
		return strconv.FormatFloat(float64(m)/float64(scene.Yuan), 'f', -1, 64)
	}
	return m.Wan()
}

// columns is how wide a text is, in letters; a Chinese character is two.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r >= 0x2E80 {
			n++
		}
	}
	return n
}

// plain is what a cell says without its looks.
func plain(c ui.Cell) string {
	if c.State != nil && c.Text == "" {
		return c.State.Label
	}
	return c.Text
}
