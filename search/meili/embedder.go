package meili

import (
	"context"
	"fmt"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"jinghe/search"
)

// embedderName is how the server calls the vectors that documents bring along.
const embedderName = "jinghe"

// Embedder gives texts a place in a space of meaning. The server only keeps and
// compares the vectors.
type Embedder struct {
	Name       string // of the model: another name has the index made anew
	Dimensions int
	// Embed returns one vector for each text, in their order.
	Embed func(ctx context.Context, texts []string) ([][]float32, error)
}

// embedDocuments adds vectors to stored documents, if there is an embedder. One
// that fails leaves them without, and without a mark: they are found by their words, and
// are given again at the next occasion.
func (e *Engine) embedDocuments(ctx context.Context, s search.Schema, docs []search.Document, into []stored) error {
	if e.o.Embedder == nil {
		return nil
	}
	all := make([]string, len(docs))
	for i, d := range docs {
		var lines []string
		for _, f := range s.Text {
			if text := d.Text[f.Name]; text != "" {
				lines = append(lines, text)
			}
		}
		all[i] = strings.Join(lines, "\n")
	}
	vectors, err := e.o.Embedder.embed(ctx, all)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for i := range into {
		var v any // null: no vector
		if err == nil {
			v = vectors[i]
		} else {
			into[i][fieldMark] = ""
		}
		into[i][fieldVectors] = map[string]any{embedderName: v}
	}
	return nil
}

func (e *Embedder) embed(ctx context.Context, texts []string) ([][]float32, error) {
	vectors, err := e.Embed(ctx, texts)
	if err != nil {
		return nil, err
	}
	if len(vectors) != len(texts) {
		return nil, fmt.Errorf("%d vectors for %d texts", len(vectors), len(texts))
	}
	for _, v := range vectors {
		if len(v) != e.Dimensions {
			return nil, fmt.Errorf("vector of %d numbers, not %d", len(v), e.Dimensions)
		}
	}
	return vectors, nil
}

// meaning is the query for the documents nearest in meaning, none without an
// embedder or while it fails.
func (ix *Index) meaning(ctx context.Context, n search.Need, condition string) ([]*meilisearch.SearchRequest, error) {
	e := ix.engine.o.Embedder
	if e == nil {
		return nil, nil
	}
	var lines []string
	for _, f := range n.Fields {
		if f.Weight > 0 && f.Text != "" {
			lines = append(lines, f.Text)
		}
	}
	vectors, err := e.embed(ctx, []string{strings.Join(lines, "\n")})
	if err != nil {
		return nil, ctx.Err()
	}
	return []*meilisearch.SearchRequest{{
		IndexUID: ix.uid, Vector: vectors[0], Hybrid: &meilisearch.SearchRequestHybrid{Embedder: embedderName, SemanticRatio: 1},
		Filter: filterOf(condition), Limit: perTerm, AttributesToRetrieve: []string{fieldID},
	}}, nil
}
