package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// bearer names the security scheme in the document.
const bearer = "bearer"

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
	answer := told(a, o.id, handle)
	huma.Register(a.huma, a.described(http.MethodGet, http.StatusOK, o), answer)
	huma.Register(a.huma, huma.Operation{ // what GET answers, without its body; the server leaves that out
		OperationID: "head-" + o.id, Method: http.MethodHead, Path: o.path, Hidden: true,
		Metadata: map[string]any{permissionKey: o.may},
	}, answer)
	a.operations = append(a.operations, Operation{o.id, http.MethodGet, Prefix + echoPath(o.path), o.may, o.tag})
}

// change registers an operation that changes something and answers with that
// status; request is an example of what is sent, nil for nothing. One by POST
// takes an idempotency key; see [API.once].
func change[I, O any](a *API, method string, status int, request any, o operation, handle func(context.Context, *I) (*O, error)) {
	described := a.described(method, status, o)
	if request != nil {
		described.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Example: plain(request)}}}
	}
	if method == http.MethodPost {
		described.Parameters = append(described.Parameters, idempotency())
	}
	huma.Register(a.huma, described, told(a, o.id, handle))
	a.operations = append(a.operations, Operation{o.id, method, Prefix + echoPath(o.path), o.may, o.tag})
}

// idempotency is the parameter of a POST that is done once.
func idempotency() *huma.Param {
	return &huma.Param{
		Name: idempotencyKey, In: "header", Schema: &huma.Schema{Type: "string", MaxLength: new(maxKey)},
		Description: "Made up by the sender. The same request with the same key is done once within 24 hours, and answered alike.",
	}
}

// described is the operation as the document tells it.
func (a *API) described(method string, status int, o operation) huma.Operation {
	problem := a.huma.OpenAPI().Components.Schemas.Schema(problemType(), true, "Problem")
	d := huma.Operation{
		MaxBodyBytes: MoreBody(Prefix + o.path), OperationID: o.id, Method: method, Path: o.path, Tags: []string{o.tag}, DefaultStatus: status,
		Summary: o.summary, Description: o.text, Metadata: map[string]any{permissionKey: o.may},
		Responses: map[string]*huma.Response{
			strconv.Itoa(status): {Description: http.StatusText(status), Content: map[string]*huma.MediaType{"application/json": {Example: plain(o.example)}}},
			"default": {Description: "Problem", Content: map[string]*huma.MediaType{
				"application/problem+json": {Schema: problem},
			}},
		},
	}
	if d.MaxBodyBytes > 0 {
		d.BodyReadTimeout = -1 // that of the server: a slow line may take its time over a file
	}
	if scopes := scopesOf(o.may); scopes != nil {
		d.Security = []map[string][]string{{bearer: scopes}}
	}
	return d
}

// scopesOf lists the scopes that carry what a permission asks for, none where any
// token does; nil where it asks for nothing.
func scopesOf(may edge.Permission) []string {
	if may == edge.Known {
		return []string{}
	}
	do, ok := may.Action()
	if !ok {
		return nil
	}
	scopes := []string{}
	for _, s := range scene.Scopes() {
		if slices.Contains(s.Actions(), do) {
			scopes = append(scopes, string(s))
		}
	}
	return scopes
}

// told has the errors of a handler leave as problems.
func told[I, O any](a *API, id string, handle func(context.Context, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err == nil {
			return out, nil
		}
		if _, ok := errors.AsType[huma.StatusError](err); ok {
			return nil, err
		}
		p := edge.NewProblem(ctx, err)
		if p.Status >= http.StatusInternalServerError {
			a.Log.ErrorContext(ctx, "api request failed", "operation", id, "error", err, "request_id", p.RequestID)
		}
		return nil, p
	}
}

const permissionKey = "permission"

// guard asks for the permission that the operation names.
func (a *API) guard(ctx huma.Context, next func(huma.Context)) {
	need, ok := ctx.Operation().Metadata[permissionKey].(edge.Permission)
	var err error = &scene.Error{Code: scene.Forbidden, Op: "api.guard"}
	if ok {
		err = a.Allow(humaecho.Unwrap(ctx), need)
	}
	if err != nil {
		a.refuse(ctx, err)
		return
	}
	next(ctx)
}

// refuse answers with a problem before any handler is asked.
func (a *API) refuse(ctx huma.Context, err error) {
	p := edge.NewProblem(ctx.Context(), err)
	for name, values := range p.GetHeaders() {
		for _, v := range values {
			ctx.SetHeader(name, v)
		}
	}
	ctx.SetHeader("Content-Type", "application/problem+json")
	ctx.SetStatus(p.Status)
	if err := json.NewEncoder(ctx.BodyWriter()).Encode(p); err != nil {
		a.Log.WarnContext(ctx.Context(), "problem not sent", "error", err)
	}
}
