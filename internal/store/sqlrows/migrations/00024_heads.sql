-- Rows are kept decoded and read again only where their heads say so, and open
-- entries are counted on nearly every page of a list: both are answered by
-- indexes, which are a tenth of the rows.
-- +goose Up

CREATE INDEX organisation_head ON organisation (id, revision, updated);
CREATE INDEX opportunity_head ON opportunity (id, revision, updated);
CREATE INDEX capability_head ON capability (id, revision, updated);
CREATE INDEX opportunity_open ON opportunity (state, valid_from, valid_to, id);
CREATE INDEX capability_open ON capability (state, valid_from, valid_to, id);
