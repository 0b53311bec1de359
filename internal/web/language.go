package web

import (
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/portal"
)

// language chooses the language of an answer: ?lang=, which is remembered for
// pages, then the cookie, then Accept-Language, then that of the installation.
func (s *Server) language(c echo.Context) locale.Lang {
	c.Response().Header().Add("Vary", "Accept-Language, Cookie")
	if asked := c.QueryParam("lang"); asked != "" && len(asked) <= 16 {
		if lang, ok := locale.Parse(asked); ok {
			if path := c.Request().URL.Path; !isAPI(path) && !embedded(path) {
				c.SetCookie(portal.Choice(c, portal.CookieLang, string(lang)))
			}
			return lang
		}
	}
	if kept, err := c.Cookie(portal.CookieLang); err == nil {
		if lang, ok := locale.Parse(kept.Value); ok {
			return lang
		}
	}
	if lang, ok := accepted(c.Request().Header.Get("Accept-Language")); ok {
		return lang
	}
	return s.config.Lang
}

// accepted returns the language of ours with the highest weight in an
// Accept-Language header (RFC 9110, 12.5.4); the first one wins a tie.
func accepted(header string) (best locale.Lang, ok bool) {
	if len(header) > 512 {
		header = header[:512]
	}
	top := 0.0
	for item := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(item, ";")
		weight := 1.0
		if q, found := strings.CutPrefix(strings.TrimSpace(params), "q="); found {
			w, err := strconv.ParseFloat(q, 64)
			if err != nil {
				continue
			}
			weight = w
		}
		if lang, ours := locale.Parse(tag); ours && weight > top {
			best, top, ok = lang, weight, true
		}
	}
	return best, ok
}

// preferences reads the cookies that portal.Preferences sets.
func preferences(c echo.Context) edge.Preferences {
	var p edge.Preferences
	if theme, err := c.Cookie(portal.CookieTheme); err == nil && (theme.Value == "light" || theme.Value == "dark") {
		p.Theme = theme.Value
	}
	if text, err := c.Cookie(portal.CookieText); err == nil {
		p.Large = text.Value == "large"
	}
	return p
}

func isAPI(path string) bool { return path == "/api" || strings.HasPrefix(path, "/api/") }
