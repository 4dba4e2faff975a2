-- Somebody gives the file its name at this moment, or died doing so; it is left alone until then.
ALTER TABLE payout_files ADD COLUMN handing_until BIGINT NOT NULL DEFAULT 0;
-- Into which folder. One that died may have named it there, so nobody else hands it over elsewhere by itself.
ALTER TABLE payout_files ADD COLUMN handing_in TEXT;
