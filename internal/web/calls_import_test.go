package web_test

import (
	"net/http"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/api"
	"jinghe/internal/web/edge"
)

// TestImportByProgram: a list is looked at, brought in, brought in again, and taken back.
func TestImportByProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.program(scene.RoleSteward, scene.ScopeImport, scene.ScopeRead)
	const list = `{"source":"门户","capabilities":[
		{"code":"P-1","organisation":{"name":"甲公司"},"entry":{"name":"漏损定位","fields":["smart_water"],"contact_phone":"` + secretPhone + `"}},
		{"organisation":{"name":"乙公司","credit_code":"123"},"entry":{"name":"巡检"}}],
		"opportunities":[{"organisation":{"name":"丙中心"},"entry":{"name":"找漏点","budget":{"max_fen":1000000}}}]}`
	var report api.ImportReport
	p.must(http.StatusOK, &report, http.MethodPost, "/imports?dry_run=true", list)
	if report.ID != "" || report.Count.Created != 3 || len(report.Rows) != 3 {
		t.Errorf("dry run: %+v", report)
	}
	var page api.EntryPage[api.OwnCapability]
	p.must(http.StatusOK, &page, http.MethodGet, "/entries/capabilities", "")
	if len(page.Items) != 0 {
		t.Errorf("a dry run wrote %d entries", len(page.Items))
	}
	w := p.ask(http.MethodPost, "/imports", list, "Idempotency-Key", "list-1")
	again := p.ask(http.MethodPost, "/imports", list, "Idempotency-Key", "list-1")
	if w.Code != 201 || again.Body.String() != w.Body.String() {
		t.Errorf("%d %s\n%s", w.Code, w.Body, again.Body)
	}
	noSecret(t, "/imports", w.Body.String())
	p.must(http.StatusCreated, &report, http.MethodPost, "/imports", list)
	if report.Count.Unchanged != 3 || report.Count.Created != 0 {
		t.Errorf("the same list again: %+v", report.Count)
	}
	p.must(http.StatusOK, &page, http.MethodGet, "/entries/capabilities?source="+"%E9%97%A8%E6%88%B7", "")
	if len(page.Items) != 2 || page.Items[0].State != "submitted" {
		t.Errorf("%+v", page.Items)
	}
	var jobs api.ImportPage
	p.must(http.StatusOK, &jobs, http.MethodGet, "/imports", "")
	if len(jobs.Items) != 2 {
		t.Fatalf("%d jobs", len(jobs.Items))
	}
	var undone api.Undone
	for i := range jobs.Items {
		p.must(http.StatusOK, &undone, http.MethodPost, "/imports/"+string(jobs.Items[i].ID)+"/undo", "")
	}
	if undone.Removed == 0 || undone.Status != "undone" {
		t.Errorf("%+v", undone)
	}
	lines, err := o.accounts.Record(t.Context(), scene.Actor{ID: "a", Roles: []scene.Role{scene.RoleAuditor}}, store.AuditFilter{Noun: "import"}, store.Page{})
	told := map[string]int{}
	for _, l := range lines.Items {
		told[l.Action+" "+l.Note]++
	}
	if err != nil || told["list.import api · 门户"] != 2 || told["list.undo api · 门户"] != 2 || len(lines.Items) != 4 {
		t.Errorf("the record: %v, %v", told, err)
	}
}

// TestImportFaults: what is wrong is told with its place, in the reader's language.
func TestImportFaults(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.program(scene.RoleSteward, scene.ScopeImport)
	for name, tt := range map[string]struct {
		body, lang, field, message string
	}{
		"Code":       {`{"source":"x","capabilities":[{"organisation":{"name":"a"},"entry":{"name":"b","fields":["no"]}}]}`, "zh", "capabilities[0].entry.fields", "字典“field”没有代码“no”。"},
		"Required":   {`{"capabilities":[]}`, "zh", "body", "缺少必填项 source。"},
		"English":    {`{"capabilities":[]}`, "en", "body", "The property source is missing."},
		"Unexpected": {`{"source":"x","rows":[]}`, "zh", "rows", "没有这一项，请删去。"},
		"Number":     {`{"source":"x","opportunities":[{"organisation":{"name":"a"},"entry":{"name":"b","eligibility":{"mlps":9}}}]}`, "zh", "opportunities[0].entry.eligibility.mlps", "不能大于 5。"},
		"Kind":       {`{"source":"x","capabilities":[{"organisation":{"name":"a","kind":"x"},"entry":{"name":"b"}}]}`, "en", "capabilities[0].organisation.kind", "Give one of government, soe, private, public_space, institute."},
	} {
		var problem edge.Problem
		p.must(http.StatusUnprocessableEntity, &problem, http.MethodPost, "/imports?dry_run=true&lang="+tt.lang, tt.body)
		if len(problem.Errors) != 1 || problem.Errors[0].Field != tt.field || problem.Errors[0].Message != tt.message {
			t.Errorf("%s: %+v", name, problem.Errors)
		}
	}
}
