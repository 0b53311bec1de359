package app_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/testkit"
	"jinghe/search"
	"jinghe/search/lexicon"
	"jinghe/search/meili"
	"jinghe/search/searchtest"
)

// TestMeilisearchConformance holds the contract of an index against a real
// server, the golden rankings of the other engine included: what is found is the
// same, and ranked by the same formula.
func TestMeilisearchConformance(t *testing.T) {
	t.Parallel()
	server := testkit.Meilisearch(t)
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	searchtest.Run(t, func(t testing.TB) search.Engine {
		e := meili.New(meili.Options{
			URL: server.URL, Key: server.Key, Lexicon: lex, Now: time.Now,
			ReadTimeout: time.Minute, // every test asks the same server
			Prefix:      "test_" + strings.ToLower(rand.Text()) + "_",
		})
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			if err := e.Drop(ctx); err != nil {
				t.Errorf("delete the indexes of the test: %v", err)
			}
		})
		return e
	})
}

// TestSearchServerProblems names the setting and the remedy.
func TestSearchServerProblems(t *testing.T) {
	t.Parallel()
	answer := func(status int, body map[string]string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			if err := json.NewEncoder(w).Encode(body); err != nil {
				t.Error(err)
			}
		})
	}
	cases := []struct {
		name    string
		handler http.Handler // nil: nobody listens
		code    scene.Code
		says    []string
	}{
		{"wrong address", nil, scene.Unavailable, []string{"JINGHE_MEILISEARCH_URL", "check the address"}},
		{"another program", answer(http.StatusNotFound, map[string]string{}), scene.Unavailable, []string{"JINGHE_MEILISEARCH_URL", "not like Meilisearch"}},
		{"wrong key", answer(http.StatusForbidden, map[string]string{"code": "invalid_api_key"}), scene.Invalid, []string{"JINGHE_MEILISEARCH_KEY", "city_*"}},
		{"too old", answer(http.StatusOK, map[string]string{"pkgVersion": "1.13.0"}), scene.Invalid, []string{"1.13.0", "upgrade it to " + meili.Oldest}},
	}
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			address := "http://" + testkit.Address(t)
			if c.handler != nil {
				server := httptest.NewServer(c.handler)
				t.Cleanup(server.Close)
				address = server.URL
			}
			cfg := app.Config{Search: address, SearchKey: "k", SearchPrefix: "city_"}
			_, err := app.CheckSearch(t.Context(), &cfg, app.SearchEngine(&cfg, lex, time.Now, nil))
			if scene.CodeOf(err) != c.code {
				t.Errorf("error %v, want %s", err, c.code)
			}
			f := app.FindingOf("search", err)
			for lang, more := range map[locale.Lang][]string{locale.En: c.says, locale.Zh: c.says[:1]} {
				text := locale.Text(lang, f.Key, f.Args)
				for _, want := range more {
					if !strings.Contains(text, want) {
						t.Errorf("%s: %q does not say %q", lang, text, want)
					}
				}
			}
		})
	}
}

// TestStartWithoutSearchServer serves lists and matches from the rows, and says so.
func TestStartWithoutSearchServer(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t.TempDir())
	cfg.Search, cfg.SearchPrefix = "http://"+testkit.Address(t), "jinghe_"
	a := start(t, cfg, true)
	status, page := fetch(t, a, "/opportunities?q=水务")
	if status != http.StatusOK || !strings.Contains(page, locale.Text(locale.Zh, "web.search.away", nil)) {
		t.Errorf("status %d, or the page does not say that search is away", status)
	}
	if !strings.Contains(page, `href="/opportunities/`) {
		t.Error("no row is listed")
	}
	findings, err := a.Diagnose(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Check == "search" && f.Key == "config.search_away" && f.Status == app.Fault {
			return
		}
	}
	t.Errorf("doctor finds %+v", findings)
}

