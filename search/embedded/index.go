package embedded

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"jinghe/search"
	"jinghe/search/lexicon"
)

// Index is one collection of documents in memory. Searches never wait: they
// read the view that was current when they began. Changes are serialised, and
// merging goes on beside them.
type Index struct {
	schema  search.Schema
	current atomic.Pointer[view]
	scratch *sync.Pool

	writing  sync.Mutex // one change at a time
	stopping atomic.Bool
	merging  bool       // under writing: the merger runs
	relexing int        // under writing: rebuilds under way, 0 or 1; meanwhile nothing is merged
	merged   *sync.Cond // on writing: the merger has published or ended
	building atomic.Int32
}

func newIndex(s search.Schema, lex *lexicon.Lexicon) *Index {
	ix := &Index{schema: s.Clone()}
	ix.merged = sync.NewCond(&ix.writing)
	ix.scratch = &sync.Pool{New: func() any { return newScratch() }}
	ix.current.Store(newView(s, lex, nil))
	return ix
}

// Apply implements [search.Index]. One document takes well under a millisecond;
// a large batch is analysed as a whole before any of it is seen.
func (ix *Index) Apply(ctx context.Context, puts []search.Document, deletes []string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := ix.schema.CheckBatch(puts, deletes); err != nil {
		return err
	}
	ix.writing.Lock()
	defer ix.writing.Unlock()
	if ix.isClosed() {
		return errClosed()
	}
	added, err := ix.analyse(ctx, ix.current.Load().lex, puts)
	if err != nil {
		return err
	}
	gone := make(map[string]bool, len(puts)+len(deletes))
	for _, d := range puts {
		gone[d.ID] = true
	}
	for _, id := range deletes {
		gone[id] = true
	}
	old := ix.current.Load()
	parts := make([]part, 0, len(old.parts)+len(added))
	for _, p := range old.parts {
		parts = append(parts, p.without(gone))
	}
	for _, s := range added {
		parts = append(parts, part{segment: s})
	}
	ix.publish(old.lex, parts)
	for len(ix.current.Load().parts) > maxParts && ix.merging {
		ix.merged.Wait()
	}
	return nil
}

// analyse makes segments of documents, the last one of an ID winning.
func (ix *Index) analyse(ctx context.Context, lex *lexicon.Lexicon, docs []search.Document) ([]*segment, error) {
	const batch = 1 << 13
	last := make(map[string]int, len(docs))
	for i, d := range docs {
		last[d.ID] = i
	}
	var out []*segment
	for len(docs) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := min(batch, len(docs))
		base := len(out) * batch
		r := newRows(ix.schema, n)
		for i, d := range docs[:n] {
			if last[d.ID] == base+i {
				r.add(ix.schema, d)
			}
		}
		docs = docs[n:]
		r.pack()
		out = append(out, &segment{r, invert(ix.schema, lex, r)})
	}
	return slices.DeleteFunc(out, func(s *segment) bool { return s.len() == 0 }), nil
}

// publish makes parts the current view and wakes the merger where it has work.
// The caller holds writing.
func (ix *Index) publish(lex *lexicon.Lexicon, parts []part) {
	v := newView(ix.schema, lex, parts)
	ix.current.Store(v)
	if !ix.merging && ix.relexing == 0 && !ix.isClosed() && pickMerge(v.parts) != nil {
		ix.merging = true
		go ix.mergeAll() // Close and Settle wait for merging to become false
	}
}

// mergeAll merges until nothing is worth merging; Close ends it after the merge at work.
func (ix *Index) mergeAll() {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	defer ix.merged.Broadcast()
	defer func() { ix.merging = false }()
	for !ix.isClosed() && ix.relexing == 0 {
		v := ix.current.Load()
		group := pickMerge(v.parts)
		if group == nil {
			return
		}
		from := make([]part, len(group))
		for i, at := range group {
			from[i] = v.parts[at]
		}
		ix.writing.Unlock()
		merged := merge(ix.schema, from)
		ix.writing.Lock()
		if ix.current.Load().lex != v.lex {
			return // rebuilt meanwhile
		}
		ix.replace(from, merged)
		ix.merged.Broadcast()
	}
}

