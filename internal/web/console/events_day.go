package console

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// EventDay answers GET /console/events/:id/day: check-in, who is missing, what runs.
func (o *Console) EventDay(c echo.Context) error { return o.eventDay(c, http.StatusOK, nil) }

func (o *Console) eventDay(c echo.Context, status int, fault error) error {
	f, p, v, err := o.eventPage(c, "/day")
	if err != nil {
		return err
	}
	board, err := o.fairs.Board(c.Request().Context(), f.ID)
	if err != nil {
		return err
	}
	v.Fault, v.Faults = fair.Faults(p, fault)
	base := events + "/" + string(f.ID)
	by := actor(c)
	may := by.MayEver(scene.FairRun) && !f.Ended()
	if f.Ended() {
		v.Sections = append(v.Sections, ui.FairSection{Empty: p.T("fair.day.ended")})
	}
	if may {
		if x, in := welcomed(board, c); in && v.Notice != "" {
			again := c.QueryParam("again") != ""
			text := fair.Welcome(p, board, &x, again)
			if v.Notice = text; again {
				v.Notice, v.Heed = "", text
			}
			v.Sections = append(v.Sections, awayStill(p, board, base, &x, o.now())...)
		}
		back, err := o.struck(c, p, board, base)
		if err != nil {
			return err
		}
		v.Sections = append(append(v.Sections, back...), checkSection(p, board, base, c, fault), walkInSection(p, base, c))
	}
	ready, err := o.fairs.Prepared(c.Request().Context(), by, &f)
	if err != nil {
		return err
	}
	live := unpublished(p, base, &ready)
	at := o.now()
	live = append(live, short(p, board, base, board.Short(at), may)...)
	live = append(live, o.missing(p, board, base, may)...)
	now, next := board.Now(at)
	for _, r := range []struct {
		key string
		i   int
	}{{"fair.wall.now", now}, {"fair.wall.next", next}} {
		if r.i >= 0 {
			live = append(live, roundSection(p, board, r.key, r.i))
		}
	}
	if board.Version == 0 {
		live = append(live, ui.FairSection{Empty: p.T("fair.wall.no_plan")})
	}
	live = append(live, o.waitingList(p, board, base, may)...)
	live = append(live, o.arrivals(p, board, base, may))
	v.Sections = append(v.Sections, ui.FairSection{Live: "/wall/" + f.Wall + "/stream", Parts: live})
	if may {
		v.Sections = append(v.Sections, hallSection(p, &f, base, ready.Closed, o.now()))
	}
	return o.frame.Render(c, status, ui.FairDeskPage(p, v))
}

// unpublished tells of a draft by which meetings are not as this page has them, and which
// nobody is told of before it is published.
func unpublished(p *ui.Page, base string, ready *convene.Prepared) []ui.FairSection {
	if ready.Changes < 0 {
		return nil
	}
	return []ui.FairSection{{
		ID: "draft", Title: p.T("fair.unpublished", "count", ready.Changes), Text: p.T("fair.unpublished.text"), Ways: []ui.Link{{Text: p.T("fair.unpublished.go"), URL: base + "/plan"}},
	}}
}

// noShow is the button that reports a party absent, or one delegate of it.
func noShow(p *ui.Page, board *convene.Board, base string, id, delegate scene.ID) ui.Form {
	return ui.Form{Action: base + "/day", Groups: []ui.Group{{Fields: []ui.Field{
		{Name: "do", Type: "hidden", Value: "absent"},
		{Name: "party", Type: "hidden", Value: string(id)},
		{Name: "delegate", Type: "hidden", Value: string(delegate)},
		{Name: "key", Type: "hidden", Value: board.AbsenceKey(id, delegate)},
	}}}, Buttons: []ui.Button{{Label: p.T("fair.no_show"), Of: called(p, board, convene.Late{Party: id, Delegate: delegate}), Danger: true}}}
}

