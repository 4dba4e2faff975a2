//! Claims that a member of staff makes for somebody who cannot make them: a minor, an estate, a closed account, somebody
//! whom these pages keep out.
//!
//! It is the person's own claim, by the same rules and in the same transaction, with who made it and why beside it. What
//! goes to an address that is not the account's, a second member of staff looks at first.

mod request;
mod right;
mod store;

pub use request::{ELSEWHERE, Request, keep, kept, ways};
pub use right::Right;
pub use store::{clean, send_to};

use app::{models::MadeFor, say};

use super::{
    ClaimError, ClaimNumber, Note, Wish,
    giving::{self, Details},
    sealed, store as claims, terms,
};
use crate::{
    accounts::Profile,
    incident::Remedy,
    portal::Portal,
    staff::{Act, ForOthers, Staff, record},
    store::{self as storage, On, Retry, Tx},
    transaction,
};

#[derive(Debug, thiserror::Error)]
pub enum BehalfError {
    #[error(transparent)]
    Claim(#[from] ClaimError),
    #[error("nobody claims for themselves, or to their own address, as a member of staff")]
    Own,
    #[error("the way is not open to this person")]
    NoSuchWay,
}

impl From<storage::Error> for BehalfError {
    fn from(error: storage::Error) -> Self {
        BehalfError::Claim(error.into())
    }
}

impl Retry for BehalfError {
    fn retry(&self) -> bool {
        matches!(self, BehalfError::Claim(error) if error.retry())
    }
}

/// Whether this account is the member's own, as far as an e-mail address tells.
pub fn is_own(member: &Staff<ForOthers>, person: &Profile) -> bool {
    is_theirs(member, &person.email)
}

fn is_theirs(member: &Staff<ForOthers>, email: &str) -> bool {
    email.trim().eq_ignore_ascii_case(member.email())
}

/// Who makes a claim for its person, as it is kept with it.
pub struct Behalf<'a> {
    row: store::Row,
    right: Right,
    /// Where it goes by e-mail that is not the account's: as typed, and sealed.
    pub email: Option<(&'a str, Vec<u8>)>,
}

impl Behalf<'_> {
    pub fn second_look(&self) -> bool {
        self.row.second_look > 0
    }

    /// As the claim's history says.
    pub fn words(&self) -> Note {
        let (member, reason) = (&self.row.member_name, &self.row.reason);
        Note::of(|| {
            let right = self.right.words();
            say!("{member} of our staff made this claim for you, {right}: {reason}", member, right, reason)
        })
    }

    /// Kept with a claim that was just recorded.
    pub async fn keep(&self, tx: &mut Tx, claim_id: &str) -> storage::Result<()> {
        store::insert(tx, claim_id, &self.row).await?;
        match &self.email {
            Some((_, sealed)) => store::send_to(tx, claim_id, Some(sealed)).await,
            None => Ok(()),
        }
    }
}

/// Whether a second member of staff looks at it before it is granted.
pub fn second_look(remedy: &Remedy, request: &Request) -> bool {
    request.goes_elsewhere() && remedy.approval.elsewhere > 0
}

