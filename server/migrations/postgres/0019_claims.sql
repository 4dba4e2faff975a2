-- A claim that waits keeps the facts that entitled it, as JSON, until it is decided.
ALTER TABLE claims ADD COLUMN facts TEXT;
-- Where it goes by post, sealed under its person's data key: erasing the person makes it unreadable.
ALTER TABLE claims ADD COLUMN address_sealed BYTEA;

-- Whatever races, a person has one live claim of a remedy.
CREATE UNIQUE INDEX claims_live ON claims (incident, subscriber_id, remedy)
    WHERE state <> 'withdrawn' AND state <> 'declined' AND state <> 'closed';
-- The queue of those who decide.
CREATE INDEX claims_waiting ON claims (made_at, id) WHERE state = 'submitted';

-- A postal address that somebody typed and has not claimed with yet, sealed as above.
CREATE TABLE claim_drafts (
    subscriber_id TEXT PRIMARY KEY REFERENCES subscribers (id) ON DELETE CASCADE,
    address_sealed BYTEA NOT NULL,
    kept_at BIGINT NOT NULL
);
