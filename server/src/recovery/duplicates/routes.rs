//! `/recovery/contacts/duplicates` and everything under it.

use std::collections::BTreeSet;

use app::{
    models::{CertainReview, DuplicateChoices, Duplicates, FieldError, MergeForm, Pager, UndoChoices},
    say,
};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    BASE,
    choose::{self, All, Outcome, Wish},
    findings::{self, Findings, Group},
    merge::Picks,
    phone::drawing,
    preview::{self, Unchecked},
    show, store,
    units::{self, Opened},
};
use crate::{
    accounts::Subscriber,
    portal::Portal,
    recovery::routes::released_line,
    store::Result,
    web::{self, View},
};

/// Groups and choices on one page.
const PAGE: usize = 20;
/// How many groups a review lists; it says how many more there are.
const REVIEWED: usize = 50;

/// A form's fields.
pub type Fields = Vec<(String, String)>;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// How many rows come before.
    from: usize,
    /// The choice that was just made.
    done: String,
    /// About how many groups, all at once.
    at_once: Option<i64>,
}

/// Only of contacts that are released.
async fn open_to(portal: &Portal, subscriber: &Subscriber) -> web::Result<()> {
    released_line(portal, subscriber, "contacts").await.map(|_| ())
}

/// `/recovery/contacts/duplicates`.
pub async fn index(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Query(asked): Query<Asked>,
    view: View,
) -> web::Result {
    open_to(&portal, &subscriber).await?;
    let (db, access) = (portal.db()?, subscriber.own());
    let fates = store::fates(db, access.id()).await?;
    let found = findings::findings(&portal, access).await?;
    let waiting = found.as_ref().map(|found| found.waiting(&fates).collect::<Vec<_>>()).unwrap_or_default();
    let from = asked.from.min(waiting.len().saturating_sub(1));
    let shown: Vec<&Group> = waiting.iter().copied().skip(from).take(PAGE).collect();
    let count = |all: All| found.as_ref().map_or(0, |found| choose::all_of(found, &fates, all).len() as i64);
    let done = match store::choice(db, access.id(), &asked.done).await? {
        Some(choice) => show::choices(&portal, access, &[choice]).await?.pop(),
        None => None,
    };
    let totals = findings::waiting(&portal, access).await?;
    Ok(view.page(Duplicates {
        groups: totals.groups,
        contacts: totals.contacts,
        list: show::lines(&portal, access, &shown).await?,
        pager: pager(BASE, from, shown.len(), waiting.len()),
        certain: count(All::Merge),
        certain_on_phone: count(All::KeepPhone),
        chosen: store::count_choices(db, access.id()).await?,
        phone: found.as_ref().and_then(|found| found.phone.as_ref()).map(show::phone),
        done,
        done_at_once: asked.at_once,
    }))
}

fn pager(base: &str, from: usize, shown: usize, total: usize) -> Pager {
    let link = |from: usize| format!("{base}?from={from}");
    Pager {
        first: if shown == 0 { 0 } else { from as i64 + 1 },
        last: (from + shown) as i64,
        total: total as i64,
        previous: (from > 0).then(|| link(from.saturating_sub(PAGE))),
        next: (from + shown < total).then(|| link(from + shown)),
    }
}

/// The subscriber's group of this name, opened; 404 for any other.
async fn opened(portal: &Portal, subscriber: &Subscriber, id: &str) -> web::Result<Opened> {
    open_to(portal, subscriber).await?;
    let access = subscriber.own();
    let found = findings::findings(portal, access).await?.ok_or(web::Error::NotFound)?;
    let Findings { groups, phone, .. } = found;
    let group = groups.iter().find(|group| group.id == id).ok_or(web::Error::NotFound)?;
    units::open(portal, access, group, phone.as_ref()).await?.ok_or(web::Error::NotFound)
}

/// `/recovery/contacts/duplicates/groups/ID`.
pub async fn group(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
    view: View,
) -> web::Result {
    let opened = opened(&portal, &subscriber, &id).await?;
    group_page(&portal, &subscriber, &view, opened, Vec::new()).await
}

async fn group_page(
    portal: &Portal,
    subscriber: &Subscriber,
    view: &View,
    opened: Opened,
    errors: Vec<FieldError>,
) -> web::Result {
    let chosen = chosen_about(portal, subscriber, &opened).await?;
    let home = findings::home(portal, subscriber.own());
    let draw = move || show::group(&opened, &show::sources(&opened, home), chosen);
    let mut page = drawing(draw).await?;
    page.errors = errors;
    Ok(view.page(page))
}

