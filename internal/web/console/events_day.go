package console

import (
	"net/http"
	"strconv"
	"strings"

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
	f, err := o.event(c)
	if err != nil {
		return err
	}
	p, v, err := o.eventPage(c, &f, "/day")
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
	may := by.MayEver(scene.FairRun) && !ended(&f)
	if ended(&f) {
		v.Sections = append(v.Sections, ui.FairSection{Empty: p.T("fair.day.ended")})
	}
	if may {
		check := ui.Form{Action: base + "/day", Groups: []ui.Group{{Fields: []ui.Field{
			{Name: "do", Type: "hidden", Value: "arrive"}, {Name: "code", Label: p.T("fair.check_in.code"), Hint: p.T("fair.check_in.hint"), Required: true, Max: 200, Short: true},
		}}}, Buttons: []ui.Button{{Label: p.T("fair.check_in")}}}
		v.Sections = append(v.Sections, ui.FairSection{ID: "check", Title: p.T("fair.check_in"), Forms: []ui.Form{check}, Ways: []ui.Link{{Text: p.T("fair.wall"), URL: "/wall/" + f.Wall}}})
	}
	v.Sections = append(v.Sections, o.missing(p, board, base, may)...)
	at := o.now()
	now, next := board.Now(at)
	for _, r := range []struct {
		key string
		i   int
	}{{"fair.wall.now", now}, {"fair.wall.next", next}} {
		if r.i >= 0 {
			v.Sections = append(v.Sections, roundSection(p, board, r.key, r.i))
		}
	}
	if board.Version == 0 {
		v.Sections = append(v.Sections, ui.FairSection{Empty: p.T("fair.wall.no_plan")})
	}
	v.Sections = append(v.Sections, o.arrivals(p, board, base, may))
	if may {
		v.Sections = append(v.Sections, hallSection(p, &f, base))
	}
	return o.frame.Render(c, status, ui.FairDeskPage(p, v))
}

// noShow is the button that reports a party absent.
func noShow(p *ui.Page, board *convene.Board, base string, id scene.ID) ui.Form {
	return ui.Form{Action: base + "/day", Groups: []ui.Group{{Fields: []ui.Field{
		{Name: "do", Type: "hidden", Value: "absent"},
		{Name: "party", Type: "hidden", Value: string(id)},
		{Name: "key", Type: "hidden", Value: board.AbsenceKey(id)},
	}}}, Buttons: []ui.Button{{Label: p.T("fair.no_show")}}}
}

func (o *Console) missing(p *ui.Page, board *convene.Board, base string, may bool) []ui.FairSection {
	late := board.Missing(o.now())
	if len(late) == 0 {
		return nil
	}
	t := ui.Table{Head: []string{p.T("fair.party"), p.T("fair.decide")}}
	for _, id := range late {
		act := ui.Cell{}
		if may {
			act.Forms = []ui.Form{noShow(p, board, base, id)}
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: board.Name(id)}, act})
	}
	return []ui.FairSection{{ID: "missing", Title: p.T("fair.missing", "count", len(late)), Text: p.T("fair.missing.text"), Table: &t}}
}

func roundSection(p *ui.Page, board *convene.Board, key string, i int) ui.FairSection {
	r := &board.Rounds[i]
	t := ui.Table{Head: []string{p.T("fair.table"), p.T("fair.meeting"), p.T("web.rows.state")}}
	for _, m := range r.Meetings {
		var names []string
		state := ui.State{Code: "accepted", Label: p.T("fair.both_here")}
		for _, id := range m.Parties {
			names = append(names, board.Name(id))
			switch {
			case board.Day.Absent(id):
				state = ui.State{Code: "absent", Label: p.T("fair.absent")}
			case !board.There(id) && state.Code == "accepted":
				state = ui.State{Code: "waiting", Label: p.T("fair.not_here")}
			}
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: m.Table}, {Text: strings.Join(names, " × ")}, {State: &state}})
	}
	return ui.FairSection{ID: "round-" + strconv.Itoa(i), Title: p.T(key) + " " + ui.Clock(r.Start) + "–" + ui.Clock(r.End), Table: &t}
}