// noShows are the buttons that report a party absent: as a whole, and where its delegates
// go alone each of them, since then only his meetings are in question.
func noShows(p *ui.Page, board *convene.Board, base string, x *scene.FairParty) (list []ui.Form) {
	if board.Absent(x.ID, "") {
		return nil
	}
	whole := noShow(p, board, base, x.ID, "")
	if x.Share || len(x.Delegates) < 2 {
		return []ui.Form{whole}
	}
	for i := range x.Delegates {
		if d := &x.Delegates[i]; !board.Absent(x.ID, d.ID) {
			one := noShow(p, board, base, x.ID, d.ID)
			one.Buttons[0].Label = p.T("fair.no_show.of", "name", fair.DelegateName(p, d))
			list = append(list, one)
		}
	}
	whole.Buttons[0].Label = p.T("fair.no_show.all")
	return append(list, whole)
}

// called names a party, with the delegate in question.
func called(p *ui.Page, board *convene.Board, x convene.Late) string {
	if party := board.Parties[x.Party]; party != nil {
		if d, there := party.Delegate(x.Delegate); there {
			return p.T("fair.sends", "party", party.Name, "name", fair.DelegateName(p, &d))
		}
	}
	return board.Name(x.Party)
}

func (o *Console) missing(p *ui.Page, board *convene.Board, base string, may bool) []ui.FairSection {
	late := board.Missing(o.now())
	if len(late) == 0 {
		return nil
	}
	t := ui.Table{Head: []string{p.T("fair.party"), p.T("fair.decide")}}
	for _, x := range late {
		act := ui.Cell{}
		if may {
			act.Forms = append(checkIns(p, board, base, x), noShow(p, board, base, x.Party, x.Delegate))
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: called(p, board, x)}, act})
	}
	return []ui.FairSection{{ID: "missing", Title: p.T("fair.missing", "count", len(late)), Text: p.T("fair.missing.text"), Table: &t}}
}

// checkIns are the buttons for the delegates of a party who are not there yet, or for
// the one in question.
func checkIns(p *ui.Page, board *convene.Board, base string, of convene.Late) []ui.Form {
	x := board.Parties[of.Party]
	var list []ui.Form
	for i := range x.Delegates {
		d := &x.Delegates[i]
		if board.Here(x.ID, d.ID) || of.Delegate != "" && of.Delegate != d.ID {
			continue
		}
		form := arrive(p, base, &convene.Named{Party: x, Delegate: *d})
		if len(x.Delegates) > 1 && of.Delegate == "" {
			form.Buttons[0] = ui.Button{Label: p.T("fair.check_in.of", "name", fair.DelegateName(p, d))}
		}
		list = append(list, form)
	}
	return list
}

func roundSection(p *ui.Page, board *convene.Board, key string, i int) ui.FairSection {
	r := &board.Rounds[i]
	t := ui.Table{Head: []string{p.T("fair.table"), p.T("fair.meeting"), p.T("web.rows.state")}}
	for _, m := range r.Meetings {
		var names, lacking []string
		state := ui.State{Code: "accepted", Label: p.T("fair.both_here")}
		for _, id := range m.Parties {
			names = append(names, fair.Sends(p, board, &m, id))
			switch side := board.Side(&m, id); {
			case side == convene.Gone:
				state = ui.State{Code: "absent", Label: p.T("fair.absent")}
			case side == convene.Present:
				continue
			case state.Code == "accepted":
				state = ui.State{Code: "waiting", Label: p.T("fair.not_here")}
			}
			lacking = append(lacking, fair.Sends(p, board, &m, id))
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: m.Table}, {Text: strings.Join(names, " × ")}, {State: &state, Note: strings.Join(lacking, "\n")}})
	}
	return ui.FairSection{ID: "round-" + strconv.Itoa(i), Title: p.T(key) + " " + ui.Clock(r.Start) + "–" + ui.Clock(r.End), Table: &t}
}

