package api

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"jinghe/internal/account"
	"jinghe/internal/attach"
	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
	"jinghe/internal/web/edge"
)

func newAPI(t *testing.T, publicURL string) *API {
	t.Helper()
	a, err := Mount(echo.New(), Config{
		Now: time.Now, Version: "test", PublicURL: publicURL, Log: slog.New(slog.DiscardHandler),
		Allow:    func(echo.Context, edge.Permission) error { return nil },
		Services: backend.Services{Accounts: &account.Service{}, Files: &attach.Service{}, Fairs: &convene.Service{}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestExamples holds every example of the document to the schema beside it.
func TestExamples(t *testing.T) {
	t.Parallel()
	a := newAPI(t, "")
	registry, checked := a.huma.OpenAPI().Components.Schemas, 0
	for path, item := range a.huma.OpenAPI().Paths {
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if o == nil {
				continue
			}
			if sent := o.RequestBody; sent != nil && sent.Content["application/json"] != nil {
				m, result := sent.Content["application/json"], &huma.ValidateResult{}
				huma.Validate(registry, m.Schema, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, m.Example, result)
				for _, err := range result.Errors {
					if m.Example != nil || sent.Required {
						t.Errorf("%s %s, what is sent: %v", o.Method, path, err)
					}
				}
			}
			if o.Responses[strconv.Itoa(o.DefaultStatus)].Content["application/octet-stream"] != nil {
				continue
			}
			answer := o.Responses[strconv.Itoa(o.DefaultStatus)].Content["application/json"]
			if answer == nil || answer.Example == nil || answer.Schema == nil {
				t.Errorf("%s %s: no example or no schema", o.Method, path)
				continue
			}
			result := &huma.ValidateResult{}
			huma.Validate(registry, answer.Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, answer.Example, result)
			for _, err := range result.Errors {
				t.Errorf("%s %s: %v", o.Method, path, err)
			}
			checked++
		}
	}
	if checked < 30 {
		t.Errorf("only %d examples", checked)
	}
}

func TestDocument(t *testing.T) {
	t.Parallel()
	a := newAPI(t, "https://example.cn")
	var doc struct {
		OpenAPI string
		Servers []struct{ URL string }
		Paths   map[string]map[string]struct {
			OperationID string
			Summary     string
			Responses   map[string]any
			Security    []map[string][]string
		}
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(a.Document(), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || doc.Servers[0].URL != "https://example.cn/api/v1" {
		t.Errorf("version %q, servers %v", doc.OpenAPI, doc.Servers)
	}
	for _, o := range a.Operations() {
		if o.ID == "document" {
			continue
		}
		path := strings.NewReplacer(":id", "{id}", ":name", "{name}", ":file", "{file}", ":message", "{message}", ":party", "{party}").Replace(strings.TrimPrefix(o.Path, Prefix))
		described, ok := doc.Paths[path][strings.ToLower(o.Method)]
		if !ok || described.OperationID != o.ID || described.Summary == "" {
			t.Errorf("%s is not described", o.Path)
		}
		if described.Responses["default"] == nil || described.Responses["200"] == nil && described.Responses["201"] == nil && described.Responses["202"] == nil {
			t.Errorf("%s: no answers", o.Path)
		}
		if _, guarded := o.May.Action(); (guarded || o.May == edge.Known) == (len(described.Security) == 0) {
			t.Errorf("%s: asks for %q, and the document says %v", o.Path, o.May, described.Security)
		}
	}
	if doc.Components.Schemas["Problem"] == nil || doc.Components.Schemas["ErrorModel"] != nil {
		t.Error("errors are not described by Problem alone")
	}
	if strings.Contains(strings.ToLower(string(a.Document())), `"contact"`) {
		t.Error("a contact has a place in the document")
	}
}

// TestRules holds the document to what validators of such documents ask for:
// operations have ids of their own and tags that are explained, what stands in a
// path is a parameter, and how an operation is refused is said.
func TestRules(t *testing.T) {
	t.Parallel()
	doc := newAPI(t, "").huma.OpenAPI()
	ids, tags := map[string]bool{}, map[string]bool{}
	for _, tag := range doc.Tags {
		tags[tag.Name] = tag.Description != ""
	}
	for path, item := range doc.Paths {
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if o == nil {
				continue
			}
			if o.OperationID == "" || ids[o.OperationID] {
				t.Errorf("%s %s: the id %q is none of its own", o.Method, path, o.OperationID)
			}
			ids[o.OperationID] = true
			if len(o.Tags) != 1 || !tags[o.Tags[0]] {
				t.Errorf("%s: tags %v", o.OperationID, o.Tags)
			}
			refused, done := 0, 0
			for code, answer := range o.Responses {
				switch code[0] {
				case '2':
					done++
				case '4':
					refused++
					if doc.Components.Responses[strings.TrimPrefix(answer.Ref, "#/components/responses/")] == nil {
						t.Errorf("%s: %s is not described", o.OperationID, code)
					}
				}
			}
			if done != 1 || refused == 0 || o.Responses["404"] == nil && strings.Contains(path, "{") || o.Responses["401"] == nil && o.Security != nil {
				t.Errorf("%s: answers %v", o.OperationID, o.Responses)
			}
			for part := range strings.SplitSeq(path, "/") {
				name, held := strings.CutPrefix(part, "{")
				if name = strings.TrimSuffix(name, "}"); held && !slices.ContainsFunc(o.Parameters, func(p *huma.Param) bool { return p.In == "path" && p.Name == name && p.Required }) {
					t.Errorf("%s: %s is no parameter", o.OperationID, name)
				}
			}
		}
	}
	if len(ids) < 100 {
		t.Errorf("only %d operations", len(ids))
	}
}

// TestReferences: every schema and every answer that the document refers to is in it.
func TestReferences(t *testing.T) {
	t.Parallel()
	a := newAPI(t, "")
	schemas, answers := a.huma.OpenAPI().Components.Schemas.Map(), a.huma.OpenAPI().Components.Responses
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				answer, refused := strings.CutPrefix(ref, "#/components/responses/")
				if name, found := strings.CutPrefix(ref, "#/components/schemas/"); refused && answers[answer] == nil || !refused && (!found || schemas[name] == nil) {
					t.Errorf("%s leads nowhere", ref)
				}
			}
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	var doc any
	if err := json.Unmarshal(a.Document(), &doc); err != nil {
		t.Fatal(err)
	}
	walk(doc)
}

// TestNothingPrivate: no type that leaves has a field for a contact or for the
// cells that no column took.
func TestNothingPrivate(t *testing.T) {
	t.Parallel()
	private := []reflect.Type{reflect.TypeFor[scene.Contact](), reflect.TypeFor[map[string]string]()}
	var walk func(path string, v reflect.Type)
	walk = func(path string, v reflect.Type) {
		if slices.Contains(private, v) {
			t.Errorf("%s has type %s", path, v)
		}
		switch v.Kind() {
		case reflect.Pointer, reflect.Slice:
			walk(path, v.Elem())
		case reflect.Struct:
			for i := range v.NumField() {
				if f := v.Field(i); v != reflect.TypeFor[time.Time]() {
					walk(path+"."+f.Name, f.Type)
				}
			}
		}
	}
	for _, v := range []any{OpportunityPage{}, CapabilityPage{}, OrganisationPage{}, SearchPage{}, EntryPage[OwnOpportunity]{}, EntryPage[OwnCapability]{}} {
		walk(reflect.TypeOf(v).Name(), reflect.TypeOf(v))
	}
}

// TestReferenceTriesExchange where the site knows its own address.
func TestReferenceTriesExchange(t *testing.T) {
	t.Parallel()
	for address, try := range map[string]string{"": "", "https://a.example": Prefix + exchangePath} {
		for _, g := range newAPI(t, address).Reference(locale.Zh).Groups {
			for _, o := range g.Operations {
				if o.Path == Prefix+exchangePath && o.Method == http.MethodGet && o.Try != try {
					t.Errorf("at %q: Try is %q, want %q", address, o.Try, try)
				}
			}
		}
	}
}

func TestReferencePage(t *testing.T) {
	t.Parallel()
	a := newAPI(t, "")
	for lang, end := range map[locale.Lang]string{locale.Zh: "。", locale.En: "."} {
		referenceIn(t, a, lang, end)
	}
}

// referenceIn looks at the reference in one language, whose sentences end so.
func referenceIn(t *testing.T, a *API, lang locale.Lang, end string) {
	t.Helper()
	foreign := func(text string) bool {
		return text != "" && lang == locale.Zh && !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) ||
			lang == locale.En && strings.Contains(text, " · ")
	}
	n := 0
	for _, g := range a.Reference(lang).Groups {
		if len(g.Name) > 25 || !strings.HasSuffix(g.Text, end) || foreign(g.Name) || foreign(g.Text) {
			t.Errorf("head %q, text %q: want a short head and a sentence", g.Name, g.Text)
		}
		for _, o := range g.Operations {
			n++
			if o.Example == "" && o.ID != "download-file" || o.Summary == "" {
				t.Errorf("%s: no example or no words", o.ID)
			}
			if foreign(o.Summary) || foreign(o.Description) {
				t.Errorf("%s in %s: %q, %q", o.ID, lang, o.Summary, o.Description)
			}
			for _, p := range append(o.Params, o.Fields...) {
				if foreign(p.Doc) && strings.Contains(p.Doc, " ") { // early, middle or mature are words of the data
					t.Errorf("%s in %s: %s is %q", o.ID, lang, p.Name, p.Doc)
				}
				if p.In == "body" {
					continue
				}
				if p.Doc == "" && p.Name != "kind" && p.Name != "limit" {
					t.Errorf("%s: parameter %s is not explained", o.ID, p.Name)
				}
			}
			if !strings.Contains(o.Curl, "/api/v1/") || o.Guarded != strings.Contains(o.Curl, "Authorization") {
				t.Errorf("%s: %s", o.ID, o.Curl)
			}
			nameless := o.Path == Prefix+exchangePath // asks for the address of the site, which this one has not
			if closed := strings.Contains(o.Path, "{") || o.Guarded || o.Method != http.MethodGet || nameless; closed == (o.Try != "") {
				t.Errorf("%s: Try is %q", o.ID, o.Try)
			}
		}
	}
	if n != len(a.Operations())-1 {
		t.Errorf("%d operations on the page, want %d", n, len(a.Operations())-1)
	}
}

func TestCursor(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 20, deepest} {
		if got, err := offsetOf(cursorOf(n)); err != nil || got != n {
			t.Errorf("%d became %d: %v", n, got, err)
		}
	}
	for _, bad := range []string{"x", "!!", cursorOf(-1), cursorOf(deepest + 1), "b2Zmc2V0"} {
		if _, err := offsetOf(bad); scene.CodeOf(err) != scene.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add(cursorOf(20))
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := offsetOf(s); err == nil && (n < 0 || n > deepest) {
			t.Errorf("%q gives %d", s, n)
		}
	})
}

