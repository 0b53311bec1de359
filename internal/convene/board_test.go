package convene

import (
	"context"
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store/sqlite"
)

// TestUnknownFairsAreForgotten: who names fairs that are not there leaves nothing
// in memory, whether he reads or writes.
func TestUnknownFairsAreForgotten(t *testing.T) {
	t.Parallel()
	rows, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "rows.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC) }
	s := New(Config{Store: rows, IDs: scene.NewIDMaker(now, rand.Reader), Now: now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() {
		s.Close()
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	})
	by := scene.Actor{ID: "s", Roles: []scene.Role{scene.RoleSteward}}
	form := PartyForm{Name: "甲公司", Delegates: []scene.Delegate{{Name: "张工"}}}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, try := range map[string]func() error{
		"Join":  func() error { _, err := s.Join(t.Context(), by, "nowhere-1", "", form); return err },
		"Delay": func() error { _, err := s.Delay(t.Context(), by, "nowhere-2", 5); return err },
		"Board": func() error { _, err := s.Board(t.Context(), "nowhere-3"); return err },
		"Ended": func() error { _, err := s.Board(gone, "nowhere-4"); return err },
	} {
		if err := try(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if len(s.boards) != 0 {
		t.Errorf("%d boards are kept of fairs that are not there", len(s.boards))
	}
}

// TestPartiesIn: a name that holds a word which also stands between names is found.
func TestPartiesIn(t *testing.T) {
	t.Parallel()
	parties := []scene.FairParty{{ID: "1", Name: "和利时"}, {ID: "2", Name: "Xylem"}, {ID: "3", Name: "甲公司"}, {ID: "4", Name: "乙局"}}
	for text, want := range map[string]string{
		"甲公司 × 乙局": "34", "甲公司 x 乙局": "34", "甲公司与乙局": "34", "和利时 × 乙局": "14", "Xylem、甲公司": "23", "和利时": "1", "丙公司": "",
	} {
		got := ""
		for _, id := range partiesIn(parties, text) {
			got += string(id)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
