//! From asking to giving: what is given at once, and what waits for somebody.

use app::say;

use super::{
    ClaimError, Note, Wish,
    claim::{Granted, Submitted},
    delivery,
    eligibility::{Decision, Entitlement, decide},
    ledger,
    number::ClaimNumber,
    on_behalf::Behalf,
    payouts,
    standing::Standing,
    store,
};
use crate::{
    accounts::Profile,
    incident::{Remedy, WayId},
    messages::{self, Template, Voice, templates},
    portal::Portal,
    store::{self as storage, Tx},
};

/// What became of a claim as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    Granted(ClaimNumber),
    /// It is recorded, and nothing is promised yet.
    Waiting(ClaimNumber),
}

impl Made {
    pub fn number(self) -> ClaimNumber {
        match self {
            Made::Granted(number) | Made::Waiting(number) => number,
        }
    }
}

/// What a claim waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    Approval,
    /// A member of staff made it for somebody else, and it goes to an address that is not the account's.
    SecondLook,
    Budget,
}

impl Waits {
    pub const ALL: [Waits; 3] = [Waits::Approval, Waits::SecondLook, Waits::Budget];

    pub fn slug(self) -> &'static str {
        match self {
            Waits::Approval => "approval",
            Waits::SecondLook => "second-look",
            Waits::Budget => "budget",
        }
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|waits| waits.slug() == slug)
    }

    /// As its history says.
    pub fn words(self) -> &'static str {
        match self {
            Waits::Approval => {
                say!(
                    "A member of our staff looks at it before it is granted. You need do nothing; we write to you."
                )
            }
            Waits::SecondLook => {
                say!(
                    "It goes to an address that is not the account's, so a second member of our staff looks at it before it is granted. You need do nothing; we write to you."
                )
            }
            Waits::Budget => {
                say!(
                    "It is recorded, and you keep your place: whoever claimed first is given it first. It waits until there is room in the budget; you need do nothing."
                )
            }
        }
    }
}

impl Waits {
    /// As its person is told when they have claimed.
    fn told(self, voice: &Voice<'_>, number: &str, worth: &str) -> Template {
        match self {
            Waits::Approval | Waits::SecondLook => templates::claim_received(voice, number, worth),
            Waits::Budget => templates::claim_waits(voice, number, worth),
        }
    }
}

/// What a claim says beside its wish.
#[derive(Clone, Copy, Default)]
pub struct Details<'a> {
    /// Where it goes by post, sealed.
    pub address: Option<&'a [u8]>,
    /// Who makes it for its person.
    pub behalf: Option<&'a Behalf<'a>>,
}

/// Asked, decided, given and told in one go; or recorded, and told that it waits.
pub async fn make(
    tx: &mut Tx,
    portal: &Portal,
    person: &Profile,
    standing: &Standing,
    wish: &Wish<'_>,
    details: &Details<'_>,
) -> Result<Made, ClaimError> {
    let (ambient, zone) = (&portal.ambient, &portal.incident.time_zone);
    let Decision::Entitled(entitlement) = decide(wish.remedy, standing, zone, ambient.now()) else {
        return Err(ClaimError::NotEntitled);
    };
    let submitted = asked(portal, person, wish, details)?;
    let (incident, id) = (submitted.incident.as_str(), wish.remedy.id.as_str());
    if portal.other_currencies.has(id) {
        return Err(ClaimError::NotEntitled);
    }
    if store::declined(&mut *tx, incident, &person.id, id).await?.is_some() {
        return Err(ClaimError::NotEntitled);
    }
    let worth = submitted.remedy.value.to_string();
    if let Some(waits) = waits(tx, portal, &submitted, details).await? {
        let note = Note::of(|| waits.words().to_owned());
        let submitted = Submitted { waits_for: Some(waits.slug()), ..submitted };
        submit(tx, submitted.clone(), details, &note).await?;
        store::keep_facts(tx, &submitted.id, &entitlement.record()?).await?;
        let number = submitted.number;
        messages::tell(tx, portal, &person.id, |voice| waits.told(voice, number.as_str(), &worth)).await?;
        return Ok(Made::Waiting(number));
    }
    let submitted = submit(tx, submitted, details, &Note::default()).await?;
    let number = give(tx, portal, submitted, &entitlement).await?.claim.number;
    // To the phone that signs in, so that its owner hears of a claim that was not theirs.
    messages::tell(tx, portal, &person.id, |voice| templates::claim_granted(voice, number.as_str(), &worth))
        .await?;
    Ok(Made::Granted(number))
}

