//! A second look at messages that are due: whether what was true of their people when they were written still is.
//!
//! Between writing and sending lie quiet hours, a hundred thousand others, or an outage of the gateway. By then it may be
//! night where somebody lives, an address may be somebody else's, and news may be wanted no more.

use std::collections::HashMap;

use super::{
    Reader,
    store::{self, Anew, Due, Later},
    templates::Purpose,
};
use crate::{
    ambient::{DAY, Millis},
    portal::Portal,
    store::{Lease, Result, Tx},
};

/// How long hours that leave next to nothing of the day keep a message waiting.
const LONG_ENOUGH: Millis = 2 * DAY;

/// What is to become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look<'a> {
    Send,
    /// By the same channel, to this address.
    To(&'a str),
    /// Not before the end of its person's quiet hours.
    Wait(Millis),
    Never(&'static str),
}

/// Codes and words of security stay with the number that they were written for: who holds another phone by now has no use
/// for them (`accounts::phone_changed`).
fn concerns(due: &Due) -> bool {
    due.subscriber_id.is_some() && due.urgency > Purpose::Security.urgency()
}

/// What is to become of it; `reader` is its person.
pub fn look<'a>(portal: &Portal, due: &Due, reader: Option<&'a Reader>) -> Look<'a> {
    if !concerns(due) {
        return Look::Send;
    }
    let (Some(reader), Some(channel), Some(purpose)) = (reader, due.channel(), Purpose::of(due.urgency))
    else {
        return Look::Never("its person is not there any more");
    };
    if purpose == Purpose::News && reader.news() != Some(channel) {
        return Look::Never("stopped");
    }
    let Some(to) = reader.address(channel) else { return Look::Never("nothing reaches its person this way") };
    match reader.not_before(purpose, portal) {
        at if at > portal.ambient.now() && !has_waited(portal, due, reader) => Look::Wait(at),
        _ if to != due.recipient => Look::To(to),
        _ => Look::Send,
    }
}

/// Whether it was put off for long enough by hours that the form takes no more, and some still have: the minute that they
/// leave may be over each time before it is a message's turn.
fn has_waited(portal: &Portal, due: &Due, reader: &Reader) -> bool {
    !reader.quiet().leaves_time() && portal.ambient.now() - due.created_at >= LONG_ENOUGH
}

/// Whether it may go as it was taken.
pub async fn holds(portal: &Portal, due: &Due) -> Result<bool> {
    let reader = match due.subscriber_id.as_deref().filter(|_| concerns(due)) {
        Some(subscriber) => store::reader(portal.db()?, subscriber).await?,
        None => None,
    };
    Ok(look(portal, due, reader.as_ref()) == Look::Send)
}

/// Looks at what was just taken under `lease`; returns what is to be sent, addressed anew where that is needed.
pub async fn sort(tx: &mut Tx, portal: &Portal, lease: &Lease, taken: Vec<Due>) -> Result<Vec<Due>> {
    let readers = readers(tx, &taken).await?;
    let (mut kept, mut later) = (Vec::with_capacity(taken.len()), Vec::new());
    for mut due in taken {
        let reader = due.subscriber_id.as_ref().and_then(|id| readers.get(id));
        match look(portal, &due, reader) {
            Look::Send => kept.push(due),
            Look::To(recipient) if due.is_doubtful() => {
                write_anew(tx, portal, lease, &due, recipient).await?
            }
            Look::To(recipient) => {
                store::address(tx, &due.id, recipient).await?;
                recipient.clone_into(&mut due.recipient);
                kept.push(due);
            }
            Look::Wait(at) => later.push(Later { id: due.id, at }),
            Look::Never(why) => {
                store::mark_failed(tx, lease.token(), &due.id, why, portal.ambient.now()).await?;
            }
        }
    }
    store::wait(tx, &later).await?;
    Ok(kept)
}

/// One that may have gone to the old address stays what it may be: a report on it, and a line in a file, bear its id. To
/// the new address goes another, which is due at once.
async fn write_anew(tx: &mut Tx, portal: &Portal, lease: &Lease, due: &Due, recipient: &str) -> Result<()> {
    let (ambient, master) = (&portal.ambient, portal.master());
    let (id, now) = (ambient.id(), ambient.now());
    match due.text(master) {
        Ok(text) => {
            let text = super::seal(ambient, master, &id, &text)?;
            store::write_anew(tx, lease.token(), &due.id, Anew { id: &id, recipient, text }, now).await
        }
        Err(why) => store::mark_failed(tx, lease.token(), &due.id, why, now).await.map(drop),
    }
}

/// In one statement, by their ids.
async fn readers(tx: &mut Tx, taken: &[Due]) -> Result<HashMap<String, Reader>> {
    let ids = taken.iter().filter(|due| concerns(due)).filter_map(|due| due.subscriber_id.clone());
    let readers = store::readers(tx, &ids.collect::<Vec<_>>()).await?;
    Ok(readers.into_iter().map(|reader| (reader.id.clone(), reader)).collect())
}