// arrivals lists who takes part with who is there.
func (o *Console) arrivals(p *ui.Page, board *convene.Board, base string, may bool) ui.FairSection {
	t := ui.Table{Head: []string{p.T("fair.party"), p.T("web.rows.state"), p.T("fair.decide")}}
	here, all := board.Arrivals()
	for _, id := range o.fairs.Alphabet(board) {
		x := board.Parties[id]
		if x.State != scene.PartyAccepted {
			continue
		}
		state := ui.State{Code: "waiting", Label: p.T("fair.not_here")}
		row := []ui.Cell{{Text: x.Name, URL: base + "/parties/" + string(id)}, {State: &state, Note: ofWhom(p, board, x)}, {}}
		switch {
		case board.There(id):
			state = ui.State{Code: "accepted", Label: p.T("fair.here")}
		case board.Left(id):
			state = ui.State{Code: "absent", Label: p.T("fair.left")}
		case board.Absent(id, ""):
			state = ui.State{Code: "absent", Label: p.T("fair.absent")}
		}
		if may {
			row[2].Forms = checkIns(p, board, base, convene.Late{Party: id})
		}
		if may {
			row[2].Forms = append(row[2].Forms, noShows(p, board, base, x)...)
		}
		t.Rows = append(t.Rows, row)
	}
	return ui.FairSection{ID: "arrivals", Title: p.T("fair.arrivals", "here", here, "all", all), Table: &t, Folded: true}
}

// ofWhom names who of several delegates is there, or was noted absent, and says where it
// is known by a report alone that somebody is.
func ofWhom(p *ui.Page, board *convene.Board, x *scene.FairParty) string {
	var lines []string
	if board.ByReport(x.ID) {
		lines = append(lines, p.T("fair.here.reported"))
	}
	if len(x.Delegates) < 2 {
		return strings.Join(lines, "\n")
	}
	var here, gone []string
	for i := range x.Delegates {
		d := &x.Delegates[i]
		switch name := fair.DelegateName(p, d); {
		case board.Here(x.ID, d.ID):
			here = append(here, name)
		case board.Absent(x.ID, d.ID):
			gone = append(gone, name)
		}
	}
	if len(here) > 0 {
		lines = append(lines, p.T("fair.here.of", "names", strings.Join(here, p.T("web.comma")), "here", len(here), "all", len(x.Delegates)))
	}
	if len(gone) > 0 {
		lines = append(lines, p.T("fair.absent.of", "names", strings.Join(gone, p.T("web.comma"))))
	}
	return strings.Join(lines, "\n")
}

// hallSection changes what concerns the hall: a delay, a table that is closed, who came unannounced.
func hallSection(p *ui.Page, f *scene.Fair, base string, closed []string, now time.Time) ui.FairSection {
	form := func(do, button string, fields ...ui.Field) ui.Form {
		return ui.Form{Action: base + "/day", Groups: []ui.Group{{Fields: append([]ui.Field{{Name: "do", Type: "hidden", Value: do}}, fields...)}}, Buttons: []ui.Button{{Label: p.T(button)}}}
	}
	s := ui.FairSection{ID: "hall", Row: true, Title: p.T("fair.hall"), Forms: []ui.Form{
		form("late", "fair.late.go", ui.Field{Name: "late", Label: p.T("fair.late"), Type: "number", Value: strconv.Itoa(f.Late), Short: true}, delayFrom(p, f, now)),
		form("close", "fair.close.go", ui.Field{Name: "table", Label: p.T("fair.close"), Short: true, Max: 30, Required: true, Hint: p.T("fair.close.hint")}),
		form("mend", "fair.mend"),
	}, Ways: []ui.Link{{Text: p.T("fair.part.plan"), URL: base + "/plan"}}}
	if len(closed) > 0 {
		s.Text = p.T("fair.tables.closed", "tables", strings.Join(closed, p.T("web.comma")))
		choice := ui.Field{Name: "table", Form: "open", Label: p.T("fair.open"), Type: "choice", Short: true}
		for _, id := range closed {
			choice.Options = append(choice.Options, ui.Option{Value: id, Label: id})
		}
		s.Forms = append(s.Forms, form("open", "fair.open.go", choice))
	}
	return s
}

