package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/web/api"
)

// TestOwnRooms: each of an organisation's own rooms leads to all the others, and
// marks itself.
func TestOwnRooms(t *testing.T) {
	t.Parallel()
	owner := newOffice(t).as(scene.RoleProvider)
	rooms := []string{"", "/matches", "/engagements", "/searches", "/events", "/organisation", "/tokens"}
	for _, here := range rooms {
		body := owner.get("/workspace" + here).Body.String()
		for _, room := range rooms {
			if link := `href="/workspace` + room + `"`; !strings.Contains(body, link) {
				t.Errorf("/workspace%s does not lead to /workspace%s", here, room)
			}
		}
		if !strings.Contains(body, `href="/workspace`+here+`" aria-current="page"`) {
			t.Errorf("/workspace%s does not say that it is open", here)
		}
	}
}

// TestProfile: an organisation says what it is, on a page and by program; nobody
// overwrites a colleague's change unseen, and no other writes it.
func TestProfile(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner := o.as(scene.RoleProvider)
	const page = "/workspace/organisation"
	form := url.Values{
		"profile": {"光纤传感器与监测系统。"}, "name_en": {"Sample Photonics"}, "kind": {"private"}, "founded": {"2016"}, "region": {"无锡市新吴区"},
		"address": {"示例路 1 号"}, "contact.person": {secretPerson}, "contact.phone": {secretPhone}, "revision": {"1"},
	}
	for name, bad := range map[string][2]string{"Year": {"founded", "二〇一六"}, "Region": {"region", "火星"}, "Kind": {"kind", "guild"}} {
		wrong := url.Values{}
		for k, v := range form {
			wrong[k] = v
		}
		wrong.Set(bad[0], bad[1])
		if w := owner.fill(page, page, wrong); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "aria-invalid") {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := owner.fill(page, page, form); w.Code != http.StatusSeeOther {
		t.Fatalf("save: %d %s", w.Code, w.Body)
	}
	if w := owner.fill(page, page, url.Values{"profile": {"别的"}, "revision": {"1"}}); w.Code != http.StatusConflict {
		t.Errorf("a colleague's change is overwritten: %d", w.Code)
	}
	if body := owner.get(page).Body.String(); !strings.Contains(body, "Sample Photonics") || !strings.Contains(body, "新吴区") || !strings.Contains(body, secretPhone) {
		t.Errorf("what was saved is not in the form: %s", body)
	}

	p := o.program(scene.RoleOwner, scene.ScopeWriteListings)
	one := "/organisations/" + string(o.org)
	row, err := o.registry.Organisation(t.Context(), o.org)
	if err != nil || row.Region != "320214" || row.Founded != 2016 {
		t.Fatalf("%+v, %v", row, err)
	}
	p.must(http.StatusPreconditionRequired, nil, http.MethodPut, one, `{}`)
	p.must(http.StatusPreconditionFailed, nil, http.MethodPut, one, `{}`, "If-Match", `"1"`)
	p.must(http.StatusUnprocessableEntity, nil, http.MethodPut, one, `{"industries":["none"]}`, "If-Match", `"2"`)
	var got api.Organisation
	p.must(http.StatusOK, &got, http.MethodPut, one, `{"profile":"新的简介","industries":["landmark","landmark"]}`, "If-Match", `"2"`)
	if len(got.Industries) != 1 {
		t.Errorf("an industry is told twice: %v", got.Industries)
	}
	if row, err = o.registry.Organisation(t.Context(), o.org); err != nil || got.Profile != "新的简介" || row.Contact.Phone != secretPhone || row.Name == "" {
		t.Errorf("%+v, %+v, %v", got, row, err)
	}
	o.organisation("OTHER", "别的公司", "")
	p.must(http.StatusForbidden, nil, http.MethodPut, "/organisations/OTHER", `{}`, "If-Match", `"1"`)
}
