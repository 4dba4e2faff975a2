-- Which database this is, wherever it is moved or restored to: a random UUID. The status
-- snapshot on disk carries it, and is never replaced from another database.
INSERT INTO facts (name, value) VALUES ('database_id', CAST(gen_random_uuid() AS TEXT));
