//! Signing in: a phone, a code, and for some operators one fact more.

mod address;
mod browser;
mod record;
pub mod routes;
#[cfg(test)]
mod tests;

pub use address::{CodeRequests, network};
pub use browser::Browser;
pub use record::{What, newest, write};

use subtle::ConstantTimeEq;

use super::codes::{self, Asked, Entered, Hashes, Open, Owner, Pool, Purpose, Refusal, Stage, Wish};
use crate::{
    accounts::phone::Phone,
    incident::SecondFact,
    messages::templates,
    portal::Portal,
    store::{Result, Tx, sql},
    transaction,
};

/// Asks for a code to `phone`, for use in this browser alone.
pub async fn ask(portal: &Portal, browser: &Browser, phone: &Phone, typed: &str) -> Result<Asked> {
    let holder = Hashes::new(portal.master()).browser(browser.secret());
    let asked = transaction!(portal.db()?, bulk |tx| -> Result<Asked> {
        let owner = Owner::of(tx, phone.as_str()).await?;
        let pool = Pool::of(tx, owner.as_ref().map(|owner| owner.id.as_str()), &holder).await?;
        let wish = Wish {
            purpose: Purpose::SignIn,
            holder,
            phone,
            typed,
            owner: owner.as_ref(),
            pool,
            words: templates::sign_in_code,
        };
        codes::ask(tx, portal, wish).await
    })?;
    if asked == Asked::Sent {
        portal.outbox.notify_one();
    }
    Ok(asked)
}

/// The code that this browser asked for, expired or not.
pub async fn open(portal: &Portal, browser: &Browser) -> Result<Option<Open>> {
    let holder = Hashes::new(portal.master()).browser(browser.secret());
    codes::of_holder(portal.db()?, Purpose::SignIn, &holder).await
}

/// Where an entry leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    SignedIn { subscriber_id: String },
    SecondFact,
    Refused(Refusal),
}

/// Enters the code.
pub async fn enter_code(portal: &Portal, browser: &Browser, open: &Open, code: &str) -> Result<Next> {
    let hashes = Hashes::new(portal.master());
    let more = portal.incident.second_fact == SecondFact::AccountLast4;
    let next = transaction!(portal.db()?, bulk |tx| -> Result<Next> {
        let pool = Pool::of(tx, open.subscriber_id.as_deref(), &hashes.browser(browser.secret())).await?;
        let is_code = |open: &Open| hashes.is_code(open, code);
        match codes::enter(tx, portal, open, Stage::Code, pool, is_code).await? {
            Entered::Right { .. } if more => {
                codes::pass(tx, open, portal.ambient.now()).await?;
                Ok(Next::SecondFact)
            }
            entered => settle(tx, portal, browser, open, entered).await,
        }
    })?;
    portal.outbox.notify_one();
    Ok(next)
}

/// Enters the last four characters of the account, after the right code.
pub async fn enter_fact(portal: &Portal, browser: &Browser, open: &Open, typed: &str) -> Result<Next> {
    let hashes = Hashes::new(portal.master());
    let next = transaction!(portal.db()?, bulk |tx| -> Result<Next> {
        let account: Option<(String,)> = sql("SELECT account FROM subscribers WHERE id = $1")
            .bind(open.subscriber_id.as_deref())
            .optional(&mut *tx)
            .await?;
        let wanted = account.map(|(account,)| last4(&account)).unwrap_or_default();
        let pool = Pool::of(tx, open.subscriber_id.as_deref(), &hashes.browser(browser.secret())).await?;
        let is_fact = |_: &Open| !wanted.is_empty() && last4(typed).as_bytes().ct_eq(wanted.as_bytes()).into();
        let entered = codes::enter(tx, portal, open, Stage::Fact, pool, is_fact).await?;
        settle(tx, portal, browser, open, entered).await
    })?;
    portal.outbox.notify_one();
    Ok(next)
}

/// The last four letters or digits; a whole account number will do.
fn last4(account: &str) -> String {
    let plain: Vec<char> = account.chars().filter(|c| c.is_alphanumeric()).collect();
    plain[plain.len().saturating_sub(4)..].iter().flat_map(|c| c.to_uppercase()).collect()
}

async fn settle(
    tx: &mut Tx,
    portal: &Portal,
    browser: &Browser,
    open: &Open,
    entered: Entered,
) -> Result<Next> {
    match entered {
        Entered::Right { subscriber_id } => {
            codes::succeed(tx, portal, open).await?;
            browser::remember(tx, portal, browser, &subscriber_id).await?;
            record::write(tx, &portal.ambient, Some(&subscriber_id), What::SignedIn).await?;
            Ok(Next::SignedIn { subscriber_id })
        }
        Entered::Refused(refusal) => {
            if matches!(refusal, Refusal::Wrong | Refusal::WrongAndOver) {
                record::write(tx, &portal.ambient, open.subscriber_id.as_deref(), What::WrongCode).await?;
            }
            Ok(Next::Refused(refusal))
        }
    }
}

/// Notes that somebody signed out.
pub async fn note(portal: &Portal, subscriber_id: &str, what: What) -> Result<()> {
    transaction!(portal.db()?, bulk |tx| -> Result<()> {
        record::write(tx, &portal.ambient, Some(subscriber_id), what).await
    })
}
