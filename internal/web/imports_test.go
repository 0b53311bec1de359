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

	"jinghe/internal/match"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/survey"
	"jinghe/internal/web/backend"
)

// tray is an intake that holds one list, and remembers what it was asked.
type tray struct {
	counter
	held    backend.Received
	content []byte
	mapping map[string]string
	kind    scene.Kind
}

func (b *tray) Receive(_ context.Context, _ scene.Actor, u scene.Upload, content []byte) (scene.Upload, error) {
	b.content, u.ID = content, "UP1"
	b.held.File, b.held.Source = u.File, u.Source
	return u, nil
}

func (b *tray) Upload(_ context.Context, _ scene.Actor, id scene.ID) (backend.Received, error) {
	if id != "UP1" {
		return backend.Received{}, &scene.Error{Code: scene.NotFound, Key: "upload.not_found"}
	}
	return b.held, nil
}

func (b *tray) Decide(_ context.Context, _ scene.Actor, _ scene.ID, mapping map[string]string, kind scene.Kind) error {
	b.mapping, b.kind = mapping, kind
	return nil
}

func (b *tray) Accept(context.Context, scene.Actor, scene.ID) error {
	return &scene.Error{Code: scene.Precondition, Key: "upload.state_done"}
}

func (b *tray) Fields(scene.Kind) []backend.FieldHead {
	return []backend.FieldHead{{Field: "name", Head: "场景机会名称"}, {Field: "org", Head: "单位名称"}}
}

// TestTemplates: whoever hands in a list, or fills a form from one, gets a workbook
// for it in his own language.
func TestTemplates(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	steward, owner, provider := o.as(scene.RoleSteward), o.as(scene.RoleOwner), o.as(scene.RoleProvider)
	for kind, who := range map[string]*browser{"opportunity": owner, "capability": provider} {
		address := "/templates/" + kind + ".xlsx"
		zh, en := o.browser().get(address), o.browser().get(address+"?lang=en")
		if zh.Code != http.StatusOK || zh.Header().Get("Content-Type") != backend.WorkbookType || !strings.HasPrefix(zh.Body.String(), "PK") {
			t.Errorf("%s: %d, %s", address, zh.Code, zh.Header().Get("Content-Type"))
		}
		if a, b := zh.Header().Get("Content-Disposition"), en.Header().Get("Content-Disposition"); a == b || !strings.Contains(b, "Template") {
			t.Errorf("%s is named %q and %q", address, a, b)
		}
		if body := steward.get("/console/imports").Body.String(); !strings.Contains(body, address) {
			t.Errorf("imports offer no %s", address)
		}
		form := "/workspace/listings/new?kind=" + kind
		if body := who.get(form).Body.String(); !strings.Contains(body, address) {
			t.Errorf("%s offers no %s", form, address)
		}
	}
}

func fullTray() *tray {
	place := survey.Place{Kind: scene.KindOpportunity, Code: "1", Name: "桥梁", Org: "城建局"}
	stored := place
	stored.ID = "OPP001"
	row := registry.RowReport{
		Kind: scene.KindOpportunity, ID: "OPP001", Name: "桥梁裂缝", Org: "城建局", Action: registry.Changed, Sheet: "表一", Line: 7,
		Changes: []scene.Difference{{Field: "budget.max", Before: "1200000", After: "2400000"}, {Field: "need", Before: "旧", After: "新"}},
	}
	look := &backend.Look{
		Import: registry.Report{
			Job:  scene.Import{Count: scene.Tally{Read: 3, Changed: 1, Rejected: 1}},
			Rows: []registry.RowReport{row}, Missing: []registry.RowReport{{Kind: scene.KindOpportunity, ID: "OPP002", Name: "隧道", Action: registry.Missing}},
			Problems: []scene.Problem{
				{Sheet: "表一", Row: 9, Column: "联系方式", Value: "电话 " + secretPhone, Key: "transfer.name_missing", Rejected: true},
				{Sheet: "表一", Row: 8, Column: "有效期至", Value: "2027-13-45", Key: "transfer.date"},
			},
		},
		Sheets: []backend.LookSheet{{Name: "表一", Kind: scene.KindOpportunity, Row: 2, Rows: 2, Columns: []backend.LookColumn{{Head: "项目名", Unsure: true}}}},
		Survey: survey.Report{
			TwinCount: 1, Twins: []survey.Twin{{First: stored, Second: place, Similarity: 0.93, Differences: []match.Difference{{Key: "budget", First: "10", Second: "20"}}}},
			Unfiled:      []survey.Unfiled{{Place: place, Label: "智慧交通", Suggestions: []match.Suggestion{{Code: "smart_transport", Confidence: 0.91}}}},
			UnclearCount: 1, Unclear: []survey.Unclear{{Place: place, Clarity: match.Clarity{Advice: []match.Advice{{Advice: "请写明指标"}}}}},
		},
	}
	return &tray{held: backend.Received{Upload: scene.Upload{ID: "UP1", File: "清单.xlsx", Status: scene.UploadLooked, Source: "开发区"}, Look: look}}
}

