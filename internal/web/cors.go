package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"
)

// shared lets pages of the origins that the installation names read the API in
// the browser of a visitor: what is public, and without cookies or tokens.
// Changes and tokens stay with programs.
func (s *Server) shared(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if len(s.config.Origins) == 0 || !isAPI(r.URL.Path) {
			return next(c)
		}
		h := c.Response().Header()
		h.Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		if !slices.Contains(s.config.Origins, origin) {
			return next(c)
		}
		asked := r.Header.Get("Access-Control-Request-Method")
		switch {
		case r.Method == http.MethodOptions && (asked == http.MethodGet || asked == http.MethodHead):
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Allow-Methods", "GET, HEAD")
			h.Set("Access-Control-Allow-Headers", "Accept-Language, If-None-Match")
			h.Set("Access-Control-Max-Age", "600")
			return c.NoContent(http.StatusNoContent)
		case r.Method == http.MethodGet || r.Method == http.MethodHead:
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Expose-Headers", "ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id")
		}
		return next(c)
	}
}