// delayFrom chooses from where on a delay holds: what is over keeps its hours.
func delayFrom(p *ui.Page, f *scene.Fair, now time.Time) ui.Field {
	choice := ui.Field{Name: "from", Label: p.T("fair.late.since"), Type: "choice", Short: true, Options: []ui.Option{{Label: p.T("fair.late.since.now")}}}
	starts := convene.DelayStarts(f, now)
	for _, at := range starts[min(1, len(starts)):] { // the first is what happens without a choice
		start, _ := f.Hours(at, at)
		choice.Options = append(choice.Options, ui.Option{Value: at.UTC().Format(time.RFC3339), Label: ui.Clock(start) + " " + blockAt(p, f, at)})
	}
	return choice
}

// blockAt names the block in which something begins as announced.
func blockAt(p *ui.Page, f *scene.Fair, at time.Time) string {
	for i := range f.Blocks {
		if b := &f.Blocks[i]; !at.Before(b.Start) && at.Before(b.End) {
			return cmp.Or(b.Title, p.T("fair.block."+string(b.Kind)))
		}
	}
	return ""
}

// delay says how late the hall is, as the form has it.
func (o *Console) delay(c echo.Context, by scene.Actor, id scene.ID) (scene.Fair, error) {
	var from time.Time
	if text := c.FormValue("from"); text != "" {
		var err error
		if from, err = time.Parse(time.RFC3339, text); err != nil {
			return scene.Fair{}, &scene.Error{Code: scene.Invalid, Op: "console.delay", Key: "error.invalid", Err: err}
		}
	}
	late, err := strconv.Atoi(scene.Narrow(c.FormValue("late")))
	if err != nil { // what is no number is no word that the hall is in time
		late = -1
	}
	return o.fairs.DelayFrom(c.Request().Context(), by, id, late, from)
}

// noShow notes an absence, and returns what to answer.
func (o *Console) noShow(c echo.Context, by scene.Actor, f *scene.Fair) (done string, err error) {
	ctx := c.Request().Context()
	if err := o.fairs.NoShowOf(ctx, by, f.ID, scene.ID(c.FormValue("party")), scene.ID(c.FormValue("delegate")), nil, c.FormValue("key")); err != nil {
		return "", err
	}
	ready, err := o.fairs.Prepared(ctx, by, f)
	switch {
	case ready.Changes >= 0:
		done = "absent"
	case ready.Draft: // nothing is published: there was nothing to mend
		done = "absent_draft"
	default:
		done = "absent_early"
	}
	return done, err
}

// RunDay answers POST /console/events/:id/day.
func (o *Console) RunDay(c echo.Context) error {
	ctx, by, id := c.Request().Context(), actor(c), scene.ID(c.Param("id"))
	f, err := o.event(c)
	if err != nil {
		return err
	}
	part, done := "/day", c.FormValue("do")
	switch done {
	case "arrive", "walk_in", "let_in":
		var x entrant
		if x, err = o.enters(c, by, id, done); err == nil {
			return eventDone(c, part, x.done())
		}
	case "absent":
		part = "/plan"
		done, err = o.noShow(c, by, &f)
	case "late":
		var next scene.Fair
		if next, err = o.delay(c, by, id); next.Late == 0 {
			done = "late_back"
		}
	case "close":
		part = "/plan"
		err = o.fairs.Mend(ctx, by, id, []scene.FairPlace{{Table: c.FormValue("table")}})
	case "put_back":
		part = "/plan"
		err = o.putBack(c, by, id)
	case "open":
		part = "/plan"
		err = o.fairs.Reopen(ctx, by, id, c.FormValue("table"))
		table, _ := convene.TableTyped(&f, c.FormValue("table"))
		done += "&table=" + url.QueryEscape(table)
	case "mend":
		part = "/plan"
		err = o.fairs.Mend(ctx, by, id, nil)
	default:
		err = &scene.Error{Code: scene.Invalid, Op: "console.RunDay", Key: "error.invalid"}
	}
	if err == nil {
		return eventDone(c, part, "day."+done)
	}
	if !frame.Mendable(err) && scene.CodeOf(err) != scene.NotFound {
		return err
	}
	return o.eventDay(c, edge.Status(scene.CodeOf(err)), err)
}
