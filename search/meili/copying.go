package meili

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"jinghe/search"
	"jinghe/search/lexicon"
)

// copying is a copy of an index into a new one, made with another lexicon.
type copying struct {
	uid string
	lex *lexicon.Lexicon

	mu      sync.Mutex
	touched map[string]bool // documents changed since: the copy has them already
	gone    int             // documents deleted since
}

func (c *copying) touch(puts []search.Document, deletes []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range puts {
		c.touched[d.ID] = true
	}
	for _, id := range deletes {
		c.touched[id] = true
	}
	c.gone += len(deletes)
}

// deleted counts the deletes since the copy began.
func (c *copying) deleted() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.gone
}

// untouched drops the documents that were changed since the copy began.
func (c *copying) untouched(docs []search.Document) []search.Document {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(docs, func(d search.Document) bool { return c.touched[d.ID] })
}

// abandon is how long clearing up after a copy may take.
const abandon = 30 * time.Second

// copyTo copies the index into a new one that is set up for lex, swaps the two
// and deletes the old one. Changes meanwhile go to both. A failure leaves
// everything as it was.
func (ix *Index) copyTo(ctx context.Context, lex *lexicon.Lexicon) (err error) {
	ix.relexing.Lock()
	defer ix.relexing.Unlock()
	ix.copies.Add(1)
	defer ix.copies.Add(-1)
	c := &copying{uid: ix.uid + "_next", lex: lex, touched: make(map[string]bool)}
	if err := ix.engine.drop(ctx, c.uid); err != nil { // left by a copy that was cut off
		return err
	}
	if err := ix.engine.create(ctx, c.uid, settings(ix.schema, lex, ix.engine.o.Embedder)); err != nil {
		return err
	}
	ix.announce(c)
	ix.settle()
	defer func() {
		ix.announce(nil)
		after, cancel := context.WithTimeout(context.WithoutCancel(ctx), abandon)
		defer cancel()
		if dropped := ix.engine.drop(after, c.uid); err == nil {
			err = dropped
		}
	}()
	last, err := ix.copyDocuments(ctx, c)
	if err != nil {
		return err
	}
	return ix.takePlace(ctx, c, last)
}

// settle waits for the changes that were given before: they are there when the
// documents are read.
func (ix *Index) settle() {
	ix.applying.Lock()
	defer ix.applying.Unlock()
}

func (ix *Index) announce(c *copying) {
	ix.changing.Lock()
	defer ix.changing.Unlock()
	ix.next = c
}

// page is how many documents are read at once.
const page = 1000

// copyDocuments reads every document and gives it to the copy. It returns the
// last task, after which the others are done.
func (ix *Index) copyDocuments(ctx context.Context, c *copying) (last []*meilisearch.TaskInfo, err error) {
	for offset := 0; ; {
		before := c.deleted()
		docs, err := ix.read(ctx, offset)
		if err != nil {
			return nil, err
		}
		n := len(docs)
		if last, err = ix.giveCopy(ctx, c, docs, last); err != nil {
			return nil, err
		}
		if n < page {
			return last, nil
		}
		// What was deleted may have moved the rest to the front: some are read twice.
		offset = max(0, offset+n-(c.deleted()-before))
	}
}

// giveCopy stores documents in the copy, but for those that a change has put there already.
func (ix *Index) giveCopy(ctx context.Context, c *copying, docs []search.Document, last []*meilisearch.TaskInfo) ([]*meilisearch.TaskInfo, error) {
	ix.changing.Lock()
	defer ix.changing.Unlock()
	docs = c.untouched(docs)
	if len(docs) == 0 {
		return last, nil
	}
	tasks, _, err := ix.change(ctx, c.uid, c.lex, docs, nil)
	return tasks, err
}

// read returns documents as they were stored.
func (ix *Index) read(ctx context.Context, offset int) ([]search.Document, error) {
	hits, err := ix.readFields(ctx, offset)
	if err != nil {
		return nil, err
	}
	a := newAnalyser(ix.schema, ix.lex.Load())
	docs := make([]search.Document, 0, len(hits))
	for _, hit := range hits {
		d, err := a.restore(hit)
		if err != nil {
			return nil, ix.failed(err)
		}
		docs = append(docs, d)
	}
	return docs, nil
}

// IDs implements [search.Lister].
func (ix *Index) IDs(ctx context.Context) ([]string, error) {
	if err := ix.begin(ctx, func() error { return nil }); err != nil {
		return nil, err
	}
	var ids []string
	for offset := 0; ; offset += page {
		hits, err := ix.readFields(ctx, offset, fieldID)
		if ix.lose(ctx, err) != nil {
			if isMissing(err) && ix.ready.Load() { // made anew: it holds nothing
				return nil, nil
			}
			return nil, err
		}
		for _, hit := range hits {
			id, err := ix.coder.hitID(hit)
			if err != nil {
				return nil, ix.failed(err)
			}
			ids = append(ids, id)
		}
		if len(hits) < page {
			return ids, nil
		}
	}
}

// readFields returns a page of documents, with the named fields or all.
func (ix *Index) readFields(ctx context.Context, offset int, fields ...string) (meilisearch.Hits, error) {
	return ix.readDocuments(ctx, &meilisearch.DocumentsQuery{Offset: int64(offset), Limit: page, Fields: fields})
}

func (ix *Index) readDocuments(ctx context.Context, q *meilisearch.DocumentsQuery) (meilisearch.Hits, error) {
	var answer meilisearch.DocumentsResult
	_, err := ask(ctx, ix.engine, ix.engine.o.WriteTimeout, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, ix.server().GetDocumentsWithContext(ctx, q, &answer)
	})
	return answer.Results, err
}

// takePlace swaps the copy with the index, while changes wait.
func (ix *Index) takePlace(ctx context.Context, c *copying, last []*meilisearch.TaskInfo) error {
	ix.changing.Lock()
	defer ix.changing.Unlock()
	if err := ix.engine.await(ctx, last...); err != nil {
		return err
	}
	err := ix.engine.doTogether(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return ix.engine.client.SwapIndexesWithContext(ctx, []*meilisearch.SwapIndexesParams{{Indexes: []string{ix.uid, c.uid}}})
	})
	if codeOf(err) == missingTask {
		err = ix.awaitMark(ctx, mark(ix.schema, c.lex, ix.engine.o.Embedder))
	}
	if err != nil {
		return err
	}
	ix.lex.Store(c.lex)
	ix.next = nil
	ix.forget()
	return nil
}

// awaitMark waits until the index is the one of that mark: a key that is limited
// to some indexes may swap two of them, but not see the task.
func (ix *Index) awaitMark(ctx context.Context, want string) error {
	_, err := ask(ctx, ix.engine, ix.engine.o.WriteTimeout, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, until(ctx, func() (bool, error) {
			dictionary, err := ix.server().GetDictionaryWithContext(ctx)
			return slices.Equal(dictionary, []string{want}), err
		})
	})
	return err
}
