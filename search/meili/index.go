package meili

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/meilisearch/meilisearch-go"

	"jinghe/search"
	"jinghe/search/lexicon"
)

// Index is one index of the server. Searches never wait for changes; changes
// wait for the server, and for the end of a copy.
type Index struct {
	engine *Engine
	name   string
	uid    string
	schema search.Schema
	coder  coder

	lex    atomic.Pointer[lexicon.Lexicon]
	ready  atomic.Bool // the index is there, made with this schema and lexicon
	closed atomic.Bool
	copies atomic.Int32 // copies under way

	preparing sync.Mutex
	was       bool // under preparing: it has been ready before
	relexing  sync.Mutex
	applying  sync.RWMutex // read by a change until it can be seen
	changing  sync.RWMutex // read by a change until its tasks are given, written where the index changes place
	next      *copying     // under changing: the copy under way, or nil

	doubted doubts
	words   vocabulary
	lengths averages
	known   frequencies
}

func newIndex(e *Engine, name string, s search.Schema) *Index {
	ix := &Index{engine: e, name: name, uid: e.o.Prefix + name, schema: s.Clone(), coder: newCoder()}
	ix.lex.Store(e.o.Lexicon)
	return ix
}

// begin checks what every call checks first, and makes sure of the index.
func (ix *Index) begin(ctx context.Context, check func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if ix.closed.Load() {
		return errClosed()
	}
	if err := check(); err != nil {
		return err
	}
	if ix.ready.Load() {
		return nil
	}
	return ix.prepare(ctx)
}

// prepare makes the index, or copies it if it was made otherwise.
func (ix *Index) prepare(ctx context.Context) error {
	ix.preparing.Lock()
	defer ix.preparing.Unlock()
	if ix.ready.Load() {
		return nil
	}
	if err := ix.engine.checkVersion(ctx); err != nil {
		return err
	}
	if err := ix.remake(ctx); err != nil {
		return err
	}
	ix.forget()
	ix.was = true
	ix.ready.Store(true)
	return nil
}

// forget drops what is known of the index as it was.
func (ix *Index) forget() {
	ix.words.forget()
	ix.lengths.forget()
	ix.known.forget()
}

// remake makes the index if it is missing, and copies it if it was made with
// other settings. One that had been ready before was lost in both cases.
func (ix *Index) remake(ctx context.Context) error {
	e, lex := ix.engine, ix.lex.Load()
	dictionary, err := ask(ctx, e, e.o.ReadTimeout, ix.server().GetDictionaryWithContext)
	switch {
	case err == nil && slices.Equal(dictionary, []string{mark(ix.schema, lex, e.o.Embedder)}):
		return nil
	case err == nil && !ix.was:
		return ix.copyTo(ctx, lex)
	case err == nil:
		err = e.drop(ctx, ix.uid)
	case isMissing(err):
		err = nil
	}
	if err == nil {
		err = e.create(ctx, ix.uid, settings(ix.schema, lex, e.o.Embedder))
	}
	if err == nil && ix.was && e.o.Lost != nil {
		e.o.Lost(ix.name)
	}
	return err
}

func (ix *Index) server() meilisearch.IndexManager { return ix.engine.client.Index(ix.uid) }

// lose notes that the server refused what it should understand: the index is
// gone, or was made anew by a change, without its settings. One that is gone is
// made again at once, for the next call. The caller holds no lock.
func (ix *Index) lose(ctx context.Context, err error) error {
	if problemOf(err) != Failed {
		return err
	}
	ix.ready.Store(false)
	if isMissing(err) {
		_ = ix.prepare(ctx) // the next call says what it says
	}
	return err
}

// Apply implements [search.Index]. The server is given what it does not hold as it
// is: at the start of a process most is as it was, and of several processes that hear
// of a change one is the first. It returns when the server has carried the change out,
// which takes some ten milliseconds at best.
func (ix *Index) Apply(ctx context.Context, puts []search.Document, deletes []string) error {
	err := ix.begin(ctx, func() error { return ix.schema.CheckBatch(puts, deletes) })
	if err != nil || len(puts)+len(deletes) == 0 {
		return err
	}
	puts = lastOfEach(puts)
	ix.applying.RLock()
	defer ix.applying.RUnlock()
	tasks, terms, err := ix.give(ctx, puts, deletes)
	if err == nil {
		err = ix.engine.await(ctx, tasks...)
	}
	ix.doubted.note(puts, deletes, err != nil)
	if err != nil {
		return ix.lose(ctx, err)
	}
	ix.lengths.changed(len(puts) + len(deletes)) // whoever of several processes gave them
	ix.learn(terms, len(puts)+len(deletes))
	return nil
}

// learn notes terms that documents have now, so many of which were changed.
func (ix *Index) learn(terms []string, changed int) {
	ix.known.hear(terms, changed)
	lex := ix.lex.Load()
	ix.words.add(slices.DeleteFunc(terms, func(t string) bool { return !listed(lex, t) }))
}

// termsOf are the terms of documents that another process has given the server, if
// anything here depends on them.
func (ix *Index) termsOf(docs []search.Document) (terms []string) {
	if !ix.words.used() && !ix.known.used() {
		return nil
	}
	a := newAnalyser(ix.schema, ix.lex.Load())
	for _, d := range docs {
		_, of := a.store(d)
		terms = append(terms, of...)
	}
	return terms
}

