package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
)

// start runs an app on the sample city and closes it with the test.
func start(tb testing.TB, cfg app.Config, sample bool) *app.App {
	tb.Helper()
	a, err := app.Open(tb.Context(), cfg, testOptions(io.Discard))
	if err != nil {
		tb.Fatal(err)
	}
	closeAfter(tb, a)
	if sample {
		if err := a.LoadSampleCity(tb.Context()); err != nil {
			tb.Fatal(err)
		}
	}
	if err := a.Start(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return a
}

// closeAfter closes the program when the test ends.
func closeAfter(tb testing.TB, a *app.App) {
	tb.Helper()
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), patience)
		defer cancel()
		if err := a.Close(ctx); err != nil {
			tb.Error(err)
		}
	})
}

// fetch gets a page or a document in Chinese.
func fetch(tb testing.TB, a *app.App, path string) (int, string) {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, strings.TrimSuffix(a.URL(), "/")+path, nil)
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Accept-Language", "zh-CN")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// searchHits returns the number of hits of a search by keyword.
func searchHits(tb testing.TB, a *app.App, kind scene.Kind, word string) int {
	tb.Helper()
	status, body := fetch(tb, a, fmt.Sprintf("/api/v1/search?kind=%s&q=%s", kind, word))
	var found struct{ Total int }
	if err := json.Unmarshal([]byte(body), &found); status != http.StatusOK || err != nil {
		tb.Fatalf("search: %d %v %s", status, err, body)
	}
	return found.Total
}

// eventually polls until ok or the bound has passed, and returns how long it took.
func eventually(tb testing.TB, bound time.Duration, ok func() bool) time.Duration {
	tb.Helper()
	began := time.Now()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Since(began) > bound {
			tb.Fatalf("not within %s", bound)
		}
		<-tick.C
	}
	return time.Since(began)
}

func TestSampleCity(t *testing.T) {
	t.Parallel()
	a := start(t, testCity(t), true)
	<-a.Ready()
	if status, body := fetch(t, a, "/"); status != http.StatusOK || !strings.Contains(body, "场景机会") {
		t.Errorf("home: %d\n%.300s", status, body)
	}
	_, body := fetch(t, a, "/api/v1/opportunities?limit=1")
	var page struct{ Items []struct{ ID, Name string } }
	if err := json.Unmarshal([]byte(body), &page); err != nil || len(page.Items) != 1 {
		t.Fatalf("opportunities: %v %s", err, body)
	}
	need := page.Items[0]
	if status, body := fetch(t, a, "/opportunities/"+need.ID); status != http.StatusOK || !strings.Contains(body, need.Name) || !strings.Contains(body, "匹配的场景能力") {
		t.Errorf("opportunity: %d\n%.300s", status, body)
	}
	for word, kind := range map[string]scene.Kind{
		"无人机": scene.KindCapability, "wurenji": scene.KindCapability, "無人機": scene.KindCapability, "养老": scene.KindOpportunity,
	} {
		if searchHits(t, a, kind, word) == 0 {
			t.Errorf("nothing found for %q", word)
		}
	}
	if err := a.LoadSampleCity(t.Context()); err != nil {
		t.Fatal(err)
	}
	if jobs, err := a.Imports(t.Context()); err != nil || len(jobs) != 1 {
		t.Errorf("a second load imported again: %d jobs, %v", len(jobs), err)
	}
}

// settle returns when every event so far has been handled.
func settle(t *testing.T, a *app.App) {
	t.Helper()
	<-a.Ready()
	eventually(t, patience, func() bool {
		findings, err := a.Diagnose(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range findings {
			if f.Key == "doctor.outbox_waiting" || f.Check == "bus" && f.Args["pending"] != 0 {
				return false
			}
		}
		return true
	})
}

// It measures time, so it does not run beside others.
func TestChangeIsSearchableWithinASecond(t *testing.T) { //nolint:paralleltest // see above
	a := start(t, testCity(t), true)
	settle(t, a)
	o := scene.Opportunity{Need: "需要量子纠缠晾衣架"}
	o.Name, o.OrgName = "量子晾衣架", "示例单位"
	rows := []scene.Row{{Opportunity: &o, Org: scene.Organisation{Name: o.OrgName}}}
	if _, err := a.Registry().Import(t.Context(), rows, registry.ImportOptions{State: scene.Published}); err != nil {
		t.Fatal(err)
	}
	took := eventually(t, patience, func() bool { return searchHits(t, a, scene.KindOpportunity, "晾衣架") == 1 })
	t.Logf("searchable after %s", took)
	if took > time.Second && !raceEnabled {
		t.Errorf("searchable only after %s", took)
	}
}

func TestVocabularyWithoutRestart(t *testing.T) {
	t.Parallel()
	a := start(t, testCity(t), true)
	<-a.Ready()
	const word = "嗡嗡飞行器" // nobody's word for a drone
	before := searchHits(t, a, scene.KindCapability, word)
	edit := app.Vocabulary{Words: []scene.Word{{Word: word, Synonyms: []string{"无人机"}}}}
	if err := a.EditVocabulary(t.Context(), edit); err != nil {
		t.Fatal(err)
	}
	drones := searchHits(t, a, scene.KindCapability, "无人机")
	eventually(t, patience, func() bool { return searchHits(t, a, scene.KindCapability, word) >= drones })
	if drones <= before {
		t.Errorf("%d hits before the edit, %d drones: the test shows nothing", before, drones)
	}
	err := a.EditVocabulary(t.Context(), app.Vocabulary{Words: []scene.Word{{Word: " "}}})
	if scene.CodeOf(err) != scene.Invalid {
		t.Errorf("a blank word: %v, want Invalid", err)
	}
	v, err := a.Vocabulary(t.Context())
	if err != nil || len(v.Words) != 1 || len(v.Dictionaries) == 0 {
		t.Errorf("vocabulary holds %d words and %d dictionaries, %v", len(v.Words), len(v.Dictionaries), err)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	cfg := testCity(t)
	start(t, cfg, false)
	_, err := app.Open(t.Context(), cfg, testOptions(io.Discard))
	if scene.CodeOf(err) != scene.Precondition {
		t.Errorf("got %v, want Precondition", err)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*app.Config){
		"config.data_missing":  func(c *app.Config) { c.Data = "" },
		"config.tls_pair":      func(c *app.Config) { c.TLSCert = "cert.pem" },
		"config.addr":          func(c *app.Config) { c.Addr = "127.0.0.1:http" },
		"config.store_file":    func(c *app.Config) { c.Store = "sqlite:./city" },
		"config.store":         func(c *app.Config) { c.Store = "mysql://host/db" },
		"config.nats_replicas": func(c *app.Config) { c.NATSReplicas = 9 },
		"config.public_url":    func(c *app.Config) { c.PublicURL = "changjing.example.cn" },
		"config.api_origins":   func(c *app.Config) { c.APIOrigins = []string{"https://portal.example.cn/"} },
		"config.embed_origins": func(c *app.Config) { c.EmbedOrigins = []string{"https://portal.example.cn", "https://*.example.cn"} },
		"config.trusted_proxies": func(c *app.Config) {
			c.TrustedProxies = []string{"10.0.0.1"}
		},
	}
	for key, change := range tests {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			c := testConfig(t.TempDir())
			change(&c)
			findings := app.CheckConfig(&c)
			if len(findings) != 1 || findings[0].Key != key {
				t.Errorf("got %+v", findings)
			}
		})
	}
}

