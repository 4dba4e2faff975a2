-- Beside a text message that goes to the phone alone: what is sent by e-mail in its place should the phone not get it.
-- The text is sealed for the id that it will have as a message of its own.
ALTER TABLE messages ADD COLUMN letter_id TEXT;
ALTER TABLE messages ADD COLUMN letter_subject TEXT;
ALTER TABLE messages ADD COLUMN letter_sealed BLOB;

-- Letters whose text message left: they go when nothing more is heard of it.
CREATE INDEX messages_letters ON messages (sent_at) WHERE letter_sealed IS NOT NULL AND sent_at IS NOT NULL;
