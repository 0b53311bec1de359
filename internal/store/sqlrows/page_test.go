package sqlrows

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

func TestCursorRoundTrip(t *testing.T) {
	t.Parallel()
	for _, c := range []cursor{{0, ""}, {0, "01J"}, {-62135596800000000, "a.b.c"}, {1<<63 - 1, "景合"}} {
		for _, o := range []order{byID, byNewest, byBegan, byPlace} {
			got, ok := parseCursor(c.String(o), o)
			if !ok || got != c {
				t.Errorf("%v in order %s came back as %v, %t", c, o, got, ok)
			}
			if _, ok := parseCursor(c.String(o), "x"); ok {
				t.Errorf("a cursor of order %s was taken for another", o)
			}
		}
	}
}

// FuzzCursor checks that what a client sends is read only if it could have
// been written, and never breaks a query.
func FuzzCursor(f *testing.F) {
	f.Add(cursor{42, "01J"}.String(byNewest))
	f.Add("bm9uc2Vuc2U")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		c, ok := parseCursor(s, byNewest)
		if !ok {
			return
		}
		if again, ok := parseCursor(c.String(byNewest), byNewest); !ok || again != c {
			t.Errorf("%q was read as %v, which is read as %v", s, c, again)
		}
		if strings.ContainsRune(c.id, 0) {
			t.Errorf("%q brings a NUL into a query", s)
		}
	})
}

func TestReadPage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		page  store.Page
		limit int
		key   string
	}{
		{store.Page{}, store.DefaultPage, ""},
		{store.Page{Limit: store.MaxPage}, store.MaxPage, ""},
		{store.Page{Limit: store.MaxPage + 1}, 0, "store.page_limit"},
		{store.Page{Limit: -1}, 0, "store.page_limit"},
		{store.Page{After: "?"}, 0, "store.cursor"},
		{store.Page{After: cursor{1, "a"}.String(byNewest)}, 0, "store.cursor"},
	} {
		limit, _, start, err := readPage(c.page, byID)
		key := ""
		if e, ok := errors.AsType[*scene.Error](err); ok {
			key = e.Key
		}
		if limit != c.limit || key != c.key || (key == "" && !start) {
			t.Errorf("%+v: limit %d, start %t, %v", c.page, limit, start, err)
		}
	}
}

func TestInListKeepsStatementsFew(t *testing.T) {
	t.Parallel()
	lengths := map[int]bool{}
	for n := range 600 {
		var seen []string
		values := make([]string, n)
		for i := range values {
			values[i] = strings.Repeat("x", i+1)
		}
		err := inList(values, func(list string, args []any) error {
			lengths[len(args)] = true
			if got := strings.Count(list, "$"); got != len(args) {
				t.Errorf("%d placeholders for %d arguments", got, len(args))
			}
			for _, a := range args {
				seen = append(seen, a.(string))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if seen = slices.Compact(seen); !slices.Equal(seen, values) {
			t.Fatalf("%d values came out as %d", n, len(seen))
		}
	}
	if len(lengths) != 9 { // 1, 2, 4 … 256
		t.Errorf("%d different statements", len(lengths))
	}
}

func TestInsertText(t *testing.T) {
	t.Parallel()
	const want = "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)"
	if got := insertText("t", []string{"a", "b"}, 2); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
