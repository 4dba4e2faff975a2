-- Signing in. What names a phone, a browser or an account here is a keyed hash.

-- One open code for each that asked; no subscriber where nobody has the number.
CREATE TABLE codes (
    purpose TEXT NOT NULL,
    -- The browser, or the member of staff, that asked: nobody else can use the code.
    holder BYTEA NOT NULL,
    id TEXT NOT NULL,
    phone BYTEA NOT NULL,
    -- The number as typed, to show it again; sealed.
    typed_sealed BYTEA NOT NULL,
    subscriber_id TEXT,
    code BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    -- When the code was right and a second fact is still to come.
    passed_at BIGINT,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (purpose, holder)
);
CREATE INDEX codes_phone ON codes (purpose, phone);
CREATE INDEX codes_subscriber ON codes (subscriber_id);
CREATE INDEX codes_expiry ON codes (expires_at);

-- How often a code was asked for a phone, and when the next may be.
CREATE TABLE code_waits (
    phone BYTEA PRIMARY KEY,
    asks BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL
);

-- Consecutive wrong entries for an account, or for a number that no account has.
CREATE TABLE code_failures (
    subject BYTEA NOT NULL,
    -- 'known' browsers have an allowance of their own, beside 'others'.
    pool TEXT NOT NULL,
    subscriber_id TEXT,
    failures BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (subject, pool)
);
CREATE INDEX code_failures_subscriber ON code_failures (subscriber_id);

-- Browsers that have signed in before.
CREATE TABLE known_browsers (
    subscriber_id TEXT NOT NULL,
    browser BYTEA NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (subscriber_id, browser)
);

-- What /account shows: signed in, wrong code, signed out.
CREATE TABLE sign_ins (
    id TEXT PRIMARY KEY,
    subscriber_id TEXT,
    what TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX sign_ins_subscriber ON sign_ins (subscriber_id, at);
CREATE INDEX sign_ins_at ON sign_ins (at);
