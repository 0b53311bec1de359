// Package frame is what all pages share: the frame around a view, filled from
// the request, and the writing of a page.
//
// It stands on the fourth floor beside internal/web and knows no service.
package frame

import (
	"bytes"
	"slices"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/ui"
)

// Frame makes pages. It is safe for concurrent use.
type Frame struct {
	site    ui.Site
	assets  *ui.Assets
	open    bool
	buffers *sync.Pool
}

// New returns a Frame; open says that people can sign in.
func New(site ui.Site, assets *ui.Assets, open bool) *Frame {
	return &Frame{site: site, assets: assets, open: open, buffers: &sync.Pool{New: func() any { return new(bytes.Buffer) }}}
}

// Asset is the address of an embedded file by its plain name.
func (f *Frame) Asset(name string) string { return f.assets.URL(name) }

// Site is what the installation says of itself.
func (f *Frame) Site() ui.Site { return f.site }

// Page fills the frame from the request.
func (f *Frame) Page(c echo.Context) *ui.Page {
	r := edge.From(c.Request().Context())
	p := &ui.Page{
		Lang: r.Lang, Theme: r.Prefs.Theme, Large: r.Prefs.Large, RequestID: r.ID,
		Here: c.Request().URL.RequestURI(), Site: f.site, Assets: f.assets, Form: r.Form, Open: f.open,
	}
	if r.Who != nil {
		p.Who = r.Who.Account.Name
		p.Rooms = rooms(&r.Actor)
		p.Inbox, p.Unread = r.Inbox, r.Unread
	}
	return p
}

// rooms are the parts of the service that an account can enter, besides what
// visitors see.
func rooms(a *scene.Actor) []string {
	var names []string
	for _, room := range []struct {
		name string
		need scene.Action
	}{{"workspace", scene.WorkspaceEnter}, {"console", scene.ConsoleEnter}, {"opinions", scene.OpinionGive}} {
		if a.MayEver(room.need) {
			names = append(names, room.name)
		}
	}
	return slices.Clip(names)
}

// Render writes a page only when all of it has been made, so that a failure
// half-way still becomes an error page.
func (f *Frame) Render(c echo.Context, status int, page templ.Component) error {
	b, ok := f.buffers.Get().(*bytes.Buffer)
	if !ok {
		b = new(bytes.Buffer)
	}
	defer f.buffers.Put(b)
	b.Reset()
	if err := page.Render(c.Request().Context(), b); err != nil {
		return scene.Wrap("frame.Render", err)
	}
	caching := "private, no-cache"
	if edge.From(c.Request().Context()).Form != "" {
		caching = "no-store" // what an account saw is not for the next one at this machine
	}
	c.Response().Header().Set("Cache-Control", caching)
	return c.HTMLBlob(status, b.Bytes())
}
