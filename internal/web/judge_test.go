package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

// TestJudge: beside an entry under review stand the open ones that say nearly the
// same, how clear it is, and fields that its text speaks for, which one press adds.
func TestJudge(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	pick := strings.Split(o.waiting("声学测漏系统")[0], "/")
	desk := "/console/reviews/" + pick[0] + "/" + pick[1]
	steward, auditor := o.as(scene.RoleSteward), o.as(scene.RoleAuditor)
	page := steward.get(desk).Body.String()
	for _, want := range []string{"声学测漏", "83 %", "40 km", "请写明价格", "人工智能", "91 %", "声学、监测", desk + "/field"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of review lacks %s", want)
		}
	}
	if body := auditor.get(desk).Body.String(); strings.Contains(body, desk+"/field") {
		t.Error("an auditor may add a field")
	}
	form := url.Values{"field": {"artificial_intelligence"}, "revision": {pick[2]}}
	if w := steward.fill(desk, desk+"/field", form); w.Code != http.StatusSeeOther || !strings.HasSuffix(w.Header().Get("Location"), "?done=field") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	stored, err := o.registry.Capability(t.Context(), scene.ID(pick[1]))
	if err != nil || strings.Join(stored.Fields, " ") != "smart_water artificial_intelligence" {
		t.Errorf("fields %v, %v", stored.Fields, err)
	}
	if body := steward.get(desk).Body.String(); strings.Contains(body, "建议的应用领域") || !strings.Contains(body, "改动了 1 项") {
		t.Error("it is suggested still, or the way does not tell")
	}
	if w := steward.fill(desk, desk+"/field", form); w.Code != http.StatusConflict && w.Code != http.StatusPreconditionFailed {
		t.Errorf("twice: %d", w.Code)
	}
	if w := steward.fill(desk, desk+"/field", url.Values{"field": {"no such"}, "revision": {"3"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an unknown field: %d", w.Code)
	}
	o.person(scene.RoleProvider)
	provider := o.browser()
	if w := provider.fill("/sign-in", "/sign-in", credentials("provider", testPassword)); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	ownerSees(t, o, provider)
}

// ownerSees: the owner sees what is nearly the same, by its page for visitors.
func ownerSees(t *testing.T, o *office, owner *browser) {
	t.Helper()
	by, err := o.accounts.Find(t.Context(), scene.Console(), "provider")
	if err != nil {
		t.Fatal(err)
	}
	e := o.draft(by.Actor(""))
	page := owner.get("/workspace/listings/capability/" + string(e.Listing().ID)).Body.String()
	if !strings.Contains(page, "/capabilities/CAP-ALIKE") || !strings.Contains(page, "请写明价格") || strings.Contains(page, "/field\"") {
		t.Error("the owner's page does not show what is nearly the same, or offers what is the centre's")
	}
}

// TestEntriesByClarity: what is least clear comes first, page by page, and the
// filters stay in force.
func TestEntriesByClarity(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var names []string
	for n := range 53 {
		names = append(names, strings.Repeat("长", 60-n)+"条目")
	}
	o.waiting(names...)
	steward := o.as(scene.RoleSteward)
	const here = "/console/entries?kind=capability&sort=clarity"
	first := steward.get(here).Body.String()
	told, vague := strings.Index(first, ">"+names[10]+"<"), strings.Index(first, ">"+names[52]+"<")
	if told < 0 || vague < 0 || vague > told {
		t.Errorf("places %d of a clear one and %d of a vague one", told, vague)
	}
	if strings.Contains(first, ">"+names[0]+"<") || !strings.Contains(first, "清晰度 10") || !strings.Contains(first, "after=50") {
		t.Error("the first page holds the clearest one, tells no clarity, or leads nowhere")
	}
	if second := steward.get(here + "&after=50").Body.String(); !strings.Contains(second, ">"+names[0]+"<") || strings.Contains(second, ">"+names[52]+"<") {
		t.Error("the second page is not the rest")
	}
	if body := steward.get("/console/entries?kind=capability").Body.String(); !strings.Contains(body, "sort=clarity") || strings.Contains(body, "清晰度 ") {
		t.Error("the list by date tells clarity, or does not lead to it")
	}
}
