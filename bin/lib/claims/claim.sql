-- The statements of one claim in their order, line by line as the code has them (a test compares), each behind the
-- values that it is given: names stand for what drive.mjs makes, @N for a text and %N for sealed bytes of that length.

-- person
SELECT id, account, phone, name, email, locale, time_zone, plan FROM subscribers WHERE id = $1

-- 'sidekick-2009', person
SELECT remedy, number FROM claims WHERE incident = $1 AND subscriber_id = $2
AND state <> 'withdrawn' AND state <> 'declined' AND state <> 'closed'

-- person
SELECT category, items - damaged_items AS items, expected, as_of, files, verdict_reason, created_at AS recorded_at
FROM holdings JOIN subscribers ON subscribers.id = subscriber_id WHERE subscriber_id = $1 ORDER BY category

-- 'sidekick-2009', person, 'gift-card'
SELECT c.number, c.state, COALESCE(e.note, ''), COALESCE(e.note_es, '') FROM claims c
LEFT JOIN claim_events e ON e.claim_id = c.id AND e.step = c.state
WHERE c.incident = $1 AND c.subscriber_id = $2 AND c.remedy = $3
AND (c.state = 'declined' OR c.binds = 1)
AND NOT EXISTS (SELECT 1 FROM claims n WHERE n.incident = c.incident AND n.subscriber_id = c.subscriber_id
AND n.remedy = c.remedy AND (n.made_at, n.id) > (c.made_at, c.id))
LIMIT 1

-- 'sidekick-2009', 'gift-card', 'email', '', 'site', 'post', ''
SELECT c.id FROM claims c JOIN subscribers s ON s.id = c.subscriber_id
WHERE c.incident = $1 AND c.remedy = $2 AND c.state = 'submitted' AND c.waits_for = 'budget'
AND c.delivery IN ($3, $4, $5, $6, $7)
UNION ALL SELECT c.id FROM claims c JOIN subscribers s ON s.id = c.subscriber_id
WHERE c.incident = $1 AND c.remedy = $2 AND c.state = 'submitted' AND c.waits_for = 'restored' LIMIT 1

-- 'sidekick-2009', 'gift-card', part, 10000
UPDATE budget_parts SET amount = amount - $4
WHERE incident = $1 AND remedy = $2 AND part = $3 AND amount >= $4

-- terms, @900, now
INSERT INTO agreed_terms (version, text, first_agreed_at) VALUES ($1, $2, $3)
ON CONFLICT (version) DO NOTHING

-- claim, number, 'sidekick-2009', person, 'gift-card', 'A $100 gift card', 'gift-card', 10000, 'USD', 'site', 'Here, after you sign in', terms, 'submitted', now, NULL, NULL, NULL, 14
INSERT INTO claims (id, number, incident, subscriber_id, remedy, remedy_title, kind, amount, currency,
delivery, delivery_words, terms_version, state, made_at, changed_at, address_sealed, waits_for, appeal,
arrives_within_days)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15, $16, $17, $18)

-- claim, 1, 'submitted', '', '', now
INSERT INTO claim_events (claim_id, position, step, note, note_es, at)
VALUES ($1, $2, $3, $4, $5, $6)

-- grant, claim, 'sidekick-2009', person, 'gift-card', 10000, 'USD', @300, now
INSERT INTO grants (id, claim_id, incident, subscriber_id, remedy, amount, currency, facts, granted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- claim, 'granted', now, 'submitted'
UPDATE claims SET state = $2, changed_at = $3 WHERE id = $1 AND state = $4

-- claim, 2, 'granted', @120, @130, now
INSERT INTO claim_events (claim_id, position, step, note, note_es, at)
VALUES ($1, $2, $3, $4, $5, $6)

-- posting, 'sidekick-2009', 'gift-card', 'grant', 'USD', grant, NULL, now
INSERT INTO postings (id, incident, remedy, kind, currency, grant_id, order_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- posting, 'budget', -10000, 'obligation', 10000
INSERT INTO posting_lines (posting_id, account, amount) VALUES ($1, $2, $3), ($1, $4, $5)

-- posting
INSERT INTO postings_unsealed (posting_id) VALUES ($1)

-- order, grant, claim, 'sidekick-2009', person, 'gift-card', 10000, 'USD', 'site', 'code-pool', 'waiting', later, now
INSERT INTO payout_orders (id, grant_id, claim_id, incident, subscriber_id, remedy, amount, currency, way,
provider, state, due_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- person
SELECT s.id, s.phone, s.email, s.locale, s.time_zone, p.news, p.language, p.quiet_from, p.quiet_until,
(SELECT COUNT(*) FROM unreachable u WHERE u.subscriber_id = s.id AND u.channel = 'sms'
AND u.address = s.phone) AS phone_bounces,
(SELECT COUNT(*) FROM unreachable u WHERE u.subscriber_id = s.id AND u.channel = 'email'
AND u.address = s.email) AS email_bounces
FROM subscribers s
LEFT JOIN message_preferences p ON p.subscriber_id = s.id
WHERE s.id = $1

-- sms, person, 'sms', '+14150000000', 'claim-granted', 'en', 1, '', %220, NULL, 0, now, 0, NULL, NULL, NULL, NULL
INSERT INTO messages (id, subscriber_id, channel, recipient, template, language, urgency, subject,
text_sealed, shown_sealed, secret, created_at, leased_until, expires_at, letter_id, letter_subject, letter_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)

-- mail, person, 'email', 'bench@example.com', 'claim-granted', 'en', 1, 'Your claim is granted', %900, NULL, 0, now, 0, NULL, NULL, NULL, NULL
INSERT INTO messages (id, subscriber_id, channel, recipient, template, language, urgency, subject,
text_sealed, shown_sealed, secret, created_at, leased_until, expires_at, letter_id, letter_subject, letter_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
