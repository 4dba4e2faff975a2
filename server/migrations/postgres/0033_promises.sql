-- What was promised when a claim was made, so that another promise in the incident file changes nothing of it: how many
-- days after made_at its payout is done at the latest; 0: by no time. None: it was made before this was kept, and the
-- file's promise stands for its own.
ALTER TABLE claims ADD COLUMN arrives_within_days BIGINT;
-- 1: staff made it for its person and a second member said no, so it ended (its state is 'withdrawn') and binds its
-- person to nothing: they stand as if it had never been made.
ALTER TABLE claims ADD COLUMN void BIGINT NOT NULL DEFAULT 0;
