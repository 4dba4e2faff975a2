-- What a claim waits for, so that nobody else's rules decide it later: 'approval', 'second-look' or 'budget'. None: it
-- never waited, or was made before this was kept.
ALTER TABLE claims ADD COLUMN waits_for TEXT;
-- Those who keep their place until there is room.
CREATE INDEX claims_for_budget ON claims (incident, remedy) WHERE state = 'submitted' AND waits_for = 'budget';
-- A no that binds is found without reading between what others write.
CREATE INDEX claims_declined ON claims (incident, subscriber_id, remedy) WHERE state = 'declined';

-- The number of the appeal that gave it; none: its person claimed it, or a run gave it.
ALTER TABLE claims ADD COLUMN appeal TEXT;
UPDATE claims SET appeal = (
    SELECT MIN(CAST(g.facts AS jsonb) -> 'appeal' ->> 'number') FROM grants g WHERE g.claim_id = claims.id
) WHERE id IN (SELECT claim_id FROM grants WHERE position('"appeal":' IN facts) > 0);
