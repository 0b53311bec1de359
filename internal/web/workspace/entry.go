package workspace

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/annex"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// Entry answers GET /workspace/listings/:kind/:id.
func (w *Workspace) Entry(c echo.Context) error {
	return w.show(c, http.StatusOK, nil, nil)
}

// show is the page of an entry, with what was wrong with a step or with a file.
func (w *Workspace) show(c echo.Context, status int, fault, file error) error {
	ctx, by := c.Request().Context(), actor(c)
	e, err := w.entry(c)
	if err != nil {
		return err
	}
	l := e.Listing()
	p := w.page(c, l.Name)
	way, err := w.way(c, p, &e)
	if err != nil {
		return err
	}
	v := ui.EntryPage{
		Back: ui.Link{Text: p.T("web.nav.workspace"), URL: "/workspace"},
		Kind: p.T("web.kind." + string(e.Kind()) + ".one"), Name: l.Name, Org: l.OrgName, State: w.stateOf(p, l),
		Facts: w.sheetNow().Facts(p, &e), Steps: way,
	}
	if done := c.QueryParam("done"); p.Has("web.entry.done." + done) {
		v.Notice, v.Kept = p.T("web.entry.done."+done), string(l.ID)
		if l.Revision == 1 {
			v.Kept = "new-" + string(e.Kind())
		}
	}
	w.drafted(p, l, &v)
	if _, ok := l.Released(); ok {
		v.Public = frame.PublicURL(e.Kind(), l.ID)
	}
	open, err := w.registry.Proposed(ctx, by, e.Kind(), l.ID)
	if err == nil {
		v.Diff, v.DiffNote = w.sheetNow().Differences(p, &open.Present, &open.Next), p.T("web.entry.proposed", "date", ui.Minute(open.Proposal.Created))
	} else if scene.CodeOf(err) != scene.NotFound {
		return err
	}
	w.offer(p, by, &e, err == nil, &v)
	if len(v.Ways) > 0 { // who may write it is told how
		v.Clear, v.Beside = w.clear(c, p, &e, false), w.beside(c, p, &e)
	}
	here := ""
	if by.May(scene.ListingEdit, e.Object()) == nil {
		here = frame.EntryURL(base, e.Kind(), l.ID) + "/files"
	}
	if v.Files, err = w.annex.Files(c, p, string(e.Kind()), l.ID, here, file); err != nil {
		return err
	}
	if fault != nil {
		v.Notice, v.Reason = "", frame.Sentence(p.Lang, fault)
		for _, text := range frame.Faults(p.Lang, fault) {
			v.Reason += " " + text
		}
	}
	return w.frame.Render(c, status, ui.EntryPageView(p, v))
}

// drafted says of a draft why it came back, and what stands in the way of handing it in.
func (w *Workspace) drafted(p *ui.Page, l *scene.Listing, v *ui.EntryPage) {
	if l.State != scene.Draft {
		return
	}
	if len(v.Steps) > 0 && v.Steps[0].Reason != "" {
		v.Reason, v.State = v.Steps[0].Reason, ui.State{Code: "returned", Label: p.T("web.state.returned")}
	}
	if l.RunOut(w.now()) {
		v.Warning = p.T("web.workspace.past", "date", ui.Date(p.Lang, l.ValidTo))
	}
}

// way is what happened to the entry, the latest first, with what each step changed of it.
func (w *Workspace) way(c echo.Context, p *ui.Page, e *registry.Entry) ([]ui.StepRow, error) {
	ctx, by, id := c.Request().Context(), actor(c), e.Listing().ID
	steps, err := w.registry.Steps(ctx, by, e.Kind(), id)
	if err != nil {
		return nil, err
	}
	people, err := w.accounts.Who(ctx, frame.Actors(steps)...)
	if err != nil {
		return nil, err
	}
	contents, err := w.registry.Contents(ctx, by, e.Kind(), id)
	rows := frame.Steps(p, steps, func(s *scene.Review) string { return frame.Colleague(p, people, e.Listing().OrgID, s) })
	return w.sheetNow().History(p, rows, steps, contents), err
}

