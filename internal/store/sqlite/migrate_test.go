package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

func seed(t *testing.T, s *sqlite.Store, id scene.ID) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: id, Name: "公司" + string(id)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, s *sqlite.Store) (n int) {
	t.Helper()
	err := s.View(t.Context(), func(tx store.Tx) (err error) {
		n, err = tx.Organisations().Count(t.Context())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func refused(t *testing.T, path, key string) *scene.Error {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err == nil {
		_ = s.Close()
		t.Fatal("opened")
	}
	e, ok := errors.AsType[*scene.Error](err)
	if !ok || e.Key != key {
		t.Fatalf("Open: %v, want key %s", err, key)
	}
	return e
}

func TestOpenRefusesNewer(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "city.db")
	s := open(t, path)
	seed(t, s, "a")
	if err := s.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	e := refused(t, path, "store.newer")
	if e.Code != scene.Precondition || e.Args["have"] != int64(9000) || e.Args["want"] == int64(0) || e.Args["want"] == nil {
		t.Errorf("error %v", e)
	}
	after, err := os.ReadFile(path)
	if err != nil || string(after) != string(before) {
		t.Error("a database that was refused was changed")
	}
}

func TestOpenRefusesForeign(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "other.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE theirs (x)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_ = refused(t, path, "store.foreign")

	path = filepath.Join(dir, "text.db")
	if err := os.WriteFile(path, []byte("this is a letter and not a database, however long one looks at it; nor will it become one"), 0o600); err != nil {
		t.Fatal(err)
	}
	_ = refused(t, path, "store.corrupt")
	_ = refused(t, filepath.Join(dir, "no such directory", "city.db"), "store.broken")
}

func TestUpgradeCopiesFirst(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	backups := filepath.Join(dir, "backup")
	path := filepath.Join(dir, "city.db")
	s := open(t, path)
	defer s.Close()
	seed(t, s, "a")
	have, err := s.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	next := fstest.MapFS{
		"00001_rows.sql": {Data: []byte("-- +goose Up\nSELECT 1;\n")}, // applied already
		"09001_next.sql": {Data: []byte("-- +goose Up\nCREATE TABLE next (x TEXT NOT NULL) STRICT;\nDELETE FROM organisation;\n")},
	}
	if err := s.Upgrade(t.Context(), next, backups); err != nil {
		t.Fatal(err)
	}
	if n := count(t, s); n != 0 {
		t.Errorf("%d rows after the upgrade", n)
	}
	if h, err := s.Health(t.Context()); err != nil || h.SchemaVersion != 9001 {
		t.Errorf("Health: %+v, %v", h, err)
	}
	copied := open(t, filepath.Join(backups, fmt.Sprintf("city.db.v%d-1.bak", have.SchemaVersion)))
	defer copied.Close()
	if n := count(t, copied); n != 1 {
		t.Errorf("%d rows in the copy, want 1", n)
	}

	broken := fstest.MapFS{
		"00001_rows.sql": next["00001_rows.sql"], "09001_next.sql": next["09001_next.sql"],
		"09002_bad.sql": {Data: []byte("-- +goose Up\nCREATE TABLE half (x TEXT) STRICT;\nSELECT nonsense;\n")},
	}
	for n, name := range []string{"city.db.v9001-1.bak", "city.db.v9001-2.bak"} { // no earlier copy is overwritten
		if err := s.Upgrade(t.Context(), broken, backups); err == nil {
			t.Fatal("a broken migration passed")
		}
		if _, err := os.Stat(filepath.Join(backups, name)); err != nil {
			t.Errorf("copy %d: %v", n+1, err)
		}
	}
	if err := s.Exec(t.Context(), "SELECT * FROM half"); err == nil {
		t.Error("a broken migration left half of itself")
	}
	if err := s.Upgrade(t.Context(), next, filepath.Join(backups, "none")); err != nil {
		t.Errorf("an upgrade with nothing to do: %v", err)
	}
	if _, err := os.Stat(filepath.Join(backups, "none")); err == nil {
		t.Error("an upgrade with nothing to do made a copy")
	}
	late := fstest.MapFS{
		"00001_rows.sql": next["00001_rows.sql"], "00007_late.sql": {Data: []byte("-- +goose Up\nSELECT 1;\n")},
		"09001_next.sql": next["09001_next.sql"],
	}
	if err := s.Upgrade(t.Context(), late, backups); err == nil {
		t.Error("a migration with a number below those that are applied was passed over in silence")
	}
}

func TestBackup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "city.db"))
	defer s.Close()
	seed(t, s, "a")
	path := filepath.Join(dir, "copy.db")
	err := s.Update(t.Context(), func(tx store.Tx) error { // it neither waits for a writer nor sees its rows
		if _, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: "b", Name: "乙"}); err != nil {
			return err
		}
		return s.Backup(t.Context(), path)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), path); scene.CodeOf(err) != scene.Conflict {
		t.Errorf("Backup onto a file: %v", err)
	}
	if err := s.Backup(t.Context(), filepath.Join(dir, "none", "copy.db")); err == nil {
		t.Error("Backup into no directory passed")
	}
	copied := open(t, path)
	defer copied.Close()
	if n, m := count(t, copied), count(t, s); n != 1 || m != 2 {
		t.Errorf("%d rows in the copy, %d in the store", n, m)
	}
}

// TestErrorsByCode provokes what a driver can say.
func TestErrorsByCode(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "city.db")
	s := open(t, path)
	defer s.Close()
	for text, want := range map[string]string{
		"INSERT INTO outbox (id, body) VALUES ('a', ''), ('a', '')":                                           "store.taken",
		"INSERT INTO setting (key, value) VALUES ('a', x''), ('a', x'')":                                      "store.taken",
		"INSERT INTO opportunity_field (field, id) VALUES ('a', 'nobody')":                                    "store.reference",
		"INSERT INTO word (position, word, body) VALUES ('not a number', 'a', 'b')":                           "store.broken",
		"PRAGMA query_only = 1; DELETE FROM word; PRAGMA query_only = 0":                                      "store.read_only",
		"PRAGMA query_only = 0; PRAGMA max_page_count = 1; CREATE TABLE x AS SELECT randomblob(9999999) AS y": "store.full",
	} {
		err := s.Exec(t.Context(), text)
		if e, ok := errors.AsType[*scene.Error](err); !ok || e.Key != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Ping(ended); scene.CodeOf(err) != scene.Unavailable {
		t.Errorf("Ping in an ended context: %v", err)
	}
}
