-- A file whose stored bytes cannot be read any more: since when, and what is wrong. It is named in archives, never promised.
ALTER TABLE files ADD COLUMN damaged_at BIGINT;
ALTER TABLE files ADD COLUMN damage TEXT;
-- When its stored bytes were last read back whole; the scrubber begins with the longest ago.
ALTER TABLE files ADD COLUMN checked_at BIGINT;
