package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
)

// room is a package, with the packages below it, that has a place in the house.
type room struct {
	// path from the root of the module. A last element of * stands for each
	// child as a room of its own; the longest fitting path counts.
	path  string
	floor int
	kind  kind
	also  []string // rooms on the same floor that this one is built on
}

type kind int

const (
	plain   kind = iota
	service      // use cases: siblings that must not know each other
	adapter      // stands between the house and an engine outside
	suite        // a conformance suite: exported, but for tests only
	kit          // tools of tests; beside the floors
	public       // for other programs; beside the floors
)

// rooms is the house. A package that fits nothing here has no place yet: give
// it one on purpose, here and in ARCHITECTURE.md.
func rooms() []room {
	return []room{
		{path: "cmd/*", floor: 6},
		{path: "internal/app", floor: 5},
		{path: "internal/web", floor: 4},

		{path: "internal/store/*", floor: 3, kind: adapter, also: []string{"internal/store/sqlrows"}},
		{path: "internal/store/sqlrows", floor: 3}, // what both SQL adapters share
		{path: "internal/bus/*", floor: 3, kind: adapter},
		{path: "internal/notify/*", floor: 3, kind: adapter},
		{path: "internal/transfer", floor: 3, kind: adapter},
		{path: "internal/embedder", floor: 3, kind: adapter},
		{path: "internal/signon", floor: 3, kind: adapter},
		{path: "search/*", floor: 3, kind: adapter},

		{path: "internal/registry", floor: 2, kind: service},
		{path: "internal/broker", floor: 2, kind: service},
		{path: "internal/standing", floor: 2, kind: service},
		{path: "internal/survey", floor: 2, kind: service},
		{path: "internal/engage", floor: 2, kind: service},
		{path: "internal/learning", floor: 2, kind: service},
		{path: "internal/convene", floor: 2, kind: service},
		{path: "internal/notify", floor: 2, kind: service},
		{path: "internal/account", floor: 2, kind: service},
		{path: "internal/insight", floor: 2, kind: service},
		{path: "internal/indexer", floor: 2, kind: service},
		{path: "internal/archive", floor: 2, kind: service},
		{path: "internal/repeat", floor: 2, kind: service},
		{path: "internal/attach", floor: 2, kind: service},

		{path: "internal/match", floor: 1},
		{path: "internal/agenda", floor: 1},
		{path: "internal/evaluate", floor: 1},
		{path: "internal/samplecity", floor: 1},
		{path: "internal/crowd", floor: 1},
		{path: "internal/store", floor: 1},
		{path: "internal/store/storetest", floor: 1, kind: suite, also: []string{"internal/store"}},
		{path: "internal/bus", floor: 1},
		{path: "internal/datadir", floor: 1},
		{path: "internal/commandline", floor: 1},
		{path: "internal/bus/bustest", floor: 1, kind: suite, also: []string{"internal/bus"}},

		{path: "internal/scene", floor: 0},
		{path: "internal/locale", floor: 0, also: []string{"internal/scene"}},
		{path: "search", floor: 0, also: []string{"search/lexicon"}},
		{path: "search/lexicon", floor: 0},
		{path: "search/keyword", floor: 0, also: []string{"search", "search/lexicon"}},
		{path: "search/searchtest", floor: 0, kind: suite, also: []string{"search", "search/lexicon"}},

		{path: "internal/testkit", kind: kit},
		{path: "internal/archtest", kind: kit},
		{path: "docs", kind: kit},
		{path: "client", kind: public},
	}
}

// keeper says who alone may use a library, so that it can be replaced, or
// upgraded across a break, in one place.
type keeper struct {
	library string // import path, or the beginning of one up to a slash
	rooms   []string
	why     string
}

func keepers() []keeper {
	return []keeper{
		{"github.com/labstack/echo", []string{"internal/web"}, "HTTP stays at the edge, and echo's next major version is one change in one place"},
		{"github.com/danielgtaylor/huma", []string{"internal/web"}, "the API description belongs to the edge"},
		{"github.com/a-h/templ", []string{"internal/web"}, "pages belong to the edge"},
		{"github.com/nats-io", []string{"internal/bus/jetstream", "internal/testkit"}, "everything else speaks to internal/bus, whatever carries the events"},
		{"github.com/meilisearch/meilisearch-go", []string{"search/meili"}, "everything else speaks to search.Index, whatever answers"},
		{"modernc.org/sqlite", []string{"internal/store/sqlite"}, "everything else speaks to internal/store, whatever keeps the rows"},
		{"github.com/jackc/pgx", []string{"internal/store/postgres"}, "everything else speaks to internal/store, whatever keeps the rows"},
		{"database/sql", []string{"internal/store/sqlite", "internal/store/postgres", "internal/store/sqlrows"}, "SQL stays with the rows"},
		{"github.com/spf13/pflag", []string{"internal/commandline"}, "a command line is read in one place, in the words of the reader"},
		{"github.com/xuri/excelize", []string{"internal/transfer"}, "workbooks become typed rows in one place, with one set of limits against bombs"},
		{"filippo.io/age", []string{"internal/archive"}, "backups are sealed and opened in one place"},
		{"github.com/arran4/golang-ical", []string{"internal/web"}, "a calendar feed is a page of its own kind"},
		{"github.com/boombuler/barcode", []string{"internal/web"}, "pictures of codes belong to the edge"},
		{"github.com/wneessen/go-mail", []string{"internal/notify/smtp"}, "services declare what they want sent; whatever carries it is one adapter"},
		{"github.com/coreos/go-oidc", []string{"internal/signon"}, "who signed in elsewhere is asked of one adapter"},
		{"golang.org/x/oauth2", []string{"internal/signon"}, "who signed in elsewhere is asked of one adapter"},
		{"github.com/chromedp", []string{"internal/testkit"}, "a browser is a tool of tests"},
		{"testing", []string{"internal/testkit"}, "the shipped program carries no test code"},
		{"github.com/google/go-cmp", []string{"internal/testkit"}, "the shipped program carries no test code"},
		{"go.uber.org/goleak", []string{"internal/testkit"}, "the shipped program carries no test code"},
	}
}

