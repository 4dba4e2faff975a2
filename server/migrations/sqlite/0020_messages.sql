-- Several senders, languages, quiet hours, answers from providers, and what people want to be told.

ALTER TABLE messages ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
-- 0 security, 1 receipt, 2 notice, 3 news: the lower, the sooner it is sent.
ALTER TABLE messages ADD COLUMN urgency BIGINT NOT NULL DEFAULT 0;
-- Of a secret text: the same with dots for the secret, which is what is kept.
ALTER TABLE messages ADD COLUMN shown_sealed BLOB;
-- Which batch of which worker has it; `leased_until` is also when it is due at the earliest.
ALTER TABLE messages ADD COLUMN lease TEXT;
-- 1: an attempt may have sent it without our knowing.
ALTER TABLE messages ADD COLUMN doubt BIGINT NOT NULL DEFAULT 0;
-- What the provider calls it, and what it said last of its way.
ALTER TABLE messages ADD COLUMN provider_id TEXT;
ALTER TABLE messages ADD COLUMN delivery TEXT;
ALTER TABLE messages ADD COLUMN delivery_at BIGINT;

DROP INDEX messages_due;
CREATE INDEX messages_due ON messages (channel, urgency, leased_until) WHERE sent_at IS NULL AND failure IS NULL;
CREATE INDEX messages_lease ON messages (lease) WHERE lease IS NOT NULL;

-- Without a row: news by e-mail, the language of the locale, quiet from 21:00 to 8:00.
CREATE TABLE message_preferences (
    subscriber_id TEXT PRIMARY KEY,
    -- sms, email or none
    news TEXT NOT NULL,
    -- none: by the locale
    language TEXT,
    -- minutes of their own day; alike: no quiet hours
    quiet_from BIGINT NOT NULL,
    quiet_until BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- Where messages came back from. It counts as long as the person's address is this one.
CREATE TABLE unreachable (
    subscriber_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (subscriber_id, channel)
);
