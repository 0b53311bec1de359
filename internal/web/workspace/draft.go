package workspace

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/sheet"
	"jinghe/internal/web/ui"
)

const startsShown = 12

// Keep answers POST /workspace/listings/keep: it keeps what was typed so far,
// for this account alone, and answers with what a script puts beside the form:
// when it was kept, and how clearly the entry is written.
func (w *Workspace) Keep(c echo.Context) error {
	f, err := w.underway(c)
	if err != nil {
		return err
	}
	p := w.page(c, "")
	base := edge.Number(c.FormValue("revision"))
	v := ui.DraftNote{Clear: w.clear(c, p, &f.entry, false)}
	typed := w.sheetNow().Typed(f.entry.Kind(), f.typed)
	if note, there := f.typed["note"]; there {
		typed["note"] = note
	}
	kept, err := w.registry.KeepScratch(c.Request().Context(), actor(c), scene.Scratch{
		Place: place(&f.entry), Turn: f.turn, Base: base, Values: typed,
	})
	status := http.StatusOK
	switch {
	case err == nil:
		v.Turn, v.Text = kept.Turn, p.T("web.draft.saved", "time", ui.Clock(kept.Saved))
		if base != f.entry.Listing().Revision {
			v.Text, v.Warn = p.T("web.draft.saved_moved", "time", ui.Clock(kept.Saved)), true
		}
	case frame.Mendable(err) || scene.CodeOf(err) == scene.TooLarge:
		status, v.Warn, v.Text = edge.Status(scene.CodeOf(err)), true, elsewhere(p, err)
	default:
		return err
	}
	return w.frame.Render(c, status, ui.DraftNoteView(p, v))
}

// elsewhere words a refusal, with the time of what another window kept.
func elsewhere(p *ui.Page, err error) string {
	if e, ok := errors.AsType[*scene.Error](err); ok && e.Key == "scratch.elsewhere" {
		at, _ := e.Args["at"].(time.Time)
		return p.T(e.Key, "time", ui.Clock(at))
	}
	return frame.Sentence(p.Lang, err)
}

// underway reads a form that is being filled: its entry, if there is one, with
// what was typed over it.
func (w *Workspace) underway(c echo.Context) (filling, error) {
	kind, id, by := scene.Kind(c.FormValue("kind")), scene.ID(c.FormValue("id")), actor(c)
	e, err := blank(c, kind)
	if err != nil {
		return filling{}, err
	}
	do := scene.ListingCreate
	if id != "" {
		if e, err = w.registry.Entry(c.Request().Context(), by, kind, id); err != nil {
			return filling{}, err
		}
		if do = scene.ListingEdit; by.May(do, e.Object()) != nil {
			do = scene.ListingPropose
		}
	}
	if err := by.May(do, e.Object()); err != nil {
		return filling{}, err
	}
	f := filling{entry: e.Copy()}
	err = w.read(c, &f)
	return f, err
}

// Forget answers POST /workspace/listings/forget: the form begins anew.
func (w *Workspace) Forget(c echo.Context) error {
	kind, id := scene.Kind(c.FormValue("kind")), scene.ID(c.FormValue("id"))
	e, err := blank(c, kind)
	if err != nil {
		return err
	}
	e.Listing().ID = id
	if err := w.registry.DropScratch(c.Request().Context(), actor(c), place(&e)); err != nil {
		return err
	}
	if id != "" {
		return seeOther(c, kind, id, "forgotten")
	}
	return c.Redirect(http.StatusSeeOther, base+"/new?forgotten=1&kind="+url.QueryEscape(string(kind)))
}

// resume goes on from what was kept of the form, if anything was; else from
// what is stored. Without show it only learns the turn.
func (w *Workspace) resume(c echo.Context, f *filling, show bool) error {
	s, err := w.registry.Scratch(c.Request().Context(), actor(c), place(&f.entry))
	if scene.CodeOf(err) == scene.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	f.turn = s.Turn
	if !show {
		return nil
	}
	p := w.page(c, "")
	stored := f.entry
	f.entry = stored.Copy()
	f.typed = s.Values
	f.unread = w.sheetNow().Read(&f.entry, f.typed)
	f.notice, f.forget, f.since = p.T("web.draft.resumed", "date", ui.Minute(s.Saved)), true, s.Saved.UnixMilli()
	if s.Base != stored.Listing().Revision {
		f.stored = &stored
	}
	return nil
}

// copied fills a new form from an earlier entry of the same kind.
func (w *Workspace) copied(c echo.Context, f *filling, from scene.ID) error {
	kind := f.entry.Kind()
	old, err := w.registry.Entry(c.Request().Context(), actor(c), kind, from)
	if err != nil {
		return err
	}
	values := w.sheetNow().Values(&old)
	values.Del("valid_to") // of another time
	if old.Listing().OrgID != actor(c).OrgID {
		return &scene.Error{Code: scene.NotFound, Op: "workspace.copied", Key: "web.not_found"}
	}
	w.sheetNow().Read(&f.entry, values)
	f.notice = w.page(c, "").T("web.draft.copied", "name", old.Listing().Name)
	return nil
}

