-- Doors for other systems: access tokens, answers kept for repeated requests,
-- and what may be used once only.
-- +goose Up

CREATE TABLE access_token (
	id         TEXT NOT NULL PRIMARY KEY,
	digest     TEXT NOT NULL UNIQUE, -- of the token, never the token
	account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	org_id     TEXT NOT NULL,
	body       TEXT NOT NULL
) STRICT;
CREATE INDEX access_token_account ON access_token (account_id, id);
CREATE INDEX access_token_org ON access_token (org_id, id);

CREATE TABLE answer (
	key     TEXT    NOT NULL PRIMARY KEY,
	expires INTEGER NOT NULL,
	body    TEXT    NOT NULL
) STRICT;
CREATE INDEX answer_expires ON answer (expires);

-- What works once and has been used: solved puzzles, for one.
CREATE TABLE spent (
	id      TEXT    NOT NULL PRIMARY KEY,
	expires INTEGER NOT NULL
) STRICT;
CREATE INDEX spent_expires ON spent (expires);

-- People of other systems who are accounts here.
CREATE TABLE sign_on (
	id         TEXT NOT NULL PRIMARY KEY, -- digest of issuer and subject
	account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	body       TEXT NOT NULL
) STRICT;
CREATE INDEX sign_on_account ON sign_on (account_id, id);
