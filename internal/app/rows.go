package app

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/postgres"
	"jinghe/internal/store/sqlite"
)

const (
	// databaseName is the file of the rows in a data directory.
	databaseName = "jinghe.db"
	// elsewhereName is a file that says where the rows of a data directory are
	// when they are not in it, so that nobody opens an empty city by mistake.
	elsewhereName = "rows.elsewhere"
	// instanceName is a file with the name of this installation's process among
	// those that share a database.
	instanceName = "instance"
)

// openRows opens the rows where the configuration says they are.
func openRows(ctx context.Context, cfg Config, o Options) (store.Store, error) {
	if err := checkPlace(&cfg); err != nil {
		return nil, err
	}
	if cfg.Store == "" {
		if err := makePrivate(filepath.Join(cfg.Data, databaseName)); err != nil {
			return nil, err
		}
		return sqlite.Open(ctx, filepath.Join(cfg.Data, databaseName), sqlite.Options{
			BackupDir: filepath.Join(cfg.Data, "backups"), Logger: o.Log,
		})
	}
	rows, err := postgres.Open(ctx, cfg.Store, postgres.Options{
		Logger: o.Log, BeforeUpgrade: putBy(filepath.Join(cfg.Data, "backups"), o),
	})
	if err != nil {
		return nil, err
	}
	if err := noteElsewhere(cfg.Data, cfg.Store); err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	return rows, nil
}

// noteElsewhere tells a data directory in which database its rows are.
func noteElsewhere(dir, address string) error {
	return os.WriteFile(filepath.Join(dir, elsewhereName), []byte(withoutSecrets(address)+"\n"), 0o600)
}

// checkPlace refuses a configuration that would pass by the rows of this
// directory: they are in its file, or in the database that it notes.
func checkPlace(cfg *Config) error {
	note, err := os.ReadFile(filepath.Join(cfg.Data, elsewhereName))
	switch {
	case err == nil && cfg.Store == "":
		return &scene.Error{Code: scene.Precondition, Key: "config.rows_elsewhere", Args: map[string]any{
			"setting": "JINGHE_STORE", "dir": cfg.Data, "value": strings.TrimSpace(string(note)),
		}}
	case err == nil, cfg.Store == "":
		return nil
	case !errors.Is(err, os.ErrNotExist):
		return scene.Wrap("app.checkPlace", err)
	}
	if info, err := os.Stat(filepath.Join(cfg.Data, databaseName)); err == nil && info.Size() > 0 {
		return &scene.Error{Code: scene.Precondition, Key: "config.rows_here", Args: map[string]any{
			"setting": "JINGHE_STORE", "dir": cfg.Data,
		}}
	}
	return nil
}

// makePrivate makes a file that its owner alone may read, or makes it so: the
// rows hold contacts. What the engine puts beside it takes the same mode.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

// instance returns the name of the process on this directory, which its lock
// keeps alone. It is made once.
func instance(dir string) (string, error) {
	path := filepath.Join(dir, instanceName)
	name, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(name) == 0 {
		name = []byte(strings.ToLower(rand.Text()[:12]))
		err = os.WriteFile(path, name, 0o600)
	}
	return string(name), err
}

// storeURL reads the address of a PostgreSQL database.
func storeURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		key := "config.store"
		if strings.HasPrefix(s, "sqlite:") || strings.HasPrefix(s, "file:") {
			key = "config.store_file"
		}
		return nil, settingError(key, "JINGHE_STORE", maskURL(s))
	}
	return u, nil
}

// withoutSecrets is the part of an address that says where, not how to get in.
func withoutSecrets(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	where := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return where.String()
}
