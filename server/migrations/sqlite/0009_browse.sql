-- Lists are ordered by one key, `sort`, whatever the category: see intake/read/order.rs. What was imported before
-- is ordered by its moment in UTC; new imports go by the clock of whoever wrote the entry.
UPDATE items SET sort = strftime('%Y-%m-%dt%H:%M', at / 1000, 'unixepoch') || ' ' || sort
WHERE category IN ('calendar', 'tasks', 'photos', 'purchases') AND at IS NOT NULL;
UPDATE items SET sort = '~ ' || sort WHERE category IN ('calendar', 'tasks') AND at IS NULL;
UPDATE items SET sort = '- ' || sort WHERE category IN ('photos', 'purchases') AND at IS NULL;
UPDATE items SET sort = CASE
    WHEN details LIKE '%"status":"completed"%' OR details LIKE '%"status":"cancelled"%' THEN '2 ' ELSE '1 '
END || sort WHERE category = 'tasks';
UPDATE items SET sort = sort || ' 999999999999999' WHERE category = 'high-scores';

-- Calendar entries that repeat, and single ones of them that were changed: a month looks at all of them.
CREATE INDEX items_repeating ON items (subscriber_id, category, id)
WHERE category = 'calendar' AND (details NOT LIKE '%"repeats":""%' OR body LIKE '%RECURRENCE-ID%');
