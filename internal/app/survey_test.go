package app_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jinghe/internal/app"
	"jinghe/internal/scene"
)

// TestSurvey: the server tells through its socket what it would tell itself, of
// the city and of a file, remembers columns by source, and answers which entry
// is nearly the same as one that came in.
func TestSurvey(t *testing.T) {
	t.Parallel()
	cfg := testCity(t)
	a := start(t, cfg, true)
	<-a.Ready()
	client, err := app.Dial(t.Context(), cfg.Data)
	if err != nil || client == nil {
		t.Fatalf("%v %v", client, err)
	}
	defer func() { _ = client.Close(t.Context()) }()
	file := filepath.Join(t.TempDir(), "机会.csv")
	if err := os.WriteFile(file, []byte("甲,乙,丙\n老旧管网漏损定位,邻市供水公司,分区计量已做到二级，想在 DMA 内把暗漏缩到几米内再开挖。"+
		"设备要能在阀门井里长期待着，井里经常积水；平台要给出“先挖哪几处最划算”。\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	columns := map[string]string{"甲": "name", "乙": "org", "丙": "need"}
	for _, r := range []app.SurveyRequest{{Top: 3}, {Path: file, Name: "机会.csv", Source: "邻市", Mapping: columns}} {
		own, err := a.Survey(t.Context(), r, nil)
		if err != nil {
			t.Fatal(err)
		}
		told, err := client.Survey(t.Context(), r, nil)
		if diff := cmp.Diff(own, told); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
		if r.Path != "" && (own.Needs != 1 || own.TwinCount != 1 || own.Twins[0].First.Code != "JH-WA01") {
			t.Errorf("%+v", own)
		}
	}
	request := app.ImportRequest{Path: file, Name: "机会.csv", Source: "邻市", State: scene.Published, Mapping: columns}
	report, err := client.Import(t.Context(), request, nil)
	if err != nil || report.Job.Count.Created != 1 {
		t.Fatalf("%+v %v", report.Job, err)
	}
	if mapping, err := client.Mapping(t.Context(), "邻市"); err != nil || !cmp.Equal(mapping, columns) {
		t.Errorf("%v %v", mapping, err)
	}
	request.Mapping = nil
	if report, err := client.Import(t.Context(), request, nil); err != nil || report.Job.Count.Unchanged != 1 {
		t.Errorf("columns are not remembered: %+v %v", report.Job, err)
	}
	settle(t, a)
	status, body := fetch(t, a, "/api/v1/opportunities/"+string(report.Rows[0].ID)+"/similar")
	var similar struct {
		Items []struct{ Listing struct{ Code string } }
	}
	if err := json.Unmarshal([]byte(body), &similar); err != nil || status != http.StatusOK || len(similar.Items) != 1 || similar.Items[0].Listing.Code != "JH-WA01" {
		t.Errorf("%d %v %s", status, err, body)
	}
}
