package console

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/pairs"
	"jinghe/internal/web/ui"
)

// reportTables are the figures of a report as tables, for the page and the workbook.
type reportTables struct {
	figures, meetings, parties, compare, cases ui.Table
}

// none stands where there is no figure.
const none = "–"

// named tells how much of the amount of the intents both sides name and how much one alone,
// how those are counted of which the two name different ones, and what was named where no
// intent came of it; "" where nothing was.
func named(p *ui.Page, r *convene.Report) string {
	var told []string
	if r.Amount > 0 {
		told = append(told, p.T("fair.report.amount.named", "both", ui.Money(p.Lang, r.Amount-r.OneSided), "one", ui.Money(p.Lang, r.OneSided)))
		if r.Differ > 0 {
			told = append(told, p.T("fair.report.amount.smaller", "count", r.Differ, "larger", ui.Money(p.Lang, r.Larger)))
		}
	}
	if r.Beside > 0 {
		told = append(told, p.T("fair.report.amount.beside", "amount", ui.Money(p.Lang, r.Beside)))
	}
	return strings.Join(told, p.T("fair.between"))
}

// explained says how the figures of a report hang together: wishes and pairs, what became of
// the planned meetings, how differing answers count, and of which meetings the amounts do.
func explained(p *ui.Page, r *convene.Report) []string {
	return []string{
		p.T("fair.report.pairs", "wishes", r.Wishes, "pairs", r.Wished, "mutual", r.Mutual),
		p.T("fair.report.became", "planned", r.Planned, "held", r.Held, "contested", r.Contested, "missed", r.Missed, "silent", r.Silent),
		p.T("fair.report.rule"),
		p.T("fair.report.rule.intents"),
	}
}

func tablesOf(p *ui.Page, r *convene.Report) reportTables {
	name := map[scene.ID]string{}
	for i := range r.Parties {
		name[r.Parties[i].ID] = r.Parties[i].Name
	}
	return reportTables{figuresTable(p, r), meetingsTable(p, r, name), partiesTable(p, r), comparison(p, r), casesTable(p, r, name)}
}

// figuresTable are all figures, a line each.
func figuresTable(p *ui.Page, r *convene.Report) ui.Table {
	n := strconv.Itoa
	t := ui.Table{Head: []string{p.T("fair.report.figure"), p.T("fair.report.value")}}
	add := func(key, value string) *ui.Cell {
		row := []ui.Cell{{Text: p.T("fair.report." + key)}, {Text: value, N: true}}
		t.Rows = append(t.Rows, row)
		return &row[1]
	}
	money := func(key string, amount scene.Money) *ui.Cell {
		c := add(key, ui.Money(p.Lang, amount))
		c.Amount = amount
		return c
	}
	add("joined", n(r.Joined))
	add("arrived", n(r.Arrived))
	add("wishes", n(r.Wishes))
	add("wished", n(r.Wished))
	add("mutual", n(r.Mutual))
	add("planned", n(r.Planned))
	add("held", n(r.Held))
	add("contested", n(r.Contested))
	add("missed", n(r.Missed))
	add("silent", n(r.Silent))
	add("disputed", n(r.Disputed))
	add("intents", n(r.Intents))
	add("cases", n(r.Docked()))
	money("amount", r.Amount).Note = named(p, r)
	if r.Amount > 0 {
		money("amount.both", r.Amount-r.OneSided)
		money("amount.one", r.OneSided)
	}
	worth := none
	if r.Voices > 0 {
		worth = strconv.FormatFloat(r.Worth, 'f', 2, 64)
	}
	add("worth", worth)
	add("minimums", n(wholePercent(r.MinimumsKept))+" %")
	add("idle", n(wholePercent(r.Idle))+" %")
	add("top", n(wholePercent(r.TopTenth))+" %")
	add("least", n(r.Least))
	return t
}

// partiesTable are the parties with what each asked for and got.
func partiesTable(p *ui.Page, r *convene.Report) ui.Table {
	n := strconv.Itoa
	t := ui.Table{Head: []string{p.T("fair.party"), p.T("fair.report.wished_own"), p.T("fair.report.asked"), p.T("fair.report.planned"), p.T("fair.report.held"), p.T("fair.report.here")}}
	for i := range r.Parties {
		x := &r.Parties[i]
		here := none
		if x.Here {
			here = p.T("fair.here")
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: x.Name}, {Text: n(x.Wished), N: true}, {Text: n(x.Asked), N: true}, {Text: n(x.Planned), N: true}, {Text: n(x.Held), N: true}, {Text: here}})
	}
	return t
}

