-- Which database this is, wherever it is moved or restored to: a random UUID. The status
-- snapshot on disk carries it, and is never replaced from another database.
INSERT INTO facts (name, value) VALUES (
    'database_id',
    lower(
        hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2)
        || '-8' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))
    )
);
