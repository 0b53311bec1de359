package meili

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"jinghe/search"
	"jinghe/search/keyword"
	"jinghe/search/lexicon"
)

// Retrieval for a page-long need asks for the documents of each of its most
// telling terms, adds up what they are worth, and ranks the best here by all
// terms. A rare term is answered completely; of the documents with a common one
// only those come that have it in the weightiest field.
const (
	needTerms     = 64  // short queries, one for each telling term
	perTerm       = 300 // documents of one term
	reorderTerms  = 96  // terms that count in the ranking
	reorderFactor = 2   // documents ranked, as a multiple of the limit
	leastRanked   = 400
	mostLookups   = 256 // frequencies asked for one need; those of earlier needs are known
)

// Candidates implements [search.Index].
func (ix *Index) Candidates(ctx context.Context, n search.Need) ([]search.Candidate, error) {
	found, err := ix.candidates(ctx, n)
	return found, ix.lose(ctx, err)
}

func (ix *Index) candidates(ctx context.Context, n search.Need) ([]search.Candidate, error) {
	if err := ix.begin(ctx, func() error { return ix.schema.CheckNeed(n) }); err != nil {
		return nil, err
	}
	limit := n.Limit
	if limit == 0 {
		limit = search.DefaultCandidates
	}
	lex := ix.lex.Load()
	terms, docs, err := ix.distil(ctx, lex, n)
	if err != nil || len(terms) == 0 {
		return nil, err
	}
	ids, err := ix.gather(ctx, lex, n, terms, docs, max(limit*reorderFactor, leastRanked))
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	hits, err := ix.score(ctx, lex, ids, terms[:min(reorderTerms, len(terms))], docs)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(hits, byScore)
	out := make([]search.Candidate, 0, min(limit, len(hits)))
	for _, h := range hits[:min(limit, len(hits))] {
		if h.score > 0 {
			out = append(out, search.Candidate{ID: h.id, Score: h.score / hits[0].score})
		}
	}
	return out, nil
}

// distil weighs the terms of a need, the most telling first. Weight is without
// the document frequency, by which the list is ordered too.
func (ix *Index) distil(ctx context.Context, lex *lexicon.Lexicon, n search.Need) ([]keyword.Term, int, error) {
	weights := keyword.Distil(lex, n)
	terms := make([]keyword.Term, 0, len(weights))
	for term, w := range weights {
		terms = append(terms, keyword.Term{Text: term, Weight: w})
	}
	slices.SortFunc(terms, func(a, b keyword.Term) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), strings.Compare(a.Text, b.Text))
	})
	names := make([]string, len(terms))
	for i := range terms {
		names[i] = terms[i].Text
	}
	docs, counts, err := ix.known.lookup(ctx, ix, lex, names, lookup{most: mostLookups})
	if err != nil {
		return nil, 0, err
	}
	for i := range terms {
		terms[i].Docs = counts[i]
	}
	terms = slices.DeleteFunc(terms, func(t keyword.Term) bool { return t.Docs == 0 })
	worth := func(t keyword.Term) float64 { return t.Weight * keyword.IDF(docs, t.Docs) }
	slices.SortFunc(terms, func(a, b keyword.Term) int {
		return cmp.Or(cmp.Compare(worth(b), worth(a)), strings.Compare(a.Text, b.Text))
	})
	return terms, docs, nil
}

// gather returns the codes of the n documents for which the telling terms say most.
func (ix *Index) gather(ctx context.Context, lex *lexicon.Lexicon, need search.Need, terms []keyword.Term, docs, n int) ([]string, error) {
	terms = terms[:min(needTerms, len(terms))]
	condition := ix.condition(need.Filter, "")
	queries := make([]*meilisearch.SearchRequest, 0, len(terms)+1)
	for _, t := range terms {
		queries = append(queries, &meilisearch.SearchRequest{
			IndexUID: ix.uid, Query: quoted(ix.coder.code(t.Text)), MatchingStrategy: meilisearch.All,
			Filter: filterOf(condition), Limit: perTerm, AttributesToRetrieve: []string{fieldID},
		})
	}
	more, err := ix.meaning(ctx, need, condition)
	if err != nil {
		return nil, err
	}
	answers, err := ix.engine.multi(ctx, append(queries, more...))
	if err != nil {
		return nil, err
	}
	sums := make(map[string]float64)
	for i, a := range answers {
		worth := 0.0 // what is near in meaning is ranked, too, though no term finds it
		if i < len(terms) {
			worth = terms[i].Weight * keyword.IDF(docs, terms[i].Docs)
		}
		for _, hit := range a.Hits {
			id, err := field[string](hit, fieldID)
			if err != nil {
				return nil, ix.failed(err)
			}
			sums[id] += worth
		}
	}
	ids := make([]string, 0, len(sums))
	for id := range sums {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(sums[b], sums[a]), strings.Compare(a, b))
	})
	return ids[:min(n, len(ids))], nil
}

// score reads the documents and ranks them by all terms.
func (ix *Index) score(ctx context.Context, lex *lexicon.Lexicon, ids []string, terms []keyword.Term, docs int) ([]hit, error) {
	var answer meilisearch.DocumentsResult
	_, err := ask(ctx, ix.engine, ix.engine.o.ReadTimeout, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, ix.server().GetDocumentsWithContext(ctx, &meilisearch.DocumentsQuery{Ids: ids, Limit: int64(len(ids))}, &answer)
	})
	if err != nil {
		return nil, err
	}
	averages, err := ix.lengths.of(ctx, ix)
	if err != nil {
		return nil, err
	}
	r := &run{ix: ix}
	hits, err := r.hits(answer.Results)
	if err != nil {
		return nil, ix.failed(err)
	}
	names := make([]string, len(terms))
	for i, t := range terms {
		names[i] = t.Text
	}
	sc := newScorer(ix.schema, lex, averages, docs, names)
	for i := range hits {
		if len(hits[i].lengths) != len(ix.schema.Text) {
			hits[i].lengths = averages
		}
		sc.look(hits[i].texts)
		for _, t := range terms {
			hits[i].score += sc.of(t, hits[i].lengths)
		}
	}
	return hits, nil
}
