package console

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/survey"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/sheet"
	"jinghe/internal/web/ui"
)

// What of a list that was looked at a page can show.
const (
	showProblems = "problems"
	showWarnings = "warnings"
	showTwins    = "twins"
	showUnfiled  = "unfiled"
	showUnclear  = "unclear"
)

// found shows what was found in a list, or what became of it.
func found(p *ui.Page, u *backend.Received, v *ui.UploadPage, here, show string, page int) {
	look, dry := u.Look, u.Status == scene.UploadLooked
	rows := map[string][]registry.RowReport{}
	for _, r := range look.Import.Rows {
		rows[string(r.Action)] = append(rows[string(r.Action)], r)
	}
	rows[string(registry.Joined)], rows[string(registry.Missing)] = look.Import.Joined, look.Import.Missing
	n := look.Import.Job.Count
	type tally struct {
		show  string
		n     int
		class string
	}
	counts := []tally{
		{string(registry.Created), n.Created, "tile-good"},
		{string(registry.Changed), n.Changed, "tile-warn"},
		{string(registry.Unchanged), n.Unchanged, ""},
		{string(registry.Joined), n.Merged, ""},
		{showProblems, n.Rejected, "tile-bad"},
		{showWarnings, countWarnings(look.Import.Problems), "tile-warn"},
		{string(registry.Missing), len(look.Import.Missing), ""},
	}
	if dry {
		counts = append(counts, tally{showTwins, look.Survey.TwinCount, ""},
			tally{showUnfiled, len(look.Survey.Unfiled), ""}, tally{showUnclear, look.Survey.UnclearCount, ""})
	}
	if show == "" {
		show = string(registry.Unchanged)
		for _, c := range []int{4, 1, 0} { // what to look at first
			if counts[c].n > 0 {
				show = counts[c].show
				break
			}
		}
	}
	for _, c := range counts {
		tab := ui.CountTab{N: c.n, Link: ui.Link{Text: p.T("web.upload.count." + c.show), URL: here + "?show=" + c.show, Active: c.show == show}}
		if c.n > 0 {
			tab.Class = c.class
		}
		v.Counts = append(v.Counts, tab)
	}
	table := tableOf(p, look, rows, show)
	v.Pager = cut(&table, here, show, page)
	v.Table = &table
	for _, s := range look.Sheets {
		v.Sheets = append(v.Sheets, sheetLine(p, &s))
	}
	if len(look.Import.Problems) > 0 {
		v.Marked = here + "/marked"
	}
	if dry && n.Created+n.Changed > 0 {
		v.Accept = &ui.Form{Action: here + "/accept", Buttons: []ui.Button{{Label: p.T("web.upload.accept", "count", n.Created+n.Changed)}}}
	}
}

func sheetLine(p *ui.Page, s *backend.LookSheet) string {
	if s.Row == 0 {
		return p.T("web.upload.sheet.skipped", "sheet", cmp.Or(s.Name, "CSV"))
	}
	return p.T("web.upload.sheet", "sheet", cmp.Or(s.Name, "CSV"), "kind", p.T("web.kind."+string(s.Kind)), "row", s.Row, "rows", s.Rows)
}

// tableOf makes the lines of one sort.
func tableOf(p *ui.Page, look *backend.Look, rows map[string][]registry.RowReport, show string) ui.ImportTable {
	t := ui.ImportTable{Title: p.T("web.upload.count." + show), Empty: p.T("web.upload.none")}
	if p.Has("web.upload.lead." + show) {
		t.Lead = p.T("web.upload.lead." + show)
	}
	heads := func(keys ...string) {
		for _, k := range keys {
			t.Heads = append(t.Heads, p.T(k))
		}
	}
	switch show {
	case showProblems, showWarnings:
		heads("web.upload.head.message", "web.upload.head.where", "web.upload.head.column", "web.upload.head.value", "web.upload.head.effect")
		t.Rows = problemRows(p, look.Import.Problems, show == showProblems)
	case showTwins:
		heads("web.upload.head.row", "web.upload.head.like", "web.upload.head.similarity", "web.upload.head.difference")
		for i := range look.Survey.Twins {
			t.Rows = append(t.Rows, twinRow(p, &look.Survey.Twins[i]))
		}
	case showUnfiled:
		heads("web.upload.head.row", "web.upload.head.suggestion", "web.upload.head.confidence")
		for _, u := range look.Survey.Unfiled {
			t.Rows = append(t.Rows, ui.ImportRow{Cells: []ui.ImportCell{placeCell(p, &u.Place), {Text: u.Label}, {Text: percent(u.Suggestions[0].Confidence)}}})
		}
	case showUnclear:
		heads("web.upload.head.row", "web.upload.head.advice")
		for _, u := range look.Survey.Unclear {
			t.Rows = append(t.Rows, ui.ImportRow{Cells: []ui.ImportCell{placeCell(p, &u.Place), {Text: adviceText(&u)}}})
		}
	default:
		heads("web.rows.name", "web.upload.head.where", "web.rows.kind", "web.rows.org")
		for i := range rows[show] {
			t.Rows = append(t.Rows, reportRow(p, &rows[show][i]))
		}
	}
	return t
}

