-- Claims that wait are read from two lists: those that a member of staff decides on, and those that wait for the budget alone.
UPDATE claims SET waits_for = 'second-look' WHERE state = 'submitted' AND waits_for IS NULL
    AND id IN (SELECT claim_id FROM claims_on_behalf WHERE second_look = 1);
UPDATE claims SET waits_for = 'budget' WHERE state = 'submitted' AND waits_for IS NULL;
DROP INDEX claims_waiting;
CREATE INDEX claims_to_decide ON claims (made_at, id) WHERE state = 'submitted' AND waits_for <> 'budget';
CREATE INDEX claims_in_line ON claims (made_at, id) WHERE state = 'submitted' AND waits_for = 'budget';
