package fair

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// Fair holds the handlers. It is safe for concurrent use.
type Fair struct {
	service *convene.Service
	frame   *frame.Frame
	now     func() time.Time
	public  string          // address that people use, "" if not known
	closing <-chan struct{} // closed when streams have to end
}

// New returns the pages.
func New(service *convene.Service, f *frame.Frame, now func() time.Time, public string, closing <-chan struct{}) *Fair {
	return &Fair{service: service, frame: f, now: now, public: public, closing: closing}
}

func actor(c echo.Context) scene.Actor { return edge.From(c.Request().Context()).Actor }

// List answers GET /events: what is coming, and what was.
func (h *Fair) List(c echo.Context) error {
	list, err := h.service.Fairs(c.Request().Context(), scene.Actor{})
	if err != nil {
		return err
	}
	phases, err := h.service.Phases(c.Request().Context(), list)
	if err != nil {
		return err
	}
	p := h.frame.Page(c)
	p.Title, p.Desk, p.Fair, p.Nav = p.T("web.nav.events"), true, true, "events"
	var v ui.FairList
	for i := range list {
		f := &list[i]
		card := ui.FairCard{Title: f.Title, URL: "/events/" + string(f.ID), When: When(p, f), Place: f.Place, Theme: f.Theme, State: State(p, phases[i])}
		if f.State == scene.FairOver || f.End().Before(h.now()) {
			v.Past = append(v.Past, card)
		} else {
			v.Coming = append([]ui.FairCard{card}, v.Coming...)
		}
	}
	return h.frame.Render(c, http.StatusOK, ui.FairListPage(p, v))
}

// Show answers GET /events/:id for anybody.
func (h *Fair) Show(c echo.Context) error {
	f, err := h.service.Fair(c.Request().Context(), scene.Actor{}, scene.ID(c.Param("id")))
	if scene.CodeOf(err) == scene.Unauthorized { // not for visitors: for them it is not there
		err = &scene.Error{Code: scene.NotFound, Op: "fair.Show", Key: "web.not_found"}
	}
	if err != nil {
		return err
	}
	phase, err := h.service.Phase(c.Request().Context(), &f)
	if err != nil {
		return err
	}
	p := h.frame.Page(c)
	p.Title, p.Desk, p.Fair, p.Nav = f.Title, true, true, "events"
	v := ui.FairCard{Theme: f.Theme, State: State(p, phase), Programme: Programme(p, &f, h.now())}
	v.Facts = []ui.Fact{{Label: p.T("fair.when"), Value: When(p, &f)}}
	if f.Place != "" {
		v.Facts = append(v.Facts, ui.Fact{Label: p.T("fair.place"), Value: f.Place})
	}
	if f.Minutes > 0 && len(f.Slots) > 0 {
		v.Facts = append(v.Facts, ui.Fact{Label: p.T("fair.meetings"), Value: p.T("fair.meetings.text", "slots", len(f.Slots), "minutes", f.Minutes)})
	}
	by := actor(c)
	switch {
	case by.MayEver(scene.WorkspaceEnter):
		v.Ways = []ui.Link{{Text: p.T("fair.to_own"), URL: own + "/" + string(f.ID)}}
	case by.Known() && f.State == scene.FairOpen: // an account of no organisation: it cannot sign one up
		v.Facts = append(v.Facts, ui.Fact{Label: p.T("fair.join"), Value: p.T("fair.join.no_organisation")})
	case !by.Known() && p.Open && f.State == scene.FairOpen:
		v.Ways = []ui.Link{{Text: p.T("fair.to_sign_in"), URL: "/sign-in?next=/events/" + string(f.ID)}}
	}
	return h.frame.Render(c, http.StatusOK, ui.FairPage(p, v))
}
