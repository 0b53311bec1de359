package edge

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"jinghe/internal/account"
	"jinghe/internal/scene"
)

// Names of the cookies of signing in. Over TLS they carry the prefix __Host-,
// which keeps other hosts of the domain from setting them.
const (
	cookieSession = "jinghe_session"
	cookieSeal    = "jinghe_seal"
	cookieAway    = "jinghe_away"
)

// FormField is the name of the field in which a form carries its token.
const FormField = "form_token"

func hostCookie(c echo.Context, name string) string {
	if c.Scheme() == "https" {
		return "__Host-" + name
	}
	return name
}

// SessionToken returns the session token that the browser sent, "" if none.
func SessionToken(c echo.Context) string { return cookieValue(c, cookieSession) }

// Seal returns the secret to which the browser's forms are tied, "" if it has none.
func Seal(c echo.Context) string { return cookieValue(c, cookieSeal) }

func cookieValue(c echo.Context, name string) string {
	return boundedCookie(c, name, 128)
}

func boundedCookie(c echo.Context, name string, most int) string {
	kept, err := c.Cookie(hostCookie(c, name))
	if err != nil || len(kept.Value) > most {
		return ""
	}
	return kept.Value
}

// awayFor is how many seconds a person may take to sign in elsewhere.
const awayFor = 600

// Away returns what a browser took along to sign in elsewhere, "" if nothing.
func Away(c echo.Context) string { return boundedCookie(c, cookieAway, 3000) }

// SetAway has the browser keep what it needs when it comes back.
func SetAway(c echo.Context, value string) { setCookie(c, cookieAway, value, awayFor) }

// ClearAway takes it from the browser.
func ClearAway(c echo.Context) { setCookie(c, cookieAway, "", -1) }

// SetSession gives the browser a session token. It ends with the browser, and
// before that with the session.
func SetSession(c echo.Context, token string) { setCookie(c, cookieSession, token, 0) }

// ClearSession takes the session token from the browser.
func ClearSession(c echo.Context) { setCookie(c, cookieSession, "", -1) }

// NewSeal makes a secret for the forms of this browser.
func NewSeal(c echo.Context, random io.Reader) (string, error) {
	var b [24]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", &scene.Error{Code: scene.Internal, Op: "edge.NewSeal", Err: err}
	}
	seal := base64.RawURLEncoding.EncodeToString(b[:])
	setCookie(c, cookieSeal, seal, 0)
	return seal, nil
}

func setCookie(c echo.Context, name, value string, age int) {
	c.SetCookie(&http.Cookie{
		Name: hostCookie(c, name), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: c.Scheme() == "https", SameSite: http.SameSiteLaxMode,
	})
}

// FormToken ties a form to the browser and to the session: it is worthless
// elsewhere, and after signing in or out.
func FormToken(seal, session string) string {
	mac := hmac.New(sha256.New, []byte(seal))
	mac.Write([]byte("form\x00" + session))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// SameToken compares two tokens in constant time.
func SameToken(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// StagePath is the page that asks for what a session still lacks.
func StagePath(stage account.Stage) string {
	switch stage {
	case account.StageCode:
		return "/sign-in/code"
	case account.StageChange:
		return "/account/password"
	case account.StageEnrol:
		return "/account/factor"
	}
	return "/"
}
