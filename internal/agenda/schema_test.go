package agenda

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestSchemaNamesEveryField compares the published schemas with the documents.
func TestSchemaNamesEveryField(t *testing.T) {
	t.Parallel()
	for document, value := range map[Document]any{ProblemDocument: Problem{}, PlanDocument: Plan{}} {
		t.Run(string(document), func(t *testing.T) {
			t.Parallel()
			var schema map[string]any
			if err := json.Unmarshal(Schema(document), &schema); err != nil {
				t.Fatal(err)
			}
			published, err := os.ReadFile("../../docs/schema/" + string(document) + ".schema.json")
			if err != nil || !bytes.Equal(published, Schema(document)) {
				t.Errorf("docs/schema has another schema: copy internal/agenda/%s.schema.json there (%v)", document, err)
			}
			sameFields(t, string(document), reflect.TypeOf(value), schema)
		})
	}
	if Schema("other") != nil {
		t.Error("a schema of no document")
	}
}

func sameFields(t *testing.T, at string, typ reflect.Type, schema map[string]any) {
	t.Helper()
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		if typ.Kind() == reflect.Slice {
			schema, _ = schema["items"].(map[string]any)
		}
		typ = typ.Elem()
	}
	properties, isObject := schema["properties"].(map[string]any)
	if typ.Kind() != reflect.Struct || typ.String() == "time.Time" {
		if isObject {
			t.Errorf("%s: the schema has an object, the document a %s", at, typ)
		}
		return
	}
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		sub, known := properties[name].(map[string]any)
		if !known {
			t.Errorf("%s: the schema does not know %q", at, name)
			continue
		}
		delete(properties, name)
		sameFields(t, at+"."+name, typ.Field(i).Type, sub)
	}
	for name := range properties {
		t.Errorf("%s: the schema has %q, the document not", at, name)
	}
}
