package console

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// eventParts are the pages of one event, in the order of work.
func eventParts() []string {
	return []string{"", "/parties", "/plan", "/whatif", "/day", "/stage", "/report", "/print/tables"}
}

// eventPage reads the event of the request and begins a page of it; part is one of
// eventParts.
func (o *Console) eventPage(c echo.Context, part string) (f scene.Fair, p *ui.Page, v ui.FairDesk, err error) {
	if f, err = o.event(c); err != nil {
		return f, nil, v, err
	}
	phase, err := o.fairs.Phase(c.Request().Context(), &f)
	if err != nil {
		return f, nil, v, err
	}
	p, tabs, err := o.page(c, "web.nav.events", events)
	p.Title, p.Fair = f.Title, true
	state := fair.State(p, phase)
	v = ui.FairDesk{Nav: tabs, State: &state, Crumb: ui.Link{Text: p.T("web.nav.events"), URL: events}}
	for _, x := range eventParts() {
		if x == "/whatif" && f.Ended() {
			continue
		}
		name := strings.Trim(x, "/")
		if name == "" {
			name = "overview"
		}
		v.Tabs = append(v.Tabs, ui.Link{Text: p.T("fair.part." + strings.ReplaceAll(name, "/", ".")), URL: events + "/" + string(f.ID) + x, Active: x == part})
	}
	if done := c.QueryParam("done"); p.Has("fair.done." + done) {
		v.Notice = p.T("fair.done." + done)
	}
	return f, p, v, err
}

// event reads the event of the request.
func (o *Console) event(c echo.Context) (scene.Fair, error) {
	return o.fairs.Fair(c.Request().Context(), actor(c), scene.ID(c.Param("id")))
}

// eventDone goes back to a page of the event with what was done.
func eventDone(c echo.Context, part, done string) error {
	return c.Redirect(http.StatusSeeOther, events+"/"+c.Param("id")+part+"?done="+done)
}

// Events answers GET /console/events.
func (o *Console) Events(c echo.Context) error {
	ctx, by := c.Request().Context(), actor(c)
	p, tabs, err := o.page(c, "web.nav.events", events)
	if err != nil {
		return err
	}
	p.Fair = true
	list, err := o.fairs.Fairs(ctx, by)
	if err != nil {
		return err
	}
	phases, err := o.fairs.Phases(ctx, list)
	if err != nil {
		return err
	}
	t := ui.Table{Head: []string{p.T("fair.title"), p.T("fair.when"), p.T("fair.place"), p.T("web.rows.state")}}
	for i := range list {
		f := &list[i]
		state := fair.State(p, phases[i])
		t.Rows = append(t.Rows, []ui.Cell{{Text: f.Title, URL: events + "/" + string(f.ID)}, {Text: fair.When(p, f)}, {Text: f.Place}, {State: &state}})
	}
	s := ui.FairSection{Table: &t}
	if len(list) == 0 {
		s = ui.FairSection{Empty: p.T("fair.none")}
	}
	v := ui.FairDesk{Nav: tabs, Sections: []ui.FairSection{s}}
	if by.MayEver(scene.FairManage) {
		v.Sections = append([]ui.FairSection{{Ways: []ui.Link{{Text: p.T("fair.new"), URL: events + "/new", Active: true}}}}, v.Sections...)
	}
	return o.frame.Render(c, http.StatusOK, ui.FairDeskPage(p, v))
}

// NewEvent answers GET /console/events/new.
func (o *Console) NewEvent(c echo.Context) error {
	f := scene.Fair{Mode: scene.FairHosted, Minutes: 20, Pause: 5, Min: 2, Max: 6, MaxOpen: 10, MaxMusts: 2, Halls: []scene.FairHall{{ID: "A", Tables: 10}}}
	sample := locale.Text(edge.From(c.Request().Context()).Lang, "fair.programme.sample", nil)
	return o.eventForm(c, http.StatusOK, &f, sample, nil)
}

