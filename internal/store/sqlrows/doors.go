package sqlrows

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// AccessTokens returns the table of tokens of other programs.
func (t *Tx) AccessTokens() store.AccessTokens { return accessTokens{t} }

type accessTokens struct{ tx *Tx }

func (a accessTokens) table() *table[scene.AccessToken] {
	return &table[scene.AccessToken]{tx: a.tx, noun: "access_token"}
}

func (a accessTokens) Get(ctx context.Context, id scene.ID) (scene.AccessToken, error) {
	return a.table().get(ctx, id)
}

func (a accessTokens) Find(ctx context.Context, digest string) (scene.AccessToken, error) {
	return a.table().one(ctx, "WHERE digest = $1", nil, plain(digest))
}

func (a accessTokens) Put(ctx context.Context, row scene.AccessToken) error {
	if row.ID == "" || row.Digest == "" || row.AccountID == "" {
		return a.tx.spoil(invalid("store.id_required", nil))
	}
	for _, at := range []*time.Time{&row.Created, &row.Expires, &row.Used, &row.Revoked} {
		trim(at)
	}
	body, err := encode(row)
	if err != nil {
		return a.tx.spoil(err)
	}
	_, err = a.tx.write(ctx, "INSERT INTO access_token (id, digest, account_id, org_id, body) VALUES ($1, $2, $3, $4, $5)"+
		" ON CONFLICT (id) DO UPDATE SET body = excluded.body",
		plain(row.ID), plain(row.Digest), plain(row.AccountID), plain(row.OrgID), body)
	return err
}

func (a accessTokens) List(ctx context.Context, f store.AccessTokenFilter, p store.Page) (store.Rows[scene.AccessToken], error) {
	var c clause
	if f.Account != "" {
		c.add("account_id = ?", plain(f.Account))
	}
	if f.Org != "" {
		c.add("org_id = ?", plain(f.Org))
	}
	return listBodies(ctx, a.table(), c, byID, p)
}

// Once returns the tables of what must happen once only.
func (t *Tx) Once() store.Once { return once{t} }

type once struct{ tx *Tx }

func (o once) table() *table[scene.Answer] { return &table[scene.Answer]{tx: o.tx, noun: "answer"} }

// Begin lets the count of added rows decide who was first.
func (o once) Begin(ctx context.Context, a scene.Answer) (*scene.Answer, error) {
	body, err := o.body(&a)
	if err != nil {
		return nil, err
	}
	n, err := o.tx.write(ctx, "INSERT INTO answer (key, expires, body) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING",
		plain(a.Key), a.Expires.UnixMicro(), body)
	if err != nil || n == 1 {
		return nil, err
	}
	kept, err := o.table().one(ctx, "WHERE key = $1", nil, plain(a.Key))
	return &kept, err
}

func (o once) body(a *scene.Answer) (string, error) {
	if a.Key == "" {
		return "", o.tx.spoil(invalid("store.name_required", nil))
	}
	trim(&a.Created)
	trim(&a.Expires)
	body, err := encode(a)
	if err != nil {
		return "", o.tx.spoil(err)
	}
	return body, nil
}

func (o once) Finish(ctx context.Context, a scene.Answer) error {
	body, err := o.body(&a)
	if err != nil {
		return err
	}
	n, err := o.tx.write(ctx, "UPDATE answer SET expires = $2, body = $3 WHERE key = $1", plain(a.Key), a.Expires.UnixMicro(), body)
	if err == nil && n != 1 {
		err = &scene.Error{Code: scene.NotFound, Key: "answer.not_found"}
	}
	return err
}

func (o once) Forget(ctx context.Context, key string) error {
	_, err := o.tx.write(ctx, "DELETE FROM answer WHERE key = $1", plain(key))
	return err
}

func (o once) Spend(ctx context.Context, id string, expires time.Time) error {
	if id == "" {
		return o.tx.spoil(invalid("store.id_required", nil))
	}
	n, err := o.tx.write(ctx, "INSERT INTO spent (id, expires) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", plain(id), expires.UnixMicro())
	if err == nil && n != 1 {
		err = &scene.Error{Code: scene.Conflict, Key: "store.spent"}
	}
	return err
}

func (o once) Prune(ctx context.Context, before time.Time) error {
	for _, text := range []string{"DELETE FROM answer WHERE expires < $1", "DELETE FROM spent WHERE expires < $1"} {
		if _, err := o.tx.write(ctx, text, before.UnixMicro()); err != nil {
			return err
		}
	}
	return nil
}
