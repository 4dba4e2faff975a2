-- Reports of missing or wrong data, and appeals against a no: cases on the same rails. They are the person's own and
-- go with them. What was said lies sealed under the person's key.
CREATE TABLE cases (
    -- Also the draft's: whoever sends it twice has sent it once.
    id TEXT PRIMARY KEY,
    -- 'report' or 'appeal'.
    kind TEXT NOT NULL,
    incident TEXT NOT NULL,
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    -- The category of a report, the remedy of an appeal.
    subject TEXT NOT NULL,
    -- The number of the claim that was declined, where there is one.
    claim TEXT,
    -- 'MR-…' or 'MA-…'; none while it is a draft.
    number TEXT UNIQUE,
    -- 'draft', 'received', 'looked-at', 'waiting', 'answered' or 'closed'.
    state TEXT NOT NULL,
    outcome TEXT,
    -- What is not sent yet; sealed.
    draft BLOB,
    -- Who of the staff looks at it.
    member_id TEXT,
    member_name TEXT,
    made_at BIGINT NOT NULL,
    sent_at BIGINT,
    -- Since when it waits in the state that it is in.
    waits_since BIGINT NOT NULL,
    -- When it was answered or closed the last time.
    settled_at BIGINT,
    -- How many events it has.
    events BIGINT NOT NULL
);
CREATE INDEX cases_subscriber ON cases (subscriber_id, made_at);
CREATE INDEX cases_queue ON cases (state, waits_since, id);
-- One draft of a thing, to be gone on with.
CREATE UNIQUE INDEX cases_draft ON cases (incident, subscriber_id, kind, subject) WHERE state = 'draft';
-- One open appeal for a remedy, whatever races.
CREATE UNIQUE INDEX cases_open_appeal ON cases (incident, subscriber_id, subject)
    WHERE kind = 'appeal' AND state IN ('received', 'looked-at', 'waiting');

-- Every step of a case, in order: append-only, and gone with its case alone.
CREATE TABLE case_events (
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    step TEXT NOT NULL,
    -- The state that it led to.
    state TEXT NOT NULL,
    outcome TEXT,
    -- Who of the staff did it; none: the person.
    member_id TEXT,
    member_email TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (case_id, position)
);

-- What was said with a step, sealed: append-only too.
CREATE TABLE case_messages (
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    -- Drawn with the form: the same form sent twice says it once.
    id TEXT NOT NULL,
    position BIGINT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (case_id, id)
);

CREATE TABLE case_files (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    -- The message that it came with; the case's id where it came with the case.
    message_id TEXT NOT NULL,
    name_sealed BLOB NOT NULL,
    bytes BIGINT NOT NULL,
    blob TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- 1 once its bytes are kept and it was sent or stands in a draft; else it goes after a while.
    kept BIGINT NOT NULL
);
CREATE INDEX case_files_case ON case_files (case_id, made_at);
CREATE INDEX case_files_left ON case_files (made_at) WHERE kept = 0;

CREATE TRIGGER case_events_stay BEFORE UPDATE ON case_events
BEGIN
    SELECT RAISE(ABORT, 'case_events is append-only');
END;
CREATE TRIGGER case_events_remain BEFORE DELETE ON case_events
WHEN EXISTS (SELECT 1 FROM cases WHERE id = OLD.case_id)
BEGIN
    SELECT RAISE(ABORT, 'case_events is append-only');
END;
CREATE TRIGGER case_messages_stay BEFORE UPDATE ON case_messages
BEGIN
    SELECT RAISE(ABORT, 'case_messages is append-only');
END;
CREATE TRIGGER case_messages_remain BEFORE DELETE ON case_messages
WHEN EXISTS (SELECT 1 FROM cases WHERE id = OLD.case_id)
BEGIN
    SELECT RAISE(ABORT, 'case_messages is append-only');
END;
