-- After a night all that waited for the same morning is due at the same millisecond. So the index goes on to the rest of
-- the order in which it is taken, and what a worker takes is read, not sorted out of all of it.
DROP INDEX messages_due;
CREATE INDEX messages_due ON messages (channel, urgency, leased_until, created_at, id)
    WHERE sent_at IS NULL AND failure IS NULL;

-- Letters that were left beside text messages which do not arrive.
CREATE INDEX messages_letters_missed ON messages (id)
    WHERE letter_sealed IS NOT NULL AND (failure IS NOT NULL OR delivery IN ('undelivered', 'failed'));
