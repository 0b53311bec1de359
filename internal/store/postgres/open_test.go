package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/postgres"
	"jinghe/internal/testkit"
)

// execute runs statements as the administrator does.
func execute(t *testing.T, address string, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	for _, text := range statements {
		if _, err := conn.Exec(t.Context(), text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

// refused wants Open to fail with the key, whose message is a sentence.
func refused(t *testing.T, address, key string) {
	t.Helper()
	s, err := postgres.Open(t.Context(), address, postgres.Options{})
	if err == nil {
		_ = s.Close()
		t.Fatal("opened")
	}
	e, ok := errors.AsType[*scene.Error](err)
	if !ok || e.Key != key {
		t.Fatalf("Open: %v, want %s", err, key)
	}
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		if text := locale.Error(lang, err); strings.ContainsAny(text, "{}") || strings.Contains(text, "hunter2") || text == key {
			t.Errorf("message %q", text)
		}
	}
}

func TestOpenTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	server := testkit.StartPostgres(t)
	as := func(address, user, password string) string {
		return strings.Replace(address, "user=postgres", "user="+user+"&password="+password, 1)
	}
	admin := server.Database(t)
	execute(t, admin, "CREATE ROLE poor LOGIN", "CREATE ROLE "+testkit.Guarded+" LOGIN PASSWORD 'right'")
	tests := map[string]struct {
		address func(t *testing.T) string
		key     string
	}{
		"NoURL":       {func(*testing.T) string { return "postgres://host:port:port/x" }, "store.url"},
		"NobodyThere": {func(*testing.T) string { return "postgres://jinghe:hunter2@127.0.0.1:1/jinghe" }, "store.unreachable"},
		"NoSuchHost":  {func(*testing.T) string { return "postgres://jinghe:hunter2@database.invalid/jinghe" }, "store.unreachable"},
		"NoTLS":       {func(t *testing.T) string { return strings.Replace(fakeServer(t, "15.1"), "disable", "require", 1) }, "store.tls"},
		"Latin": {func(t *testing.T) string {
			const name = "jinghe_latin"
			execute(t, admin, "CREATE DATABASE "+name+" ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
			address, err := url.Parse(admin)
			if err != nil {
				t.Fatal(err)
			}
			address.Path = "/" + name
			return address.String()
		}, "store.encoding"},
		"WrongPassword": {func(*testing.T) string { return as(admin, testkit.Guarded, "hunter2") }, "store.password"},
		"NoSuchUser":    {func(*testing.T) string { return as(admin, "nobody", "hunter2") }, "store.password"},
		"NoDatabase": {func(*testing.T) string {
			return strings.Replace(admin, "postgres:///", "postgres:///none_", 1)
		}, "store.no_database"},
		"NoRight": {func(t *testing.T) string { return as(server.Database(t), "poor", "") }, "store.privilege"},
		"Foreign": {func(t *testing.T) string {
			address := server.Database(t)
			execute(t, address, "CREATE TABLE theirs (x int)")
			return address
		}, "store.foreign_database"},
		"NewerSchema": {func(t *testing.T) string {
			address := server.Database(t)
			if err := open(t, address).Close(); err != nil {
				t.Fatal(err)
			}
			execute(t, address, "INSERT INTO jinghe_version (version_id, is_applied) VALUES (9000, true)")
			return address
		}, "store.newer"},
		"OlderServer": {func(t *testing.T) string { return fakeServer(t, "9.6.24") }, "store.server_old"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused(t, test.address(t), test.key)
		})
	}
}

// TestNewerServerIsLetIn warns and goes on; the fake one hangs up then.
func TestNewerServerIsLetIn(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	_, err := postgres.Open(t.Context(), fakeServer(t, "99.1 (Tomorrow)"), postgres.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if scene.CodeOf(err) != scene.Unavailable || !strings.Contains(log.String(), "newer than the program knows") {
		t.Errorf("%v, log %s", err, &log)
	}
}

// fakeServer says that it is PostgreSQL of a version and hangs up at the first question.
func fakeServer(t *testing.T, version string) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			greet(conn, version)
		}
	}()
	return "postgres://jinghe@" + l.Addr().String() + "/jinghe?sslmode=disable"
}

func greet(conn net.Conn, version string) {
	defer conn.Close()
	b := pgproto3.NewBackend(conn, conn)
	first, err := b.ReceiveStartupMessage()
	if err != nil {
		return
	}
	if _, asked := first.(*pgproto3.SSLRequest); asked { // it has no TLS
		_, _ = conn.Write([]byte("N"))
		return
	}
	b.Send(&pgproto3.AuthenticationOk{})
	b.Send(&pgproto3.ParameterStatus{Name: "server_version", Value: version})
	b.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	if b.Flush() == nil {
		_, _ = b.Receive()
	}
}

// TestFullDisk has the engine say what it says when it cannot extend a file.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	address := testkit.Postgres(t)
	s := open(t, address)
	defer s.Close()
	put := func(value string) error {
		return s.Update(t.Context(), func(tx store.Tx) error { return tx.Settings().Put(t.Context(), "key", []byte(value)) })
	}
	execute(t, address, `CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`,
		"CREATE TRIGGER no_room BEFORE INSERT ON setting FOR EACH ROW EXECUTE FUNCTION no_room()")
	err := put("lost")
	if e, ok := errors.AsType[*scene.Error](err); !ok || e.Key != "store.full" || e.Code != scene.Unavailable {
		t.Errorf("a write on a full disk: %v", err)
	}
	execute(t, address, "DROP TRIGGER no_room ON setting")
	if err := put("kept"); err != nil {
		t.Errorf("a write after room was made: %v", err)
	}
}

// TestErrorsByCode provokes what the engine can say.
func TestErrorsByCode(t *testing.T) {
	t.Parallel()
	s := open(t, testkit.Postgres(t))
	defer s.Close()
	for code, want := range map[string]string{
		"23505": "store.taken", "23503": "store.reference", "25006": "store.read_only", "40001": "store.busy",
		"55P03": "store.busy", "57014": "store.busy", "53300": "store.busy", "57P01": "store.away", "57P03": "store.away",
		"08006": "store.away", "53100": "store.full", "XX001": "store.corrupt", "42P01": "store.broken",
	} {
		err := s.Exec(t.Context(), "DO $$ BEGIN RAISE EXCEPTION 'provoked' USING ERRCODE = '"+code+"'; END $$")
		if e, ok := errors.AsType[*scene.Error](err); !ok || e.Key != want {
			t.Errorf("%s: %v, want %s", code, err, want)
		}
	}
}
