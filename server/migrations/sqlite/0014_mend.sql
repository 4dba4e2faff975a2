-- The files whose bytes a blob is: asked whenever one is found damaged, or whole again.
CREATE INDEX files_blob ON files (subscriber_id, blob);
