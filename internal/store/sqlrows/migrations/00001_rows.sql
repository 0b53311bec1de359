-- Rows as JSON bodies beside the columns that are searched, joined or unique.
-- Times are microseconds since 1970 in UTC; a NULL bound of validity is open.
-- +goose Up

CREATE TABLE organisation (
	id          TEXT    NOT NULL PRIMARY KEY,
	revision    INTEGER NOT NULL,
	updated     INTEGER NOT NULL,
	import_id   TEXT    NOT NULL,
	body        TEXT    NOT NULL
) STRICT;

-- What an organisation is found by: its credit code and the folded forms of
-- its names, each held by one organisation.
CREATE TABLE organisation_key (
	key             TEXT NOT NULL PRIMARY KEY,
	organisation_id TEXT NOT NULL REFERENCES organisation (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX organisation_key_owner ON organisation_key (organisation_id);

-- Earlier contents only; the present one is in the row itself.
CREATE TABLE organisation_revision (
	id        TEXT    NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
	revision  INTEGER NOT NULL,
	updated   INTEGER NOT NULL,
	import_id TEXT    NOT NULL,
	body      TEXT    NOT NULL,
	PRIMARY KEY (id, revision)
) STRICT;

CREATE TABLE opportunity (
	id         TEXT    NOT NULL PRIMARY KEY,
	revision   INTEGER NOT NULL,
	updated    INTEGER NOT NULL,
	import_id  TEXT    NOT NULL,
	identity   TEXT    NOT NULL UNIQUE,
	name_key   TEXT    NOT NULL, -- folded name, by which a row without code is found
	org_id     TEXT    REFERENCES organisation (id),
	state      TEXT    NOT NULL,
	batch      TEXT    NOT NULL,
	source     TEXT    NOT NULL,
	valid_from INTEGER,
	valid_to   INTEGER,
	body       TEXT    NOT NULL
) STRICT;
CREATE INDEX opportunity_newest ON opportunity (updated, id);
CREATE INDEX opportunity_name ON opportunity (name_key);
CREATE INDEX opportunity_org ON opportunity (org_id, id);
CREATE INDEX opportunity_state ON opportunity (state, updated, id);
CREATE INDEX opportunity_source ON opportunity (source, id);
CREATE INDEX opportunity_batch ON opportunity (batch, id);

CREATE TABLE opportunity_field (
	field TEXT NOT NULL,
	id    TEXT NOT NULL REFERENCES opportunity (id) ON DELETE CASCADE,
	PRIMARY KEY (field, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX opportunity_field_owner ON opportunity_field (id);

CREATE TABLE opportunity_revision (
	id        TEXT    NOT NULL REFERENCES opportunity (id) ON DELETE CASCADE,
	revision  INTEGER NOT NULL,
	updated   INTEGER NOT NULL,
	import_id TEXT    NOT NULL,
	body      TEXT    NOT NULL,
	PRIMARY KEY (id, revision)
) STRICT;

CREATE TABLE capability (
	id         TEXT    NOT NULL PRIMARY KEY,
	revision   INTEGER NOT NULL,
	updated    INTEGER NOT NULL,
	import_id  TEXT    NOT NULL,
	identity   TEXT    NOT NULL UNIQUE,
	name_key   TEXT    NOT NULL, -- folded name, by which a row without code is found
	org_id     TEXT    REFERENCES organisation (id),
	state      TEXT    NOT NULL,
	batch      TEXT    NOT NULL,
	source     TEXT    NOT NULL,
	valid_from INTEGER,
	valid_to   INTEGER,
	body       TEXT    NOT NULL
) STRICT;
CREATE INDEX capability_newest ON capability (updated, id);
CREATE INDEX capability_name ON capability (name_key);
CREATE INDEX capability_org ON capability (org_id, id);
CREATE INDEX capability_state ON capability (state, updated, id);
CREATE INDEX capability_source ON capability (source, id);
CREATE INDEX capability_batch ON capability (batch, id);

CREATE TABLE capability_field (
	field TEXT NOT NULL,
	id    TEXT NOT NULL REFERENCES capability (id) ON DELETE CASCADE,
	PRIMARY KEY (field, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX capability_field_owner ON capability_field (id);

CREATE TABLE capability_revision (
	id        TEXT    NOT NULL REFERENCES capability (id) ON DELETE CASCADE,
	revision  INTEGER NOT NULL,
	updated   INTEGER NOT NULL,
	import_id TEXT    NOT NULL,
	body      TEXT    NOT NULL,
	PRIMARY KEY (id, revision)
) STRICT;

CREATE TABLE dictionary (
	name TEXT NOT NULL PRIMARY KEY,
	body TEXT NOT NULL
) STRICT;

CREATE TABLE crosswalk (
	from_name TEXT NOT NULL,
	to_name   TEXT NOT NULL,
	body      TEXT NOT NULL,
	PRIMARY KEY (from_name, to_name)
) STRICT;

CREATE TABLE word (
	position INTEGER NOT NULL PRIMARY KEY,
	word     TEXT    NOT NULL UNIQUE,
	body     TEXT    NOT NULL
) STRICT;

CREATE TABLE import_job (
	id    TEXT    NOT NULL PRIMARY KEY,
	began INTEGER NOT NULL,
	body  TEXT    NOT NULL
) STRICT;
CREATE INDEX import_job_newest ON import_job (began, id);

CREATE TABLE import_change (
	import_id   TEXT    NOT NULL REFERENCES import_job (id),
	position    INTEGER NOT NULL,
	noun        TEXT    NOT NULL,
	row_id      TEXT    NOT NULL,
	rev_before  INTEGER NOT NULL,
	rev_after   INTEGER NOT NULL,
	PRIMARY KEY (import_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
	key   TEXT NOT NULL PRIMARY KEY,
	value BLOB NOT NULL
) STRICT;

-- AUTOINCREMENT: a number is never given twice, also after pruning.
CREATE TABLE outbox (
	seq  INTEGER PRIMARY KEY AUTOINCREMENT,
	id   TEXT NOT NULL UNIQUE,
	body TEXT NOT NULL
) STRICT;

-- The mark by which a file is known to be a store of this program ("JING").
PRAGMA application_id = 1246318151; -- sqlite only
