-- What people keep asking, whom they were told of, and the lists of matches
-- that were worked out ahead. Those are copies that can be made again.
-- +goose Up

CREATE TABLE saved_search (
	id       TEXT    NOT NULL PRIMARY KEY,
	revision INTEGER NOT NULL,
	owner_id TEXT    NOT NULL,
	body     TEXT    NOT NULL
) STRICT;
CREATE INDEX saved_search_owner ON saved_search (owner_id, id);

-- One row for each listing (id) that a search found: nobody is told twice.
CREATE TABLE saved_search_hit (
	search_id TEXT    NOT NULL REFERENCES saved_search (id) ON DELETE CASCADE,
	id        TEXT    NOT NULL,
	at        INTEGER NOT NULL,
	PRIMARY KEY (search_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE match_list (
	kind TEXT NOT NULL, -- of the listing it belongs to
	id   TEXT NOT NULL,
	body BLOB NOT NULL,
	PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
