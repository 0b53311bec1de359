package sqlrows

import (
	"context"
	"database/sql"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Notices returns the tables of inboxes and of what goes out of them.
func (t *Tx) Notices() store.Notices { return notices{t} }

type notices struct{ tx *Tx }

func (n notices) Add(ctx context.Context, row scene.Notice) (bool, error) {
	if row.ID == "" || row.Account == "" {
		return false, n.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&row.Created)
	read := int64(0)
	if !row.Read.IsZero() {
		read = row.Read.UnixMicro()
	}
	row.Read = time.Time{} // a column says so
	once := row.Once
	if once == "" {
		once = string(row.ID)
	}
	body, err := encode(row)
	if err != nil {
		return false, n.tx.spoil(err)
	}
	fresh, err := n.tx.write(ctx, "INSERT INTO notice (id, account_id, once, kind, at, read_at, body)"+
		" SELECT $1, id, $3, $4, $5, $6, $7 FROM account WHERE id = $2 ON CONFLICT (account_id, once) DO NOTHING",
		plain(row.ID), plain(row.Account), plain(once), plain(row.Kind), row.Created.UnixMicro(), read, body)
	return fresh == 1, err
}

const noticeColumns = "SELECT body, read_at FROM notice "

func (n notices) Get(ctx context.Context, id scene.ID) (scene.Notice, error) {
	rows, err := n.read(ctx, noticeColumns+"WHERE id = $1", plain(id))
	if err != nil {
		return scene.Notice{}, err
	}
	if len(rows) == 0 {
		return scene.Notice{}, &scene.Error{Code: scene.NotFound, Key: "notice.not_found", Args: map[string]any{"id": string(id)}}
	}
	return rows[0], nil
}

func (n notices) GetMany(ctx context.Context, ids []scene.ID) (out []scene.Notice, err error) {
	err = inList(distinct(ids), func(list string, args []any) error {
		rows, err := n.read(ctx, noticeColumns+"WHERE id IN ("+list+")", args...)
		out = append(out, rows...)
		return err
	})
	return out, err
}

// read runs a query whose columns are a body and when it was read.
func (n notices) read(ctx context.Context, text string, args ...any) (out []scene.Notice, err error) {
	err = n.tx.read(ctx, func(r *sql.Rows) error {
		var raw sql.RawBytes
		var at int64
		if err := r.Scan(&raw, &at); err != nil {
			return err
		}
		row, err := decode[scene.Notice](raw)
		if at != 0 {
			row.Read = time.UnixMicro(at).UTC()
		}
		out = append(out, row)
		return err
	}, text, args...)
	return out, err
}

func (n notices) List(ctx context.Context, f store.NoticeFilter, p store.Page) (store.Rows[scene.Notice], error) {
	var c clause
	if f.Account != "" {
		c.add("account_id = ?", plain(f.Account))
	}
	if f.Kind != "" {
		c.add("kind = ?", plain(f.Kind))
	}
	if f.Unread {
		c.add("read_at = 0")
	}
	ids, err := listIDs(ctx, n.tx, "notice", c, byAt, p)
	if err != nil {
		return store.Rows[scene.Notice]{}, err
	}
	rows, err := n.GetMany(ctx, ids.Items)
	if err != nil {
		return store.Rows[scene.Notice]{}, err
	}
	return store.Rows[scene.Notice]{Items: inOrder(rows, ids.Items, func(n *scene.Notice) scene.ID { return n.ID }), Next: ids.Next}, nil
}

// inOrder puts rows into the order of their ids.
func inOrder[T any](rows []T, ids []scene.ID, id func(*T) scene.ID) []T {
	at := make(map[scene.ID]*T, len(rows))
	for i := range rows {
		at[id(&rows[i])] = &rows[i]
	}
	var out []T
	for _, want := range ids {
		if row := at[want]; row != nil {
			out = append(out, *row)
		}
	}
	return out
}

func (n notices) Unread(ctx context.Context, account scene.ID) (int, error) {
	return n.tx.count(ctx, "SELECT COUNT(*) FROM notice WHERE account_id = $1 AND read_at = 0", plain(account))
}

func (n notices) Read(ctx context.Context, account scene.ID, at time.Time, ids ...scene.ID) (int, error) {
	const mark = "UPDATE notice SET read_at = $1 WHERE account_id = $2 AND read_at = 0"
	if len(ids) == 0 {
		return n.tx.write(ctx, mark, at.UnixMicro(), plain(account))
	}
	total := 0
	for _, id := range distinct(ids) {
		changed, err := n.tx.write(ctx, mark+" AND id = $3", at.UnixMicro(), plain(account), plain(id))
		if err != nil {
			return total, err
		}
		total += changed
	}
	return total, nil
}

func (n notices) Prune(ctx context.Context, before time.Time) error {
	_, err := n.tx.write(ctx, "DELETE FROM notice WHERE read_at > 0 AND at < $1", before.UnixMicro())
	return err
}

func (n notices) Choice(ctx context.Context, account scene.ID) (scene.NoticeChoice, error) {
	t := table[scene.NoticeChoice]{tx: n.tx, noun: "notice_choice"}
	c, err := t.one(ctx, "WHERE account_id = $1", nil, plain(account))
	if scene.CodeOf(err) == scene.NotFound {
		return scene.NoticeChoice{Account: account}, nil
	}
	return c, err
}

func (n notices) PutChoice(ctx context.Context, c scene.NoticeChoice) error {
	trim(&c.Updated)
	body, err := encode(c)
	if err != nil {
		return n.tx.spoil(err)
	}
	_, err = n.tx.write(ctx, "INSERT INTO notice_choice (account_id, body) VALUES ($1, $2)"+
		" ON CONFLICT (account_id) DO UPDATE SET body = excluded.body", plain(c.Account), body)
	return err
}

func (n notices) Send(ctx context.Context, o store.Outgoing) error {
	_, err := n.tx.write(ctx, "INSERT INTO notice_due (id, way, account_id, due, tries) VALUES ("+params(1, 5)+")"+
		" ON CONFLICT (id, way) DO UPDATE SET due = excluded.due, tries = excluded.tries",
		plain(o.Notice), plain(o.Way), plain(o.Account), o.Due.UnixMicro(), o.Tries)
	return err
}

func (n notices) Due(ctx context.Context, at time.Time, limit int) (out []store.Outgoing, err error) {
	if limit < 1 || limit > store.MaxPage {
		return nil, invalid("store.page_limit", map[string]any{"limit": limit, "max": store.MaxPage})
	}
	err = n.tx.read(ctx, func(r *sql.Rows) error {
		var o store.Outgoing
		var due int64
		if err := r.Scan(&o.Notice, &o.Way, &o.Account, &due, &o.Tries); err != nil {
			return err
		}
		o.Due = time.UnixMicro(due).UTC()
		out = append(out, o)
		return nil
	}, "SELECT id, way, account_id, due, tries FROM (SELECT id, way, account_id, due, tries,"+
		" MIN(due) OVER (PARTITION BY account_id, way) AS first FROM notice_due WHERE due <= $1) AS waiting"+
		" ORDER BY first, account_id, way, id LIMIT $2", at.UnixMicro(), limit)
	return out, err
}

func (n notices) Sent(ctx context.Context, way scene.Way, ids []scene.ID) error {
	for _, id := range distinct(ids) {
		if _, err := n.tx.write(ctx, "DELETE FROM notice_due WHERE id = $1 AND way = $2", plain(id), plain(way)); err != nil {
			return err
		}
	}
	return nil
}
