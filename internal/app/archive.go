package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"jinghe/internal/archive"
	"jinghe/internal/datadir"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/postgres"
	"jinghe/internal/store/sqlite"
)

// Backup writes every row to w, from one snapshot, while the App is in use.
// What w received is not complete when it fails.
func (a *App) Backup(ctx context.Context, w io.Writer, progress func(done, total int)) error {
	_, err := archive.Write(ctx, w, a.store, a.o.Version, a.o.Now(), progress)
	return scene.Wrap("app.Backup", err)
}

// putBy returns a function that writes a backup of a database into dir before
// its schema is upgraded, beside those of earlier tries.
func putBy(dir string, o Options) func(context.Context, store.Store, int64) error {
	return func(ctx context.Context, s store.Store, have int64) (err error) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		f, err := os.CreateTemp(dir, fmt.Sprintf("rows.v%d-*.backup", have))
		if err != nil {
			return err
		}
		defer func() {
			if cerr := f.Close(); err == nil {
				err = cerr
			}
			if err != nil {
				_ = os.Remove(f.Name())
			}
		}()
		if _, err := archive.Write(ctx, f, s, o.Version, o.Now(), nil); err != nil {
			return err
		}
		o.Log.Info("database backed up before upgrade", "backup", f.Name(), "have", have)
		return f.Sync()
	}
}

// Place is where rows are: in the file of a data directory, or in a database.
type Place struct {
	Dir   string // a data directory; locked while the place is in use
	Store string // address of a PostgreSQL database; empty for the file of Dir
}

// ParsePlace reads sqlite:DIR, or the file of rows in it, postgres://… or
// postgres:postgres://….
func ParsePlace(s string) (Place, error) {
	if dir, ok := strings.CutPrefix(s, "sqlite:"); ok && dir != "" {
		if rest, named := strings.CutSuffix(filepath.Clean(dir), string(filepath.Separator)+databaseName); named {
			dir = rest
		}
		return Place{Dir: dir}, nil
	}
	address := s
	if rest, ok := strings.CutPrefix(s, "postgres:"); ok && !strings.HasPrefix(rest, "//") {
		address = rest
	}
	if _, err := storeURL(address); err != nil {
		return Place{}, &scene.Error{Code: scene.Invalid, Op: "app.ParsePlace", Key: "archive.place", Args: map[string]any{"value": maskURL(s)}}
	}
	return Place{Store: address}, nil
}

// String names the place without its secrets.
func (p Place) String() string {
	if p.Store != "" {
		return withoutSecrets(p.Store)
	}
	return p.Dir
}

// held is a place that nobody else uses.
type held struct {
	store.Store
	lock *datadir.Lock
}

// hold opens a place for this process alone, with the schema brought to upTo
// (0 for the newest). While a server or another verb uses it, it is refused.
func hold(ctx context.Context, p Place, upTo int64, o Options) (_ *held, err error) {
	h := &held{}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.release())
		}
	}()
	if p.Dir != "" {
		if h.lock, err = datadir.Acquire(p.Dir); err != nil {
			return nil, err
		}
	}
	if p.Store != "" {
		s, err := postgres.Open(ctx, p.Store, postgres.Options{Logger: o.Log, Alone: true, UpTo: upTo})
		if err != nil {
			return nil, err
		}
		h.Store = s
		return h, nil
	}
	path := filepath.Join(p.Dir, databaseName)
	if err := makePrivate(path); err != nil {
		return nil, err
	}
	s, err := sqlite.Open(ctx, path, sqlite.Options{Logger: o.Log, BackupDir: filepath.Join(p.Dir, "backups"), UpTo: upTo})
	if err != nil {
		return nil, err
	}
	h.Store = s
	return h, nil
}

func (h *held) release() error {
	var errs []error
	if h.Store != nil {
		errs = append(errs, h.Store.Close())
	}
	if h.lock != nil {
		errs = append(errs, h.lock.Release())
	}
	return errors.Join(errs...)
}

// Move carries every row of one place to another, which must be empty, or hold
// the same rows already: then nothing is done. Neither may be in use. A data
// directory is told where its rows are from then on; its file stays as a copy.
func Move(ctx context.Context, from, to Place, o Options, progress func(done, total int)) (m archive.Moved, err error) {
	if from == to {
		return m, &scene.Error{Code: scene.Invalid, Op: "app.Move", Key: "archive.same_place", Args: map[string]any{"place": from.String()}}
	}
	if f := cityFile(from); f != nil {
		return m, scene.Wrap("app.Move", f)
	}
	source, err := hold(ctx, from, 0, o)
	if err != nil {
		return m, scene.Wrap("app.Move", err)
	}
	defer func() { err = errors.Join(err, source.release()) }()
	target, err := hold(ctx, to, 0, o)
	if err != nil {
		return m, scene.Wrap("app.Move", err)
	}
	defer func() { err = errors.Join(err, target.release()) }()
	if m, err = archive.Move(ctx, source, target, progress); err != nil {
		return m, scene.Wrap("app.Move", err)
	}
	return m, scene.Wrap("app.Move", noteMoved(from, to))
}

// cityFile refuses a directory without rows, which is a mistyped path.
func cityFile(p Place) error {
	if p.Store != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(p.Dir, databaseName)); err != nil {
		return &scene.Error{Code: scene.Invalid, Key: "doctor.no_city", Args: map[string]any{"dir": p.Dir}, Err: err}
	}
	return nil
}

// noteMoved tells both directories where the rows are now.
func noteMoved(from, to Place) error {
	if from.Dir != "" && to.Store != "" {
		if err := noteElsewhere(from.Dir, to.Store); err != nil {
			return err
		}
	}
	if to.Dir != "" && to.Store == "" {
		err := os.Remove(filepath.Join(to.Dir, elsewhereName))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Restore fills an empty place from the backup in a file. The place gets the
// schema of the backup and is upgraded when it is next opened. Indexes and
// streams are not in a backup: they are made from the rows.
func Restore(ctx context.Context, path string, keys archive.Keys, to Place, o Options, progress func(done, total int)) (h archive.Header, err error) {
	open := func() (io.ReadCloser, error) { return openBackup(path, keys) }
	if h, err = header(open); err != nil {
		return h, scene.Wrap("app.Restore", err)
	}
	target, err := hold(ctx, to, h.Schema, o)
	if err != nil {
		return h, scene.Wrap("app.Restore", err)
	}
	defer func() { err = errors.Join(err, target.release()) }()
	if h, err = archive.Restore(ctx, open, target, progress); err != nil {
		return h, scene.Wrap("app.Restore", err)
	}
	if to.Dir != "" && to.Store != "" {
		err = noteElsewhere(to.Dir, to.Store)
	}
	return h, scene.Wrap("app.Restore", err)
}

func header(open func() (io.ReadCloser, error)) (archive.Header, error) {
	f, err := open()
	if err != nil {
		return archive.Header{}, err
	}
	defer func() { _ = f.Close() }()
	return archive.ReadHeader(f)
}

// openBackup opens a file and what seals it.
func openBackup(path string, keys archive.Keys) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	plain, err := keys.Reader(f)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{plain, f}, nil
}
