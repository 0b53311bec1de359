package sqlrows

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Audit returns the record of who did what.
func (t *Tx) Audit() store.Audit { return audit{t} }

type audit struct{ tx *Tx }

func (a audit) Add(ctx context.Context, lines ...scene.Audit) error {
	columns := []string{"id", "at", "actor", "action", "noun", "row_id", "body"}
	return each(lines, batch, func(part []scene.Audit) error {
		args := make([]any, 0, len(part)*len(columns))
		for _, l := range part {
			if l.ID == "" || l.Action == "" || l.Noun == "" {
				return a.tx.spoil(invalid("store.id_required", nil))
			}
			trim(&l.At)
			body, err := encode(l)
			if err != nil {
				return a.tx.spoil(err)
			}
			args = append(args, plain(l.ID), l.At.UnixMicro(), plain(l.Actor), plain(l.Action), plain(l.Noun), plain(l.Row), body)
		}
		_, err := a.tx.write(ctx, insertText("audit", columns, len(part)), args...)
		return err
	})
}

func (a audit) List(ctx context.Context, f store.AuditFilter, p store.Page) (store.Rows[scene.Audit], error) {
	var c clause
	for _, on := range []struct{ column, value string }{
		{"actor", string(f.Actor)}, {"action", f.Action}, {"noun", f.Noun}, {"row_id", string(f.Row)},
	} {
		if on.value != "" {
			c.add(on.column+" = ?", plain(on.value))
		}
	}
	if !f.Since.IsZero() {
		c.add("at >= ?", f.Since.UnixMicro())
	}
	if !f.Until.IsZero() {
		c.add("at < ?", f.Until.UnixMicro())
	}
	return listBodies(ctx, &table[scene.Audit]{tx: a.tx, noun: "audit"}, c, byAt, p)
}

// Reviews returns the tables of review steps and proposed revisions.
func (t *Tx) Reviews() store.Reviews { return reviews{t} }

type reviews struct{ tx *Tx }

func (v reviews) Add(ctx context.Context, r scene.Review) error {
	if r.ID == "" || r.Listing == "" {
		return v.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&r.At)
	body, err := encode(r)
	if err != nil {
		return v.tx.spoil(err)
	}
	_, err = v.tx.write(ctx, "INSERT INTO review (id, kind, listing_id, body) VALUES ($1, $2, $3, $4)",
		plain(r.ID), plain(r.Kind), plain(r.Listing), body)
	return err
}

func (v reviews) Of(ctx context.Context, kind scene.Kind, listing scene.ID) ([]scene.Review, error) {
	t := table[scene.Review]{tx: v.tx, noun: "review"}
	return t.bodies(ctx, "SELECT body FROM review WHERE kind = $1 AND listing_id = $2 ORDER BY id", plain(kind), plain(listing))
}

func (v reviews) PutProposal(ctx context.Context, p scene.Proposal) error {
	if p.ID == "" || p.Listing == "" {
		return v.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&p.Created)
	trim(&p.Decided)
	if p.Opportunity != nil {
		row := *p.Opportunity
		trimListing(&row.Listing)
		p.Opportunity = &row
	}
	if p.Capability != nil {
		row := *p.Capability
		trimListing(&row.Listing)
		p.Capability = &row
	}
	body, err := encode(p)
	if err != nil {
		return v.tx.spoil(err)
	}
	_, err = v.tx.write(ctx, "INSERT INTO proposal (id, kind, listing_id, state, body) VALUES ($1, $2, $3, $4, $5)"+
		" ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body",
		plain(p.ID), plain(p.Kind), plain(p.Listing), plain(p.State), body)
	if scene.CodeOf(err) == scene.Conflict {
		return v.tx.respoil(&scene.Error{Code: scene.Conflict, Key: "proposal.open", Args: map[string]any{"id": string(p.Listing)}})
	}
	return err
}

func (v reviews) Proposal(ctx context.Context, kind scene.Kind, listing scene.ID) (scene.Proposal, error) {
	t := table[scene.Proposal]{tx: v.tx, noun: "proposal"}
	return t.one(ctx, "WHERE kind = $1 AND listing_id = $2 AND state = $3", map[string]any{"id": string(listing)},
		plain(kind), plain(listing), string(scene.ProposalOpen))
}

func (v reviews) Proposals(ctx context.Context, state scene.ProposalState, p store.Page) (store.Rows[scene.Proposal], error) {
	var c clause
	c.add("state = ?", plain(state))
	return listBodies(ctx, &table[scene.Proposal]{tx: v.tx, noun: "proposal"}, c, byID, p)
}
