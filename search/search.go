// Package search is the portable index: typed documents, keyword queries with
// filters and facets, and candidate retrieval for a need that is a page long.
//
// The package holds the contract only. An engine implements [Index]:
// search/embedded inside the process, search/meili over a Meilisearch server.
// Both must pass the suite in search/searchtest and reproduce its golden
// rankings. The package is meant to be reused on its own: it imports nothing
// of this program.
package search

import (
	"context"

	"jinghe/search/lexicon"
)

// Schema names the fields of the documents of one index.
type Schema struct {
	// Text fields in order of display. Weight > 0 multiplies a match in the field.
	Text []TextField
	// Facets hold zero or more exact values each; they can be filtered and counted.
	Facets []string
	// Numbers hold at most one value each; they can be filtered and sorted by.
	// Instants are stored as Unix seconds.
	Numbers []string
}

// TextField is one searchable field.
type TextField struct {
	Name   string
	Weight float64
	// Pinyin makes the field answer queries typed as full pinyin or initials.
	Pinyin bool
	// Suggest feeds the field's values to Index.Suggest, each line as a value of its own.
	Suggest bool
}

// Document is one entry of an index. Fields that the schema does not name are an error.
type Document struct {
	ID      string
	Text    map[string]string
	Facets  map[string][]string
	Numbers map[string]float64
}

// Query is a keyword search. The zero Query lists everything.
type Query struct {
	Text   string
	Filter []Clause // all must hold
	// Facets to count. The counts of a facet ignore the query's own clauses on
	// that same facet, so that a reader sees what choosing another value would give.
	Facets []string
	Sort   []Sort // empty: by relevance, then by ID
	Offset int
	Limit  int // 0 means 20; at most 1000; or NoHits
	// Highlight names the text fields whose matching spans are wanted.
	Highlight []string
}

// Clause restricts one field. Exactly one of Facet and Number is set.
type Clause struct {
	Facet string
	AnyOf []string // the document has at least one of these values
	Not   bool     // turned round: the document has none of them

	Number   string
	Min, Max *float64 // inclusive; nil is open
}

// Sort orders by a number field; documents without a value come last.
type Sort struct {
	Number string
	Desc   bool
}

// Result is one page of hits.
type Result struct {
	Total  int
	Hits   []Hit
	Facets map[string][]FacetCount // most frequent first, ties by value
	// Corrected is the query text after typo correction, empty if unchanged.
	Corrected string
	// Partial says that no document has all the words, and the hits have some of them.
	Partial bool
	// Building says that the index is being made anew: not everything is found yet.
	Building bool
}

// Hit is one document found.
type Hit struct {
	ID    string
	Score float64 // comparable within one Result only
	// Highlights maps a text field to the matching spans, in order, not overlapping.
	Highlights map[string][]Span
}

// Span is a half-open range in Unicode code points of a field's text.
type Span struct{ Start, End int }

// FacetCount is the number of matching documents that carry a value.
type FacetCount struct {
	Value string
	Count int
}

// Need is a page-long description whose best counterparts are wanted.
type Need struct {
	// Fields of the need with their weights: a title says more than a body.
	Fields []NeedField
	Filter []Clause
	Limit  int // 0 means 200
}

// NeedField is one part of a need.
type NeedField struct {
	Text   string
	Weight float64
}

// Candidate is a document retrieved for a need.
type Candidate struct {
	ID string
	// Score is the lexical score divided by the best score of this need: in (0, 1].
	Score float64
}

// Suggestion completes what was typed.
type Suggestion struct {
	Text  string
	Count int // documents that carry it
}

// Stats describes an index.
type Stats struct {
	Documents int
	Bytes     int64 // estimate of memory or disk held
	Building  bool  // a rebuild is under way; answers may be incomplete
}

// Index is one collection of documents of one schema. Methods are safe for
// concurrent use; a change is visible to a search that starts after Apply returned.
type Index interface {
	// Apply stores puts (replacing documents of the same ID) and removes deletes.
	// Unknown deletes are ignored; of several puts of one ID the last counts; an
	// ID both put and deleted is invalid. An invalid document fails the whole
	// call with an *Error and changes nothing.
	Apply(ctx context.Context, puts []Document, deletes []string) error
	// Search answers a keyword query.
	Search(ctx context.Context, q Query) (Result, error)
	// Candidates retrieves the documents worth ranking for a need, best first.
	Candidates(ctx context.Context, n Need) ([]Candidate, error)
	// Suggest completes a prefix in Chinese, pinyin or Latin letters with values
	// of documents that the filter keeps; an invalid filter is an [Invalid] error.
	Suggest(ctx context.Context, prefix string, limit int, filter []Clause) ([]Suggestion, error)
	// Relex re-analyses every document with another lexicon, while answering
	// with the old one. It returns once the new one answers.
	Relex(ctx context.Context, lex *lexicon.Lexicon) error
	// Stats describes the index.
	Stats(ctx context.Context) (Stats, error)
	// Close releases what the index holds.
	Close() error
}

// Statistics tells how terms are spread over an index. An engine may offer it
// beside [Index]; a ranker asks for it by a type assertion.
type Statistics interface {
	// Documents is the number of documents.
	Documents() int
	// DocFreq is the number of documents that have the term (folded, as
	// lexicon.Tokens gives it) in any text field; 0 if none has.
	DocFreq(term string) int
	// AverageLength is the mean length of a text field in characters and Latin
	// words, over all documents, 0 for a field the schema does not have.
	AverageLength(field string) float64
}

// Lister tells which documents an index holds. An engine whose indexes outlive
// the process offers it beside [Index]: what has no row any more must go.
type Lister interface {
	// IDs returns the ID of every document, in no promised order.
	IDs(ctx context.Context) ([]string, error)
}

// Engine opens indexes by name.
type Engine interface {
	// Open returns the index of that name, empty if it is new.
	Open(ctx context.Context, name string, s Schema) (Index, error)
	// Close closes every index opened.
	Close() error
}
