package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// fail answers a request whose handler returned an error: problem+json for
// programs, a page for people. It is the only place that does.
func (s *Server) fail(err error, c echo.Context) {
	ctx := c.Request().Context()
	if c.Response().Committed {
		s.config.Log.ErrorContext(ctx, "failed after the answer began", "error", err, "request_id", edge.From(ctx).ID)
		return
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		c.Response().Status = statusClosed
		return
	}
	problem := problemOf(ctx, err)
	if problem.Status >= http.StatusInternalServerError && !isCrowded(err) {
		s.config.Log.ErrorContext(ctx, "request failed", "error", err, "status", problem.Status, "request_id", problem.RequestID)
	}
	for _, name := range []string{echo.HeaderContentDisposition, echo.HeaderContentType} { // of the file that there would have been
		c.Response().Header().Del(name)
	}
	for name, values := range problem.GetHeaders() {
		c.Response().Header()[name] = values
	}
	if wantsJSON(c.Request()) {
		err = writeProblem(c, problem)
	} else {
		err = s.portal.Failure(c, problem)
	}
	if err != nil && !c.Response().Committed {
		s.config.Log.ErrorContext(ctx, "error page failed", "error", err, "request_id", problem.RequestID)
		err = c.String(problem.Status, problem.Detail+" ("+problem.RequestID+")")
	}
	if err != nil {
		s.config.Log.WarnContext(ctx, "error not sent", "error", err, "request_id", problem.RequestID)
	}
}

// problemOf describes any error, echo's own included.
func problemOf(ctx context.Context, err error) *edge.Problem {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return edge.NewProblem(ctx, &scene.Error{Code: scene.TooLarge, Err: err})
	}
	he, ok := errors.AsType[*echo.HTTPError](err)
	if !ok {
		return edge.NewProblem(ctx, err)
	}
	code := edge.CodeFor(he.Code)
	key := "error." + string(code)
	if he.Code == http.StatusMethodNotAllowed {
		key = "web.method"
	}
	return edge.ProblemAs(ctx, he.Code, code, locale.Text(edge.From(ctx).Lang, key, nil))
}

func writeProblem(c echo.Context, p *edge.Problem) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return c.Blob(p.Status, "application/problem+json", body)
}

// wantsJSON tells programs from people: by path, or by an Accept header that
// asks for JSON and not for HTML.
func wantsJSON(r *http.Request) bool {
	if isAPI(r.URL.Path) {
		return true
	}
	accept := r.Header.Get("Accept")
	return containsAny(accept, "application/json", "application/problem+json") && !containsAny(accept, "text/html")
}