/// What holds about all of a group, in words; empty when nothing does.
async fn chosen_about(portal: &Portal, subscriber: &Subscriber, opened: &Opened) -> Result<String> {
    let access = subscriber.own();
    let Some(id) = opened.choices.first().filter(|_| opened.choices.len() == 1) else {
        return Ok(String::new());
    };
    let Some(choice) = store::choice(portal.db()?, access.id(), id).await? else { return Ok(String::new()) };
    let cards = store::cards_of(portal.db()?, id).await?;
    let all = opened.group.members.iter().all(|member| cards.iter().any(|fated| fated.key() == *member));
    Ok(if all { super::words::choice(&choice, &cards) } else { String::new() })
}

/// Keeping all, one, or what the phone has.
pub async fn choose(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
    view: View,
    Form(fields): Form<Fields>,
) -> web::Result {
    let opened = opened(&portal, &subscriber, &id).await?;
    let wish = match field(&fields, "do") {
        "keep-all" => Wish::KeepAll,
        "keep-phone" => Wish::KeepPhone,
        "keep-one" => match field(&fields, "keep").parse() {
            Ok(one) => Wish::KeepOne(one),
            Err(_) => {
                let error = FieldError::new("keep", say!("Choose which one to keep"));
                let page = group_page(&portal, &subscriber, &view, opened, vec![error]).await?;
                return Ok(with(StatusCode::UNPROCESSABLE_ENTITY, page));
            }
        },
        _ => {
            return Err(web::Error::BadRequest(
                say!("The form did not say what to do. Nothing was changed.").to_owned(),
            ));
        }
    };
    make(&portal, &subscriber, &view, opened, &wish, field(&fields, "basis")).await
}

async fn make(
    portal: &Portal,
    subscriber: &Subscriber,
    view: &View,
    opened: Opened,
    wish: &Wish,
    basis: &str,
) -> web::Result {
    match choose::choose(portal, subscriber.own(), &opened, wish, basis).await? {
        Outcome::Chosen(id) => Ok(Redirect::to(&format!("{BASE}?done={id}")).into_response()),
        Outcome::Impossible => Err(web::Error::BadRequest(
            say!("These contacts cannot be chosen about so. Nothing was changed.").to_owned(),
        )),
        Outcome::Changed => {
            let changed = say!(
                "These contacts, or your choice about them, changed after this page was drawn. Nothing was changed now: look again and choose"
            );
            let page = group_page(portal, subscriber, view, opened, vec![FieldError::new("choose", changed)])
                .await?;
            Ok(with(StatusCode::CONFLICT, page))
        }
    }
}

/// What is ticked and picked on the merge's form.
struct Typed {
    units: Option<BTreeSet<usize>>,
    picks: Picks,
}

impl Typed {
    fn of(fields: &Fields) -> Self {
        let ticked: BTreeSet<usize> =
            fields.iter().filter(|(name, _)| name == "with").filter_map(|(_, at)| at.parse().ok()).collect();
        let picks = fields.iter().filter(|(name, _)| !matches!(name.as_str(), "with" | "basis"));
        Self {
            units: (!ticked.is_empty()).then_some(ticked),
            picks: picks.filter_map(|(name, at)| Some((name.clone(), at.parse().ok()?))).collect(),
        }
    }
}

/// `…/groups/ID/merge`: what to put in; passed over where there is nothing to ask.
pub async fn merge_form(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
    Query(fields): Query<Fields>,
    view: View,
) -> web::Result {
    let opened = opened(&portal, &subscriber, &id).await?;
    let form = form(&portal, &subscriber, opened, Typed::of(&fields)).await?;
    if form.conflicts.is_empty() && form.columns.len() == 2 {
        return Ok(Redirect::to(&format!("{}/check?with=0&with=1", show::address(&id))).into_response());
    }
    Ok(view.page(form))
}

async fn form(
    portal: &Portal,
    subscriber: &Subscriber,
    opened: Opened,
    typed: Typed,
) -> web::Result<MergeForm> {
    let home = findings::home(portal, subscriber.own());
    let ticked = typed.units.map(|units| units.into_iter().collect());
    let draw = move || preview::form(&opened, &show::sources(&opened, home), ticked, &typed.picks);
    Ok(drawing(draw).await?)
}

/// `…/groups/ID/check`: the merged contact before it is made.
pub async fn merge_check(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
    Query(fields): Query<Fields>,
    view: View,
) -> web::Result {
    let opened = opened(&portal, &subscriber, &id).await?;
    let mut typed = Typed::of(&fields);
    // Where there are two, there is nothing to tick.
    let units = typed.units.take().unwrap_or_else(|| match opened.units.len() {
        2 => [0, 1].into(),
        _ => BTreeSet::new(),
    });
    if units.len() < 2 {
        typed.units = Some(units);
        return too_few(&view, form(&portal, &subscriber, opened, typed).await?);
    }
    let (home, now) = (findings::home(&portal, subscriber.own()), portal.ambient.now());
    let (opened, page) = drawing(move || {
        let sources = show::sources(&opened, home);
        let page = preview::check(&opened, &sources, &units, &typed.picks, home, now);
        (opened, page)
    })
    .await?;
    match page {
        Ok(page) => Ok(view.page(page)),
        Err(Unchecked::NotThere) => Err(web::Error::NotFound),
        Err(Unchecked::Unreadable(title)) => unreadable(&portal, &subscriber, &view, opened, &title).await,
    }
}

