package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// asset sends an embedded file. Its address changes with its content, so a
// browser may keep it for ever.
func (s *Server) asset(c echo.Context) error {
	a, ok := s.assets.Find(c.Param("name"))
	if !ok {
		return &scene.Error{Code: scene.NotFound, Op: "web.asset", Key: "web.not_found"}
	}
	c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	return sendAsset(c, a)
}

// icon answers browsers that ask for /favicon.ico unasked.
func (s *Server) icon(c echo.Context) error {
	a, ok := s.assets.Find(strings.TrimPrefix(s.assets.URL("icon.svg"), "/assets/"))
	if !ok {
		return &scene.Error{Code: scene.NotFound, Op: "web.icon", Key: "web.not_found"}
	}
	c.Response().Header().Set("Cache-Control", "public, max-age=86400")
	return sendAsset(c, a)
}

// worker sends the script that keeps personal pages of events for phones without
// a network. It has to lie above them, and to be asked for anew.
func (s *Server) worker(c echo.Context) error {
	a, ok := s.assets.Find(strings.TrimPrefix(s.assets.URL("sw.js"), "/assets/"))
	if !ok {
		return &scene.Error{Code: scene.NotFound, Op: "web.worker", Key: "web.not_found"}
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return sendAsset(c, a)
}

func sendAsset(c echo.Context, a *ui.Asset) error {
	h := c.Response().Header()
	h.Set("ETag", `"`+a.Hash+`"`)
	if c.Request().Header.Get("If-None-Match") == `"`+a.Hash+`"` {
		return c.NoContent(http.StatusNotModified)
	}
	if a.Gzipped != nil {
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			return c.Blob(http.StatusOK, a.Type, a.Gzipped)
		}
	}
	body, err := a.Unpacked()
	if err != nil {
		return scene.Wrap("web.asset", err)
	}
	return c.Blob(http.StatusOK, a.Type, body)
}

// robots keeps crawlers out of searches and of the API.
func (s *Server) robots(c echo.Context) error {
	text := "User-agent: *\nDisallow: /search\nDisallow: /suggest\nDisallow: /compare\nDisallow: /*/card\nDisallow: /preferences\nDisallow: /api/\nDisallow: /*/matches\nDisallow: /workspace\nDisallow: /console\nDisallow: /account\nDisallow: /sign-\nDisallow: /invitations\nDisallow: /e/\nDisallow: /badge/\nDisallow: /wall/\n"
	if s.config.PublicURL != "" {
		text += "Sitemap: " + s.config.PublicURL + "/sitemap.xml\n"
	}
	return c.String(http.StatusOK, text)
}
