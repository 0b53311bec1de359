-- What experts were asked about entries, and what they said. Entries and accounts
-- named here need not exist any more.
-- +goose Up

CREATE TABLE opinion (
	id         TEXT    NOT NULL PRIMARY KEY,
	revision   INTEGER NOT NULL,
	listing_id TEXT    NOT NULL,
	account_id TEXT    NOT NULL, -- of the expert
	waits      TEXT    NOT NULL UNIQUE, -- entry and expert with a blank between while an answer is owed, else the id
	remind     INTEGER NOT NULL, -- when it is due, 0: nobody has to be reminded
	body       TEXT    NOT NULL
) STRICT;
CREATE INDEX opinion_listing ON opinion (listing_id, id);
CREATE INDEX opinion_account ON opinion (account_id, id);
CREATE INDEX opinion_remind ON opinion (remind) WHERE remind > 0;
