-- Organisations that were merged into another keep their row, so that what
-- named them still leads somewhere.
-- +goose Up

ALTER TABLE organisation ADD COLUMN merged_into TEXT NOT NULL DEFAULT ''; -- id of another, '' for one that stands