// CreateEvent answers POST /console/events/new.
func (o *Console) CreateEvent(c echo.Context) error {
	var f, made scene.Fair
	err := readEvent(c, &f)
	if err == nil { // f stays what was typed: with the ID of a refused one its form would go to a page that is not there
		made, err = o.fairs.Create(c.Request().Context(), actor(c), f, pastSeen(c)...)
	} else {
		err = scene.Together(err, o.fairs.Check(&f, nil, pastSeen(c)...))
	}
	if frame.Mendable(err) {
		return o.eventForm(c, edge.Status(scene.CodeOf(err)), &f, c.FormValue("programme"), err)
	}
	if err != nil {
		return err
	}
	batch := scene.ID(c.FormValue("batch"))
	if batch == "" {
		return c.Redirect(http.StatusSeeOther, events+"/"+string(made.ID)+"?done=created")
	}
	done := "gathered"
	if _, err := o.fairs.Gather(c.Request().Context(), actor(c), made.ID, batch); err != nil {
		if !frame.Mendable(err) && scene.CodeOf(err) != scene.NotFound {
			return err
		}
		done = "created_alone" // the event is there; its batch had nobody
	}
	return c.Redirect(http.StatusSeeOther, events+"/"+string(made.ID)+"/parties?done="+done)
}

// EditEvent answers GET /console/events/:id/edit.
func (o *Console) EditEvent(c echo.Context) error {
	f, err := o.event(c)
	if err != nil {
		return err
	}
	return o.eventForm(c, http.StatusOK, &f, convene.WriteProgramme(f.Blocks), nil)
}

// SaveEvent answers POST /console/events/:id/edit.
func (o *Console) SaveEvent(c echo.Context) error {
	f, err := o.event(c)
	if err != nil {
		return err
	}
	before := f
	f.Revision = edge.Number(c.FormValue("revision"))
	err = readEvent(c, &f)
	if err == nil {
		f, err = o.fairs.Edit(c.Request().Context(), actor(c), f, pastSeen(c)...)
	} else {
		err = scene.Together(err, o.fairs.Check(&f, &before, pastSeen(c)...))
	}
	if frame.Mendable(err) {
		return o.eventForm(c, edge.Status(scene.CodeOf(err)), &f, c.FormValue("programme"), err)
	}
	if err != nil {
		return err
	}
	if ready, err := o.fairs.Prepared(c.Request().Context(), actor(c), &f); err == nil && ready.Recut {
		return eventDone(c, "", "saved.recut")
	}
	return eventDone(c, "", "saved")
}

// pastSeen is the word that an event may lie in the past.
func pastSeen(c echo.Context) []convene.Despite {
	if c.FormValue("past") == "yes" {
		return []convene.Despite{convene.PastSeen}
	}
	return nil
}

// readEvent reads the form of an event into it, as far as it can be read; the error has
// a field for everything that cannot.
func readEvent(c echo.Context, f *scene.Fair) error {
	var wrong []scene.FieldError
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "console.readEvent", Err: err}
	}
	text := func(name string) string { return strings.TrimSpace(c.FormValue(name)) }
	n := func(name string) int {
		typed := scene.Narrow(c.FormValue(name))
		number, err := strconv.Atoi(typed)
		if _, sent := form[name]; sent && typed == "" { // which is not that somebody said 0
			wrong = append(wrong, scene.FieldError{Field: name, Key: "fair.number_empty"})
		}
		if typed != "" && err != nil {
			wrong = append(wrong, scene.FieldError{Field: name, Key: "field.whole_number", Args: map[string]any{"text": typed}})
		}
		return number
	}
	f.Title, f.Theme, f.Place, f.Mode = text("title"), text("theme"), text("place"), scene.FairMode(text("mode"))
	f.Minutes, f.Pause, f.Capacity, f.Approval = n("minutes"), n("pause"), n("capacity"), text("approval") == "yes"
	f.Min, f.Max, f.MaxOpen, f.MaxMusts, f.Interpreters = n("min"), n("max"), n("max_open"), n("max_musts"), n("interpreters")
	day, err := time.ParseInLocation("2006-01-02", text("day"), scene.China())
	if err != nil { // what is wrong with the lines of the programme is told all the same
		wrong = append(wrong, scene.FieldError{Field: "day", Key: "fair.bad_day"})
	}
	var halls, programme, fields error
	f.Halls, halls = convene.ReadHalls(c.FormValue("halls"))
	f.Blocks, programme = convene.ReadProgramme(day, c.FormValue("programme"))
	if len(wrong) > 0 {
		fields = &scene.Error{Code: scene.Invalid, Key: "fair.invalid", Fields: wrong}
	}
	return scene.Together(fields, halls, programme)
}

