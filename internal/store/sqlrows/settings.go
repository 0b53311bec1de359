package sqlrows

import (
	"context"
	"database/sql"

	"jinghe/internal/store"
)

// Settings returns the table of small named values.
func (t *Tx) Settings() store.Settings { return settings{t} }

type settings struct{ tx *Tx }

func (s settings) Get(ctx context.Context, key string) (value []byte, err error) {
	err = s.tx.read(ctx, func(r *sql.Rows) error {
		if err := r.Scan(&value); err != nil {
			return err
		}
		if value == nil { // an empty value is a value
			value = []byte{}
		}
		return nil
	}, "SELECT value FROM setting WHERE key = $1", plain(key))
	return value, err
}

func (s settings) Put(ctx context.Context, key string, value []byte) error {
	if key == "" {
		return s.tx.spoil(invalid("store.name_required", nil))
	}
	if value == nil {
		_, err := s.tx.write(ctx, "DELETE FROM setting WHERE key = $1", plain(key))
		return err
	}
	_, err := s.tx.write(ctx, "INSERT INTO setting (key, value) VALUES ($1, $2)"+
		" ON CONFLICT (key) DO UPDATE SET value = excluded.value", plain(key), value)
	return err
}
