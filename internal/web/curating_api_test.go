package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/web/api"
)

// TestReviewByProgram takes an entry through review, and a revision of it, as the
// centre's own system does.
func TestReviewByProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	owner := o.program(scene.RoleProvider, scene.ScopeRead, scene.ScopeWriteListings)
	centre := o.program(scene.RoleSteward, scene.ScopeRead, scene.ScopeReviews, scene.ScopeWriteListings)
	const base = "/entries/capabilities"
	var made api.OwnCapability
	const body = `{"name":"管网漏损定位","fields":["smart_water"],"description":"分布式光纤声学监测系统，单机覆盖四十公里管线。","contact_person":"张","contact_phone":"0510-1234567"}`
	head := owner.must(http.StatusCreated, &made, http.MethodPost, base, body)
	one := base + "/" + string(made.ID)
	head = owner.must(http.StatusOK, nil, http.MethodPost, one+"/submit", "", "If-Match", head.Get("ETag"))
	var queue api.Queue
	centre.must(http.StatusOK, &queue, http.MethodGet, "/reviews", "")
	if queue.Total != 1 || queue.Items[0].ID != made.ID || queue.Items[0].State != "submitted" {
		t.Fatalf("%+v", queue)
	}
	owner.must(http.StatusForbidden, nil, http.MethodPost, one+"/review", `{"to":"formal_review"}`, "If-Match", head.Get("ETag"))
	centre.must(http.StatusPreconditionRequired, nil, http.MethodPost, one+"/review", `{"to":"formal_review"}`)
	for _, to := range []string{"formal_review", "department_review", "published"} {
		head = centre.must(http.StatusOK, &made, http.MethodPost, one+"/review", `{"to":"`+to+`"}`, "If-Match", head.Get("ETag"))
	}
	if made.State != "published" || !made.Open {
		t.Fatalf("%+v", made.Standing)
	}
	next := `{"name":"管网漏损定位二代","fields":["smart_water"],"description":"分布式光纤声学监测系统，单机覆盖五十公里管线。","contact_person":"张","contact_phone":"0510-1234567"}`
	owner.must(http.StatusAccepted, nil, http.MethodPut, one, next, "If-Match", head.Get("ETag"))
	var open api.ProposalList
	centre.must(http.StatusOK, &open, http.MethodGet, "/proposals", "")
	var p api.Proposal[api.CapabilityEntry]
	tag := centre.must(http.StatusOK, &p, http.MethodGet, one+"/proposal", "").Get("ETag")
	if len(open.Items) != 1 || p.Present.Name != "管网漏损定位" || p.Proposed.Name != "管网漏损定位二代" {
		t.Fatalf("%+v, %+v", open, p)
	}
	centre.must(http.StatusNotModified, nil, http.MethodGet, one+"/proposal", "", "If-None-Match", tag)
	centre.must(http.StatusPreconditionFailed, nil, http.MethodPost, one+"/proposal/decide", `{"accept":true}`, "If-Match", `"other"`)
	centre.must(http.StatusOK, &made, http.MethodPost, one+"/proposal/decide", `{"accept":true}`, "If-Match", tag)
	var said api.Revisions[api.OwnCapability]
	owner.must(http.StatusOK, &said, http.MethodGet, one+"/revisions", "")
	if made.Entry.Name != "管网漏损定位二代" || len(said.Items) < 2 || said.Items[0].Entry.Name != made.Entry.Name {
		t.Errorf("%+v, %d revisions", made, len(said.Items))
	}
	owner.must(http.StatusNotFound, nil, http.MethodDelete, one+"/proposal", "")

	owner.must(http.StatusAccepted, nil, http.MethodPut, one, strings.ReplaceAll(next, "二代", "三代"), "If-Match", "*")
	for range 2 { // the same proposal, beside another entry each time
		head = centre.must(http.StatusOK, &made, http.MethodGet, one, "")
		centre.must(http.StatusOK, nil, http.MethodPut, one, strings.ReplaceAll(next, "二代", "修订"+strconv.Itoa(made.Revision)), "If-Match", head.Get("ETag"))
		tag = centre.must(http.StatusOK, &p, http.MethodGet, one+"/proposal", "", "If-None-Match", tag).Get("ETag")
	}
	if !p.Stale || p.Present.Name != "管网漏损定位修订"+strconv.Itoa(made.Revision) {
		t.Errorf("%+v", p)
	}
	centre.must(http.StatusOK, nil, http.MethodPost, one+"/proposal/decide", `{"accept":false,"reason":"已另行修订"}`, "If-Match", tag)
}

// TestCuratingByProgram: marks, words, accounts and the record, each as far as its scope goes.
func TestCuratingByProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	centre := o.program(scene.RoleSteward, scene.ScopeCurate, scene.ScopeAccounts)
	var marks api.MarkList
	centre.must(http.StatusUnprocessableEntity, nil, http.MethodGet, "/marks", "")
	centre.must(http.StatusOK, &marks, http.MethodGet, "/marks?opportunity=NONE", "")
	centre.must(http.StatusNotFound, nil, http.MethodPost, "/marks", `{"opportunity":"A","capability":"B","mark":"pinned"}`)
	var words api.Vocabulary
	centre.must(http.StatusOK, &words, http.MethodGet, "/vocabulary", "")
	centre.must(http.StatusUnprocessableEntity, nil, http.MethodPost, "/vocabulary", `{}`)
	var people api.AccountPage
	centre.must(http.StatusOK, &people, http.MethodGet, "/accounts", "")
	var one api.Account
	centre.must(http.StatusOK, &one, http.MethodGet, "/accounts/"+string(centre.account.ID), "")
	if len(people.Items) == 0 || one.Login == "" || one.State != "active" {
		t.Errorf("%+v, %+v", people, one)
	}
	var alike api.AlikeList
	centre.must(http.StatusOK, &alike, http.MethodGet, "/organisations/alike", "")
	reader := o.program(scene.RoleAuditor, scene.ScopeRead)
	reader.must(http.StatusForbidden, nil, http.MethodGet, "/record", "")
	auditor := o.programOf(&reader.account, scene.ScopeAccounts)
	var lines api.LinePage
	auditor.must(http.StatusOK, &lines, http.MethodGet, "/record?noun=account&limit=5", "")
	if len(lines.Items) == 0 || lines.Items[0].Action == "" {
		t.Errorf("%+v", lines)
	}
	owner := o.program(scene.RoleProvider, scene.ScopeRead)
	people = api.AccountPage{}
	owner.must(http.StatusOK, &people, http.MethodGet, "/me/colleagues", "")
	if len(people.Items) == 0 || people.Items[0].Login != "" {
		t.Errorf("%+v", people)
	}
	owner.must(http.StatusForbidden, nil, http.MethodGet, "/accounts", "")
	people = api.AccountPage{}
	o.program(scene.RoleDepartment, scene.ScopeRead).must(http.StatusOK, &people, http.MethodGet, "/me/colleagues", "")
	if len(people.Items) > 0 {
		t.Errorf("who may not see accounts is told of %+v", people.Items)
	}
	var market api.Market
	owner.must(http.StatusOK, &market, http.MethodGet, "/market", "")
}
