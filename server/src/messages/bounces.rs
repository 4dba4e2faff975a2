//! E-mail that came back: delivery reports (RFC 3464) that a mail server sent to our own address.
//!
//! A report counts when it names, by its Message-ID, an e-mail that we sent, and says that it failed for good for
//! the address that we sent it to. Anybody can write to our address; nobody else knows that id.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use super::{senders::letter, store};
use crate::{
    ambient::Ambient,
    store::{Db, Result},
    transaction,
};

/// What a report says of one recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Said {
    recipient: String,
    /// `failed`, `delayed`, `delivered`, `relayed`, `expanded`.
    action: String,
    /// `5.1.1` (RFC 3463).
    status: String,
}

impl Said {
    /// The address itself is at fault, for good: not full (5.2.2), too big (5.2.3), or against a policy (5.7).
    fn is_of_the_address(&self) -> bool {
        let address = ["5.0.", "5.1.", "5.4."].iter().any(|class| self.status.starts_with(class));
        self.action.eq_ignore_ascii_case("failed")
            && (address || ["5.2.0", "5.2.1"].contains(&self.status.as_str()))
    }
}

/// What became of some mail that was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Messages read.
    pub read: u64,
    /// Addresses that get no more.
    pub marked: u64,
    /// Reports on ours that say nothing of the address for good: a delay, a full mailbox.
    pub passing: u64,
    /// No report, or not on a message of ours.
    pub others: u64,
}

/// Reads a mailbox (mbox) or one message, and marks what came back. Harmless to repeat.
pub async fn take(db: &Db, host: &str, ambient: &Ambient, mail: &[u8]) -> Result<Tally> {
    let mut tally = Tally::default();
    for raw in messages(mail) {
        tally.read += 1;
        match take_one(db, host, ambient, &raw).await? {
            Some(true) => tally.marked += 1,
            Some(false) => tally.passing += 1,
            None => tally.others += 1,
        }
    }
    Ok(tally)
}

fn messages(mail: &[u8]) -> Vec<Vec<u8>> {
    if !mail.starts_with(b"From ") {
        return vec![mail.to_owned()];
    }
    let mailbox = mail_parser::mailbox::mbox::MessageIterator::new(mail);
    mailbox.flatten().map(|message| message.contents().to_owned()).collect()
}

/// Whether it marks an address; none when it is no report on a message of ours.
async fn take_one(db: &Db, host: &str, ambient: &Ambient, raw: &[u8]) -> Result<Option<bool>> {
    let Some((message_id, said)) = read(raw) else { return Ok(None) };
    let Some(id) = letter::id_of(&message_id, host) else { return Ok(None) };
    transaction!(db, |tx| -> Result<Option<bool>> {
        let Some(about) = store::about(&mut *tx, &id).await? else { return Ok(None) };
        let ours = said.iter().find(|said| said.recipient.eq_ignore_ascii_case(&about.recipient));
        let Some(said) = ours.filter(|_| about.channel == "email") else { return Ok(None) };
        if !said.is_of_the_address() {
            return Ok(Some(false));
        }
        store::set_delivery(tx, &id, "bounced", ambient.now()).await?;
        store::came_back(tx, &about, &said.status, ambient.now()).await?;
        Ok(Some(true))
    })
}

/// The Message-ID of the e-mail that a report is about, and what it says of each recipient.
fn read(raw: &[u8]) -> Option<(String, Vec<Said>)> {
    let report = MessageParser::default().parse(raw)?;
    let mut said = Vec::new();
    let mut about = None;
    for part in &report.parts {
        let kind = part.content_type();
        let kind = kind.map(|kind| {
            (
                kind.c_type.to_ascii_lowercase(),
                kind.c_subtype.as_deref().unwrap_or_default().to_ascii_lowercase(),
            )
        });
        match kind.as_ref().map(|(kind, subtype)| (kind.as_str(), subtype.as_str())) {
            Some(("message", "delivery-status" | "global-delivery-status")) => {
                said = recipients(&String::from_utf8_lossy(part.contents()));
            }
            Some(("text", "rfc822-headers") | ("message", "global-headers")) => {
                about = MessageParser::default().parse_headers(part.contents()).and_then(id_of);
            }
            Some(("message", _)) => {
                if let PartType::Message(message) = &part.body {
                    about = message.message_id().map(str::to_owned);
                }
            }
            _ => {}
        }
    }
    about.filter(|_| !said.is_empty()).map(|about| (about, said))
}

fn id_of(message: Message<'_>) -> Option<String> {
    message.message_id().map(str::to_owned)
}

/// The groups of fields after the first, one for each recipient (RFC 3464, 2.1).
fn recipients(status: &str) -> Vec<Said> {
    let status = status.replace("\r\n", "\n");
    status.split("\n\n").map(group).filter(|said| !said.recipient.is_empty()).collect()
}

fn group(fields: &str) -> Said {
    let mut said = Said::default();
    for line in fields.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        // `rfc822; ada@example.com`; `5.1.1 (no such user)`.
        let last = value.rsplit(';').next().unwrap_or_default().trim();
        let first = last.split([' ', '(']).next().unwrap_or_default();
        match name.trim().to_ascii_lowercase().as_str() {
            "final-recipient" => said.recipient = last.trim_matches(['<', '>']).to_owned(),
            "action" => said.action = first.to_owned(),
            "status" => said.status = first.to_owned(),
            _ => {}
        }
    }
    said
}
