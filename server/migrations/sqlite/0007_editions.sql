-- An archive frozen at a date. Once made it is never changed: only its use, its digest and harm to it are noted.
CREATE TABLE editions (
    id TEXT PRIMARY KEY,
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    -- 'everything', or a category.
    part TEXT NOT NULL,
    -- 1, 2, 3 … of its part: of those who make the next one at once, one does.
    number BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    -- How things stood, as JSON: what is new is told by comparing.
    basis TEXT NOT NULL,
    -- Of the whole ZIP.
    files BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    -- The blob that lists every entry and where its bytes are.
    manifest TEXT NOT NULL,
    manifest_bytes BIGINT NOT NULL,
    -- SHA-256 of the whole ZIP, once somebody has read it through.
    sha256 BLOB,
    -- When bytes of it were found to be unreadable.
    damaged_at BIGINT,
    -- The last download; 30 days after it the edition goes.
    used_at BIGINT NOT NULL,
    UNIQUE (subscriber_id, part, number)
);
CREATE INDEX editions_used ON editions (used_at);

-- The blobs that were written for editions, each for one alone. The row comes before the blob, and goes after it: what a
-- killed process leaves is found by its row. No reference to the edition, for the same reason.
CREATE TABLE edition_blobs (
    blob TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX edition_blobs_edition ON edition_blobs (edition_id);
