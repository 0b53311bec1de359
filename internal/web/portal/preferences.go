package portal

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/web/edge"
)

// Names of the cookies that keep a reader's choices. They hold nothing else.
const (
	CookieLang  = "jinghe_lang"
	CookieTheme = "jinghe_theme"
	CookieText  = "jinghe_text"
)

// Preferences answers GET /preferences?lang|theme|text=VALUE&back=PATH: it
// keeps the choice in a cookie and goes back. It works without JavaScript.
func (p *Portal) Preferences(c echo.Context) error {
	if lang, ok := locale.Parse(c.QueryParam("lang")); ok {
		c.SetCookie(Choice(c, CookieLang, string(lang)))
	}
	switch theme := c.QueryParam("theme"); theme {
	case "light", "dark":
		c.SetCookie(Choice(c, CookieTheme, theme))
	case "auto":
		c.SetCookie(Choice(c, CookieTheme, ""))
	}
	switch c.QueryParam("text") {
	case "on":
		c.SetCookie(Choice(c, CookieText, "large"))
	case "off":
		c.SetCookie(Choice(c, CookieText, ""))
	}
	return c.Redirect(http.StatusSeeOther, edge.LocalPath(c.QueryParam("back"), "/"))
}

// Choice makes a cookie for one choice; an empty value removes it.
func Choice(c echo.Context, name, value string) *http.Cookie {
	age := int((365 * 24 * time.Hour).Seconds())
	if value == "" {
		age = -1
	}
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: c.Scheme() == "https", SameSite: http.SameSiteLaxMode,
	}
}
