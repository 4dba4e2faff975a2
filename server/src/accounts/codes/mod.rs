//! Six-digit codes: asked for by somebody, sent to a phone, entered once by whoever asked.
//!
//! Everything here runs the same statements, with as many writes, whether a number is known or
//! not, and its rows name phones, browsers and accounts by keyed hashes alone.

mod failures;
mod hash;
mod store;
mod waits;

pub use failures::{Pool, Standing};
pub use hash::Hashes;
pub use store::{Open, Owner, clean, forget_holder, of_holder, pass};

use unicode_normalization::UnicodeNormalization;

use crate::{
    accounts::phone::Phone,
    ambient::{MINUTE, Millis},
    messages::{self, Channel, NewMessage, Template, Voice},
    portal::Portal,
    store::{Error, Result, Tx},
};

/// A code lasts this long (NIST 800-63B allows ten minutes).
pub const LASTS: Millis = 10 * MINUTE;
/// Wrong tries that end a code.
pub const TRIES: i64 = 5;

/// What a code is for: it serves nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    SignIn,
    /// Read back to a support agent.
    Caller,
    /// Confirms one act of somebody who is signed in.
    Fresh,
}

impl Purpose {
    pub fn slug(self) -> &'static str {
        match self {
            Purpose::SignIn => "sign-in",
            Purpose::Caller => "caller",
            Purpose::Fresh => "fresh",
        }
    }
}

/// A wish for a code.
pub struct Wish<'a> {
    pub purpose: Purpose,
    /// Who asks, and alone can use it: see [`Hashes`].
    pub holder: [u8; 32],
    pub phone: &'a Phone,
    /// The number as it was typed, to show it again.
    pub typed: &'a str,
    /// Whose the number is; none when it is nobody's, or in dispute.
    pub owner: Option<&'a Owner>,
    pub pool: Pool,
    pub words: fn(&Voice<'_>, &str) -> Template,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// On its way, if the number is known.
    Sent,
    /// Nothing was changed; to be asked again then.
    Wait { seconds: i64 },
    /// No codes for this number any more.
    Stopped,
}

/// Makes a code for the phone in place of any before it, and puts it in the outbox.
pub async fn ask(tx: &mut Tx, portal: &Portal, wish: Wish<'_>) -> Result<Asked> {
    let now = portal.ambient.now();
    let hashes = Hashes::new(portal.master());
    let subject = hashes.subject(wish.purpose, wish.owner, wish.phone);
    match failures::standing(tx, &subject, wish.pool, now).await? {
        Standing::Open => {}
        Standing::Wait { seconds } => return Ok(Asked::Wait { seconds }),
        Standing::Stopped => return Ok(Asked::Stopped),
    }
    let phone = hashes.phone(wish.purpose, wish.phone);
    if let Some(seconds) = waits::take(tx, &phone, now).await? {
        return Ok(Asked::Wait { seconds });
    }
    let code = format!("{:06}", portal.ambient.below(1_000_000));
    keep(tx, portal, &hashes, &wish, &phone, &code).await?;
    send(tx, portal, &wish, &code).await?;
    Ok(Asked::Sent)
}

async fn keep(
    tx: &mut Tx,
    portal: &Portal,
    hashes: &Hashes,
    wish: &Wish<'_>,
    phone: &[u8; 32],
    code: &str,
) -> Result<()> {
    let id = portal.ambient.id();
    let typed = portal
        .master()
        .seal_small(&store::typed_context(&id), wish.typed.as_bytes(), &portal.ambient)
        .map_err(|error| Error::Corrupt(error.to_string()))?;
    let new = store::NewCode {
        purpose: wish.purpose,
        holder: &wish.holder,
        phone,
        typed,
        subscriber_id: wish.owner.map(|owner| owner.id.as_str()),
        code: hashes.code(&id, &wish.holder, phone, code),
        expires_at: portal.ambient.now() + LASTS,
        id,
    };
    store::put(tx, new).await
}

/// To the number on record, never to what was typed.
async fn send(tx: &mut Tx, portal: &Portal, wish: &Wish<'_>, code: &str) -> Result<()> {
    let expires_at = Some(portal.ambient.now() + LASTS);
    let owner = wish.owner.map(|owner| owner.id.as_str());
    let voice = Voice::new(portal, messages::language_of(tx, owner).await?);
    tell(tx, portal, owner.map(|id| (id, wish.phone.as_str())), (wish.words)(&voice, code), expires_at).await
}

