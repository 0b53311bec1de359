package sqlrows

import (
	"context"
	"database/sql"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Engagements returns the tables of the pairs that people work on.
func (t *Tx) Engagements() store.Engagements { return engagements{t} }

type engagements struct{ tx *Tx }

func (e engagements) table() *table[scene.Engagement] {
	return &table[scene.Engagement]{tx: e.tx, noun: "engagement"}
}

func (e engagements) Get(ctx context.Context, id scene.ID) (scene.Engagement, error) {
	return e.table().get(ctx, id)
}

func (e engagements) Find(ctx context.Context, need, offer scene.ID) (scene.Engagement, error) {
	return e.table().one(ctx, "WHERE open_pair = $1", map[string]any{"id": string(need) + " " + string(offer)}, pairKey(need, offer))
}

func (e engagements) Put(ctx context.Context, row scene.Engagement) (scene.Engagement, error) {
	if row.ID == "" || row.Need == "" || row.Offer == "" {
		return row, e.tx.spoil(invalid("store.id_required", nil))
	}
	trimEngagement(&row)
	seen := row.Revision
	row.Revision++
	pair := pairKey(row.Need, row.Offer)
	if !row.Stage.Open() {
		pair = plain(row.ID) // holds no blank, so it is no pair
	}
	due := int64(0)
	if row.Next.Known() && !row.Stage.Ended() {
		due = row.Next.Due.UnixMicro()
	}
	err := revised(ctx, e.tx, "engagement", []string{"updated", "need_id", "offer_id", "need_org", "offer_org", "stage", "open_pair", "due"},
		row.ID, seen, &row, row.Updated.UnixMicro(), plain(row.Need), plain(row.Offer), plain(row.NeedOrg), plain(row.OfferOrg),
		plain(row.Stage), pair, due)
	if err != nil {
		return row, err
	}
	return row, e.seat(ctx, &row)
}

// seat writes who has a part beside the two sides.
func (e engagements) seat(ctx context.Context, row *scene.Engagement) error {
	if row.Revision > 1 {
		if _, err := e.tx.write(ctx, "DELETE FROM engagement_partner WHERE engagement_id = $1", plain(row.ID)); err != nil {
			return err
		}
	}
	for i := range row.Partners {
		_, err := e.tx.write(ctx, "INSERT INTO engagement_partner (engagement_id, org_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
			plain(row.ID), plain(row.Partners[i].Org))
		if err != nil {
			return err
		}
	}
	return nil
}

func (e engagements) Note(ctx context.Context, row scene.Engagement) error {
	trimEngagement(&row)
	body, err := encode(row)
	if err != nil {
		return e.tx.spoil(err)
	}
	n, err := e.tx.write(ctx, "UPDATE engagement SET body = $1 WHERE id = $2 AND revision = $3", body, plain(row.ID), row.Revision)
	if err == nil && n != 1 {
		err = e.tx.spoil(&scene.Error{Code: scene.Conflict, Key: "store.stale", Args: map[string]any{"id": string(row.ID), "revision": row.Revision}})
	}
	return err
}

func trimEngagement(row *scene.Engagement) {
	trim(&row.Owner.At)
	trim(&row.Owner.Reveals)
	trim(&row.Provider.At)
	trim(&row.Provider.Reveals)
	for i := range row.Partners {
		p := &row.Partners[i]
		trim(&p.Stance.At)
		trim(&p.Stance.Reveals)
		trim(&p.Asked)
	}
	trim(&row.Next.Due)
	trim(&row.Next.Reminded)
	trim(&row.Next.Escalated)
	trim(&row.Moved)
	trim(&row.Created)
	trim(&row.Updated)
}

func (e engagements) List(ctx context.Context, f store.EngagementFilter, p store.Page) (store.Rows[scene.Engagement], error) {
	by := byID
	if f.Newest {
		by = byNewest
	}
	return listBodies(ctx, e.table(), e.where(f), by, p)
}

func (e engagements) Count(ctx context.Context, f store.EngagementFilter) (int, error) {
	c := e.where(f)
	return e.tx.count(ctx, "SELECT COUNT(*) FROM engagement"+c.text(), c.args...)
}

func (e engagements) CountByStage(ctx context.Context, f store.EngagementFilter) (map[scene.Stage]int, error) {
	c := e.where(f)
	counts := map[scene.Stage]int{}
	err := e.tx.read(ctx, func(r *sql.Rows) error {
		var stage string
		var n int
		err := r.Scan(&stage, &n)
		counts[scene.Stage(stage)] = n
		return err
	}, "SELECT stage, COUNT(*) FROM engagement"+c.text()+" GROUP BY stage", c.args...)
	return counts, err
}

func (e engagements) where(f store.EngagementFilter) clause {
	var c clause
	if len(f.Stages) > 0 {
		marks, args := "", make([]any, len(f.Stages))
		for i, stage := range f.Stages {
			marks, args[i] = marks+", ?", plain(stage)
		}
		c.add("stage IN ("+marks[2:]+")", args...)
	}
	if f.Org != "" {
		c.add("(need_org = ? OR offer_org = ? OR id IN (SELECT engagement_id FROM engagement_partner WHERE org_id = ?))",
			plain(f.Org), plain(f.Org), plain(f.Org))
	}
	if f.Need != "" {
		c.add("need_id = ?", plain(f.Need))
	}
	if f.Offer != "" {
		c.add("offer_id = ?", plain(f.Offer))
	}
	if !f.DueBefore.IsZero() {
		c.add("due > 0")
		c.add("due < ?", f.DueBefore.UnixMicro())
	}
	return c
}

func (e engagements) AddEntry(ctx context.Context, row scene.EngagementEntry) (bool, error) {
	if row.ID == "" || row.Engagement == "" {
		return false, e.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&row.At)
	once := row.Once
	if once == "" {
		once = string(row.ID)
	}
	body, err := encode(row)
	if err != nil {
		return false, e.tx.spoil(err)
	}
	n, err := e.tx.write(ctx, "INSERT INTO engagement_entry (id, engagement_id, once, body) VALUES ($1, $2, $3, $4)"+
		" ON CONFLICT (engagement_id, once) DO NOTHING", plain(row.ID), plain(row.Engagement), plain(once), body)
	return n == 1, err
}

func (e engagements) Entries(ctx context.Context, engagement scene.ID) ([]scene.EngagementEntry, error) {
	t := table[scene.EngagementEntry]{tx: e.tx, noun: "engagement_entry"}
	return t.bodies(ctx, "SELECT body FROM engagement_entry WHERE engagement_id = $1 ORDER BY id", plain(engagement))
}
