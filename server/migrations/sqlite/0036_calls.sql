-- How many keys, by which a provider tells one call for an order from another, were answered with a no.
ALTER TABLE payout_orders ADD COLUMN keys_used BIGINT NOT NULL DEFAULT 0;
-- A keyed hash of the account that it was sent from; none: it was not sent yet, or its provider has no accounts.
ALTER TABLE payout_orders ADD COLUMN account TEXT;
-- What the provider says that is wrong with us.
ALTER TABLE payout_gates ADD COLUMN closed_why TEXT NOT NULL DEFAULT '';
