package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/pairs"
	"jinghe/internal/web/ui"
)

// reportTables are the figures of a report as tables, for the page and the workbook.
type reportTables struct {
	figures, meetings, parties, compare, cases ui.Table
}

// none stands where there is no figure.
const none = "–"

// smaller tells how amounts of which the two sides name different ones are counted, "" where
// there are none.
func smaller(p *ui.Page, r *convene.Report) string {
	if r.Differ == 0 {
		return ""
	}
	return p.T("fair.report.amount.smaller", "count", r.Differ, "larger", ui.Money(p.Lang, r.Larger))
}

func tablesOf(p *ui.Page, r *convene.Report) reportTables {
	var t reportTables
	n := strconv.Itoa
	t.figures = ui.Table{Head: []string{p.T("fair.report.figure"), p.T("fair.report.value")}}
	add := func(key, value string) {
		t.figures.Rows = append(t.figures.Rows, []ui.Cell{{Text: p.T("fair.report." + key)}, {Text: value, N: true}})
	}
	add("joined", n(r.Joined))
	add("arrived", n(r.Arrived))
	add("wished", n(r.Wished))
	add("mutual", n(r.Mutual))
	add("planned", n(r.Planned))
	add("held", n(r.Held))
	add("silent", n(r.Silent))
	add("disputed", n(r.Disputed))
	add("intents", n(r.Intents))
	add("cases", n(r.Docked()))
	add("amount", ui.Money(p.Lang, r.Amount))
	amount := &t.figures.Rows[len(t.figures.Rows)-1][1]
	amount.Amount, amount.Note = r.Amount, smaller(p, r)
	worth := none
	if r.Voices > 0 {
		worth = strconv.FormatFloat(r.Worth, 'f', 2, 64)
	}
	add("worth", worth)
	add("minimums", n(wholePercent(r.MinimumsKept))+" %")
	add("idle", n(wholePercent(r.Idle))+" %")
	add("top", n(wholePercent(r.TopTenth))+" %")
	add("least", n(r.Least))
	name := map[scene.ID]string{}
	t.parties = ui.Table{Head: []string{p.T("fair.party"), p.T("fair.report.wished_own"), p.T("fair.report.asked"), p.T("fair.report.planned"), p.T("fair.report.held"), p.T("fair.report.here")}}
	for i := range r.Parties {
		x := &r.Parties[i]
		name[x.ID] = x.Name
		here := "–"
		if x.Here {
			here = p.T("fair.here")
		}
		t.parties.Rows = append(t.parties.Rows, []ui.Cell{{Text: x.Name}, {Text: n(x.Wished), N: true}, {Text: n(x.Asked), N: true}, {Text: n(x.Planned), N: true}, {Text: n(x.Held), N: true}, {Text: here}})
	}
	t.meetings = ui.Table{Head: []string{p.T("fair.time"), p.T("fair.table"), p.T("fair.report.a"), p.T("fair.report.b"), p.T("fair.report.a_says"), p.T("fair.report.b_says"), p.T("fair.report.next"), p.T("fair.report.amount")}}
	for i := range r.Meetings {
		m := &r.Meetings[i]
		amount := ui.Cell{N: true, Amount: m.Amount}
		if m.Amount > 0 {
			amount.Text = ui.Money(p.Lang, m.Amount)
		}
		if m.Larger > m.Amount {
			amount.Note = p.T("fair.report.amount.sides", "a", ui.Money(p.Lang, m.Says[0].Amount), "b", ui.Money(p.Lang, m.Says[1].Amount))
		}
		next := ""
		if m.Next != "" {
			next = p.T("fair.next." + string(m.Next))
			if m.Disputed() {
				next = p.T("fair.report.not_agreed", "next", next)
			}
		}
		t.meetings.Rows = append(t.meetings.Rows, []ui.Cell{
			{Text: ui.Clock(m.Slot.Start)},
			{Text: m.Table},
			{Text: cmp.Or(name[m.Parties[0]], string(m.Parties[0]))},
			{Text: cmp.Or(name[m.Parties[1]], string(m.Parties[1]))},
			{Text: voice(p, m.Says[0])},
			{Text: voice(p, m.Says[1])},
			{Text: next},
			amount,
		})
	}
	t.cases = casesTable(p, r, name)
	t.compare = comparison(p, r)
	return t
}

