-- Giving a remedy to everybody who is entitled and has not asked for it: counted first, approved, then carried out.
-- No row here holds a person's data.
CREATE TABLE automatic_runs (
    id TEXT PRIMARY KEY,
    incident TEXT NOT NULL,
    remedy TEXT NOT NULL,
    -- What is given, as the incident file had it when it was counted: what is approved is what is given.
    remedy_title TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    terms_version TEXT NOT NULL,
    -- A hash of all that decides who gets what: while the file has another, nothing is given.
    version TEXT NOT NULL,
    -- 'proposed', 'approved', 'running', 'paused', 'done' or 'stopped'.
    state TEXT NOT NULL,
    -- Why it is paused or stopped.
    note TEXT NOT NULL DEFAULT '',
    -- Different members of staff.
    approvals_needed BIGINT NOT NULL,
    -- Not carried out before.
    not_before BIGINT NOT NULL,
    -- What the dry run counted: everybody, and who would get it. No more are given than that.
    people BIGINT NOT NULL,
    entitled BIGINT NOT NULL,
    -- None: no limit.
    budget_left BIGINT,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- The last subscriber that was looked at, written with what came of it.
    reached TEXT NOT NULL DEFAULT '',
    looked BIGINT NOT NULL DEFAULT 0,
    granted BIGINT NOT NULL DEFAULT 0,
    -- Rows written, and how long somebody worked on it.
    rows_written BIGINT NOT NULL DEFAULT 0,
    worked_ms BIGINT NOT NULL DEFAULT 0,
    -- Who carries it out, and until when that holds.
    lease TEXT,
    leased_until BIGINT NOT NULL DEFAULT 0,
    started_at BIGINT,
    ended_at BIGINT
);
-- A remedy is given by one run at a time.
CREATE UNIQUE INDEX automatic_runs_open ON automatic_runs (incident, remedy)
    WHERE state = 'proposed' OR state = 'approved' OR state = 'running' OR state = 'paused';
CREATE INDEX automatic_runs_made ON automatic_runs (made_at);

-- How many do not get it, by the rule that refused them.
CREATE TABLE automatic_refusals (
    run_id TEXT NOT NULL REFERENCES automatic_runs (id),
    reason TEXT NOT NULL,
    people BIGINT NOT NULL,
    PRIMARY KEY (run_id, reason)
);

-- A few of each for whoever approves: 'entitled', or the reason. They go with their person.
CREATE TABLE automatic_examples (
    run_id TEXT NOT NULL REFERENCES automatic_runs (id),
    reason TEXT NOT NULL,
    subscriber_id TEXT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    PRIMARY KEY (run_id, reason, subscriber_id)
);
CREATE INDEX automatic_examples_subscriber ON automatic_examples (subscriber_id);

-- Who said yes, once each.
CREATE TABLE automatic_approvals (
    run_id TEXT NOT NULL REFERENCES automatic_runs (id),
    member_id TEXT NOT NULL,
    member_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (run_id, member_id)
);

-- The run that gave it; none: its person asked.
ALTER TABLE claims ADD COLUMN automatic_run TEXT;
