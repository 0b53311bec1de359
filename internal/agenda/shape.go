package agenda

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/scene"
)

// shape collects every place where a document of JSON differs from the type it should
// be read into. encoding/json ends at the first and does not say where it stands.
type shape struct {
	findings []scene.FieldError
	more     int // findings beyond those told
}

// add notes a finding of a kind: "field", "time", or what the value should be.
func (s *shape) add(at, kind string, args map[string]any) {
	if len(s.findings) >= maxFindings {
		s.more++
		return
	}
	s.findings = append(s.findings, scene.FieldError{Field: strings.TrimPrefix(at, "."), Key: "agenda.shape_" + kind, Args: args})
}

// wrong notes that the value at a place is not what it should be.
func (s *shape) wrong(at, should string, value any) {
	s.add(at, should, map[string]any{"field": at[strings.LastIndex(at, ".")+1:], "have": kindOf(value)})
}

// look holds a value, as it is read into an any with numbers as they are written, against
// a type; at is where it stands, with a dot before each name.
func (s *shape) look(at string, value any, t reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case value == nil: // leaves what is there as it is
	case t == reflect.TypeFor[time.Time]():
		s.instant(at, value)
	case t.Kind() == reflect.Struct:
		s.fields(at, value, t)
	case t.Kind() == reflect.Slice:
		list, ok := value.([]any)
		if !ok {
			s.wrong(at, "list", value)
		}
		for i, x := range list {
			s.look(at+"["+strconv.Itoa(i)+"]", x, t.Elem())
		}
	case t.Kind() == reflect.Map:
		named, ok := value.(map[string]any)
		if !ok {
			s.wrong(at, "object", value)
		}
		for _, key := range slices.Sorted(maps.Keys(named)) {
			s.look(at+"."+key, named[key], t.Elem())
		}
	default:
		if raw, err := json.Marshal(value); err != nil || json.Unmarshal(raw, reflect.New(t).Interface()) != nil {
			s.wrong(at, plain(t), value)
		}
	}
}

func (s *shape) instant(at string, value any) {
	text, ok := value.(string)
	if !ok {
		s.add(at, "time", map[string]any{"value": kindOf(value)})
	} else if _, err := time.Parse(time.RFC3339, text); err != nil {
		s.add(at, "time", map[string]any{"value": text})
	}
}

// fields looks at those of an object that the type has, and tells of the others. Names
// are read in any case, as encoding/json does.
func (s *shape) fields(at string, value any, t reflect.Type) {
	object, ok := value.(map[string]any)
	if !ok {
		s.wrong(at, "object", value)
		return
	}
	known := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		known[strings.ToLower(name)] = f.Type
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if of, there := known[strings.ToLower(name)]; there {
			s.look(at+"."+name, object[name], of)
		} else {
			s.add(at+"."+name, "field", map[string]any{"field": name})
		}
	}
}

// plain names what a value without parts should be.
func plain(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "flag"
	case reflect.Float32, reflect.Float64:
		return "number"
	}
	return "integer"
}

// kindOf names what stands in a document.
func kindOf(value any) string {
	switch x := value.(type) {
	case json.Number:
		return "number " + x.String()
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case bool:
		return "bool"
	}
	return "string"
}
