-- Of a closed claim: whether the no binds. Those that were closed before were told that they can claim again.
ALTER TABLE claims ADD COLUMN binds BIGINT NOT NULL DEFAULT 0;
DROP INDEX claims_declined;
CREATE INDEX claims_declined ON claims (incident, subscriber_id, remedy) WHERE state = 'declined' OR binds = 1;
-- What is compared with statements after a restore keeps its place before those who come later.
DROP INDEX claims_for_budget;
CREATE INDEX claims_for_budget ON claims (incident, remedy)
    WHERE state = 'submitted' AND (waits_for = 'budget' OR waits_for = 'restored');
