-- Matchmaking events: who takes part, the versions of the meeting plan, and
-- the log of the day.
-- +goose Up

CREATE TABLE fair (
	id       TEXT    NOT NULL PRIMARY KEY,
	revision INTEGER NOT NULL,
	wall     TEXT    NOT NULL UNIQUE, -- code in the address of the wall display
	body     TEXT    NOT NULL
) STRICT;

CREATE TABLE fair_party (
	id       TEXT    NOT NULL PRIMARY KEY,
	revision INTEGER NOT NULL,
	fair_id  TEXT    NOT NULL REFERENCES fair (id) ON DELETE CASCADE,
	org_id   TEXT    NOT NULL, -- '' for a party that is no organisation here
	body     TEXT    NOT NULL
) STRICT;
CREATE INDEX fair_party_fair ON fair_party (fair_id, id);
CREATE INDEX fair_party_org ON fair_party (org_id, id);

-- Codes of personal links, by the digest of the code.
CREATE TABLE fair_code (
	id       TEXT NOT NULL PRIMARY KEY,
	party_id TEXT NOT NULL REFERENCES fair_party (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX fair_code_party ON fair_code (party_id);

-- Version 0 is the draft of the next one.
CREATE TABLE fair_plan (
	fair_id  TEXT    NOT NULL REFERENCES fair (id) ON DELETE CASCADE,
	number   INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	body     TEXT    NOT NULL,
	PRIMARY KEY (fair_id, number)
) STRICT, WITHOUT ROWID;

-- entry_key is made by who writes the entry: sending it again does nothing.
CREATE TABLE fair_entry (
	id        TEXT NOT NULL PRIMARY KEY,
	fair_id   TEXT NOT NULL REFERENCES fair (id) ON DELETE CASCADE,
	entry_key TEXT NOT NULL,
	body      TEXT NOT NULL,
	UNIQUE (fair_id, entry_key)
) STRICT;
CREATE INDEX fair_entry_fair ON fair_entry (fair_id, id);
