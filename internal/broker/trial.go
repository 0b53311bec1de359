package broker

import (
	"context"
	"slices"
	"time"

	"jinghe/internal/evaluate"
	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search"
)

// Trial puts a graded collection before a market, the way the product would:
// documents are offers, topics are needs. It implements evaluate.Ranker.
type Trial struct {
	engine *match.Engine
	opener search.Engine
	market *Market
	care   match.Care
}

// NewTrial returns a trial; with a nil opener every document is scored for every topic.
func NewTrial(engine *match.Engine, opener search.Engine) *Trial {
	return &Trial{engine: engine, opener: opener}
}

// WithCare lets the first ten of each ranking stand by rules besides the score.
func (t *Trial) WithCare(c match.Care) *Trial {
	t.care = c
	return t
}

// Load fills a new market with the collection and lets it learn.
func (t *Trial) Load(ctx context.Context, documents []evaluate.Document, topics []evaluate.Topic) error {
	m, err := New(ctx, t.engine, t.opener)
	if err != nil {
		return err
	}
	offers := make([]Offer, len(documents))
	for i, d := range documents {
		title, text := d.Title, d.Text
		if title == "" {
			title, text = text, ""
		}
		offers[i].Listing = &scene.Capability{
			Listing: scene.Listing{ID: scene.ID(d.ID), Name: title}, Description: text,
		}
	}
	needs := make([]Need, len(topics))
	for i, topic := range topics {
		needs[i].Listing = opportunity(topic)
	}
	if err := m.LoadOffers(ctx, offers); err != nil {
		return err
	}
	if err := m.LoadNeeds(ctx, needs); err != nil {
		return err
	}
	t.market = m
	if err := m.Learn(ctx); err != nil || !t.care.On() {
		return err
	}
	return m.Tally(ctx, Options{})
}

func opportunity(t evaluate.Topic) *scene.Opportunity {
	return &scene.Opportunity{Listing: scene.Listing{ID: scene.ID(t.ID), Name: t.Text}, Need: t.Content}
}

// Rank returns the best documents for a topic.
func (t *Trial) Rank(ctx context.Context, topic evaluate.Topic, depth int) ([]evaluate.Scored, error) {
	need := t.need(topic)
	rows, _, err := t.market.offers.candidates(ctx, need.profile, t.engine.Weights().Text, depth)
	if err != nil {
		return nil, err
	}
	list, err := t.score(ctx, need, rows)
	list = list[:min(len(list), depth)]
	if err != nil || !t.care.On() {
		return plain(list), err
	}
	list, _ = t.market.cared(list, Options{Care: t.care, Lang: locale.Zh})
	out := plain(list)
	for i := range out {
		out[i].Score = 1 / float64(1+i) // the place is all that counts
	}
	return out, nil
}

func plain(list []scored) []evaluate.Scored {
	out := make([]evaluate.Scored, len(list))
	for i, s := range list {
		out[i] = evaluate.Scored{ID: string(s.counterpart.Ref.ID), Score: s.score.Raw}
	}
	return out
}

// ScoreOnly scores the named documents.
func (t *Trial) ScoreOnly(ctx context.Context, topic evaluate.Topic, ids []string) ([]evaluate.Scored, error) {
	var rows []*entry
	for _, id := range ids {
		if e, ok := t.market.offers.get(scene.ID(id)); ok {
			rows = append(rows, e)
		}
	}
	list, err := t.score(ctx, t.need(topic), rows)
	return plain(list), err
}

func (t *Trial) need(topic evaluate.Topic) *entry {
	if e, ok := t.market.needs.get(scene.ID(topic.ID)); ok {
		return e
	}
	return &entry{profile: t.engine.Need(opportunity(topic), nil)}
}

func (t *Trial) score(ctx context.Context, need *entry, rows []*entry) ([]scored, error) {
	score, err := t.market.scorer(ctx, need, Options{Now: time.Time{}}, nil)
	if err != nil {
		return nil, err
	}
	list, err := score(rows)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, byScore)
	return list, nil
}
