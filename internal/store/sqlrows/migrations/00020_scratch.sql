-- What people typed into the forms of entries and have not saved yet.
-- +goose Up

CREATE TABLE scratch (
	account_id TEXT    NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	place      TEXT    NOT NULL, -- names the form
	saved      INTEGER NOT NULL,
	body       TEXT    NOT NULL,
	PRIMARY KEY (account_id, place)
) STRICT;
CREATE INDEX scratch_saved ON scratch (account_id, saved);
