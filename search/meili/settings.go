package meili

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/meilisearch/meilisearch-go"

	"jinghe/search"
	"jinghe/search/lexicon"
)

// analysis is raised when documents are stored in another way, so that indexes
// made before are copied into new ones.
const analysis = 1

// Names of the fields of a stored document, see the package's comment. Those
// with a number stand for the fields of the schema, whatever their names are.
const (
	fieldID      = "id"
	fieldWords   = "w"
	fieldLengths = "l"
	fieldAll     = "all" // the same word in every document
	fieldMark    = "m"   // what the document was when it was given
	fieldVectors = "_vectors"
)

// everywhere is the word that every document has: it begins a query whose other
// words only order what was found.
const everywhere = "z"

func textName(i int) string   { return fmt.Sprint("t", i) }
func termsName(i int) string  { return fmt.Sprint("k", i) }
func facetName(i int) string  { return fmt.Sprint("f", i) }
func numberName(i int) string { return fmt.Sprint("n", i) }

// mark is a word of the server's dictionary that no text has. It says how an
// index was made, and goes with the index when it is swapped.
func mark(s search.Schema, lex *lexicon.Lexicon, e *Embedder) string {
	digest := sha256.New()
	fmt.Fprintf(digest, "%d %q %q %q %s", analysis, fmt.Sprintf("%+v", s.Text), s.Facets, s.Numbers, lex.Version())
	if e != nil {
		fmt.Fprintf(digest, " %s %d", e.Name, e.Dimensions)
	}
	return "jinghe" + hex.EncodeToString(digest.Sum(nil)[:16])
}

// Bounds of the server's answers, far above what is asked.
const (
	mostHits   = 10_000_000
	mostValues = 1_000_000
	cutOffMs   = 60_000 // the deadline of a call is shorter; a half answer is none
)

// settings is how an index is set up.
func settings(s search.Schema, lex *lexicon.Lexicon, e *Embedder) *meilisearch.Settings {
	out := &meilisearch.Settings{
		RankingRules:         []string{"sort", "words", "attribute", "exactness"},
		SearchableAttributes: append(termFields(s), fieldAll),
		DisplayedAttributes:  []string{fieldID, fieldLengths},
		FilterableAttributes: []string{fieldWords},
		SortableAttributes:   []string{fieldID},
		Dictionary:           []string{mark(s, lex, e)},
		LocalizedAttributes:  []*meilisearch.LocalizedAttributes{{Locales: []string{"eng"}, AttributePatterns: []string{"*"}}},
		ProximityPrecision:   meilisearch.ByAttribute,
		SearchCutoffMs:       cutOffMs,
		Pagination:           &meilisearch.Pagination{MaxTotalHits: mostHits},
		Faceting:             &meilisearch.Faceting{MaxValuesPerFacet: mostValues, SortFacetValuesBy: map[string]meilisearch.SortFacetType{"*": meilisearch.SortFacetTypeAlpha}},
		TypoTolerance: &meilisearch.TypoTolerance{
			Enabled: false, MinWordSizeForTypos: meilisearch.MinWordSizeForTypos{OneTypo: 5, TwoTypos: 9},
			DisableOnWords: []string{}, DisableOnAttributes: []string{},
		},
	}
	for i := range s.Text {
		out.DisplayedAttributes = append(out.DisplayedAttributes, textName(i))
	}
	for i := range s.Facets {
		out.FilterableAttributes = append(out.FilterableAttributes, facetName(i))
		out.DisplayedAttributes = append(out.DisplayedAttributes, facetName(i))
	}
	for i := range s.Numbers {
		out.FilterableAttributes = append(out.FilterableAttributes, numberName(i))
		out.SortableAttributes = append(out.SortableAttributes, numberName(i))
		out.DisplayedAttributes = append(out.DisplayedAttributes, numberName(i))
	}
	if e != nil {
		out.Embedders = map[string]meilisearch.Embedder{embedderName: {Source: meilisearch.UserProvidedEmbedderSource, Dimensions: e.Dimensions}}
	}
	return out
}

// termFields lists the fields of terms, the weightiest first: a match there comes first.
func termFields(s search.Schema) []string {
	order := make([]int, len(s.Text))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch wa, wb := s.Text[a].Weight, s.Text[b].Weight; {
		case wa > wb:
			return -1
		case wa < wb:
			return 1
		}
		return 0
	})
	names := make([]string, len(order))
	for i, f := range order {
		names[i] = termsName(f)
	}
	return names
}

// create makes an index of the server and sets it up. The tasks are given all at
// once: the server then carries them out together.
func (e *Engine) create(ctx context.Context, uid string, set *meilisearch.Settings) error {
	never := "disabled"
	set.PrefixSearch = &never // a word begun is completed here
	index := e.client.Index(uid)
	return e.doTogether(ctx,
		func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return e.client.CreateIndexWithContext(ctx, &meilisearch.IndexConfig{Uid: uid, PrimaryKey: fieldID})
		},
		func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return index.UpdateFacetSearchWithContext(ctx, false)
		},
		func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return index.UpdateSettingsWithContext(ctx, set)
		},
	)
}
