package console

import (
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/ui"
)

// EventPaper answers GET /console/events/:id/report.docx: the report to hand in.
func (o *Console) EventPaper(c echo.Context) error {
	f, err := o.event(c)
	if err != nil {
		return err
	}
	r, err := o.fairs.Report(c.Request().Context(), actor(c), f.ID)
	if err != nil {
		return err
	}
	paper := o.paperOf(o.frame.Page(c), r)
	h := c.Response().Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(f.Title)+".docx")
	h.Set("Cache-Control", "no-store")
	return transfer.WriteDocx(c.Response(), paper)
}

// paperOf writes the tables of the report page in their order.
func (o *Console) paperOf(p *ui.Page, r *convene.Report) *transfer.Paper {
	t := tablesOf(p, r)
	d := &transfer.Paper{
		Lang: p.Lang, Title: r.Fair.Title, Subtitle: p.T("fair.part.report"), Imprint: []string{fair.When(p, &r.Fair), r.Fair.Place, p.Site.Name},
		Contents: p.T("fair.report.contents"), Author: p.Site.Name, At: o.now(),
	}
	d.Heading(1, p.T("fair.report.sheet.figures"))
	d.Text(p.T("fair.report.text"))
	d.Table(paperTable(&t.figures))
	d.Heading(1, p.T("fair.report.counted"))
	for _, line := range explained(p, r) {
		d.Text(line)
	}
	part := func(title, text string, table *ui.Table) {
		if len(table.Rows) > 0 {
			d.Heading(1, title)
			d.Text(text)
			d.Table(paperTable(table))
		}
	}
	part(p.T("fair.report.compare"), p.T("fair.report.compare.text", "number", r.Compared), &t.compare)
	for _, line := range compared(p, r) {
		d.Text(line)
	}
	part(p.T("fair.report.steps"), "", stepsTable(p, r))
	if lines := disputes(p, r); len(lines) > 0 {
		d.Heading(1, p.T("fair.report.disputes", "count", len(lines)))
		for _, line := range lines {
			d.Text(line)
		}
	}
	part(p.T("fair.report.case.title", "count", len(r.Cases)), p.T("fair.report.case.text"), &t.cases)
	part(p.T("fair.report.meetings", "count", len(r.Meetings)), "", &t.meetings)
	part(p.T("fair.report.parties", "count", len(r.Parties)), "", &t.parties)
	return d
}

// stepsTable counts the next steps, from the least to the most.
func stepsTable(p *ui.Page, r *convene.Report) *ui.Table {
	t := &ui.Table{Head: []string{p.T("fair.report.next"), p.T("fair.report.value")}}
	for _, step := range scene.FairNexts() {
		if n := r.NextSteps[step]; n > 0 {
			t.Rows = append(t.Rows, []ui.Cell{{Text: p.T("fair.next." + string(step))}, {Text: strconv.Itoa(n), N: true}})
		}
	}
	return t
}

// paperTable is a table of a page on paper: what it says, without addresses.
func paperTable(t *ui.Table) transfer.Table {
	out := transfer.Table{Heads: t.Head}
	for _, row := range t.Rows {
		var cells []string
		for _, cell := range row {
			text := plain(cell)
			if cell.Note != "" {
				text += "\n" + cell.Note
			}
			cells = append(cells, text)
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}
