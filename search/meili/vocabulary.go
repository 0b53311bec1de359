package meili

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/meilisearch/meilisearch-go"

	"jinghe/search/keyword"
	"jinghe/search/lexicon"
)

// vocabulary is what this process knows of the words of an index: a list read
// from the server, and what it has put there since. It serves completion and
// correction; what a query counts is asked of the server, see [frequencies].
type vocabulary struct {
	mu     sync.Mutex
	loaded bool
	read   time.Time
	listed []word // in byte order
	added  map[string]int
}

type word struct {
	text string
	docs int
}

// When the list is read again: other replicas change the index too.
const (
	mostAdded = 20_000
	listAge   = 5 * time.Minute
)

func (v *vocabulary) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.loaded, v.listed, v.added = false, nil, nil
}

// used reports whether the words are known.
func (v *vocabulary) used() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.loaded
}

// add notes the words of documents that were put.
func (v *vocabulary) add(words []string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.loaded {
		return
	}
	for _, w := range words {
		v.added[w]++
	}
	v.loaded = len(v.added) <= mostAdded
}

// load returns the words as they are now. The lists are not changed afterwards.
func (v *vocabulary) load(ctx context.Context, ix *Index) (listed, added []word, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := ix.engine.o.Now()
	if !v.loaded || now.Sub(v.read) > listAge {
		list, err := ix.readWords(ctx)
		if err != nil {
			return nil, nil, err
		}
		v.loaded, v.read, v.listed, v.added = true, now, list, make(map[string]int)
	}
	for text, docs := range v.added {
		added = append(added, word{text, docs})
	}
	return v.listed, added, nil
}

// readWords lists the words of the index with the number of their documents.
func (ix *Index) readWords(ctx context.Context) ([]word, error) {
	answers, err := ix.engine.multi(ctx, []*meilisearch.SearchRequest{{IndexUID: ix.uid, Facets: []string{fieldWords}, HitsPerPage: new(int64)}})
	if err != nil {
		return nil, err
	}
	var counts map[string]map[string]int
	if err := json.Unmarshal(answers[0].FacetDistribution, &counts); err != nil {
		return nil, ix.failed(err)
	}
	list := make([]word, 0, len(counts[fieldWords]))
	for code, docs := range counts[fieldWords] {
		if text, whole := ix.coder.text(code); whole {
			list = append(list, word{text, docs})
		}
	}
	slices.SortFunc(list, func(a, b word) int { return cmp.Compare(a.text, b.text) })
	return list, nil
}

// inquiry is the [keyword.Vocabulary] of one query. Frequencies that it does not
// know are noted and taken for 0; the query is then compiled again with them.
type inquiry struct {
	ctx     context.Context //nolint:containedctx // lives as long as one call
	ix      *Index
	lex     *lexicon.Lexicon
	docs    int
	known   map[string]int
	unknown map[string]bool
	listed  []word
	added   []word
	loaded  bool
	err     error
}

var _ keyword.Vocabulary = (*inquiry)(nil)

// compile compiles a query text, asking the server for the frequencies of its terms.
func (ix *Index) compile(ctx context.Context, lex *lexicon.Lexicon, text string) (keyword.Query, *inquiry, error) {
	const rounds = 5 // each asks for what only the answers before made interesting
	q := &inquiry{ctx: ctx, ix: ix, lex: lex, known: make(map[string]int)}
	var out keyword.Query
	for range rounds {
		q.unknown = make(map[string]bool)
		out = keyword.Compile(ix.schema, lex, q, text)
		if q.err != nil {
			return out, q, q.err
		}
		if len(q.unknown) == 0 {
			break
		}
		terms := make([]string, 0, len(q.unknown))
		for term := range q.unknown {
			terms = append(terms, term)
		}
		slices.Sort(terms)
		if err := q.ask(terms); err != nil {
			return out, q, err
		}
	}
	return out, q, nil
}

// ask looks terms up, and the number of all documents.
func (q *inquiry) ask(terms []string) error {
	docs, counts, err := q.ix.known.lookup(q.ctx, q.ix, q.lex, terms, lookup{age: queryAge})
	if err != nil {
		return err
	}
	q.docs = docs
	for i, term := range terms {
		q.known[term] = counts[i]
	}
	return nil
}

// DocFreq implements [keyword.Vocabulary].
func (q *inquiry) DocFreq(term string) int {
	docs, known := q.known[term]
	if !known {
		q.unknown[term] = true
	}
	return docs
}

func (q *inquiry) load() {
	if q.loaded || q.err != nil {
		return
	}
	q.loaded = true
	q.listed, q.added, q.err = q.ix.words.load(q.ctx, q.ix)
}

// Completions implements [keyword.Vocabulary].
func (q *inquiry) Completions(prefix string, n int) []string {
	q.load()
	counts := make(map[string]int)
	at := sort.Search(len(q.listed), func(i int) bool { return q.listed[i].text >= prefix })
	for ; at < len(q.listed) && strings.HasPrefix(q.listed[at].text, prefix); at++ {
		counts[q.listed[at].text] += q.listed[at].docs
	}
	for _, w := range q.added {
		if strings.HasPrefix(w.text, prefix) {
			counts[w.text] += w.docs
		}
	}
	return keyword.MostFrequent(counts, n)
}

// LatinWords implements [keyword.Vocabulary].
func (q *inquiry) LatinWords() iter.Seq2[[]byte, int] {
	return q.those(func(text string) bool { return text[0] > keyword.InitialsMark[0] && text[0] < utf8.RuneSelf })
}

// HanWords implements [keyword.Vocabulary].
func (q *inquiry) HanWords() iter.Seq2[[]byte, int] {
	const threeCharacters = 9 // bytes
	return q.those(func(text string) bool { return text[0] >= utf8.RuneSelf && len(text) >= threeCharacters })
}

func (q *inquiry) those(keep func(string) bool) iter.Seq2[[]byte, int] {
	q.load()
	return func(yield func([]byte, int) bool) {
		for _, list := range [...][]word{q.listed, q.added} {
			for _, w := range list {
				if keep(w.text) && !yield([]byte(w.text), w.docs) {
					return
				}
			}
		}
	}
}

// averages are the mean lengths of the text fields, from a sample.
type averages struct {
	mu      sync.Mutex
	known   []float64
	sampled int // documents
	changes int // since
}

// sample is how many documents are looked at.
const sample = 1000

func (a *averages) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.known = nil
}

// changed has the documents looked at again once a good part of them is another.
func (a *averages) changed(docs int) {
	const part = 5
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.changes += docs; a.changes*part >= a.sampled {
		a.known = nil
	}
}

// of returns the averages, each at least 1.
func (a *averages) of(ctx context.Context, ix *Index) ([]float64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known != nil {
		return a.known, nil
	}
	answers, err := ix.engine.multi(ctx, []*meilisearch.SearchRequest{{IndexUID: ix.uid, Limit: sample, AttributesToRetrieve: []string{fieldLengths}}})
	if err != nil {
		return nil, err
	}
	sums := make([]float64, len(ix.schema.Text))
	for _, hit := range answers[0].Hits {
		lengths, err := field[[]float64](hit, fieldLengths)
		if err != nil || len(lengths) != len(sums) {
			return nil, ix.failed(err)
		}
		for i, n := range lengths {
			sums[i] += n
		}
	}
	for i := range sums {
		sums[i] = max(1, sums[i]/float64(max(1, len(answers[0].Hits))))
	}
	a.known, a.sampled, a.changes = sums, len(answers[0].Hits), 0
	return sums, nil
}
