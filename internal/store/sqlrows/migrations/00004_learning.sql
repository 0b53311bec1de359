-- What people said of pairs, and the weights learned from it. Pairs are kept
-- by the ids of both listings, also after a listing was deleted.
-- +goose Up

CREATE TABLE decision (
	id       TEXT NOT NULL PRIMARY KEY,
	need_id  TEXT NOT NULL,
	offer_id TEXT NOT NULL,
	body     TEXT NOT NULL
) STRICT;
CREATE INDEX decision_need ON decision (need_id, offer_id);

-- Pins and exclusions: at most one a pair.
CREATE TABLE pair_mark (
	id       TEXT NOT NULL PRIMARY KEY, -- both ids, with a blank between
	need_id  TEXT NOT NULL,
	offer_id TEXT NOT NULL,
	body     TEXT NOT NULL
) STRICT;

CREATE TABLE weight_set (
	id   TEXT NOT NULL PRIMARY KEY,
	body TEXT NOT NULL
) STRICT;

CREATE TABLE weight_activation (
	id     TEXT NOT NULL PRIMARY KEY,
	body   TEXT NOT NULL
) STRICT;
