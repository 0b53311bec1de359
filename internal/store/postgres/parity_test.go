package postgres_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"jinghe/internal/store/sqlite"
	"jinghe/internal/testkit"
)

// What a schema consists of, one line for each part, said alike by both
// engines. An index counts by its columns: the engines name those of unique
// columns differently.
const (
	sqliteParts = `
		WITH tables AS (SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version')
		SELECT t.name || ': column ' || c.name || ' ' || lower(c.type) || CASE WHEN c."notnull" OR c.pk THEN ' not null' ELSE '' END
			FROM tables t, pragma_table_info(t.name) c
		UNION SELECT name || ': primary key (' || group_concat(column, ', ') || ')' FROM (
			SELECT t.name, c.name AS column FROM tables t, pragma_table_info(t.name) c WHERE c.pk > 0 ORDER BY t.name, c.pk) GROUP BY name
		UNION SELECT name || ': index (' || group_concat(column, ', ') || ')' || max(uniq) FROM (
			SELECT t.name, i.name AS idx, c.name AS column, CASE WHEN i."unique" THEN ' unique' ELSE '' END AS uniq
			FROM tables t, pragma_index_list(t.name) i, pragma_index_info(i.name) c WHERE i.origin <> 'pk' ORDER BY i.name, c.seqno)
			GROUP BY name, idx
		UNION SELECT t.name || ': ' || f."from" || ' refers to ' || f."table" || ' ' || lower(f.on_delete)
			FROM tables t, pragma_foreign_key_list(t.name) f`
	postgresParts = `
		WITH tables AS (SELECT oid, relname::text AS name FROM pg_class
			WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname <> 'jinghe_version')
		SELECT name || ': column ' || attname || ' ' || CASE atttypid
				WHEN 'text'::regtype THEN CASE WHEN attcollation = '"C"'::regcollation THEN 'text' ELSE 'text in the order of the database' END
				WHEN 'bigint'::regtype THEN 'integer' WHEN 'bytea'::regtype THEN 'blob'
				WHEN 'double precision'::regtype THEN 'real' ELSE format_type(atttypid, NULL) END
			|| CASE WHEN attnotnull THEN ' not null' ELSE '' END
			FROM tables JOIN pg_attribute ON attrelid = oid WHERE attnum > 0 AND NOT attisdropped
		UNION SELECT name || CASE WHEN indisprimary THEN ': primary key (' ELSE ': index (' END || (
			SELECT string_agg(attname, ', ' ORDER BY place) FROM unnest(indkey::int2[]) WITH ORDINALITY AS k (number, place)
				JOIN pg_attribute ON attrelid = indrelid AND attnum = number)
			|| ')' || CASE WHEN indisunique AND NOT indisprimary THEN ' unique' ELSE '' END
			FROM tables JOIN pg_index ON indrelid = tables.oid
		UNION SELECT name || ': ' || attname || ' refers to ' || confrelid::regclass || ' ' ||
			CASE confdeltype WHEN 'c' THEN 'cascade' WHEN 'a' THEN 'no action' WHEN 'n' THEN 'set null' ELSE 'otherwise' END
			FROM tables JOIN pg_constraint ON conrelid = tables.oid AND contype = 'f'
			CROSS JOIN unnest(conkey) AS number JOIN pg_attribute ON attrelid = conrelid AND attnum = number`
)

// TestSchemasAgree holds the migrations of both engines together, though they
// are one file: a word that one of them reads otherwise shows here.
func TestSchemasAgree(t *testing.T) {
	t.Parallel()
	path, address := filepath.Join(t.TempDir(), "city.db"), testkit.Postgres(t)
	small, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer small.Close()
	large := open(t, address)
	defer large.Close()
	inSQLite, inPostgres := parts(t, "sqlite", path, sqliteParts), parts(t, "pgx", address, postgresParts)
	if len(inSQLite) < 80 {
		t.Errorf("only %d parts seen: the test proves little", len(inSQLite))
	}
	for _, part := range inSQLite {
		if !slices.Contains(inPostgres, part) {
			t.Errorf("PostgreSQL lacks “%s”", part)
		}
	}
	for _, part := range inPostgres {
		if !slices.Contains(inSQLite, part) {
			t.Errorf("SQLite lacks “%s”", part)
		}
	}
	a, errA := small.Health(t.Context())
	b, errB := large.Health(t.Context())
	if errA != nil || errB != nil || a.SchemaVersion != b.SchemaVersion {
		t.Errorf("schema %d (%v) in SQLite, %d (%v) in PostgreSQL", a.SchemaVersion, errA, b.SchemaVersion, errB)
	}
}

func parts(t *testing.T, driver, address, query string) (list []string) {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(context.WithoutCancel(t.Context()), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var part string
		if err := rows.Scan(&part); err != nil {
			t.Fatal(err)
		}
		list = append(list, part)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}
