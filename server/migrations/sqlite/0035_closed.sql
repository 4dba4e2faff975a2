-- What was closed binds as what was declined does, and is found the same way.
DROP INDEX claims_declined;
CREATE INDEX claims_declined ON claims (incident, subscriber_id, remedy) WHERE state = 'declined' OR state = 'closed';
