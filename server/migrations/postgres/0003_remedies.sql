-- Claims, grants and the terms that were agreed to. None of it goes with its subscriber: what was promised and
-- given stays accountable, so subscriber_id is an id and no reference.

-- Each text once, under the SHA-256 of it.
CREATE TABLE agreed_terms (
    version TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    first_agreed_at BIGINT NOT NULL
);

CREATE TABLE claims (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    incident TEXT NOT NULL,
    subscriber_id TEXT NOT NULL,
    remedy TEXT NOT NULL,
    -- As the person read them when they claimed.
    remedy_title TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    delivery TEXT NOT NULL,
    delivery_words TEXT NOT NULL,
    terms_version TEXT NOT NULL REFERENCES agreed_terms (version),
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX claims_subscriber ON claims (subscriber_id, made_at);

-- Every step of a claim, in order: append-only.
CREATE TABLE claim_events (
    claim_id TEXT NOT NULL REFERENCES claims (id),
    position BIGINT NOT NULL,
    step TEXT NOT NULL,
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (claim_id, position)
);

-- The decision to give a remedy, with the facts that decided it as JSON.
CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    claim_id TEXT NOT NULL REFERENCES claims (id),
    incident TEXT NOT NULL,
    subscriber_id TEXT NOT NULL,
    remedy TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    facts TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    -- Live while NULL.
    ended_at BIGINT
);
-- Whatever races, a person has one live grant of a remedy.
CREATE UNIQUE INDEX grants_live ON grants (incident, subscriber_id, remedy) WHERE ended_at IS NULL;
CREATE INDEX grants_claim ON grants (claim_id);

CREATE FUNCTION claim_events_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'claim_events is append-only'; END $$;
CREATE TRIGGER claim_events_stay BEFORE UPDATE OR DELETE ON claim_events
    FOR EACH ROW EXECUTE FUNCTION claim_events_append_only();