// arrivals lists who takes part with who is there.
func (o *Console) arrivals(p *ui.Page, board *convene.Board, base string, may bool) ui.FairSection {
	t := ui.Table{Head: []string{p.T("fair.party"), p.T("web.rows.state"), p.T("fair.decide")}}
	here, all := 0, 0
	for _, id := range sortedParties(board) {
		x := board.Parties[id]
		if x.State != scene.PartyAccepted {
			continue
		}
		all++
		state := ui.State{Code: "waiting", Label: p.T("fair.not_here")}
		row := []ui.Cell{{Text: x.Name, URL: base + "/parties/" + string(id)}, {State: &state}, {}}
		switch {
		case board.There(id):
			here++
			state = ui.State{Code: "accepted", Label: p.T("fair.here")}
		case board.Day.Absent(id):
			state = ui.State{Code: "absent", Label: p.T("fair.absent")}
		}
		if may && !board.Day.Absent(id) {
			row[2].Forms = []ui.Form{noShow(p, board, base, id)}
		}
		t.Rows = append(t.Rows, row)
	}
	return ui.FairSection{Title: p.T("fair.arrivals", "here", here, "all", all), Table: &t, Folded: true}
}

// hallSection changes what concerns the hall: a delay, a table that is closed, who came unannounced.
func hallSection(p *ui.Page, f *scene.Fair, base string) ui.FairSection {
	form := func(do, button string, fields ...ui.Field) ui.Form {
		return ui.Form{Action: base + "/day", Groups: []ui.Group{{Fields: append([]ui.Field{{Name: "do", Type: "hidden", Value: do}}, fields...)}}, Buttons: []ui.Button{{Label: p.T(button)}}}
	}
	return ui.FairSection{ID: "hall", Title: p.T("fair.hall"), Forms: []ui.Form{
		form("late", "fair.late.go", ui.Field{Name: "late", Label: p.T("fair.late"), Type: "number", Value: strconv.Itoa(f.Late), Short: true}),
		form("close", "fair.close.go", ui.Field{Name: "table", Label: p.T("fair.close"), Short: true, Max: 30, Required: true, Hint: p.T("fair.close.hint")}),
		form("mend", "fair.mend", ui.Field{Name: "x", Type: "hidden"}),
	}, Ways: []ui.Link{{Text: p.T("fair.walk_in"), URL: base + "/parties#add"}, {Text: p.T("fair.part.plan"), URL: base + "/plan"}}}
}

// RunDay answers POST /console/events/:id/day.
func (o *Console) RunDay(c echo.Context) error {
	ctx, by, id := c.Request().Context(), actor(c), scene.ID(c.Param("id"))
	if _, err := o.event(c); err != nil {
		return err
	}
	part, done := "/day", c.FormValue("do")
	var err error
	switch done {
	case "arrive":
		err = o.checkIn(c, by, id)
	case "absent":
		part = "/plan"
		err = o.fairs.NoShow(ctx, by, id, scene.ID(c.FormValue("party")), nil, c.FormValue("key"))
	case "late":
		_, err = o.fairs.Delay(ctx, by, id, edge.Number(c.FormValue("late")))
	case "close":
		part = "/plan"
		err = o.fairs.Mend(ctx, by, id, []scene.FairPlace{{Table: strings.TrimSpace(c.FormValue("table"))}}, c.FormValue("table"))
	case "mend":
		part = "/plan"
		err = o.fairs.Mend(ctx, by, id, nil, "")
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

// checkIn takes a typed code, or the whole address that a scanner typed.
func (o *Console) checkIn(c echo.Context, by scene.Actor, id scene.ID) error {
	code := strings.TrimSpace(c.FormValue("code"))
	code = strings.ToUpper(code[strings.LastIndex(code, "/")+1:])
	g, err := o.fairs.Guest(c.Request().Context(), code)
	if err == nil && g.Fair.ID != id {
		err = &scene.Error{Code: scene.NotFound, Op: "console.checkIn", Key: "fair.code_other", Args: map[string]any{"title": g.Fair.Title}}
	}
	if err != nil {
		return err
	}
	board, err := o.fairs.Board(c.Request().Context(), id)
	if err != nil {
		return err
	}
	_, err = o.fairs.Enter(c.Request().Context(), by, scene.FairEntry{
		FairID: id, Key: board.ArrivalKey(g.Party.ID, g.Delegate.ID), Kind: scene.EntryArrived, Party: g.Party.ID, Delegate: g.Delegate.ID,
	})
	return err
}