// replace puts the merged segment in the place of those it was made from,
// without what has been deleted from them meanwhile. The caller holds writing.
func (ix *Index) replace(from []part, merged *segment) {
	v := ix.current.Load()
	parts := []part{{segment: merged}}
	gone := make(map[string]bool)
	for _, p := range v.parts {
		i := slices.IndexFunc(from, func(f part) bool { return f.segment == p.segment })
		if i < 0 {
			parts = append(parts, p)
			continue
		}
		addNewlyDead(gone, from[i], p)
		from = slices.Delete(slices.Clone(from), i, i+1)
	}
	for _, p := range from { // wholly deleted meanwhile
		for doc, id := range p.ids {
			if !p.dead.has(uint16(doc)) {
				gone[id] = true
			}
		}
	}
	parts[0] = parts[0].without(gone)
	ix.current.Store(newView(ix.schema, v.lex, parts))
}

// addNewlyDead collects the documents deleted from a segment between two moments.
func addNewlyDead(gone map[string]bool, before, now part) {
	if now.deleted == before.deleted {
		return
	}
	now.dead.each(func(doc uint16) {
		if !before.dead.has(doc) {
			gone[now.ids[doc]] = true
		}
	})
}

// Settle waits until no merge is under way, for measurements and tests.
func (ix *Index) Settle() {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	for ix.merging {
		ix.merged.Wait()
	}
}

// Relex implements [search.Index]. It analyses a snapshot while changes go on,
// then what has changed meanwhile, and switches at once. Cancelling the context
// leaves everything as it was. Relexes run one after the other.
func (ix *Index) Relex(ctx context.Context, lex *lexicon.Lexicon) error {
	ix.building.Add(1)
	defer ix.building.Add(-1)
	ix.writing.Lock()
	defer ix.writing.Unlock()
	for ix.relexing > 0 || ix.merging {
		ix.merged.Wait()
	}
	if ix.isClosed() {
		return errClosed()
	}
	ix.relexing++
	err := ix.relex(ctx, lex)
	ix.relexing--
	ix.merged.Broadcast()
	if err == nil {
		ix.publish(lex, ix.current.Load().parts) // merging may go on
	}
	return err
}

// relex is called with writing held and gives it up while it analyses.
func (ix *Index) relex(ctx context.Context, lex *lexicon.Lexicon) error {
	before := ix.current.Load()
	ix.writing.Unlock()
	rebuilt := make(map[*segment]*segment, len(before.parts))
	var err error
	for _, p := range before.parts {
		if err = ctx.Err(); err != nil || ix.isClosed() {
			break
		}
		rebuilt[p.segment] = &segment{p.rows, invert(ix.schema, lex, p.rows)}
	}
	ix.writing.Lock()
	if err != nil {
		return err
	}
	if ix.isClosed() {
		return errClosed()
	}
	parts := slices.Clone(ix.current.Load().parts)
	for i, p := range parts {
		s := rebuilt[p.segment]
		if s == nil { // added meanwhile
			s = &segment{p.rows, invert(ix.schema, lex, p.rows)}
		}
		parts[i].segment = s
	}
	ix.current.Store(newView(ix.schema, lex, parts))
	return nil
}

// Stats implements [search.Index].
func (ix *Index) Stats(ctx context.Context) (search.Stats, error) {
	v, err := ix.view(ctx)
	if err != nil {
		return search.Stats{}, err
	}
	s := search.Stats{Documents: v.docs, Building: ix.building.Load() > 0}
	for _, p := range v.parts {
		s.Bytes += int64(p.rows.size() + p.inverted.size())
	}
	return s, nil
}

// Close implements [search.Index]. It waits for a merge under way.
func (ix *Index) Close() error {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	ix.stopping.Store(true)
	for ix.merging {
		ix.merged.Wait()
	}
	ix.current.Store(newView(ix.schema, ix.current.Load().lex, nil))
	return nil
}

func (ix *Index) isClosed() bool { return ix.stopping.Load() }

// view returns what a call that begins now sees.
func (ix *Index) view(ctx context.Context) (*view, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if ix.isClosed() {
		return nil, errClosed()
	}
	return ix.current.Load(), nil
}
