package embedded

import (
	"context"

	"jinghe/search"
	"jinghe/search/keyword"
)

// Suggest implements [search.Index]: values of suggest fields that match what
// was typed. Values that begin with it, or whose pinyin does, come first, then
// those that more documents carry, then shorter ones.
func (ix *Index) Suggest(ctx context.Context, prefix string, limit int, filter []search.Clause) ([]search.Suggestion, error) {
	v, err := ix.view(ctx)
	if err != nil {
		return nil, err
	}
	query := search.Query{Filter: filter}
	if err := ix.schema.CheckQuery(query); err != nil {
		return nil, err
	}
	limit = min(limit, keyword.MostSuggestions)
	if limit <= 0 || !keyword.HasContent(prefix) {
		return nil, nil
	}
	sc := ix.scratch.Get().(*scratch)
	defer ix.scratch.Put(sc)
	run := &searchRun{ix: ix, view: v, query: query, scratch: sc, scorer: newScorer(ix.schema, v)}
	run.compile(prefix)
	if len(run.keywords.units) == 0 {
		return nil, nil
	}
	run.begin()
	for i, p := range v.parts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		run.take(i, p, run.matching(p))
	}
	return run.suggestions(prefix, limit), nil
}

func (r *searchRun) suggestions(prefix string, limit int) []search.Suggestion {
	best := r.scratch.hits[:min(len(r.scratch.hits), keyword.MostCounted)]
	smallest(r.scratch.hits, len(best), r.order())
	completer := keyword.NewCompleter(r.ix.schema, r.view.lex, r.typed, prefix)
	for _, h := range best[:min(len(best), keyword.MostInspected)] {
		completer.Offer(r.view.parts[h.part].texts(h.doc))
	}
	for _, h := range best {
		completer.Count(r.view.parts[h.part].texts(h.doc))
	}
	return completer.Best(limit)
}