/// Claims `remedy` for `person` as `request` says, under the terms that were read aloud: [`terms::version`] of it. A remedy that
/// is claimed already answers with the claim it has.
pub async fn claim(
    portal: &Portal,
    member: &Staff<ForOthers>,
    (person, remedy): (&Profile, &Remedy),
    request: &Request,
    terms: &str,
) -> Result<ClaimNumber, BehalfError> {
    if is_own(member, person) || request.email.as_deref().is_some_and(|email| is_theirs(member, email)) {
        return Err(BehalfError::Own);
    }
    let read = terms == terms::version([remedy].into_iter());
    let behalf = behalf(portal, member, (person, remedy), request).await?;
    let address = match &request.address {
        Some(address) => Some(sealed::seal(portal, &person.id, address).await?),
        None => None,
    };
    let _place = super::UNDER_WAY.acquire().await;
    let number = transaction!(portal.db()?, |tx| -> Result<ClaimNumber, BehalfError> {
        let person = claims::person(&mut *tx, &person.id).await?.ok_or(ClaimError::NotEntitled)?;
        let claimed = claims::claimed(&mut *tx, portal.incident.id.as_str(), &person.id).await?;
        let known = claimed.into_iter().find(|(id, _)| id == remedy.id.as_str());
        if let Some(number) = known.and_then(|(_, number)| ClaimNumber::parse(&number)) {
            return Ok(number);
        }
        if !read {
            return Err(ClaimError::TermsChanged.into());
        }
        if !ways(remedy, &person).iter().any(|way| way.value == request.way) {
            return Err(BehalfError::NoSuchWay);
        }
        let standing = claims::standing(&mut *tx, &person).await?;
        let wish = Wish { remedy, delivery: Some(request.claimed_way()), seen: None };
        let details = Details { address: address.as_deref(), behalf: Some(&behalf) };
        let number = giving::make(tx, portal, &person, &standing, &wish, &details).await?.number();
        store::forget_draft(tx, (member.id(), &person.id)).await?;
        let act = Act {
            member_id: member.id(),
            member_email: member.email(),
            subscriber: Some((&person.id, &person.account)),
            action: "claimed for",
            reason: &request.reason,
            detail: &format!("{number}, {}", request.right.slug()),
        };
        record(tx, &portal.ambient, act).await?;
        Ok(number)
    })?;
    portal.outbox.notify_one();
    Ok(number)
}

async fn behalf<'a>(
    portal: &Portal,
    member: &Staff<ForOthers>,
    (person, remedy): (&Profile, &Remedy),
    request: &'a Request,
) -> storage::Result<Behalf<'a>> {
    let email = match request.email.as_deref() {
        Some(email) => Some((email, sealed::seal(portal, &person.id, &email).await?)),
        None => None,
    };
    let row = store::Row {
        member_id: member.id().to_owned(),
        member_name: member.name().to_owned(),
        by_right: request.right.slug().to_owned(),
        reason: request.reason.clone(),
        who_sealed: sealed::seal(portal, &person.id, &request.who).await?,
        second_look: i64::from(second_look(remedy, request)),
    };
    Ok(Behalf { row, right: request.right, email })
}

/// Who made a claim for its person, as pages say it; none when the person did, or a run.
pub async fn made_for(
    portal: &Portal,
    subscriber_id: &str,
    claim_id: &str,
) -> storage::Result<Option<MadeFor>> {
    let db = portal.db()?;
    let Some(row) = store::of_claim(db, claim_id).await? else { return Ok(None) };
    let right = Right::from_slug(&row.by_right)
        .ok_or_else(|| storage::Error::Corrupt(format!("the right {:?} of a claim", row.by_right)))?;
    let who: Option<String> = sealed::open(db, &portal.keyring, subscriber_id, &row.who_sealed).await?;
    Ok(Some(MadeFor {
        by: row.member_name,
        who: who.unwrap_or_default(),
        right: right.label().to_owned(),
        reason: row.reason,
    }))
}

/// The member of staff who made a claim for its person; none where that person made it.
pub async fn maker(tx: &mut Tx, claim_id: &str) -> storage::Result<Option<String>> {
    Ok(store::of_claim(tx, claim_id).await?.map(|row| row.member_id))
}

/// Where a claim goes by e-mail that is not its account's; none when it goes to the account's.
pub async fn email_of(portal: &Portal, claim_id: &str) -> storage::Result<Option<String>> {
    let db = portal.db()?;
    match store::sent_to(db, claim_id).await? {
        Some((subscriber_id, sealed)) => sealed::open(db, &portal.keyring, &subscriber_id, &sealed).await,
        None => Ok(None),
    }
}

/// Whether a claim goes by e-mail to an address that is not its account's.
pub async fn goes_elsewhere(on: impl Into<On<'_>>, claim_id: &str) -> storage::Result<bool> {
    Ok(store::sent_to(on, claim_id).await?.is_some())
}
