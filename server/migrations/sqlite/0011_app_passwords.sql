-- What phones sign in with to fetch contacts and calendar; without a secret it is a draft that waits for its code.
CREATE TABLE app_passwords (
    id TEXT PRIMARY KEY,
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    -- As its owner calls it.
    name TEXT NOT NULL,
    -- Drawn, and nobody's name.
    user_name TEXT UNIQUE,
    -- A keyed hash.
    secret BLOB,
    made_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX app_passwords_subscriber ON app_passwords (subscriber_id);

-- Wrong ones, by a keyed hash of the user name typed or of the address they come from.
CREATE TABLE app_password_failures (
    subject BLOB PRIMARY KEY,
    failures BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- What a collection held when a client was told of it, under the token that it was told: with
-- it the client hears later what has changed since (RFC 6578).
CREATE TABLE dav_states (
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    collection TEXT NOT NULL,
    token TEXT NOT NULL,
    -- JSON: each member's name and tag.
    members TEXT NOT NULL,
    told_at BIGINT NOT NULL,
    PRIMARY KEY (subscriber_id, collection, token)
);
CREATE INDEX dav_states_told ON dav_states (told_at);