// eventForm shows the form of an event; what was typed stays as it was typed.
func (o *Console) eventForm(c echo.Context, status int, f *scene.Fair, programme string, fault error) error {
	p, tabs, err := o.page(c, "fair.new", events)
	if err != nil {
		return err
	}
	p.Fair = true
	action, back := events+"/new", events
	if f.ID != "" {
		p.Title, action = f.Title, events+"/"+string(f.ID)+"/edit"
		back = events + "/" + string(f.ID)
	}
	form := ui.Form{
		Action: action, Groups: eventGroups(p, f, ui.DayOf(f.Start()), convene.WriteHalls(f.Halls), programme),
		Buttons: []ui.Button{{Label: p.T("fair.save")}}, Back: ui.Link{Text: p.T("web.form.cancel"), URL: back},
	}
	if f.ID == "" {
		batches, err := o.batchChoice(c, p, p.T("fair.gather.none"))
		if err != nil {
			return err
		}
		if len(batches.Options) > 0 {
			form.Groups = append(form.Groups, ui.Group{Title: p.T("fair.part.parties"), Fields: []ui.Field{batches}})
		}
	}
	if fault != nil {
		if c.FormValue("past") == "yes" || frame.Faulted(fault, convene.PastDay) {
			about := &form.Groups[0]
			about.Fields = append(about.Fields, ui.Field{Name: "past", Label: p.T("fair.day_past.seen"), Type: "check"})
		}
		frame.Retype(&form, c.FormValue)
	}
	frame.Fill(p.Lang, &form, fault)
	return o.frame.Render(c, status, ui.FairDeskPage(p, ui.FairDesk{Nav: tabs, Sections: []ui.FairSection{{Forms: []ui.Form{form}}}}))
}

func eventGroups(p *ui.Page, f *scene.Fair, day, halls, programme string) []ui.Group {
	mode := ui.Field{Name: "mode", Label: p.T("fair.mode"), Type: "radio"}
	for _, m := range []scene.FairMode{scene.FairHosted, scene.FairMutual, scene.FairOrganiser} {
		mode.Options = append(mode.Options, ui.Option{Value: string(m), Label: p.T("fair.mode." + string(m)), Chosen: f.Mode == m})
	}
	n := func(name string, value int) ui.Field {
		return ui.Field{Name: name, Label: p.T("fair." + name), Type: "number", Value: strconv.Itoa(value), Short: true, Hint: hint(p, "fair."+name+".hint")}
	}
	return []ui.Group{
		{Title: p.T("fair.about"), Fields: []ui.Field{
			{Name: "revision", Type: "hidden", Value: strconv.Itoa(f.Revision)},
			{Name: "title", Label: p.T("fair.title"), Value: f.Title, Required: true, Max: 200},
			{Name: "theme", Label: p.T("fair.theme"), Type: "text-area", Rows: 3, Value: f.Theme, Max: 2000},
			{Name: "place", Label: p.T("fair.place"), Value: f.Place, Max: 200, Short: true},
			{Name: "day", Label: p.T("fair.day"), Type: "date", Value: day, Required: true, Short: true},
		}},
		{Title: p.T("fair.programme"), Fields: []ui.Field{
			{Name: "programme", Label: p.T("fair.programme"), Type: "text-area", Rows: 7, Value: programme, Required: true, Hint: p.T("fair.programme.hint")},
			{Name: "halls", Label: p.T("fair.halls"), Type: "text-area", Rows: 3, Value: halls, Required: true, Hint: p.T("fair.halls.hint")},
			n("minutes", f.Minutes), n("pause", f.Pause),
		}},
		{Title: p.T("fair.rules"), Fields: []ui.Field{
			mode, n("capacity", f.Capacity), n("interpreters", f.Interpreters), n("min", f.Min), n("max", f.Max), n("max_open", f.MaxOpen), n("max_musts", f.MaxMusts),
			{Name: "approval", Label: p.T("fair.approval"), Type: "check", Value: yes(f.Approval)},
		}},
	}
}

