package broker

import (
	"context"
	"slices"

	"jinghe/internal/evaluate"
	"jinghe/internal/scene"
)

// Describe returns what the engine sees of each pair, and how the pair stands
// within the list: evaluate.Describer.
func (t *Trial) Describe(ctx context.Context, topic evaluate.Topic, ids []string) ([][]float64, error) {
	need := t.need(topic)
	l := t.market.lesson.Load()
	q := t.market.query(need, l)
	feedback, err := t.market.feedback(ctx, need, q, l, nil)
	if err != nil {
		return nil, err
	}
	q.Feed(feedback)
	rows := make([][]float64, len(ids))
	raws := make([]float64, 0, len(ids))
	for i, id := range ids {
		e, ok := t.market.offers.get(scene.ID(id))
		if !ok {
			continue
		}
		rows[i] = q.Describe(e.profile, e.vector(l))
		raws = append(raws, rows[i][0])
	}
	slices.Sort(raws)
	width := 0
	for _, r := range rows {
		width = max(width, len(r))
	}
	for i, r := range rows {
		if r == nil {
			r = make([]float64, width)
		}
		below, _ := slices.BinarySearch(raws, r[0])
		rank := float64(below) / float64(max(len(raws), 1))
		best := 0.0
		if len(raws) > 0 {
			best = raws[len(raws)-1]
		}
		rows[i] = slices.Concat(r, []float64{rank, best, best - r[0], float64(len(ids))})
	}
	return rows, nil
}

// PlaceTopic returns a topic's place in latent space.
func (t *Trial) PlaceTopic(topic evaluate.Topic) []float32 {
	return t.need(topic).vector(t.market.lesson.Load())
}

// PlaceDocument returns a document's place in latent space.
func (t *Trial) PlaceDocument(id string) []float32 {
	if e, ok := t.market.offers.get(scene.ID(id)); ok {
		return e.vector(t.market.lesson.Load())
	}
	return nil
}
