package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

// TestProfileFaults: all that is wrong is told at once, each at its field; numbers of
// full width are read; a page that is behind keeps what was typed and shows the rest.
func TestProfileFaults(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner := o.as(scene.RoleProvider)
	const page = "/workspace/organisation"
	wrong := url.Values{"founded": {"0001"}, "region": {"火星"}, "kind": {"guild"}, "contact.phone": {"abc"}, "contact.mail": {"xx@@"}, "profile": {"写了很久的简介"}, "revision": {"1"}}
	w := owner.fill(page, page, wrong)
	for _, field := range []string{"founded", "region", "kind", "contact.phone", "contact.mail"} {
		if !strings.Contains(w.Body.String(), `id="fault-`+field+`"`) {
			t.Errorf("%s is not told", field)
		}
	}
	for _, typed := range []string{"0001", "火星", "abc", "xx@@", "写了很久的简介"} {
		if !strings.Contains(w.Body.String(), typed) {
			t.Errorf("%q is lost", typed)
		}
	}
	right := url.Values{"founded": {"２０１６"}, "contact.phone": {"０５１０－８２７３１２３４ 转 801"}, "contact.mail": {"a＠example.com"}, "revision": {"1"}}
	if w := owner.fill(page, page, right); w.Code != http.StatusSeeOther {
		t.Fatalf("full width: %d %s", w.Code, w.Body)
	}
	if row, err := o.registry.Organisation(t.Context(), o.org); err != nil || row.Founded != 2016 || row.Contact.Mail != "a@example.com" || row.Contact.Phone != "0510-82731234 转 801" {
		t.Errorf("%+v, %v", row, err)
	}
	w = owner.fill(page, page, url.Values{"profile": {"同时写的简介"}, "founded": {"2016"}, "revision": {"1"}})
	if body := w.Body.String(); w.Code != http.StatusConflict || !strings.Contains(body, "同时写的简介") || !strings.Contains(body, `class="diff"`) || !strings.Contains(body, `name="revision" value="2"`) {
		t.Errorf("behind: %d", w.Code)
	}
	if w := owner.fill(page, page, url.Values{"profile": {"同时写的简介"}, "founded": {"2016"}, "revision": {"2"}}); w.Code != http.StatusSeeOther {
		t.Errorf("saved once more: %d", w.Code)
	}
}

// TestNamingByPage: an enterprise asks for another name on its page; the centre sees
// it in a queue, decides, and corrects a registration itself; both are told.
func TestNamingByPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner, steward := o.as(scene.RoleProvider), o.as(scene.RoleSteward)
	const page, ask, desk = "/workspace/organisation", "/workspace/organisation/name", "/console/organisations/OWN"
	form := url.Values{"name": {"某某智能有限公司"}, "credit_code": {"91350100M000100Y43"}}
	if w := owner.fill(page, ask, form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "fault-naming-reason") || !strings.Contains(w.Body.String(), "某某智能有限公司") {
		t.Errorf("without a reason: %d", w.Code)
	}
	form.Set("reason", "更名")
	if w := owner.fill(page, ask, form); w.Code != http.StatusSeeOther {
		t.Fatalf("ask: %d %s", w.Code, w.Body)
	}
	if body := owner.get(page).Body.String(); !strings.Contains(body, "等待中心核实") {
		t.Error("it does not say that it waits")
	}
	if body := steward.get("/console/organisations").Body.String(); !strings.Contains(body, "待核实的名称变更") || !strings.Contains(body, desk) {
		t.Error("no queue")
	}
	body := steward.get(desk).Body.String()
	seen := regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(body)
	if seen == nil || !strings.Contains(body, "更名") {
		t.Fatalf("the request is not shown: %s", body)
	}
	decide := url.Values{"seen": {seen[1]}, "accept": {"no"}}
	if w := steward.fill(desk, desk+"/naming", decide); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("refused without a reason: %d", w.Code)
	}
	decide.Set("accept", "yes")
	if w := steward.fill(desk, desk+"/naming", decide); w.Code != http.StatusSeeOther {
		t.Fatalf("accept: %d %s", w.Code, w.Body)
	}
	if body := owner.get("/workspace").Body.String(); !strings.Contains(body, "<h1>某某智能有限公司</h1>") {
		t.Error("the workspace has the old name")
	}
	if body := owner.get("/inbox").Body.String(); !strings.Contains(body, "现登记为“某某智能有限公司”") {
		t.Error("nobody is told")
	}
	change := url.Values{"name": {"某某智能"}, "credit_code": {"91350100M000100Y44"}, "kind": {"private"}, "reason": {"录入错误"}, "revision": {"2"}}
	if w := steward.fill(desk, desk, change); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "fault-rename-credit_code") {
		t.Errorf("a wrong code: %d", w.Code)
	}
	change.Set("credit_code", "91350100M000100Y43")
	if w := steward.fill(desk, desk, change); w.Code != http.StatusSeeOther {
		t.Errorf("rename: %d %s", w.Code, w.Body)
	}
	if w := o.as(scene.RoleAuditor).get(desk); w.Code != http.StatusForbidden {
		t.Errorf("an auditor: %d", w.Code)
	}
}

// TestPersonHasCode: the page of an account names the credit code of its
// organisation once it is let in, too.
func TestPersonHasCode(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a := o.person(scene.RoleProvider)
	if body := o.as(scene.RoleSteward).get("/console/accounts/" + string(a.ID)).Body.String(); !strings.Contains(body, "91350100M000100Y43") {
		t.Error("the code is not told")
	}
}
