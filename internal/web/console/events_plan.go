package console

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/agenda"
	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/fair"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// planning is what the page of the plan is made of.
type planning struct {
	p         *ui.Page
	f         *scene.Fair
	board     *convene.Board
	names     *convene.Names
	draft     *convene.Version
	published *convene.Version
	needs     map[string]bool // meetings with an interpreter
	order     []scene.ID      // the parties as people look them up
	base      string
	now       time.Time
	may       bool
	closed    []string         // tables that are closed for all slots to come
	twice     []string         // who would be in two places by what is shown
	begun     []agenda.Seat    // what is new in slots that have begun
	recut     bool             // the draft is of another grid
	behind    []string         // why the draft fits no more
	doubles   []convene.Double // people who are here twice, or elsewhere too
	typed     url.Values       // of a form that was refused, nil for none
}

// shown is the draft, or else what is published.
func (x *planning) shown() *convene.Version {
	if x.draft != nil {
		return x.draft
	}
	return x.published
}

// EventPlan answers GET /console/events/:id/plan, by tables or, with view=people, by people.
func (o *Console) EventPlan(c echo.Context) error { return o.eventPlan(c, http.StatusOK, nil) }

func (o *Console) eventPlan(c echo.Context, status int, fault error) error {
	ctx, by := c.Request().Context(), actor(c)
	f, p, v, err := o.eventPage(c, "/plan")
	if err != nil {
		return err
	}
	x := planning{p: p, f: &f, base: events + "/" + string(f.ID) + "/plan", now: o.now(), may: by.MayEver(scene.FairManage) && !f.Ended()}
	if fault != nil {
		x.typed = c.Request().PostForm
	}
	if x.board, err = o.fairs.Board(ctx, f.ID); err != nil {
		return err
	}
	x.names, x.order = x.board.Names(), o.fairs.Alphabet(x.board)
	look, err := o.fairs.Look(ctx, by, x.board)
	if err != nil {
		return err
	}
	x.draft, x.published, x.doubles = look.Draft, look.Published, look.Doubles
	ready, err := o.fairs.Prepared(ctx, by, &f)
	if err != nil {
		return err
	}
	x.closed, x.recut = ready.Closed, look.Recut
	x.behind, x.twice = texts(p, look.Behind), texts(p, look.TwoPlaces)
	x.begun = x.draft.Begun(x.published, &f, x.now)
	if c.QueryParam("done") == "plan.publish" && x.first() { // which changes nothing that anybody had
		v.Notice = p.T("fair.done.plan.first")
	}
	v.Fault, v.Faults = fair.Faults(p, fault)
	work := o.fairs.Working(f.ID)
	x.working(&v, &work, fault)
	v.Sections = append(v.Sections, x.summary(work.Running))
	if x.draft == nil {
		v.Sections = append(v.Sections, short(p, x.board, strings.TrimSuffix(x.base, "/plan"), x.board.Short(x.now), by.MayEver(scene.FairRun))...)
	}
	back, err := o.struckAt(c, &x)
	if err != nil {
		return err
	}
	v.Sections = append(v.Sections, back...)
	if x.shown() != nil && !x.recut {
		v.Sections = append(v.Sections, x.whole(c)...)
	}
	heard, err := o.heard(c, &x)
	if err != nil {
		return err
	}
	v.Sections = append(append(v.Sections, heard...), x.unconfirmed()...)
	v.Sections = append(v.Sections, fair.TwiceSection(p, x.board, x.doubles, "")...)
	return o.frame.Render(c, status, ui.FairDeskPage(p, v))
}

// first reports whether the version in force is the first.
func (x *planning) first() bool { return x.published != nil && x.published.Row.Number == 1 }

