package main

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"jinghe/search"
	"jinghe/search/embedded"
	"jinghe/search/lexicon"
	"jinghe/search/meili"
)

// own is an engine behind the program's own contract.
type own struct {
	engine search.Engine
	held   search.Index
	drop   func(context.Context) error
	bytes  bool // Stats tells the space on disk
}

func openJinghe() (peer, error) {
	lex, err := lexicon.New()
	if err != nil {
		return nil, err
	}
	return &own{engine: embedded.New(lex)}, nil
}

func openAdapter(address, key string) (peer, error) {
	lex, err := lexicon.New()
	if err != nil {
		return nil, err
	}
	e := meili.New(meili.Options{
		URL: address, Key: key, Lexicon: lex, Now: time.Now, Prefix: "peers_" + strings.ToLower(rand.Text()) + "_",
		ReadTimeout: time.Minute, WriteTimeout: 30 * time.Minute,
	})
	return &own{engine: e, drop: e.Drop, bytes: true}, nil
}

const idFacet = "id" // lets a ranking be limited to named documents

func (o *own) index(ctx context.Context, docs []document) error {
	schema := search.Schema{
		Text:   []search.TextField{{Name: "title", Weight: 1}, {Name: "text", Weight: 1}},
		Facets: append(facetNames(), idFacet),
	}
	var err error
	if o.held, err = o.engine.Open(ctx, "peers", schema); err != nil {
		return err
	}
	const batch = 5000
	for len(docs) > 0 {
		some := docs[:min(batch, len(docs))]
		docs = docs[len(some):]
		puts := make([]search.Document, len(some))
		for i, d := range some {
			puts[i] = search.Document{ID: d.id, Text: map[string]string{"title": d.title, "text": d.text}, Facets: map[string][]string{}}
			if d.facets == nil { // a graded collection
				puts[i].Facets[idFacet] = []string{d.id}
			}
			for name, value := range d.facets {
				puts[i].Facets[name] = []string{value}
			}
		}
		if err := o.held.Apply(ctx, puts, nil); err != nil {
			return err
		}
	}
	return nil
}

func (o *own) find(ctx context.Context, words []string, region string) (int, error) {
	r, err := o.held.Search(ctx, search.Query{
		Text: strings.Join(words, " "), Filter: []search.Clause{{Facet: "region", AnyOf: []string{region}}},
		Facets: facetNames(), Highlight: []string{"title", "text"},
	})
	return r.Total, err
}

func (o *own) rank(ctx context.Context, n need, limit int, only []string) ([]scored, error) {
	wanted := search.Need{Limit: min(limit, search.MaxLimit), Fields: []search.NeedField{{Text: n.title, Weight: 1}, {Text: n.body, Weight: bodyWeight}}}
	if only != nil {
		wanted.Filter = []search.Clause{{Facet: idFacet, AnyOf: only}}
	}
	found, err := o.held.Candidates(ctx, wanted)
	out := make([]scored, len(found))
	for i, c := range found {
		out[i] = scored{c.ID, c.Score}
	}
	return out, err
}

func (o *own) disk(ctx context.Context) (int64, error) {
	if !o.bytes {
		return 0, nil
	}
	s, err := o.held.Stats(ctx)
	return s.Bytes, err
}

func (o *own) close(ctx context.Context) error {
	var err error
	if o.drop != nil {
		err = o.drop(ctx)
	}
	return errors.Join(err, o.engine.Close())
}
