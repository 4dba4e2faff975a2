-- What was promised and given, in double entry: the lines of a posting come to zero. Nothing here is ever changed.
CREATE TABLE postings (
    id TEXT PRIMARY KEY,
    incident TEXT NOT NULL,
    remedy TEXT NOT NULL,
    -- 'grant': a remedy was promised.
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    grant_id TEXT NOT NULL REFERENCES grants (id),
    at BIGINT NOT NULL
);
-- A grant is promised once.
CREATE UNIQUE INDEX postings_grant ON postings (grant_id, kind);

CREATE TABLE posting_lines (
    posting_id TEXT NOT NULL REFERENCES postings (id),
    -- 'budget', 'obligation', 'paid' or 'returned'.
    account TEXT NOT NULL,
    -- Minor units; less than zero is taken from the account.
    amount BIGINT NOT NULL,
    PRIMARY KEY (posting_id, account)
);

-- The order in which postings were sealed, each under a hash of itself and of all before.
CREATE TABLE ledger_seals (
    position BIGINT PRIMARY KEY,
    posting_id TEXT NOT NULL UNIQUE REFERENCES postings (id),
    hash TEXT NOT NULL
);

-- What waits for its seal.
CREATE TABLE postings_unsealed (
    posting_id TEXT PRIMARY KEY REFERENCES postings (id)
);

-- What was granted before there was a ledger.
INSERT INTO postings (id, incident, remedy, kind, currency, grant_id, at)
    SELECT id, incident, remedy, 'grant', currency, id, granted_at FROM grants;
INSERT INTO posting_lines (posting_id, account, amount) SELECT id, 'budget', -amount FROM grants;
INSERT INTO posting_lines (posting_id, account, amount) SELECT id, 'obligation', amount FROM grants;
INSERT INTO postings_unsealed (posting_id) SELECT id FROM postings;

CREATE TRIGGER postings_stay BEFORE UPDATE ON postings
BEGIN
    SELECT RAISE(ABORT, 'postings is append-only');
END;
CREATE TRIGGER postings_remain BEFORE DELETE ON postings
BEGIN
    SELECT RAISE(ABORT, 'postings is append-only');
END;
CREATE TRIGGER posting_lines_stay BEFORE UPDATE ON posting_lines
BEGIN
    SELECT RAISE(ABORT, 'posting_lines is append-only');
END;
CREATE TRIGGER posting_lines_remain BEFORE DELETE ON posting_lines
BEGIN
    SELECT RAISE(ABORT, 'posting_lines is append-only');
END;
CREATE TRIGGER ledger_seals_stay BEFORE UPDATE ON ledger_seals
BEGIN
    SELECT RAISE(ABORT, 'ledger_seals is append-only');
END;
CREATE TRIGGER ledger_seals_remain BEFORE DELETE ON ledger_seals
BEGIN
    SELECT RAISE(ABORT, 'ledger_seals is append-only');
END;
