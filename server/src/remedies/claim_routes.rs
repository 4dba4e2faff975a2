//! Claims, what became of them, and what can still be done with them.

use app::{
    models::{AddressForm, Answers, Changes, Delivery, FieldError, TooLate, WayCheck, WayQuestion, Withdraw},
    say,
};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;

use super::{
    ClaimNumber, appeals,
    changes::{self, ChangeError},
    delivery, on_behalf,
    postal::{self, PostalAddress},
    questions::{typed, typed_before},
    routes::{Fields, field},
    seen,
    show::{self, Told},
    store::{self, StoredClaim},
};
use crate::{
    accounts::Subscriber,
    incident::WayId,
    portal::Portal,
    staff::routes::mistaken,
    web::{self, View, support},
};

pub async fn claims(State(portal): State<Portal>, view: View, subscriber: Subscriber) -> web::Result {
    let stored = store::claims(portal.db()?, &subscriber.id).await?;
    Ok(view.page(show::claims(&stored, &portal.incident, portal.ambient.now())?))
}

pub async fn claim_page(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(number): Path<String>,
) -> web::Result {
    let (claim, _) = own(&portal, &subscriber, &number).await?;
    let db = portal.db()?;
    let told = Told {
        events: store::events(db, &claim.id).await?,
        address: postal::of_claim(db, &portal.keyring, &claim.id).await?,
        person: subscriber.name.clone(),
        made_for: on_behalf::made_for(&portal, &subscriber.id, &claim.id).await?,
        changes: changes::open(&portal, &subscriber, &claim).await?,
        code: changes::code_at(db, &claim).await?,
        gone: changes::is_gone(&portal, &subscriber, &claim).await?,
        appeal: appeals::newest(db, &portal.incident, &subscriber).await?.remove(&claim.remedy),
        claim,
    };
    Ok(view.page(show::claim_page(told, &portal.incident, portal.ambient.now())?))
}

/// The person's own claim of this number, however it is typed.
async fn own(
    portal: &Portal,
    subscriber: &Subscriber,
    number: &str,
) -> web::Result<(StoredClaim, ClaimNumber)> {
    let number = ClaimNumber::parse(number).ok_or(web::Error::NotFound)?;
    let claim = store::claim(portal.db()?, &subscriber.id, &number).await?;
    Ok((claim.ok_or(web::Error::NotFound)?, number))
}

/// The person's own claim while what `wanted` names can be done with it; else why it cannot.
async fn changeable(
    portal: &Portal,
    view: &View,
    subscriber: &Subscriber,
    number: &str,
    wanted: impl FnOnce(&Changes) -> bool,
) -> web::Result<Result<StoredClaim, Response>> {
    let (claim, number) = own(portal, subscriber, number).await?;
    if wanted(&changes::open(portal, subscriber, &claim).await?) {
        return Ok(Ok(claim));
    }
    let state = match changes::over(&claim)? {
        // Its order is on its way, which the claim says a moment later.
        super::ClaimState::Granted => super::ClaimState::Paying,
        state => state,
    };
    Ok(Err(refused(portal, view, &number, ChangeError::TooLate(state))?))
}

pub async fn way(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(number): Path<String>,
) -> web::Result {
    match changeable(&portal, &view, &subscriber, &number, |open| open.way).await? {
        Ok(claim) => Ok(view.page(question(&portal, &subscriber, &claim, false))),
        Err(too_late) => Ok(too_late),
    }
}

fn question(portal: &Portal, subscriber: &Subscriber, claim: &StoredClaim, missing: bool) -> WayQuestion {
    WayQuestion {
        remedy_name: portal.incident.remedy_title(&claim.remedy, &claim.remedy_title),
        worth: app::models::Money::new(claim.amount, &claim.currency),
        deliveries: changes::ways(portal, subscriber, claim),
        chosen: claim.delivery.clone(),
        field: "way".to_owned(),
        action: format!("/claims/{}/way/check", claim.number),
        answers: Answers::new(),
        back: format!("/claims/{}", claim.number),
        missing,
    }
}

pub async fn check_way(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(number): Path<String>,
    Query(fields): Query<Fields>,
) -> web::Result {
    let claim = match changeable(&portal, &view, &subscriber, &number, |open| open.way).await? {
        Ok(claim) => claim,
        Err(too_late) => return Ok(too_late),
    };
    let ways = changes::ways(&portal, &subscriber, &claim);
    let Some(after) = ways.into_iter().find(|way| Some(way.value.as_str()) == field(&fields, "way")) else {
        return Ok(mistaken(view.page(question(&portal, &subscriber, &claim, true))));
    };
    Ok(match checked(&portal, &subscriber, claim, after, Vec::new()).await? {
        Ok(page) => view.page(page),
        Err(elsewhere) => elsewhere.into_response(),
    })
}

/// What is to be checked; or where else to go, when nothing would change or nobody said where it goes.
async fn checked(
    portal: &Portal,
    subscriber: &Subscriber,
    claim: StoredClaim,
    after: Delivery,
    errors: Vec<FieldError>,
) -> web::Result<Result<WayCheck, Redirect>> {
    let posted = after.value == WayId::Post.slug();
    if !changes::changes_it(portal.db()?, &claim, &after).await? {
        return Ok(Err(Redirect::to(&format!("/claims/{}", claim.number))));
    }
    let draft = if posted { postal::draft_as_kept(portal, &subscriber.id).await? } else { None };
    if posted && draft.is_none() {
        return Ok(Err(Redirect::to(&format!("/claims/{}/address", claim.number))));
    }
    let (address, sealed) = draft.map(|(address, sealed)| (address.block(), sealed)).unzip();
    Ok(Ok(WayCheck {
        number: claim.number,
        remedy_name: portal.incident.remedy_title(&claim.remedy, &claim.remedy_title),
        before: delivery::told(&claim.delivery, &claim.delivery_words),
        seen: seen::digest(&after, subscriber, sealed.as_deref()),
        after,
        address: address.unwrap_or_default(),
        errors,
    }))
}

