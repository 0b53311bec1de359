package sqlrows

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Fairs returns the tables of matchmaking events.
func (t *Tx) Fairs() store.Fairs { return fairs{t} }

type fairs struct{ tx *Tx }

func (f fairs) table() *table[scene.Fair] { return &table[scene.Fair]{tx: f.tx, noun: "fair"} }

func (f fairs) parties() *table[scene.FairParty] {
	return &table[scene.FairParty]{tx: f.tx, noun: "fair_party"}
}

func (f fairs) plans() *table[scene.FairPlan] {
	return &table[scene.FairPlan]{tx: f.tx, noun: "fair_plan"}
}

func (f fairs) Get(ctx context.Context, id scene.ID) (scene.Fair, error) {
	return f.table().get(ctx, id)
}

func (f fairs) ByWall(ctx context.Context, code string) (scene.Fair, error) {
	return f.table().one(ctx, "WHERE wall = $1", nil, plain(code))
}

func (f fairs) Put(ctx context.Context, row scene.Fair) (scene.Fair, error) {
	trim(&row.Created)
	trim(&row.Updated)
	for i := range row.Blocks {
		trim(&row.Blocks[i].Start)
		trim(&row.Blocks[i].End)
	}
	for i := range row.Slots {
		trim(&row.Slots[i].Start)
		trim(&row.Slots[i].End)
	}
	seen := row.Revision
	row.Revision++
	return row, revised(ctx, f.tx, "fair", []string{"wall"}, row.ID, seen, &row, plain(row.Wall))
}

func (f fairs) List(ctx context.Context, p store.Page) (store.Rows[scene.Fair], error) {
	return listBodies(ctx, f.table(), clause{}, byID, p)
}

func (f fairs) Party(ctx context.Context, id scene.ID) (scene.FairParty, error) {
	return f.parties().get(ctx, id)
}

func (f fairs) PutParty(ctx context.Context, row scene.FairParty) (scene.FairParty, error) {
	for _, t := range []*time.Time{&row.Created, &row.Updated, &row.SaidNo} {
		trim(t)
	}
	for i := range row.Wishes {
		trim(&row.Wishes[i].At)
	}
	for i := range row.Delegates {
		for k := range row.Delegates[i].Consents {
			trim(&row.Delegates[i].Consents[k].At)
		}
	}
	seen := row.Revision
	row.Revision++
	if err := revised(ctx, f.tx, "fair_party", []string{"fair_id", "org_id"}, row.ID, seen, &row, plain(row.FairID), plain(row.OrgID)); err != nil {
		return row, err
	}
	return row, f.codes(ctx, &row, seen > 0)
}

// codes writes the digests of the codes of a party in the place of those it had.
func (f fairs) codes(ctx context.Context, p *scene.FairParty, had bool) error {
	if had {
		if _, err := f.tx.write(ctx, "DELETE FROM fair_code WHERE party_id = $1", plain(p.ID)); err != nil {
			return err
		}
	}
	for i := range p.Delegates {
		if p.Delegates[i].Code == "" {
			continue
		}
		if _, err := f.tx.write(ctx, insertText("fair_code", []string{"id", "party_id"}, 1), codeDigest(p.Delegates[i].Code), plain(p.ID)); err != nil {
			return err
		}
	}
	return nil
}

