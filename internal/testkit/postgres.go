package testkit

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// PostgresServer is a PostgreSQL cluster of its own in a temporary directory,
// reachable through a socket in that directory only. It is safe for concurrent
// use by parallel subtests.
type PostgresServer struct {
	bin       string // directory of the server's programs
	dir       string // holds data and socket
	attr      *syscall.SysProcAttr
	durable   bool
	running   *server
	databases atomic.Int64
}

// Guarded is the one role that has to give its password; a test makes it.
const Guarded = "guarded"

// Postgres starts a PostgreSQL server for this test and returns the URL of an
// empty database in it. Starting takes a second or two: tests with many cases
// start one server with [StartPostgres] and give each case a database.
func Postgres(t testing.TB) string {
	t.Helper()
	return StartPostgres(t).Database(t)
}

// StartPostgres starts a PostgreSQL server that stops with the test. Durability
// is switched off, so it is no place for crash tests.
func StartPostgres(t testing.TB) *PostgresServer {
	t.Helper()
	return startPostgres(t, "", false)
}

// StartDurablePostgres starts one that keeps what it acknowledged through
// [PostgresServer.Crash].
func StartDurablePostgres(t testing.TB) *PostgresServer {
	t.Helper()
	return startPostgres(t, "", true)
}

// StartDurablePostgresIn is StartDurablePostgres with the files in dir, which
// may be of a disk of its own.
func StartDurablePostgresIn(t testing.TB, dir string) *PostgresServer {
	t.Helper()
	return startPostgres(t, dir, true)
}

func startPostgres(t testing.TB, in string, durable bool) *PostgresServer {
	t.Helper()
	bin, err := findPostgres()
	if err != nil {
		missing(t, ToolPostgres, err)
	}
	dir, err := os.MkdirTemp(in, "jinghe-pg-") //nolint:usetesting // the path of a socket may have 107 bytes, and the name of the test is part of t.TempDir
	if err != nil {
		t.Fatalf("postgres: %v", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("postgres: %v", err)
		}
	})
	attr, err := unprivileged(dir)
	if err != nil {
		t.Fatalf("postgres: %v", err)
	}
	p := &PostgresServer{bin: bin, dir: dir, attr: attr, durable: durable}
	if err := p.start(t); err != nil {
		t.Fatalf("postgres: %v", err)
	}
	return p
}

func (p *PostgresServer) start(t testing.TB) error {
	t.Helper()
	data := filepath.Join(p.dir, "data")
	if err := p.run(t.Context(), "initdb", "--pgdata="+data, "--username=postgres",
		"--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"); err != nil {
		return err
	}
	access := "local all " + Guarded + " scram-sha-256\nlocal all all trust\n"
	if err := os.WriteFile(filepath.Join(data, "pg_hba.conf"), []byte(access), 0o644); err != nil { //nolint:gosec // the server, which is another user, reads it
		return err
	}
	t.Cleanup(func() {
		if p.running != nil {
			p.running.stop(t)
		}
	})
	return p.serve()
}

