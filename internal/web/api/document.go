package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"github.com/labstack/echo/v4"

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
