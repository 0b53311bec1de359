package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestReviewByPage: an entry goes from its owner to the reader by pages alone,
// its contact masked on each of them until a purpose is stated.
func TestReviewByPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner, steward, auditor := o.as(scene.RoleProvider), o.as(scene.RoleSteward), o.as(scene.RoleAuditor)
	by, err := o.accounts.Find(t.Context(), scene.Console(), "provider")
	if err != nil {
		t.Fatal(err)
	}
	e := o.draft(by.Actor("192.0.2.7"))
	id := string(e.Listing().ID)
	own, desk := "/workspace/listings/capability/"+id, "/console/reviews/capability/"+id
	if w := owner.fill(own, own+"/submit", url.Values{"revision": {"1"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("submit: %d %s", w.Code, w.Body)
	}
	if w := owner.fill(own, own+"/submit", url.Values{"revision": {"2"}}); w.Code != http.StatusForbidden {
		t.Errorf("submit twice: %d", w.Code)
	}
	page := steward.get(desk).Body.String()
	if !strings.Contains(page, "139****4321") || strings.Contains(page, secretPhone) || strings.Contains(page, secretPerson) {
		t.Error("the contact is not masked for the reviewer")
	}
	w := steward.fill(desk, desk, url.Values{"to": {"draft"}, "revision": {"2"}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请写明理由") {
		t.Errorf("back without a reason: %d", w.Code)
	}
	for _, to := range []string{"formal_review", "department_review", "published"} {
		stored, err := o.registry.Entry(t.Context(), scene.Actor{ID: "x", Roles: []scene.Role{scene.RoleSteward}}, scene.KindCapability, e.Listing().ID)
		if err != nil {
			t.Fatal(err)
		}
		revision := map[string]string{"formal_review": "2", "department_review": "3", "published": "4"}[to]
		if w := steward.fill(desk, desk, url.Values{"to": {to}, "revision": {revision}}); w.Code != http.StatusSeeOther {
			t.Fatalf("%s from %s: %d %s", to, stored.Listing().State, w.Code, w.Body)
		}
	}
	for _, b := range []*browser{auditor, owner} {
		if w := b.post(desk+"/contact", url.Values{"purpose": {"随便看看"}, "form_token": {b.token("/account")}}); w.Code != http.StatusForbidden {
			t.Errorf("the contact for others: %d", w.Code)
		}
	}
	if w := steward.fill(desk, desk+"/contact", url.Values{"purpose": {""}}); w.Code != http.StatusUnprocessableEntity || strings.Contains(w.Body.String(), secretPhone) {
		t.Errorf("the contact without a purpose: %d", w.Code)
	}
	if w := steward.fill(desk, desk+"/contact", url.Values{"purpose": {"核实联系人"}}); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), secretPhone) {
		t.Errorf("the contact for a purpose: %d", w.Code)
	}
	record := auditor.get("/console/record?row=" + id).Body.String()
	for _, want := range []string{"查看联系方式", "核实联系人", "提交审核", "192.0.2.7"} {
		if !strings.Contains(record, want) {
			t.Errorf("the record lacks %s", want)
		}
	}
	if strings.Contains(record, secretPhone) {
		t.Error("a telephone number in the record")
	}
	revised(t, o, owner, steward, e)
}

// revised: what an owner changes of a public entry waits beside it.
func revised(t *testing.T, o *office, owner, steward *browser, e registry.Entry) {
	t.Helper()
	id := string(e.Listing().ID)
	own, desk := "/workspace/listings/capability/"+id, "/console/proposals/capability/"+id
	form := url.Values{
		"name": {"管网漏损定位二代"}, "fields": {"smart_water"}, "description": {e.Capability.Description}, "contact.person": {secretPerson},
		"contact.phone": {secretPhone}, "note": {"升级"}, "revision": {"5"},
	}
	if w := owner.fill(own+"/edit", own+"/edit", form); w.Code != http.StatusSeeOther || !strings.HasSuffix(w.Header().Get("Location"), "done=proposed") {
		t.Fatalf("propose: %d %s", w.Code, w.Body)
	}
	page := steward.get(desk).Body.String()
	if !strings.Contains(page, "<ins>二代</ins>") || !strings.Contains(page, "升级") || strings.Contains(page, secretPhone) {
		t.Errorf("the difference is not shown, or too much of it")
	}
	if w := steward.fill(desk, desk, url.Values{"accept": {"yes"}, "seen": {"2020-01-01T00:00:00Z"}}); w.Code != http.StatusConflict {
		t.Errorf("accept what was not looked at: %d", w.Code)
	}
	_, seen, _ := strings.Cut(page, `name="seen" value="`)
	seen, _, _ = strings.Cut(seen, `"`)
	if w := steward.fill(desk, desk, url.Values{"accept": {"yes"}, "seen": {seen}}); w.Code != http.StatusSeeOther {
		t.Fatalf("accept: %d %s", w.Code, w.Body)
	}
	err := o.rows.View(t.Context(), func(tx store.Tx) error {
		c, err := tx.Capabilities().Get(t.Context(), e.Listing().ID)
		if c.Name != "管网漏损定位二代" || c.Contact.Phone != secretPhone {
			t.Errorf("accepted: %q, %+v", c.Name, c.Contact)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestInvitationByPage: a link lets one colleague in, once.
func TestInvitationByPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	host := o.as(scene.RoleProvider)
	w := host.fill("/workspace", "/workspace/invitations", url.Values{"roles": {"provider"}})
	_, rest, ok := strings.Cut(w.Body.String(), "/invitations/")
	if w.Code != http.StatusOK || !ok {
		t.Fatalf("invite: %d", w.Code)
	}
	path := "/invitations/" + rest[:43]
	guest := o.browser()
	form := url.Values{"login": {"guest"}, "name": {"李四"}, "password": {testPassword}}
	if w := guest.fill(path, path, form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "隐私说明") {
		t.Errorf("without consent: %d", w.Code)
	}
	form.Set("privacy", "yes")
	form.Set("terms", "yes")
	if w := guest.fill(path, path, form); w.Code != http.StatusSeeOther {
		t.Fatalf("join: %d %s", w.Code, w.Body)
	}
	if w := guest.get(path); w.Code != http.StatusNotFound {
		t.Errorf("the link again: %d", w.Code)
	}
	if w := guest.fill("/sign-in", "/sign-in", credentials("guest", testPassword)); w.Header().Get("Location") != "/workspace" {
		t.Errorf("sign in: %d", w.Code)
	}
	if body := guest.get("/workspace").Body.String(); !strings.Contains(body, "某某科技有限公司") {
		t.Error("in another organisation")
	}
}
