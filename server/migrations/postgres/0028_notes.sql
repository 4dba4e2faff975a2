-- What a claim's history says beside a step, in Spanish; empty where it is what somebody wrote, or was kept before.
ALTER TABLE claim_events ADD COLUMN note_es TEXT NOT NULL DEFAULT '';
