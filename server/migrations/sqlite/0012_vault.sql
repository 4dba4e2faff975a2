-- Stored bytes that rot, the keys that open them, and people who are erased.

-- How many of a category's files are damaged, and how many of its items are gone with them (a photo is its bytes).
ALTER TABLE holdings ADD COLUMN damaged_files BIGINT NOT NULL DEFAULT 0;
ALTER TABLE holdings ADD COLUMN damaged_items BIGINT NOT NULL DEFAULT 0;
CREATE INDEX files_damaged ON files (subscriber_id, category) WHERE damaged_at IS NOT NULL;
-- The scrubber begins with what was read longest ago; what was never read comes first.
CREATE INDEX files_checked ON files (checked_at, id);
CREATE INDEX items_thumbnails ON items (id) WHERE thumbnail IS NOT NULL;

-- The scrubber's place in each kind of blob, and who is at it. A pass ends when all there was at its start is read.
CREATE TABLE scrubs (
    kind TEXT PRIMARY KEY,
    cursor TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    -- When the last whole pass ended.
    ended_at BIGINT,
    leased_until BIGINT NOT NULL,
    lease TEXT NOT NULL
);

-- The master keys that open this database: one, or two while a rotation is under way. Each by MasterKey::check, with
-- the root secret sealed by it. None before the first start of this version.
CREATE TABLE master_keys (
    id TEXT PRIMARY KEY,
    root_sealed BLOB NOT NULL,
    since BIGINT NOT NULL
);

-- A data key is kept once for each master key that opens it.
CREATE TABLE wrapped_keys (
    holder TEXT NOT NULL,
    master TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    PRIMARY KEY (holder, master)
);
INSERT INTO wrapped_keys (holder, master, wrapped)
SELECT holder, COALESCE((SELECT value FROM facts WHERE name = 'master_key_check'), ''), wrapped FROM keyrings;
DROP TABLE keyrings;
ALTER TABLE wrapped_keys RENAME TO keyrings;
CREATE INDEX keyrings_master ON keyrings (master, holder);

-- People who were erased. The account is known again by its keyed hash alone.
CREATE TABLE erasures (
    id TEXT PRIMARY KEY,
    account_hash BLOB NOT NULL UNIQUE,
    -- The id that the subscriber had: claims and the audit still name it. NULL where only unclaimed files were known.
    subscriber_id TEXT,
    erased_at BIGINT NOT NULL,
    -- NULL until the last blob is gone.
    finished_at BIGINT,
    -- An import may take the account in again.
    readmitted_at BIGINT
);
-- Blobs that are to be deleted one by one: those of a shared holder.
CREATE TABLE erasure_blobs (
    erasure_id TEXT NOT NULL REFERENCES erasures (id),
    blob TEXT NOT NULL,
    PRIMARY KEY (erasure_id, blob)
);