// whole is all of a plan below its summary.
func (x *planning) whole(c echo.Context) []ui.FairSection {
	x.needs = x.shown().Interpreted()
	list := slices.Concat(x.stale(), x.tooLate(), x.twoPlaces(), x.changes(), x.conflicts()) // what a publication does comes before how the plan looks
	list = append(list, x.grid(c.QueryParam("view") == "people"))
	if x.may {
		list = append(append(list, x.mover(c)), x.goers(c)...)
	}
	return append(list, x.leftOut()...)
}

// texts are faults as they are told.
func texts(p *ui.Page, faults []scene.FieldError) (list []string) {
	for _, at := range faults {
		list = append(list, locale.Text(p.Lang, at.Key, at.Args))
	}
	return list
}

// working tells how far a plan is that is being made, or why none came of the last one.
func (x *planning) working(v *ui.FairDesk, work *convene.Working, fault error) {
	switch at := &work.Progress; {
	case work.Running:
		v.Running = x.p.T("fair.plan.running", "stage", x.p.T("fair.stage."+string(cmp.Or(at.Stage, agenda.StageBounds))), "planned", at.Planned, "wanted", at.Wanted)
	case work.Err != nil && fault == nil:
		v.Fault, v.Faults = fair.Faults(x.p, work.Err)
	}
}

func (x *planning) button(do, key string, danger bool) ui.Form {
	fields := []ui.Field{{Name: "do", Type: "hidden", Value: do}}
	if x.draft != nil {
		fields = append(fields, ui.Field{Name: "revision", Type: "hidden", Value: strconv.Itoa(x.draft.Row.Revision)})
	}
	return ui.Form{Action: x.base, Groups: []ui.Group{{Fields: fields}}, Buttons: []ui.Button{{Label: x.p.T(key), Danger: danger}}}
}

// summary tells what the plan reaches, how much better one could be, and what can be done.
func (x *planning) summary(running bool) ui.FairSection {
	p := x.p
	s := ui.FairSection{ID: "plan", Title: p.T("fair.plan")}
	v := x.shown()
	switch {
	case x.draft != nil:
		s.Title = p.T("fair.plan.draft")
		s.Text = x.causes(x.draft)
	case x.published != nil:
		s.Title = p.T("fair.version", "number", x.published.Row.Number)
	default:
		s.Empty = p.T("fair.plan.none")
	}
	switch {
	case x.recut:
		s.Text, s.Empty = "", p.T("fair.draft_recut")
	case v != nil:
		s.Facts = x.figures(v)
	}
	if n := begunSlots(x.f, x.now); n > 0 && n < len(x.f.Slots) && x.may && (x.draft != nil || x.published == nil) {
		s.Lines = []string{p.T("fair.begun.left", "count", n)}
	}
	switch {
	case !x.may:
	case running:
		s.Forms = []ui.Form{x.button("cancel", "fair.plan.stop", true)}
	default:
		x.offer(&s)
	}
	return s
}

// offer gives the summary what can be done.
func (x *planning) offer(s *ui.FairSection) {
	p := x.p
	solve := x.button("solve", "fair.plan.solve", false)
	solve.Groups[0].Fields = append(solve.Groups[0].Fields, ui.Field{
		Name: "seconds", Label: p.T("fair.plan.seconds"), Type: "number", Value: "20", Short: true, Hint: p.T("fair.plan.seconds.hint"),
	})
	unfit := x.recut || len(x.behind) > 0
	s.Row = x.draft == nil || len(x.draft.Offers) == 0 || unfit
	if x.draft == nil {
		s.Forms = []ui.Form{solve}
		return
	}
	if !unfit {
		s.Forms = []ui.Form{x.publish(s)}
	}
	s.Forms = append(s.Forms, solve, x.button("discard", "fair.plan.discard", true))
}

