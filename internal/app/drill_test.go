//go:build drill && linux

package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"jinghe/internal/account"
	"jinghe/internal/app"
	"jinghe/internal/scene"
	"jinghe/internal/testkit"
)

const (
	drillReplicas = 3
	// converged is how soon after a fault has gone every view has to be the same.
	converged = 60 * time.Second
	// diskBytes is the disk of the database: small, so that it can be filled.
	diskBytes = 400 << 20
)

// drill is an installation of the grown size under load.
type drill struct {
	t        *testing.T
	dir      string // of the programs and what they say
	disk     string // where the database is alone; empty where no disk could be mounted
	postgres *testkit.PostgresServer
	address  string // of the database
	nats     *testkit.NATSPrograms
	search   *testkit.MeilisearchProgram
	replicas []*testkit.Program
	dirs     []string
	urls     []string
	load     *drillLoad
}

// drillKey seals the secrets of all replicas.
var drillKey = strings.Repeat("5e", 32)

// newDrill starts everything, each a process of its own.
func newDrill(t *testing.T) *drill {
	t.Helper()
	d := newServers(t)
	program := testkit.Build(t, "../..", "jinghe/cmd/jinghe", d.dir)
	d.people()
	for range drillReplicas {
		d.replica(program)
	}
	d.allReady()
	return d
}

// replica starts one more process of the application from a program.
func (d *drill) replica(program string) *testkit.Program {
	d.t.Helper()
	name := fmt.Sprint("replica-", len(d.replicas)+1)
	data, at := filepath.Join(d.dir, name), "127.0.0.1:"+strconv.Itoa(testkit.Ports(d.t, 1)[0])
	p := testkit.NewProgram(d.t, name, d.dir, program, []string{"serve"}, append(os.Environ(),
		"JINGHE_DATA="+data, "JINGHE_ADDR="+at, "JINGHE_STORE="+d.address+"&application_name="+name,
		"JINGHE_NATS="+strings.Join(d.nats.URLs, ","), "JINGHE_NATS_REPLICAS=3",
		"JINGHE_MEILISEARCH_URL="+d.search.URL, "JINGHE_MEILISEARCH_KEY="+d.search.Key,
		"JINGHE_SECRET_KEY="+drillKey, "JINGHE_LANG=en"))
	p.Start(d.t)
	d.replicas, d.dirs, d.urls = append(d.replicas, p), append(d.dirs, data), append(d.urls, "http://"+at)
	return p
}

// allReady waits until every replica says that it is ready.
func (d *drill) allReady() {
	d.t.Helper()
	for i := range d.replicas {
		eventually(d.t, patience, func() bool { return d.ready(i) })
	}
}

// newServers starts what the replicas stand on.
func newServers(t *testing.T) *drill {
	t.Helper()
	d := &drill{t: t, dir: t.TempDir(), disk: smallDisk(t)}
	if d.disk != "" {
		d.postgres = testkit.StartDurablePostgresIn(t, d.disk)
	} else {
		d.postgres = testkit.StartDurablePostgres(t)
	}
	d.address = d.postgres.Database(t)
	d.nats = testkit.StartNATSPrograms(t, d.dir)
	d.search = testkit.StartMeilisearchProgram(t, d.dir)
	d.load = newDrillLoad(d)
	return d
}