func TestSettingsMaskSecrets(t *testing.T) {
	t.Parallel()
	c := testConfig("city")
	c.NATS = []string{"nats://jinghe:hunter2@nats:4222", "nats://token@other:4222", "nats://plain:4222"}
	c.Store = "postgres://jinghe:hunter2@db/jinghe?sslpassword=token&sslmode=require"
	for _, s := range c.Settings() {
		if s.Name == "JINGHE_STORE" && !strings.Contains(s.Value, "jinghe:***@db/jinghe?sslmode=require") {
			t.Errorf("the address of the database is hidden: %s", s.Value)
		}
		if strings.Contains(s.Value, "hunter2") || strings.Contains(s.Value, "token") {
			t.Errorf("%s shows a secret: %s", s.Name, s.Value)
		}
		if s.Name == "JINGHE_NATS" && !strings.Contains(s.Value, "nats://plain:4222") {
			t.Errorf("an address without a secret is hidden: %s", s.Value)
		}
	}
	for _, mistyped := range []string{
		"postgres//jinghe:hunter2@db/jinghe", "jinghe:hunter2@db/jinghe", "host=db password=hunter2", "postgres://jinghe:hunter2#@db/jinghe",
	} {
		c.Store = mistyped
		if err := c.Check(); err == nil || strings.Contains(locale.Error(locale.En, err), "hunter2") {
			t.Errorf("%s: the message shows the password, or there is none: %v", mistyped, err)
		}
	}
}

// BenchmarkStart measures from Open to the first page of the sample city, and
// the memory in use a moment after. Asked: at most 1 s and 100 MB.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		began := time.Now()
		a := start(b, testCity(b), true)
		if status, _ := fetch(b, a, "/"); status != http.StatusOK {
			b.Fatal(status)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/first-page")
		<-a.Ready()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapInuse)/1e6, "MB-heap")
		if err := a.Close(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkImport20000 brings a workbook of 20,000 rows into a running app.
// Asked: committed within 20 s, searchable within 30 s.
func BenchmarkImport20000(b *testing.B) {
	path := filepath.Join(b.TempDir(), "needs.xlsx")
	writeNeeds(b, path, 20_000)
	for b.Loop() {
		a := start(b, testCity(b), false)
		<-a.Ready()
		began := time.Now()
		report, err := a.Import(b.Context(), app.ImportRequest{Path: path, Name: "needs.xlsx", State: scene.Published}, nil)
		if err != nil || report.Job.Count.Created != 20_000 {
			b.Fatalf("%+v %v", report.Job.Count, err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/committed")
		eventually(b, patience, func() bool { return searchHits(b, a, scene.KindOpportunity, "河道") == 20_000 })
		b.ReportMetric(time.Since(began).Seconds(), "s/searchable")
		if err := a.Close(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

func writeNeeds(b *testing.B, path string, n int) {
	b.Helper()
	rows := make([]scene.Row, n)
	for i := range rows {
		o := scene.Opportunity{
			Situation: fmt.Sprintf("第%d段河道人工巡检每周一次，发现漂浮物平均需要三天，汛期人手不足。", i),
			Need:      fmt.Sprintf("用无人机与岸边摄像头巡检%d公里河道，自动识别漂浮物与排口异常，结果进入街道工单。", 5+i%90),
			Targets:   fmt.Sprintf("识别准确率不低于%d%%；单次巡检不超过%d分钟", 85+i%15, 20+i%40),
		}
		o.Name, o.OrgName = fmt.Sprintf("河道巡检%05d", i), fmt.Sprintf("示例单位%d", i%3000)
		o.Code = fmt.Sprintf("N-%05d", i)
		o.Budget.Max = scene.Money(20+i%300) * scene.Wan
		rows[i] = scene.Row{Opportunity: &o, Org: scene.Organisation{Name: o.OrgName}}
	}
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := transfer.Write(b.Context(), f, transfer.XLSX, transfer.Jinghe, rows, transfer.WriteOptions{}); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}
