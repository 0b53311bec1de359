package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jinghe/internal/locale"
	"jinghe/internal/web/ui"
)

// Reference describes the operations for the page of the API, in one language.
func (a *API) Reference(lang locale.Lang) ui.Reference {
	r := ui.Reference{Start: a.start()}
	doc := a.huma.OpenAPI()
	byID := map[string]*huma.Operation{}
	for _, item := range doc.Paths {
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if o != nil {
				byID[o.OperationID] = o
			}
		}
	}
	for _, tag := range doc.Tags {
		name, text := tagHead(lang, tag.Description)
		group := ui.OperationGroup{Name: name, Text: text}
		for _, o := range a.operations {
			if described := byID[o.ID]; o.Tag == tag.Name && described != nil {
				group.Operations = append(group.Operations, a.onPage(lang, described))
			}
		}
		r.Groups = append(r.Groups, group)
	}
	return r
}

// onPage is an operation as people read it.
func (a *API) onPage(lang locale.Lang, o *huma.Operation) ui.Operation {
	u := ui.Operation{ID: o.OperationID, Method: o.Method, Path: Prefix + o.Path, Summary: half(lang, o.Summary), Description: said(lang, o.Description)}
	needsPath := false
	for _, p := range o.Parameters {
		needsPath = needsPath || p.In == "path"
		doc := p.Schema.Description
		if p.Description != "" {
			doc = p.Description
		}
		u.Params = append(u.Params, ui.Param{Name: p.Name, In: p.In, Type: typeName(p.Schema), Required: p.Required, Doc: said(lang, doc)})
	}
	for _, answer := range o.Responses {
		if m := answer.Content["application/json"]; m != nil && m.Example != nil {
			u.Example = indented(m.Example)
		}
	}
	var sent any
	if o.RequestBody != nil && o.RequestBody.Content["application/json"] != nil {
		m := o.RequestBody.Content["application/json"]
		sent = m.Example
		u.Sent, u.Fields = indented(sent), a.fields(lang, m.Schema, "", 0)
	}
	for _, need := range o.Security {
		u.Guarded, u.Scopes = true, need[bearer]
	}
	u.Curl = a.curl(o, sent, u.Guarded)
	answers := o.Path != exchangePath || a.PublicURL != "" // which names this site by its address
	if !needsPath && !u.Guarded && o.Method == http.MethodGet && answers {
		u.Try = Prefix + o.Path
	}
	return u
}

func typeName(s *huma.Schema) string {
	if s.Type == huma.TypeArray && s.Items != nil {
		return s.Items.Type + "[]"
	}
	return s.Type
}

// deepestField bounds how far the fields of a body are told.
const deepestField = 3

// fields lists the fields of a body, those of its objects with dots.
func (a *API) fields(lang locale.Lang, s *huma.Schema, prefix string, depth int) []ui.Param {
	s = a.resolved(s)
	if s == nil || depth >= deepestField {
		return nil
	}
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		if name != "$schema" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var list []ui.Param
	for _, name := range names {
		f := s.Properties[name]
		inner := a.resolved(f)
		list = append(list, ui.Param{Name: prefix + name, In: "body", Type: typeName(inner), Required: slices.Contains(s.Required, name), Doc: said(lang, f.Description)})
		if inner.Type == huma.TypeArray {
			list = append(list, a.fields(lang, inner.Items, prefix+name+"[].", depth+1)...)
		} else {
			list = append(list, a.fields(lang, inner, prefix+name+".", depth+1)...)
		}
	}
	return list
}

func (a *API) resolved(s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return a.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// curl is the operation as one command.
func (a *API) curl(o *huma.Operation, sent any, guarded bool) string {
	var b strings.Builder
	b.WriteString("curl -s")
	if o.Method != http.MethodGet {
		b.WriteString(" -X " + o.Method)
	}
	quote := "'"
	if strings.Contains(o.Path, "{") {
		quote = `"` // the shell puts the value in place of $id
	}
	b.WriteString(" " + quote + a.host() + Prefix + strings.NewReplacer("{", "$", "}", "").Replace(o.Path) + asked(o) + quote)
	if guarded {
		b.WriteString(" \\\n  -H \"Authorization: Bearer $JINGHE_TOKEN\"")
	}
	for _, p := range o.Parameters {
		switch p.Name {
		case "If-Match":
			b.WriteString(" \\\n  -H 'If-Match: \"3\"'")
		case idempotencyKey:
			b.WriteString(" \\\n  -H 'Idempotency-Key: 5c0e7d1e-9f43-4a57-9a0e-2f2f0a3a9b11'")
		}
	}
	if o.RequestBody != nil && o.RequestBody.Content[octets] != nil {
		b.WriteString(" \\\n  -H 'Content-Type: application/octet-stream' --data-binary @FILE")
	}
	if sent != nil {
		if raw, err := json.Marshal(sent); err == nil {
			b.WriteString(" \\\n  -H 'Content-Type: application/json' \\\n  -d '" + strings.ReplaceAll(string(raw), "'", `'\''`) + "'")
		}
	}
	return b.String()
}

// asked is what has to be asked besides the path.
func asked(o *huma.Operation) string {
	q := url.Values{}
	for _, p := range o.Parameters {
		if p.In == "query" && p.Required && len(p.Schema.Examples) > 0 {
			q.Set(p.Name, fmt.Sprint(p.Schema.Examples[0]))
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}
