package app_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jinghe/internal/app"
	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/backend"
)

func importer() scene.Actor {
	return scene.Actor{ID: "01J0000000000000000000STEW", Name: "专员", Roles: []scene.Role{scene.RoleSteward}}
}

// looked hands a list in and waits until a person is asked.
func looked(t *testing.T, a *app.App, file, source, content string) backend.Received {
	t.Helper()
	u, err := a.Intake().Receive(t.Context(), importer(), scene.Upload{File: file, Source: source}, []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	return settled(t, a, u.ID)
}

func settled(t *testing.T, a *app.App, id scene.ID) (r backend.Received) {
	t.Helper()
	eventually(t, patience, func() (done bool) {
		var err error
		if r, err = a.Intake().Upload(t.Context(), importer(), id); err != nil {
			t.Fatal(err)
		}
		return !r.Working()
	})
	return r
}

const goodList = "场景机会名称,单位名称,合作需求\n桥梁裂缝识别,某某开发区城建局,识别宽度 0.2 mm 以上的裂缝\n" +
	"桥梁裂缝识别,某某开发区城建局,识别宽度 0.2 mm 以上的裂缝\n,某某开发区城建局,没有名称的一行\n"

// TestHandIn: a look writes nothing and tells all; what is agreed to comes in,
// and a changed row tells its differences the next time.
func TestHandIn(t *testing.T) {
	t.Parallel()
	a := start(t, testCity(t), false)
	r := looked(t, a, `C:\清单\需求.csv`, "开发区", goodList)
	n := r.Look.Import.Job.Count
	if r.Status != scene.UploadLooked || r.File != "需求.csv" || n.Created != 1 || n.Merged != 1 || n.Rejected != 1 {
		t.Fatalf("%s %s %+v %s", r.Status, r.File, n, r.FaultKey)
	}
	if j := r.Look.Import.Joined; len(j) != 1 || j[0].Line != 3 || j[0].Action != registry.Joined {
		t.Errorf("joined %+v", j)
	}
	if listed(t, a, "开发区") != 0 {
		t.Error("a look wrote something")
	}
	if err := a.Intake().Accept(t.Context(), importer(), r.ID); err != nil {
		t.Fatal(err)
	}
	if r = settled(t, a, r.ID); r.Status != scene.UploadDone || r.Job == "" || listed(t, a, "开发区") != 1 {
		t.Fatalf("%s %q, %d entries", r.Status, r.Job, listed(t, a, "开发区"))
	}
	if err := a.Intake().Accept(t.Context(), importer(), r.ID); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("a second time: %v", err)
	}
	again := looked(t, a, "需求.csv", "开发区", strings.ReplaceAll(goodList, "0.2 mm", "0.1 mm"))
	var changed []registry.RowReport
	for _, row := range again.Look.Import.Rows {
		if row.Action == registry.Changed {
			changed = append(changed, row)
		}
	}
	if len(changed) != 1 || len(changed[0].Changes) != 1 || changed[0].Changes[0].Field != "need" || !strings.Contains(changed[0].Changes[0].After, "0.1 mm") {
		t.Errorf("%+v", changed)
	}
	jobs, err := a.Intake().Jobs(t.Context(), importer())
	if err != nil || len(jobs) != 1 || jobs[0].State != scene.Submitted || jobs[0].Actor != string(importer().ID) {
		t.Errorf("jobs %+v, %v", jobs, err)
	}
	undone, err := a.Intake().Undo(t.Context(), importer(), r.Job)
	if err != nil || undone.Removed != 2 || listed(t, a, "开发区") != 0 {
		t.Errorf("%+v, %v", undone, err)
	}
	if err := a.Intake().Discard(t.Context(), importer(), r.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Intake().Upload(t.Context(), importer(), r.ID); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("after it was cleared: %v", err)
	}
}

