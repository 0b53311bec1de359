package meili

import (
	"context"

	"github.com/meilisearch/meilisearch-go"

	"jinghe/search"
	"jinghe/search/keyword"
)

// Suggest implements [search.Index]: values of suggest fields that match what
// was typed. Values that begin with it, or whose pinyin does, come first, then
// those that more documents carry, then shorter ones.
func (ix *Index) Suggest(ctx context.Context, prefix string, limit int, filter []search.Clause) ([]search.Suggestion, error) {
	found, err := ix.suggest(ctx, prefix, limit, filter)
	return found, ix.lose(ctx, err)
}

func (ix *Index) suggest(ctx context.Context, prefix string, limit int, filter []search.Clause) ([]search.Suggestion, error) {
	query := search.Query{Text: prefix, Filter: filter, Limit: keyword.MostCounted}
	if err := ix.begin(ctx, func() error { return ix.schema.CheckQuery(query) }); err != nil {
		return nil, err
	}
	limit = min(limit, keyword.MostSuggestions)
	if limit <= 0 || !keyword.HasContent(prefix) {
		return nil, nil
	}
	r, err := ix.understand(ctx, query)
	if err != nil || r.impossible {
		return nil, err
	}
	request := r.find("")
	request.Query = everywhere + " " + request.Query
	request.Limit = keyword.MostCounted
	for i, f := range ix.schema.Text {
		if f.Suggest {
			request.AttributesToRetrieve = append(request.AttributesToRetrieve, textName(i))
		}
	}
	if len(request.AttributesToRetrieve) == 0 {
		return nil, nil
	}
	answers, err := ix.engine.multi(ctx, []*meilisearch.SearchRequest{request})
	if err != nil {
		return nil, err
	}
	completer := keyword.NewCompleter(ix.schema, r.lex, r.keywords, prefix)
	values := make([][]string, len(answers[0].Hits))
	for i, hit := range answers[0].Hits {
		if values[i], err = texts(ix.schema, hit); err != nil {
			return nil, ix.failed(err)
		}
		if i < keyword.MostInspected {
			completer.Offer(values[i])
		}
	}
	for _, v := range values {
		completer.Count(v)
	}
	return completer.Best(limit), nil
}
