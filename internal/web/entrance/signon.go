package entrance

import (
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
)

// SignOn is the handlers of signing in elsewhere. It is safe for concurrent use.
type SignOn struct {
	*Entrance
	elsewhere backend.SignOn
	random    io.Reader
}

// NewSignOn returns the handlers; random nil is that of the system.
func NewSignOn(e *Entrance, elsewhere backend.SignOn, random io.Reader) *SignOn {
	if random == nil {
		random = rand.Reader
	}
	e.elsewhere = elsewhere
	return &SignOn{e, elsewhere, random}
}

// Begin answers GET /sign-in/with?next=PATH: it sends the browser to where
// people sign in, with what it has to bring back.
func (s *SignOn) Begin(c echo.Context) error {
	var secrets [3]string // state, nonce, verifier
	for i := range secrets {
		var b [32]byte
		if _, err := io.ReadFull(s.random, b[:]); err != nil {
			return &scene.Error{Code: scene.Internal, Op: "entrance.SignOn", Err: err}
		}
		secrets[i] = base64.RawURLEncoding.EncodeToString(b[:])
	}
	to, err := s.elsewhere.Begin(c.Request().Context(), secrets[0], secrets[1], secrets[2])
	if err != nil {
		return s.signInPage(c, edge.Status(scene.CodeOf(err)), next(c), "", err)
	}
	edge.SetAway(c, strings.Join(secrets[:], ".")+"."+base64.RawURLEncoding.EncodeToString([]byte(next(c))))
	return c.Redirect(http.StatusFound, to)
}

// Return answers GET /sign-in/with/return?code=CODE&state=STATE. What this
// browser did not set out for is refused.
func (s *SignOn) Return(c echo.Context) error {
	parts := strings.Split(edge.Away(c), ".")
	edge.ClearAway(c)
	refused := &scene.Error{Code: scene.Unauthorized, Op: "entrance.Return", Key: "sign_on.refused"}
	if len(parts) != 4 || parts[0] == "" || !edge.SameToken(c.QueryParam("state"), parts[0]) || c.QueryParam("code") == "" {
		return s.signInPage(c, http.StatusUnauthorized, "", "", refused)
	}
	path, err := base64.RawURLEncoding.DecodeString(parts[3])
	if err != nil {
		path = nil
	}
	onward := edge.LocalPath(string(path), "")
	ctx := c.Request().Context()
	claim, err := s.elsewhere.Finish(ctx, c.QueryParam("code"), parts[1], parts[2])
	var token string
	if err == nil {
		token, err = s.accounts.SignOn(ctx, claim, account.Attempt{From: c.RealIP(), Agent: c.Request().UserAgent(), Replaces: edge.SessionToken(c)})
	}
	switch scene.CodeOf(err) {
	case "":
		return s.welcome(c, token, onward)
	case scene.Unauthorized, scene.Unavailable:
		return s.signInPage(c, edge.Status(scene.CodeOf(err)), onward, "", err)
	}
	return err
}