// TestSearchServerThatIsTooOld is refused at start: it does not heal by itself.
func TestSearchServerThatIsTooOld(t *testing.T) {
	t.Parallel()
	old := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if _, err := io.WriteString(w, `{"pkgVersion":"1.13.0"}`); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(old.Close)
	cfg := testConfig(t.TempDir())
	cfg.Search = old.URL
	a, err := app.Open(t.Context(), cfg, testOptions(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	err = a.Start(t.Context())
	if e := app.FindingOf("start", err); e.Key != "config.search_old" {
		t.Errorf("start: %v, want that the server is too old", err)
	}
	if err := a.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestCityOnMeilisearch answers as the index in the process does, follows
// changes, and fills the server again that has lost its indexes.
func TestCityOnMeilisearch(t *testing.T) {
	t.Parallel()
	cfg := onMeilisearch(t, testConfig(t.TempDir()))
	a, plain := start(t, cfg, true), start(t, testConfig(t.TempDir()), true)
	settle(t, a)
	settle(t, plain)
	words := []string{"无人机", "水务", "jiqiren", "机器人 巡检", "低空经计", "监测"}
	total := func(a *app.App, word string) int {
		status, body := fetch(t, a, "/api/v1/search?kind=capability&q="+url.QueryEscape(word))
		var found struct{ Total int }
		if status != http.StatusOK || json.Unmarshal([]byte(body), &found) != nil {
			return -1
		}
		return found.Total
	}
	same := func() bool {
		return !slices.ContainsFunc(words, func(w string) bool { return total(a, w) != total(plain, w) })
	}
	for _, w := range words {
		if got, want := total(a, w), total(plain, w); got != want || want == 0 && w != "低空经计" {
			t.Errorf("%q finds %d, in the process %d", w, got, want)
		}
	}
	o := scene.Capability{Description: "量子纠缠晾衣架"}
	o.Name, o.OrgName = "量子晾衣架", "示例单位"
	rows := []scene.Row{{Capability: &o, Org: scene.Organisation{Name: o.OrgName}}}
	if _, err := a.Registry().Import(t.Context(), rows, registry.ImportOptions{State: scene.Published}); err != nil {
		t.Fatal(err)
	}
	eventually(t, patience, func() bool { return total(a, "晾衣架") == 1 })

	settle(t, a) // or what still follows the change finds the loss first
	deleteIndexes(t, cfg)
	if got := total(a, "无人机"); got != -1 {
		t.Errorf("without its index the search finds %d, want that it is away", got)
	}
	if status, page := fetch(t, a, "/capabilities?q="+url.QueryEscape("无人机")); status != http.StatusOK || !strings.Contains(page, `href="/capabilities/`) {
		t.Errorf("status %d, or no row is listed meanwhile", status)
	}
	took := eventually(t, patience, func() bool { return same() && total(a, "晾衣架") == 1 })
	t.Logf("filled again after %s", took)
}

// onMeilisearch has a city search on a real server, with indexes of its own.
func onMeilisearch(t testing.TB, cfg app.Config) app.Config {
	t.Helper()
	server := testkit.Meilisearch(t)
	cfg.Search, cfg.SearchKey, cfg.SearchPrefix = server.URL, server.Key, "test_"+strings.ToLower(rand.Text())+"_"
	cfg.SearchWithin = patience
	t.Cleanup(func() { deleteIndexes(t, cfg) })
	return cfg
}

// deleteIndexes takes the indexes of a city from its server.
func deleteIndexes(t testing.TB, cfg app.Config) {
	t.Helper()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer cancel()
	e := meili.New(meili.Options{URL: cfg.Search, Key: cfg.SearchKey, Prefix: cfg.SearchPrefix, Lexicon: lex, Now: time.Now})
	for _, name := range []string{"organisation", "opportunity", "capability"} {
		if _, err := e.Open(ctx, name, searchtest.Schema()); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Drop(ctx); err != nil {
		t.Error(err)
	}
}