// pureRooms are the engines: plain data in, plain data out.
func pureRooms() []string { return []string{"internal/match", "internal/agenda"} }

// impure lists what an engine may not touch.
func impure() []string {
	return []string{"os", "net", "syscall", "database/sql", "log", "io/ioutil", "path/filepath", "plugin"}
}

func TestImportLaw(t *testing.T) {
	t.Parallel()
	report(t, importLaw(realTree(t)))
}

// importLaw returns every import that the law forbids.
func importLaw(p *tree) []string {
	var findings []string
	for _, src := range p.sources {
		from, ok := roomOf(src.dir)
		if !ok {
			findings = append(findings, fmt.Sprintf("%s: package %s has no place in the house: add it to rooms() in internal/archtest and to ARCHITECTURE.md", src.path, src.dir))
			continue
		}
		for target, spec := range src.imports() {
			if why := forbidden(src, from, target); why != "" {
				findings = append(findings, fmt.Sprintf("%s: %s may not import %s: %s", p.at(spec), src.dir, target, why))
			}
		}
	}
	return findings
}

// forbidden returns why the source, which lives in from, may not import the
// target, "" if it may. Tests may reach up, since only production code couples;
// what is meant to leave the house stays free of it even in tests.
func forbidden(src *source, from room, target string) string {
	local, inside := strings.CutPrefix(target, module+"/")
	if inside {
		if why := leavesHouse(src.dir, local); why != "" || src.test {
			return why
		}
		return climbs(from, local)
	}
	if src.test || from.kind == suite {
		return ""
	}
	return misusesLibrary(from, target)
}

// leavesHouse guards what other programs read and reuse on its own.
func leavesHouse(dir, target string) string {
	if !below(target, "internal") {
		return ""
	}
	switch {
	case below(dir, "search"):
		return "search is meant to be reused on its own; what it needs from this program comes in as plain data"
	case below(dir, "client"):
		return "other programs use client, and nothing internal is visible to them"
	default:
		return ""
	}
}

// climbs applies the floors.
func climbs(from room, target string) string {
	to, ok := roomOf(target)
	switch {
	case !ok:
		return "it has no place in the house"
	case to.path == from.path || slices.Contains(from.also, to.path):
		return ""
	case to.kind == suite || to.kind == kit:
		return "it serves tests; only _test.go files may import it"
	case to.kind == public:
		return "client is for other programs; the server does not call itself"
	case from.kind == kit || from.kind == public:
		return fmt.Sprintf("%s stands beside the floors and imports nothing of them", from.path)
	case from.kind == service && to.kind == service:
		return "services are siblings: tell it by a domain event, or declare a small interface here and wire it in internal/app"
	case from.kind == adapter && to.kind == adapter:
		return "adapters do not lean on each other: each must be replaceable alone"
	case to.floor >= from.floor:
		return fmt.Sprintf("floor %d may import strictly lower floors only, and that is floor %d", from.floor, to.floor)
	default:
		return ""
	}
}

// misusesLibrary applies the keepers and the purity of the engines.
func misusesLibrary(from room, target string) string {
	for _, k := range keepers() {
		if below(target, k.library) && !slices.Contains(k.rooms, from.path) {
			return fmt.Sprintf("only %s may: %s", strings.Join(k.rooms, " and "), k.why)
		}
	}
	touches := func(banned string) bool { return below(target, banned) }
	if slices.Contains(pureRooms(), from.path) && slices.ContainsFunc(impure(), touches) {
		return "engines are pure functions on plain data: no files, no network, no logs"
	}
	return ""
}

// below tells whether the path is the base or lies under it.
func below(p, base string) bool { return p == base || strings.HasPrefix(p, base+"/") }

// roomOf returns the room that a package directory belongs to. Children of a
// starred room come back with their own path.
func roomOf(dir string) (room, bool) {
	var best room
	for _, r := range rooms() {
		parent, starred := strings.CutSuffix(r.path, "/*")
		switch {
		case starred && below(dir, parent) && dir != parent:
			child, _, _ := strings.Cut(strings.TrimPrefix(dir, parent+"/"), "/")
			r.path = path.Join(parent, child)
		case !starred && below(dir, r.path):
		default:
			continue
		}
		if len(r.path) > len(best.path) || len(r.path) == len(best.path) && !starred {
			best = r
		}
	}
	return best, best.path != ""
}

// isTestRoom tells whether the package serves tests only, though its files do
// not end in _test.go.
func isTestRoom(dir string) bool {
	r, ok := roomOf(dir)
	return ok && (r.kind == suite || r.kind == kit)
}
