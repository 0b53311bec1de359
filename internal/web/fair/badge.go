package fair

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// BadgePath is the address that the picture on a badge says.
func BadgePath(fair, delegate scene.ID) string {
	return "/badge/" + string(fair) + "/" + convene.BadgeCode(fair, delegate)
}

// Badge answers GET /badge/:id/:badge, which the camera of a phone opens. Staff who
// are signed in check the delegate in: a script presses the one button there is, which is
// not there for who was checked in already.
// Anybody else reads what the code is for, the same whatever the code.
func (h *Fair) Badge(c echo.Context) error {
	p := h.frame.Page(c)
	p.Title, p.NoIndex, p.Desk, p.Fair = p.T("fair.badge"), true, true, true
	if by := actor(c); by.May(scene.FairRun, scene.Object{}) != nil {
		v := ui.Badge{Text: p.T("fair.badge.text")}
		if by.ID == "" {
			v.Ways = []ui.Link{{Text: p.T("fair.badge.sign_in"), URL: "/sign-in?" + url.Values{"next": {c.Request().URL.Path}}.Encode()}}
		}
		return h.frame.Render(c, http.StatusOK, ui.BadgePage(p, v))
	}
	board, err := h.service.Board(c.Request().Context(), scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	day := "/console/events/" + string(board.Fair.ID) + "/day"
	v := ui.Badge{Fair: board.Fair.Title, Ways: []ui.Link{{Text: p.T("fair.part.day"), URL: day}}}
	x, known := board.Badge(c.Param("badge"))
	if !known {
		v.Text = p.T("fair.badge.unknown")
		return h.frame.Render(c, http.StatusNotFound, ui.BadgePage(p, v))
	}
	v.Name, v.Party = DelegateName(p, &x.Delegate), x.Party.Name
	if board.Came(x.Party.ID, x.Delegate.ID, h.now()) {
		v.Text = Welcome(p, board, &x, true)
		return h.frame.Render(c, http.StatusOK, ui.BadgePage(p, v))
	}
	arrive := ArriveForm(p, day, &x)
	v.CheckIn = &arrive
	return h.frame.Render(c, http.StatusOK, ui.BadgePage(p, v))
}

// ArriveForm is the button that checks one delegate in, on the page of the day at that address.
func ArriveForm(p *ui.Page, day string, x *convene.Named) ui.Form {
	return ui.Form{Action: day, Groups: []ui.Group{{Fields: []ui.Field{
		{Name: "do", Type: "hidden", Value: "arrive"},
		{Name: "party", Type: "hidden", Value: string(x.Party.ID)},
		{Name: "delegate", Type: "hidden", Value: string(x.Delegate.ID)},
	}}}, Buttons: []ui.Button{{Label: p.T("fair.check_in")}}}
}
