-- What became of the meetings of an event that ended with a next step.
-- +goose Up

CREATE TABLE fair_case (
	fair_id  TEXT    NOT NULL REFERENCES fair (id) ON DELETE CASCADE,
	meeting  TEXT    NOT NULL,
	due      INTEGER NOT NULL, -- when somebody is asked again what came of it, 0: never
	body     TEXT    NOT NULL,
	PRIMARY KEY (fair_id, meeting)
) STRICT, WITHOUT ROWID;
CREATE INDEX fair_case_due ON fair_case (due) WHERE due > 0;