// smallDisk mounts a disk of its own in memory, if that is allowed.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "jinghe-disk-") //nolint:usetesting // the path of a socket below it must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(dir) })
	if err := syscall.Mount("none", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=1777", diskBytes)); err != nil {
		t.Logf("no disk of its own for the database: %v", err)
		return ""
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// people are who writes and who asks to be told.
func (d *drill) people() {
	d.t.Helper()
	cfg := testConfig(d.t.TempDir())
	cfg.Store, cfg.SecretKey = d.address, drillKey
	a, err := app.Open(d.t.Context(), cfg, testOptions(io.Discard))
	if err != nil {
		d.t.Fatal(err)
	}
	defer closeApp(d.t, a)
	bring(d.t, a, "折叠晾衣绳", "便携")
	add := func(login string, role scene.Role, org string) scene.Account {
		report, err := a.User(d.t.Context(), app.UserRequest{
			Do: "add", Login: login, Name: login, Org: org, Roles: []scene.Role{role}, Password: fairPassword,
		})
		if err != nil {
			d.t.Fatal(err)
		}
		return report.Accounts[0]
	}
	owner, steward := add("owner", scene.RoleOwner, "示例业主"), add("steward", scene.RoleSteward, "")
	_, err = a.Searches().Save(d.t.Context(), owner.Actor(""), scene.SavedSearch{
		Name: "晾衣", Wants: scene.KindCapability, Words: drillWords, Tell: scene.PaceAtOnce,
	})
	if err != nil {
		d.t.Fatal(err)
	}
	_, secret, err := a.Accounts().MakeToken(d.t.Context(), steward.Actor(""), account.NewToken{
		Name: "drill", Scopes: []scene.Scope{scene.ScopeImport, scene.ScopeRead}, Days: 1,
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.load.secret = secret
}

// ready asks a replica by its own probe.
func (d *drill) ready(i int) bool {
	status, _, err := d.load.get(d.urls[i], "/readyz")
	return err == nil && status == 200
}

// leader is the replica that leads, -1 while none does.
func (d *drill) leader() int {
	name := d.postgres.Ask(d.t, d.address, `SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
		WHERE l.locktype = 'advisory' AND l.granted AND l.classid = x'4A494E47'::int AND l.objid = 4`)
	for i, p := range d.replicas {
		if p.Name() == name {
			return i
		}
	}
	return -1
}

// awaitLeader returns the replica that leads, once it is another one than not.
func (d *drill) awaitLeader(not int) (leader int) {
	d.t.Helper()
	eventually(d.t, converged, func() bool {
		leader = d.leader()
		return leader >= 0 && leader != not
	})
	return leader
}

// fault is one thing that goes wrong. strike begins it and returns what ends it.
type fault struct {
	name   string
	strike func(d *drill) (heal func())
	lasts  time.Duration
	says   string // a pattern of what the log of some replica says of it
}

func faults() []fault {
	restart := func(d *drill, p *testkit.Program) func() {
		p.Kill(d.t)
		return func() { p.Start(d.t) }
	}
	follower := func(d *drill) int { return (d.awaitLeader(-1) + 1) % drillReplicas }
	const brief = 8 * time.Second
	return []fault{
		{"kill -9 of a replica that follows", func(d *drill) func() { return restart(d, d.replicas[follower(d)]) }, brief, `Jinghe is running`},
		{"kill -9 of the replica that leads", func(d *drill) func() {
			was := d.awaitLeader(-1)
			heal := restart(d, d.replicas[was])
			d.t.Logf("replica %d leads in place of %d", d.awaitLeader(was)+1, was+1)
			return heal
		}, brief, `Jinghe is running`},
		{"kill -9 of a NATS node", func(d *drill) func() {
			leader := d.nats.Leader(d.t, "jinghe_v1")
			for _, p := range d.nats.Nodes {
				if p != leader {
					return restart(d, p)
				}
			}
			return nil
		}, brief, `bus (disconnected|connection)|consumer interrupted|bus connected again`},
		{"kill -9 of the NATS node that leads the stream", func(d *drill) func() {
			return restart(d, d.nats.Leader(d.t, "jinghe_v1"))
		}, brief, `bus (disconnected|connection)|consumer interrupted|events not handed over`},
		{"PostgreSQL crashes and starts again", func(d *drill) func() {
			d.postgres.Crash(d.t)
			return func() { d.postgres.Start(d.t) }
		}, brief, `not listening for commits`},
		{"Meilisearch is away", func(d *drill) func() { return restart(d, d.search.Program) }, brief, `search server does not answer|event will be tried again`},
		{"Meilisearch comes back without its data", func(d *drill) func() {
			d.search.Kill(d.t)
			d.search.Wipe(d.t)
			return func() { d.search.Start(d.t) }
		}, brief, `no longer has an index|search server does not answer|event will be tried again`},
		{"the replica that leads stands still for 30 s", func(d *drill) func() {
			was := d.awaitLeader(-1)
			p := d.replicas[was]
			p.Hold(d.t)
			began := time.Now()
			next := d.awaitLeader(was)
			d.t.Logf("replica %d leads in place of %d after %s", next+1, was+1, time.Since(began).Round(time.Second))
			return func() { p.Release(d.t) }
		}, 30 * time.Second, `not listening for commits`},
		{"the disk of the database is full", fillDisk, brief, `store\.full|No space left on device|disk is full`},
	}
}

// fillDisk writes until nothing more fits. A database that gave up is started again.
func fillDisk(d *drill) func() {
	if d.disk == "" {
		return nil
	}
	path := filepath.Join(d.disk, "filler")
	f, err := os.Create(path)
	if err != nil {
		d.t.Fatal(err)
	}
	_, err = io.Copy(f, endless{})
	if err := errors.Join(f.Close(), ignore(err, syscall.ENOSPC)); err != nil {
		d.t.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			d.t.Error(err)
		}
		if d.postgres.Gone() {
			d.t.Log("the database had ended")
			d.postgres.Start(d.t)
		}
	}
}

func ignore(err, target error) error {
	if errors.Is(err, target) {
		return nil
	}
	return err
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestDrills strikes one fault after the other under a steady load, and looks
// each time at what became of the writes, of their effects and of the views.
func TestDrills(t *testing.T) { //nolint:paralleltest // it measures time
	d := newDrill(t)
	only := os.Getenv("DRILL")
	var table strings.Builder
	table.WriteString("| fault | acknowledged | refused | lost | twice | reads (failed) | all the same after | log |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n")
	d.load.start()
	d.load.until(20)
	for _, f := range faults() {
		if only != "" && !strings.Contains(f.name, only) {
			continue
		}
		fmt.Fprintf(&table, "| %s |%s\n", f.name, d.run(f))
	}
	d.load.stop()
	fmt.Println(table.String())
}

// run strikes one fault and returns its line of the table.
func (d *drill) run(f fault) string {
	d.t.Helper()
	before, heard := d.load.figures(), d.listen()
	heal := f.strike(d)
	if heal == nil {
		return " not possible here | | | | | | |"
	}
	<-time.After(f.lasts)
	heal()
	healed := time.Now()
	<-time.After(3 * time.Second) // the load goes on over the end of the fault
	d.load.pause()
	limit := healed.Add(converged)
	problem := d.differs()
	for ; problem != "" && time.Now().Before(limit); problem = d.differs() {
		<-time.After(200 * time.Millisecond)
	}
	took := time.Since(healed)
	if problem != "" {
		d.t.Errorf("%s: after %s still: %s", f.name, converged, problem)
	}
	lost, twice := d.load.lost(), d.twice()
	if lost > 0 || twice > 0 {
		d.t.Errorf("%s: %d lost, %d twice", f.name, lost, twice)
	}
	line := heard(f.says)
	if line == "" {
		d.t.Errorf("%s: no log says anything of it", f.name)
	}
	now := d.load.figures()
	d.load.start()
	d.load.until(5)
	return fmt.Sprintf(" %d | %d | %d | %d | %d (%d) | %.1f s | %s |", now.acked-before.acked, now.refused-before.refused, lost, twice,
		now.reads-before.reads, now.readsFailed-before.readsFailed, took.Seconds(), line)
}

// listen returns what finds a line that some replica says from now on: its
// message, and what of the line is looked for if that is not in it.
func (d *drill) listen() func(pattern string) string {
	from := make([]int, len(d.replicas))
	for i, p := range d.replicas {
		_, from[i] = p.Said(0)
	}
	return func(pattern string) string {
		wanted, message := regexp.MustCompile(pattern), regexp.MustCompile(`msg=("[^"]*"|\S+)`)
		for i, p := range d.replicas {
			text, _ := p.Said(from[i])
			for line := range strings.Lines(text) {
				found := wanted.FindString(line)
				if found == "" {
					continue
				}
				if m := message.FindStringSubmatch(line); m != nil && !strings.Contains(m[1], found) {
					return strings.Trim(m[1], `"`) + " … " + found
				} else if m != nil {
					return strings.Trim(m[1], `"`)
				}
				return found
			}
		}
		return ""
	}
}

// differs says in what the views are not yet the same, or nothing.
func (d *drill) differs() string {
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	defer cancel()
	published := d.load.published()
	for i, p := range d.replicas {
		if !d.ready(i) {
			return p.Name() + " is not ready"
		}
		_, body, err := d.load.get(d.urls[i], "/api/v1/search?kind=capability&q="+drillQuery)
		var found struct{ Total int }
		if err != nil || json.Unmarshal(body, &found) != nil || found.Total != published {
			return fmt.Sprintf("%s finds %d of %d (%v)", p.Name(), found.Total, published, err)
		}
		if problem := d.diagnosed(ctx, i); problem != "" {
			return p.Name() + ": " + problem
		}
	}
	found := d.postgres.Ask(d.t, d.address, `SELECT (SELECT count(*) FROM saved_search_hit), (SELECT SUM(fresh) FROM saved_search)`)
	if found != fmt.Sprintf("%d|%d", published, published) {
		return fmt.Sprintf("the saved search found and counts %s of %d", found, published)
	}
	return ""
}

// diagnosed says what the doctor of a replica finds that is not fine.
func (d *drill) diagnosed(ctx context.Context, i int) string {
	client, err := app.Dial(ctx, d.dirs[i])
	if err != nil || client == nil {
		return fmt.Sprintf("no control socket: %v", err)
	}
	defer func() { _ = client.Close(ctx) }()
	found, err := client.Diagnose(ctx)
	if err != nil {
		return err.Error()
	}
	for _, f := range found {
		// What an indexer gives up it makes good by reading all rows again.
		waits := f.Key == "doctor.outbox_waiting" || f.Check == "bus" && fmt.Sprint(f.Args["pending"]) != "0"
		given := f.Check == "dead_letters" && f.Status != app.Fine && !strings.HasPrefix(fmt.Sprint(f.Args["consumer"]), "indexer")
		if f.Status == app.Fault || f.Check == "index" && f.Status != app.Fine || given || waits {
			return fmt.Sprintf("%s %s %v", f.Check, f.Key, f.Args)
		}
	}
	return ""
}

// twice counts effects that happened more than once: rows of one name, jobs of
// one request, listings that were told of in two notices.
func (d *drill) twice() (n int) {
	d.t.Helper()
	for _, query := range []string{
		`SELECT count(*) FROM (SELECT body::json->>'name' FROM capability GROUP BY 1 HAVING count(*) > 1) x`,
		`SELECT count(*) FROM (SELECT body::json->>'source' FROM import_job WHERE body::json->>'source' LIKE 'drill-%' AND body::json->>'status' = 'done' GROUP BY 1 HAVING count(*) > 1) x`,
		`SELECT GREATEST(0, COALESCE(SUM((body::json->'args'->>'count')::int), 0) -
			(SELECT count(*) FROM capability WHERE state = 'published' AND body::json->>'name' LIKE '量子%')) FROM notice WHERE kind = 'search'`,
	} {
		k, err := strconv.Atoi(d.postgres.Ask(d.t, d.address, query))
		if err != nil {
			d.t.Fatal(err)
		}
		if k > 0 {
			d.t.Logf("%d of %s", k, query)
		}
		n += k
	}
	return n
}
