package sqlrows

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Judgements returns the tables of decisions and marks.
func (t *Tx) Judgements() store.Judgements { return judgements{t} }

type judgements struct{ tx *Tx }

func (j judgements) PutDecisions(ctx context.Context, list []scene.Decision) error {
	for _, d := range list {
		if d.ID == "" {
			return j.tx.spoil(invalid("store.id_required", nil))
		}
		trim(&d.At)
		body, err := encode(d)
		if err != nil {
			return j.tx.spoil(err)
		}
		if _, err := j.tx.write(ctx, "INSERT INTO decision (id, need_id, offer_id, body) VALUES ($1, $2, $3, $4)"+
			" ON CONFLICT (id) DO UPDATE SET need_id = excluded.need_id, offer_id = excluded.offer_id, body = excluded.body",
			plain(d.ID), plain(d.Need), plain(d.Offer), body); err != nil {
			return err
		}
	}
	return nil
}

func (j judgements) Decisions(ctx context.Context, p store.Page) (store.Rows[scene.Decision], error) {
	return listBodies(ctx, &table[scene.Decision]{tx: j.tx, noun: "decision"}, clause{}, byID, p)
}

func (j judgements) DecisionsOn(ctx context.Context, listing scene.ID) ([]scene.Decision, error) {
	t := table[scene.Decision]{tx: j.tx, noun: "decision"}
	return t.bodies(ctx, "SELECT body FROM decision WHERE need_id = $1 OR offer_id = $1 ORDER BY id", plain(listing))
}

// pairKey identifies a pair: IDs hold no blanks.
func pairKey(need, offer scene.ID) string { return plain(need) + " " + plain(offer) }

func (j judgements) PutMark(ctx context.Context, m scene.Mark) error {
	if m.Need == "" || m.Offer == "" {
		return j.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&m.At)
	body, err := encode(m)
	if err != nil {
		return j.tx.spoil(err)
	}
	_, err = j.tx.write(ctx, "INSERT INTO pair_mark (id, need_id, offer_id, body) VALUES ($1, $2, $3, $4)"+
		" ON CONFLICT (id) DO UPDATE SET body = excluded.body",
		pairKey(m.Need, m.Offer), plain(m.Need), plain(m.Offer), body)
	return err
}

func (j judgements) DeleteDecision(ctx context.Context, id scene.ID) error {
	_, err := j.tx.write(ctx, "DELETE FROM decision WHERE id = $1", plain(id))
	return err
}

func (j judgements) DeleteMark(ctx context.Context, need, offer scene.ID) error {
	_, err := j.tx.write(ctx, "DELETE FROM pair_mark WHERE id = $1", pairKey(need, offer))
	return err
}

func (j judgements) Marks(ctx context.Context, p store.Page) (store.Rows[scene.Mark], error) {
	return listBodies(ctx, &table[scene.Mark]{tx: j.tx, noun: "pair_mark"}, clause{}, byID, p)
}

// Weights returns the tables of weight sets and their activations.
func (t *Tx) Weights() store.Weights { return weights{t} }

type weights struct{ tx *Tx }

func (w weights) table() *table[scene.WeightSet] {
	return &table[scene.WeightSet]{tx: w.tx, noun: "weight_set"}
}

func (w weights) Get(ctx context.Context, id scene.ID) (scene.WeightSet, error) {
	return w.table().get(ctx, id)
}

func (w weights) Put(ctx context.Context, set scene.WeightSet) error {
	if set.ID == "" {
		return w.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&set.Made)
	body, err := encode(set)
	if err != nil {
		return w.tx.spoil(err)
	}
	_, err = w.tx.write(ctx, "INSERT INTO weight_set (id, body) VALUES ($1, $2)", plain(set.ID), body)
	return err
}

func (w weights) List(ctx context.Context, p store.Page) (store.Rows[scene.WeightSet], error) {
	return listBodies(ctx, w.table(), clause{}, byID, p)
}

func (w weights) PutActivation(ctx context.Context, a scene.Activation) error {
	if a.ID == "" {
		return w.tx.spoil(invalid("store.id_required", nil))
	}
	if a.Set != "" {
		n, err := w.tx.count(ctx, "SELECT COUNT(*) FROM weight_set WHERE id = $1", plain(a.Set))
		if err != nil {
			return w.tx.spoil(err)
		}
		if n == 0 {
			return w.tx.spoil(&scene.Error{Code: scene.Precondition, Key: "store.reference"})
		}
	}
	trim(&a.At)
	trim(&a.Undone)
	body, err := encode(a)
	if err != nil {
		return w.tx.spoil(err)
	}
	_, err = w.tx.write(ctx, "INSERT INTO weight_activation (id, body) VALUES ($1, $2)"+
		" ON CONFLICT (id) DO UPDATE SET body = excluded.body", plain(a.ID), body)
	return err
}

func (w weights) Activations(ctx context.Context) ([]scene.Activation, error) {
	t := table[scene.Activation]{tx: w.tx}
	return t.bodies(ctx, "SELECT body FROM weight_activation ORDER BY id")
}
