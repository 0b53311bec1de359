package web_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
)

// writer is a backend.Drafting that counts the characters of the name.
type writer struct{}

var _ backend.Drafting = writer{}

// Clarity rises with the length of the name.
func (writer) Clarity(_ context.Context, e *registry.Entry, _ locale.Lang) (match.Clarity, error) {
	score := float64(len([]rune(e.Listing().Name))) / 100
	return match.Clarity{Score: score, Completeness: score, Advice: []match.Advice{{Field: "budget", Advice: "请写明预算。"}, {Field: "price", Advice: "请写明价格。"}}}, nil
}

// Clarities is Clarity for each.
func (w writer) Clarities(ctx context.Context, list []registry.Entry, lang locale.Lang) (out []match.Clarity, err error) {
	for i := range list {
		c, _ := w.Clarity(ctx, &list[i], lang)
		out = append(out, c)
	}
	return out, nil
}

// Alike tells of one entry that differs in its figures.
func (writer) Alike(context.Context, *registry.Entry, locale.Lang) ([]match.Similar, error) {
	return []match.Similar{{
		Listing: match.Ref{ID: "CAP-ALIKE", Name: "声学测漏", Org: "别的公司"}, Similarity: 0.83,
		Differences: []match.Difference{{Key: "figures", First: "40 km", Second: "50 km"}},
	}}, nil
}

// Fields suggests one.
func (writer) Fields(_ context.Context, e *registry.Entry) ([]match.Suggestion, error) {
	for _, f := range e.Listing().Fields {
		if f == "artificial_intelligence" {
			return nil, nil
		}
	}
	return []match.Suggestion{{Code: "artificial_intelligence", Confidence: 0.91, Words: []string{"声学", "监测"}}}, nil
}

// Rows reads a line each as a name.
func (writer) Rows(_ context.Context, kind scene.Kind, file string, content []byte) (rows []registry.Entry, err error) {
	for name := range strings.FieldsSeq(string(content)) {
		l := scene.Listing{Name: name, OrgName: "别的公司", Keywords: []string{"一", "二"}}
		if kind == scene.KindCapability {
			rows = append(rows, registry.Entry{Capability: &scene.Capability{Listing: l}})
		} else {
			rows = append(rows, registry.Entry{Opportunity: &scene.Opportunity{Listing: l}})
		}
	}
	if len(rows) == 0 {
		err = &scene.Error{Code: scene.Invalid, Key: "scratch.no_rows", Args: map[string]any{"file": file}}
	}
	return rows, err
}

const (
	newForm  = "/workspace/listings/new?kind=capability"
	keepPath = "/workspace/listings/keep"
)

// value is what stands in a field of a page.
func (p *page) value(name string) string {
	for _, tag := range []string{"input", "textarea"} {
		for _, in := range p.all(tag) {
			if attr(in, "name") != name {
				continue
			}
			if tag == "textarea" {
				return text(in)
			}
			return attr(in, "value")
		}
	}
	return ""
}

