package embedded

import (
	"context"
	"errors"
	"sync"

	"jinghe/search"
	"jinghe/search/lexicon"
)

// Engine holds indexes in the memory of this process. Nothing is written to
// disk: the owner fills an index again at start, while it already answers. It
// is safe for concurrent use.
type Engine struct {
	lex     *lexicon.Lexicon
	mu      sync.Mutex
	indexes map[string]*Index
	closed  bool
}

var (
	_ search.Engine     = (*Engine)(nil)
	_ search.Index      = (*Index)(nil)
	_ search.Statistics = (*Index)(nil)
)

// New returns an engine without indexes. New indexes analyse with lex until
// they are given another by Relex.
func New(lex *lexicon.Lexicon) *Engine {
	return &Engine{lex: lex, indexes: make(map[string]*Index)}
}

// Open returns the index of that name as a [search.Index], see [Engine.Index].
func (e *Engine) Open(ctx context.Context, name string, s search.Schema) (search.Index, error) {
	ix, err := e.Index(ctx, name, s)
	if err != nil {
		return nil, err
	}
	return ix, nil
}

// Index returns the index of that name, making it if it is new. A schema that
// breaks its rules, or differs from the one the index was opened with, is an
// [search.Invalid] error.
func (e *Engine) Index(ctx context.Context, name string, s search.Schema) (*Index, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := s.Check(); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, errClosed()
	}
	if ix := e.indexes[name]; ix != nil && !ix.isClosed() {
		if !ix.schema.Equal(s) {
			return nil, search.Invalidf("index %q is open with another schema", name)
		}
		return ix, nil
	}
	ix := newIndex(s, e.lex)
	e.indexes[name] = ix
	return ix, nil
}

// Close closes every index opened. Closing twice is harmless.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	var errs []error
	for _, ix := range e.indexes {
		errs = append(errs, ix.Close())
	}
	return errors.Join(errs...)
}

func errClosed() error { return &search.Error{Kind: search.Closed, Detail: "the index is closed"} }
