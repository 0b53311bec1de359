package sqlrows

import (
	"context"
	"database/sql"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// MatchLists returns the table of the lists that the market worked out ahead.
func (t *Tx) MatchLists() store.MatchLists { return matchLists{t} }

type matchLists struct{ tx *Tx }

func (m matchLists) PutMany(ctx context.Context, lists []scene.MatchList) error {
	columns := []string{"kind", "id", "body"}
	return each(lists, batch, func(part []scene.MatchList) error {
		args := make([]any, 0, len(part)*len(columns))
		for i := range part {
			if part[i].ID == "" {
				return m.tx.spoil(invalid("store.id_required", nil))
			}
			body, err := part[i].MarshalBinary()
			if err != nil {
				return m.tx.spoil(err)
			}
			args = append(args, plain(part[i].Kind), plain(part[i].ID), body)
		}
		_, err := m.tx.write(ctx, insertText("match_list", columns, len(part))+
			" ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body", args...)
		return err
	})
}

func (m matchLists) Delete(ctx context.Context, kind scene.Kind, ids []scene.ID) error {
	for _, id := range ids {
		if _, err := m.tx.write(ctx, "DELETE FROM match_list WHERE kind = $1 AND id = $2", plain(kind), plain(id)); err != nil {
			return err
		}
	}
	return nil
}

func (m matchLists) List(ctx context.Context, kind scene.Kind, p store.Page) (store.Rows[scene.MatchList], error) {
	var c clause
	c.add("kind = ?", plain(kind))
	return listRows(ctx, m.tx, "match_list", "body", c, byID, p, func(raw sql.RawBytes) (l scene.MatchList, err error) {
		if l.UnmarshalBinary(raw) != nil {
			err = &scene.Error{Code: scene.Internal, Key: "store.corrupt"}
		}
		return l, err
	})
}

func (m matchLists) Count(ctx context.Context, kind scene.Kind) (int, error) {
	return m.tx.count(ctx, "SELECT COUNT(*) FROM match_list WHERE kind = $1", plain(kind))
}