func percent(f float64) string { return strconv.Itoa(int(f*100+0.5)) + " %" }

func adviceText(u *survey.Unclear) string {
	var all []string
	for _, a := range u.Clarity.Advice {
		all = append(all, a.Advice)
	}
	return strings.Join(all, " ")
}

// problemRows are those that kept their row out, or those that did not.
func problemRows(p *ui.Page, problems []scene.Problem, rejected bool) []ui.ImportRow {
	effect := p.T("transfer.head.warning")
	if rejected {
		effect = p.T("transfer.head.rejected")
	}
	var rows []ui.ImportRow
	for _, x := range problems {
		if x.Rejected != rejected {
			continue
		}
		where := x.Sheet
		if x.Row > 0 {
			where = p.T("web.upload.where", "sheet", cmp.Or(x.Sheet, "CSV"), "row", x.Row)
		}
		rows = append(rows, ui.ImportRow{Bad: x.Rejected, Cells: []ui.ImportCell{
			{Text: locale.Text(p.Lang, x.Key, x.Args)}, {Text: where}, {Text: x.Column}, {Text: scene.Redact(x.Value)}, {Text: effect},
		}})
	}
	return rows
}

// countWarnings is how many problems leave their row read in.
func countWarnings(problems []scene.Problem) (n int) {
	for i := range problems {
		if !problems[i].Rejected {
			n++
		}
	}
	return n
}

func reportRow(p *ui.Page, r *registry.RowReport) ui.ImportRow {
	row := ui.ImportRow{Cells: []ui.ImportCell{
		{Text: r.Name}, {Text: r.Label}, {Text: p.T("web.kind." + string(r.Kind) + ".one")}, {Text: r.Org},
	}}
	if r.ID != "" {
		row.Cells[0].URL = frame.EntryURL(reviews, r.Kind, r.ID)
	}
	if r.Line > 0 {
		row.Cells[1].Text = p.T("web.upload.where", "sheet", cmp.Or(r.Sheet, "CSV"), "row", r.Line)
	}
	for _, d := range r.Changes {
		row.Changes = append(row.Changes, ui.NewDiffRow(sheet.Label(p, r.Kind, d.Field), moneyText(d.Field, d.Before), moneyText(d.Field, d.After)))
	}
	return row
}

// moneyText shows an amount of a difference in 万元, as people write it.
func moneyText(field, value string) string {
	if !strings.HasPrefix(field, "budget.") && !strings.HasPrefix(field, "price.") {
		return scene.Redact(value)
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return value
	}
	return scene.Money(n).Wan() + " 万元"
}

func placeCell(p *ui.Page, x *survey.Place) ui.ImportCell {
	cell := ui.ImportCell{Text: p.T("web.upload.place", "name", x.Name, "org", x.Org, "code", x.Code)}
	if x.ID != "" {
		cell.URL = frame.EntryURL(reviews, x.Kind, x.ID)
	}
	return cell
}

func twinRow(p *ui.Page, t *survey.Twin) ui.ImportRow {
	var differ []string
	for _, d := range t.Differences {
		differ = append(differ, p.T("web.upload.differs", "what", p.T("survey.key."+d.Key), "first", scene.Redact(d.First), "second", scene.Redact(d.Second)))
	}
	return ui.ImportRow{Cells: []ui.ImportCell{
		placeCell(p, &t.Second), placeCell(p, &t.First), {Text: percent(t.Similarity)}, {Text: strings.Join(differ, " ")},
	}}
}

