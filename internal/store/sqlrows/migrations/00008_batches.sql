-- Lists of entries that go out together, and when.
-- +goose Up

CREATE TABLE batch (
	id       TEXT    NOT NULL PRIMARY KEY,
	revision INTEGER NOT NULL,
	name_key TEXT    NOT NULL UNIQUE,
	release  INTEGER NOT NULL,
	body     TEXT    NOT NULL
) STRICT;
CREATE INDEX batch_release ON batch (release, id);
