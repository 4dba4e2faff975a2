-- Whoever waits for a remedy's budget is read in the order in which they claimed, from where the last page ended; those
-- whose way was dropped are passed over within the index.
DROP INDEX claims_for_budget;
CREATE INDEX claims_for_budget ON claims (incident, remedy, made_at, id, delivery)
    WHERE state = 'submitted' AND waits_for = 'budget';
CREATE INDEX claims_since_restore ON claims (incident, remedy) WHERE state = 'submitted' AND waits_for = 'restored';
