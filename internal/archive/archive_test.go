package archive_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"jinghe/internal/archive"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/postgres"
	"jinghe/internal/store/sqlite"
	"jinghe/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func small(t *testing.T) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "city.db"), sqlite.Options{})
	return kept(t, s, err)
}

func large(t *testing.T, address string) store.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), address, postgres.Options{Alone: true})
	return kept(t, s, err)
}

func kept(t *testing.T, s store.Store, err error) store.Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// rows is the number of capabilities of the city that populate makes: more
// than one page, and more than one statement.
const rows = 1100

// populate fills every table, with texts that are hard to carry.
func populate(t *testing.T, s store.Store) {
	t.Helper()
	ctx := t.Context()
	err := s.Update(ctx, func(tx store.Tx) error {
		org := scene.Organisation{ID: "org-1", Name: "示例“引号”\\公司\u2028", Aliases: []string{"zebra", "Äpfel", "apple"}}
		if _, err := tx.Organisations().Put(ctx, org); err != nil {
			return err
		}
		var list []scene.Capability
		for i := range rows {
			c := scene.Capability{Description: strings.Repeat("文", i%50)}
			c.ID, c.Name, c.State = scene.ID(fmt.Sprintf("cap-%05d", i)), fmt.Sprint("能力 ", i), scene.Published
			c.OrgID, c.Fields = "org-1", []string{"B", "a"}
			list = append(list, c)
		}
		list, err := tx.ForImport("job").Capabilities().PutMany(ctx, list)
		if err != nil {
			return err
		}
		list[7].Description = "第二版"
		if _, err := tx.Capabilities().Put(ctx, list[7]); err != nil {
			return err
		}
		o := scene.Opportunity{Need: "需要"}
		o.ID, o.Name = "need-1", "需求"
		if _, err := tx.Opportunities().Put(ctx, o); err != nil {
			return err
		}
		if err := tx.Imports().Put(ctx, scene.Import{ID: "job", Began: time.Unix(1, 0)}); err != nil {
			return err
		}
		if err := tx.Imports().AddChanges(ctx, "job", []scene.Change{{Noun: "capability", ID: "cap-00000", After: 1}}); err != nil {
			return err
		}
		if err := tx.Settings().Put(ctx, "bytes", []byte{0, 255, 10, 13}); err != nil {
			return err
		}
		if err := tx.Settings().Put(ctx, "empty", []byte{}); err != nil {
			return err
		}
		if err := tx.Dictionaries().PutWords(ctx, []scene.Word{{Word: "词"}}); err != nil {
			return err
		}
		return tx.Emit(ctx, scene.Event{ID: "e1", Subject: scene.CapabilityChanged}, scene.Event{ID: "e2", Subject: scene.CapabilityChanged})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// everyRow reads all tables of a store, for a comparison that does not rest on
// the sums that are under test.
func everyRow(t *testing.T, s store.Store) map[string][][]any {
	t.Helper()
	all := map[string][][]any{}
	err := s.View(t.Context(), func(tx store.Tx) error {
		tables, err := tx.Raw().Tables(t.Context())
		for _, table := range tables {
			if err == nil {
				err = tx.Raw().Rows(t.Context(), table, func(row []any) error {
					all[table.Name] = append(all[table.Name], row)
					return nil
				})
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all["capability"]) != rows || len(all["capability_revision"]) != 1 || len(all["outbox"]) != 2 || len(all["setting"]) != 2 {
		t.Fatalf("the city is not whole: %d capabilities", len(all["capability"]))
	}
	return all
}

func expectSame(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%.2000s", what, diff)
	}
}

// TestMoveThereAndBack carries a city from SQLite to PostgreSQL and back.
func TestMoveThereAndBack(t *testing.T) {
	t.Parallel()
	server := testkit.StartPostgres(t)
	first, second, third := small(t), large(t, server.Database(t)), small(t)
	populate(t, first)
	want := everyRow(t, first)
	last := 0
	m, err := archive.Move(t.Context(), first, second, func(done, total int) {
		if done < last || done > total {
			t.Errorf("progress %d of %d after %d", done, total, last)
		}
		last = done
	})
	if err != nil || m.There || last != 2*m.Rows {
		t.Fatalf("moved %+v, %v, last progress %d", m, err, last)
	}
	expectSame(t, "rows in PostgreSQL", everyRow(t, second), want)
	again, err := archive.Move(t.Context(), first, second, nil)
	if err != nil || !again.There {
		t.Errorf("the same move again: %+v, %v", again, err)
	}
	expectSame(t, "sums", again.Sums[0].Digest != "", true)
	if _, err := archive.Move(t.Context(), second, third, nil); err != nil {
		t.Fatal(err)
	}
	expectSame(t, "rows back in SQLite", everyRow(t, third), want)

	// Numbers go on behind those that came, and what is in use is not filled.
	for _, s := range []store.Store{second, third} {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			return tx.Emit(t.Context(), scene.Event{ID: "e3", Subject: scene.CapabilityChanged})
		})
		if err != nil {
			t.Fatal(err)
		}
		events, err := s.Outbox().Pending(t.Context(), 10)
		if err != nil || len(events) != 3 || events[2].ID != "e3" {
			t.Errorf("pending %v, %v", events, err)
		}
		if _, err := archive.Move(t.Context(), first, s, nil); scene.CodeOf(err) != scene.Conflict {
			t.Errorf("a move onto other rows: %v", err)
		}
	}
}

// TestMoveCutOff leaves nothing behind and can be run again.
func TestMoveCutOff(t *testing.T) {
	t.Parallel()
	from, to := small(t), large(t, testkit.Postgres(t))
	populate(t, from)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := archive.Move(ctx, from, to, func(done, total int) {
		if done > total/3 {
			cancel()
		}
	})
	if scene.CodeOf(err) != scene.Unavailable {
		t.Fatalf("a move whose context ended: %v", err)
	}
	if m, err := archive.Move(t.Context(), from, to, nil); err != nil || m.There {
		t.Errorf("run again: %+v, %v", m, err)
	}
	expectSame(t, "rows", everyRow(t, to), everyRow(t, from))
}

func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	server := testkit.StartPostgres(t)
	for name, pair := range map[string][2]store.Store{
		"SQLiteToSQLite":     {small(t), small(t)},
		"SQLiteToPostgres":   {small(t), large(t, server.Database(t))},
		"PostgresToSQLite":   {large(t, server.Database(t)), small(t)},
		"PostgresToPostgres": {large(t, server.Database(t)), large(t, server.Database(t))},
	} {
		t.Run(name, func(t *testing.T) { //nolint:paralleltest // the stores belong to the test around
			from, to := pair[0], pair[1]
			populate(t, from)
			file := backup(t, from)
			h, err := archive.Restore(t.Context(), opener(file), to, nil)
			if err != nil || h.Rows() == 0 || h.Program != "v1" {
				t.Fatalf("Restore: %+v, %v", h, err)
			}
			expectSame(t, "rows", everyRow(t, to), everyRow(t, from))
			if _, err := archive.Restore(t.Context(), opener(file), to, nil); scene.CodeOf(err) != scene.Conflict {
				t.Errorf("Restore onto rows: %v", err)
			}
		})
	}
}

func backup(t *testing.T, s store.Store) []byte {
	t.Helper()
	var file bytes.Buffer
	if _, err := archive.Write(t.Context(), &file, s, "v1", time.Unix(0, 0), nil); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func opener(file []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(file)), nil }
}

// TestBackupIsOneSnapshot writes while the backup is read.
func TestBackupIsOneSnapshot(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]store.Store{"SQLite": small(t), "Postgres": large(t, testkit.Postgres(t))} {
		populate(t, s)
		var file bytes.Buffer
		wrote := false
		_, err := archive.Write(t.Context(), &file, s, "v1", time.Unix(0, 0), func(int, int) {
			if wrote {
				return
			}
			wrote = true
			err := s.Update(t.Context(), func(tx store.Tx) error {
				if err := tx.Capabilities().Delete(t.Context(), "cap-01099"); err != nil {
					return err
				}
				return tx.Settings().Put(t.Context(), "late", []byte("x"))
			})
			if err != nil {
				t.Errorf("%s: a writer beside the backup: %v", name, err)
			}
		})
		if err != nil || !wrote {
			t.Fatalf("%s: %v, wrote %v", name, err, wrote)
		}
		to := small(t)
		if _, err := archive.Restore(t.Context(), opener(file.Bytes()), to, nil); err != nil {
			t.Fatal(err)
		}
		everyRow(t, to) // as many as there were before
	}
}

