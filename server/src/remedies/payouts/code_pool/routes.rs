//! `/claims/NUMBER/code`: a gift card's code, shown after a fresh code to the phone.

use app::{mark, models::GiftCode, say, words::said};
use axum::{
    Form,
    extract::{Path, State},
    response::IntoResponse,
};
use http::{HeaderValue, header};
use tower_sessions::Session;

use super::{Code, open, store};
use crate::{
    accounts::{
        Subscriber,
        codes::Refusal,
        fresh_code::{self, Act, Asker, Step, Typed},
    },
    portal::Portal,
    remedies::{
        ClaimNumber,
        payouts::{Order, State as OrderState, of_claim},
        store::{StoredClaim, claim},
    },
    store::Result,
    transaction,
    web::{self, View},
};

const LEAD: &str = mark!(
    "Whoever has the code of your gift card can spend it. So we send you one more code by text message, and show the card's when you have entered it here."
);

/// A claim of the person who asks, and the order that its code was given for.
struct Asked {
    claim: StoredClaim,
    order: Order,
    path: String,
    back: String,
}

impl Asked {
    /// Not found: another's claim, and one that has no code.
    async fn of(portal: &Portal, subscriber: &Subscriber, number: &str) -> web::Result<Self> {
        let number = ClaimNumber::parse(number).ok_or(web::Error::NotFound)?;
        let db = portal.db()?;
        let claim = claim(db, &subscriber.id, &number).await?.ok_or(web::Error::NotFound)?;
        let orders = of_claim(db, &claim.id).await?;
        let paid = |order: &Order| order.provider == "code-pool" && order.state == OrderState::Paid.slug();
        let order = orders.into_iter().rfind(paid).ok_or(web::Error::NotFound)?;
        let back = format!("/claims/{number}");
        Ok(Self { claim, order, path: format!("{back}/code"), back })
    }

    fn act(&self) -> Act<'_> {
        Act {
            slug: "gift-code",
            path: &self.path,
            title: say!("See your gift card's code"),
            lead: said(LEAD),
            button: say!("Show the code"),
            back: &self.back,
        }
    }
}

pub async fn page(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    session: Session,
    Path(number): Path<String>,
    view: View,
) -> web::Result {
    let asked = Asked::of(&portal, &subscriber, &number).await?;
    fresh_code::page(&portal, &view, &Asker::of(&subscriber, &session)?, &asked.act()).await
}

pub async fn show(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    session: Session,
    Path(number): Path<String>,
    view: View,
    Form(typed): Form<Typed>,
) -> web::Result {
    let asked = Asked::of(&portal, &subscriber, &number).await?;
    let asker = Asker::of(&subscriber, &session)?;
    let entry = match fresh_code::step(&portal, &view, &asker, &asked.act(), &typed).await? {
        Step::Answer(response) => return Ok(response),
        Step::Entered(entry) => entry,
    };
    // A refusal commits too: it has taken a try.
    let seen = transaction!(portal.db()?, bulk |tx| -> Result<std::result::Result<(), Refusal>> {
        if let Err(refusal) = fresh_code::confirm(tx, &portal, &entry).await? {
            return Ok(Err(refusal));
        }
        store::mark_seen(tx, &asked.order.id, portal.ambient.now()).await?;
        Ok(Ok(()))
    })?;
    if let Err(refusal) = seen {
        return fresh_code::refused(&portal, &view, &asker, &asked.act(), refusal).await;
    }
    let code = open(&portal, &asked.order).await?.ok_or(web::Error::NotFound)?;
    let mut answer = view.page(shown(&portal, &asked, code)).into_response();
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

fn shown(portal: &Portal, asked: &Asked, Code { code, pin }: Code) -> GiftCode {
    GiftCode {
        claim: asked.claim.number.clone(),
        remedy: portal.incident.remedy_title(&asked.claim.remedy, &asked.claim.remedy_title),
        worth: app::models::Money::new(asked.claim.amount, &asked.claim.currency),
        code,
        pin,
    }
}
