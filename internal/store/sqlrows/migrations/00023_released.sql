-- What is released at an instant is looked for every few seconds.
-- +goose Up

CREATE INDEX opportunity_opens ON opportunity (valid_from) WHERE valid_from IS NOT NULL;
CREATE INDEX capability_opens ON capability (valid_from) WHERE valid_from IS NOT NULL;
