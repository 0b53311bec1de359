package sqlrows

import (
	"context"
	"database/sql"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// SavedSearches returns the table of the questions that people keep.
func (t *Tx) SavedSearches() store.SavedSearches { return savedSearches{t} }

type savedSearches struct{ tx *Tx }

func (s savedSearches) table() *table[scene.SavedSearch] {
	return &table[scene.SavedSearch]{tx: s.tx, noun: "saved_search"}
}

func (s savedSearches) Get(ctx context.Context, id scene.ID) (scene.SavedSearch, error) {
	return s.table().get(ctx, id)
}

func (s savedSearches) Put(ctx context.Context, row scene.SavedSearch) (scene.SavedSearch, error) {
	if row.ID == "" {
		return row, s.tx.spoil(invalid("store.id_required", nil))
	}
	trim(&row.Created)
	trim(&row.Updated)
	seen := row.Revision
	row.Revision++
	body, err := encode(row)
	if err != nil {
		return row, s.tx.spoil(err)
	}
	args := []any{plain(row.ID), row.Revision, plain(row.Owner), body}
	if seen == 0 {
		_, err := s.tx.write(ctx, "INSERT INTO saved_search (id, revision, owner_id, body) VALUES ("+params(1, 4)+")", args...)
		return row, err
	}
	n, err := s.tx.write(ctx, "UPDATE saved_search SET revision = $2, owner_id = $3, body = $4"+
		" WHERE id = $1 AND revision = $5", append(args, seen)...)
	if err == nil && n != 1 {
		err = s.tx.spoil(&scene.Error{
			Code: scene.Conflict, Key: "store.stale", Args: map[string]any{"id": string(row.ID), "revision": seen},
		})
	}
	return row, err
}

func (s savedSearches) Delete(ctx context.Context, id scene.ID) error {
	return s.table().delete(ctx, id)
}

func (s savedSearches) List(ctx context.Context, owner scene.ID, p store.Page) (store.Rows[scene.SavedSearch], error) {
	var c clause
	if owner != "" {
		c.add("owner_id = ?", plain(owner))
	}
	return listBodies(ctx, s.table(), c, byID, p)
}

func (s savedSearches) Found(ctx context.Context, listing scene.ID, searches []scene.ID, at time.Time) ([]scene.ID, error) {
	var first []scene.ID
	for _, id := range searches {
		n, err := s.tx.write(ctx, "INSERT INTO saved_search_hit (search_id, id, at)"+
			" SELECT id, $2, $3 FROM saved_search WHERE id = $1 ON CONFLICT (search_id, id) DO NOTHING",
			plain(id), plain(listing), at.UnixMicro())
		if err != nil {
			return nil, err
		}
		if n == 1 {
			first = append(first, id)
		}
	}
	return first, nil
}

func (s savedSearches) Listings(ctx context.Context, search scene.ID, p store.Page) (store.Rows[scene.ID], error) {
	var c clause
	c.add("search_id = ?", plain(search))
	return listIDs(ctx, s.tx, "saved_search_hit", c, byAt, p)
}

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