// starts are what a new form can be filled from.
func (w *Workspace) starts(c echo.Context, p *ui.Page, kind scene.Kind) (*ui.Starts, error) {
	own, err := w.registry.Own(c.Request().Context(), actor(c))
	if err != nil {
		return nil, err
	}
	v := &ui.Starts{Kind: string(kind), Action: base + "/fill?kind=" + string(kind), Limit: backend.MaxDraftFile >> 20}
	for i := range own {
		if own[i].Kind() == kind && len(v.Earlier) < startsShown {
			l := own[i].Listing()
			v.Earlier = append(v.Earlier, ui.Link{Text: l.Name, URL: base + "/new?kind=" + string(kind) + "&from=" + string(l.ID)})
		}
	}
	return v, nil
}

// Fill answers POST /workspace/listings/fill?kind=KIND: the rows of a workbook,
// of which one becomes the form; of a single one it does at once.
func (w *Workspace) Fill(c echo.Context) error {
	kind, by := scene.Kind(c.QueryParam("kind")), actor(c)
	e, err := blank(c, kind)
	if err != nil {
		return err
	}
	if err := by.May(scene.ListingCreate, e.Object()); err != nil {
		return err
	}
	f := filling{entry: e}
	if err := w.resume(c, &f, false); err != nil {
		return err
	}
	rows, err := w.rows(c, kind)
	if frame.Mendable(err) || scene.CodeOf(err) == scene.TooLarge {
		f.fault = err
		return w.form(c, edge.Status(scene.CodeOf(err)), f)
	}
	if err != nil {
		return err
	}
	p := w.page(c, "")
	p.Title = p.T("web.draft.rows")
	if len(rows) == 1 {
		f.typed = w.filled(&f.entry, &rows[0])
		f.unread, f.notice = w.sheetNow().Read(&f.entry, f.typed), p.T("web.draft.filled")
		return w.form(c, http.StatusOK, f)
	}
	v := ui.FillRows{Back: ui.Link{Text: p.T("web.workspace.begin." + string(kind)), URL: base + "/new?kind=" + string(kind)}, Full: len(rows) == backend.MaxDraftRows}
	for i := range rows {
		v.Rows = append(v.Rows, w.pick(p, &f, &rows[i]))
	}
	return w.frame.Render(c, http.StatusOK, ui.FillRowsView(p, v))
}

func (w *Workspace) rows(c echo.Context, kind scene.Kind) ([]registry.Entry, error) {
	head, err := c.FormFile("file")
	if err != nil {
		return nil, &scene.Error{Code: scene.Invalid, Op: "workspace.rows", Key: "upload.none", Err: err}
	}
	file, err := head.Open()
	if err != nil {
		return nil, scene.Wrap("workspace.rows", err)
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, backend.MaxDraftFile+1))
	if err != nil {
		return nil, scene.Wrap("workspace.rows", err)
	}
	return w.drafting.Rows(c.Request().Context(), kind, head.Filename, content)
}

// filled are the values of a row, with the contact of who writes where it has none.
func (w *Workspace) filled(blank, row *registry.Entry) url.Values {
	values, own := w.sheetNow().Values(row), w.sheetNow().Values(blank)
	for _, name := range []string{"contact.person", "contact.phone", "contact.mail"} {
		if len(values[name]) == 0 {
			values[name] = own[name]
		}
	}
	return values
}

// pick is a row with the form that takes it.
func (w *Workspace) pick(p *ui.Page, f *filling, row *registry.Entry) ui.FillRow {
	form := ui.Form{
		Action: base + "/new?kind=" + string(row.Kind()), Buttons: []ui.Button{{Label: p.T("web.draft.take"), Name: "then", Value: "fill"}},
	}
	fields := []ui.Field{{Name: "turn", Type: "hidden", Value: strconv.Itoa(f.turn)}}
	for name, values := range w.filled(&f.entry, row) {
		for _, v := range values {
			fields = append(fields, ui.Field{Name: name, Type: "hidden", Value: v})
		}
	}
	form.Groups = []ui.Group{{Fields: fields}}
	l := row.Listing()
	return ui.FillRow{Name: l.Name, Org: l.OrgName, Form: form}
}

// beside are the open entries that say nearly the same, each with its page for
// visitors. A page comes without them rather than not at all.
func (w *Workspace) beside(c echo.Context, p *ui.Page, e *registry.Entry) (rows []ui.Beside) {
	list, err := w.drafting.Alike(c.Request().Context(), e, p.Lang)
	if err != nil {
		return nil
	}
	for i := range list {
		rows = append(rows, sheet.Beside(p, &list[i], frame.PublicURL(e.Kind(), list[i].Listing.ID)))
	}
	return rows
}

// clear says how well the entry is written. A page comes without it rather than
// not at all. Links lead to fields of the form where there is one.
func (w *Workspace) clear(c echo.Context, p *ui.Page, e *registry.Entry, live bool) *ui.Clear {
	got, err := w.drafting.Clarity(c.Request().Context(), e, p.Lang)
	if err != nil {
		return nil
	}
	return w.sheetNow().Clear(p, e.Kind(), &got, live)
}
