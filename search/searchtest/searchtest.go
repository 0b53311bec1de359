// Package searchtest is the conformance suite of package search: what every
// [search.Engine] promises, as tests.
//
// An engine's own test calls [Run]. Promises that not every engine can keep are
// named as a [Capability]; an engine that lacks one says so, with the reason, by
// [Without]. Rankings are compared with golden lists, exactly or by overlap
// ([WithOverlap]): engines rank by different formulas.
//
// The documents are invented: 152 listings of technology and scenarios.
package searchtest

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"jinghe/search"
	"jinghe/search/lexicon"
)

//go:embed testdata
var data embed.FS

// Capability is a promise that an engine may lack for a reason of its own.
type Capability string

// Capabilities.
const (
	// CorrectHan is finding a Chinese word with one character wrong or missing:
	// search servers correct letters, not characters.
	CorrectHan Capability = "correct-han"
	// Suggests is completing a prefix to whole field values.
	Suggests Capability = "suggest"
	// RelexWhileAnswering is that searches go on during Relex.
	RelexWhileAnswering Capability = "relex-while-answering"
	// ExactOrder is that hits without a score to tell them apart come by ID.
	ExactOrder Capability = "exact-order"
)

// Option changes what the suite expects.
type Option func(*suite)

// Without leaves out the tests of a capability; the reason is printed.
func Without(c Capability, reason string) Option {
	return func(s *suite) { s.lacks[c] = reason }
}

// WithOverlap accepts a ranking that shares this part of the golden top ten, in
// (0, 1], in any order. Without it the ranking must be the golden one.
func WithOverlap(least float64) Option {
	return func(s *suite) { s.overlap = least }
}

// Record writes the rankings found to this file instead of comparing them.
func Record(path string) Option {
	return func(s *suite) { s.record = path }
}

// Run tests an engine. Open returns a fresh engine without indexes, analysing
// with the lexicon that lexicon.New() gives; the suite closes it.
func Run(t *testing.T, open func(testing.TB) search.Engine, options ...Option) {
	t.Helper()
	s := &suite{open: open, lacks: make(map[Capability]string), overlap: 1}
	for _, o := range options {
		o(s)
	}
	for _, test := range slices.Concat(s.contents(), s.language(), s.changes(), s.hostile(), s.rankings()) {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if reason, lacks := s.lacks[test.needs]; lacks {
				t.Skipf("engine lacks %s: %s", test.needs, reason)
			}
			test.run(t, s)
		})
	}
}

type suite struct {
	open    func(testing.TB) search.Engine
	lacks   map[Capability]string
	overlap float64
	record  string
}

type conformance struct {
	name  string
	needs Capability // empty: every engine keeps it
	run   func(*testing.T, *suite)
}

// Schema is the schema of the suite's listings.
func Schema() search.Schema {
	return search.Schema{
		Text: []search.TextField{
			{Name: "name", Weight: 3, Pinyin: true, Suggest: true},
			{Name: "org", Weight: 1, Pinyin: true},
			{Name: "text", Weight: 1},
		},
		Facets:  []string{"field", "region", "maturity"},
		Numbers: []string{"price", "updated"},
	}
}

// Listings returns the suite's documents, in order of ID (L001 …).
func Listings() ([]search.Document, error) {
	raw, err := data.ReadFile("testdata/listings.jsonl")
	if err != nil {
		return nil, err
	}
	var out []search.Document
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for lines.Scan() {
		var l struct {
			ID, Name, Org, Text     string
			Field, Region, Maturity []string
			Price, Updated          *float64
		}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, err
		}
		d := search.Document{
			ID:      l.ID,
			Text:    map[string]string{"name": l.Name, "org": l.Org, "text": l.Text},
			Facets:  map[string][]string{"field": l.Field, "region": l.Region, "maturity": l.Maturity},
			Numbers: map[string]float64{"updated": *l.Updated},
		}
		if l.Price != nil {
			d.Numbers["price"] = *l.Price
		}
		out = append(out, d)
	}
	return out, lines.Err()
}

// filled opens an index with all listings.
func (s *suite) filled(t testing.TB) (search.Index, []search.Document) {
	t.Helper()
	docs, err := Listings()
	if err != nil {
		t.Fatal(err)
	}
	return s.with(t, docs...), docs
}

// with opens an index with some documents.
func (s *suite) with(t testing.TB, docs ...search.Document) search.Index {
	t.Helper()
	engine := s.open(t)
	ix, err := engine.Open(t.Context(), "listings", Schema())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := ix.Apply(t.Context(), docs, nil); err != nil {
		t.Fatal(err)
	}
	return ix
}

// named makes a document with a name only.
func named(id, name string) search.Document {
	return search.Document{ID: id, Text: map[string]string{"name": name}}
}

func find(t testing.TB, ix search.Index, q search.Query) search.Result {
	t.Helper()
	r, err := ix.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("search %+v: %v", q, err)
	}
	return r
}

func ids(hits []search.Hit) []string {
	out := make([]string, len(hits))
	for i, h := range hits {
		out[i] = h.ID
	}
	return out
}

// found returns the IDs for a text, sorted.
func found(t testing.TB, ix search.Index, text string) []string {
	t.Helper()
	out := ids(find(t, ix, search.Query{Text: text, Limit: search.MaxLimit}).Hits)
	slices.Sort(out)
	return out
}

func wantInvalid(t testing.TB, err error) {
	t.Helper()
	var e *search.Error
	if !errors.As(err, &e) || e.Kind != search.Invalid {
		t.Errorf("got error %v, want one of kind invalid", err)
	}
}

func newLexicon(t testing.TB, entries ...lexicon.Entry) *lexicon.Lexicon {
	t.Helper()
	lex, err := lexicon.New(entries...)
	if err != nil {
		t.Fatal(err)
	}
	return lex
}
