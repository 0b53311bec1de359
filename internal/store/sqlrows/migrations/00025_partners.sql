-- Who has a part in an engagement beside its two sides, so that an organisation
-- finds its own; all that is known of it stands in the body of the engagement.
-- +goose Up

CREATE TABLE engagement_partner (
	engagement_id TEXT NOT NULL REFERENCES engagement (id) ON DELETE CASCADE,
	org_id        TEXT NOT NULL,
	PRIMARY KEY (engagement_id, org_id)
) STRICT;
CREATE INDEX engagement_partner_org ON engagement_partner (org_id, engagement_id);
