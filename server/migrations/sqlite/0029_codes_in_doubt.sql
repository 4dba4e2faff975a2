-- An older copy of the database was restored: a code that it calls free may have been given since. It is not given before
-- the issuer says that it is unused.
ALTER TABLE gift_codes ADD COLUMN doubtful_at BIGINT;
