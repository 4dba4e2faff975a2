-- Nothing is sent to a provider that will take nothing before then; it can be asked all the same.
ALTER TABLE payout_gates ADD COLUMN closed_until BIGINT NOT NULL DEFAULT 0;
