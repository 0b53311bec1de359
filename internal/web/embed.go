package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
)

// embedPath is the page that other sites show in a frame.
const embedPath = "/embed"

// embedded says where a request comes from a frame in another site's page, or is
// answered as if it did: nobody is known, and nothing is kept in the browser.
func embedded(path string) bool {
	return path == embedPath || strings.HasPrefix(path, embedPath+"/") || path == embedPath+".js"
}

// framed lets the pages of this site, and of those that the installation names,
// show an answer in a frame.
func (s *Server) framed(next echo.HandlerFunc) echo.HandlerFunc {
	allowed := strings.Join(append([]string{"frame-ancestors 'self'"}, s.config.EmbedOrigins...), " ")
	loose := strings.Replace(policy, "frame-ancestors 'none'", allowed, 1)
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", loose)
		h.Del("X-Frame-Options") // it knows no list, and the policy says the same better
		return next(c)
	}
}

// framing lets an answer show frames of this site.
func (s *Server) framing(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy", policy+"; frame-src 'self'")
		return next(c)
	}
}

// widget sends the script behind the tag, under an address that stays; it may run
// in pages of other sites.
func (s *Server) widget(c echo.Context) error {
	a, ok := s.assets.Find(strings.TrimPrefix(s.assets.URL("widget.js"), "/assets/"))
	if !ok {
		return &scene.Error{Code: scene.NotFound, Op: "web.widget", Key: "web.not_found"}
	}
	h := c.Response().Header()
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "public, max-age=3600")
	if c.Request().Method == http.MethodHead {
		return c.NoContent(http.StatusOK)
	}
	return sendAsset(c, a)
}
