-- What reached its person after all may come back once more, and so on.
DROP INDEX postings_grant;
CREATE UNIQUE INDEX postings_grant ON postings (
    grant_id,
    kind,
    (COALESCE(order_id, '') || CASE WHEN kind IN ('return', 'arrived') THEN id ELSE '' END)
);
