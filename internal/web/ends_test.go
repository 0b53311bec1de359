package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// TestEntriesEnd: a day that is past is told on saving and refused on handing in;
// what runs out soon is told in the workspace, and extended in one step; what came
// back says so in the list.
func TestEntriesEnd(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	provider, steward := o.as(scene.RoleProvider), scene.Actor{ID: "s", Roles: []scene.Role{scene.RoleSteward}}
	const form = "/workspace/listings/new?kind=capability"
	entry := url.Values{
		"name": {"漏损定位"}, "fields": {"smart_water"}, "description": {"分布式光纤声学监测系统，单机覆盖四十公里管线，已运行三年。"},
		"contact.person": {"某人"}, "contact.phone": {"13900000001"}, "valid_to": {"2020-01-01"},
	}
	w := provider.fill(form, form, entry)
	at, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if body := provider.get(at).Body.String(); w.Code != http.StatusSeeOther || !strings.Contains(body, "已经过去") {
		t.Fatalf("saved without a word: %d", w.Code)
	}
	if w := provider.fill(at, at+"/submit", url.Values{"revision": {"1"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `id="fault-valid_to"`) {
		t.Errorf("handed in: %d", w.Code)
	}
	entry.Set("valid_to", today().AddDate(0, 0, 12).Format("2006-01-02"))
	entry.Set("revision", "1")
	if w := provider.fill(at+"/edit", at+"/edit", entry); w.Code != http.StatusSeeOther {
		t.Fatalf("edit: %d %s", w.Code, w.Body)
	}
	own, err := o.registry.Own(t.Context(), scene.Actor{ID: "p", OrgID: o.org, Roles: []scene.Role{scene.RoleProvider}})
	if err != nil || len(own) != 1 {
		t.Fatal(own, err)
	}
	step := registry.Step{Kind: own[0].Kind(), ID: own[0].Listing().ID, Revision: own[0].Listing().Revision}
	e, err := o.registry.Submit(t.Context(), steward, step)
	if err != nil {
		t.Fatal(err)
	}
	step.Revision, step.To, step.Reason = e.Listing().Revision, scene.FormalReview, ""
	if e, err = o.registry.Review(t.Context(), steward, step); err != nil {
		t.Fatal(err)
	}
	step.Revision, step.To, step.Reason = e.Listing().Revision, scene.Draft, "请补充指标"
	if e, err = o.registry.Review(t.Context(), steward, step); err != nil {
		t.Fatal(err)
	}
	if body := provider.get(at).Body.String(); !strings.Contains(body, "中心工作人员") || !strings.Contains(body, "退回修改") {
		t.Error("the way of the entry does not say who sent it back")
	}
	if body := provider.get("/workspace").Body.String(); !strings.Contains(body, "退回修改") || !strings.Contains(body, "请补充指标") || strings.Contains(body, "/extend") {
		t.Error("what came back stands as a draft")
	}
	o.publish(e)
	body := provider.get("/workspace").Body.String()
	if !strings.Contains(body, at+"/extend") || !strings.Contains(body, "快到期") {
		t.Fatalf("nobody is told of the end: %s", body)
	}
	if !strings.Contains(provider.get(at).Body.String(), "之后访客看不到") {
		t.Error("the page of the entry does not say that it ends")
	}
	account, err := o.accounts.Find(t.Context(), scene.Console(), "provider")
	if err != nil {
		t.Fatal(err)
	}
	o.tell(scene.Notice{Account: account.ID, Kind: scene.NoticeDue, Key: scene.NoticeEnds, Args: map[string]any{"name": "漏损定位", "date": "2026-12-02"}, Path: at, Rows: []scene.ID{step.ID}})
	if body := provider.get("/inbox").Body.String(); !strings.Contains(body, `action="`+at+`/extend"`) || !strings.Contains(body, "“漏损定位”将于 2026-12-02 到期") {
		t.Errorf("the notice does not extend the entry: %s", body)
	}
	if e, err = o.registry.Entry(t.Context(), steward, step.Kind, step.ID); err != nil {
		t.Fatal(err)
	}
	revision := url.Values{"revision": {fmt.Sprint(e.Listing().Revision)}}
	if w := provider.fill("/workspace", at+"/extend", revision); w.Code != http.StatusSeeOther {
		t.Fatalf("extend: %d %s", w.Code, w.Body)
	}
	if body := provider.get("/workspace").Body.String(); strings.Contains(body, at+"/extend") {
		t.Error("told of an end that is far")
	}
	if body := provider.get("/inbox").Body.String(); strings.Contains(body, "/extend") {
		t.Error("what is extended is offered once more")
	}
	extend := "/entries/capabilities/" + string(step.ID) + "/extend"
	program := o.program(scene.RoleOwner, scene.ScopeRead, scene.ScopeWriteListings)
	if w := program.ask(http.MethodPost, extend, "", "If-Match", "*"); w.Code != http.StatusPreconditionFailed || !strings.Contains(w.Body.String(), "半年内不会到期") {
		t.Errorf("extended on and on: %d %s", w.Code, w.Body)
	}
	err = o.rows.Update(t.Context(), func(tx store.Tx) error {
		c, err := tx.Capabilities().Get(t.Context(), step.ID)
		if err != nil {
			return err
		}
		c.ValidTo = today().AddDate(0, 0, -1)
		_, err = tx.Capabilities().Put(t.Context(), c)
		return err
	})
	if w := program.ask(http.MethodPost, extend, "", "If-Match", "*"); err != nil || w.Code != http.StatusOK {
		t.Errorf("extended by a program: %d %s, %v", w.Code, w.Body, err)
	}
}

// TestConditionsOfNeeds: an owner states on the page what it asks of providers, and
// a long list of titles is folded until it is wanted.
func TestConditionsOfNeeds(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner := o.as(scene.RoleOwner)
	const form = "/workspace/listings/new?kind=opportunity"
	body := owner.get(form).Body.String()
	if !strings.Contains(body, `<details class="fold"`) || !strings.Contains(body, "供方地域要求") {
		t.Error("the form lacks its conditions, or unfolds all titles")
	}
	need := url.Values{
		"name": {"下穿通道积水"}, "eligibility.regions": {"江苏、上海"}, "eligibility.consortium": {"no"}, "eligibility.domestic": {"yes"},
		"eligibility.qualifications": {"high_tech"},
	}
	w := owner.fill(form, form, need)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	own, err := o.registry.Own(t.Context(), scene.Actor{ID: "p", OrgID: o.org, Roles: []scene.Role{scene.RoleOwner}})
	if err != nil || len(own) != 1 {
		t.Fatal(own, err)
	}
	if r := own[0].Opportunity.Require; len(r.Regions) != 2 || r.Consortium != scene.No || !r.Domestic || len(r.Qualifications) != 1 {
		t.Errorf("stated %+v", r)
	}
	need.Set("eligibility.regions", "火星")
	if w := owner.fill(form, form, need); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `value="火星"`) {
		t.Errorf("an unknown place: %d", w.Code)
	}
	at, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if body := owner.get(at + "/edit").Body.String(); !strings.Contains(body, "已选 1 项：高新技术企业") {
		t.Error("what is chosen is not told while folded")
	}
}
