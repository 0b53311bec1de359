package archtest

import (
	"path"
	"strings"
	"testing"
)

func TestImportLawCases(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		file string // that imports
		use  string // what it imports; inside the module if it begins with ./
		want string // fragment of the finding; "" if lawful
	}{
		{"MainUsesApp", "cmd/jinghe/main.go", "./internal/app", ""},
		{"MainUsesService", "cmd/jinghe/match.go", "./internal/broker", ""},
		{"AppUsesMain", "internal/app/app.go", "./cmd/jinghe", "strictly lower"},
		{"AppUsesWeb", "internal/app/app.go", "./internal/web", ""},
		{"WebUsesApp", "internal/web/server.go", "./internal/app", "floor 4 may import strictly lower floors only, and that is floor 5"},
		{"WebWithinItself", "internal/web/portal/home.go", "./internal/web/ui", ""},
		{"WebUsesAdapter", "internal/web/upload.go", "./internal/transfer", ""},
		{"AdapterUsesSeam", "internal/store/sqlite/db.go", "./internal/store", ""},
		{"AdapterUsesAdapter", "internal/store/sqlite/db.go", "./internal/store/postgres", "do not lean on each other"},
		{"AdapterWithinItself", "internal/store/sqlite/db.go", "./internal/store/sqlite/migrate", ""},
		{"AdapterUsesSharedRows", "internal/store/sqlite/db.go", "./internal/store/sqlrows", ""},
		{"ServiceUsesSharedRows", "internal/registry/submit.go", "./internal/store/sqlrows", "strictly lower"},
		{"AdapterUsesService", "internal/notify/smtp/smtp.go", "./internal/notify", ""},
		{"ServiceUsesItsAdapter", "internal/notify/notify.go", "./internal/notify/smtp", "strictly lower"},
		{"ServiceUsesEngine", "internal/broker/rank.go", "./internal/match", ""},
		{"ServiceUsesSibling", "internal/broker/rank.go", "./internal/engage", "services are siblings"},
		{"ServiceUsesIndex", "internal/broker/rank.go", "./search", ""},
		{"EngineUsesSeam", "internal/match/match.go", "./internal/store", "strictly lower"},
		{"EngineUsesScene", "internal/match/match.go", "./internal/scene", ""},
		{"EngineUsesLexicon", "internal/match/match.go", "./search/lexicon", ""},
		{"SceneUsesLocale", "internal/scene/text.go", "./internal/locale", "strictly lower"},
		{"LocaleUsesScene", "internal/locale/text.go", "./internal/scene", ""},
		{"SearchUsesLexicon", "search/search.go", "./search/lexicon", ""},
		{"LexiconUsesSearch", "search/lexicon/fold.go", "./search", "strictly lower"},
		{"SearchUsesScene", "search/search.go", "./internal/scene", "reused on its own"},
		{"SearchTestUsesKit", "search/meili/meili_test.go", "./internal/testkit", "reused on its own"},
		{"ClientUsesScene", "client/client.go", "./internal/scene", "nothing internal"},
		{"WebUsesClient", "internal/web/web.go", "./client", "does not call itself"},
		{"SuiteUsesSeam", "internal/store/storetest/suite.go", "./internal/store", ""},
		{"SuiteUsesScene", "internal/store/storetest/suite.go", "./internal/scene", ""},
		{"SuiteUsesAdapter", "internal/store/storetest/suite.go", "./internal/store/sqlite", "strictly lower"},
		{"ProductionUsesSuite", "internal/store/sqlite/db.go", "./internal/store/storetest", "serves tests"},
		{"TestUsesSuite", "internal/store/sqlite/db_test.go", "./internal/store/storetest", ""},
		{"ProductionUsesKit", "internal/web/web.go", "./internal/testkit", "serves tests"},
		{"TestUsesKit", "internal/web/web_test.go", "./internal/testkit", ""},
		{"TestReachesUp", "internal/match/bench_test.go", "./search/embedded", ""},
		{"KitUsesScene", "internal/testkit/kit.go", "./internal/scene", "beside the floors"},
		{"NoSuchRoom", "internal/helpers/strings.go", "fmt", "no place in the house"},
		{"UsesNoSuchRoom", "internal/web/web.go", "./internal/helpers", "it has no place"},

		{"EchoInWeb", "internal/web/portal/home.go", "github.com/labstack/echo/v4", ""},
		{"EchoElsewhere", "internal/app/app.go", "github.com/labstack/echo/v4/middleware", "only internal/web may"},
		{"NATSInItsAdapter", "internal/bus/jetstream/bus.go", "github.com/nats-io/nats.go/jetstream", ""},
		{"NATSInSeam", "internal/bus/bus.go", "github.com/nats-io/nats.go", "only internal/bus/jetstream and internal/testkit may"},
		{"MeilisearchElsewhere", "search/embedded/index.go", "github.com/meilisearch/meilisearch-go", "only search/meili may"},
		{"SQLiteElsewhere", "internal/app/app.go", "modernc.org/sqlite", "only internal/store/sqlite may"},
		{"SQLInPostgres", "internal/store/postgres/db.go", "database/sql", ""},
		{"ExcelizeInMain", "cmd/jinghe/match.go", "github.com/xuri/excelize/v2", "only internal/transfer may"},
		{"TestingInProduction", "internal/scene/id.go", "testing", "carries no test code"},
		{"TestingInSuite", "internal/bus/bustest/suite.go", "testing", ""},
		{"TestingInKit", "internal/testkit/kit.go", "testing/fstest", ""},
		{"ExcelizeInTest", "internal/web/upload_test.go", "github.com/xuri/excelize/v2", ""},
		{"EngineReadsFiles", "internal/agenda/solve.go", "os", "pure functions"},
		{"EngineTalks", "internal/match/match.go", "net/http", "pure functions"},
		{"EngineEmbeds", "internal/match/weights.go", "embed", ""},
		{"ServiceLogs", "internal/broker/rank.go", "log/slog", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			target := strings.Replace(test.use, "./", module+"/", 1)
			name := strings.ReplaceAll(path.Base(path.Dir(test.file)), "-", "")
			findings := importLaw(fakeTree(t, map[string]string{
				test.file: "package " + name + "\n\nimport _ \"" + target + "\"\n",
			}))
			if test.want == "" {
				expectFindings(t, findings)
				return
			}
			expectFindings(t, findings, test.want)
		})
	}
}

