-- From when on a blob may be removed unless its edition is there: an hour after it is written down, until the edition
-- is made; never while it is kept; at once when it goes. So what is to be removed is found without reading all.
ALTER TABLE edition_blobs ADD COLUMN orphaned_at BIGINT;
UPDATE edition_blobs SET orphaned_at = made_at + 3600000
WHERE NOT EXISTS (SELECT 1 FROM editions WHERE editions.id = edition_blobs.edition_id);
CREATE INDEX edition_blobs_orphans ON edition_blobs (orphaned_at) WHERE orphaned_at IS NOT NULL;
