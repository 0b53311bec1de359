package main

import (
	"context"
	"path/filepath"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/search/query"
)

// bleveIndex is bleve on disk with its analyser for Chinese: pairs of characters.
type bleveIndex struct {
	bleve.Index
	dir  string
	docs int
}

func openBleve(dir string) (peer, error) {
	text, exact := bleve.NewTextFieldMapping(), bleve.NewTextFieldMapping()
	text.Analyzer, exact.Analyzer = cjk.AnalyzerName, keyword.Name
	mapping := bleve.NewIndexMapping()
	mapping.DefaultMapping.AddFieldMappingsAt("title", text)
	mapping.DefaultMapping.AddFieldMappingsAt("text", text)
	for _, name := range facetNames() {
		mapping.DefaultMapping.AddFieldMappingsAt(name, exact)
	}
	path := filepath.Join(dir, "index.bleve")
	index, err := bleve.New(path, mapping)
	return &bleveIndex{Index: index, dir: path}, err
}

func (b *bleveIndex) index(_ context.Context, docs []document) error {
	const batch = 1000
	b.docs = len(docs)
	for len(docs) > 0 {
		some := docs[:min(batch, len(docs))]
		docs = docs[len(some):]
		batch := b.NewBatch()
		for _, d := range some {
			fields := map[string]any{"title": d.title, "text": d.text}
			for name, value := range d.facets {
				fields[name] = value
			}
			if err := batch.Index(d.id, fields); err != nil {
				return err
			}
		}
		if err := b.Batch(batch); err != nil {
			return err
		}
	}
	return nil
}

// either matches a text in one of the two fields.
func either(text string, operator query.MatchQueryOperator, boost float64) query.Query {
	var ways []query.Query
	for _, field := range []string{"title", "text"} {
		q := bleve.NewMatchQuery(text)
		q.SetField(field)
		q.SetOperator(operator)
		q.SetBoost(boost)
		ways = append(ways, q)
	}
	return bleve.NewDisjunctionQuery(ways...)
}

func (b *bleveIndex) find(ctx context.Context, words []string, region string) (int, error) {
	in := bleve.NewTermQuery(region)
	in.SetField("region")
	all := []query.Query{in}
	for _, w := range words {
		all = append(all, either(w, query.MatchQueryOperatorAnd, 1))
	}
	request := bleve.NewSearchRequestOptions(bleve.NewConjunctionQuery(all...), 20, 0, false)
	request.Highlight = bleve.NewHighlight()
	for _, name := range facetNames() {
		request.AddFacet(name, bleve.NewFacetRequest(name, 100))
	}
	r, err := b.SearchInContext(ctx, request)
	if err != nil {
		return 0, err
	}
	return int(r.Total), nil
}

func (b *bleveIndex) rank(ctx context.Context, n need, limit int, only []string) ([]scored, error) {
	q := either(n.title, query.MatchQueryOperatorOr, 1)
	if n.body != "" {
		q = bleve.NewDisjunctionQuery(q, either(n.body, query.MatchQueryOperatorOr, bodyWeight))
	}
	if only != nil {
		limit = b.docs
	}
	r, err := b.SearchInContext(ctx, bleve.NewSearchRequestOptions(q, limit, 0, false))
	if err != nil {
		return nil, err
	}
	out := make([]scored, len(r.Hits))
	for i, h := range r.Hits {
		out[i] = scored{h.ID, h.Score}
	}
	return keep(out, only), nil
}

// keep drops what is not among the named documents; nil keeps all.
func keep(list []scored, only []string) []scored {
	if only == nil {
		return list
	}
	wanted := make(map[string]bool, len(only))
	for _, id := range only {
		wanted[id] = true
	}
	kept := list[:0]
	for _, s := range list {
		if wanted[s.id] {
			kept = append(kept, s)
		}
	}
	return kept
}

func (b *bleveIndex) disk(context.Context) (int64, error) { return sizeOf(b.dir) }

func (b *bleveIndex) close(context.Context) error { return b.Close() }
