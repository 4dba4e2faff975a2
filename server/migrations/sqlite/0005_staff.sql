-- Tries to sign in, by a keyed hash of the address typed: alike for members and for nobody.
CREATE TABLE staff_tries (
    email_hash BLOB PRIMARY KEY,
    failures BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    tried_at BIGINT NOT NULL
);
ALTER TABLE staff DROP COLUMN failures;
ALTER TABLE staff DROP COLUMN locked_until;

-- Who looked at whom, and why: append-only, and without references, so that it outlives both.
CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    member_id TEXT NOT NULL,
    member_email TEXT NOT NULL,
    subscriber_id TEXT,
    account TEXT,
    action TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_subscriber ON audit (subscriber_id, at);
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;

-- What a member may see of a subscriber for a while.
CREATE TABLE reveals (
    member_id TEXT NOT NULL,
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    until BIGINT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (member_id, subscriber_id)
);
