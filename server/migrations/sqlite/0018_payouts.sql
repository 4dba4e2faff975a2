-- How grants are carried out. An order is written with its grant; its id is what the provider knows it by.
CREATE TABLE payout_orders (
    id TEXT PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES grants (id),
    claim_id TEXT NOT NULL REFERENCES claims (id),
    incident TEXT NOT NULL,
    subscriber_id TEXT NOT NULL,
    remedy TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    -- 'email', 'sms', 'site', 'post' or 'bill'.
    way TEXT NOT NULL,
    provider TEXT NOT NULL,
    -- 'waiting', 'sending', 'unknown', 'placed', 'stuck', 'paid', 'refused', 'returned' or 'cancelled'.
    state TEXT NOT NULL,
    -- When its next step may be taken.
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    -- How often it was sent without a known outcome: above zero, the provider is asked before it is sent again.
    unsure BIGINT NOT NULL DEFAULT 0,
    -- Who works on it, and until when that holds.
    lease TEXT,
    leased_until BIGINT NOT NULL DEFAULT 0,
    -- What the provider calls it.
    reference TEXT,
    note TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT
);
-- A grant has one order at a time.
CREATE UNIQUE INDEX payout_orders_live ON payout_orders (grant_id)
    WHERE state NOT IN ('cancelled', 'refused', 'returned');
CREATE INDEX payout_orders_grant ON payout_orders (grant_id);
CREATE INDEX payout_orders_claim ON payout_orders (claim_id);
CREATE INDEX payout_orders_subscriber ON payout_orders (subscriber_id);
CREATE INDEX payout_orders_due ON payout_orders (provider, due_at, id)
    WHERE state IN ('waiting', 'sending', 'unknown', 'placed');
CREATE INDEX payout_orders_state ON payout_orders (provider, state);
CREATE INDEX payout_orders_lease ON payout_orders (lease) WHERE lease IS NOT NULL;
CREATE INDEX payout_orders_for_a_person ON payout_orders (due_at, id) WHERE state IN ('stuck', 'refused', 'returned');
CREATE INDEX payout_orders_paid ON payout_orders (provider, ended_at) WHERE state = 'paid';
CREATE UNIQUE INDEX payout_orders_reference ON payout_orders (provider, reference) WHERE reference IS NOT NULL;

-- What was granted before there were orders.
INSERT INTO payout_orders (id, grant_id, claim_id, incident, subscriber_id, remedy, amount, currency, way, provider, state,
        due_at, created_at)
    SELECT g.id, g.id, g.claim_id, g.incident, g.subscriber_id, g.remedy, g.amount, g.currency, c.delivery,
        CASE WHEN c.delivery = 'bill' THEN 'bill-file' ELSE 'code-pool' END, 'waiting', g.granted_at, g.granted_at
    FROM grants g JOIN claims c ON c.id = g.claim_id WHERE g.ended_at IS NULL;

-- What was said to and by a provider, in order: append-only.
CREATE TABLE payout_events (
    order_id TEXT NOT NULL REFERENCES payout_orders (id),
    position BIGINT NOT NULL,
    step TEXT NOT NULL,
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (order_id, position)
);

-- One row for each provider, and one named '*' for all: what holds it up, and when it may be spoken to next.
CREATE TABLE payout_gates (
    provider TEXT PRIMARY KEY,
    paused_at BIGINT,
    paused_by TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    next_at BIGINT NOT NULL DEFAULT 0
);

-- Gift-card codes, sealed, each under a keyed hash so that none is taken in twice.
CREATE TABLE gift_codes (
    id TEXT PRIMARY KEY,
    remedy TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    fingerprint BLOB NOT NULL UNIQUE,
    -- None once its owner was erased.
    sealed BLOB,
    imported_at BIGINT NOT NULL,
    -- Not given from this moment on.
    expires_at BIGINT,
    order_id TEXT UNIQUE REFERENCES payout_orders (id),
    given_at BIGINT,
    -- When its owner first saw it.
    seen_at BIGINT
);
CREATE INDEX gift_codes_free ON gift_codes (remedy, id) WHERE order_id IS NULL;

-- What goes to others as a file: an order is in one file, once.
CREATE TABLE payout_files (
    id TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    -- bill-file-2009-10-20-1.csv
    name TEXT NOT NULL UNIQUE,
    opened_at BIGINT NOT NULL,
    -- Nothing is added from then on, and it may be handed over.
    closed_at BIGINT,
    -- It was written for others to take, and is not written again unless somebody asks.
    handed_at BIGINT
);
CREATE UNIQUE INDEX payout_files_open ON payout_files (provider) WHERE closed_at IS NULL;
CREATE TABLE payout_file_lines (
    order_id TEXT PRIMARY KEY REFERENCES payout_orders (id),
    file_id TEXT NOT NULL REFERENCES payout_files (id),
    position BIGINT NOT NULL,
    -- What was acknowledged: 'applied' or 'rejected'.
    answer TEXT,
    answer_note TEXT NOT NULL DEFAULT '',
    answered_at BIGINT,
    UNIQUE (file_id, position)
);

-- What is left of a remedy's budget, in parts that are taken from at once.
CREATE TABLE budgets (
    incident TEXT NOT NULL,
    remedy TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (incident, remedy)
);
CREATE TABLE budget_parts (
    incident TEXT NOT NULL,
    remedy TEXT NOT NULL,
    part BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (incident, remedy, part)
);

-- A posting of a payout names its order. A grant may be paid, come back and be paid again.
ALTER TABLE postings ADD COLUMN order_id TEXT REFERENCES payout_orders (id);
DROP INDEX postings_grant;
CREATE UNIQUE INDEX postings_grant ON postings (grant_id, kind, (COALESCE(order_id, '')));

CREATE TRIGGER payout_events_stay BEFORE UPDATE ON payout_events
BEGIN
    SELECT RAISE(ABORT, 'payout_events is append-only');
END;
CREATE TRIGGER payout_events_remain BEFORE DELETE ON payout_events
BEGIN
    SELECT RAISE(ABORT, 'payout_events is append-only');
END;
