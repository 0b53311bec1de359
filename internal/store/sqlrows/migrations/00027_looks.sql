-- What people saw at their last look at a list that changes by itself, so that the
-- next one tells what is new; and what was said of a pair found from either side.
-- +goose Up

CREATE TABLE look (
	account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	listing_id TEXT NOT NULL, -- whose list of matches it was; need not exist any more
	body       TEXT NOT NULL,
	PRIMARY KEY (account_id, listing_id)
) STRICT;
CREATE INDEX decision_offer ON decision (offer_id, need_id);