// meetingsTable are the planned meetings with what both sides say, each with its case.
func meetingsTable(p *ui.Page, r *convene.Report, name map[scene.ID]string) ui.Table {
	cases := map[string]scene.ID{}
	for i := range r.Cases {
		cases[r.Cases[i].Case.Meeting] = r.Cases[i].Engagement.ID
	}
	t := ui.Table{Head: []string{p.T("fair.time"), p.T("fair.table"), p.T("fair.report.a"), p.T("fair.report.b"), p.T("fair.report.a_says"), p.T("fair.report.b_says"), p.T("fair.report.next"), p.T("fair.report.amount")}}
	for i := range r.Meetings {
		m := &r.Meetings[i]
		next := nextCell(p, m)
		if id := cases[m.ID]; id != "" {
			next.Text, next.URL = cmp.Or(next.Text, p.T("fair.report.case")), caseURL(id)
		}
		t.Rows = append(t.Rows, []ui.Cell{
			{Text: ui.Clock(m.Slot.Start)},
			{Text: m.Table},
			{Text: cmp.Or(name[m.Parties[0]], string(m.Parties[0]))},
			{Text: cmp.Or(name[m.Parties[1]], string(m.Parties[1]))},
			{Text: voice(p, m.Says[0]), Note: wrote(p, name, m.Parties[0], m.Says[0])},
			{Text: voice(p, m.Says[1]), Note: wrote(p, name, m.Parties[1], m.Says[1])},
			next,
			amountCell(p, m),
		})
	}
	return t
}

// nextCell is the step that counts of a meeting, and whether the sides agree on it.
func nextCell(p *ui.Page, m *convene.MeetingResult) ui.Cell {
	switch {
	case m.Contested():
		return ui.Cell{Text: p.T("fair.report.verify")}
	case m.Next == "":
		return ui.Cell{}
	case m.Disputed():
		return ui.Cell{Text: p.T("fair.report.not_agreed", "next", p.T("fair.next."+string(m.Next)))}
	}
	return ui.Cell{Text: p.T("fair.next." + string(m.Next))}
}

// amountCell is the sum that counts of a meeting, who names it, and whether it is part of
// that of the intents.
func amountCell(p *ui.Page, m *convene.MeetingResult) ui.Cell {
	c := ui.Cell{N: true, Amount: m.Amount}
	if m.Amount == 0 {
		return c
	}
	c.Text = ui.Money(p.Lang, m.Amount)
	var told []string
	switch {
	case m.Larger > m.Amount && m.Intent():
		told = append(told, p.T("fair.report.amount.sides", "a", ui.Money(p.Lang, m.Says[0].Amount), "b", ui.Money(p.Lang, m.Says[1].Amount)))
	case m.Larger > m.Amount:
		told = append(told, p.T("fair.report.amount.differ", "a", ui.Money(p.Lang, m.Says[0].Amount), "b", ui.Money(p.Lang, m.Says[1].Amount)))
	case m.OneSided():
		told = append(told, p.T("fair.report.amount.alone"))
	}
	if !m.Intent() {
		told = append(told, p.T("fair.report.amount.outside"))
	}
	c.Note = strings.Join(told, p.T("web.semicolon"))
	return c
}

