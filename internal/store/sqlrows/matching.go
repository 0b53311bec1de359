package sqlrows

import (
	"context"
	"database/sql"
	"strings"
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
	trim(&row.Created)
	trim(&row.Updated)
	seen := row.Revision
	row.Revision++
	return row, revised(ctx, s.tx, "saved_search", []string{"owner_id", "updated"}, row.ID, seen, &row, plain(row.Owner), row.Updated.UnixMicro())
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

func (s savedSearches) Changed(ctx context.Context, since time.Time, p store.Page) (store.Rows[scene.SavedSearch], error) {
	var c clause
	c.add("updated >= ?", since.UnixMicro())
	return listBodies(ctx, s.table(), c, byID, p)
}

func (s savedSearches) GetMany(ctx context.Context, ids []scene.ID) ([]scene.SavedSearch, error) {
	return s.table().getMany(ctx, ids)
}

func (s savedSearches) Count(ctx context.Context, owner scene.ID) (int, error) {
	return s.tx.count(ctx, "SELECT COUNT(*) FROM saved_search WHERE owner_id = $1", plain(owner))
}

func (s savedSearches) Find(ctx context.Context, finds []store.Find, at time.Time) (first []store.Find, err error) {
	read := func(r *sql.Rows) error {
		var f store.Find
		err := r.Scan(&f.Search, &f.Listing)
		first = append(first, f)
		return err
	}
	err = each(finds, findsAtOnce, func(part []store.Find) error {
		args := []any{at.UnixMicro()}
		rows := make([]string, len(part))
		for i, f := range part {
			args = append(args, plain(f.Search), plain(f.Listing))
			rows[i] = "(" + params(2+2*i, 2) + ")"
		}
		err := s.tx.read(ctx, read, "WITH found (search, listing) AS (VALUES "+strings.Join(rows, ", ")+")"+
			" INSERT INTO saved_search_hit (search_id, id, at)"+
			" SELECT saved_search.id, found.listing, $1 FROM found JOIN saved_search ON saved_search.id = found.search WHERE true"+
			" ON CONFLICT (search_id, id) DO NOTHING RETURNING search_id, id", args...)
		if err != nil {
			return s.tx.spoil(err)
		}
		return nil
	})
	return first, err
}

// findsAtOnce is how many finds one statement takes.
const findsAtOnce = 200

func (s savedSearches) Gain(ctx context.Context, search scene.ID, found int, due time.Time) error {
	const gain = "UPDATE saved_search SET fresh = fresh + $2, waiting = waiting + $2"
	if due.IsZero() {
		_, err := s.tx.write(ctx, gain+" WHERE id = $1", plain(search), found)
		return err
	}
	_, err := s.tx.write(ctx, gain+", due = CASE WHEN due = 0 OR due > $3 THEN $3 ELSE due END WHERE id = $1",
		plain(search), found, due.UnixMicro())
	return err
}

const stateColumns = "SELECT id, fresh, waiting, due, told FROM saved_search "

func (s savedSearches) states(ctx context.Context, text string, args ...any) (out []scene.SearchState, err error) {
	err = s.tx.read(ctx, func(r *sql.Rows) error {
		var state scene.SearchState
		var due, told int64
		if err := r.Scan(&state.ID, &state.Fresh, &state.Waiting, &due, &told); err != nil {
			return err
		}
		if due > 0 {
			state.Due = time.UnixMicro(due).UTC()
		}
		if told > 0 {
			state.Told = time.UnixMicro(told).UTC()
		}
		out = append(out, state)
		return nil
	}, stateColumns+text, args...)
	return out, err
}

func (s savedSearches) Due(ctx context.Context, at time.Time, limit int) ([]scene.SearchState, error) {
	if limit < 1 || limit > store.MaxPage {
		return nil, invalid("store.page_limit", map[string]any{"limit": limit, "max": store.MaxPage})
	}
	return s.states(ctx, "WHERE due > 0 AND due <= $1 ORDER BY due, id LIMIT $2", at.UnixMicro(), limit)
}

func (s savedSearches) Told(ctx context.Context, search scene.ID, at time.Time) error {
	_, err := s.tx.write(ctx, "UPDATE saved_search SET waiting = 0, due = 0, told = $2 WHERE id = $1", plain(search), at.UnixMicro())
	return err
}

func (s savedSearches) Seen(ctx context.Context, search scene.ID) error {
	_, err := s.tx.write(ctx, "UPDATE saved_search SET fresh = 0 WHERE id = $1 AND fresh > 0", plain(search))
	return err
}

func (s savedSearches) States(ctx context.Context, ids []scene.ID) (out []scene.SearchState, err error) {
	err = inList(distinct(ids), func(list string, args []any) error {
		part, err := s.states(ctx, "WHERE id IN ("+list+")", args...)
		out = append(out, part...)
		return err
	})
	return out, err
}

func (s savedSearches) Listings(ctx context.Context, search scene.ID, p store.Page) (store.Rows[scene.ID], error) {
	var c clause
	c.add("search_id = ?", plain(search))
	return listIDs(ctx, s.tx, "saved_search_hit", c, byAt, p)
}
