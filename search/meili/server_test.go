package meili_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"jinghe/search"
	"jinghe/search/lexicon"
	"jinghe/search/meili"
)

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func options(t testing.TB, address string) (meili.Options, *clock) {
	t.Helper()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{now: time.Unix(1e9, 0)}
	return meili.Options{URL: address, Lexicon: lex, Now: c.read}, c
}

func open(t testing.TB, o meili.Options) search.Index {
	t.Helper()
	ix, err := meili.New(o).Open(t.Context(), "all", search.Schema{Text: []search.TextField{{Name: "name", Weight: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

func wantProblem(t *testing.T, err error, want meili.Problem) {
	t.Helper()
	var e *search.Error
	var server *meili.ServerError
	if !errors.As(err, &e) || e.Kind != search.Unavailable || !errors.As(err, &server) || server.Problem != want {
		t.Errorf("error %v, want unavailable by %s", err, want)
	}
}

// TestProblems tells apart what keeps a server from being used.
func TestProblems(t *testing.T) {
	t.Parallel()
	hangs := make(chan struct{})
	handlers := map[meili.Problem]http.Handler{
		meili.KeyRefused: &fake{version: "1.50.0", refuses: true},
		meili.TooOld:     &fake{version: "1.13.3"},
		meili.NoServer:   http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>", http.StatusNotFound) }),
		meili.Away:       http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hangs }),
	}
	for want, handler := range handlers {
		t.Run(string(want), func(t *testing.T) {
			server := httptest.NewServer(handler)
			defer server.Close()
			if want == meili.Away {
				defer close(hangs)
			}
			o, _ := options(t, server.URL)
			o.ReadTimeout = 50 * time.Millisecond
			if want != meili.Away {
				o.ReadTimeout = time.Minute
			}
			_, err := meili.New(o).Check(t.Context())
			wantProblem(t, err, want)
			if text := fmt.Sprint(err); want == meili.NoServer && len(text) > 200 {
				t.Errorf("a line of a log is %d bytes long: %s", len(text), text)
			}
			_, err = open(t, o).Search(t.Context(), search.Query{Text: "水"})
			wantProblem(t, err, want)
		})
	}
	o, _ := options(t, "http://127.0.0.1:1") // nobody's
	_, err := meili.New(o).Check(t.Context())
	wantProblem(t, err, meili.Away)
}

func TestCheck(t *testing.T) {
	t.Parallel()
	f, o, _ := faked(t)
	got, err := meili.New(o).Check(t.Context())
	if err != nil || got != (meili.Server{Version: "1.50.0", Unlimited: true}) {
		t.Errorf("server %+v, error %v, want one that asks for no key", got, err)
	}
	o.Key = "for some indexes"
	if got, err = meili.New(o).Check(t.Context()); err != nil || got.Unlimited {
		t.Errorf("server %+v, error %v, want a limited key", got, err)
	}
	f.set(func(f *fake) { f.limits = true })
	if got, err = meili.New(o).Check(t.Context()); err != nil || got != (meili.Server{}) {
		t.Errorf("server %+v, error %v, want one whose version the key may not ask for", got, err)
	}
}

// TestAwayIsAnsweredAtOnce spares those who wait a second time-out.
func TestAwayIsAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	f := &fake{version: "1.50.0"}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/multi-search" {
			f.set(func(f *fake) { f.asked++ })
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		f.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	o, now := options(t, server.URL)
	ix := open(t, o)
	look := func() int {
		f.set(func(f *fake) { f.asked = 0 })
		_, err := ix.Search(t.Context(), search.Query{})
		wantProblem(t, err, meili.Away)
		var n int
		f.set(func(f *fake) { n = f.asked })
		return n
	}
	if n := look(); n == 0 {
		t.Error("the first search did not ask")
	}
	if n := look(); n != 0 {
		t.Errorf("a search right after asked %d times", n)
	}
	now.move(2 * time.Second)
	if n := look(); n == 0 {
		t.Error("two seconds later nobody asked")
	}
}

// TestLostIndexIsMadeAnew tells the owner, who has the documents.
func TestLostIndexIsMadeAnew(t *testing.T) {
	t.Parallel()
	f, o, _ := faked(t)
	var lost []string
	o.Lost = func(index string) { lost = append(lost, index) }
	ix := open(t, o)
	if _, err := ix.Search(t.Context(), search.Query{}); err != nil || f.made != 1 || len(lost) != 0 {
		t.Fatalf("first search: error %v, index made %d times, told lost %v", err, f.made, lost)
	}
	f.set(func(f *fake) { f.has = false })
	_, err := ix.Search(t.Context(), search.Query{})
	wantProblem(t, err, meili.Failed)
	if f.made != 2 || len(lost) != 1 {
		t.Errorf("right after the loss: index made %d times, told lost %v", f.made, lost)
	}
	if _, err := ix.Search(t.Context(), search.Query{}); err != nil || f.made != 2 || len(lost) != 1 || lost[0] != "all" {
		t.Errorf("after the loss: error %v, index made %d times, told lost %v", err, f.made, lost)
	}
}

// TestSameIsNotGivenAgain: a start gives every document, and of several processes each
// gives what changed; the server gets what it does not have.
func TestSameIsNotGivenAgain(t *testing.T) {
	t.Parallel()
	f, o, _ := faked(t)
	ix := open(t, o)
	doc := func(id, name string) search.Document {
		return search.Document{ID: id, Text: map[string]string{"name": name}}
	}
	for _, step := range []struct {
		puts []search.Document
		want int
	}{
		{[]search.Document{doc("a", "水"), doc("b", "电")}, 2},
		{[]search.Document{doc("a", "水"), doc("b", "电")}, 0},
		{[]search.Document{doc("a", "水"), doc("b", "燃气"), doc("c", "路灯")}, 2},
		{[]search.Document{doc("b", "电"), doc("b", "燃气")}, 0},
	} {
		f.set(func(f *fake) { f.given = 0 })
		if err := ix.Apply(t.Context(), step.puts, nil); err != nil || f.given != step.want {
			t.Errorf("%v: %d given, error %v, want %d", step.puts, f.given, err, step.want)
		}
	}
}

// TestCopyIsGivenWhatIsThere: a copy under way may have read a document before another
// process gave it: what the index holds already is given to the copy all the same.
func TestCopyIsGivenWhatIsThere(t *testing.T) {
	t.Parallel()
	f, o, _ := faked(t)
	ix := open(t, o)
	put := func() {
		if err := ix.Apply(t.Context(), []search.Document{{ID: "a", Text: map[string]string{"name": "水"}}}, nil); err != nil {
			t.Error(err)
		}
	}
	put()
	f.set(func(f *fake) {
		f.meanwhile = map[string]func(*http.Request){"/documents/fetch": func(*http.Request) { put() }}
	})
	if err := ix.Relex(t.Context(), o.Lexicon); err != nil {
		t.Fatal(err)
	}
	if f.given != 1 || f.copied != 1 {
		t.Errorf("the index was given %d times and the copy %d times, want once each", f.given, f.copied)
	}
}

// TestUnseenChangeIsDoubted: a change whose end was not awaited may still be carried out,
// whatever the server holds now.
func TestUnseenChangeIsDoubted(t *testing.T) {
	t.Parallel()
	f, o, _ := faked(t)
	ix := open(t, o)
	old := []search.Document{{ID: "a", Text: map[string]string{"name": "水"}}}
	if err := ix.Apply(t.Context(), old, nil); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	f.set(func(f *fake) {
		f.meanwhile = map[string]func(*http.Request){"/tasks/1": func(r *http.Request) { cancel(); <-r.Context().Done() }}
	})
	if err := ix.Apply(ctx, nil, []string{"a"}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for i, want := range []int{1, 0} {
		f.set(func(f *fake) { f.given = 0 })
		if err := ix.Apply(t.Context(), old, nil); err != nil || f.given != want {
			t.Errorf("time %d: %d given, %v, want %d", i, f.given, err, want)
		}
	}
}

// TestWithoutVectorsIsGivenAgain: what was given while the embedder failed is given again.
func TestWithoutVectorsIsGivenAgain(t *testing.T) {
	t.Parallel()
	f, o, _ := faked(t)
	fails := true
	o.Embedder = &meili.Embedder{Name: "small", Dimensions: 1, Embed: func(context.Context, []string) ([][]float32, error) {
		if fails {
			return nil, errors.New("away")
		}
		return [][]float32{{1}}, nil
	}}
	ix := open(t, o)
	for i, want := range []int{1, 1, 0} {
		fails = i == 0
		f.set(func(f *fake) { f.given = 0 })
		err := ix.Apply(t.Context(), []search.Document{{ID: "a", Text: map[string]string{"name": "水"}}}, nil)
		if err != nil || f.given != want {
			t.Errorf("time %d: %d given, %v, want %d", i, f.given, err, want)
		}
	}
}

// TestFrequenciesAreRemembered: a search asks for those of its terms once a minute, and
// anew for those that no document had before one came that may have them.
func TestFrequenciesAreRemembered(t *testing.T) {
	t.Parallel()
	f, o, now := faked(t)
	ix := open(t, o)
	put := func(id, name string) func() {
		return func() {
			if err := ix.Apply(t.Context(), []search.Document{{ID: id, Text: map[string]string{"name": name}}}, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	put("a", "水务")()
	for _, step := range []struct {
		after string
		do    func()
		asks  bool
	}{
		{"nothing", func() {}, true},
		{"a search", func() {}, false},
		{"a document without the word", put("b", "路灯"), false},
		{"one that has it", put("c", "水务监测"), true},
		{"a new index meanwhile", func() {
			now.move(2 * time.Minute)
			f.set(func(f *fake) {
				f.meanwhile = map[string]func(*http.Request){"/multi-search": func(*http.Request) {
					if err := ix.Relex(t.Context(), o.Lexicon); err != nil {
						t.Error(err)
					}
				}}
			})
		}, true},
		{"what was asked of the one before", func() {}, true},
		{"half a minute", func() { now.move(30 * time.Second) }, false},
		{"more than one", func() { now.move(40 * time.Second) }, true},
	} {
		step.do()
		f.set(func(f *fake) { f.searches = 0 })
		if _, err := ix.Search(t.Context(), search.Query{Text: "水务"}); err != nil {
			t.Fatal(err)
		}
		if asks := f.searches > 2; asks != step.asks {
			t.Errorf("after %s: %d queries, want frequencies asked for: %t", step.after, f.searches, step.asks)
		}
	}
}

func TestFailedTask(t *testing.T) {
	t.Parallel()
	f, o, _ := faked(t)
	ix := open(t, o)
	if _, err := ix.Search(t.Context(), search.Query{}); err != nil {
		t.Fatal(err)
	}
	f.set(func(f *fake) { f.fails = true })
	err := ix.Apply(t.Context(), []search.Document{{ID: "a", Text: map[string]string{"name": "水"}}}, nil)
	wantProblem(t, err, meili.Failed)
	if err == nil || !strings.Contains(err.Error(), "no room") {
		t.Errorf("error %v does not say what the server said", err)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	hangs := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hangs }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(hangs) })
	o, _ := options(t, server.URL)
	ix := open(t, o)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := ix.Search(ctx, search.Query{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want that of the caller's own deadline", err)
	}
}
