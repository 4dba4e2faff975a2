-- An address for one edition that works without signing in, for a day. The token is kept as a keyed hash alone.
CREATE TABLE download_links (
    id TEXT PRIMARY KEY,
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    edition_id TEXT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    token BYTEA NOT NULL UNIQUE,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX download_links_subscriber ON download_links (subscriber_id);
CREATE INDEX download_links_edition ON download_links (edition_id);
CREATE INDEX download_links_expiry ON download_links (expires_at);
