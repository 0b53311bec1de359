package broker_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"jinghe/internal/broker"
	"jinghe/search"
	index "jinghe/search/embedded"
	"jinghe/search/lexicon"
)

// axes is a model that gives each text a direction of its own.
type axes struct{}

// Embed places the texts.
func (axes) Embed(_ context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i := range texts {
		out[i] = make([]float32, len(texts))
		out[i][i] = 1
	}
	return out, nil
}

// interrupted is an engine of indexes that does something the first time one
// is asked for candidates.
type interrupted struct {
	search.Engine
	once sync.Once
	do   func()
}

// Open returns an index that does it.
func (e *interrupted) Open(ctx context.Context, name string, s search.Schema) (search.Index, error) {
	ix, err := e.Engine.Open(ctx, name, s)
	return &interruptedIndex{ix, e}, err
}

type interruptedIndex struct {
	search.Index
	engine *interrupted
}

// Candidates does it.
func (ix *interruptedIndex) Candidates(ctx context.Context, n search.Need) ([]search.Candidate, error) {
	ix.engine.once.Do(ix.engine.do)
	return ix.Index.Candidates(ctx, n)
}

// TestLearnKeepsPlaces: what a model said while the market was learning is not
// overwritten by what was known when that began.
func TestLearnKeepsPlaces(t *testing.T) {
	t.Parallel()
	lex, err := lexicon.New()
	if err != nil {
		t.Fatal(err)
	}
	embedded := errors.New("nobody asked")
	var m *broker.Market
	engine := &interrupted{Engine: index.New(lex), do: func() { embedded = m.Embed(t.Context(), axes{}) }}
	if m, err = broker.New(t.Context(), newEngine(t), engine); err != nil {
		t.Fatal(err)
	}
	m.Scan(0)
	fill(t, m)
	for i := range 210 { // more than are looked at without an index
		if err := m.PutOffer(t.Context(), offer(fmt.Sprint("o", i), "积水监测终端", "液位传感器"), nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Learn(t.Context()); err != nil || embedded != nil {
		t.Fatal(err, embedded)
	}
	if needs, offers := m.Size(); broker.Placed(m) != needs+offers {
		t.Errorf("%d rows keep their place, want %d", broker.Placed(m), needs+offers)
	}
}
