package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

func problemType() reflect.Type { return reflect.TypeFor[edge.Problem]() }

// plain turns an example into maps and slices, as it stands on the wire.
func plain(example any) any {
	raw, err := json.Marshal(example)
	if err != nil {
		return nil
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil
	}
	return v
}

// echoPath writes {id} as :id.
func echoPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// tellRefusals names beside each operation how it may be refused, by what it takes.
func (a *API) tellRefusals() {
	doc := a.huma.OpenAPI()
	doc.Components.Responses = map[string]*huma.Response{}
	problem := map[string]*huma.MediaType{"application/problem+json": {Schema: doc.Components.Schemas.Schema(problemType(), true, "Problem")}}
	for _, item := range doc.Paths {
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if o == nil {
				continue
			}
			for status := range refusals(o) {
				code := strconv.Itoa(status)
				doc.Components.Responses[code] = &huma.Response{Description: http.StatusText(status), Content: problem}
				o.Responses[code] = &huma.Response{Ref: "#/components/responses/" + code}
			}
		}
	}
}

// refusals are the statuses with which an operation may be refused.
func refusals(o *huma.Operation) map[int]bool {
	out := map[int]bool{http.StatusTooManyRequests: true}
	add := func(when bool, codes ...int) {
		for _, code := range codes {
			out[code] = out[code] || when
		}
	}
	named := func(name string) bool {
		return slices.ContainsFunc(o.Parameters, func(p *huma.Param) bool { return p.Name == name })
	}
	add(o.Security != nil, http.StatusUnauthorized, http.StatusForbidden)
	add(len(o.Parameters) > 0 || o.RequestBody != nil, http.StatusUnprocessableEntity)
	add(strings.Contains(o.Path, "{"), http.StatusNotFound)
	add(named("If-Match"), http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	add(named(idempotencyKey), http.StatusConflict)
	add(o.RequestBody != nil, http.StatusRequestEntityTooLarge)
	maps.DeleteFunc(out, func(_ int, may bool) bool { return !may })
	return out
}

// served is the document as it is served: with its ETag.
type served struct {
	body []byte
	etag string
}

func serve(body []byte) served {
	sum := sha256.Sum256(body)
	return served{body, `"` + hex.EncodeToString(sum[:8]) + `"`}
}

// mountDocument renders the OpenAPI document once and serves it: heads in both
// languages and sentences in English where no language is asked for, else all of it
// in the one that is.
func (a *API) mountDocument(e *echo.Echo) error {
	a.tellRefusals()
	schemas := a.huma.OpenAPI().Components.Schemas.Map()
	// The library registers its own error types, which never leave this server.
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	document, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		return scene.Wrap("api.mountDocument", err)
	}
	a.document = document
	plain, inOne := serve(document), map[locale.Lang]func() (served, error){}
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		inOne[lang] = sync.OnceValues(func() (served, error) {
			body, err := inLanguage(lang, document)
			return serve(body), err
		})
	}
	const path, may = Prefix + "/openapi.json", edge.Visitor
	e.Match([]string{http.MethodGet, http.MethodHead}, path, func(c echo.Context) error {
		if err := a.Allow(c, may); err != nil {
			return err
		}
		answer := plain
		if c.QueryParam("lang") != "" || c.Request().Header.Get("Accept-Language") != "" {
			var err error
			if answer, err = inOne[edge.From(c.Request().Context()).Lang](); err != nil {
				return scene.Wrap("api.document", err)
			}
		}
		h := c.Response().Header()
		h.Set("ETag", answer.etag)
		h.Set("Cache-Control", "no-cache")
		h.Add("Vary", "Accept-Language")
		if c.Request().Header.Get("If-None-Match") == answer.etag {
			return c.NoContent(http.StatusNotModified)
		}
		return c.Blob(http.StatusOK, "application/openapi+json", answer.body)
	})
	a.operations = append(a.operations, Operation{"document", http.MethodGet, path, may, tagReference})
	return nil
}

func indented(v any) string {
	if v == nil {
		return ""
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return ""
	}
	return strings.TrimSpace(b.String())
}