func TestHolds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		header string
		want   bool
	}{
		"None": {"", false}, "Same": {`"3-open"`, true}, "Other": {`"2-open"`, false},
		"Weak": {`W/"3-open"`, true}, "List": {`"1", "3-open"`, true}, "Any": {"*", true}, "Unquoted": {"3-open", false},
	}
	for name, tt := range tests {
		if got := (&itemInput{IfNoneMatch: tt.header}).holds(etag(3, true)); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if etag(3, true) == etag(3, false) {
		t.Error("an entry that ended keeps its tag")
	}
}

// TestShapes: an empty row gives empty lists rather than null, and only what is known.
func TestShapes(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	for name, v := range map[string]any{
		"Opportunity": opportunityOf(&scene.Opportunity{}, at), "Capability": capabilityOf(&scene.Capability{}, at),
		"Organisation": organisationOf(&scene.Organisation{}),
	} {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), "null") {
			t.Errorf("%s: %s", name, raw)
		}
	}
	o := opportunityOf(&scene.Opportunity{
		Listing:  scene.Listing{State: scene.Published, Maturity: scene.Maturity{Min: 5, Max: 7}, ValidTo: at.Add(time.Hour)},
		Budget:   scene.MoneyRange{Min: 80 * scene.Wan, Max: 120 * scene.Wan},
		Schedule: scene.Months{Max: 6}, FirstUse: scene.Yes,
	}, at)
	if !o.Open || o.Maturity.Stage != "middle" || o.Budget.MaxFen != 120_000_000 || o.Schedule.Max != 6 || o.FirstUse != scene.Yes {
		t.Errorf("%+v", o)
	}
	q := qualificationsOf([]scene.Qualification{{Code: "iso9001", Until: at}})
	if q[0].Until != "2026-11-20" {
		t.Errorf("until %q", q[0].Until)
	}
}
