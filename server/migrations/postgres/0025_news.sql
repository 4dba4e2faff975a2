-- The rate of each channel, over all processes: when its next message may leave.
CREATE TABLE message_gates (
    channel TEXT PRIMARY KEY,
    next_at BIGINT NOT NULL DEFAULT 0
);
INSERT INTO message_gates (channel) VALUES ('sms'), ('email');

-- What goes to everybody whom it concerns, person by person: how far each round of it is.
CREATE TABLE message_rounds (
    id TEXT PRIMARY KEY,
    -- 'data-opened', 'remedy-open' or 'payout-late'
    kind TEXT NOT NULL,
    -- the remedy, as INCIDENT/REMEDY; empty for data
    about TEXT NOT NULL,
    -- It does not begin before.
    due_at BIGINT NOT NULL,
    begun_at BIGINT,
    -- The last subscriber that was looked at, or claim.
    reached TEXT NOT NULL DEFAULT '',
    looked BIGINT NOT NULL DEFAULT 0,
    told BIGINT NOT NULL DEFAULT 0,
    ended_at BIGINT
);
-- What is opened until a round begins waits for one and the same. A remedy has one round, for ever.
CREATE UNIQUE INDEX message_rounds_next ON message_rounds (kind, about) WHERE begun_at IS NULL;
CREATE UNIQUE INDEX message_rounds_once ON message_rounds (kind, about) WHERE kind <> 'data-opened';

-- When its person was told that it is open.
ALTER TABLE holdings ADD COLUMN told_at BIGINT;
-- What was open before is no news.
UPDATE holdings SET told_at = changed_at WHERE released_at IS NOT NULL OR EXISTS (
    SELECT 1 FROM releases r JOIN subscribers s ON s.id = holdings.subscriber_id
    WHERE r.category = holdings.category AND r.cohort > s.cohort);
