-- Inboxes, how people want to be told, what still has to go out, and the
-- receivers of other systems with the log of what they were sent.
-- +goose Up

CREATE TABLE notice (
	id         TEXT    NOT NULL PRIMARY KEY,
	account_id TEXT    NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	once       TEXT    NOT NULL, -- the cause: nobody is told twice
	kind       TEXT    NOT NULL,
	at         INTEGER NOT NULL,
	read_at    INTEGER NOT NULL, -- 0: not yet
	body       TEXT    NOT NULL,
	UNIQUE (account_id, once)
) STRICT;
CREATE INDEX notice_inbox ON notice (account_id, at, id);
CREATE INDEX notice_unread ON notice (account_id) WHERE read_at = 0;

CREATE TABLE notice_choice (
	account_id TEXT NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
	body       TEXT NOT NULL
) STRICT;

CREATE TABLE notice_due (
	id         TEXT    NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
	way        TEXT    NOT NULL,
	account_id TEXT    NOT NULL,
	due        INTEGER NOT NULL,
	tries      INTEGER NOT NULL,
	PRIMARY KEY (id, way)
) STRICT;
CREATE INDEX notice_due_when ON notice_due (due);

CREATE TABLE webhook (
	id         TEXT    NOT NULL PRIMARY KEY,
	revision   INTEGER NOT NULL,
	account_id TEXT    NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	org_id     TEXT    NOT NULL, -- empty: the centre's
	state      TEXT    NOT NULL,
	body       TEXT    NOT NULL
) STRICT;
CREATE INDEX webhook_owner ON webhook (account_id, id);
CREATE INDEX webhook_org ON webhook (org_id, id);

-- One row for each message to a receiver: it is made once, however often an
-- event is handed over.
CREATE TABLE webhook_delivery (
	id         TEXT    NOT NULL PRIMARY KEY,
	webhook_id TEXT    NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
	message    TEXT    NOT NULL,
	state      TEXT    NOT NULL,
	at         INTEGER NOT NULL,
	due        INTEGER NOT NULL,
	body       TEXT    NOT NULL,
	UNIQUE (webhook_id, message)
) STRICT;
CREATE INDEX webhook_delivery_log ON webhook_delivery (webhook_id, at, id);
CREATE INDEX webhook_delivery_due ON webhook_delivery (due, id) WHERE state = 'waiting';
