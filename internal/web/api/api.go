// Package api is the JSON API, version 1, for other programs: described by
// OpenAPI 3.1, errors as problem+json, lists paged by cursor, single resources
// with ETag.
//
// It stands on the fourth floor beside internal/web, which mounts it under
// /api/v1. What goes out are the types of this package, which have no place
// for a contact; they are a public promise and change by addition only. All
// rows are read through the visitor's catalogue (see internal/web/backend).
package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
)

// Prefix is the path under which version 1 lives.
const Prefix = "/api/v1"

// Config is what the API needs. All fields but PublicURL are required.
type Config struct {
	Services  backend.Services // with the catalogue of a visitor
	Now       func() time.Time
	Version   string // of the program
	PublicURL string // without it the document names the path only
	Log       *slog.Logger
	// Allow decides whether the caller has a permission.
	Allow func(c echo.Context, need edge.Permission) error
}

// API is the mounted version 1. It is immutable after Mount.
type API struct {
	Config
	huma       huma.API
	operations []Operation
	document   []byte
}

// Operation is one line of the table of operations.
type Operation struct {
	ID, Method, Path string
	May              edge.Permission
	Tag              string
}

// Mount registers every operation on e.
func Mount(e *echo.Echo, config Config) (*API, error) {
	a := &API{Config: config}
	h := huma.DefaultConfig("Jinghe 景合", "1.0")
	h.Info.Description = description
	h.Servers = []*huma.Server{{URL: config.PublicURL + Prefix}}
	h.Tags = []*huma.Tag{
		{Name: tagOpportunities, Description: "场景机会 · Needs that scenario owners publish."},
		{Name: tagCapabilities, Description: "场景能力 · What technology providers can do."},
		{Name: tagOrganisations, Description: "单位 · Owners and providers."},
		{Name: tagSearch, Description: "搜索 · Keywords in Chinese, pinyin or Latin letters."},
		{Name: tagReference, Description: "字典与状态 · Codes used in the data, and the state of the service."},
	}
	// Document, reference page and schemas are served by ourselves: the
	// library's pages load scripts from elsewhere, and it would render the
	// document lazily without a lock.
	h.OpenAPIPath, h.DocsPath, h.SchemasPath, h.CreateHooks = "", "", "", nil
	h.Formats = map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}
	h.Transformers = []huma.Transformer{asProblem}
	a.huma = humaecho.NewWithGroup(e, e.Group(Prefix), h)
	a.huma.UseMiddleware(a.guard)

	a.mountOpportunities()
	a.mountCapabilities()
	a.mountSimilar()
	a.mountOrganisations()
	a.mountSearch()
	a.mountDictionaries()
	a.mountHealth()
	return a, a.mountDocument(e)
}

const description = `Matches technology providers with application scenarios (场景供需对接).

Every answer carries ` + "`X-Request-Id`" + `. An error is ` + "`application/problem+json`" + ` with a stable ` + "`code`" + ` and the
` + "`request_id`" + `. Lists are paged: pass ` + "`next_cursor`" + ` of one page as ` + "`cursor`" + ` of the next; it is absent at the end.
Sentences come in the language of ` + "`?lang=`" + ` or ` + "`Accept-Language`" + ` (` + "`zh`" + `, ` + "`en`" + `). Codes are explained under
` + "`/dictionaries`" + `. Money is exact, in fen (1/100 yuan). Instants are RFC 3339. Contacts are never part of an answer.`

// Operations lists what was mounted, the document included.
func (a *API) Operations() []Operation { return slices.Clone(a.operations) }

// Document returns the OpenAPI 3.1 document.
func (a *API) Document() []byte { return a.document }

// operation is the head of an operation; its permission stands beside its path.
type operation struct {
	id, path string
	may      edge.Permission
	tag      string
	summary  string
	text     string
	example  any // an answer
}

// get registers a reading operation, for HEAD as well. Errors of the handler
// leave as problems.
func get[I, O any](a *API, o operation, handle func(context.Context, *I) (*O, error)) {
	problem := a.huma.OpenAPI().Components.Schemas.Schema(problemType(), true, "Problem")
	described := huma.Operation{
		OperationID: o.id, Method: http.MethodGet, Path: o.path, Tags: []string{o.tag},
		Summary: o.summary, Description: o.text, Metadata: map[string]any{permissionKey: o.may},
		Responses: map[string]*huma.Response{
			"200": {Description: "OK", Content: map[string]*huma.MediaType{"application/json": {Example: plain(o.example)}}},
			"default": {Description: "Problem", Content: map[string]*huma.MediaType{
				"application/problem+json": {Schema: problem},
			}},
		},
	}
	answer := func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err == nil {
			return out, nil
		}
		if _, ok := errors.AsType[huma.StatusError](err); ok {
			return nil, err
		}
		p := edge.NewProblem(ctx, err)
		if p.Status >= http.StatusInternalServerError {
			a.Log.ErrorContext(ctx, "api request failed", "operation", o.id, "error", err, "request_id", p.RequestID)
		}
		return nil, p
	}
	huma.Register(a.huma, described, answer)
	huma.Register(a.huma, huma.Operation{ // what GET answers, without its body; the server leaves that out
		OperationID: "head-" + o.id, Method: http.MethodHead, Path: o.path, Hidden: true,
		Metadata: map[string]any{permissionKey: o.may},
	}, answer)
	a.operations = append(a.operations, Operation{o.id, http.MethodGet, Prefix + echoPath(o.path), o.may, o.tag})
}

const permissionKey = "permission"

// guard asks for the permission that the operation names.
func (a *API) guard(ctx huma.Context, next func(huma.Context)) {
	need, ok := ctx.Operation().Metadata[permissionKey].(edge.Permission)
	var err error = &scene.Error{Code: scene.Forbidden, Op: "api.guard"}
	if ok {
		err = a.Allow(humaecho.Unwrap(ctx), need)
	}
	if err == nil {
		next(ctx)
		return
	}
	p := edge.NewProblem(ctx.Context(), err)
	ctx.SetHeader("Content-Type", "application/problem+json")
	ctx.SetStatus(p.Status)
	if err := json.NewEncoder(ctx.BodyWriter()).Encode(p); err != nil {
		a.Log.WarnContext(ctx.Context(), "problem not sent", "error", err)
	}
}

// asProblem gives the errors that the library makes itself, such as a
// parameter out of range, the shape of all others.
func asProblem(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	code := edge.CodeFor(m.Status)
	p := edge.NewProblem(ctx.Context(), &scene.Error{Code: code})
	p = edge.ProblemAs(ctx.Context(), m.Status, code, p.Detail)
	for _, e := range m.Errors {
		p.Errors = append(p.Errors, edge.FieldProblem{Field: e.Location, Message: e.Message})
	}
	return p, nil
}

// notModified answers a conditional request whose copy is still good.
func notModified(etag string) error {
	return huma.ErrorWithHeaders(huma.Status304NotModified(), http.Header{"ETag": {etag}})
}
