package sqlrows

import (
	"context"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Sessions returns the tables of sessions, links and failures.
func (t *Tx) Sessions() store.Sessions { return sessions{t} }

type sessions struct{ tx *Tx }

func (s sessions) Get(ctx context.Context, id scene.ID) (scene.Session, error) {
	t := table[scene.Session]{tx: s.tx, noun: "session"}
	return t.get(ctx, id)
}

func (s sessions) Put(ctx context.Context, row scene.Session) error {
	if row.ID == "" || row.AccountID == "" {
		return s.tx.spoil(invalid("store.id_required", nil))
	}
	for _, at := range []*time.Time{&row.Created, &row.Seen, &row.Expires} {
		trim(at)
	}
	body, err := encode(row)
	if err != nil {
		return s.tx.spoil(err)
	}
	_, err = s.tx.write(ctx, "INSERT INTO session (id, account_id, expires, body) VALUES ($1, $2, $3, $4)"+
		" ON CONFLICT (id) DO UPDATE SET expires = excluded.expires, body = excluded.body",
		plain(row.ID), plain(row.AccountID), row.Expires.UnixMicro(), body)
	return err
}

func (s sessions) Delete(ctx context.Context, id scene.ID) error {
	_, err := s.tx.write(ctx, "DELETE FROM session WHERE id = $1", plain(id))
	return err
}

func (s sessions) DeleteOf(ctx context.Context, account, keep scene.ID) (int, error) {
	return s.tx.write(ctx, "DELETE FROM session WHERE account_id = $1 AND id <> $2", plain(account), plain(keep))
}

func (s sessions) Of(ctx context.Context, account scene.ID) ([]scene.Session, error) {
	t := table[scene.Session]{tx: s.tx, noun: "session"}
	return t.bodies(ctx, "SELECT body FROM session WHERE account_id = $1 ORDER BY id", plain(account))
}

func (s sessions) PutToken(ctx context.Context, row scene.Token) error {
	if row.ID == "" {
		return s.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&row.Created)
	trim(&row.Expires)
	body, err := encode(row)
	if err != nil {
		return s.tx.spoil(err)
	}
	_, err = s.tx.write(ctx, "INSERT INTO token (id, expires, body) VALUES ($1, $2, $3)"+
		" ON CONFLICT (id) DO UPDATE SET expires = excluded.expires, body = excluded.body",
		plain(row.ID), row.Expires.UnixMicro(), body)
	return err
}

func (s sessions) Token(ctx context.Context, id scene.ID) (scene.Token, error) {
	t := table[scene.Token]{tx: s.tx, noun: "token"}
	return t.get(ctx, id)
}

// TakeToken lets the count of removed rows decide who was first.
func (s sessions) TakeToken(ctx context.Context, id scene.ID) (scene.Token, error) {
	row, err := s.Token(ctx, id)
	if err != nil {
		return row, err
	}
	n, err := s.tx.write(ctx, "DELETE FROM token WHERE id = $1", plain(id))
	if err == nil && n != 1 {
		err = &scene.Error{Code: scene.NotFound, Key: "token.not_found"}
	}
	return row, err
}

func (s sessions) PutTie(ctx context.Context, row scene.Tie) error {
	if row.ID == "" || row.AccountID == "" {
		return s.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&row.Made)
	body, err := encode(row)
	if err != nil {
		return s.tx.spoil(err)
	}
	_, err = s.tx.write(ctx, "INSERT INTO sign_on (id, account_id, body) VALUES ($1, $2, $3)", plain(row.ID), plain(row.AccountID), body)
	return err
}

func (s sessions) Tie(ctx context.Context, id scene.ID) (scene.Tie, error) {
	t := table[scene.Tie]{tx: s.tx, noun: "sign_on"}
	return t.get(ctx, id)
}

func (s sessions) Attempts(ctx context.Context, key string) (scene.Attempts, error) {
	t := table[scene.Attempts]{tx: s.tx, noun: "attempt"}
	a, err := t.one(ctx, "WHERE key = $1", nil, plain(key))
	if scene.CodeOf(err) == scene.NotFound {
		return scene.Attempts{Key: key}, nil
	}
	return a, err
}

func (s sessions) PutAttempts(ctx context.Context, a scene.Attempts) error {
	if a.Key == "" {
		return s.tx.spoil(invalid("store.name_required", nil))
	}
	if a.Failures == 0 {
		_, err := s.tx.write(ctx, "DELETE FROM attempt WHERE key = $1", plain(a.Key))
		return err
	}
	trim(&a.Last)
	trim(&a.Until)
	body, err := encode(a)
	if err != nil {
		return s.tx.spoil(err)
	}
	_, err = s.tx.write(ctx, "INSERT INTO attempt (key, last, body) VALUES ($1, $2, $3)"+
		" ON CONFLICT (key) DO UPDATE SET last = excluded.last, body = excluded.body",
		plain(a.Key), a.Last.UnixMicro(), body)
	return err
}

func (s sessions) Prune(ctx context.Context, before time.Time) error {
	for _, text := range []string{
		"DELETE FROM session WHERE expires < $1", "DELETE FROM token WHERE expires < $1", "DELETE FROM attempt WHERE last < $1",
	} {
		if _, err := s.tx.write(ctx, text, before.UnixMicro()); err != nil {
			return err
		}
	}
	return nil
}
