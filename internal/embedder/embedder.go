// Package embedder asks an outside model, behind an endpoint of the kind that
// OpenAI made common (POST …/embeddings), to place texts in a space. Answers
// are kept in a file, so that a text is asked for once.
//
// It stands on the third floor. It is off unless an address is configured, and
// everything above goes on without it: a failure is an error to who asked, and
// after three in a row nobody is asked for a while.
package embedder

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"jinghe/internal/scene"
)

// Config names the endpoint.
type Config struct {
	URL        string // of the API, with or without /embeddings at its end
	Model      string
	Key        string // sent as a bearer token; empty sends none
	Dimensions int    // asked for and expected; 0 takes what the model gives
	Dir        string // where answers are kept
	Timeout    time.Duration
	Now        func() time.Time
	Client     *http.Client // nil: one of its own
}

const (
	batchTexts  = 64
	maxRunes    = 2000     // of a text; models read some hundred words
	maxAnswer   = 64 << 20 // bytes
	patience    = 20 * time.Second
	failures    = 3 // in a row, until nobody is asked for a while
	firstPause  = time.Minute
	longestWait = 15 * time.Minute
)

// Embedder asks one model. It is safe for concurrent use; one question is
// under way at a time.
type Embedder struct {
	cfg   Config
	url   string
	http  *http.Client
	mu    sync.Mutex // one question at a time, and all below
	cache *cache

	state   sync.Mutex // guards what follows, for who only looks
	failed  int        // in a row
	until   time.Time  // nobody is asked before
	pause   time.Duration
	lastErr error
}

// New checks the configuration and opens the file of answers. It asks nothing.
// An address that is none, or a missing model, is Invalid.
func New(cfg Config) (*Embedder, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || cfg.Model == "" || cfg.Dimensions < 0 {
		return nil, &scene.Error{Code: scene.Invalid, Op: "embedder.New", Key: "embedder.config"}
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = patience
	}
	if !strings.HasSuffix(u.Path, "/embeddings") {
		u.Path = strings.TrimSuffix(u.Path, "/") + "/embeddings"
	}
	e := &Embedder{cfg: cfg, url: u.String(), http: cfg.Client, pause: firstPause}
	if e.http == nil {
		e.http = &http.Client{}
	}
	e.cache, err = openCache(cfg.Dir, e.url, cfg.Model, cfg.Dimensions)
	return e, scene.Wrap("embedder.New", err)
}

// Close closes the file of answers.
func (e *Embedder) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.http.CloseIdleConnections()
	return scene.Wrap("embedder.Close", e.cache.close())
}

// Check returns why the model is away, nil where it answered the last time or
// was not asked yet.
func (e *Embedder) Check(context.Context) error {
	e.state.Lock()
	defer e.state.Unlock()
	if e.lastErr == nil {
		return nil
	}
	return &scene.Error{Code: scene.Unavailable, Op: "embedder", Key: "embedder.away", Args: map[string]any{"reason": e.lastErr.Error()}}
}

// Embed returns a vector for each text, all of one length, in their order.
// What an earlier question answered is not asked for again; what a batch
// answered is kept also when a later one fails. Errors are Unavailable, or the
// context's.
func (e *Embedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([][]float32, len(texts))
	missing := map[string][]int{}
	var order []string
	for i, t := range texts {
		t = shortened(t)
		if v, ok := e.cache.get(t); ok {
			out[i] = v
			continue
		}
		if missing[t] == nil {
			order = append(order, t)
		}
		missing[t] = append(missing[t], i)
	}
	for from := 0; from < len(order); from += batchTexts {
		part := order[from:min(from+batchTexts, len(order))]
		vectors, err := e.guarded(ctx, part)
		if err != nil {
			return nil, err
		}
		for n, t := range part {
			for _, i := range missing[t] {
				out[i] = vectors[n]
			}
		}
		if err := e.cache.put(part, vectors); err != nil {
			return nil, scene.Wrap("embedder.Embed", err)
		}
	}
	return out, nil
}

func shortened(s string) string {
	if utf8.RuneCountInString(s) <= maxRunes {
		return s
	}
	return string([]rune(s)[:maxRunes])
}

// guarded asks, unless the model failed too often of late.
func (e *Embedder) guarded(ctx context.Context, texts []string) ([][]float32, error) {
	e.state.Lock()
	wait := e.cfg.Now().Before(e.until)
	e.state.Unlock()
	if wait {
		return nil, e.Check(ctx)
	}
	vectors, err := e.ask(ctx, texts)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err() // who asked left: that says nothing of the model
	}
	e.state.Lock()
	e.lastErr = err
	if err == nil {
		e.failed, e.pause = 0, firstPause
	} else if e.failed++; e.failed >= failures {
		e.until = e.cfg.Now().Add(e.pause)
		e.pause = min(2*e.pause, longestWait)
	}
	e.state.Unlock()
	if err != nil {
		return nil, e.Check(ctx)
	}
	return vectors, nil
}

type question struct {
	Model      string   `json:"model"`
	Input      []string `json:"input"`
	Dimensions int      `json:"dimensions,omitempty"`
}

type answer struct {
	Data []struct {
		Index     int       `json:"index"`
		Embedding []float32 `json:"embedding"`
	} `json:"data"`
}

func (e *Embedder) ask(ctx context.Context, texts []string) ([][]float32, error) {
	body, err := json.Marshal(question{e.cfg.Model, texts, e.cfg.Dimensions})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, e.cfg.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if e.cfg.Key != "" {
		r.Header.Set("Authorization", "Bearer "+e.cfg.Key)
	}
	response, err := e.http.Do(r)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err // the address may hold a secret
		}
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("HTTP %d", response.StatusCode)
	}
	var a answer
	if err := json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(&a); err != nil {
		return nil, errors.New("the answer is not the JSON that was expected")
	}
	return e.vectors(&a, len(texts))
}

// vectors checks an answer: one vector a text, of one length, finite, not all 0.
func (e *Embedder) vectors(a *answer, n int) ([][]float32, error) {
	out := make([][]float32, n)
	if len(a.Data) != n {
		return nil, fmt.Errorf("%d vectors for %d texts", len(a.Data), n)
	}
	want := e.cache.dim
	for _, d := range a.Data {
		if d.Index < 0 || d.Index >= n || out[d.Index] != nil {
			return nil, fmt.Errorf("index %d is out of place", d.Index)
		}
		if want == 0 {
			want = len(d.Embedding)
		}
		if len(d.Embedding) != want || want == 0 {
			return nil, fmt.Errorf("%d dimensions instead of %d", len(d.Embedding), want)
		}
		sum := 0.0
		for _, x := range d.Embedding {
			sum += float64(x) * float64(x)
		}
		if math.IsNaN(sum) || math.IsInf(sum, 0) || sum == 0 {
			return nil, errors.New("a vector without direction")
		}
		out[d.Index] = d.Embedding
	}
	return out, nil
}
