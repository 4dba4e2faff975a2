-- What is common to the whole portal. Text ids (UUIDv7), BIGINT milliseconds, BLOB bytes.

CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Raised in the transaction of every fact that pages follow.
CREATE TABLE changes (
    name TEXT PRIMARY KEY,
    count BIGINT NOT NULL
);

-- Data keys, wrapped by the master key; a holder is a subscriber's id or 'unclaimed'.
CREATE TABLE keyrings (
    holder TEXT PRIMARY KEY,
    wrapped BLOB NOT NULL
);

CREATE TABLE subscribers (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL UNIQUE,
    phone TEXT,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    locale TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    plan TEXT NOT NULL,
    search TEXT NOT NULL,
    -- 0 to 9999, from the account: which tenth of a percent a release reaches first.
    cohort BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX subscribers_phone ON subscribers (phone);

-- One row for a subscriber and a category of which anything is known.
CREATE TABLE holdings (
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    category TEXT NOT NULL,
    files BIGINT NOT NULL DEFAULT 0,
    quarantined BIGINT NOT NULL DEFAULT 0,
    items BIGINT NOT NULL DEFAULT 0,
    expected BIGINT,
    as_of BIGINT,
    verdict_reason TEXT,
    released_at BIGINT,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (subscriber_id, category)
);

-- A category opened to a cohort; cohorts only grow.
CREATE TABLE releases (
    category TEXT PRIMARY KEY,
    cohort BIGINT NOT NULL,
    released_at BIGINT NOT NULL
);

-- Who opened what, when: append-only.
CREATE TABLE release_acts (
    id TEXT PRIMARY KEY,
    category TEXT NOT NULL,
    cohort BIGINT,
    accounts BIGINT,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    beat_at BIGINT NOT NULL,
    finished_at BIGINT,
    report TEXT
);

-- A file is known by account, category, path and SHA-256.
CREATE TABLE files (
    id TEXT PRIMARY KEY,
    subscriber_id TEXT REFERENCES subscribers (id) ON DELETE CASCADE,
    account TEXT NOT NULL,
    category TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    crc32 BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    blob TEXT NOT NULL,
    modified_at BIGINT,
    -- NULL when it could be read; else why it is in quarantine.
    reason TEXT,
    superseded_at BIGINT,
    run_id TEXT NOT NULL,
    imported_at BIGINT NOT NULL,
    UNIQUE (account, category, path, sha256)
);
CREATE INDEX files_subscriber ON files (subscriber_id, category);

CREATE TABLE items (
    id TEXT PRIMARY KEY,
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    category TEXT NOT NULL,
    -- SHA-256 of the UID, or of the content where there is none.
    identity BLOB NOT NULL,
    digest BLOB NOT NULL,
    revised_at BIGINT,
    title TEXT NOT NULL,
    sort TEXT NOT NULL,
    search TEXT NOT NULL,
    at BIGINT,
    details TEXT NOT NULL,
    body TEXT NOT NULL,
    file_id TEXT NOT NULL,
    thumbnail TEXT,
    thumbnail_bytes BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (subscriber_id, category, identity)
);
CREATE INDEX items_sort ON items (subscriber_id, category, sort, id);

-- The versions of an item that are not the one shown.
CREATE TABLE versions (
    item_id TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    digest BLOB NOT NULL,
    revised_at BIGINT,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    file_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (item_id, digest)
);

-- The outbox: an SMS or e-mail, written with the fact it tells of.
CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    subscriber_id TEXT,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    template TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- Sealed; dropped once sent or expired when the template is secret.
    text_sealed BLOB,
    secret BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    leased_until BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    sent_at BIGINT,
    failure TEXT
);
CREATE INDEX messages_due ON messages (created_at) WHERE sent_at IS NULL AND failure IS NULL;
CREATE INDEX messages_subscriber ON messages (subscriber_id, created_at);

-- Ids only; the key is a hash of what the cookie holds.
CREATE TABLE sessions (
    id BLOB PRIMARY KEY,
    subscriber_id TEXT,
    staff_id TEXT,
    data TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX sessions_subscriber ON sessions (subscriber_id);
CREATE INDEX sessions_staff ON sessions (staff_id);

-- Support staff; no password until the member enrolled.
CREATE TABLE staff (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT,
    totp_sealed BLOB,
    -- The last TOTP step that was used: a code works once.
    totp_step BIGINT NOT NULL DEFAULT 0,
    enrol_hash BLOB,
    enrol_expires_at BIGINT,
    failures BIGINT NOT NULL DEFAULT 0,
    locked_until BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
