package meili

import (
	"context"
	"sync"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"jinghe/search/lexicon"
)

// frequencies remembers in how many documents terms are: a search needs a dozen of them, a
// page hundreds, and each costs the server a millisecond. What is remembered may be a little
// more than there is, until it is asked for again. That no document has a term is forgotten
// as soon as this process has heard of one that does.
type frequencies struct {
	mu      sync.Mutex
	docs    int
	known   map[string]frequency
	changes int // documents changed since the first that is known was asked for
	heard   int // how often changes were heard of
	indexes int // how many indexes were forgotten
}

type frequency struct {
	docs int
	at   time.Time // when it was asked for
}

const (
	mostKnown = 300_000     // terms, some 20 MB
	queryAge  = time.Minute // how long a query trusts what is remembered
)

// lookup says how exact frequencies have to be.
type lookup struct {
	age  time.Duration // how old they may be; 0 for any age
	most int           // how many are asked for at once, the others are 0; 0 for all
}

// forget drops what is known of an index in whose place there is another one now, and what
// is being asked of it.
func (f *frequencies) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known = nil
	f.indexes++
}

// hear notes the terms of documents that can be seen now, of which so many were changed.
// Once a tenth of all documents is another everything is forgotten.
func (f *frequencies) hear(terms []string, changed int) {
	const part = 10
	f.mu.Lock()
	defer f.mu.Unlock()
	f.heard++
	if f.changes += changed; f.changes*part > f.docs {
		f.known = nil
	}
	for _, t := range terms {
		if k, known := f.known[t]; known && k.docs == 0 {
			delete(f.known, t)
		}
	}
}

// used reports whether anything is remembered.
func (f *frequencies) used() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.known) > 0
}

// question is what is asked of the server, and when.
type question struct {
	terms          []string
	at             []int // their positions among the terms that were looked up
	now            time.Time
	heard, indexes int
}

// lookup tells in how many documents each of the terms is, and how many documents there are.
func (f *frequencies) lookup(ctx context.Context, ix *Index, lex *lexicon.Lexicon, terms []string, l lookup) (docs int, counts []int, err error) {
	docs, counts, q := f.recall(terms, l, ix.engine.o.Now())
	if q == nil {
		return docs, counts, nil
	}
	docs, asked, err := ix.frequencies(ctx, lex, q.terms)
	if err != nil {
		return 0, nil, err
	}
	for i, at := range q.at {
		counts[at] = asked[i]
	}
	f.remember(q, docs, asked)
	return docs, counts, nil
}

// recall tells what is known, and what has to be asked for, nil for nothing.
func (f *frequencies) recall(terms []string, l lookup, now time.Time) (docs int, counts []int, q *question) {
	f.mu.Lock()
	defer f.mu.Unlock()
	counts = make([]int, len(terms))
	q = &question{now: now, heard: f.heard, indexes: f.indexes}
	for i, t := range terms {
		k, known := f.known[t]
		counts[i] = k.docs
		if stale := !known || l.age > 0 && now.Sub(k.at) > l.age; stale && (l.most == 0 || len(q.at) < l.most) {
			q.terms, q.at = append(q.terms, t), append(q.at, i)
		}
	}
	if len(q.at) == 0 && f.known != nil {
		q = nil
	}
	return f.docs, counts, q
}

// remember notes the answers, unless they are those of an index that was replaced.
func (f *frequencies) remember(q *question, docs int, asked []int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if q.indexes != f.indexes {
		return
	}
	if f.known == nil || len(f.known) > mostKnown {
		f.known, f.changes = make(map[string]frequency), 0
	}
	f.docs = docs
	for i, t := range q.terms {
		if asked[i] > 0 || q.heard == f.heard { // a document may have come meanwhile
			f.known[t] = frequency{asked[i], q.now}
		}
	}
}

// frequencies asks in how many documents each term is, and how many documents there are.
func (ix *Index) frequencies(ctx context.Context, lex *lexicon.Lexicon, terms []string) (docs int, counts []int, err error) {
	queries := []*meilisearch.SearchRequest{{IndexUID: ix.uid, HitsPerPage: new(int64)}}
	for _, term := range terms {
		query := &meilisearch.SearchRequest{IndexUID: ix.uid, HitsPerPage: new(int64), MatchingStrategy: meilisearch.All}
		if listed(lex, term) {
			query.Filter = oneOf(fieldWords, []string{ix.coder.code(term)})
		} else {
			query.Query = quoted(ix.coder.code(term))
		}
		queries = append(queries, query)
	}
	answers, err := ix.engine.multi(ctx, queries)
	if err != nil {
		return 0, nil, err
	}
	counts = make([]int, len(terms))
	for i := range counts {
		counts[i] = int(answers[i+1].TotalHits)
	}
	return int(answers[0].TotalHits), counts, nil
}
