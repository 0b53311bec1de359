package app

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"jinghe/internal/account"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

const (
	// secretFile holds the key that seals secrets of second factors, in hex.
	secretFile = "secret.key"
	// secretMark is the setting that tells which key the rows are sealed with.
	secretMark = "account.key_mark"
)

// secretKey reads the key that seals secrets of second factors. Rows in the
// data directory have theirs beside them, made at the first start. Rows in a
// database that several processes share are sealed only where a file is named,
// which all of them have: each with a key of its own would shut people out.
func secretKey(c *Config) ([]byte, error) {
	if c.SecretKey != "" {
		key, err := parseKey(c.SecretKey)
		if err != nil {
			return nil, settingError("config.secret_key_digits", "JINGHE_SECRET_KEY", "")
		}
		return key, nil
	}
	path, named := c.SecretKeyFile, c.SecretKeyFile != ""
	if !named {
		if c.Store != "" {
			return nil, nil
		}
		path = filepath.Join(c.Data, secretFile)
	}
	unusable := func(err error) error {
		return &scene.Error{
			Code: scene.Invalid, Op: "app.secretKey", Key: "config.secret_key", Err: err,
			Args: map[string]any{"setting": "JINGHE_SECRET_KEY_FILE", "value": path},
		}
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return newSecretKey(path)
	}
	if err != nil {
		return nil, unusable(err)
	}
	key, err := parseKey(string(raw))
	if err != nil {
		return nil, unusable(err)
	}
	return key, nil
}

// SecretFile is the file with the key of second factors that a place has beside
// its rows, and that no row carries; empty where there is none.
func SecretFile(p Place) string {
	if p.Dir == "" {
		return ""
	}
	path := filepath.Join(p.Dir, secretFile)
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

func parseKey(text string) ([]byte, error) {
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err == nil && len(key) != account.KeySize {
		err = hex.ErrLength
	}
	return key, err
}

func newSecretKey(path string) ([]byte, error) {
	key := make([]byte, account.KeySize)
	if _, err := rand.Read(key); err != nil {
		return nil, scene.Wrap("app.newSecretKey", err)
	}
	if err := writeWhole(path, []byte(hex.EncodeToString(key)+"\n")); err != nil {
		return nil, scene.Wrap("app.newSecretKey", err)
	}
	return key, nil
}

// writeWhole writes a file that only its owner reads. After a crash it is there
// whole or not at all: it is on disk before it has its name, and the name before
// this returns.
func writeWhole(path string, content []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	_ = dir.Sync() // not every system syncs directories
	return dir.Close()
}

// markOf tells keys apart without telling anything of them.
func markOf(key []byte) string {
	if len(key) == 0 {
		return ""
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(secretMark))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

// secretKey is the key of the configuration, or where it names none the one in
// the data directory, if the rows say that they are sealed with it: a city that
// was moved to a database from there keeps its key.
func (a *App) secretKey(ctx context.Context) ([]byte, error) {
	key, err := secretKey(&a.cfg)
	if err != nil || len(key) > 0 {
		return key, err
	}
	beside := Config{Data: a.cfg.Data, SecretKeyFile: filepath.Join(a.cfg.Data, secretFile)}
	if _, err := os.Stat(beside.SecretKeyFile); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if key, err = secretKey(&beside); err != nil {
		return nil, err
	}
	marked, err := a.secretMarked(ctx)
	if err != nil || string(marked) != markOf(key) {
		return nil, err
	}
	return key, nil
}

// secretMarked returns what the rows say of the key they are sealed with; nil if nothing.
func (a *App) secretMarked(ctx context.Context) (marked []byte, err error) {
	err = a.store.View(ctx, func(tx store.Tx) (err error) {
		marked, err = tx.Settings().Get(ctx, secretMark)
		return err
	})
	return marked, err
}

// checkSecret tells whether the rows are sealed with the key of this place. The
// first key to come is theirs.
func (a *App) checkSecret(ctx context.Context) Finding {
	key, err := a.secretKey(ctx)
	if err != nil {
		return FindingOf("secret_key", err)
	}
	marked, err := a.secretMarked(ctx)
	f := Finding{Check: "secret_key", Status: Fine, Args: map[string]any{"setting": "JINGHE_SECRET_KEY", "file": secretFile}}
	switch {
	case err != nil:
		return FindingOf("secret_key", err)
	case len(key) == 0 && len(marked) == 0:
		f.Status, f.Key = Warning, "doctor.secret_none"
	case string(marked) != markOf(key):
		f.Status, f.Key = Fault, "doctor.secret_other"
	}
	return f
}

// markSecret notes which key the rows are sealed with, or says that it is
// another one than theirs.
func (a *App) markSecret(ctx context.Context, key []byte) error {
	mark, other := markOf(key), false
	err := a.store.Update(ctx, func(tx store.Tx) error {
		marked, err := tx.Settings().Get(ctx, secretMark)
		if err != nil || string(marked) == mark {
			return err
		}
		if other = len(marked) > 0; other || mark == "" {
			return nil
		}
		return tx.Settings().Put(ctx, secretMark, []byte(mark))
	})
	if err == nil && other {
		a.log.WarnContext(ctx, "the secrets of second factors were sealed with another key: put the key file of this city in its place "+
			"("+secretFile+" in the data directory, or JINGHE_SECRET_KEY); until then recovery codes alone let staff in")
	}
	return scene.Wrap("app.markSecret", err)
}