func TestRoomsAreSound(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range rooms() {
		if seen[r.path] {
			t.Errorf("room %s is listed twice", r.path)
		}
		seen[r.path] = true
		for _, other := range r.also {
			if base, ok := roomOf(other); !ok || base.path != other || base.floor != r.floor {
				t.Errorf("room %s is built on %s, which is not a room of its floor", r.path, other)
			}
		}
	}
	for _, k := range keepers() {
		for _, name := range k.rooms {
			if r, ok := roomOf(name); !ok || r.path != name {
				t.Errorf("keeper of %s: %s is no room", k.library, name)
			}
		}
	}
}

func TestTreeLeavesOutWhatGoDoes(t *testing.T) {
	t.Parallel()
	p := fakeTree(t, map[string]string{
		"go.mod":                    "module jinghe",
		"internal/scene/a.go":       "package scene",
		"internal/scene/a_test.go":  "package scene",
		"internal/web/ui/p_gen.go":  "// Code generated by a tool; DO NOT EDIT.\n\npackage ui",
		"docs/bench/peers/go.mod":   "module peers",
		"docs/bench/peers/main.go":  "package main",
		".ci/tools/tools.go":        "package tools",
		"internal/x/testdata/x.go":  "not Go at all",
		"vendor/example.com/y/y.go": "package y",
		"_old/z.go":                 "package z",
	})
	var got []string
	for _, src := range p.selects(handWritten) {
		got = append(got, src.path)
	}
	if want := "internal/scene/a.go internal/scene/a_test.go"; strings.Join(got, " ") != want {
		t.Errorf("hand-written sources = %q, want %q", got, want)
	}
	if len(p.sources) != 3 {
		t.Errorf("%d sources, want the generated one as well", len(p.sources))
	}
}
