package portal

import (
	"testing"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

func TestShelf(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	s := &shelf{views: map[locale.Lang]keptHome{}}
	if _, ok := s.get(locale.Zh, at); ok {
		t.Error("an empty shelf gives a page")
	}
	s.put(locale.Zh, ui.Home{Needs: 7}, at)
	for name, tt := range map[string]struct {
		lang locale.Lang
		at   time.Time
		want bool
	}{
		"Now": {locale.Zh, at, true}, "Later": {locale.Zh, at.Add(homeKept - 1), true}, "TooLate": {locale.Zh, at.Add(homeKept), false},
		"ClockBack": {locale.Zh, at.Add(-time.Second), false}, "OtherLanguage": {locale.En, at, false},
	} {
		if view, ok := s.get(tt.lang, tt.at); ok != tt.want || ok && view.Needs != 7 {
			t.Errorf("%s: %v, %d needs", name, ok, view.Needs)
		}
	}
}

func TestVaried(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	row := func(field string, days int, words ...string) *scene.Listing {
		l := &scene.Listing{Updated: day.AddDate(0, 0, -days), Keywords: words}
		if field != "" {
			l.Fields = []string{field}
		}
		return l
	}
	rows := []*scene.Listing{
		row("", 0), row("a", 0, "x"), row("a", 0, "x"), row("b", 0, "x"), row("c", 0), row("d", 1, "x"),
	}
	got := varied(rows, 5)
	want := []int{1, 3, 2, 0, 4} // a, b, a again, then the thin ones; yesterday's has no place
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}