fn too_few(view: &View, mut form: MergeForm) -> web::Result {
    form.errors = vec![FieldError::new("with", say!("Tick at least two contacts to merge"))];
    Ok(with(StatusCode::UNPROCESSABLE_ENTITY, view.page(form)))
}

/// The group again: what cannot be read goes into nothing.
async fn unreadable(
    portal: &Portal,
    subscriber: &Subscriber,
    view: &View,
    opened: Opened,
    title: &str,
) -> web::Result {
    let words = say!(
        "“{title}” cannot be read, so it cannot be merged: merge the others, or keep it as it is",
        title
    );
    let error = FieldError::new("choose", words);
    let page = group_page(portal, subscriber, view, opened, vec![error]).await?;
    Ok(with(StatusCode::UNPROCESSABLE_ENTITY, page))
}

/// Makes the merged contact.
pub async fn merge(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
    view: View,
    Form(fields): Form<Fields>,
) -> web::Result {
    let opened = opened(&portal, &subscriber, &id).await?;
    let Typed { units, picks } = Typed::of(&fields);
    let wish = Wish::Merge { units: units.unwrap_or_default(), picks };
    make(&portal, &subscriber, &view, opened, &wish, field(&fields, "basis")).await
}

fn all(fields: &Fields) -> web::Result<All> {
    match field(fields, "do") {
        "merge" => Ok(All::Merge),
        "keep-phone" => Ok(All::KeepPhone),
        _ => Err(web::Error::NotFound),
    }
}

/// `…/certain?do=…`: all certain ones, before anything is done.
pub async fn certain(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Query(fields): Query<Fields>,
    view: View,
) -> web::Result {
    open_to(&portal, &subscriber).await?;
    let (all, access) = (all(&fields)?, subscriber.own());
    let found = findings::findings(&portal, access).await?.ok_or(web::Error::NotFound)?;
    let fates = store::fates(portal.db()?, access.id()).await?;
    let groups = choose::all_of(&found, &fates, all);
    let shown: Vec<&Group> = groups.iter().take(REVIEWED).collect();
    let contacts = findings::Waiting::count(groups.iter()).contacts;
    Ok(view.page(CertainReview {
        merge: all == All::Merge,
        groups: groups.len() as i64,
        contacts,
        list: show::lines(&portal, access, &shown).await?,
    }))
}

pub async fn choose_certain(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Form(fields): Form<Fields>,
) -> web::Result {
    open_to(&portal, &subscriber).await?;
    let done = choose::choose_all(&portal, subscriber.own(), all(&fields)?).await?;
    Ok(Redirect::to(&format!("{BASE}?at_once={done}")).into_response())
}

/// `…/choices`: those that hold, the newest first.
pub async fn choices(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Query(asked): Query<Asked>,
    view: View,
) -> web::Result {
    open_to(&portal, &subscriber).await?;
    let (db, access) = (portal.db()?, subscriber.own());
    let total = store::count_choices(db, access.id()).await?;
    let from = asked.from.min(usize::try_from(total).unwrap_or_default().saturating_sub(1));
    let shown = store::choices(db, access.id(), from as i64, PAGE as i64).await?;
    Ok(view.page(DuplicateChoices {
        list: show::choices(&portal, access, &shown).await?,
        pager: pager(
            &format!("{BASE}/choices"),
            from,
            shown.len(),
            usize::try_from(total).unwrap_or_default(),
        ),
        total,
    }))
}

pub async fn undo(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
) -> web::Result {
    open_to(&portal, &subscriber).await?;
    let undone = choose::undo(&portal, subscriber.own(), &id).await?;
    // Pressed twice it is undone all the same; what is nobody's or another's is not found.
    if undone || store::was_undone(portal.db()?, &subscriber.id, &id).await? {
        Ok(Redirect::to(&format!("{BASE}/choices")).into_response())
    } else {
        Err(web::Error::NotFound)
    }
}

/// `…/undo`: undoing all of them, before it is done.
pub async fn undo_page(State(portal): State<Portal>, subscriber: Subscriber, view: View) -> web::Result {
    open_to(&portal, &subscriber).await?;
    let total = store::count_choices(portal.db()?, &subscriber.id).await?;
    Ok(view.page(UndoChoices { total }))
}

pub async fn undo_all(State(portal): State<Portal>, subscriber: Subscriber) -> web::Result {
    open_to(&portal, &subscriber).await?;
    choose::undo_all(&portal, subscriber.own()).await?;
    Ok(Redirect::to(&format!("{BASE}/choices")).into_response())
}

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

fn with(status: StatusCode, mut page: Response) -> Response {
    *page.status_mut() = status;
    page
}
