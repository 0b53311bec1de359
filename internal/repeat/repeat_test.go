package repeat_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jinghe/internal/repeat"
	"jinghe/internal/scene"
	"jinghe/internal/store/sqlite"
)

func TestRepeat(t *testing.T) {
	t.Parallel()
	rows, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "city.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rows.Close() })
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	s := repeat.New(rows, func() time.Time { return at })
	ctx := t.Context()
	r := repeat.Request{Caller: "a", Operation: "create", Key: "k", Digest: "d"}
	begin := func(r repeat.Request) (*scene.Answer, string) {
		kept, err := s.Begin(ctx, r)
		if e, ok := err.(*scene.Error); ok { //nolint:errorlint // as it is returned
			return kept, e.Key
		}
		return kept, ""
	}
	if kept, key := begin(r); kept != nil || key != "" {
		t.Fatalf("first: %v, %s", kept, key)
	}
	if _, key := begin(r); key != "repeat.running" {
		t.Errorf("while it runs: %s", key)
	}
	if err := s.Release(ctx, r); err != nil {
		t.Fatal(err)
	}
	if kept, key := begin(r); kept != nil || key != "" {
		t.Errorf("after it was refused: %v, %s", kept, key)
	}
	if err := s.Finish(ctx, r, 201, []string{"ETag", "1"}, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	other, stranger, elsewhere := r, r, r
	other.Digest, stranger.Caller, elsewhere.Operation = "e", "b", "submit"
	for name, tt := range map[string]struct {
		r      repeat.Request
		status int
		key    string
	}{
		"Again": {r, 201, ""}, "Other": {other, 0, "repeat.other"}, "Stranger": {stranger, 0, ""}, "Elsewhere": {elsewhere, 0, ""},
		"NoKey":   {repeat.Request{Caller: "a"}, 0, "repeat.key"},
		"LongKey": {repeat.Request{Caller: "a", Key: strings.Repeat("x", repeat.MaxKey+1)}, 0, "repeat.key"},
		"Break":   {repeat.Request{Caller: "a", Key: "a\nb"}, 0, "repeat.key"},
	} {
		kept, key := begin(tt.r)
		if key != tt.key || (kept != nil) != (tt.status != 0) || kept != nil && kept.Status != tt.status {
			t.Errorf("%s: %v, %q", name, kept, key)
		}
	}
	at = at.Add(repeat.Life + time.Second)
	if kept, key := begin(r); kept != nil || key != "" {
		t.Errorf("a day later: %v, %s", kept, key)
	}
}
