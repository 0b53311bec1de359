-- Scenarios that were put to use and can be looked at.
-- +goose Up

CREATE TABLE showcase (
	id       TEXT    NOT NULL PRIMARY KEY,
	revision INTEGER NOT NULL,
	state    TEXT    NOT NULL,
	updated  INTEGER NOT NULL,
	body     TEXT    NOT NULL
) STRICT;
CREATE INDEX showcase_state ON showcase (state, updated, id);
