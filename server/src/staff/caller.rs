//! The caller's page: what the subscriber sees, masked unless a recorded look allows more.

use app::{
    Category,
    address::subscriber,
    models::{Caller, CallerCategory, CategoryPage, FieldError, Look, Reveal},
};

use super::{
    Callers, Cases, Duty, ForOthers, Items, Staff,
    audit::{self, Recorded},
    reveal::{self, Unmasked},
};
use crate::{
    accounts::Profile,
    portal::Portal,
    recovery::{self, Wanted, reports},
    remedies,
    store::{self as storage, Db, sql},
    web::{self, wording},
};

/// The subscriber of an account; 404 for an account that there is none of.
pub async fn profile(portal: &Portal, account: &str) -> web::Result<Profile> {
    of_account(portal.db()?, account).await?.ok_or(web::Error::NotFound)
}

async fn of_account(db: &Db, account: &str) -> storage::Result<Option<Profile>> {
    sql("SELECT id, account, phone, name, email, locale, time_zone, plan FROM subscribers WHERE account = $1")
        .bind(account)
        .optional(db)
        .await
}

/// What a form on the page came back with.
#[derive(Debug, Default)]
pub struct Typed {
    pub reason: String,
    pub code_sent: bool,
    pub errors: Vec<FieldError>,
}

/// `/staff/subscribers/ACCOUNT`; the look is recorded first.
pub async fn page(
    portal: &Portal,
    member: &Staff<Callers>,
    profile: Profile,
    typed: Typed,
) -> web::Result<Caller> {
    let unmasked = reveal::look(portal, member, &profile, "the caller's page").await?;
    let db = portal.db()?;
    let overview =
        recovery::overview(db, &portal.incident, member.to(&profile), portal.ambient.now()).await?;
    let claims = remedies::claims_of(db, &portal.incident, &profile.id).await?;
    let (cases, _) = reports::lines(portal, member.to(&profile), 0).await?;
    let looks = audit::of_subscriber(db, &profile.id).await?;
    let shown = unmasked.is_some();
    Ok(Caller {
        phone: if shown { profile.phone.clone().unwrap_or_default() } else { profile.phone_end() },
        email: if shown { profile.email.clone() } else { masked_address(&profile.email) },
        account: profile.account,
        name: profile.name,
        plan: profile.plan,
        locale: profile.locale,
        time_zone: profile.time_zone,
        affected: overview.affected,
        lines: overview.lines,
        claims,
        claims_for: member.role().is_some_and(|role| ForOthers::ROLES.contains(&role)),
        cases,
        opens_cases: member.role().is_some_and(|role| Cases::ROLES.contains(&role)),
        reveal: standing(unmasked, typed.code_sent),
        reason: typed.reason,
        errors: typed.errors,
        looks: looks.into_iter().map(look).collect(),
    })
}

fn standing(unmasked: Option<Unmasked>, code_sent: bool) -> Reveal {
    match unmasked {
        Some(unmasked) => Reveal::Revealed { until: wording::moment(unmasked.until), why: unmasked.why },
        None if code_sent => Reveal::CodeSent,
        None => Reveal::Masked,
    }
}

/// `a…@…`: that there is an address, and no more.
fn masked_address(email: &str) -> String {
    email.chars().next().map_or(String::new(), |first| format!("{first}…@…"))
}

fn look(recorded: Recorded) -> Look {
    let what = match recorded.detail.as_str() {
        "" => recorded.action,
        detail => format!("{} ({detail})", recorded.action),
    };
    Look { at: wording::moment(recorded.at), who: recorded.member_email, what, reason: recorded.reason }
}

/// `/staff/subscribers/ACCOUNT/CATEGORY`; without a recorded reason the counts alone.
pub async fn category(
    portal: &Portal,
    member: &Staff<Items>,
    profile: Profile,
    category: Category,
    wanted: &Wanted,
) -> web::Result<CallerCategory> {
    let (db, now) = (portal.db()?, portal.ambient.now());
    let lines = recovery::lines(db, &portal.incident, member.to(&profile), now).await?;
    let line = lines.into_iter().find(|line| line.category == category).ok_or(web::Error::NotFound)?;
    let unmasked = reveal::look(portal, member, &profile, category.slug()).await?;
    let page = if unmasked.is_some() {
        let base = format!("{}/{category}", subscriber(&profile.account));
        let page =
            recovery::category_page(db, &portal.incident, member.to(&profile), line, wanted, &base).await?;
        without_links(page)
    } else {
        CategoryPage::new(line, web::support(portal))
    };
    Ok(CallerCategory { account: profile.account, name: profile.name, revealed: unmasked.is_some(), page })
}

/// Staff read what is there; the bytes are the subscriber's to take.
fn without_links(mut page: CategoryPage) -> CategoryPage {
    for item in page.groups.iter_mut().flat_map(|group| &mut group.items) {
        item.href.clear();
        item.thumbnail = None;
    }
    let days = page.month.iter_mut().flat_map(|month| &mut month.weeks).flatten();
    for entry in days.flat_map(|day| &mut day.entries) {
        entry.href.clear();
    }
    for file in &mut page.quarantined {
        file.href.clear();
    }
    page
}
