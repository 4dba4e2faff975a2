-- A claim that a member of staff made for somebody who cannot make it: who did, by whose right, and why.
-- It stays when its person is erased, all but the name of who asked, which is sealed under that person's data key.
CREATE TABLE claims_on_behalf (
    claim_id TEXT PRIMARY KEY REFERENCES claims (id),
    member_id TEXT NOT NULL,
    member_name TEXT NOT NULL,
    by_right TEXT NOT NULL,
    reason TEXT NOT NULL,
    who_sealed BLOB NOT NULL,
    -- 1: a second member of staff approves it before it is granted.
    second_look BIGINT NOT NULL
);
CREATE TRIGGER claims_on_behalf_stay BEFORE UPDATE ON claims_on_behalf
BEGIN
    SELECT RAISE(ABORT, 'claims_on_behalf is append-only');
END;
CREATE TRIGGER claims_on_behalf_remain BEFORE DELETE ON claims_on_behalf
BEGIN
    SELECT RAISE(ABORT, 'claims_on_behalf is append-only');
END;

-- Where it goes by e-mail when that is not the account's address, sealed as above.
ALTER TABLE claims ADD COLUMN email_sealed BLOB;

-- What a member filled in and has not claimed with yet, sealed as above.
CREATE TABLE behalf_drafts (
    member_id TEXT NOT NULL,
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    sealed BLOB NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (member_id, subscriber_id)
);