// offer adds what the actor may do now.
func (w *Workspace) offer(p *ui.Page, by scene.Actor, e *registry.Entry, proposed bool, v *ui.EntryPage) {
	l, here := e.Listing(), frame.EntryURL(base, e.Kind(), e.Listing().ID)
	may := func(do scene.Action) bool { return by.May(do, e.Object()) == nil }
	button := func(action, label string, more ...ui.Field) {
		v.Forms = append(v.Forms, ui.Form{
			Action: here + "/" + action, Buttons: []ui.Button{{Label: label, Danger: action == "close"}},
			Groups: []ui.Group{{Fields: append(more, ui.Field{Name: "revision", Type: "hidden", Value: strconv.Itoa(l.Revision)})}},
		})
	}
	if may(scene.ListingSubmit) {
		button("submit", p.T("web.entry.submit"))
	}
	switch {
	case may(scene.ListingEdit):
		v.Ways = append(v.Ways, ui.Link{Text: p.T("web.entry.go_on"), URL: here + "/edit"})
	case may(scene.ListingPropose):
		v.Ways = append(v.Ways, ui.Link{Text: p.T("web.entry.revise"), URL: here + "/edit"})
	}
	if proposed && may(scene.ListingPropose) {
		button("recall", p.T("web.entry.recall"))
	}
	if may(scene.ListingWithdraw) {
		button("withdraw", p.T("web.entry.withdraw"))
	}
	if may(scene.ListingRetire) {
		switch l.State {
		case scene.Published:
			button("pause", p.T("web.entry.pause"))
		case scene.Paused, scene.Expired:
			button("resume", p.T("web.entry.resume"))
		}
		if v.Ending = frame.Ending(p, by, e, w.now()); v.Ending == nil && !registry.Extended(l, w.now()).IsZero() {
			v.Forms = append(v.Forms, frame.Extending(p, e, w.now()))
		} else if v.Ending != nil { // without its name, which heads the page
			v.Ending.Text = p.T(map[bool]string{false: "web.entry.ends", true: "web.entry.ended"}[v.Ending.Over], "date", ui.Date(p.Lang, l.ValidTo))
		}
		button("close", p.T("web.entry.close"), ui.Field{Name: "reason", Label: p.T("web.entry.close.reason"), Required: true, Max: 200})
	}
}

// Submit answers POST …/submit.
func (w *Workspace) Submit(c echo.Context) error {
	_, err := w.registry.Submit(c.Request().Context(), actor(c), step(c))
	if scene.CodeOf(err) == scene.Invalid { // the form says best what is missing
		e, again := w.entry(c)
		if again != nil {
			return again
		}
		return w.form(c, edge.Status(scene.Invalid), filling{entry: e, fault: err})
	}
	return w.did(c, err, "submitted")
}

// Withdraw answers POST …/withdraw.
func (w *Workspace) Withdraw(c echo.Context) error {
	_, err := w.registry.Withdraw(c.Request().Context(), actor(c), step(c))
	return w.did(c, err, "withdrawn")
}

// Pause answers POST …/pause.
func (w *Workspace) Pause(c echo.Context) error { return w.retire(c, scene.Paused, "paused") }

// Resume answers POST …/resume.
func (w *Workspace) Resume(c echo.Context) error { return w.retire(c, scene.Published, "resumed") }

// Extend answers POST …/extend: the entry stays open longer, as it is.
func (w *Workspace) Extend(c echo.Context) error {
	_, err := w.registry.Extend(c.Request().Context(), actor(c), step(c))
	return w.did(c, err, "extended")
}

// Close answers POST …/close.
func (w *Workspace) Close(c echo.Context) error { return w.retire(c, scene.Closed, "closed") }

func (w *Workspace) retire(c echo.Context, to scene.State, done string) error {
	s := step(c)
	s.To = to
	_, err := w.registry.Retire(c.Request().Context(), actor(c), s)
	return w.did(c, err, done)
}

// Recall answers POST …/recall.
func (w *Workspace) Recall(c echo.Context) error {
	s := step(c)
	return w.did(c, w.registry.Recall(c.Request().Context(), actor(c), s.Kind, s.ID), "recalled")
}

// did goes back to the page of the entry, with what was done or what was wrong.
func (w *Workspace) did(c echo.Context, err error, done string) error {
	if frame.Mendable(err) {
		return w.show(c, edge.Status(scene.CodeOf(err)), err, nil)
	}
	if err != nil {
		return err
	}
	return seeOther(c, scene.Kind(c.Param("kind")), scene.ID(c.Param("id")), done)
}

// Attach answers POST …/files: it keeps a file with the entry.
func (w *Workspace) Attach(c echo.Context) error {
	return w.changed(c, w.annex.Add(c, c.Param("kind"), scene.ID(c.Param("id"))), "attached")
}

// Detach answers POST …/files/:file/remove.
func (w *Workspace) Detach(c echo.Context) error {
	return w.changed(c, w.annex.Remove(c, c.Param("kind"), scene.ID(c.Param("id"))), "detached")
}

// changed goes back to the page of the entry, with what was wrong with a file.
func (w *Workspace) changed(c echo.Context, err error, done string) error {
	switch {
	case annex.Mendable(err):
		return w.show(c, edge.Status(scene.CodeOf(err)), nil, err)
	case err != nil:
		return err
	}
	return seeOther(c, scene.Kind(c.Param("kind")), scene.ID(c.Param("id")), done)
}
