package sqlrows

import (
	"context"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Accounts returns the table of people who can sign in.
func (t *Tx) Accounts() store.Accounts { return accounts{t} }

type accounts struct{ tx *Tx }

func (a accounts) table() *table[scene.Account] {
	return &table[scene.Account]{tx: a.tx, noun: "account"}
}

func (a accounts) Get(ctx context.Context, id scene.ID) (scene.Account, error) {
	return a.table().get(ctx, id)
}

func (a accounts) GetMany(ctx context.Context, ids []scene.ID) ([]scene.Account, error) {
	return a.table().getMany(ctx, ids)
}

func (a accounts) Find(ctx context.Context, login string) (scene.Account, error) {
	return a.table().one(ctx, "WHERE login = $1", map[string]any{"login": login}, plain(login))
}

func (a accounts) Put(ctx context.Context, row scene.Account) (scene.Account, error) {
	if err := a.claim(ctx, &row); err != nil {
		return row, a.tx.spoil(err)
	}
	trim(&row.Created)
	trim(&row.Updated)
	row.Consents = append([]scene.Consent(nil), row.Consents...)
	for i := range row.Consents {
		trim(&row.Consents[i].At)
	}
	seen := row.Revision
	row.Revision++
	var org any
	if row.OrgID != "" {
		org = plain(row.OrgID)
	}
	return row, revised(ctx, a.tx, "account", []string{"login", "org_id", "state"}, row.ID, seen, &row, plain(row.Login), org, plain(row.State))
}

// claim refuses an organisation that was merged into another, and a login that another account holds.
// The unique constraint is the net below it.
func (a accounts) claim(ctx context.Context, row *scene.Account) error {
	if err := a.tx.stands(ctx, []scene.ID{row.OrgID}); err != nil {
		return err
	}
	holder, err := a.Find(ctx, row.Login)
	switch {
	case scene.CodeOf(err) == scene.NotFound:
		return nil
	case err != nil:
		return err
	case holder.ID != row.ID:
		return &scene.Error{Code: scene.Conflict, Key: "account.login_taken", Args: map[string]any{"login": row.Login}}
	}
	return nil
}

func (a accounts) Delete(ctx context.Context, id scene.ID) error { return a.table().delete(ctx, id) }

func (a accounts) List(ctx context.Context, f store.AccountFilter, p store.Page) (store.Rows[scene.Account], error) {
	return listBodies(ctx, a.table(), a.where(f), byID, p)
}

func (a accounts) Count(ctx context.Context, f store.AccountFilter) (int, error) {
	c := a.where(f)
	return a.tx.count(ctx, "SELECT COUNT(*) FROM account"+c.text(), c.args...)
}

func (a accounts) where(f store.AccountFilter) clause {
	var c clause
	if f.State != "" {
		c.add("state = ?", plain(f.State))
	}
	if f.OrgID != "" {
		c.add("org_id = ?", plain(f.OrgID))
	}
	if len(f.OrgIDs) > 0 {
		orgs := filled(f.OrgIDs)
		c.add("org_id IN (?"+strings.Repeat(", ?", len(orgs)-1)+")", orgs...)
	}
	if f.Naming != "" {
		c.add("body LIKE ? ESCAPE '!'", `%"roles":[%"`+literal(plain(f.Naming))+`"%`)
	}
	return c
}

func (a accounts) Credential(ctx context.Context, account scene.ID) (scene.Credential, error) {
	t := table[scene.Credential]{tx: a.tx, noun: "credential"}
	return t.one(ctx, "WHERE account_id = $1", map[string]any{"id": string(account)}, plain(account))
}

func (a accounts) PutCredential(ctx context.Context, c scene.Credential) error {
	trim(&c.Changed)
	trim(&c.SignedIn)
	body, err := encode(c)
	if err != nil {
		return a.tx.spoil(err)
	}
	_, err = a.tx.write(ctx, "INSERT INTO credential (account_id, body) VALUES ($1, $2)"+
		" ON CONFLICT (account_id) DO UPDATE SET body = excluded.body", plain(c.AccountID), body)
	return err
}
