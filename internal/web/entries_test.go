package web_test

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jinghe/internal/scene"
)

// sheetRows reads the first sheet of a workbook that a page sent.
func sheetRows(t *testing.T, body []byte) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetList()[0])
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestEntries: the list of all entries, found by words and state, and as a file
// under the same filters, in which every entry has a code and no contact is whole.
func TestEntries(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.waiting("管网漏损定位", "水压调度", "窨井预警")
	steward := o.as(scene.RoleSteward)
	page := steward.get("/console/entries?kind=capability&q=水压")
	if page.Code != http.StatusOK || strings.Contains(page.Body.String(), "窨井预警") || !strings.Contains(page.Body.String(), "水压调度") {
		t.Errorf("%d: the words do not narrow the list", page.Code)
	}
	if body := steward.get("/console/entries?kind=capability&state=published").Body.String(); strings.Contains(body, "水压调度") {
		t.Error("the state does not narrow the list")
	}
	if body := steward.get("/console/entries?kind=capability&state=review").Body.String(); !strings.Contains(body, "水压调度") {
		t.Error("what is under review is not found by that")
	}
	file := steward.get("/console/entries.xlsx?kind=capability&q=水压")
	_, params, err := mime.ParseMediaType(file.Header().Get("Content-Disposition"))
	if err != nil || !strings.HasSuffix(params["filename"], ".xlsx") {
		t.Errorf("file name %v, %v", params, err)
	}
	rows := sheetRows(t, file.Body.Bytes())
	if len(rows) != 2 || rows[0][1] != "编号" || rows[1][1] == "" {
		t.Fatalf("rows %.200v", rows)
	}
	line := strings.Join(rows[1], "|")
	if !strings.Contains(line, "水压调度") || strings.Contains(line, secretPhone) || strings.Contains(line, secretPerson) {
		t.Errorf("row %s", line)
	}
}

// TestBulkEntries: one task for the entries that are picked, told one by one.
func TestBulkEntries(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	picks := o.waiting("管网漏损定位", "水压调度")
	steward := o.as(scene.RoleSteward)
	const here = "/console/entries?kind=capability"
	send := func(form url.Values) (code int, results, bad int, body string) {
		t.Helper()
		w := steward.fill(here, here, form)
		p := parse(t, "bulk", w.Body.String())
		for _, list := range p.withClass("results-list") {
			results += len((&page{t, "results", list}).all("li"))
		}
		return w.Code, results, len(p.withClass("bad")), w.Body.String()
	}
	if code, n, bad, _ := send(url.Values{"pick": picks, "do": {"field"}, "set_field": {"ai"}}); code != http.StatusOK || n != 2 || bad != 0 {
		t.Errorf("field: %d, %d results, %d refused", code, n, bad)
	}
	if _, n, bad, _ := send(url.Values{"pick": picks, "do": {"field"}, "set_field": {"robotics"}}); n != 2 || bad != 2 {
		t.Errorf("by what was seen before: %d results, %d refused", n, bad)
	}
	for name, form := range map[string]url.Values{
		"请先勾选":       {"do": {"pause"}},
		"请先在“发布批次”里": {"pick": picks, "do": {"batch"}},
		"补充的应用领域。":   {"pick": picks, "do": {"field"}},
		"没有认出落地区域":   {"pick": picks, "do": {"region"}, "set_region": {"火星"}},
		"请写明理由":      {"pick": picks, "do": {"archive"}},
	} {
		if code, n, _, body := send(form); code != http.StatusUnprocessableEntity || n != 0 || !strings.Contains(body, name) {
			t.Errorf("%s: %d, %d results", name, code, n)
		}
	}
	auditor := o.as(scene.RoleAuditor)
	if body := auditor.get(here).Body.String(); !strings.Contains(body, "水压调度") || strings.Contains(body, `name="pick"`) {
		t.Error("an auditor reads the list and changes nothing")
	}
}

// TestListsAsFiles: each list of the console comes as a file that opens, under its
// own heads.
func TestListsAsFiles(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.waiting("管网漏损定位")
	steward, admin := o.as(scene.RoleSteward), o.as(scene.RoleAdmin)
	for path, want := range map[string]string{
		"/console/reviews.xlsx": "管网漏损定位", "/console/organisations.xlsx": "单位", "/console/batches.xlsx": "批次",
		"/console/showcases.xlsx": "名称", "/console/imports.xlsx": "文件", "/console/entries.xlsx?kind=opportunity": "场景机会名称",
	} {
		w := steward.get(path)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
			continue
		}
		all := ""
		for _, row := range sheetRows(t, w.Body.Bytes()) {
			all += strings.Join(row, "|") + "\n"
		}
		if !strings.Contains(all, want) {
			t.Errorf("%s lacks %s:\n%.300s", path, want, all)
		}
	}
	for _, path := range []string{"/console/accounts.xlsx", "/console/record.xlsx?noun=account"} {
		if rows := sheetRows(t, admin.get(path).Body.Bytes()); len(rows) < 3 {
			t.Errorf("%s has %d lines", path, len(rows))
		}
	}
	csv := admin.get("/console/record.csv?noun=account").Body.String()
	if !strings.HasPrefix(csv, "\ufeff") || strings.Count(csv, "\n") < 3 {
		t.Errorf("record.csv: %.200q", csv)
	}
}
