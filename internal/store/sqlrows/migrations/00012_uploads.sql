-- Lists that were handed in by page, with what was found in them.
-- +goose Up

CREATE TABLE upload (
	id    TEXT    NOT NULL PRIMARY KEY,
	began INTEGER NOT NULL,
	body  TEXT    NOT NULL
) STRICT;
CREATE INDEX upload_began ON upload (began, id);

-- The file itself and the report on it stand apart, so that lists stay narrow.
CREATE TABLE upload_part (
	upload_id TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
	name      TEXT NOT NULL,
	body      BLOB NOT NULL,
	PRIMARY KEY (upload_id, name)
) STRICT;
