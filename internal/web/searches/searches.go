// Package searches is the pages on which a person keeps questions and reads
// what they found.
//
// It stands on the fourth floor beside internal/web, which mounts its handlers
// on routes behind their permissions.
package searches

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/standing"
	"jinghe/internal/store"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// base is where the saved searches live.
const base = "/workspace/searches"

// perPage is how many searches or finds a page shows.
const perPage = 50

// Searches holds the handlers. It is safe for concurrent use.
type Searches struct {
	service   *standing.Service
	catalogue backend.Catalogue
	dict      func() *scene.Dictionaries
	now       func() time.Time
	frame     *frame.Frame
}

// New returns the pages.
func New(s backend.Services, now func() time.Time, f *frame.Frame) *Searches {
	return &Searches{service: s.Searches, catalogue: s.Catalogue, dict: s.Dictionaries, now: now, frame: f}
}

func (s *Searches) page(c echo.Context, title string) *ui.Page {
	p := s.frame.Page(c)
	p.Title, p.NoIndex, p.Desk, p.Nav = p.T(title), true, true, "workspace"
	return p
}

func actor(c echo.Context) scene.Actor { return edge.From(c.Request().Context()).Actor }

func at(id scene.ID) string { return base + "/" + url.PathEscape(string(id)) }

// List answers GET /workspace/searches?after=CURSOR.
func (s *Searches) List(c echo.Context) error {
	rows, err := s.service.List(c.Request().Context(), actor(c), store.Page{After: c.QueryParam("after"), Limit: perPage})
	if err != nil {
		return err
	}
	p := s.page(c, "web.searches.title")
	v := ui.Searches{}
	if done := c.QueryParam("done"); p.Has("web.searches.done." + done) {
		v.Notice = p.T("web.searches.done." + done)
	}
	for _, kind := range []scene.Kind{scene.KindCapability, scene.KindOpportunity} {
		v.Begin = append(v.Begin, ui.Link{Text: p.T("web.searches.begin." + string(kind)), URL: base + "/new?kind=" + string(kind)})
	}
	for i := range rows.Items {
		v.Rows = append(v.Rows, s.row(p, &rows.Items[i]))
	}
	if rows.Next != "" {
		v.Next = base + "?" + url.Values{"after": {rows.Next}}.Encode()
	}
	return s.frame.Render(c, http.StatusOK, ui.SearchesPage(p, v))
}

func (s *Searches) row(p *ui.Page, k *standing.Kept) ui.SearchRow {
	r := ui.SearchRow{
		Name: k.Name, URL: at(k.ID), Kind: p.T("web.kind." + string(k.Wants)), Asks: s.asks(p, &k.SavedSearch),
		Tell: p.T("web.searches.pace." + paceKey(k.Tell)), Told: ui.Moment(p.Lang, k.State.Told), Fresh: k.State.Fresh,
	}
	if k.Paused {
		r.State = ui.State{Code: string(scene.Paused), Label: p.T("web.searches.paused")}
	}
	return r
}

// Search answers GET /workspace/searches/:id: what it found counts as seen.
func (s *Searches) Search(c echo.Context) error {
	ctx, by, id := c.Request().Context(), actor(c), scene.ID(c.Param("id"))
	k, err := s.service.Get(ctx, by, id)
	if err != nil {
		return err
	}
	found, err := s.service.Found(ctx, by, id, store.Page{After: c.QueryParam("after"), Limit: perPage})
	if err != nil {
		return err
	}
	breadth, err := s.service.Breadth(ctx, k.SavedSearch)
	if err != nil {
		return err
	}
	p := s.page(c, "web.searches.title")
	p.Title = k.Name
	v := ui.SearchPage{Search: s.row(p, &k), Edit: at(id) + "/edit", List: listOf(&k.SavedSearch), Forms: forms(p, &k)}
	if done := c.QueryParam("done"); p.Has("web.searches.done." + done) {
		v.Notice = p.T("web.searches.done." + done)
	}
	if breadth.TooBroad() {
		v.Advice = p.T("web.searches.broad", "found", breadth.Found, "of", breadth.Of)
	}
	if v.Found, v.Gone, err = s.found(ctx, p, k.Wants, found.Items, k.State.Fresh); err != nil {
		return err
	}
	if found.Next != "" {
		v.Next = at(id) + "?" + url.Values{"after": {found.Next}}.Encode()
	}
	if c.QueryParam("after") == "" && k.State.Fresh > 0 {
		if err := s.service.Seen(ctx, by, id); err != nil {
			return err
		}
	}
	return s.frame.Render(c, http.StatusOK, ui.SearchPageView(p, v))
}

// found shows what is still public of what a search found, the latest first;
// so many of the first are new.
func (s *Searches) found(ctx context.Context, p *ui.Page, kind scene.Kind, ids []scene.ID, fresh int) (rows []ui.Row, gone int, err error) {
	listings := map[scene.ID]*scene.Listing{}
	if kind == scene.KindOpportunity {
		found, err := s.catalogue.OpportunitiesByID(ctx, ids)
		if err != nil {
			return nil, 0, err
		}
		for i := range found {
			listings[found[i].ID] = &found[i].Listing
		}
	} else {
		found, err := s.catalogue.CapabilitiesByID(ctx, ids)
		if err != nil {
			return nil, 0, err
		}
		for i := range found {
			listings[found[i].ID] = &found[i].Listing
		}
	}
	for i, id := range ids {
		l := listings[id]
		if l == nil || !l.Public(s.now()) {
			gone++
			continue
		}
		row := ui.Row{
			Name: l.Name, URL: frame.PublicURL(kind, id), Kind: p.T("web.kind." + string(kind) + ".one"), Org: l.OrgName,
			State: frame.State(p, l.State), Date: ui.Minute(l.Updated),
		}
		if i < fresh {
			row.Note = p.T("web.searches.is_new")
		}
		rows = append(rows, row)
	}
	return rows, gone, nil
}

// forms are what can be done to a search.
func forms(p *ui.Page, k *standing.Kept) []ui.Form {
	pause := "pause"
	if k.Paused {
		pause = "resume"
	}
	return []ui.Form{
		{Action: at(k.ID) + "/" + pause, Buttons: []ui.Button{{Label: p.T("web.searches." + pause)}}},
		{Action: at(k.ID) + "/delete", Buttons: []ui.Button{{Label: p.T("web.searches.delete"), Danger: true}}},
	}
}

// Pause answers POST /workspace/searches/:id/pause, Resume the way back.
func (s *Searches) Pause(c echo.Context) error { return s.setPaused(c, true) }

// Resume answers POST /workspace/searches/:id/resume.
func (s *Searches) Resume(c echo.Context) error { return s.setPaused(c, false) }

func (s *Searches) setPaused(c echo.Context, paused bool) error {
	ctx, by := c.Request().Context(), actor(c)
	k, err := s.service.Get(ctx, by, scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	k.Paused = paused
	if _, err := s.service.Save(ctx, by, k.SavedSearch); err != nil {
		return err
	}
	done := "resumed"
	if paused {
		done = "paused"
	}
	return c.Redirect(http.StatusSeeOther, at(k.ID)+"?done="+done)
}

// Delete answers POST /workspace/searches/:id/delete.
func (s *Searches) Delete(c echo.Context) error {
	if err := s.service.Delete(c.Request().Context(), actor(c), scene.ID(c.Param("id"))); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, base+"?done=deleted")
}