func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	s := small(t)
	populate(t, s)
	file := backup(t, s)
	if _, err := archive.Verify(t.Context(), bytes.NewReader(file)); err != nil {
		t.Fatalf("a whole file: %v", err)
	}
	flipped := bytes.Clone(file)
	flipped[len(file)/2] ^= 1
	for name, bad := range map[string]struct {
		file []byte
		key  string
	}{
		"Empty": {nil, "archive.foreign"}, "Other": {[]byte("PK\x03\x04 a workbook"), "archive.foreign"},
		"CutOff": {file[:len(file)*2/3], "archive.damaged"}, "CutInTheSum": {file[:len(file)-4], "archive.damaged"},
		"Flipped": {flipped, "archive.damaged"}, "Reference": {elsewhere(t, file), "archive.damaged"}, "Longer": {append(bytes.Clone(file), "more"...), "archive.damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := archive.Verify(t.Context(), bytes.NewReader(bad.file))
			expectKey(t, err, bad.key)
			to := small(t)
			_, err = archive.Restore(t.Context(), opener(bad.file), to, nil)
			expectKey(t, err, bad.key)
			if _, err := archive.Restore(t.Context(), opener(file), to, nil); err != nil {
				t.Errorf("a bad file left something behind: %v", err)
			}
		})
	}
}