// casesTable says for each meeting with a next step where it is worked on, or
// why it is not.
func casesTable(p *ui.Page, r *convene.Report, name map[scene.ID]string) ui.Table {
	t := ui.Table{Head: []string{p.T("fair.meeting"), p.T("fair.report.next"), p.T("fair.report.case.pair"), p.T("web.rows.state"), p.T("fair.report.case.who")}}
	notes := map[string]string{} // by meeting: whoever follows the case reads what was asked for
	for i := range r.Meetings {
		m := &r.Meetings[i]
		both := []string{wrote(p, name, m.Parties[0], m.Says[0]), wrote(p, name, m.Parties[1], m.Says[1])}
		notes[m.ID] = strings.TrimSpace(strings.Join(both, "\n"))
	}
	for i := range r.Cases {
		x := &r.Cases[i]
		row := []ui.Cell{
			{Text: cmp.Or(name[x.Parties[0]], string(x.Parties[0])) + " × " + cmp.Or(name[x.Parties[1]], string(x.Parties[1])), Note: notes[x.Case.Meeting]},
			{Text: p.T("fair.next." + string(x.Case.Next))},
		}
		e := &x.Engagement
		if e.ID == "" {
			row = append(row, ui.Cell{Text: p.T("fair.report.case.none"), Note: p.T(x.Case.Why)}, ui.Cell{Text: "–"}, ui.Cell{Text: "–"})
			t.Rows = append(t.Rows, row)
			continue
		}
		due := "–"
		if e.Next.Known() {
			due = p.T("fair.report.case.due", "who", p.T("engagement.party."+string(e.Next.Party)), "due", ui.Date(p.Lang, e.Next.Due))
		}
		state := ui.State{Code: string(e.Stage), Label: p.T("engagement.stage." + string(e.Stage))}
		about := ui.Cell{Text: scene.Redact(e.NeedName) + " × " + scene.Redact(e.OfferName), URL: caseURL(e.ID)}
		if e.Loose {
			about.Text = p.T("fair.report.case.loose")
		}
		row = append(
			row, about,
			ui.Cell{State: &state}, ui.Cell{Text: due, Note: convene.CaseStep(p.Lang, x)},
		)
		t.Rows = append(t.Rows, row)
	}
	return t
}

// caseURL is the page of an engagement at the desk.
func caseURL(id scene.ID) string { return pairs.Console + "/" + url.PathEscape(string(id)) }

// voice is what a side said of a meeting.
func voice(p *ui.Page, o *scene.FairOutcome) string {
	switch {
	case o == nil:
		return "–"
	case !o.Held:
		return p.T("fair.outcome.no")
	}
	text := p.T("fair.outcome.yes")
	if o.Worth > 0 {
		text = p.T("fair.worth." + strconv.Itoa(o.Worth))
	}
	if o.Next != "" {
		text += p.T("web.comma") + p.T("fair.next."+string(o.Next))
	}
	return text
}

// wrote is the note that a side of a meeting wrote for the organisers, "" for none. It says
// whose it is: the workbook has the notes of a row in one column.
func wrote(p *ui.Page, name map[scene.ID]string, who scene.ID, o *scene.FairOutcome) string {
	if o == nil || o.Note == "" {
		return ""
	}
	return p.T("fair.report.wrote", "who", cmp.Or(name[who], string(who)), "note", scene.Redact(o.Note))
}

// disputes are the meetings of which the two sides say different things, with what each says.
func disputes(p *ui.Page, r *convene.Report) (lines []string) {
	name := map[scene.ID]string{}
	for i := range r.Parties {
		name[r.Parties[i].ID] = r.Parties[i].Name
	}
	for i := range r.Meetings {
		m := &r.Meetings[i]
		if m.Disputed() {
			lines = append(lines, p.T("fair.report.dispute", "time", ui.Clock(m.Slot.Start), "table", m.Table,
				"a", cmp.Or(name[m.Parties[0]], string(m.Parties[0])), "b", cmp.Or(name[m.Parties[1]], string(m.Parties[1])), "a_says", voice(p, m.Says[0]), "b_says", voice(p, m.Says[1])))
		}
	}
	return lines
}

