package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

// TestPairsFile: the list of pairs as a workbook under the filters in force, without
// contacts, with a line of the record.
func TestPairsFile(t *testing.T) {
	t.Parallel()
	o, provider, _ := atCounter(t)
	steward, auditor := o.as(scene.RoleSteward), o.as(scene.RoleAuditor)
	const begin = "/workspace/engagements/new?need=NEED&offer=OFFER"
	if w := provider.fill(begin, "/workspace/engagements/new", url.Values{"need": {"NEED"}, "offer": {"OFFER"}, "text": {"很合适"}}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	if body := steward.get("/console/engagements?stage=suggested").Body.String(); !strings.Contains(body, "/console/engagements.xlsx?stage=suggested") {
		t.Error("the list does not lead to its file")
	}
	rows := sheetRows(t, steward.get("/console/engagements.xlsx").Body.Bytes())
	if len(rows) != 2 {
		t.Fatalf("%d lines", len(rows))
	}
	line := strings.Join(rows[1], "|")
	if !strings.Contains(line, "下穿隧道积水监测") || strings.Contains(line, secretPhone) || rows[0][1] != "场景机会" {
		t.Errorf("%v\n%s", rows[0], line)
	}
	if rows := sheetRows(t, steward.get("/console/engagements.xlsx?stage=landed").Body.Bytes()); len(rows) != 1 {
		t.Errorf("%d lines of a stage that has none", len(rows))
	}
	if w := provider.get("/console/engagements.xlsx"); w.Code != http.StatusForbidden {
		t.Errorf("for an owner: %d", w.Code)
	}
	if w := steward.get("/console/engagements.xlsx?stage=nonsense"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown stage: %d", w.Code)
	}
	if body := auditor.get("/console/record?action=engagement.export").Body.String(); strings.Count(body, "导出对接单") != 2 {
		t.Error("the record does not tell")
	}
}
