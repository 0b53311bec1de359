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

// usualPitch is how many minutes an entry has that names none.
const usualPitch = 8

// EventStage answers GET /console/events/:id/stage: the entries of the blocks, such
// as pitches, in their order, and who is on.
func (o *Console) EventStage(c echo.Context) error { return o.eventStage(c, http.StatusOK, nil) }

func (o *Console) eventStage(c echo.Context, status int, fault error) error {
	f, p, v, err := o.eventPage(c, "/stage")
	if err != nil {
		return err
	}
	board, err := o.fairs.Board(c.Request().Context(), f.ID)
	if err != nil {
		return err
	}
	v.Fault, v.Faults = fair.Faults(p, fault)
	by := actor(c)
	v.Sections = append(v.Sections, onStage(p, board, by.MayEver(scene.FairRun) && !f.Ended()))
	for i := range f.Blocks {
		if f.Blocks[i].Kind.HasActs() {
			v.Sections = append(v.Sections, blockSection(p, board, i, c, by.MayEver(scene.FairManage) && !f.Ended()))
		}
	}
	return o.frame.Render(c, status, ui.FairDeskPage(p, v))
}

// onStage says who is on and offers the steps.
func onStage(p *ui.Page, board *convene.Board, may bool) ui.FairSection {
	base := events + "/" + string(board.Fair.ID)
	on := board.OnStage()
	named := func(a *convene.Staged) string {
		if a == nil {
			return p.T("fair.stage.nobody")
		}
		text := a.Title
		if a.Who != "" {
			text += p.T("web.comma") + a.Who
		}
		return text + p.T("web.comma") + ui.Clock(a.Start) + "–" + ui.Clock(a.Until)
	}
	s := ui.FairSection{
		ID: "on", Title: p.T("fair.stage.on"), Ways: []ui.Link{{Text: p.T("fair.stage.open"), URL: "/wall/" + board.Fair.Wall + "/stage"}},
		Facts: []ui.Fact{{Label: p.T("fair.stage.now"), Value: named(on.Now)}, {Label: p.T("fair.stage.next"), Value: named(on.Next)}},
	}
	if may && (on.Now != nil || on.Next != nil) {
		s.Forms = []ui.Form{{
			Action: base + "/stage", Groups: []ui.Group{{Fields: []ui.Field{{Name: "seen", Type: "hidden", Value: string(board.Day.Act)}}}},
			Buttons: []ui.Button{
				{Label: p.T("fair.stage.go"), Name: "do", Value: "next"}, {Label: p.T("fair.stage.back"), Name: "do", Value: "back"}, {Label: p.T("fair.stage.clear"), Name: "do", Value: "clear"},
			},
		}}
	}
	return s
}

// blockSection is the entries of one block with what moves them, and their lines as text.
func blockSection(p *ui.Page, board *convene.Board, i int, c echo.Context, may bool) ui.FairSection {
	f := &board.Fair
	b := &f.Blocks[i]
	base, revision := events+"/"+string(f.ID), strconv.Itoa(f.Revision)
	title := ui.Clock(b.Start) + "–" + ui.Clock(b.End) + " " + p.T("fair.block."+string(b.Kind))
	if b.Title != "" {
		title += p.T("colon") + b.Title
	}
	s := ui.FairSection{ID: "block-" + strconv.Itoa(i), Title: title}
	if over := b.Over(); over > 0 {
		s.Text = p.T("fair.acts.over", "minutes", over)
	}
	t := ui.Table{Head: []string{p.T("fair.time"), p.T("fair.act"), p.T("fair.act.who"), p.T("fair.act.minutes"), p.T("fair.seats.head"), p.T("fair.decide")}}
	step := func(act *scene.FairAct, do, key string) ui.Form {
		return ui.Form{Action: base + "/stage", Groups: []ui.Group{{Fields: []ui.Field{
			{Name: "revision", Type: "hidden", Value: revision}, {Name: "act", Type: "hidden", Value: string(act.ID)}, {Name: "do", Type: "hidden", Value: do},
		}}}, Buttons: []ui.Button{{Label: p.T(key), Of: act.Title, Danger: do == "drop"}}}
	}
	for k := range b.Acts {
		a := &b.Acts[k]
		var do ui.Cell
		if may && k > 0 {
			do.Forms = append(do.Forms, step(a, "up", "fair.act.up"))
		}
		if may && k+1 < len(b.Acts) {
			do.Forms = append(do.Forms, step(a, "down", "fair.act.down"))
		}
		if may {
			do.Forms = append(do.Forms, step(a, "drop", "fair.act.drop"))
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: ui.Clock(b.ActStart(k))}, {Text: a.Title, Note: a.Place}, {Text: a.Who}, {Text: strconv.Itoa(a.Minutes), N: true}, seatsCell(p, board, a), do})
	}
	if len(t.Rows) > 0 {
		s.Table = &t
	} else {
		s.Empty = p.T("fair.acts.none")
	}
	if may {
		text := convene.WriteActs(b.Acts)
		if s.Fold = p.T("fair.acts.write"); c.FormValue("block") == strconv.Itoa(i) {
			text, s.Fold = c.FormValue("acts"), ""
		}
		s.Forms = []ui.Form{{Action: base + "/stage", Groups: []ui.Group{{Fields: []ui.Field{
			{Name: "revision", Type: "hidden", Value: revision},
			{Name: "block", Type: "hidden", Value: strconv.Itoa(i)},
			{Name: "do", Type: "hidden", Value: "acts"},
			{Name: "acts", Form: strconv.Itoa(i), Label: p.T("fair.acts"), Type: "text-area", Rows: min(max(len(b.Acts)+1, 3), 12), Value: text, Hint: p.T("fair.acts.hint"), Max: 20_000},
		}}}, Buttons: []ui.Button{{Label: p.T("fair.save"), Of: title}}}}
	}
	return s
}

