-- Calendar entries that end in another month than they begin: a month looks at all that began long before it. The
-- month stands in the words of the details, `15 Oct 2009, 14:00`, behind the first blank.
CREATE INDEX items_long ON items (subscriber_id, category, sort, id)
WHERE category = 'calendar' AND details NOT LIKE '%"ends":""%'
AND substr(substr(details, CAST(instr(details, '"starts":"') AS INTEGER) + 10), CAST(instr(substr(details, CAST(instr(details, '"starts":"') AS INTEGER) + 10), ' ') AS INTEGER) + 1, 8)
<> substr(substr(details, CAST(instr(details, '"ends":"') AS INTEGER) + 8), CAST(instr(substr(details, CAST(instr(details, '"ends":"') AS INTEGER) + 8), ' ') AS INTEGER) + 1, 8);
