package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// who finds out who asks: the holder of the session in the cookie, or a
// visitor. A session that has ended takes its cookie with it.
func (s *Server) who(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		switch {
		case s.services.Accounts == nil:
			return next(c)
		case isAPI(c.Request().URL.Path):
			return s.bearer(c, next)
		case machinePath(c.Request().URL.Path):
			return next(c)
		}
		ctx := c.Request().Context()
		r := edge.From(ctx)
		r.Actor = scene.Actor{From: c.RealIP()}
		if token := edge.SessionToken(c); token != "" {
			identity, err := s.services.Accounts.Resume(ctx, token)
			switch {
			case err == nil:
				r.Who, r.Session, r.Actor = &identity, token, identity.Actor(c.RealIP())
				r.Inbox, r.Unread = s.unread(ctx, &r.Actor)
			case scene.CodeOf(err) == scene.Unauthorized:
				edge.ClearSession(c)
			default: // what visitors see still comes
				s.config.Log.WarnContext(ctx, "session not read", "error", err, "request_id", r.ID)
			}
		}
		if seal := edge.Seal(c); seal != "" {
			r.Form = edge.FormToken(seal, r.Session)
		}
		c.SetRequest(c.Request().WithContext(edge.With(ctx, r)))
		return next(c)
	}
}

// unread counts what is new in the inbox of who is wholly signed in. A page
// comes without the number rather than not at all.
func (s *Server) unread(ctx context.Context, a *scene.Actor) (inbox bool, n int) {
	if s.services.Notices == nil || !a.Known() {
		return false, 0
	}
	n, err := s.services.Notices.Unread(ctx, a.ID)
	if err != nil {
		s.config.Log.WarnContext(ctx, "unread notices not counted", "error", err)
	}
	return true, n
}

// bearer finds out which program asks: the holder of the access token in the
// header, or anybody. The API knows no cookies, so that no other site can have a
// browser ask in the name of its reader. A token that is worthless is an error
// also where none is needed: its sender should know.
func (s *Server) bearer(c echo.Context, next echo.HandlerFunc) error {
	ctx := c.Request().Context()
	r := edge.From(ctx)
	r.Actor = scene.Actor{From: c.RealIP()}
	scheme, secret, _ := strings.Cut(c.Request().Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		by, err := s.services.Accounts.Bearer(ctx, strings.TrimSpace(secret), c.RealIP())
		if err != nil {
			return s.limited(ClassSign, func(echo.Context) error { return err })(c)
		}
		r.Actor = by
	}
	c.SetRequest(c.Request().WithContext(edge.With(ctx, r)))
	return next(c)
}

// machinePath says where nobody is signed in: files, probes and widgets.
func machinePath(path string) bool {
	return strings.HasPrefix(path, "/assets/") ||
		embedded(path) || path == "/healthz" || path == "/readyz" || path == "/metrics" || path == "/robots.txt" || path == "/favicon.ico"
}

// allow decides whether the caller of c has the permission.
func (s *Server) allow(c echo.Context, need edge.Permission) error {
	r := edge.From(c.Request().Context())
	switch need {
	case edge.Visitor:
		return nil
	case edge.Operator:
		if within(s.config.Operators, c.RealIP()) && !s.forwarded(c.Request()) {
			return nil
		}
	case edge.Known:
		if r.Actor.Known() {
			return nil
		}
		return &scene.Error{Code: scene.Unauthorized, Op: "web.allow", Key: "permission.bearer"}
	case edge.Signed:
		if r.Who != nil {
			return nil
		}
		return &scene.Error{Code: scene.Unauthorized, Op: "web.allow", Key: "permission.sign_in"}
	default:
		if do, ok := need.Action(); ok {
			return allowed(&r.Actor, do)
		}
	}
	return &scene.Error{Code: scene.Forbidden, Op: "web.allow", Key: "web.forbidden"}
}

// allowed asks the table whether there is anything the actor may do that to.
func allowed(a *scene.Actor, do scene.Action) error {
	if a.MayEver(do) {
		return nil
	}
	return a.May(do, scene.Object{})
}

// detour returns where a person who may not go on yet is sent: to the sign-in
// or to what is still asked for. It is empty for programs and for forms, whose
// content a redirect would lose.
func (s *Server) detour(c echo.Context, err error) string {
	r := c.Request()
	if scene.CodeOf(err) != scene.Unauthorized || wantsJSON(r) || s.services.Accounts == nil ||
		r.Method != http.MethodGet && r.Method != http.MethodHead {
		return ""
	}
	back := url.Values{"next": {r.URL.RequestURI()}}.Encode()
	if who := edge.From(r.Context()).Who; who != nil {
		return edge.StagePath(who.Stage) + "?" + back
	}
	return "/sign-in?" + back
}

// sealed gives the browser the secret that its forms are tied to.
func (s *Server) sealed(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		r := edge.From(ctx)
		if r.Form == "" {
			seal, err := edge.NewSeal(c, s.config.Random)
			if err != nil {
				return err
			}
			r.Form = edge.FormToken(seal, r.Session)
			c.SetRequest(c.Request().WithContext(edge.With(ctx, r)))
		}
		return next(c)
	}
}

// answered seals a page for visitors on which people who are signed in find forms;
// to all others it is the same page, without a cookie.
func (s *Server) answered(next echo.HandlerFunc) echo.HandlerFunc {
	sealed := s.sealed(next)
	return func(c echo.Context) error {
		if edge.From(c.Request().Context()).Session == "" {
			return next(c)
		}
		return sealed(c)
	}
}

// genuine refuses a form that this site did not make for this browser: its
// request comes from another site, or it lacks the token of the page.
func (s *Server) genuine(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		forged := &scene.Error{Code: scene.Forbidden, Op: "web.genuine", Key: "web.form_stale"}
		if err := s.origins.Check(c.Request()); err != nil {
			forged.Err = err
			return forged
		}
		if _, err := c.FormParams(); err != nil {
			return unread(err)
		}
		r := edge.From(c.Request().Context())
		if r.Form == "" || !edge.SameToken(c.FormValue(edge.FormField), r.Form) {
			return forged
		}
		return next(c)
	}
}

// unread says why the fields of a form could not be read: too many of them, for net/url
// takes 10,000, or a body that grew too large or broke off.
func unread(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return &scene.Error{Code: scene.TooLarge, Op: "web.genuine", Key: "web.form_unread", Err: err}
}

// limited holds a class of requests to its rate, by account where one is
// signed in, else by address.
func (s *Server) limited(class Class, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		key := account.AddressKey(c.RealIP())
		if r := edge.From(c.Request().Context()); r.Actor.Known() && class != ClassSign {
			key = string(r.Actor.ID)
		}
		got := s.limits.take(class, key, s.config.Now())
		if isAPI(c.Request().URL.Path) {
			got.tell(c.Response().Header())
		}
		if wait := got.wait; wait > 0 {
			return &scene.Error{
				Code: scene.TooMany, Op: "web.limited", Key: "web.too_many",
				Args: map[string]any{"seconds": int((wait + 999_999_999) / 1_000_000_000)},
			}
		}
		s.tally.note(class, key)
		return next(c)
	}
}