// EventReport answers GET /console/events/:id/report.
func (o *Console) EventReport(c echo.Context) error {
	f, p, v, err := o.eventPage(c, "/report")
	if err != nil {
		return err
	}
	r, err := o.fairs.Report(c.Request().Context(), actor(c), f.ID)
	if err != nil {
		return err
	}
	t := tablesOf(p, r)
	base := events + "/" + string(f.ID)
	if r.Version == 0 {
		v.Sections = []ui.FairSection{{Empty: p.T("fair.report.early"), Ways: []ui.Link{{Text: p.T("fair.go_to.plan"), URL: base + "/plan"}}}}
		return o.frame.Render(c, http.StatusOK, ui.FairDeskPage(p, v))
	}
	if by := actor(c); !by.MayEver(scene.EngagementFollow) {
		unlink(&t.cases)
		unlink(&t.meetings)
	}
	v.Sections = []ui.FairSection{{
		ID: "results", Title: p.T("fair.part.report"), Text: p.T("fair.report.text"), Tiles: reportTiles(p, r), Bars: steps(p, r),
		Ways: []ui.Link{{Text: p.T("fair.report.xlsx"), URL: base + "/report.xlsx"}, {Text: p.T("fair.report.docx"), URL: base + "/report.docx"}},
	}}
	v.Sections = append(v.Sections, ui.FairSection{ID: "rule", Title: p.T("fair.report.counted"), Lines: explained(p, r)})
	if len(t.compare.Rows) > 0 {
		v.Sections = append(v.Sections, ui.FairSection{ID: "compare", Title: p.T("fair.report.compare"), Text: p.T("fair.report.compare.text", "number", r.Compared), Table: &t.compare, Lines: compared(p, r)})
	}
	if len(r.NextSteps) > 0 {
		s := ui.FairSection{ID: "next", Title: p.T("fair.report.steps")}
		for _, step := range scene.FairNexts() {
			if count := r.NextSteps[step]; count > 0 {
				s.Bars = append(s.Bars, ui.Bar{Label: p.T("fair.next." + string(step)), Text: strconv.Itoa(count), Percent: 100 * count / max(1, r.Held)})
			}
		}
		v.Sections = append(v.Sections, s)
	}
	if len(t.cases.Rows) > 0 {
		v.Sections = append(v.Sections, ui.FairSection{ID: "cases", Title: p.T("fair.report.case.title", "count", len(r.Cases)), Text: p.T("fair.report.case.text"), Table: &t.cases, Folded: len(t.cases.Rows) > 12})
	}
	if lines := disputes(p, r); len(lines) > 0 {
		v.Sections = append(v.Sections, ui.FairSection{ID: "disputes", Title: p.T("fair.report.disputes", "count", len(lines)), Text: p.T("fair.report.disputes.text"), Lines: lines, Folded: len(lines) > 12})
	}
	v.Sections = append(v.Sections, ui.FairSection{Title: p.T("fair.report.all_figures"), Table: &t.figures, Folded: true})
	if len(r.Meetings) > 0 {
		v.Sections = append(v.Sections, ui.FairSection{Title: p.T("fair.report.meetings", "count", len(r.Meetings)), Table: &t.meetings, Folded: true})
	}
	v.Sections = append(v.Sections, ui.FairSection{Title: p.T("fair.report.parties", "count", len(r.Parties)), Table: &t.parties, Folded: true})
	return o.frame.Render(c, http.StatusOK, ui.FairDeskPage(p, v))
}

// reportTiles are the figures that the steps do not tell.
func reportTiles(p *ui.Page, r *convene.Report) []ui.FairTile {
	n := strconv.Itoa
	tile := func(key, value, of string) ui.FairTile {
		return ui.FairTile{Label: p.T("fair.report." + key), Value: value, Of: of}
	}
	amount := tile("amount", ui.Money(p.Lang, r.Amount), "")
	amount.Note = named(p, r)
	list := []ui.FairTile{amount, tile("cases", n(r.Docked()), "/ "+n(max(r.Stepped, len(r.Cases))))}
	if r.Voices > 0 {
		worth := tile("worth", strconv.FormatFloat(r.Worth, 'f', 2, 64), "")
		worth.Note = p.T("fair.report.voices", "count", r.Voices)
		list = append(list, worth)
	}
	return append(list, tile("minimums", n(wholePercent(r.MinimumsKept))+" %", ""), tile("arrived", n(r.Arrived), "/ "+n(r.Joined)))
}

// steps is how far wishes came, each step as a share of the longest.
func steps(p *ui.Page, r *convene.Report) []ui.Bar {
	list := []struct {
		key   string
		count int
	}{{"wished", r.Wished}, {"planned", r.Planned}, {"held", r.Held}, {"steps_named", r.Stepped}, {"intents", r.Intents}}
	most := 1
	for _, x := range list {
		most = max(most, x.count)
	}
	var bars []ui.Bar
	for _, x := range list {
		bars = append(bars, ui.Bar{Label: p.T("fair.report." + x.key), Text: strconv.Itoa(x.count), Percent: 100 * x.count / most})
	}
	return bars
}

// unlink takes the addresses out of a table, for who may not open them.
func unlink(t *ui.Table) {
	for _, row := range t.Rows {
		for i := range row {
			row[i].URL = ""
		}
	}
}