// publish is the form that makes the draft the next version, with what has to be seen
// before; with more than a button it takes a row of s for itself.
func (x *planning) publish(s *ui.FairSection) ui.Form {
	p := x.p
	publish := x.button("publish", "fair.plan.publish", false)
	if len(x.draft.Offers) > 0 {
		offers := ui.Field{Name: "offers", Label: p.T("fair.offers"), Type: "checks", Hint: p.T("fair.offers.hint")}
		for i := range x.draft.Offers {
			seat := &x.draft.Offers[i]
			chosen := i == 0
			if x.typed != nil { // the ticks of a refused form stay
				chosen = slices.Contains(x.typed["offers"], seat.ID)
			}
			offers.Options = append(offers.Options, ui.Option{Value: seat.ID, Label: x.names.Meeting(seat.ID) + " · " + x.place(seat), Chosen: chosen})
		}
		publish.Groups[0].Fields = append(publish.Groups[0].Fields, offers)
	}
	if len(x.begun) > 0 {
		publish.Groups[0].Fields = append(publish.Groups[0].Fields, ui.Field{Name: "begun", Label: p.T("fair.begun.seen"), Type: "check", Value: x.typed.Get("begun")})
		s.Row = false
	}
	if len(x.twice) > 0 {
		publish.Groups[0].Fields = append(publish.Groups[0].Fields, ui.Field{Name: "twice", Label: p.T("fair.twice.seen"), Type: "check", Value: x.typed.Get("twice")})
		s.Row = false
	}
	return publish
}

func (x *planning) place(seat *agenda.Seat) string {
	return x.names.Slot(seat.Slot) + " " + seat.Table
}

func (x *planning) figures(v *convene.Version) []ui.Fact {
	p, plan := x.p, v.Plan
	c := agenda.Compare(v.Problem, plan)
	facts := []ui.Fact{
		{Label: p.T("fair.fact.planned"), Value: p.T("fair.fact.planned.text", "planned", len(plan.Meetings), "wanted", plan.Wanted())},
		{Label: p.T("fair.fact.minimums"), Value: p.T("fair.fact.minimums.text", "percent", wholePercent(c.MinimumsKept), "lacking", plan.Shortfall)},
		{Label: p.T("fair.fact.gap"), Value: p.T("fair.fact.gap.text", "gap", strconv.FormatFloat(100*plan.Gap, 'f', 2, 64))},
		{Label: p.T("fair.fact.breaks"), Value: p.T("fair.fact.breaks.text", "breaks", plan.Breaks, "bound", plan.BreaksLowerBound)},
	}
	if b := plan.Binding; b != nil {
		var ids []string
		kind := string(b.Kind)
		for _, id := range b.IDs[:min(3, len(b.IDs))] {
			name, delegate := x.names.Delegate(id)
			if !delegate {
				name = x.names.Slot(x.names.Party(id))
			} else {
				kind = "delegates"
			}
			ids = append(ids, name)
		}
		facts = append(facts, ui.Fact{Label: p.T("fair.fact.binding"), Value: p.T("fair.binding."+kind, "names", strings.Join(ids, p.T("web.comma")), "share", wholePercent(b.Share))})
	}
	if plan.Proven {
		facts = append(facts, ui.Fact{Label: p.T("fair.fact.proven"), Value: p.T("fair.fact.proven.text")})
	} else if plan.StoppedBy == agenda.StoppedTime || plan.StoppedBy == agenda.StoppedCancelled {
		facts = append(facts, ui.Fact{Label: p.T("fair.fact.stopped"), Value: p.T("fair.stopped." + string(plan.StoppedBy))})
	}
	return facts
}

func wholePercent(share float64) int { return int(100*share + 0.5) }

// begunSlots counts the slots that run or are over.
func begunSlots(f *scene.Fair, now time.Time) (n int) {
	for i := range f.Slots {
		if start, _ := f.Hours(f.Slots[i].Start, f.Slots[i].End); !start.After(now) {
			n++
		}
	}
	return n
}