/// Sends to `to` (subscriber, phone), or does as much work and sends nothing.
async fn tell(
    tx: &mut Tx,
    portal: &Portal,
    to: Option<(&str, &str)>,
    template: Template,
    expires_at: Option<Millis>,
) -> Result<()> {
    let (ambient, master) = (&portal.ambient, portal.master());
    match to {
        Some((subscriber, to)) => {
            let subscriber_id = Some(subscriber);
            let message = NewMessage {
                subscriber_id,
                channel: Channel::Sms,
                to,
                template,
                keep_letter: false,
                not_before: 0,
                expires_at,
            };
            messages::enqueue(tx, ambient, master, message).await.map(drop)
        }
        None => messages::enqueue_nothing(tx, ambient, master, template, expires_at).await,
    }
}

/// The outcome of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// It was right. The caller ends or passes the code in the same transaction.
    Right {
        subscriber_id: String,
    },
    Refused(Refusal),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Wrong,
    /// That was the last try.
    WrongAndOver,
    /// There is no code to enter: expired, used, replaced, or asked for in another browser.
    Ended,
    /// Not looked at: too many wrong ones before.
    Wait {
        seconds: i64,
    },
    Stopped,
}

/// Which part of signing in an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Code,
    /// The second fact, after the right code.
    Fact,
}

/// Spends one of the open code's tries on an entry. `is_right` compares in constant time.
pub async fn enter(
    tx: &mut Tx,
    portal: &Portal,
    open: &Open,
    stage: Stage,
    pool: Pool,
    is_right: impl FnOnce(&Open) -> bool,
) -> Result<Entered> {
    let now = portal.ambient.now();
    let subject = Hashes::new(portal.master()).subject_of(open);
    // The try is counted first, in one statement that others wait for: racing brings no sixth try,
    // and no entry beyond the limits below.
    let Some(tries) = store::take_try(tx, open, stage, now).await? else { return refused(Refusal::Ended) };
    match failures::standing(tx, &subject, pool, now).await? {
        Standing::Open => {}
        Standing::Wait { seconds } => return refused(Refusal::Wait { seconds }),
        Standing::Stopped => return refused(Refusal::Stopped),
    }
    let right = is_right(open);
    if let (true, Some(id)) = (right, &open.subscriber_id) {
        return Ok(Entered::Right { subscriber_id: id.clone() });
    }
    if let Some(failures) = failures::charge(tx, &subject, pool, open, now).await? {
        tell_of_failures(tx, portal, open, failures, pool).await?;
    }
    refused(if tries >= TRIES { Refusal::WrongAndOver } else { Refusal::Wrong })
}

fn refused(refusal: Refusal) -> Result<Entered> {
    Ok(Entered::Refused(refusal))
}

/// The owner hears of it when others' wrong entries begin to make them wait, and when codes stop.
async fn tell_of_failures(
    tx: &mut Tx,
    portal: &Portal,
    open: &Open,
    failures: i64,
    pool: Pool,
) -> Result<()> {
    let words = match failures {
        failures::FREE => messages::templates::many_wrong_codes,
        n if n == pool.limit() => messages::templates::codes_stopped,
        _ => return Ok(()),
    };
    let owner = open.subscriber_id.as_deref();
    let phone = store::phone_of(tx, owner).await?;
    let voice = Voice::new(portal, messages::language_of(tx, owner).await?);
    tell(tx, portal, owner.zip(phone.as_deref()), words(&voice), None).await
}

/// A success: the code is gone, and the failures before it no longer count.
pub async fn succeed(tx: &mut Tx, portal: &Portal, open: &Open) -> Result<()> {
    let subject = Hashes::new(portal.master()).subject_of(open);
    failures::clear(tx, &subject).await?;
    forget_holder(tx, open.purpose()?, &open.holder()?).await
}

/// Seconds until another code may be asked for in place of this one; 0 when at once.
pub async fn wait_for_another(db: &crate::store::Db, open: &Open, now: Millis) -> Result<i64> {
    waits::left(db, &open.phone()?, now).await
}

/// What was typed, with its separators and in whatever digits, if it is six of them.
pub fn six_digits(typed: &str) -> Option<String> {
    let plain: String = typed.nfkc().filter(|c| !c.is_whitespace() && *c != '-').take(7).collect();
    (plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit())).then_some(plain)
}
