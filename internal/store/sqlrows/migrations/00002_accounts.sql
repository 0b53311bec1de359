-- People who can sign in, what proves them, and the record of who did what.
-- +goose Up

CREATE TABLE account (
	id       TEXT    NOT NULL PRIMARY KEY,
	revision INTEGER NOT NULL,
	login    TEXT    NOT NULL UNIQUE,
	org_id   TEXT    REFERENCES organisation (id),
	state    TEXT    NOT NULL,
	body     TEXT    NOT NULL
) STRICT;
CREATE INDEX account_org ON account (org_id, id);
CREATE INDEX account_state ON account (state, id);

-- Secrets stand apart from the accounts that pages show.
CREATE TABLE credential (
	account_id TEXT NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
	body       TEXT NOT NULL
) STRICT;

CREATE TABLE session (
	id         TEXT    NOT NULL PRIMARY KEY, -- digest of the token, never the token
	account_id TEXT    NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	expires    INTEGER NOT NULL,
	body       TEXT    NOT NULL
) STRICT;
CREATE INDEX session_account ON session (account_id, id);
CREATE INDEX session_expires ON session (expires);

CREATE TABLE token (
	id      TEXT    NOT NULL PRIMARY KEY,
	expires INTEGER NOT NULL,
	body    TEXT    NOT NULL
) STRICT;
CREATE INDEX token_expires ON token (expires);

CREATE TABLE attempt (
	key  TEXT    NOT NULL PRIMARY KEY,
	last INTEGER NOT NULL,
	body TEXT    NOT NULL
) STRICT;
CREATE INDEX attempt_last ON attempt (last);

CREATE TABLE audit (
	id     TEXT    NOT NULL PRIMARY KEY,
	at     INTEGER NOT NULL,
	actor  TEXT    NOT NULL,
	action TEXT    NOT NULL,
	noun   TEXT    NOT NULL,
	row_id TEXT    NOT NULL,
	body   TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_actor ON audit (actor, at, id);
CREATE INDEX audit_row ON audit (row_id, at, id);

-- The record can only grow.
-- +goose StatementBegin
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the record of changes is append-only'); END; -- sqlite only
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the record of changes is append-only'; END $$; -- postgres only
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the record of changes is append-only'); END; -- sqlite only
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse(); -- postgres only
-- +goose StatementEnd

CREATE TABLE review (
	id         TEXT NOT NULL PRIMARY KEY,
	kind       TEXT NOT NULL,
	listing_id TEXT NOT NULL,
	body       TEXT NOT NULL
) STRICT;
CREATE INDEX review_listing ON review (listing_id, id);

CREATE TABLE proposal (
	id         TEXT NOT NULL PRIMARY KEY,
	kind       TEXT NOT NULL,
	listing_id TEXT NOT NULL,
	state      TEXT NOT NULL,
	body       TEXT NOT NULL
) STRICT;
CREATE INDEX proposal_state ON proposal (state, id);
CREATE UNIQUE INDEX proposal_open ON proposal (kind, listing_id) WHERE state = 'open';
