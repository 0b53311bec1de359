package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// reservoir is a table of capabilities that are made when they are read, and
// notes how far the writing was behind the reading.
type reservoir struct {
	rows    int
	breaks  int // the row at which reading fails; 0 is none
	taken   *counter
	ahead   int // most rows that were read and not written
	heap    uint64
	deepest uint64 // most bytes of the heap that lived when a page was asked for
}

// counter counts items, one a line, and throws away what is written to it.
type counter struct{ items, bytes int }

func (c *counter) Write(b []byte) (int, error) {
	c.items += bytes.Count(b, []byte("\n"))
	c.bytes += len(b)
	return len(b), nil
}

func (r *reservoir) read(_ context.Context, _ store.ListingFilter, p store.Page) (out store.Rows[scene.Capability], err error) {
	from, _ := strconv.Atoi(p.After)
	r.ahead = max(r.ahead, from-r.taken.items)
	if from%10_000 == 0 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		if r.heap == 0 {
			r.heap = m.HeapAlloc
		}
		r.deepest = max(r.deepest, m.HeapAlloc)
	}
	for n := from; n < min(from+p.Limit, r.rows); n++ {
		if r.breaks > 0 && n >= r.breaks {
			return out, errors.New("the table is away")
		}
		c := scene.Capability{Description: strings.Repeat("光纤监测", 100)}
		c.ID, c.Name, c.State = scene.ID(strconv.Itoa(n)), "能力"+strconv.Itoa(n), scene.Published
		out.Items = append(out.Items, c)
	}
	if from+p.Limit < r.rows {
		out.Next = strconv.Itoa(from + p.Limit)
	}
	return out, nil
}

func (r *reservoir) document(ctx context.Context) (*poured, error) {
	return openData(ctx, &API{Config: Config{Now: time.Now, Source: "中心"}}, scene.KindCapability, "capabilities", r.read, capabilityOf)
}

// TestPourHoldsAPage: 50,000 entries, more than 60 MB, are written while they are
// read: never more than a page and what a buffer holds is ahead, and the heap
// does not grow with them.
func TestPourHoldsAPage(t *testing.T) { //nolint:paralleltest // it looks at the heap
	r := &reservoir{rows: 50_000, taken: &counter{}}
	p, err := r.document(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.write(t.Context(), r.taken); err != nil {
		t.Fatal(err)
	}
	if r.taken.items != r.rows+1 || r.taken.bytes < 60<<20 || r.ahead > 2*perPour {
		t.Errorf("%d items in %d bytes, %d ahead", r.taken.items, r.taken.bytes, r.ahead)
	}
	if grown := int64(r.deepest) - int64(r.heap); grown > 8<<20 {
		t.Errorf("the heap grew by %d KiB", grown>>10)
	}
}

// TestPour: the document is whole and of the promised form; HEAD has its head
// alone; what breaks off is cut off, and what fails at once is a problem.
func TestPour(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rows, breaks int
		code         int // 0: cut off
	}{
		"None": {0, 0, http.StatusOK}, "Some": {3, 0, http.StatusOK}, "Pages": {2*perPour + 1, 0, http.StatusOK},
		"Broken": {2 * perPour, perPour + 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &reservoir{rows: tt.rows, breaks: tt.breaks, taken: &counter{}}
			e := echo.New()
			a := &API{Config: Config{Log: slog.New(slog.DiscardHandler)}, huma: humaecho.New(e, huma.DefaultConfig("test", "1"))}
			pour[OpenData[Capability]](a, operation{id: "all", path: "/open-data/all"}, r.document)
			server := httptest.NewServer(e)
			defer server.Close()
			ask := func(method string) (int, http.Header, []byte, error) {
				q, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/open-data/all", nil)
				if err != nil {
					t.Fatal(err)
				}
				w, err := http.DefaultClient.Do(q)
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = w.Body.Close() }()
				body, err := io.ReadAll(w.Body)
				return w.StatusCode, w.Header, body, err
			}
			status, _, body, err := ask(http.MethodGet)
			if tt.code == 0 {
				if err == nil {
					t.Errorf("half a list ended as if it were whole: %d bytes", len(body))
				}
				return
			}
			var doc OpenData[Capability]
			if err != nil || status != tt.code || json.Unmarshal(body, &doc) != nil || doc.Count != tt.rows || len(doc.Items) != tt.rows || doc.Source != "中心" || doc.Items == nil {
				t.Errorf("%d, %v: %.300s", status, err, body)
			}
			if status, head, body, err := ask(http.MethodHead); err != nil || status != tt.code || len(body) > 0 || !strings.Contains(head.Get("Content-Disposition"), ".json") {
				t.Errorf("HEAD: %d %v %v", status, head, err)
			}
		})
	}
	failing := func(context.Context, store.ListingFilter, store.Page) (store.Rows[scene.Capability], error) {
		return store.Rows[scene.Capability]{}, &scene.Error{Code: scene.Unavailable}
	}
	if _, err := openData(t.Context(), &API{Config: Config{Now: time.Now}}, scene.KindCapability, "x", failing, capabilityOf); scene.CodeOf(err) != scene.Unavailable {
		t.Errorf("a table that is away: %v", err)
	}
}
