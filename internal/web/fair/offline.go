package fair

import (
	"net"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/ui"
)

// keepable reports whether a browser keeps pages of this address for a phone
// without a network: it does over TLS, and on the machine itself.
func keepable(c echo.Context) bool {
	if c.Scheme() == "https" {
		return true
	}
	host := c.Request().Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Manifest answers GET /e/:code/app.webmanifest: what makes the personal page
// installable. The file is the delegate's own, since the page begins at his link.
func (h *Fair) Manifest(c echo.Context) error {
	code := c.Param("code")
	g, err := h.service.Guest(c.Request().Context(), code)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "private, no-cache")
	c.Response().Header().Set("Content-Type", "application/manifest+json")
	return c.JSON(http.StatusOK, map[string]any{
		"name": g.Fair.Title, "short_name": g.Fair.Title, "start_url": guestPath(code), "scope": "/e/", "display": "standalone",
		"background_color": "#ffffff", "theme_color": "#0b5c57", "lang": ui.HTMLLang(edge.From(c.Request().Context()).Lang),
		"icons": []map[string]string{{"src": h.frame.Asset("icon.svg"), "sizes": "any", "type": "image/svg+xml"}},
	})
}

// asked reports whether a script sent the form, which wants to know what became of it.
func asked(c echo.Context) bool {
	return strings.Contains(c.Request().Header.Get("Accept"), "application/json")
}

// merged is what a script is told of a form that it sent, now or out of a queue.
type merged struct {
	Done  string `json:"done,omitempty"`
	Place string `json:"place,omitempty"`
	// Fresh says that the entry is new: one that was sent before counts once.
	Fresh bool `json:"fresh"`
	// Conflict tells what the server had of the same thing, or why it refused.
	Conflict string `json:"conflict,omitempty"`
}

// before is what the own side had said of a meeting until now, in words, or ""
// where it is what is said now.
func (h *Fair) before(c echo.Context, g *convene.Guest, meeting string, now *scene.FairOutcome) string {
	board, err := h.service.Board(c.Request().Context(), g.Fair.ID)
	if err != nil {
		return ""
	}
	was, spoke := board.Day.Outcomes[meeting][g.Party.ID]
	if !spoke || was == *now {
		return ""
	}
	p := &ui.Page{Lang: edge.From(c.Request().Context()).Lang}
	return p.T("fair.offline.replaced", "said", said(p, &was))
}
