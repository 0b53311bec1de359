package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/ui"
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

// mountDocument renders the OpenAPI document once and serves it.
func (a *API) mountDocument(e *echo.Echo) error {
	schemas := a.huma.OpenAPI().Components.Schemas.Map()
	// The library registers its own error types, which never leave this server.
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	document, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		return scene.Wrap("api.mountDocument", err)
	}
	a.document = document
	sum := sha256.Sum256(document)
	etag := `"` + hex.EncodeToString(sum[:8]) + `"`
	const path, may = Prefix + "/openapi.json", edge.Visitor
	e.Match([]string{http.MethodGet, http.MethodHead}, path, func(c echo.Context) error {
		if err := a.Allow(c, may); err != nil {
			return err
		}
		c.Response().Header().Set("ETag", etag)
		c.Response().Header().Set("Cache-Control", "no-cache")
		if c.Request().Header.Get("If-None-Match") == etag {
			return c.NoContent(http.StatusNotModified)
		}
		return c.Blob(http.StatusOK, "application/openapi+json", document)
	})
	a.operations = append(a.operations, Operation{"document", http.MethodGet, path, may, tagReference})
	return nil
}

// Reference describes the operations for the page of the API.
func (a *API) Reference() ui.Reference {
	var r ui.Reference
	doc := a.huma.OpenAPI()
	for _, tag := range doc.Tags {
		group := ui.OperationGroup{Name: tag.Description}
		for _, o := range a.operations {
			if o.Tag != tag.Name {
				continue
			}
			for path, item := range doc.Paths {
				if item.Get != nil && item.Get.OperationID == o.ID {
					group.Operations = append(group.Operations, described(path, item.Get))
				}
			}
		}
		r.Groups = append(r.Groups, group)
	}
	return r
}

func described(path string, o *huma.Operation) ui.Operation {
	u := ui.Operation{ID: o.OperationID, Method: o.Method, Path: Prefix + path, Summary: o.Summary, Description: o.Description}
	needsPath := false
	for _, p := range o.Parameters {
		needsPath = needsPath || p.In == "path"
		u.Params = append(u.Params, ui.Param{Name: p.Name, In: p.In, Type: p.Schema.Type, Required: p.Required, Doc: p.Schema.Description})
	}
	for i, p := range o.Parameters {
		if p.Description != "" {
			u.Params[i].Doc = p.Description
		}
	}
	if ok := o.Responses["200"]; ok != nil && ok.Content["application/json"] != nil {
		u.Example = indented(ok.Content["application/json"].Example)
	}
	if !needsPath {
		u.Try = Prefix + path
	}
	return u
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
