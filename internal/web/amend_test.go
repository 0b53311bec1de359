package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

// TestAmendByPage: the centre writes the entry of an owner through the owner's own
// form, sees no contact in it, and the owner reads why and what.
func TestAmendByPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner, steward, auditor := o.as(scene.RoleProvider), o.as(scene.RoleSteward), o.as(scene.RoleAuditor)
	by, err := o.accounts.Find(t.Context(), scene.Console(), "provider")
	if err != nil {
		t.Fatal(err)
	}
	e := o.draft(by.Actor(""))
	o.publish(e)
	id := string(e.Listing().ID)
	desk := "/console/reviews/capability/" + id
	if body := steward.get(desk).Body.String(); !strings.Contains(body, desk+"/edit") {
		t.Error("the page does not lead to the form")
	}
	for _, b := range []*browser{owner, auditor} {
		if w := b.get(desk + "/edit"); w.Code != http.StatusForbidden {
			t.Errorf("the form for others: %d", w.Code)
		}
	}
	page := steward.get(desk + "/edit").Body.String()
	if strings.Contains(page, secretPhone) || strings.Contains(page, "contact.phone") || !strings.Contains(page, `data-draft="/console/reviews/keep"`) {
		t.Error("the form shows the contact, or keeps nothing")
	}
	form := url.Values{
		"revision": {"5"}, "turn": {"0"}, "kind": {"capability"}, "id": {id}, "name": {"管网漏损定位"}, "fields": {"smart_water"},
		"description": {"分布式光纤声学监测系统，单机覆盖六十公里管线。"}, "contact.person": {"别人"}, "contact.phone": {"13800000000"},
	}
	if w := steward.fill(desk+"/edit", "/console/reviews/keep", form); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "已") {
		t.Errorf("kept: %d", w.Code)
	}
	if body := steward.get(desk + "/edit").Body.String(); !strings.Contains(body, "六十公里") {
		t.Error("what was typed is gone")
	}
	form.Set("turn", "1")
	if w := steward.fill(desk+"/edit", desk+"/edit", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请写明理由") || !strings.Contains(w.Body.String(), "六十公里") {
		t.Errorf("without a reason: %d", w.Code)
	}
	form.Set("note", "按来电更正")
	if w := steward.fill(desk+"/edit", desk+"/edit", form); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	stored, err := o.registry.Capability(t.Context(), e.Listing().ID)
	if err != nil || stored.Contact.Person != secretPerson || !strings.Contains(stored.Description, "六十公里") {
		t.Errorf("stored %+v, %v", stored, err)
	}
	own := owner.get("/workspace/listings/capability/" + id).Body.String()
	for _, want := range []string{"按来电更正", "改动了 1 项", "<ins>六</ins>", "<del>四</del>"} {
		if !strings.Contains(own, want) {
			t.Errorf("the owner does not read %s", want)
		}
	}
	if inbox := owner.get("/inbox").Body.String(); !strings.Contains(inbox, "中心修改了您单位的") {
		t.Error("the owner is not told")
	}
	if body := steward.get(desk + "/edit").Body.String(); strings.Contains(body, "/forget") {
		t.Error("what was kept outlives the saving")
	}
	form.Set("note", "再改")
	if w := steward.fill(desk+"/edit", desk+"/edit", form); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "六十公里") {
		t.Errorf("from what was seen before: %d", w.Code)
	}
}