// serve starts the server on the files that are there.
func (p *PostgresServer) serve() error {
	args := []string{"-D", filepath.Join(p.dir, "data"), "-k", p.dir}
	settings := []string{"listen_addresses=", "shared_buffers=32MB", "max_connections=200", "logging_collector=off"}
	if !p.durable {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	const ready = "database system is ready to accept connections"
	s, err := startServer(filepath.Join(p.bin, "postgres"), args, cleanEnv(), p.attr, ready)
	if err != nil {
		return err
	}
	p.running = s
	return s.awaitMarker()
}

// Crash ends the server at once, without a checkpoint and with connections cut
// off. Start starts it again on the same files.
func (p *PostgresServer) Crash(t testing.TB) {
	t.Helper()
	if err := p.run(t.Context(), "pg_ctl", "stop", "--mode=immediate", "--pgdata="+filepath.Join(p.dir, "data")); err != nil {
		t.Fatalf("postgres: %v", err)
	}
	<-p.running.exited
}

// Gone reports whether the server has ended.
func (p *PostgresServer) Gone() bool {
	select {
	case <-p.running.exited:
		return true
	default:
		return false
	}
}

// Ask runs one query on the database that Database returned and returns what psql
// prints of it, without heads.
func (p *PostgresServer) Ask(t testing.TB, address, query string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatalf("postgres: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(p.bin, "psql"), "--no-psqlrc", "--tuples-only", "--no-align",
		"--host="+p.dir, "--username=postgres", "--command="+query, strings.TrimPrefix(u.Path, "/"))
	cmd.Env, cmd.SysProcAttr, cmd.Dir = cleanEnv(), p.attr, p.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("psql: %v: %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// Start starts a server that crashed.
func (p *PostgresServer) Start(t testing.TB) {
	t.Helper()
	if err := p.serve(); err != nil {
		t.Fatalf("postgres: %v", err)
	}
}

// Database creates an empty database and returns its URL, in the form that
// libpq and pgx read. The database goes away with the test that asked for it.
func (p *PostgresServer) Database(t testing.TB) string {
	t.Helper()
	name := "t" + strconv.FormatInt(p.databases.Add(1), 10)
	if err := p.run(t.Context(), "createdb", "--host="+p.dir, "--username=postgres",
		"--template=template0", name); err != nil {
		t.Fatalf("postgres: %v", err)
	}
	t.Cleanup(func() {
		if err := p.run(context.Background(), "dropdb", "--force", "--host="+p.dir,
			"--username=postgres", name); err != nil {
			t.Errorf("postgres: %v", err)
		}
	})
	query := url.Values{"host": {p.dir}, "user": {"postgres"}, "sslmode": {"disable"}}
	return "postgres:///" + name + "?" + query.Encode()
}

// run executes one of PostgreSQL's own programs to its end.
func (p *PostgresServer) run(ctx context.Context, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, program), args...)
	cmd.Env = cleanEnv()
	cmd.Dir = p.dir
	cmd.SysProcAttr = p.attr
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, strings.TrimSpace(string(out)))
	}
	return nil
}

// cleanEnv keeps settings of the person who runs the tests (PGHOST, PGPORT, …)
// away from the server and its tools.
func cleanEnv() []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "PG") || strings.HasPrefix(entry, "LC_") || strings.HasPrefix(entry, "LANG")
	})
}

// findPostgres returns the directory of PostgreSQL's programs, the newest
// version first where several are installed.
func findPostgres() (string, error) {
	if runtime.GOOS == "windows" {
		return "", errors.New("servers for tests are started on Unix only")
	}
	candidates, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres") // Debian and its children
	if err != nil {
		return "", fmt.Errorf("look for postgres: %w", err)
	}
	slices.SortFunc(candidates, func(a, b string) int { return majorVersion(b) - majorVersion(a) })
	if onPath, err := exec.LookPath("postgres"); err == nil {
		candidates = slices.Insert(candidates, 0, onPath)
	}
	for _, candidate := range candidates {
		if bin, ok := completeInstallation(candidate); ok {
			return bin, nil
		}
	}
	return "", errors.New("no postgres with initdb, createdb and dropdb beside it on PATH or under /usr/lib/postgresql (Debian: apt-get install postgresql)")
}

// completeInstallation returns the directory in which the program really is, if
// the other programs that tests use are there too.
func completeInstallation(postgres string) (string, bool) {
	resolved, err := filepath.EvalSymlinks(postgres)
	if err != nil {
		return "", false
	}
	bin := filepath.Dir(resolved)
	for _, program := range []string{"initdb", "createdb", "dropdb"} {
		if _, err := os.Stat(filepath.Join(bin, program)); err != nil {
			return "", false
		}
	}
	return bin, true
}

// majorVersion reads the version out of /usr/lib/postgresql/15/bin/postgres, 0
// where there is none.
func majorVersion(path string) int {
	version, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	if err != nil {
		return 0
	}
	return version
}
