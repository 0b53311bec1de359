package main

import (
	"context"
	"fmt"
	"os"
)

// document is an entry to index. Facets hold one value each.
type document struct {
	id, title, text string
	facets          map[string]string
}

// facetNames are the facets of invented documents.
func facetNames() []string { return []string{"field", "region", "maturity", "kind"} }

// scored is a document in a ranking.
type scored struct {
	id    string
	score float64
}

// need is a description whose best counterparts are wanted. The title says more
// than the body; an engine that can, weighs them so.
type need struct{ title, body string }

const bodyWeight = 0.3

// peer is one engine at work.
type peer interface {
	// index takes all documents; it returns when they can be found.
	index(ctx context.Context, docs []document) error
	// find returns how many documents of a region have all words, the best
	// twenty of them with what matched marked, and the counts of all facets.
	find(ctx context.Context, words []string, region string) (total int, err error)
	// rank returns the best documents for a need, of all or of those named.
	rank(ctx context.Context, n need, limit int, only []string) ([]scored, error)
	// disk is the space taken on disk in bytes, 0 where all is in memory.
	disk(ctx context.Context) (int64, error)
	close(ctx context.Context) error
}

// names lists the engines, in the order of the table.
func names(server bool) []string {
	list := []string{"jinghe", "bleve", "fts5-trigram", "fts5-bigram"}
	if server {
		list = append(list, "meilisearch", "meilisearch+jinghe")
	}
	return list
}

// described says what an engine's name stands for.
func described(name string) string {
	return map[string]string{
		"jinghe":             "Jinghe, in the process",
		"bleve":              "bleve 2.6.1, bigrams (cjk)",
		"fts5-trigram":       "SQLite FTS5, trigram",
		"fts5-bigram":        "SQLite FTS5, bigrams made beforehand",
		"meilisearch":        "Meilisearch as it comes",
		"meilisearch+jinghe": "Meilisearch through `search/meili`",
	}[name]
}

// slow tells which engines may be given fewer documents.
func slow(name string) bool { return name != "jinghe" }

// open starts an engine with its files in dir.
func open(name, dir string) (peer, error) {
	switch name {
	case "jinghe":
		return openJinghe()
	case "bleve":
		return openBleve(dir)
	case "fts5-trigram":
		return openFTS5(dir, trigrams{})
	case "fts5-bigram":
		return openFTS5(dir, bigrams{})
	case "meilisearch":
		return openMeilisearch(os.Getenv("MEILISEARCH_URL"), os.Getenv("MEILISEARCH_KEY"))
	case "meilisearch+jinghe":
		return openAdapter(os.Getenv("MEILISEARCH_URL"), os.Getenv("MEILISEARCH_KEY"))
	}
	return nil, fmt.Errorf("no engine is named %q", name)
}
