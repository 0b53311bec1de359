package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"

	"jinghe/internal/scene"
	"jinghe/internal/store/sqlrows"
)

const (
	// versionTable is where the schema's versions are counted.
	versionTable = goose.DefaultTablename
	// applicationID marks a file as a store of this program: "JING".
	applicationID = 0x4A494E47
)

// migrate brings the schema up to date, after a copy of an older database.
func (s *Store) migrate(ctx context.Context, backupDir string, upTo int64) error {
	if err := s.checkOwn(ctx); err != nil {
		return err
	}
	files, err := sqlrows.Migrations(sqlrows.SQLite)
	if err != nil {
		return err
	}
	return s.upgrade(ctx, files, backupDir, upTo)
}

// upgrade applies the files that the database does not have yet, up to a
// version or, where that is 0, all.
func (s *Store) upgrade(ctx context.Context, files fs.FS, backupDir string, upTo int64) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, s.writer, files,
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(s.log))
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	pending, err := p.HasPending(ctx) // a file with a number below have is one, and refused by UpTo
	if err != nil {
		return err
	}
	switch {
	case have > want:
		return &scene.Error{
			Code: scene.Precondition, Key: "store.newer",
			Args: map[string]any{"path": s.path, "have": have, "want": want},
		}
	case !pending:
		return nil
	case have > 0:
		copied, err := s.copyBefore(ctx, backupDir, have)
		if err != nil {
			return err
		}
		s.log.Info("database copied before upgrade", "copy", copied, "have", have, "want", want)
	}
	if upTo == 0 {
		upTo = want
	}
	_, err = p.UpTo(ctx, upTo)
	return err
}

// checkOwn refuses a file that holds tables of another program.
func (s *Store) checkOwn(ctx context.Context) error {
	var id, tables int
	if err := s.writer.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if err := s.writer.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'"+
		" AND name <> $1 AND substr(name, 1, 7) <> 'sqlite_'", versionTable).Scan(&tables); err != nil {
		return err
	}
	if id != applicationID && (id != 0 || tables > 0) {
		return &scene.Error{Code: scene.Precondition, Key: "store.foreign", Args: map[string]any{"path": s.path}}
	}
	return nil
}

// copyBefore writes a copy named after the file and its schema version, with
// a number behind it where earlier tries left one.
func (s *Store) copyBefore(ctx context.Context, dir string, have int64) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	base := filepath.Join(dir, fmt.Sprintf("%s.v%d", filepath.Base(s.path), have))
	for n := 1; ; n++ {
		path := fmt.Sprintf("%s-%d.bak", base, n)
		if _, err := os.Lstat(path); err == nil {
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		return path, copyTo(ctx, s.writer, path)
	}
}

// Backup writes a consistent copy of the database to path while it is in use.
// The copy is complete and on disk when Backup returns nil. A file at path is
// a Conflict.
func (s *Store) Backup(ctx context.Context, path string) error {
	if err := s.gate.Enter(); err != nil {
		return fail("backup", err)
	}
	defer s.gate.Leave()
	if _, err := os.Lstat(path); err == nil {
		return fail("backup", &scene.Error{Code: scene.Conflict, Key: "store.copy_exists", Args: map[string]any{"path": path}})
	}
	// Reading connections may not run VACUUM, and the writer is not to wait.
	db, err := connect(s.path, writing, 1)
	if err != nil {
		return fail("backup", err)
	}
	defer db.Close()
	return fail("backup", copyTo(ctx, db, path))
}

// copyTo writes a copy under another name, syncs it, and gives it its name
// last, so that a file of that name is always whole.
func copyTo(ctx context.Context, db *sql.DB, path string) error {
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := db.ExecContext(ctx, "VACUUM INTO $1", part); err != nil {
		return err
	}
	if err := syncFile(part); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return syncFile(filepath.Dir(path))
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
