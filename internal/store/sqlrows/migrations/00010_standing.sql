-- How far a saved search has got with what it found, and when it was changed,
-- so that whoever keeps a copy can catch up.
-- +goose Up

ALTER TABLE saved_search ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE saved_search ADD COLUMN fresh INTEGER NOT NULL DEFAULT 0;
ALTER TABLE saved_search ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
ALTER TABLE saved_search ADD COLUMN due INTEGER NOT NULL DEFAULT 0; -- 0: nothing is to be told
ALTER TABLE saved_search ADD COLUMN told INTEGER NOT NULL DEFAULT 0; -- 0: nothing was
CREATE INDEX saved_search_updated ON saved_search (updated, id);
CREATE INDEX saved_search_due ON saved_search (due, id) WHERE due > 0;
