package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"jinghe/internal/app"
	"jinghe/internal/broker"
	"jinghe/internal/evaluate"
	"jinghe/search/embedded"
)

// quality is how well an engine ranks a graded collection.
type quality struct {
	Set, As                  string // As: another name than the engine's, where it has two ways
	NDCG, MAP, Recall, Pairs float64
}

// sets are the graded collections and the least grade that counts as relevant.
func sets() map[string]int {
	return map[string]int{"tech-needs": 2, "news-questions": 1, "job-titles": 1}
}

// judge measures an engine on every collection; the program also as a whole, as
// its matching ranks what the index retrieves.
func judge(ctx context.Context, name, data string) (all []quality, err error) {
	for _, set := range []string{"tech-needs", "news-questions", "job-titles"} {
		collection, err := evaluate.ReadCollection(filepath.Join(data, "matching", set))
		if err != nil {
			return nil, err
		}
		q, err := judgeOne(ctx, name, set, collection)
		if err != nil {
			return nil, err
		}
		all = append(all, q)
		if name != "jinghe" {
			continue
		}
		if q, err = judgeProgram(ctx, set, collection); err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	return all, nil
}

func judgeOne(ctx context.Context, name, set string, c *evaluate.Collection) (q quality, err error) {
	dir, err := os.MkdirTemp("", "peers-")
	if err != nil {
		return q, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	engine, err := open(name, dir)
	if err != nil {
		return q, err
	}
	defer func() { err = errors.Join(err, engine.close(ctx)) }()
	return evaluated(ctx, set, c, &ranker{engine})
}

func judgeProgram(ctx context.Context, set string, c *evaluate.Collection) (quality, error) {
	kit, err := app.NewKit()
	if err != nil {
		return quality{}, err
	}
	index := embedded.New(kit.Lexicon)
	defer func() { _ = index.Close() }()
	q, err := evaluated(ctx, set, c, broker.NewTrial(kit.Engine, index))
	q.As = "Jinghe, matching included"
	return q, err
}

func evaluated(ctx context.Context, set string, c *evaluate.Collection, r evaluate.Ranker) (quality, error) {
	report, err := evaluate.Retrieval(ctx, evaluate.RetrievalOptions{Collection: c, Ranker: r, MinRel: sets()[set]}, nil)
	if err != nil {
		return quality{}, err
	}
	means := make(map[string]float64)
	for _, m := range report.Measures {
		means[m.Name] = m.Mean
	}
	return quality{Set: set, NDCG: means["nDCG@10"], MAP: means["MAP"], Recall: means["R@100"], Pairs: means["pair accuracy"]}, nil
}

// ranker puts an engine before the measures.
type ranker struct{ engine peer }

func (r *ranker) Load(ctx context.Context, documents []evaluate.Document, _ []evaluate.Topic) error {
	docs := make([]document, len(documents))
	for i, d := range documents {
		docs[i] = document{id: d.ID, title: d.Title, text: d.Text}
	}
	return r.engine.index(ctx, docs)
}

func (r *ranker) Rank(ctx context.Context, t evaluate.Topic, depth int) ([]evaluate.Scored, error) {
	return r.ranked(ctx, t, depth, nil)
}

func (r *ranker) ScoreOnly(ctx context.Context, t evaluate.Topic, ids []string) ([]evaluate.Scored, error) {
	return r.ranked(ctx, t, len(ids), ids)
}

func (r *ranker) ranked(ctx context.Context, t evaluate.Topic, depth int, only []string) ([]evaluate.Scored, error) {
	found, err := r.engine.rank(ctx, need{t.Text, t.Content}, depth, only)
	out := make([]evaluate.Scored, len(found))
	for i, s := range found {
		out[i] = evaluate.Scored{ID: s.id, Score: s.score}
	}
	return out, err
}
