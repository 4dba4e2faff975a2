-- Somebody gives the file its name at this moment, or died doing so; it is left alone until then.
ALTER TABLE payout_files ADD COLUMN handing_until BIGINT NOT NULL DEFAULT 0;
