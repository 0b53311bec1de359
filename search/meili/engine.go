package meili

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"jinghe/search"
	"jinghe/search/lexicon"
)

// Options say where the server is and how long it may take.
type Options struct {
	URL string // http://host:7700, required
	Key string // of the server; empty where it asks for none
	// Prefix begins the names of the server's indexes, so that a key can be
	// limited to them. Empty means DefaultPrefix.
	Prefix string
	// Lexicon analyses texts until Relex gives another; required.
	Lexicon *lexicon.Lexicon
	// Now is the clock; required.
	Now func() time.Time
	// ReadTimeout bounds one question to the server, 0 means 3 s; WriteTimeout
	// bounds one change until it can be seen, 0 means 2 min.
	ReadTimeout, WriteTimeout time.Duration
	// Lost, if not nil, is told when the server no longer had an index and it
	// was made anew, empty. It must not call the engine.
	Lost func(index string)
	// Embedder, if not nil, adds meaning to Candidates, see [Embedder].
	Embedder *Embedder
}

// DefaultPrefix begins the names of indexes where Options name no other.
const DefaultPrefix = "jinghe_"

const (
	defaultRead  = 3 * time.Second
	defaultWrite = 2 * time.Minute
)

// Engine holds indexes of one server. It is safe for concurrent use.
type Engine struct {
	o      Options
	client meilisearch.ServiceManager
	fit    atomic.Bool // the server answered once, and is new enough
	pause  pause

	mu      sync.Mutex
	indexes map[string]*Index
	closed  bool
}

var (
	_ search.Engine = (*Engine)(nil)
	_ search.Index  = (*Index)(nil)
	_ search.Lister = (*Index)(nil)
)

// New returns an engine. The server is not asked before it is needed; [Engine.Check] asks.
func New(o Options) *Engine {
	if o.Prefix == "" {
		o.Prefix = DefaultPrefix
	}
	if o.ReadTimeout == 0 {
		o.ReadTimeout = defaultRead
	}
	if o.WriteTimeout == 0 {
		o.WriteTimeout = defaultWrite
	}
	// The client's own has no time-out at all; each call has a shorter one of its context.
	transport := &http.Transport{MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute}
	client := meilisearch.New(o.URL, meilisearch.WithAPIKey(o.Key), meilisearch.DisableRetries(),
		meilisearch.WithCustomClient(&http.Client{Transport: transport, Timeout: o.ReadTimeout + o.WriteTimeout}))
	return &Engine{o: o, client: client, indexes: make(map[string]*Index)}
}

// Open returns the index of that name. It answers also while the server is
// away, which the index then says when it is used.
func (e *Engine) Open(ctx context.Context, name string, s search.Schema) (search.Index, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := s.Check(); err != nil {
		return nil, err
	}
	if !isName(name) {
		return nil, search.Invalidf("index name %q is not of letters, digits, - and _", name)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, errClosed()
	}
	if ix := e.indexes[name]; ix != nil && !ix.closed.Load() {
		if !ix.schema.Equal(s) {
			return nil, search.Invalidf("index %q is open with another schema", name)
		}
		return ix, nil
	}
	ix := newIndex(e, name, s)
	e.indexes[name] = ix
	return ix, nil
}

// Close closes every index opened; what the server holds stays. Closing twice is harmless.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	for _, ix := range e.indexes {
		ix.closed.Store(true)
	}
	return nil
}

// Drop deletes the indexes opened from the server, with all they hold.
func (e *Engine) Drop(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ix := range e.indexes {
		if err := e.drop(ctx, ix.uid); err != nil {
			return err
		}
		ix.ready.Store(false)
	}
	return nil
}

func isName(name string) bool {
	return name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

func errClosed() error { return &search.Error{Kind: search.Closed, Detail: "the index is closed"} }
