package app_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/locale"
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
			server := httptest.NewServer(c.handler)
			if c.handler == nil {
				server.Close()
			}
			t.Cleanup(server.Close)
			cfg := app.Config{Search: server.URL, SearchKey: "k", SearchPrefix: "city_"}
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
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	cfg := testConfig(t.TempDir())
	cfg.Search, cfg.SearchPrefix = gone.URL, "jinghe_"
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