pub async fn change_way(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(number): Path<String>,
    Form(fields): Form<Fields>,
) -> web::Result {
    let (claim, number) = own(&portal, &subscriber, &number).await?;
    let way = field(&fields, "way").unwrap_or_default();
    match changes::redirect(&portal, &subscriber, &number, (way, field(&fields, "seen"))).await {
        Ok(()) => Ok(Redirect::to(&format!("/claims/{number}")).into_response()),
        Err(ChangeError::Changed) => another_place(&portal, &view, &subscriber, claim, way).await,
        Err(error) => refused(&portal, &view, &number, error),
    }
}

/// The check page as it is by now.
async fn another_place(
    portal: &Portal,
    view: &View,
    subscriber: &Subscriber,
    claim: StoredClaim,
    way: &str,
) -> web::Result {
    let ways = changes::ways(portal, subscriber, &claim);
    let after = ways.into_iter().find(|open| open.value == way).ok_or(web::Error::NotFound)?;
    let why = say!(
        "Where it goes changed while you were reading. Nothing is changed yet: check it again and confirm."
    );
    let errors = vec![FieldError::new("check", why)];
    Ok(match checked(portal, subscriber, claim, after, errors).await? {
        Ok(page) => (StatusCode::CONFLICT, view.page(page)).into_response(),
        Err(elsewhere) => elsewhere.into_response(),
    })
}

pub async fn address(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(number): Path<String>,
) -> web::Result {
    let claim = match changeable(&portal, &view, &subscriber, &number, |open| open.way).await? {
        Ok(claim) => claim,
        Err(too_late) => return Ok(too_late),
    };
    let lines = match postal::of_claim(portal.db()?, &portal.keyring, &claim.id).await? {
        Some(address) if postal::draft(&portal, &subscriber.id).await?.is_none() => address.typed(),
        _ => typed_before(&portal, &subscriber).await?,
    };
    Ok(view.page(AddressForm { lines, ..form(&claim.number) }))
}

pub async fn keep_address(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(number): Path<String>,
    Form(fields): Form<Fields>,
) -> web::Result {
    let claim = match changeable(&portal, &view, &subscriber, &number, |open| open.way).await? {
        Ok(claim) => claim,
        Err(too_late) => return Ok(too_late),
    };
    let lines = typed(&fields);
    match PostalAddress::read(&lines) {
        Ok(address) => {
            postal::keep(&portal, &subscriber.id, &address).await?;
            Ok(Redirect::to(&format!("/claims/{}/way/check?way=post", claim.number)).into_response())
        }
        Err(errors) => Ok(mistaken(view.page(AddressForm { lines, errors, ..form(&claim.number) }))),
    }
}

fn form(number: &str) -> AddressForm {
    AddressForm {
        action: format!("/claims/{number}/address"),
        back: format!("/claims/{number}/way"),
        ..AddressForm::default()
    }
}

pub async fn ask_to_withdraw(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(number): Path<String>,
) -> web::Result {
    match changeable(&portal, &view, &subscriber, &number, |open| open.withdraw).await? {
        Ok(claim) => Ok(view.page(Withdraw {
            worth: app::models::Money::new(claim.amount, &claim.currency),
            automatic: changes::comes_by_itself(&portal, &claim),
            again: changes::can_come_again(portal.db()?, &portal, &subscriber, &claim).await?,
            number: claim.number,
            remedy_name: portal.incident.remedy_title(&claim.remedy, &claim.remedy_title),
        })),
        Err(too_late) => Ok(too_late),
    }
}

pub async fn withdraw(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(number): Path<String>,
) -> web::Result {
    let (_, number) = own(&portal, &subscriber, &number).await?;
    match changes::withdraw(&portal, &subscriber, &number).await {
        Ok(()) => Ok(Redirect::to(&format!("/claims/{number}")).into_response()),
        Err(error) => refused(&portal, &view, &number, error),
    }
}

/// Nothing was changed, and why.
fn refused(portal: &Portal, view: &View, number: &ClaimNumber, error: ChangeError) -> web::Result {
    match error {
        ChangeError::Store(error) => Err(error.into()),
        ChangeError::NotFound => Err(web::Error::NotFound),
        ChangeError::Decide(error) => Err(web::Error::Internal(error.to_string())),
        // Its page says where it goes.
        ChangeError::Changed => Ok(Redirect::to(&format!("/claims/{number}/way")).into_response()),
        ChangeError::NoSuchWay => {
            Err(web::Error::BadRequest(say!("The form named no way that is open.").to_owned()))
        }
        ChangeError::NoAddress => Ok(Redirect::to(&format!("/claims/{number}/address")).into_response()),
        ChangeError::TooLate(state) => {
            let why = changes::too_late(state).to_owned();
            let page = view.page(TooLate { number: number.to_string(), why, support: support(portal) });
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}
