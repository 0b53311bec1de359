package web_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

const aPDF = "%PDF-1.7\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF\n"

// hand posts a file with other fields of its form.
func (b *browser) hand(path, token, name string, content []byte, fields ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	f, err := m.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = f.Write(content)
	for i := 0; i+1 < len(fields); i += 2 {
		_ = m.WriteField(fields[i], fields[i+1])
	}
	_ = m.WriteField("form_token", token)
	_ = m.Close()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return b.send(r)
}

// TestFiles: a file goes in with its draft, is told where it is refused, comes
// out as what it is, and reaches visitors with the entry and not before.
func TestFiles(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.as(scene.RoleProvider)
	e := o.draft(scene.Actor{ID: "colleague", OrgID: o.org, Roles: []scene.Role{scene.RoleProvider}})
	here := "/workspace/listings/capability/" + string(e.Listing().ID)
	token := b.token(here)
	for name, tt := range map[string]struct {
		file    string
		content []byte
		code    int
		says    string
	}{
		"Empty":   {"a.pdf", nil, http.StatusUnprocessableEntity, "空的"},
		"Program": {"a.pdf", []byte("MZ"), http.StatusUnprocessableEntity, "只能上传"},
		"TooLong": {"a.pdf", append([]byte(aPDF), make([]byte, 10<<20)...), http.StatusRequestEntityTooLarge, "太大"},
		"Endless": {"a.pdf", make([]byte, 20<<20), http.StatusRequestEntityTooLarge, ""},
	} {
		if w := b.hand(here+"/files", token, tt.file, tt.content); w.Code != tt.code || !strings.Contains(w.Body.String(), tt.says) {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := b.hand(here+"/files", token, "../../检测 报告.pdf", []byte(aPDF)); w.Code != http.StatusSeeOther {
		t.Fatalf("handing it in: %d", w.Code)
	}
	p := parse(t, here, b.get(here).Body.String())
	file := ""
	for _, a := range p.all("a") {
		if strings.HasPrefix(attr(a, "href"), "/files/") {
			file = attr(a, "href")
		}
	}
	w := b.get(file)
	if w.Code != http.StatusOK || w.Body.String() != aPDF || w.Header().Get("Content-Type") != "application/pdf" || w.Header().Get("X-Content-Type-Options") != "nosniff" ||
		w.Header().Get("Content-Disposition") != "attachment; filename*=utf-8''%E6%A3%80%E6%B5%8B%20%E6%8A%A5%E5%91%8A.pdf" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%s: %d %v", file, w.Code, w.Header())
	}
	visitor := o.browser()
	if w := visitor.get(file); w.Code != http.StatusNotFound {
		t.Errorf("a visitor before it is public: %d", w.Code)
	}
	o.publish(e)
	if w := visitor.get(file); w.Code != http.StatusOK {
		t.Errorf("a visitor once it is public: %d", w.Code)
	}
	if w := b.post(here+"/files/"+file[len("/files/"):]+"/remove", url.Values{"form_token": {token}}); w.Code != http.StatusForbidden {
		t.Errorf("removed from a public entry by its owner: %d", w.Code)
	}
}

// TestPictures: a showcase gets pictures, with what they show.
func TestPictures(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := o.as(scene.RoleSteward)
	saved, err := o.registry.SaveShowcase(t.Context(), scene.Actor{ID: "s", Roles: []scene.Role{scene.RoleSteward}}, scene.Showcase{
		Name: "泵站", Owner: "甲", Provider: "乙", Scenario: "场景", State: scene.Published,
	})
	if err != nil {
		t.Fatal(err)
	}
	here := "/console/showcases/" + string(saved.ID)
	token := b.token(here)
	var pic bytes.Buffer
	if err := png.Encode(&pic, image.NewGray(image.Rect(0, 0, 8, 6))); err != nil {
		t.Fatal(err)
	}
	if w := b.hand(here+"/pictures", token, "a.png", pic.Bytes(), "role", "after", "alt", ""); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "一句话说明图片内容") {
		t.Errorf("without a word on it: %d", w.Code)
	}
	if w := b.hand(here+"/pictures", token, "a.png", pic.Bytes(), "role", "after", "alt", "改造后的泵房"); w.Code != http.StatusSeeOther {
		t.Fatalf("handing it in: %d", w.Code)
	}
	imgs := parse(t, here, b.get(here).Body.String()).all("img")
	if len(imgs) != 1 || attr(imgs[0], "alt") != "改造后的泵房" || attr(imgs[0], "width") != "8" {
		t.Fatalf("%d pictures", len(imgs))
	}
	w := o.browser().get(attr(imgs[0], "src"))
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/png" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "inline") {
		t.Errorf("a visitor: %d %v", w.Code, w.Header())
	}
	if w := b.post(here+"/pictures"+attr(imgs[0], "src")[len("/files"):]+"/remove", url.Values{"form_token": {token}}); w.Code != http.StatusSeeOther {
		t.Errorf("removing it: %d", w.Code)
	}
}