// seatsCell says how many signed up for an entry, of how many.
func seatsCell(p *ui.Page, board *convene.Board, a *scene.FairAct) ui.Cell {
	if a.Seats == 0 {
		return ui.Cell{Text: "–"}
	}
	in, waiting := board.Seats(a)
	x := ui.Cell{Text: p.T("fair.seats.count", "in", len(in), "seats", a.Seats), N: true}
	if len(waiting) > 0 {
		x.Note = p.T("fair.seats.waiting", "count", len(waiting))
	}
	if len(in) > 0 {
		x.URL = events + "/" + string(board.Fair.ID) + "/print/visits"
	}
	return x
}

// RunStage answers POST /console/events/:id/stage: steps of the stage, and changes of
// the entries.
func (o *Console) RunStage(c echo.Context) error {
	f, err := o.event(c)
	if err != nil {
		return err
	}
	ctx, by, act, revision := c.Request().Context(), actor(c), scene.ID(c.FormValue("act")), edge.Number(c.FormValue("revision"))
	step := map[string]int{"next": 1, "back": -1, "clear": 0}
	do := c.FormValue("do")
	switch do {
	case "next", "back", "clear":
		err = o.fairs.Advance(ctx, by, f.ID, scene.ID(c.FormValue("seen")), step[do])
	case "up":
		_, err = o.fairs.MoveAct(ctx, by, f.ID, revision, act, -1)
	case "down":
		_, err = o.fairs.MoveAct(ctx, by, f.ID, revision, act, 1)
	case "drop":
		_, err = o.fairs.DropAct(ctx, by, f.ID, revision, act)
	case "acts":
		err = o.setActs(c, &f, revision)
	default:
		err = &scene.Error{Code: scene.Invalid, Op: "console.RunStage", Key: "error.invalid"}
	}
	if err == nil && strings.HasPrefix(c.FormValue("from"), "wall") {
		return c.Redirect(http.StatusSeeOther, "/wall/"+f.Wall+"/stage")
	}
	if err == nil {
		return eventDone(c, "/stage", "saved")
	}
	if !frame.Mendable(err) && scene.CodeOf(err) != scene.NotFound {
		return err
	}
	return o.eventStage(c, edge.Status(scene.CodeOf(err)), err)
}

// setActs reads the lines of a block.
func (o *Console) setActs(c echo.Context, f *scene.Fair, revision int) error {
	block, err := strconv.Atoi(c.FormValue("block"))
	if err != nil || block < 0 || block >= len(f.Blocks) {
		return &scene.Error{Code: scene.NotFound, Op: "console.setActs", Key: "fair.no_block_there", Err: err}
	}
	acts, err := convene.ReadActs(c.FormValue("acts"), usualPitch, f.Blocks[block].Acts)
	if err != nil {
		return err
	}
	_, err = o.fairs.SetActs(c.Request().Context(), actor(c), f.ID, revision, block, acts)
	return err
}
