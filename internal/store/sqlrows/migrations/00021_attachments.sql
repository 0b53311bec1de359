-- Files that belong to entries and showcases.
-- +goose Up

CREATE TABLE attachment (
	id     TEXT NOT NULL PRIMARY KEY,
	noun   TEXT NOT NULL,
	row_id TEXT NOT NULL,
	body   TEXT NOT NULL
) STRICT;
CREATE INDEX attachment_row ON attachment (noun, row_id, id);

-- The content stands apart, so that lists stay narrow.
CREATE TABLE attachment_content (
	attachment_id TEXT NOT NULL PRIMARY KEY REFERENCES attachment (id) ON DELETE CASCADE,
	body          BLOB NOT NULL
) STRICT;