// TestHandInColumns: a list whose heads nobody knows asks; what is said is kept
// for the source, so that its next list asks nothing.
func TestHandInColumns(t *testing.T) {
	t.Parallel()
	a := start(t, testCity(t), false)
	content := "甲栏,乙栏,丙栏\n桥梁裂缝识别,某某开发区城建局,识别宽度 0.2 mm 以上的裂缝\n"
	r := looked(t, a, "a.csv", "老城区", content)
	if r.Status != scene.UploadLooked || r.FaultKey != "transfer.no_known_head_text" || len(r.Look.Sheets) != 1 || len(r.Look.Sheets[0].Columns) != 3 {
		t.Fatalf("%s %s %+v", r.Status, r.FaultKey, r.Look)
	}
	if err := a.Intake().Accept(t.Context(), importer(), r.ID); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("what is not understood was brought in: %v", err)
	}
	mapping := map[string]string{"甲栏": "name", "乙栏": "org", "丙栏": "need"}
	if err := a.Intake().Decide(t.Context(), importer(), r.ID, map[string]string{"甲栏": "nothing"}, ""); scene.CodeOf(err) != scene.Invalid {
		t.Errorf("a field that nobody knows: %v", err)
	}
	if err := a.Intake().Decide(t.Context(), importer(), r.ID, mapping, scene.KindOpportunity); err != nil {
		t.Fatal(err)
	}
	if r = settled(t, a, r.ID); r.FaultKey != "" || r.Look.Import.Job.Count.Created != 1 {
		t.Fatalf("%s %+v", r.FaultKey, r.Look.Import.Job.Count)
	}
	if err := a.Intake().Accept(t.Context(), importer(), r.ID); err != nil {
		t.Fatal(err)
	}
	settled(t, a, r.ID)
	if next := looked(t, a, "b.csv", "老城区", content); next.FaultKey != "" || next.Look.Import.Job.Count.Unchanged != 1 {
		t.Errorf("the next list of the source: %s %+v", next.FaultKey, next.Look.Import.Job.Count)
	}
}

// TestHandInRefuses: who may not, what is no list, what is too large.
func TestHandInRefuses(t *testing.T) {
	t.Parallel()
	a := start(t, testCity(t), false)
	admin := scene.Actor{ID: "01J00000000000000000ADMIN", Roles: []scene.Role{scene.RoleAdmin}}
	receive := func(by scene.Actor, content string) error {
		_, err := a.Intake().Receive(t.Context(), by, scene.Upload{File: "a.xlsx"}, []byte(content))
		return err
	}
	for name, tc := range map[string]struct {
		by      scene.Actor
		content string
		want    scene.Code
	}{
		"Visitor": {scene.Actor{}, goodList, scene.Unauthorized},
		"Admin":   {admin, goodList, scene.Forbidden},
		"Empty":   {importer(), "", scene.Invalid},
		"PDF":     {importer(), "%PDF-1.7 x", scene.Invalid},
		"Large":   {importer(), strings.Repeat("a", backend.MaxUpload+1), scene.TooLarge},
	} {
		if err := receive(tc.by, tc.content); scene.CodeOf(err) != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
	if list, err := a.Intake().Uploads(t.Context(), importer()); err != nil || len(list) != 0 {
		t.Errorf("%d are kept, %v", len(list), err)
	}
	damaged := looked(t, a, "a.xlsx", "", "PK\x03\x04 and nothing else")
	if damaged.Status != scene.UploadFailed || damaged.FaultKey == "" {
		t.Errorf("a damaged workbook: %s %s", damaged.Status, damaged.FaultKey)
	}
	if _, err := a.Intake().Marked(t.Context(), importer(), damaged.ID, locale.Zh, &bytes.Buffer{}); scene.CodeOf(err) != scene.Precondition {
		t.Errorf("marks of what was never read: %v", err)
	}
	if _, err := a.Intake().Undo(t.Context(), importer(), "none"); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("undo of nothing: %v", err)
	}
}

// TestHandInMarked: a text file comes back as a workbook of the rows that did not go in.
func TestHandInMarked(t *testing.T) {
	t.Parallel()
	a := start(t, testCity(t), false)
	r := looked(t, a, "需求.csv", "", goodList)
	var b bytes.Buffer
	name, err := a.Intake().Marked(t.Context(), importer(), r.ID, locale.Zh, &b)
	if err != nil || name != "需求-标注.xlsx" {
		t.Fatalf("%q, %v", name, err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("场景机会")
	if err != nil || len(rows) != 2 || rows[1][1] != "某某开发区城建局" {
		t.Errorf("%q, %v", rows, err)
	}
}

// TestHandInBounded: what was handed in is kept for a while only, and not without end.
func TestHandInBounded(t *testing.T) {
	t.Parallel()
	a := start(t, testCity(t), false)
	for range 53 {
		looked(t, a, "a.csv", "", goodList)
	}
	if list, err := a.Intake().Uploads(t.Context(), importer()); err != nil || len(list) != 50 {
		t.Errorf("%d are kept, %v", len(list), err)
	}
}
