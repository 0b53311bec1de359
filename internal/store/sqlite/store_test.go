package sqlite_test

import (
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
	"jinghe/internal/store/storetest"
)

func TestMain(m *testing.M) {
	if crashChild() {
		return
	}
	goleak.VerifyTestMain(m)
}

func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return s
}

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) func() store.Store {
		path := filepath.Join(t.TempDir(), "城市 100%?#.db")
		return func() store.Store { return open(t, path) }
	})
}

// TestRecordIsAppendOnly: not even a statement of our own changes a line.
func TestRecordIsAppendOnly(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "city.db"))
	defer s.Close()
	if err := s.Exec(t.Context(), "INSERT INTO audit (id, at, actor, action, noun, row_id, body) VALUES ('a', 1, 'b', 'c', 'd', 'e', '{}')"); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"UPDATE audit SET actor = 'somebody else'", "DELETE FROM audit"} {
		if err := s.Exec(t.Context(), text); err == nil {
			t.Errorf("%s: done", text)
		}
	}
}
