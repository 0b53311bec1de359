package edge

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

// Problem is an error as a client sees it: problem+json (RFC 9457) with the
// stable code of scene.Error and the id of the request. It never holds a cause.
type Problem struct {
	Type      string         `json:"type" example:"urn:jinghe:problem:not_found" doc:"Identifies the kind of problem; ends in the code."`
	Title     string         `json:"title" example:"Not Found" doc:"The HTTP status in words."`
	Status    int            `json:"status" example:"404" doc:"The HTTP status."`
	Detail    string         `json:"detail" example:"没有找到，可能已被删除或尚未公开。" doc:"One sentence for a person, in the language asked for."`
	Code      string         `json:"code" enum:"invalid,not_found,conflict,unauthorized,forbidden,precondition,too_large,too_many,unavailable,internal" example:"not_found" doc:"Stable code for programs."`
	RequestID string         `json:"request_id" example:"01J9ZD3V5W8Q" doc:"Quote this when you report the problem."`
	Errors    []FieldProblem `json:"errors,omitempty" doc:"Which inputs are wrong."`
	Wait      int            `json:"-"` // seconds to wait before trying again; 0 is not said
}

// FieldProblem names one wrong input of a Problem.
type FieldProblem struct {
	Field   string `json:"field" example:"limit" doc:"Where the value stands."`
	Message string `json:"message" doc:"What is wrong with it."`
}

// Error returns the detail.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType turns JSON into problem+json.
func (p *Problem) ContentType(ct string) string {
	if ct == "application/json" {
		return "application/problem+json"
	}
	return ct
}

// GetHeaders returns Retry-After where trying again makes sense, and how to
// say who asks where that is not known.
func (p *Problem) GetHeaders() http.Header {
	switch {
	case p.Status == http.StatusUnauthorized:
		return http.Header{"Www-Authenticate": {`Bearer realm="jinghe"`}}
	case p.Wait > 0:
		return http.Header{"Retry-After": {strconv.Itoa(p.Wait)}}
	case p.Status == http.StatusServiceUnavailable:
		return http.Header{"Retry-After": {"5"}}
	}
	return nil
}

// Status maps a code to its HTTP status. It is the only place that does.
func Status(code scene.Code) int {
	switch code {
	case scene.Invalid:
		return http.StatusUnprocessableEntity
	case scene.NotFound:
		return http.StatusNotFound
	case scene.Conflict:
		return http.StatusConflict
	case scene.Unauthorized:
		return http.StatusUnauthorized
	case scene.Forbidden:
		return http.StatusForbidden
	case scene.Precondition:
		return http.StatusPreconditionFailed
	case scene.TooLarge:
		return http.StatusRequestEntityTooLarge
	case scene.TooMany:
		return http.StatusTooManyRequests
	case scene.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// CodeFor is the way back, for a status that a library chose.
func CodeFor(status int) scene.Code {
	switch {
	case status == http.StatusNotFound:
		return scene.NotFound
	case status == http.StatusConflict:
		return scene.Conflict
	case status == http.StatusUnauthorized:
		return scene.Unauthorized
	case status == http.StatusForbidden:
		return scene.Forbidden
	case status == http.StatusPreconditionFailed:
		return scene.Precondition
	case status == http.StatusRequestEntityTooLarge || status == http.StatusRequestURITooLong:
		return scene.TooLarge
	case status == http.StatusTooManyRequests:
		return scene.TooMany
	case status == http.StatusServiceUnavailable:
		return scene.Unavailable
	case status >= 400 && status < 500:
		return scene.Invalid
	default:
		return scene.Internal
	}
}

// NewProblem describes err to the client of the request in ctx. A deadline
// that passed is Unavailable; what is not a *scene.Error is Internal.
func NewProblem(ctx context.Context, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = &scene.Error{Code: scene.Unavailable, Key: "web.deadline", Err: err}
	}
	r, code := From(ctx), scene.CodeOf(err)
	p := ProblemAs(ctx, Status(code), code, detail(r.Lang, err))
	if e, ok := errors.AsType[*scene.Error](err); ok {
		if seconds, ok := e.Args["seconds"].(int); ok && code == scene.TooMany {
			p.Wait = seconds
		}
		for _, f := range e.Fields {
			p.Errors = append(p.Errors, FieldProblem{Field: f.Field, Message: locale.Text(r.Lang, f.Key, f.Args)})
		}
	}
	return p
}

// ProblemAs builds a problem with a status and a sentence of its own.
func ProblemAs(ctx context.Context, status int, code scene.Code, sentence string) *Problem {
	return &Problem{
		Type: "urn:jinghe:problem:" + string(code), Title: http.StatusText(status), Status: status,
		Detail: sentence, Code: string(code), RequestID: From(ctx).ID,
	}
}

// detail is the message of the key, or that of the code where there is no key
// or no message for it: a reader is never shown a bare key.
func detail(lang locale.Lang, err error) string {
	if e, ok := errors.AsType[*scene.Error](err); ok && e.Key != "" && locale.Has(locale.Zh, e.Key) {
		return locale.Text(lang, e.Key, e.Args)
	}
	return locale.Text(lang, "error."+string(scene.CodeOf(err)), nil)
}

// Text is a message in the language of the request in ctx.
func Text(ctx context.Context, key string) string { return locale.Text(From(ctx).Lang, key, nil) }

// Wait tells the client of c how long to wait, where err says it.
func Wait(c echo.Context, err error) {
	for name, values := range NewProblem(c.Request().Context(), err).GetHeaders() {
		c.Response().Header()[name] = values
	}
}