func yes(on bool) string {
	if on {
		return "yes"
	}
	return ""
}

func hint(p *ui.Page, key string) string {
	if p.Has(key) {
		return p.T(key)
	}
	return ""
}

// Event answers GET /console/events/:id.
func (o *Console) Event(c echo.Context) error {
	f, p, v, err := o.eventPage(c, "")
	if err != nil {
		return err
	}
	st, err := o.standing(c, &f)
	if err != nil {
		return err
	}
	by := actor(c)
	manage := by.MayEver(scene.FairManage)
	v.Next = nextStep(p, st, manage)
	about := ui.FairSection{ID: "about", Title: p.T("fair.about"), Text: f.Theme, Facts: []ui.Fact{
		{Label: p.T("fair.when"), Value: fair.When(p, &f)},
		{Label: p.T("fair.place"), Value: f.Place},
		{Label: p.T("fair.halls"), Value: hallsText(p, &f, st.closed)},
		{Label: p.T("fair.meetings"), Value: p.T("fair.meetings.text", "slots", len(f.Slots), "minutes", f.Minutes)},
		{Label: p.T("fair.interpreters"), Value: interpretersText(p, f.Interpreters)},
		{Label: p.T("fair.mode"), Value: p.T("fair.mode." + string(f.Mode))},
	}}
	if len(f.Slots) == 0 && !f.Ended() {
		about.Lines = append(about.Lines, p.T("fair.no_slots"))
	}
	if f.Capacity > 0 && st.in > f.Capacity && !f.Ended() {
		about.Lines = append(about.Lines, p.T("fair.capacity.over", "in", st.in, "capacity", f.Capacity))
	}
	if manage && !f.Ended() {
		about.Ways = []ui.Link{{Text: p.T("fair.edit"), URL: events + "/" + string(f.ID) + "/edit"}}
	}
	if f.State != scene.FairCancelled {
		about.Ways = append(about.Ways, ui.Link{Text: p.T("fair.wall"), URL: "/wall/" + f.Wall})
	}
	if !f.Ended() {
		board, err := o.fairs.Board(c.Request().Context(), f.ID)
		if err != nil {
			return err
		}
		v.Sections = short(p, board, events+"/"+string(f.ID), board.Short(o.now()), by.MayEver(scene.FairRun))
	}
	v.Sections = append(v.Sections, []ui.FairSection{
		{ID: "figures", Title: p.T("fair.figures"), Tiles: st.tiles(p)}, about, {ID: "programme", Title: p.T("fair.programme"), Facts: fair.Programme(p, &f, o.now()), Wide: true},
	}...)
	if others := otherStates(p, &f, v.Next); manage && len(others) > 0 {
		v.Sections = append(v.Sections, ui.FairSection{Title: p.T("fair.other_states"), Text: p.T("fair.other_states.text"), Forms: others, Folded: true})
	}
	return o.frame.Render(c, http.StatusOK, ui.FairDeskPage(p, v))
}

// hallsText counts halls and tables, and names the tables that are closed.
func hallsText(p *ui.Page, f *scene.Fair, closed []string) string {
	text := p.T("fair.tables.count", "halls", len(f.Halls), "tables", f.Tables())
	if len(closed) > 0 {
		text += p.T("web.comma") + p.T("fair.tables.closed", "tables", strings.Join(closed, p.T("web.comma")))
	}
	return text
}

// interpretersText is how many interpreters there are at one time; without any, pairs that
// share no language meet without.
func interpretersText(p *ui.Page, n int) string {
	if n == 0 {
		return p.T("fair.interpreters.none")
	}
	return p.T("fair.interpreters.count", "count", n)
}

// BringEvent answers POST /console/events/:id/state.
func (o *Console) BringEvent(c echo.Context) error {
	to := scene.FairState(c.FormValue("to"))
	if _, err := o.fairs.Bring(c.Request().Context(), actor(c), scene.ID(c.Param("id")), to); err != nil {
		return err
	}
	return eventDone(c, "", "saved")
}