// TestDraftIsKept: what is typed is kept between the keys, shown again on
// another device, told where two windows disagree, and gone once it is saved.
func TestDraftIsKept(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.as(scene.RoleProvider)
	token := b.token(newForm)
	keep := func(turn, name string) (*page, int) {
		w := b.post(keepPath, url.Values{"form_token": {token}, "kind": {"capability"}, "turn": {turn}, "name": {name}, "price.min": {"几十"}, "fields": {"smart_water"}})
		return parse(t, "keep", w.Body.String()), w.Code
	}
	first, code := keep("0", "管网")
	if code != http.StatusOK || !strings.Contains(text(first.withClass("draft-note")[0]), "已暂存 18:00") || !strings.Contains(text(first.root), "请写明价格") {
		t.Fatalf("%d: %s", code, text(first.root))
	}
	if _, code := keep("0", "另一个窗口"); code != http.StatusConflict {
		t.Errorf("a window that began before: %d", code)
	}
	if _, code := keep("1", "管网漏损"); code != http.StatusOK {
		t.Errorf("the next turn: %d", code)
	}
	again := parse(t, newForm, b.get(newForm).Body.String())
	if again.value("name") != "管网漏损" || again.value("price.min") != "几十" || again.value("turn") != "2" {
		t.Errorf("on another device: %q %q %q", again.value("name"), again.value("price.min"), again.value("turn"))
	}
	if home := b.get("/workspace").Body.String(); !strings.Contains(home, "接着填写") {
		t.Error("the workspace does not lead back to the form")
	}
	if w := b.post(newForm, url.Values{"form_token": {token}, "turn": {"2"}, "name": {"管网漏损"}, "price.min": {"30"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("saving: %d", w.Code)
	}
	fresh := parse(t, newForm, b.get(newForm).Body.String())
	if fresh.value("name") != "" || fresh.value("turn") != "0" {
		t.Errorf("after saving: %q", fresh.value("name"))
	}
	if _, code := keep("0", "又一个"); code != http.StatusOK {
		t.Errorf("a form begun anew: %d", code)
	}
	if w := b.post("/workspace/listings/forget", url.Values{"form_token": {token}, "kind": {"capability"}}); w.Code != http.StatusSeeOther {
		t.Errorf("discarding: %d", w.Code)
	}
	if p := parse(t, newForm, b.get(newForm).Body.String()); p.value("name") != "" {
		t.Errorf("discarded, and still there: %q", p.value("name"))
	}
}

// TestDraftOfOthers: nobody keeps a form of what is not his own to write.
func TestDraftOfOthers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	foreign := o.foreign()
	b := o.as(scene.RoleProvider)
	token := b.token("/account")
	for name, tt := range map[string]struct {
		form url.Values
		want int
	}{
		"OfAnother":   {url.Values{"kind": {"capability"}, "id": {string(foreign.Listing().ID)}}, http.StatusForbidden},
		"OtherSide":   {url.Values{"kind": {"opportunity"}}, http.StatusForbidden},
		"NoKind":      {url.Values{"kind": {"nonsense"}}, http.StatusNotFound},
		"NotThere":    {url.Values{"kind": {"capability"}, "id": {"none"}}, http.StatusNotFound},
		"CopyOfOther": {nil, 0},
	} {
		if tt.form == nil {
			if w := b.get(newForm + "&from=" + string(foreign.Listing().ID)); w.Code != http.StatusForbidden {
				t.Errorf("%s: %d", name, w.Code)
			}
			continue
		}
		tt.form.Set("form_token", token)
		if w := b.post(keepPath, tt.form); w.Code != tt.want {
			t.Errorf("%s: %d, want %d", name, w.Code, tt.want)
		}
	}
}

// foreign is an entry of another organisation.
func (o *office) foreign() registry.Entry {
	o.t.Helper()
	o.organisation("ELSE", "别的公司", "")
	return o.draft(scene.Actor{ID: "else", OrgID: "ELSE", Roles: []scene.Role{scene.RoleProvider}})
}

// TestEditMeetsEdit: who saves over somebody else's change is shown what differs,
// and decides by saving once more.
func TestEditMeetsEdit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.as(scene.RoleProvider)
	by := scene.Actor{ID: "colleague", OrgID: o.org, Roles: []scene.Role{scene.RoleProvider}}
	e := o.draft(by)
	edit := "/workspace/listings/capability/" + string(e.Listing().ID) + "/edit"
	mine := parse(t, edit, b.get(edit).Body.String())
	theirs := e.Copy()
	theirs.Capability.Description = "同事改过的说明，单机覆盖四十公里。"
	if _, err := o.registry.Edit(t.Context(), by, theirs); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"form_token": {mine.value("form_token")}, "revision": {mine.value("revision")}, "turn": {"0"}, "name": {"管网漏损"}, "fields": {"smart_water"}, "description": {"我写的说明"}}
	keep := url.Values{"kind": {"capability"}, "id": {string(e.Listing().ID)}}
	for k, v := range form {
		keep[k] = v
	}
	if w := b.post(keepPath, keep); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "已被他人修改") {
		t.Errorf("while typing: %d", w.Code)
	}
	w := b.post(edit, form)
	if w.Code != http.StatusConflict {
		t.Fatalf("saving over it: %d", w.Code)
	}
	told := parse(t, edit, w.Body.String())
	if body := text(told.withClass("diff")[0]); !strings.Contains(body, "同事改过的说明") || !strings.Contains(body, "我写的说明") {
		t.Errorf("the differences: %s", body)
	}
	form.Set("revision", told.value("revision"))
	if w := b.post(edit, form); w.Code != http.StatusSeeOther {
		t.Fatalf("once more: %d", w.Code)
	}
	after, err := o.registry.Entry(t.Context(), by, scene.KindCapability, e.Listing().ID)
	if err != nil || after.Capability.Description != "我写的说明" {
		t.Errorf("%q, %v", after.Capability.Description, err)
	}
}

// TestFill: a form is filled from an earlier entry, or from a row of a list.
func TestFill(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.as(scene.RoleProvider)
	e := o.draft(scene.Actor{ID: "colleague", OrgID: o.org, Roles: []scene.Role{scene.RoleProvider}})
	copied := parse(t, "copy", b.get(newForm+"&from="+string(e.Listing().ID)).Body.String())
	if copied.value("name") != e.Listing().Name || copied.value("description") != e.Capability.Description || copied.value("revision") != "0" {
		t.Errorf("copied: %q", copied.value("name"))
	}
	token := b.token(newForm)
	send := func(content string) *httptest.ResponseRecorder {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		f, err := m.CreateFormFile("file", "../清单.csv")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write([]byte(content))
		_ = m.WriteField("form_token", token)
		_ = m.Close()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/workspace/listings/fill?kind=capability", &body)
		r.Header.Set("Content-Type", m.FormDataContentType())
		return b.send(r)
	}
	one := parse(t, "one", send("声学监测").Body.String())
	if one.value("name") != "声学监测" || one.value("keywords") != "一、二" || one.value("contact.person") != "某人" {
		t.Errorf("one row: %q %q %q", one.value("name"), one.value("keywords"), one.value("contact.person"))
	}
	two := parse(t, "two", send("甲 乙").Body.String())
	form := url.Values{"form_token": {token}, "then": {"fill"}}
	for _, in := range two.all("input") {
		if attr(in, "type") == "hidden" && attr(in, "name") == "name" {
			form.Set("name", attr(in, "value")) // of the last row
		}
	}
	taken := parse(t, "taken", b.post(newForm, form).Body.String())
	if taken.value("name") != "乙" {
		t.Errorf("the row taken: %q", taken.value("name"))
	}
	if w := send(""); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "没有找到这一类条目") {
		t.Errorf("no rows: %d", w.Code)
	}
	rows, err := o.registry.Own(t.Context(), scene.Actor{ID: "x", OrgID: o.org, Roles: []scene.Role{scene.RoleProvider}})
	if err != nil || len(rows) != 1 {
		t.Errorf("filling a form stored %d entries: %v", len(rows)-1, err)
	}
}
