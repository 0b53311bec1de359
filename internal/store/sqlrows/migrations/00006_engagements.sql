-- The pairs that people work on, and what happened to them. Listings and
-- organisations named here need not exist any more.
-- +goose Up

CREATE TABLE engagement (
	id        TEXT    NOT NULL PRIMARY KEY,
	revision  INTEGER NOT NULL,
	updated   INTEGER NOT NULL,
	need_id   TEXT    NOT NULL,
	offer_id  TEXT    NOT NULL,
	need_org  TEXT    NOT NULL,
	offer_org TEXT    NOT NULL,
	stage     TEXT    NOT NULL,
	open_pair TEXT    NOT NULL UNIQUE, -- both listings with a blank between while it is open, else the id
	due       INTEGER NOT NULL, -- of the next action, 0: nothing is owed
	body      TEXT    NOT NULL
) STRICT;
CREATE INDEX engagement_updated ON engagement (updated, id);
CREATE INDEX engagement_stage ON engagement (stage, id);
CREATE INDEX engagement_need_org ON engagement (need_org, updated, id);
CREATE INDEX engagement_offer_org ON engagement (offer_org, updated, id);
CREATE INDEX engagement_need ON engagement (need_id, id);
CREATE INDEX engagement_offer ON engagement (offer_id, id);
CREATE INDEX engagement_due ON engagement (due) WHERE due > 0;

CREATE TABLE engagement_entry (
	id            TEXT NOT NULL PRIMARY KEY,
	engagement_id TEXT NOT NULL REFERENCES engagement (id) ON DELETE CASCADE,
	once          TEXT NOT NULL,
	body          TEXT NOT NULL,
	UNIQUE (engagement_id, once)
) STRICT;
CREATE INDEX engagement_entry_of ON engagement_entry (engagement_id, id);