// elsewhere is a file whose rows refer to an organisation that is not in it.
func elsewhere(t *testing.T, file []byte) []byte {
	t.Helper()
	in, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	at := bytes.LastIndex(plain, []byte(`"org-1"`))
	for _, part := range [][]byte{plain[:at], []byte(`"org-0"`), plain[at+len(`"org-1"`):]} {
		if _, err := w.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func expectKey(t *testing.T, err error, key string) {
	t.Helper()
	if e, ok := errors.AsType[*scene.Error](err); !ok || e.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

func TestSeal(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	text := []byte("the rows of a city")
	for name, test := range map[string]struct {
		seal archive.Seal
		keys archive.Keys
		key  string // of the error, empty for none
	}{
		"Open":            {archive.Seal{}, archive.Keys{}, ""},
		"Recipient":       {archive.Seal{Recipients: []string{identity.Recipient().String()}}, archive.Keys{Identities: identity.String()}, ""},
		"Passphrase":      {archive.Seal{Passphrase: "a long phrase"}, archive.Keys{Passphrase: "a long phrase"}, ""},
		"NoKey":           {archive.Seal{Passphrase: "a long phrase"}, archive.Keys{}, "archive.key_missing"},
		"WrongPassphrase": {archive.Seal{Passphrase: "a long phrase"}, archive.Keys{Passphrase: "another"}, "archive.key_wrong"},
		"WrongIdentity":   {archive.Seal{Recipients: []string{identity.Recipient().String()}}, archive.Keys{Identities: other.String()}, "archive.key_wrong"},
		"NoIdentity":      {archive.Seal{Recipients: []string{identity.Recipient().String()}}, archive.Keys{Identities: "secret"}, "archive.identity"},
		"NoRecipient":     {archive.Seal{Recipients: []string{"age1nobody"}}, archive.Keys{}, "archive.recipient"},
		"Both":            {archive.Seal{Recipients: []string{identity.Recipient().String()}, Passphrase: "x"}, archive.Keys{}, "archive.one_seal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := sealAndOpen(test.seal, test.keys, text)
			if test.key != "" {
				expectKey(t, err, test.key)
				return
			}
			if err != nil || !bytes.Equal(got, text) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func sealAndOpen(s archive.Seal, k archive.Keys, text []byte) ([]byte, error) {
	var file bytes.Buffer
	w, err := s.Writer(&file)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if (len(s.Recipients) > 0 || s.Passphrase != "") && bytes.Contains(file.Bytes(), text) {
		return nil, errors.New("the text can be read in the file")
	}
	r, err := k.Reader(&file)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// FuzzVerify reads whatever it is given without a panic, and takes only what
// has the sums that it says.
func FuzzVerify(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x1f\x8b"))
	s, err := sqlite.Open(f.Context(), filepath.Join(f.TempDir(), "city.db"), sqlite.Options{})
	if err != nil {
		f.Fatal(err)
	}
	defer s.Close()
	var file bytes.Buffer
	if _, err := archive.Write(f.Context(), &file, s, "v1", time.Unix(0, 0), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := archive.Verify(t.Context(), bytes.NewReader(data))
		if err == nil && h.Format == "" {
			t.Error("a file without a header passed")
		}
	})
}
