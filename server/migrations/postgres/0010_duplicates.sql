-- The contacts file that a subscriber brought from the phone in use: one each, every card sealed under their key.
CREATE TABLE phone_files (
    id TEXT PRIMARY KEY,
    subscriber_id TEXT NOT NULL UNIQUE REFERENCES subscribers (id) ON DELETE CASCADE,
    cards BIGINT NOT NULL,
    -- Parts of the file that could not be read.
    problems BIGINT NOT NULL,
    uploaded_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX phone_files_expiry ON phone_files (expires_at);

CREATE TABLE phone_cards (
    file_id TEXT NOT NULL REFERENCES phone_files (id) ON DELETE CASCADE,
    -- HMAC of its content under the subscriber's key: the same card brought again is the same.
    card TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (file_id, card)
);

-- What looks like a duplicate, found once for each state of the contacts (the holdings clock) and of the phone's file.
CREATE TABLE duplicate_findings (
    subscriber_id TEXT PRIMARY KEY REFERENCES subscribers (id) ON DELETE CASCADE,
    clock BIGINT NOT NULL,
    phone_file TEXT NOT NULL,
    -- The version of the rules that found them.
    rules BIGINT NOT NULL,
    found TEXT NOT NULL,
    -- What waits for a choice; NULL until counted.
    waiting_groups BIGINT,
    waiting_contacts BIGINT
);

-- A choice about a group of contacts. Rows are never changed but for how the choice ended.
CREATE TABLE duplicate_choices (
    id TEXT PRIMARY KEY,
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    -- What was chosen, as one hash: the same choice sent twice is made once.
    fingerprint TEXT NOT NULL,
    chosen_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- 'undone', or the choice that took its place.
    ended_by TEXT
);
CREATE INDEX duplicate_choices_subscriber ON duplicate_choices (subscriber_id, chosen_at);

CREATE TABLE duplicate_choice_cards (
    choice_id TEXT NOT NULL REFERENCES duplicate_choices (id) ON DELETE CASCADE,
    subscriber_id TEXT NOT NULL,
    -- An item's id, or the card of the phone's file.
    card TEXT NOT NULL,
    -- The item's digest in hexadecimal; empty for a card of the phone's.
    version TEXT NOT NULL,
    -- Cards with the same number became one.
    part BIGINT NOT NULL,
    -- 'kept', 'merged' or 'left-out'.
    fate TEXT NOT NULL,
    -- 1 while the choice holds.
    holds BIGINT NOT NULL,
    PRIMARY KEY (choice_id, card, version)
);
-- One current choice about a card, whoever is quicker.
CREATE UNIQUE INDEX duplicate_choice_cards_hold ON duplicate_choice_cards (subscriber_id, card, version)
    WHERE holds = 1;

-- The contact that a merge made, sealed under the subscriber's key: it may hold what only the phone had.
CREATE TABLE duplicate_merged (
    choice_id TEXT NOT NULL REFERENCES duplicate_choices (id) ON DELETE CASCADE,
    part BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (choice_id, part)
);

-- What was done, in its order: append-only.
CREATE TABLE duplicate_acts (
    id TEXT PRIMARY KEY,
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    choice_id TEXT NOT NULL,
    -- 'chosen', 'replaced', 'undone' or 'restored'.
    act TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX duplicate_acts_subscriber ON duplicate_acts (subscriber_id, at);
