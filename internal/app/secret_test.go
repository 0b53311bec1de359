package app

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

func TestSecretKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good"), filepath.Join(dir, "bad")
	for path, text := range map[string]string{good: strings.Repeat("ab", 32) + "\n", bad: "abcd"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct {
		c     Config
		size  int
		fails string // key of the message
	}{
		"Value":   {Config{Data: dir, Store: "postgres://x", SecretKey: strings.Repeat("cd", 32)}, 32, ""},
		"Short":   {Config{Data: dir, SecretKey: "cd"}, 0, "config.secret_key_digits"},
		"Named":   {Config{Data: dir, SecretKeyFile: good}, 32, ""},
		"Bad":     {Config{Data: dir, SecretKeyFile: bad}, 0, "config.secret_key"},
		"Missing": {Config{Data: dir, SecretKeyFile: filepath.Join(dir, "none")}, 0, "config.secret_key"},
		"Shared":  {Config{Data: dir, Store: "postgres://x"}, 0, ""},
		"Own":     {Config{Data: dir}, 32, ""},
	} {
		key, err := secretKey(&tt.c)
		said := scene.Error{}
		if wrong := (*scene.Error)(nil); errors.As(err, &wrong) {
			said = *wrong
		}
		if len(key) != tt.size || said.Key != tt.fails || (err == nil) != (tt.fails == "") {
			t.Errorf("%s: %d bytes, %v", name, len(key), err)
		}
	}
	first, err := secretKey(&Config{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	again, err := secretKey(&Config{Data: dir})
	if err != nil || string(first) != string(again) {
		t.Errorf("another key the second time: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, secretFile+".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := writeWhole(filepath.Join(dir, "none", "key"), nil); err == nil {
		t.Error("a file was written where no directory is")
	}
	if runtime.GOOS != "windows" {
		if err := os.Mkdir(filepath.Join(dir, "taken"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := writeWhole(filepath.Join(dir, "taken"), []byte("x")); err == nil {
			t.Error("a directory was replaced")
		}
		if left, err := filepath.Glob(filepath.Join(dir, "taken.*")); err != nil || len(left) > 0 {
			t.Errorf("left behind after a failure: %v, %v", left, err)
		}
	}
	info, err := os.Stat(filepath.Join(dir, secretFile))
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