// trayOffice is an office whose intake is b.
func trayOffice(t *testing.T, b backend.Intake) *office {
	t.Helper()
	return newOfficeWith(t, func(s *backend.Services) { s.Intake = b })
}

// TestUploadPage: each figure opens the rows behind it, and no telephone number is among them.
func TestUploadPage(t *testing.T) {
	t.Parallel()
	b := fullTray()
	steward := trayOffice(t, b).as(scene.RoleSteward)
	for show, want := range map[string]string{
		"": "表一 第 9 行", "changed": "万元", "missing": "隧道", "problems": "联系方式", "twins": "93 %",
		"warnings": "2027-13-45", "unfiled": "智慧交通", "unclear": "请写明指标", "joined": "没有。", "nonsense": "没有。",
	} {
		w := steward.get("/console/imports/UP1?page=99&show=" + show)
		if body := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(body, want) || strings.Contains(body, secretPhone) {
			t.Errorf("%q: %d, wanted %q", show, w.Code, want)
		}
	}
	if body := steward.get("/console/imports/UP1").Body.String(); !strings.Contains(body, `<span class="n">1</span> 提醒`) {
		t.Error("the list does not say that a cell of a row that goes in could not be read")
	}
	if w := steward.get("/console/imports/UP2"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown one: %d", w.Code)
	}
	w := steward.fill("/console/imports/UP1", "/console/imports/UP1/columns", url.Values{"head": {"项目名", "备注"}, "field": {"name", ""}, "kind": {"opportunity"}})
	if w.Code != http.StatusSeeOther || len(b.mapping) != 1 || b.mapping["项目名"] != "name" || b.kind != scene.KindOpportunity {
		t.Errorf("%d, decided %v %q", w.Code, b.mapping, b.kind)
	}
	w = steward.fill("/console/imports/UP1", "/console/imports/UP1/accept", url.Values{})
	if w.Code < 400 || w.Code >= 500 || !strings.Contains(w.Body.String(), "已经导入过") {
		t.Errorf("what cannot be accepted: %d", w.Code)
	}
	b.held.Status, b.held.Done, b.held.Total = scene.UploadImporting, 3, 9
	if w := steward.get("/console/imports/UP1"); w.Header().Get("Refresh") == "" || !strings.Contains(w.Body.String(), "3 / 9") {
		t.Error("a list at work does not tell how far it is")
	}
}

// TestHandInByForm: a file of a form arrives whole; what is too long is refused
// there and everywhere else.
func TestHandInByForm(t *testing.T) {
	t.Parallel()
	b := fullTray()
	steward := trayOffice(t, b).as(scene.RoleSteward)
	token := steward.token("/console/imports")
	send := func(path string, size int) *httptest.ResponseRecorder {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		_ = form.WriteField("form_token", token)
		_ = form.WriteField("source", " 开发区 ")
		part, err := form.CreateFormFile("file", "清单.xlsx")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(bytes.Repeat([]byte("a"), size))
		_ = form.Close()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, &body)
		r.Header.Set("Content-Type", form.FormDataContentType())
		return steward.send(r)
	}
	const large = 3 << 20
	if w := send("/console/imports", large); w.Code != http.StatusSeeOther || len(b.content) != large || b.held.Source != "开发区" {
		t.Errorf("%d, %d bytes from %q", w.Code, len(b.content), b.held.Source)
	}
	if w := send("/console/words", large); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body elsewhere: %d", w.Code)
	}
	if w := send("/console/imports", backend.MaxUpload+2<<20); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a larger list than is taken: %d", w.Code)
	}
	if w := steward.fill("/console/imports", "/console/imports", url.Values{}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请先选择") {
		t.Errorf("no file: %d", w.Code)
	}
}
