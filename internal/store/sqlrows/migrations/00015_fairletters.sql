-- Letters that carry the personal links of an event.
-- +goose Up

CREATE TABLE fair_letter (
	party_id TEXT    NOT NULL REFERENCES fair_party (id) ON DELETE CASCADE,
	delegate TEXT    NOT NULL,
	due      INTEGER NOT NULL, -- when it goes out, 0: it has gone, or will not
	body     TEXT    NOT NULL,
	PRIMARY KEY (party_id, delegate)
) STRICT, WITHOUT ROWID;
CREATE INDEX fair_letter_due ON fair_letter (due) WHERE due > 0;