// differing tells the documents that the server does not hold as they are from those
// that it does. A document of which a change may still be under way is none of these.
func (ix *Index) differing(ctx context.Context, docs []search.Document) (other, same []search.Document, err error) {
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = ix.coder.id(d.ID)
	}
	held := make(map[string]string, len(docs))
	for some := range slices.Chunk(ids, page) {
		hits, err := ix.readDocuments(ctx, &meilisearch.DocumentsQuery{Ids: some, Limit: page, Fields: []string{fieldID, fieldMark}})
		if err != nil {
			return nil, nil, err
		}
		for _, hit := range hits {
			id, err := field[string](hit, fieldID)
			if err != nil {
				return nil, nil, ix.failed(err)
			}
			if held[id], err = field[string](hit, fieldMark); err != nil {
				return nil, nil, ix.failed(err)
			}
		}
	}
	for i := range docs {
		if mark := held[ids[i]]; mark != "" && mark == documentMark(&docs[i]) && !ix.doubted.has(docs[i].ID) {
			same = append(same, docs[i])
		} else {
			other = append(other, docs[i])
		}
	}
	return other, same, nil
}

// lastOfEach keeps the last document of every ID.
func lastOfEach(docs []search.Document) []search.Document {
	last := make(map[string]int, len(docs))
	for i, d := range docs {
		last[d.ID] = i
	}
	if len(last) == len(docs) {
		return docs
	}
	out := make([]search.Document, 0, len(last))
	for i, d := range docs {
		if last[d.ID] == i {
			out = append(out, d)
		}
	}
	return out
}

// give hands the server what it does not hold as it is, and all of a change to a copy
// under way: that may have read a document before another process gave it. It returns the
// tasks, and the terms of the puts.
func (ix *Index) give(ctx context.Context, puts []search.Document, deletes []string) ([]*meilisearch.TaskInfo, []string, error) {
	ix.changing.RLock()
	defer ix.changing.RUnlock()
	other, same, err := ix.differing(ctx, puts)
	if err != nil {
		return nil, nil, err
	}
	tasks, terms, err := ix.change(ctx, ix.uid, ix.lex.Load(), other, deletes)
	if err != nil {
		return nil, nil, err
	}
	terms = append(terms, ix.termsOf(same)...)
	if ix.next == nil {
		return tasks, terms, nil
	}
	more, _, err := ix.change(ctx, ix.next.uid, ix.next.lex, puts, deletes)
	if err != nil {
		return nil, nil, err
	}
	ix.next.touch(puts, deletes)
	return append(tasks, more...), terms, nil
}

// mostPut is how many documents are given to the server at once.
const mostPut = 2000

// change gives the server the tasks that store and remove documents.
func (ix *Index) change(ctx context.Context, uid string, lex *lexicon.Lexicon, puts []search.Document, deletes []string) (tasks []*meilisearch.TaskInfo, terms []string, err error) {
	index := ix.engine.client.Index(uid)
	add := func(task func(context.Context) (*meilisearch.TaskInfo, error)) error {
		info, err := ix.engine.do(ctx, task)
		tasks = append(tasks, info)
		return err
	}
	a := newAnalyser(ix.schema, lex)
	for len(puts) > 0 {
		some := puts[:min(mostPut, len(puts))]
		puts = puts[len(some):]
		docs := make([]stored, len(some))
		for i, d := range some {
			var of []string
			docs[i], of = a.store(d)
			terms = append(terms, of...)
		}
		if err := ix.engine.embedDocuments(ctx, ix.schema, some, docs); err != nil {
			return nil, nil, err
		}
		err := add(func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return index.AddDocumentsWithContext(ctx, docs, &meilisearch.DocumentOptions{SkipCreation: false})
		})
		if err != nil {
			return nil, nil, err
		}
	}
	if len(deletes) == 0 {
		return tasks, terms, nil
	}
	ids := make([]string, len(deletes))
	for i, id := range deletes {
		ids[i] = ix.coder.id(id)
	}
	err = add(func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return index.DeleteDocumentsWithContext(ctx, ids, nil)
	})
	return tasks, terms, err
}

// Relex implements [search.Index]: the documents are copied into a new index of
// the server, which takes the place of the old one by a swap.
func (ix *Index) Relex(ctx context.Context, lex *lexicon.Lexicon) error {
	if err := ix.begin(ctx, func() error { return nil }); err != nil {
		return err
	}
	return ix.lose(ctx, ix.copyTo(ctx, lex))
}

// Stats implements [search.Index]. Bytes is what the server says its documents take.
func (ix *Index) Stats(ctx context.Context) (search.Stats, error) {
	if err := ix.begin(ctx, func() error { return nil }); err != nil {
		return search.Stats{}, err
	}
	s, err := ix.engine.stats(ctx, ix.uid)
	if err != nil {
		return search.Stats{}, ix.lose(ctx, err)
	}
	out := search.Stats{Documents: int(s.NumberOfDocuments), Building: ix.copies.Load() > 0}
	if size, ok := s.RawDocumentDbSize.(float64); ok {
		out.Bytes = int64(size)
	}
	return out, nil
}

// Close implements [search.Index]. The server keeps the index.
func (ix *Index) Close() error {
	ix.closed.Store(true)
	return nil
}

// failed marks an answer of the server that makes no sense.
func (ix *Index) failed(err error) error {
	return ix.engine.problem(NoServer, "", fmt.Errorf("index %s: %w", ix.uid, err))
}