func codeDigest(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

func (f fairs) Parties(ctx context.Context, fair scene.ID) ([]scene.FairParty, error) {
	return f.parties().bodies(ctx, "SELECT body FROM fair_party WHERE fair_id = $1 ORDER BY id", plain(fair))
}

func (f fairs) PartiesOf(ctx context.Context, org scene.ID) ([]scene.FairParty, error) {
	if org == "" {
		return nil, nil
	}
	return f.parties().bodies(ctx, "SELECT body FROM fair_party WHERE org_id = $1 ORDER BY id", plain(org))
}

func (f fairs) PartyByCode(ctx context.Context, code string) (scene.FairParty, error) {
	if code == "" {
		return scene.FairParty{}, &scene.Error{Code: scene.NotFound, Key: "fair_party.not_found"}
	}
	return f.parties().one(ctx, "WHERE id = (SELECT party_id FROM fair_code WHERE id = $1)", nil, codeDigest(code))
}

func (f fairs) PutPlan(ctx context.Context, row scene.FairPlan) (scene.FairPlan, error) {
	if row.FairID == "" {
		return row, f.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&row.Made)
	seen := row.Revision
	row.Revision++
	return row, revisedBy(ctx, f.tx, "fair_plan", []string{"fair_id", "number"}, nil, seen, &row, []any{plain(row.FairID), row.Number})
}

func (f fairs) Plan(ctx context.Context, fair scene.ID, number int) (scene.FairPlan, error) {
	return f.plans().one(ctx, "WHERE fair_id = $1 AND number = $2", map[string]any{"number": number}, plain(fair), number)
}

func (f fairs) LatestPlan(ctx context.Context, fair scene.ID) (scene.FairPlan, error) {
	return f.plans().one(ctx, "WHERE fair_id = $1 AND number > 0 ORDER BY number DESC LIMIT 1", nil, plain(fair))
}

func (f fairs) Published(ctx context.Context, fairs []scene.ID) (out []scene.ID, err error) {
	err = inList(distinct(fairs), func(list string, args []any) error {
		return f.tx.read(ctx, func(r *sql.Rows) error {
			var id string
			err := r.Scan(&id)
			out = append(out, scene.ID(id))
			return err
		}, "SELECT DISTINCT fair_id FROM fair_plan WHERE number > 0 AND fair_id IN ("+list+")", args...)
	})
	return out, err
}

func (f fairs) DeletePlan(ctx context.Context, fair scene.ID) error {
	_, err := f.tx.write(ctx, "DELETE FROM fair_plan WHERE fair_id = $1 AND number = 0", plain(fair))
	return err
}

func (f fairs) AddEntry(ctx context.Context, e scene.FairEntry) (bool, error) {
	if e.ID == "" || e.FairID == "" {
		return false, f.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&e.At)
	body, err := encode(e)
	if err != nil {
		return false, f.tx.spoil(err)
	}
	n, err := f.tx.write(ctx, insertText("fair_entry", []string{"id", "fair_id", "entry_key", "body"}, 1)+
		" ON CONFLICT (fair_id, entry_key) DO NOTHING", plain(e.ID), plain(e.FairID), plain(e.Key), body)
	return n == 1, err
}

func (f fairs) Pulse(ctx context.Context, fair scene.ID) (p store.FairPulse, err error) {
	id := plain(fair)
	err = f.tx.read(ctx, func(r *sql.Rows) error { return r.Scan(&p.Parties, &p.Revisions) },
		"SELECT count(*), CAST(coalesce(sum(revision), 0) AS BIGINT) FROM fair_party WHERE fair_id = $1", id)
	if err == nil {
		err = f.tx.read(ctx, func(r *sql.Rows) error { return r.Scan(&p.Version, &p.Written) },
			"SELECT number, revision FROM fair_plan WHERE fair_id = $1 AND number > 0 ORDER BY number DESC LIMIT 1", id)
	}
	if err == nil {
		p.Entries, err = f.tx.count(ctx, "SELECT count(*) FROM fair_entry WHERE fair_id = $1", id)
	}
	return p, err
}

func (f fairs) Entries(ctx context.Context, fair, after scene.ID) ([]scene.FairEntry, error) {
	t := &table[scene.FairEntry]{tx: f.tx, noun: "fair_entry"}
	return t.bodies(ctx, "SELECT body FROM fair_entry WHERE fair_id = $1 AND id > $2 ORDER BY id", plain(fair), plain(after))
}

func (f fairs) cases() *table[scene.FairCase] {
	return &table[scene.FairCase]{tx: f.tx, noun: "fair_case"}
}

func (f fairs) PutCase(ctx context.Context, c scene.FairCase) error {
	if c.FairID == "" || c.Meeting == "" {
		return f.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&c.Due)
	trim(&c.Made)
	due := int64(0)
	if !c.Due.IsZero() {
		due = c.Due.UnixMicro()
	}
	body, err := encode(c)
	if err != nil {
		return f.tx.spoil(err)
	}
	_, err = f.tx.write(ctx, insertText("fair_case", []string{"fair_id", "meeting", "due", "body"}, 1)+
		" ON CONFLICT (fair_id, meeting) DO UPDATE SET due = excluded.due, body = excluded.body", plain(c.FairID), plain(c.Meeting), due, body)
	return err
}

func (f fairs) Case(ctx context.Context, fair scene.ID, meeting string) (scene.FairCase, error) {
	return f.cases().one(ctx, "WHERE fair_id = $1 AND meeting = $2", nil, plain(fair), plain(meeting))
}

func (f fairs) Cases(ctx context.Context, fair scene.ID) ([]scene.FairCase, error) {
	return f.cases().bodies(ctx, "SELECT body FROM fair_case WHERE fair_id = $1 ORDER BY meeting", plain(fair))
}

func (f fairs) CasesDue(ctx context.Context, at time.Time, limit int) ([]scene.FairCase, error) {
	return f.cases().bodies(ctx, "SELECT body FROM fair_case WHERE due > 0 AND due <= $1 ORDER BY due, fair_id, meeting LIMIT $2", at.UnixMicro(), limit)
}

func (f fairs) letters() *table[scene.FairLetter] {
	return &table[scene.FairLetter]{tx: f.tx, noun: "fair_letter"}
}

func (f fairs) PutLetter(ctx context.Context, l scene.FairLetter) error {
	if l.PartyID == "" || l.Delegate == "" {
		return f.tx.spoil(invalid("store.id_required", nil))
	}
	for _, t := range []*time.Time{&l.Asked, &l.Due, &l.Sent} {
		trim(t)
	}
	due := int64(0)
	if !l.Due.IsZero() {
		due = l.Due.UnixMicro()
	}
	body, err := encode(l)
	if err != nil {
		return f.tx.spoil(err)
	}
	_, err = f.tx.write(ctx, insertText("fair_letter", []string{"party_id", "delegate", "due", "body"}, 1)+
		" ON CONFLICT (party_id, delegate) DO UPDATE SET due = excluded.due, body = excluded.body", plain(l.PartyID), plain(l.Delegate), due, body)
	return err
}

func (f fairs) Letter(ctx context.Context, party, delegate scene.ID) (scene.FairLetter, error) {
	rows, err := f.letters().bodies(ctx, "SELECT body FROM fair_letter WHERE party_id = $1 AND delegate = $2", plain(party), plain(delegate))
	return f.letters().first(rows, err, map[string]any{"id": delegate})
}

func (f fairs) Letters(ctx context.Context, fair scene.ID) ([]scene.FairLetter, error) {
	return f.letters().bodies(ctx, "SELECT body FROM fair_letter WHERE party_id IN (SELECT id FROM fair_party WHERE fair_id = $1) ORDER BY party_id, delegate", plain(fair))
}

func (f fairs) LettersDue(ctx context.Context, at time.Time, limit int) ([]scene.FairLetter, error) {
	return f.letters().bodies(ctx, "SELECT body FROM fair_letter WHERE due > 0 AND due <= $1 ORDER BY due, party_id, delegate LIMIT $2", at.UnixMicro(), limit)
}
