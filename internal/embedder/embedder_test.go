package embedder_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jinghe/internal/embedder"
	"jinghe/internal/scene"
)

// model is a small server that answers as told.
type model struct {
	*httptest.Server
	asked atomic.Int32 // questions
	texts atomic.Int32
	how   atomic.Pointer[func(w http.ResponseWriter, r *http.Request, input []string)]
}

func newModel(t *testing.T) *model {
	t.Helper()
	m := &model{}
	m.answer(good(3))
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Model string
			Input []string
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.Model != "m" || r.URL.Path != "/v1/embeddings" || r.Header.Get("Authorization") != "Bearer secret" {
			http.Error(w, "bad question", http.StatusBadRequest)
			return
		}
		m.asked.Add(1)
		m.texts.Add(int32(len(q.Input)))
		(*m.how.Load())(w, r, q.Input)
	}))
	t.Cleanup(m.Close)
	return m
}

func (m *model) answer(how func(w http.ResponseWriter, r *http.Request, input []string)) {
	m.how.Store(&how)
}

// good answers with the length of each text in dim dimensions, last first.
func good(dim int) func(http.ResponseWriter, *http.Request, []string) {
	return func(w http.ResponseWriter, _ *http.Request, input []string) {
		type row struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		var rows []row
		for i := len(input) - 1; i >= 0; i-- {
			v := make([]float32, dim)
			v[0] = float32(len(input[i]))
			rows = append(rows, row{i, v})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"data": rows})
	}
}

func say(status int, body string) func(http.ResponseWriter, *http.Request, []string) {
	return func(w http.ResponseWriter, _ *http.Request, _ []string) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// clock is moved by hand.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time { return time.Unix(c.at.Load(), 0) }

func open(t *testing.T, m *model, dir string, change func(*embedder.Config)) (*embedder.Embedder, *clock) {
	t.Helper()
	c := &clock{}
	cfg := embedder.Config{URL: m.URL + "/v1", Model: "m", Key: "secret", Dir: dir, Now: c.now}
	if change != nil {
		change(&cfg)
	}
	e, err := embedder.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e, c
}

func texts(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = strings.Repeat("积", i+1)
	}
	return list
}

func TestEmbedAsksOnce(t *testing.T) {
	t.Parallel()
	m, dir := newModel(t), t.TempDir()
	e, _ := open(t, m, dir, nil)
	list := append(texts(150), texts(2)...)
	got, err := e.Embed(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got {
		if len(v) != 3 || int(v[0]) != len(list[i]) {
			t.Fatalf("text %d: %v", i, v)
		}
	}
	if m.asked.Load() != 3 || m.texts.Load() != 150 {
		t.Errorf("%d questions about %d texts, want 3 about 150", m.asked.Load(), m.texts.Load())
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	again, _ := open(t, m, dir, nil) // a restart
	got, err = again.Embed(t.Context(), list)
	if err != nil || int(got[149][0]) != 450 || m.asked.Load() != 3 {
		t.Errorf("after a restart: %v, %d questions, %v", got[149], m.asked.Load(), err)
	}
}

func TestEmbedTellsFailures(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]func(http.ResponseWriter, *http.Request, []string){
		"500":            say(500, "oops"),
		"NotJSON":        say(200, "<html>"),
		"Cut":            say(200, `{"data":[{"index":0,"emb`),
		"TooFew":         say(200, `{"data":[]}`),
		"IndexTwice":     say(200, `{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}`),
		"IndexAway":      say(200, `{"data":[{"index":0,"embedding":[1]},{"index":7,"embedding":[1]}]}`),
		"Ragged":         say(200, `{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1]}]}`),
		"Empty":          say(200, `{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[]}]}`),
		"NoDirection":    say(200, `{"data":[{"index":0,"embedding":[0]},{"index":1,"embedding":[0]}]}`),
		"WrongDimension": good(4),
		"Slow":           func(_ http.ResponseWriter, r *http.Request, _ []string) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newModel(t)
			m.answer(how)
			e, _ := open(t, m, t.TempDir(), func(c *embedder.Config) {
				c.Timeout = 5 * time.Second
				if name == "WrongDimension" {
					c.Dimensions = 3
				}
				if name == "Slow" {
					c.Timeout = 2 * time.Second // which it then comes back within
				}
			})
			if _, err := e.Embed(t.Context(), texts(2)); scene.CodeOf(err) != scene.Unavailable || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
			if e.Check(t.Context()) == nil {
				t.Error("that the model is away is not told")
			}
			m.answer(good(3))
			if _, err := e.Embed(t.Context(), texts(2)); err != nil || e.Check(t.Context()) != nil {
				t.Errorf("it does not come back: %v", err)
			}
		})
	}
}

func TestBreakerLeavesTheModelAlone(t *testing.T) {
	t.Parallel()
	m := newModel(t)
	m.answer(say(503, ""))
	e, c := open(t, m, t.TempDir(), nil)
	for range 10 {
		if _, err := e.Embed(t.Context(), texts(1)); scene.CodeOf(err) != scene.Unavailable {
			t.Fatal(err)
		}
	}
	if n := m.asked.Load(); n != 3 {
		t.Errorf("asked %d times, want 3", n)
	}
	c.at.Add(61)
	m.answer(good(3))
	if _, err := e.Embed(t.Context(), texts(1)); err != nil {
		t.Errorf("after the pause: %v", err)
	}
}

func TestMidBatchFailureKeepsWhatCame(t *testing.T) {
	t.Parallel()
	m := newModel(t)
	m.answer(func(w http.ResponseWriter, r *http.Request, input []string) {
		if m.asked.Load() == 2 {
			say(500, "")(w, r, input)
			return
		}
		good(3)(w, r, input)
	})
	e, _ := open(t, m, t.TempDir(), nil)
	if _, err := e.Embed(t.Context(), texts(130)); err == nil {
		t.Fatal("a lost batch is not told")
	}
	if _, err := e.Embed(t.Context(), texts(130)); err != nil {
		t.Fatal(err)
	}
	if n := m.texts.Load(); n != 64+64+66 {
		t.Errorf("%d texts were asked for, want those that came kept", n)
	}
}

func TestWhoLeavesIsNotAFailure(t *testing.T) {
	t.Parallel()
	m := newModel(t)
	e, _ := open(t, m, t.TempDir(), nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Embed(ctx, texts(1)); err == nil || e.Check(t.Context()) != nil {
		t.Errorf("cancelled: %v, %v", err, e.Check(t.Context()))
	}
}

func TestATornFileIsMended(t *testing.T) {
	t.Parallel()
	m, dir := newModel(t), t.TempDir()
	e, _ := open(t, m, dir, nil)
	if _, err := e.Embed(t.Context(), texts(5)); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.vectors"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	info, err := os.Stat(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(files[0], info.Size()-7); err != nil {
		t.Fatal(err)
	}
	again, _ := open(t, m, dir, nil)
	got, err := again.Embed(t.Context(), texts(5))
	if err != nil || int(got[4][0]) != 15 || m.texts.Load() != 6 {
		t.Errorf("%v, %d texts asked, %v", got, m.texts.Load(), err)
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []embedder.Config{{}, {URL: "ftp://x", Model: "m"}, {URL: "http://x"}, {URL: "http://x", Model: "m", Dimensions: -1}} {
		c.Dir = t.TempDir()
		if _, err := embedder.New(c); scene.CodeOf(err) != scene.Invalid {
			t.Errorf("%s: %v", fmt.Sprint(c.URL, c.Model), err)
		}
	}
}
