//! What a member of staff sees and fills in while they claim for somebody.

use app::models::{ClaimFor, ClaimForCheck, ClaimForForm, ClaimedFor, FieldError, FilledFor, Money};
use serde::Deserialize;

use super::{ForOthers, Reason, Staff, reveal};
use crate::{
    accounts::Profile,
    incident::{Remedy, WayId},
    portal::Portal,
    remedies::{
        self, ClaimNumber, deciding,
        on_behalf::{self, ELSEWHERE, Request, Right, is_own},
        postal::PostalAddress,
        store::StoredClaim,
        terms,
    },
    web::{self, wording},
};

/// Letters of a name; as many as fit on a letter.
const LONGEST_NAME: usize = 100;

/// `/staff/subscribers/ACCOUNT/claim`; the look is recorded first.
pub async fn list(portal: &Portal, member: &Staff<ForOthers>, person: &Profile) -> web::Result<ClaimFor> {
    reveal::look(portal, member, person, "claiming for them").await?;
    let offers = remedies::offered(portal, person).await?;
    Ok(ClaimFor {
        account: person.account.clone(),
        name: person.name.clone(),
        own: is_own(member, person),
        offers: offers.into_iter().map(|claimable| claimable.offer).collect(),
    })
}

/// Whether `remedy` can be claimed for `person` by this member: they are entitled and have not claimed it.
pub async fn is_open(
    portal: &Portal,
    member: &Staff<ForOthers>,
    (person, remedy): (&Profile, &Remedy),
) -> web::Result<bool> {
    let offers = remedies::offered(portal, person).await?;
    let of = |offer: &app::models::Offer| offer.id == remedy.id.as_str() && offer.claimable();
    Ok(!is_own(member, person) && offers.iter().any(|claimable| of(&claimable.offer)))
}

pub fn form(
    (person, remedy): (&Profile, &Remedy),
    filled: FilledFor,
    errors: Vec<FieldError>,
) -> ClaimForForm {
    let ways = on_behalf::ways(remedy, person);
    let offered = |value: &str| ways.iter().any(|way| way.value == value);
    ClaimForForm {
        account: person.account.clone(),
        name: person.name.clone(),
        remedy_id: remedy.id.to_string(),
        remedy_name: remedy.title.clone(),
        worth: worth(remedy),
        rights: Right::ALL.map(|right| (right.slug().to_owned(), right.label().to_owned())).into(),
        asks_address: offered(WayId::Post.slug()),
        asks_email: offered(ELSEWHERE),
        ways,
        filled,
        errors,
    }
}

fn worth(remedy: &Remedy) -> Money {
    Money::new(remedy.value.minor, remedy.value.currency.code())
}

/// What the form's fields carry.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    right: String,
    who: String,
    way: String,
    email: String,
    name: String,
    line1: String,
    line2: String,
    town: String,
    region: String,
    postcode: String,
    country: String,
    reason: String,
}

impl From<Typed> for FilledFor {
    fn from(typed: Typed) -> Self {
        let Typed { right, who, way, email, name, line1, line2, town, region, postcode, country, reason } =
            typed;
        let address = app::models::AddressLines { name, line1, line2, town, region, postcode, country };
        FilledFor { right, who, way, email, address, reason }
    }
}

/// What was filled in before, for the form.
pub fn filled(request: Request) -> FilledFor {
    FilledFor {
        right: request.right.slug().to_owned(),
        who: request.who,
        way: request.way,
        email: request.email.unwrap_or_default(),
        address: request.address.map(|address| address.typed()).unwrap_or_default(),
        reason: request.reason,
    }
}

/// The request that was filled in, or what to mend. What the chosen way does not need is not kept.
pub fn read(
    member: &Staff<ForOthers>,
    (person, remedy): (&Profile, &Remedy),
    filled: &FilledFor,
) -> Result<Request, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut wrong = |field: &'static str, what: &str| errors.push(FieldError::new(field, what));
    let right = Right::from_slug(&filled.right);
    if right.is_none() {
        wrong("right-1", "Choose who asks, and by what right");
    }
    let who = super::in_one_line(&filled.who);
    if who.is_empty() || who.chars().count() > LONGEST_NAME || who.chars().any(char::is_control) {
        wrong("who", "Enter the name of who asks, in at most 100 letters");
    }
    let offered = on_behalf::ways(remedy, person);
    if !offered.iter().any(|way| way.value == filled.way) {
        wrong("way-1", "Choose how it should come");
    }
    let email = (filled.way == ELSEWHERE).then(|| filled.email.trim().to_owned());
    match &email {
        Some(email) if email.parse::<lettre::Address>().is_err() => {
            wrong("email", "Enter the e-mail address that it goes to, like name@example.com");
        }
        Some(email) if email.eq_ignore_ascii_case(member.email()) => {
            wrong("email", "This is your own address. Nobody sends a claim to themselves");
        }
        _ => {}
    }
    let reason = Reason::read(&filled.reason);
    if reason.is_none() {
        wrong("reason", "Say in 10 to 500 characters what they showed or said, and why you claim for them");
    }
    let posted = filled.way == WayId::Post.slug();
    let address = match posted.then(|| PostalAddress::read(&filled.address)).transpose() {
        Ok(address) => address,
        Err(more) => {
            errors.extend(more);
            None
        }
    };
    match (right, reason) {
        (Some(right), Some(reason)) if errors.is_empty() => Ok(Request {
            remedy: remedy.id.to_string(),
            right,
            who,
            way: filled.way.clone(),
            email,
            address,
            reason: reason.to_string(),
        }),
        _ => Err(errors),
    }
}

/// What to check and to read aloud.
pub fn check(
    (person, remedy): (&Profile, &Remedy),
    request: &Request,
    errors: Vec<FieldError>,
) -> ClaimForCheck {
    let ways = on_behalf::ways(remedy, person);
    let way = ways.into_iter().find(|way| way.value == request.way);
    ClaimForCheck {
        account: person.account.clone(),
        name: person.name.clone(),
        remedy_id: remedy.id.to_string(),
        remedy_name: remedy.title.clone(),
        worth: worth(remedy),
        right: request.right.label().to_owned(),
        who: request.who.clone(),
        way: way.map(|way| way.words()).unwrap_or_default(),
        email: request.email.clone().unwrap_or_default(),
        address: request.address.as_ref().map(PostalAddress::block).unwrap_or_default(),
        reason: request.reason.clone(),
        second_look: on_behalf::second_look(remedy, request),
        terms: terms::of(remedy),
        terms_version: terms::version([remedy].into_iter()),
        errors,
    }
}

/// `/staff/subscribers/ACCOUNT/claims/NUMBER`.
pub async fn claimed(portal: &Portal, person: &Profile, claim: StoredClaim) -> web::Result<ClaimedFor> {
    let number = ClaimNumber::parse(&claim.number).ok_or(web::Error::NotFound)?;
    let waiting = deciding::waiting(portal.db()?, &number).await?;
    Ok(ClaimedFor {
        account: person.account.clone(),
        name: person.name.clone(),
        made_for: on_behalf::made_for(portal, &person.id, &claim.id).await?,
        state: claim.state()?.label().to_owned(),
        worth: Money::new(claim.amount, &claim.currency),
        delivery: claim.delivery_words,
        made_at: wording::moment_in(claim.made_at, &portal.incident.time_zone),
        waits_for: waiting.map(|waiting| waiting.note).unwrap_or_default(),
        number: claim.number,
        remedy_name: claim.remedy_title,
    })
}