// changes lists what a draft changes of what is published, or the version in
// force of the one before.
func (x *planning) changes() []ui.FairSection {
	p, v := x.p, x.shown()
	switch {
	case x.published == nil || x.draft == nil && v.Row.Number == 1:
		return nil
	case len(v.Row.Changes) == 0 && x.draft != nil:
		return []ui.FairSection{{ID: "changes", Title: p.T("fair.changes", "count", 0), Empty: x.unchanged()}}
	case len(v.Row.Changes) == 0:
		return nil
	}
	t := ui.Table{Head: []string{p.T("fair.meeting"), p.T("fair.from"), p.T("fair.to"), p.T("fair.reason")}}
	for i := range v.Row.Changes {
		c := &v.Row.Changes[i]
		why := ""
		if c.Why != "" {
			why = p.T("fair.moved." + c.Why)
		}
		from, to := x.sat(c)
		t.Rows = append(t.Rows, []ui.Cell{{Text: x.names.Meeting(c.Meeting)}, {Text: x.placed(c.From), Note: from}, {Text: x.placed(c.To), Note: to}, {Text: why}})
	}
	return []ui.FairSection{{ID: "changes", Title: p.T("fair.changes", "count", len(v.Row.Changes)), Table: &t}}
}

func (x *planning) placed(at *scene.FairPlace) string {
	if at == nil {
		return "–"
	}
	return x.names.Slot(at.Slot) + " " + at.Table
}

// ChangePlan answers POST /console/events/:id/plan.
func (o *Console) ChangePlan(c echo.Context) error {
	ctx, by, id := c.Request().Context(), actor(c), scene.ID(c.Param("id"))
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "console.ChangePlan", Err: err}
	}
	if _, err := o.event(c); err != nil {
		return err
	}
	do := form.Get("do")
	err = o.change(ctx, by, id, do, form)
	if err == nil && (do == "goes" || do == "swap") { // and stays at the meeting
		return c.Redirect(http.StatusSeeOther, events+"/"+string(id)+"/plan?meeting="+url.QueryEscape(form.Get("meeting"))+"&done=plan."+do+"#goes")
	}
	if err == nil {
		return eventDone(c, "/plan", "plan."+do)
	}
	if !frame.Mendable(err) {
		return err
	}
	return o.eventPlan(c, edge.Status(scene.CodeOf(err)), err)
}

// change does what a form of the plan's page asks for.
func (o *Console) change(ctx context.Context, by scene.Actor, id scene.ID, do string, form url.Values) error {
	meeting, place := form.Get("meeting"), scene.FairPlace{Slot: form.Get("slot"), Table: form.Get("table")}
	switch do {
	case "solve":
		return o.fairs.Plan(ctx, by, id, time.Duration(edge.Number(form.Get("seconds")))*time.Second)
	case "cancel":
		return o.fairs.Cancel(by, id)
	case "publish":
		var despite []convene.Despite
		if form.Get("twice") == "yes" {
			despite = append(despite, convene.TwoPlacesSeen)
		}
		if form.Get("begun") == "yes" {
			despite = append(despite, convene.BegunSeen)
		}
		_, err := o.fairs.Publish(ctx, by, id, edge.Number(form.Get("revision")), form["offers"], despite...)
		return err
	case "discard":
		return o.fairs.Discard(ctx, by, id)
	case "lock", "unlock":
		return o.fairs.Lock(ctx, by, id, meeting, do == "lock")
	case "goes", "swap":
		return o.fairs.Choose(ctx, by, id, meeting, scene.ID(form.Get("party")), scene.ID(form.Get("delegate")), do == "swap")
	case "move":
		return o.fairs.Move(ctx, by, id, meeting, place, false)
	case "force":
		if err := o.fairs.Move(ctx, by, id, meeting, place, true); err != nil {
			return err
		}
		return o.fairs.Plan(ctx, by, id, 0)
	}
	return &scene.Error{Code: scene.Invalid, Op: "console.ChangePlan", Key: "error.invalid"}
}