// casesTable says for each meeting with a next step where it is worked on, or
// why it is not.
func casesTable(p *ui.Page, r *convene.Report, name map[scene.ID]string) ui.Table {
	t := ui.Table{Head: []string{p.T("fair.meeting"), p.T("fair.report.next"), p.T("fair.report.case.pair"), p.T("web.rows.state"), p.T("fair.report.case.who")}}
	for i := range r.Cases {
		x := &r.Cases[i]
		row := []ui.Cell{
			{Text: cmp.Or(name[x.Parties[0]], string(x.Parties[0])) + " × " + cmp.Or(name[x.Parties[1]], string(x.Parties[1]))},
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
			ui.Cell{State: &state}, ui.Cell{Text: due, Note: convene.CaseStep(p.Lang, &r.Fair, x)},
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
	p.Draws = true
	v.Sections = []ui.FairSection{{
		ID: "results", Title: p.T("fair.part.report"), Text: p.T("fair.report.text"), Tiles: reportTiles(p, r), Bars: funnel(p, r), Funnel: p.T("fair.report.funnel"), Lines: spoken(smaller(p, r)),
		Ways: []ui.Link{{Text: p.T("fair.report.xlsx"), URL: base + "/report.xlsx"}, {Text: p.T("fair.report.docx"), URL: base + "/report.docx"}},
	}}
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
		by := actor(c)
		if !by.MayEver(scene.EngagementFollow) {
			unlink(&t.cases)
		}
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

// spoken is a text as a list of lines, empty where it says nothing.
func spoken(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// reportTiles are the outcomes, before everything else.
func reportTiles(p *ui.Page, r *convene.Report) []ui.FairTile {
	n := strconv.Itoa
	tile := func(key, value, of string) ui.FairTile {
		return ui.FairTile{Label: p.T("fair.report." + key), Value: value, Of: of}
	}
	return []ui.FairTile{
		tile("held", n(r.Held), "/ "+n(r.Planned)), tile("intents", n(r.Intents), ""), tile("amount", ui.Money(p.Lang, r.Amount), ""),
		tile("cases", n(r.Docked()), "/ "+n(max(r.Stepped, len(r.Cases)))), tile("minimums", n(wholePercent(r.MinimumsKept))+" %", ""), tile("arrived", n(r.Arrived), "/ "+n(r.Joined)),
	}
}

// funnel is how far wishes came, each step as a share of the longest.
func funnel(p *ui.Page, r *convene.Report) []ui.Bar {
	steps := []struct {
		key   string
		count int
	}{{"wished", r.Wished}, {"planned", r.Planned}, {"held", r.Held}, {"steps_named", r.Stepped}, {"intents", r.Intents}}
	most := 1
	for _, x := range steps {
		most = max(most, x.count)
	}
	var bars []ui.Bar
	for _, x := range steps {
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

// EventPrint answers GET /console/events/:id/print/:what: table cards, badges or
// personal schedules.
func (o *Console) EventPrint(c echo.Context) error {
	f, err := o.event(c)
	if err != nil {
		return err
	}
	what := c.Param("what")
	board, err := o.fairs.Board(c.Request().Context(), f.ID)
	if err != nil {
		return err
	}
	p := o.frame.Page(c)
	p.NoIndex, p.Desk, p.Fair, p.Nav = true, true, true, "console"
	v := ui.Printed{Kind: what, Back: ui.Link{Text: f.Title, URL: events + "/" + string(f.ID)}, Lead: p.T("fair.print.lead")}
	switch what {
	case "tables":
		ready, err := o.fairs.Prepared(c.Request().Context(), actor(c), &f)
		if err != nil {
			return err
		}
		v.Cards = tableCards(p, &f, board, ready.Closed)
	case "badges", "schedules":
		if v.Cards, err = o.peopleCards(c, p, &f, board, what == "schedules"); err != nil {
			return err
		}
		v.Lead += p.T("fair.print.order")
	case "visits":
		v.Cards = visitCards(p, board)
	default:
		return &scene.Error{Code: scene.NotFound, Op: "console.EventPrint", Key: "web.not_found"}
	}
	if slices.ContainsFunc(v.Cards, func(card ui.PrintedCard) bool { return card.QR != "" }) {
		base := fair.Absolute(c, o.public, "")
		v.Codes = p.T("fair.print.codes."+what, "address", base)
		if fair.OnlyHere(base) {
			v.Warn = p.T("fair.print.only_here", "address", base)
		}
	}
	p.Title = p.T("fair.print." + what)
	kinds := []string{"tables", "badges", "schedules"}
	if len(board.Seatable()) > 0 {
		kinds = append(kinds, "visits")
	}
	for _, other := range kinds {
		v.Others = append(v.Others, ui.Link{Text: p.T("fair.print." + other), URL: events + "/" + string(f.ID) + "/print/" + other, Active: other == what})
	}
	return o.frame.Render(c, http.StatusOK, ui.PrintedPage(p, v))
}

// tableCards are a card for each table, with the times as they stand: with the delay of
// the hall. One that is closed, and at which nobody meets, has none.
func tableCards(p *ui.Page, f *scene.Fair, board *convene.Board, closed []string) []ui.PrintedCard {
	at := map[string][]ui.Fact{}
	for i := range board.Rounds {
		r := &board.Rounds[i]
		for _, m := range r.Meetings {
			text := ""
			for k, id := range m.Parties {
				if k > 0 {
					text += " × "
				}
				text += fair.Sends(p, board, &m, id)
			}
			if m.Interpreted && len(m.Parties) == 2 {
				text += " · " + fair.Interpreter(p, board, m.Parties[0], m.Parties[1])
			}
			at[m.Table] = append(at[m.Table], ui.Fact{Label: ui.Clock(r.Start) + "–" + ui.Clock(r.End), Value: text})
		}
	}
	var cards []ui.PrintedCard
	for _, h := range f.Halls {
		for n := range h.Tables {
			id := convene.TableID(h.ID, n+1)
			if len(at[id]) == 0 && slices.Contains(closed, id) {
				continue
			}
			foot := p.T("fair.version", "number", board.Version)
			if late := fair.Late(p, f, board.Made()); late != "" {
				foot += " · " + late
			}
			cards = append(cards, ui.PrintedCard{Head: id, Sub: cmp.Or(h.Name, f.Title), Rows: at[id], Foot: foot})
		}
	}
	return cards
}

// visitCards are the names of those who come along to each entry that people sign
// up for, to be called at the bus, and after them those who wait for a place.
func visitCards(p *ui.Page, board *convene.Board) []ui.PrintedCard {
	var cards []ui.PrintedCard
	for _, a := range board.Seatable() {
		in, waiting := board.Seats(&a.FairAct)
		card := ui.PrintedCard{Head: a.Title, Sub: ui.Clock(a.Start) + "–" + ui.Clock(a.Until), Foot: p.T("fair.seats.count", "in", len(in), "seats", a.Seats)}
		if a.Place != "" {
			card.Sub += " · " + a.Place
		}
		if len(in)+len(waiting) == 0 {
			card.Foot = p.T("fair.print.visits.none")
		}
		for i, x := range append(slices.Clone(in), waiting...) {
			number := strconv.Itoa(i + 1)
			if i >= len(in) {
				number = p.T("fair.seats.place", "place", i-len(in)+1)
			}
			party := board.Parties[x.Party]
			d, _ := party.Delegate(x.Delegate)
			card.Rows = append(card.Rows, ui.Fact{Label: number, Value: fair.DelegateName(p, &d) + " · " + party.Name})
		}
		cards = append(cards, card)
	}
	return cards
}

// peopleCards are one card for each delegate. A badge, which everybody sees, carries
// the code that checks him in; a schedule the one that opens his page, which who may
// not hand links out gets cards without.
func (o *Console) peopleCards(c echo.Context, p *ui.Page, f *scene.Fair, board *convene.Board, schedule bool) ([]ui.PrintedCard, error) {
	by := actor(c)
	var cards []ui.PrintedCard
	for _, id := range o.fairs.Alphabet(board) {
		x := board.Parties[id]
		if x.State != scene.PartyAccepted {
			continue
		}
		for i := range x.Delegates {
			d := &x.Delegates[i]
			card := ui.PrintedCard{Head: d.Name, Sub: x.Name, Foot: f.Title + " · " + fair.When(p, f), Index: o.fairs.Index(x.Name)}
			if d.Unnamed {
				card.Head = p.T("fair.print.name") // to be written by hand
			}
			if d.Post != "" {
				card.Sub = d.Post + " · " + x.Name
			}
			if schedule {
				for _, a := range board.Appointments(id, d.ID) {
					with := board.Name(a.With)
					if a.Interpreted {
						with += " · " + fair.Interpreter(p, board, id, a.With)
					}
					card.Rows = append(card.Rows, ui.Fact{Label: ui.Clock(a.Round.Start) + " " + a.Table, Value: with})
				}
			}
			path, code := fair.BadgePath(f.ID, d.ID), convene.BadgeCode(f.ID, d.ID)
			if schedule {
				path, code = "/e/"+d.Code, d.Code
			}
			if !schedule || d.Code != "" && by.MayEver(scene.FairManage) {
				var err error
				if card.QR, err = fair.QR(fair.Absolute(c, o.public, path)); err != nil {
					return nil, err
				}
				card.Code = grouped(code)
			}
			cards = append(cards, card)
		}
	}
	return cards, nil
}

// grouped is a code as it is read and typed: four letters at a time.
func grouped(code string) string {
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