// cut leaves one page of a table.
func cut(t *ui.ImportTable, here, show string, page int) ui.Pager {
	pages := max(1, (len(t.Rows)+perPage-1)/perPage)
	page = min(max(page, 1), pages)
	at := func(n int) string {
		if n < 1 || n > pages {
			return ""
		}
		return here + "?" + url.Values{"show": {show}, "page": {strconv.Itoa(n)}}.Encode()
	}
	t.Rows = t.Rows[min((page-1)*perPage, len(t.Rows)):min(page*perPage, len(t.Rows))]
	return ui.Pager{Page: page, Pages: pages, Prev: at(page - 1), Next: at(page + 1)}
}

// columns asks what the columns of a list mean; it stands open while one is not known.
func (o *Console) columns(p *ui.Page, u *backend.Received, here string) *ui.ColumnForm {
	if u.Look == nil {
		return nil
	}
	f := &ui.ColumnForm{Action: here + "/columns", Text: p.T("web.upload.columns.text"), Open: u.FaultKey != ""}
	if u.Source != "" {
		f.Text += p.T("web.upload.columns.remembered", "source", u.Source)
	}
	unsided := false
	for at, sheet := range u.Look.Sheets {
		if sheet.Row == 0 && u.FaultKey == "" {
			continue // an aside beside sheets that were understood
		}
		unsided = unsided || sheet.Kind == "" && len(sheet.Columns) > 0
		rows, asked := o.columnRows(p, u, at, &sheet)
		f.Open = f.Open || asked && sheet.Row > 0
		if len(rows) > 0 {
			f.Sheets = append(f.Sheets, ui.ColumnSheet{Name: sheet.Name, Rows: rows})
		}
	}
	if unsided {
		f.Kind = kindField(p, u.Kind)
	}
	if len(f.Sheets) == 0 {
		return nil
	}
	return f
}

// columnRows are the columns of one sheet; asked says that one of them is
// neither known nor decided.
func (o *Console) columnRows(p *ui.Page, u *backend.Received, at int, sheet *backend.LookSheet) (rows []ui.ColumnRow, asked bool) {
	kinds := []scene.Kind{sheet.Kind}
	if sheet.Kind == "" {
		kinds = []scene.Kind{scene.KindOpportunity, scene.KindCapability}
	}
	for i, c := range sheet.Columns {
		if c.Head == "" {
			continue
		}
		decided := u.Mapping[c.Head]
		asked = asked || c.Unsure && decided == ""
		rows = append(rows, ui.ColumnRow{
			ID: "c-" + strconv.Itoa(at) + "-" + strconv.Itoa(i), Head: c.Head, Unsure: c.Unsure,
			Options: o.meanings(p, kinds, cmp.Or(decided, c.Field)),
		})
	}
	return rows, asked
}

func kindField(p *ui.Page, chosen scene.Kind) *ui.Field {
	f := ui.Field{
		Name: "kind", Label: p.T("web.upload.kind"), Type: "choice", Hint: p.T("web.upload.kind.hint"),
		Options: []ui.Option{{Label: p.T("web.upload.kind.unknown")}},
	}
	for _, k := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		f.Options = append(f.Options, ui.Option{Value: string(k), Label: p.T("web.kind." + string(k)), Chosen: chosen == k})
	}
	return &f
}

// meanings are the fields that a column can be, each once.
func (o *Console) meanings(p *ui.Page, kinds []scene.Kind, chosen string) []ui.Option {
	options := []ui.Option{
		{Value: "", Label: p.T("web.upload.field.keep")}, {Value: "ignore", Label: p.T("web.upload.field.ignore"), Chosen: chosen == "ignore"},
	}
	seen := map[string]bool{}
	for _, k := range kinds {
		for _, f := range o.intake.Fields(k) {
			if !seen[f.Field] {
				seen[f.Field] = true
				options = append(options, ui.Option{Value: f.Field, Label: f.Head, Chosen: f.Field == chosen})
			}
		}
	}
	return options
}