/// What is asked for, with the way that it is to come by.
fn asked(
    portal: &Portal,
    person: &Profile,
    wish: &Wish<'_>,
    details: &Details<'_>,
) -> Result<Submitted, ClaimError> {
    let elsewhere = details.behalf.and_then(|behalf| behalf.email.as_ref());
    let choices = match elsewhere {
        Some((email, _)) => {
            delivery::choices(wish.remedy, &Profile { email: (*email).to_owned(), ..person.clone() })
        }
        None => delivery::choices(wish.remedy, person),
    };
    let how = delivery::chosen(&choices, wish.delivery).ok_or(ClaimError::WayChanged)?;
    let posted = how.value == WayId::Post.slug();
    if posted && details.address.is_none() {
        return Err(ClaimError::NoAddress);
    }
    Ok(Submitted {
        address_sealed: details.address.filter(|_| posted).map(<[u8]>::to_vec),
        ..Submitted::new(&portal.ambient, &portal.incident, wish.remedy, person, how)
    })
}

/// Records it, with who made it for its person.
async fn submit(
    tx: &mut Tx,
    claim: Submitted,
    details: &Details<'_>,
    note: &Note,
) -> storage::Result<Submitted> {
    store::submit(tx, &claim, note).await?;
    let Some(behalf) = details.behalf else { return Ok(claim) };
    behalf.keep(tx, &claim.id).await?;
    store::made_for(tx, claim, &behalf.words()).await
}

/// What a new claim has to wait for; none when it can be given at once, and then its worth is taken from the budget.
async fn waits(
    tx: &mut Tx,
    portal: &Portal,
    claim: &Submitted,
    details: &Details<'_>,
) -> storage::Result<Option<Waits>> {
    if details.behalf.is_some_and(Behalf::second_look) {
        return Ok(Some(Waits::SecondLook));
    }
    waits_like_any(tx, portal, claim).await
}

/// What a claim has to wait for wherever it goes; none when it can be given at once, and then its worth is taken from the
/// budget.
pub async fn waits_like_any(
    tx: &mut Tx,
    portal: &Portal,
    claim: &Submitted,
) -> storage::Result<Option<Waits>> {
    if claim.remedy.approval.claims > 0 {
        return Ok(Some(Waits::Approval));
    }
    // Whoever came first is given it first, when there is room again.
    let ahead =
        claim.remedy.budget.is_some() && waits_ahead(&mut *tx, &claim.incident, &claim.remedy).await?;
    let given = !ahead && room(tx, portal, claim, &claim.remedy).await?;
    Ok(if given { None } else { Some(Waits::Budget) })
}

/// Whether somebody waits for the remedy's budget who can be given it: by a way that the file has.
pub async fn waits_ahead(
    on: impl Into<storage::On<'_>>,
    incident: &str,
    remedy: &Remedy,
) -> storage::Result<bool> {
    let mut ways = [""; 5];
    for (place, way) in ways.iter_mut().zip(WayId::ALL.iter().map(|way| way.slug())) {
        *place = if payouts::carries(remedy, way) { way } else { "" };
    }
    store::waits_for_budget(on, incident, remedy.id.as_str(), ways).await
}

/// Takes the worth of one grant from the budget; false when there is not enough left, or the remedy's currency was changed.
pub async fn room(tx: &mut Tx, portal: &Portal, claim: &Submitted, remedy: &Remedy) -> storage::Result<bool> {
    if portal.other_currencies.has(remedy.id.as_str()) {
        return Ok(false);
    }
    let now = portal.ambient.now();
    payouts::budget::take(tx, &claim.incident, remedy, &claim.subscriber_id, 1, now).await
}

/// Gives what was asked for and has its [`room`]: the grant, its promise in the ledger and its payout's order.
pub async fn give(
    tx: &mut Tx,
    portal: &Portal,
    submitted: Submitted,
    entitlement: &Entitlement,
) -> Result<Granted, GiveError> {
    let ambient = &portal.ambient;
    let granted = submitted.grant(ambient, entitlement)?;
    store::grant(tx, &granted).await?;
    ledger::promise(tx, &ambient.id(), &granted).await?;
    payouts::order(tx, ambient, &granted, &payouts::carrier(&granted.claim)).await?;
    Ok(granted)
}

#[derive(Debug, thiserror::Error)]
pub enum GiveError {
    #[error(transparent)]
    Store(#[from] storage::Error),
    #[error("the facts of a grant cannot be written: {0}")]
    Facts(#[from] serde_json::Error),
}

impl From<GiveError> for ClaimError {
    fn from(error: GiveError) -> Self {
        match error {
            GiveError::Store(error) => ClaimError::Store(error),
            GiveError::Facts(error) => ClaimError::Facts(error),
        }
    }
}
