package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"
)

// server is Meilisearch with the settings it comes with, but for the fields and
// the language: its own segmentation of Chinese, its own ranking.
type server struct {
	client meilisearch.ServiceManager
	uid    string
	names  map[string]string // code → ID
	docs   int
}

func openMeilisearch(address, key string) (peer, error) {
	return &server{
		client: meilisearch.New(address, meilisearch.WithAPIKey(key)),
		uid:    "peers_" + strings.ToLower(rand.Text()), names: make(map[string]string),
	}, nil
}

// taskWait is how long one change may take.
const taskWait = time.Hour

func (s *server) do(ctx context.Context, task func(context.Context) (*meilisearch.TaskInfo, error)) error {
	ctx, cancel := context.WithTimeout(ctx, taskWait)
	defer cancel()
	info, err := task(ctx)
	if err != nil {
		return err
	}
	done, err := s.client.WaitForTaskWithContext(ctx, info.TaskUID, 50*time.Millisecond)
	if err != nil {
		return err
	}
	if done.Status != meilisearch.TaskStatusSucceeded {
		return errors.New(done.Error.Message)
	}
	return nil
}

// code makes an ID of letters that the server takes.
func (s *server) code(id string) string {
	code := regexp.MustCompile(`[^A-Za-z0-9-]`).ReplaceAllStringFunc(id, func(c string) string { return fmt.Sprintf("_%x", c) })
	s.names[code] = id
	return code
}

func (s *server) index(ctx context.Context, docs []document) error {
	s.docs = len(docs)
	err := s.do(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return s.client.CreateIndexWithContext(ctx, &meilisearch.IndexConfig{Uid: s.uid, PrimaryKey: "id"})
	})
	if err != nil {
		return err
	}
	err = s.do(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return s.client.Index(s.uid).UpdateSettingsWithContext(ctx, &meilisearch.Settings{
			SearchableAttributes: []string{"title", "text"}, FilterableAttributes: append(facetNames(), "id"),
			LocalizedAttributes: []*meilisearch.LocalizedAttributes{{Locales: []string{"cmn"}, AttributePatterns: []string{"*"}}},
			Pagination:          &meilisearch.Pagination{MaxTotalHits: int64(max(1000, len(docs)))},
		})
	})
	if err != nil {
		return err
	}
	const batch = 5000
	for len(docs) > 0 {
		some := docs[:min(batch, len(docs))]
		docs = docs[len(some):]
		rows := make([]map[string]string, len(some))
		for i, d := range some {
			rows[i] = map[string]string{"id": s.code(d.id), "title": d.title, "text": d.text}
			for name, value := range d.facets {
				rows[i][name] = value
			}
		}
		err := s.do(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return s.client.Index(s.uid).AddDocumentsWithContext(ctx, rows, nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *server) find(ctx context.Context, words []string, region string) (int, error) {
	r, err := s.client.Index(s.uid).SearchWithContext(ctx, strings.Join(words, " "), &meilisearch.SearchRequest{
		MatchingStrategy: meilisearch.All, Filter: fmt.Sprintf("region = %q", region), Facets: facetNames(),
		AttributesToHighlight: []string{"title", "text"}, Limit: 20,
	})
	if err != nil {
		return 0, err
	}
	return int(r.EstimatedTotalHits), nil
}

// rank sends the need as it is: the server reads its first ten words.
func (s *server) rank(ctx context.Context, n need, limit int, only []string) ([]scored, error) {
	request := &meilisearch.SearchRequest{
		MatchingStrategy: meilisearch.Frequency, Limit: int64(limit), AttributesToRetrieve: []string{"id"}, ShowRankingScore: true,
	}
	if only != nil {
		codes := make([]string, len(only))
		for i, id := range only {
			codes[i] = fmt.Sprintf("%q", s.code(id))
		}
		request.Filter, request.Limit = "id IN ["+strings.Join(codes, ", ")+"]", int64(len(only))
	}
	r, err := s.client.Index(s.uid).SearchWithContext(ctx, n.title+" "+n.body, request)
	if err != nil {
		return nil, err
	}
	out := make([]scored, len(r.Hits))
	for i, hit := range r.Hits {
		var code string
		if err := errors.Join(json.Unmarshal(hit["id"], &code), json.Unmarshal(hit["_rankingScore"], &out[i].score)); err != nil {
			return nil, err
		}
		out[i].id = s.names[code]
	}
	return out, nil
}

func (s *server) disk(ctx context.Context) (int64, error) {
	stats, err := s.client.GetStatsWithContext(ctx, nil)
	if err != nil {
		return 0, err
	}
	size, _ := stats.DatabaseSize.(float64)
	return int64(size), nil
}

func (s *server) close(ctx context.Context) error {
	return s.do(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return s.client.DeleteIndexWithContext(ctx, s.uid)
	})
}
