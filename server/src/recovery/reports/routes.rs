//! `/reports`, a draft's pages, and `/reports/NUMBER`.

use app::{
    models::{
        BringFiles, CaseFile, CasePage, CheckCase, DraftHead, FieldError, NewReport, Records,
        ReportedCategory, Reports, Tell, Writing,
    },
    say, say_many,
    words::Language,
};
use axum::{
    Form,
    body::Body,
    extract::{DefaultBodyLimit, Multipart, Path, Query, State as Shared},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get, post},
};
use futures::StreamExt;
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::{
    Case, CaseError, CaseNumber, Given, Kind, LONGEST, MOST, MOST_OPEN, Outcome, Recorded, SHORT, Said,
    State, Step, Subject, acts, cleaning, drafts,
    files::{self, File, Refused},
    form::{self, Part, READ},
    said::{clean, clean_line},
    show::{self, Reader},
    store,
};
use crate::{
    accounts::Subscriber,
    ambient::{MINUTE, Millis, parse_id},
    portal::Portal,
    recovery::{self, routes::attachment},
    web::{self, View, support, wording::moment},
};

/// A case this young is greeted by the confirmation.
const JUST_MADE: Millis = 5 * MINUTE;

/// `/reports`.
pub async fn index(Shared(portal): Shared<Portal>, subscriber: Subscriber, view: View) -> web::Result {
    let (cases, drafts) = show::lines(&portal, subscriber.own(), cleaning::DRAFTS).await?;
    Ok(view.page(Reports { cases, drafts, support: support(&portal) }))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct About {
    category: String,
}

/// `/reports/new`: which category.
pub async fn which(
    Shared(portal): Shared<Portal>,
    subscriber: Subscriber,
    Query(about): Query<About>,
    view: View,
) -> web::Result {
    Ok(view.page(new_report(&portal, &subscriber, about.category, Vec::new()).await?))
}

pub async fn choose(
    Shared(portal): Shared<Portal>,
    subscriber: Subscriber,
    view: View,
    Form(about): Form<About>,
) -> web::Result {
    let listed = portal.incident.categories.iter().map(|listed| listed.category.slug());
    let Some(of) = listed.into_iter().find(|slug| *slug == about.category) else {
        let errors = vec![FieldError::new("category-1", say!("Choose what it is about"))];
        let page = new_report(&portal, &subscriber, String::new(), errors).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, view.page(page)).into_response());
    };
    let subject = Subject { kind: Kind::Report, of, claim: None };
    let id = drafts::start(&portal, &subscriber, subject).await?;
    Ok(Redirect::to(&format!("/reports/new/{id}")).into_response())
}

async fn new_report(
    portal: &Portal,
    subscriber: &Subscriber,
    chosen: String,
    errors: Vec<FieldError>,
) -> web::Result<NewReport> {
    let now = portal.ambient.now();
    let lines = recovery::lines(portal.db()?, &portal.incident, subscriber.own(), now).await?;
    let listed = |listed: &crate::incident::IncidentCategory| {
        let line = lines.iter().find(|line| line.category == listed.category);
        ReportedCategory {
            slug: listed.category.slug().to_owned(),
            title: listed.title.clone(),
            says: line.map_or_else(
                || say!("Our records know nothing of yours here").to_owned(),
                |line| line.words(),
            ),
        }
    };
    let categories = portal.incident.categories.iter().map(listed).collect();
    Ok(NewReport { categories, chosen, errors })
}

/// The person's draft; where it was sent meanwhile, the way to its page.
async fn draft(portal: &Portal, subscriber: &Subscriber, id: &str) -> web::Result<Result<Case, Response>> {
    let case = store::own(portal.db()?, id, &subscriber.id).await?.ok_or(web::Error::NotFound)?;
    Ok(match &case.number {
        Some(number) => Err(to_case(number)),
        None => Ok(case),
    })
}

fn to_case(number: &CaseNumber) -> Response {
    Redirect::to(&format!("/reports/{number}")).into_response()
}

macro_rules! draft_or_return {
    ($portal:expr, $subscriber:expr, $id:expr) => {
        match draft($portal, $subscriber, $id).await? {
            Ok(case) => case,
            Err(sent) => return Ok(sent),
        }
    };
}

async fn head(portal: &Portal, subscriber: &Subscriber, case: &Case) -> web::Result<DraftHead> {
    Ok(DraftHead {
        appeal: case.kind == Kind::Appeal,
        subject: show::subject_title(&portal.incident, case.kind, &case.subject),
        base: format!("/reports/new/{}", case.id),
        records: show::records(portal, subscriber.own(), case.kind, &case.subject).await?,
    })
}

async fn typed(portal: &Portal, case: &Case) -> web::Result<Said> {
    let key = portal.data_key(&case.subscriber_id).await?;
    Ok(match (&case.draft, key) {
        (Some(sealed), Some(key)) => Said::open(&key, sealed)?,
        _ => Said::default(),
    })
}

/// `/reports/new/DRAFT`: what is missing or wrong.
pub async fn tell(
    Shared(portal): Shared<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
    view: View,
) -> web::Result {
    let case = draft_or_return!(&portal, &subscriber, &id);
    let (head, said) = (head(&portal, &subscriber, &case).await?, typed(&portal, &case).await?);
    Ok(view.page(telling(head, said, Vec::new())))
}

/// The page with what was typed.
pub fn telling(head: DraftHead, said: Said, errors: Vec<FieldError>) -> Tell {
    Tell { head, text: said.text, how_many: said.how_many, period: said.period, errors }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Told {
    text: String,
    how_many: String,
    period: String,
}

impl Told {
    pub fn said(&self) -> Said {
        Said {
            text: clean(&self.text),
            how_many: clean_line(&self.how_many),
            period: clean_line(&self.period),
            records: Recorded::default(),
        }
    }
}

pub async fn told(
    Shared(portal): Shared<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
    view: View,
    Form(told): Form<Told>,
) -> web::Result {
    let case = draft_or_return!(&portal, &subscriber, &id);
    let (said, empty) = (told.said(), what_to_say(case.kind));
    let errors = mistakes(&said, empty);
    if !errors.is_empty() {
        let head = head(&portal, &subscriber, &case).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, view.page(telling(head, said, errors))).into_response());
    }
    drafts::fill(&portal, &case, &said).await?;
    Ok(Redirect::to(&format!("/reports/new/{id}/files")).into_response())
}

pub fn what_to_say(kind: Kind) -> &'static str {
    match kind {
        Kind::Report => say!("Say what is missing or wrong"),
        Kind::Appeal => say!("Say what our records have wrong or do not know"),
    }
}

/// What is wrong with a text, and what to do.
pub fn mistakes(said: &Said, empty: &'static str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if said.text.is_empty() {
        errors.push(FieldError::new("text", empty));
    }
    let long = said.text.chars().count();
    if long > LONGEST {
        let words = say!(
            "The text has {long} characters, and {most} is the most. Shorten it, or send a file",
            long,
            most = LONGEST
        );
        errors.push(FieldError::new("text", words));
    }
    for (field, text) in [("how_many", &said.how_many), ("period", &said.period)] {
        if text.chars().count() > SHORT {
            errors.push(FieldError::new(
                field,
                say!("Say it in {most} characters; the rest belongs above", most = SHORT),
            ));
        }
    }
    errors
}

/// `/reports/new/DRAFT/files`, with room for files.
pub fn draft_files() -> MethodRouter<Portal> {
    get(files_page).post(bring).layer(DefaultBodyLimit::max(READ))
}

async fn files_page(
    Shared(portal): Shared<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
    view: View,
) -> web::Result {
    let case = draft_or_return!(&portal, &subscriber, &id);
    Ok(view.page(bringing(&portal, &subscriber, &case, Vec::new()).await?))
}

async fn bringing(
    portal: &Portal,
    subscriber: &Subscriber,
    case: &Case,
    errors: Vec<FieldError>,
) -> web::Result<BringFiles> {
    Ok(BringFiles {
        head: head(portal, subscriber, case).await?,
        files: draft_list(portal, case).await?,
        room: files::room(portal.db()?, &case.id).await?,
        errors,
    })
}

async fn draft_list(portal: &Portal, case: &Case) -> web::Result<Vec<CaseFile>> {
    let Some(key) = portal.data_key(&case.subscriber_id).await? else { return Ok(Vec::new()) };
    let files = files::of_case(portal.db()?, &case.id, &key).await?;
    Ok(files.iter().map(|file| show::case_file(file, Reader::Staff(None))).collect())
}

async fn bring(
    Shared(portal): Shared<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
    view: View,
    mut form: Multipart,
) -> web::Result {
    let case = draft_or_return!(&portal, &subscriber, &id);
    let (mut taken, mut refused, mut goes_on) = (0, None, false);
    while let Some(part) = form::next(&mut form).await? {
        match part {
            Part::File(name, bytes) => match bring_one(&portal, &case, &case.id, &name, bytes).await? {
                None => taken += 1,
                Some(why) => refused = refused.or(Some(why)),
            },
            Part::Text(name, value) => goes_on |= name == "then" && value == "check",
        }
    }
    files::keep_in_draft(&portal, &case).await.map_err(failed)?;
    let error = match refused {
        Some(refused) => said_of(&refused),
        None if goes_on => return Ok(Redirect::to(&format!("/reports/new/{id}/check")).into_response()),
        None if taken == 0 => {
            (StatusCode::UNPROCESSABLE_ENTITY, say!("Choose a file, or continue without one").to_owned())
        }
        None => return Ok(Redirect::to(&format!("/reports/new/{id}/files")).into_response()),
    };
    let errors = vec![FieldError::new("file", error.1)];
    Ok((error.0, view.page(bringing(&portal, &subscriber, &case, errors).await?)).into_response())
}

/// Keeps one file, or says why not.
async fn bring_one(
    portal: &Portal,
    case: &Case,
    message: &str,
    name: &str,
    bytes: Option<Vec<u8>>,
) -> web::Result<Option<Refused>> {
    let Some(bytes) = bytes else { return Ok(Some(Refused::TooLarge(files::plain_name(name)))) };
    Ok(files::bring(portal, case, message, name, &bytes).await.map_err(failed)?.err())
}

/// What is wrong with a file, and what to do.
fn said_of(refused: &Refused) -> (StatusCode, String) {
    match refused {
        Refused::Empty(name) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            say!("“{name}” is empty. Open it where it is to see whether it is the right one", name),
        ),
        Refused::TooLarge(name) => (
            StatusCode::PAYLOAD_TOO_LARGE,
            say!("“{name}” is larger than 10 MB. Send a smaller picture of it, or a part", name),
        ),
        Refused::TooMany => (
            StatusCode::UNPROCESSABLE_ENTITY,
            say_many!(
                files::MOST,
                "{n} file is the most, in all. Put several into one ZIP",
                "{n} files are the most, in all. Put several into one ZIP"
            ),
        ),
    }
}

/// `/reports/new/DRAFT/files/FILE/remove`.
pub async fn remove_file(
    Shared(portal): Shared<Portal>,
    subscriber: Subscriber,
    Path((id, file)): Path<(String, String)>,
) -> web::Result {
    let case = draft_or_return!(&portal, &subscriber, &id);
    files::remove(&portal, &case, &file).await.map_err(failed)?;
    Ok(Redirect::to(&format!("/reports/new/{id}/files")).into_response())
}

/// `/reports/new/DRAFT/check`.
pub async fn check(
    Shared(portal): Shared<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
    view: View,
) -> web::Result {
    let case = draft_or_return!(&portal, &subscriber, &id);
    if typed(&portal, &case).await?.text.is_empty() {
        return Ok(Redirect::to(&format!("/reports/new/{id}")).into_response());
    }
    Ok(view.page(checking(&portal, &subscriber, &case, Vec::new()).await?))
}

async fn checking(
    portal: &Portal,
    subscriber: &Subscriber,
    case: &Case,
    errors: Vec<FieldError>,
) -> web::Result<CheckCase> {
    let said = typed(portal, case).await?;
    Ok(CheckCase {
        head: head(portal, subscriber, case).await?,
        text: said.text,
        how_many: said.how_many,
        period: said.period,
        files: draft_list(portal, case).await?,
        errors,
    })
}

pub async fn send(
    Shared(portal): Shared<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
    view: View,
) -> web::Result {
    let case = draft_or_return!(&portal, &subscriber, &id);
    let records = recorded(&portal, &subscriber, &case).await?;
    match drafts::send(&portal, &subscriber, &id, &records).await {
        Ok(number) => Ok(to_case(&number)),
        Err(CaseError::Unwritten) => Ok(Redirect::to(&format!("/reports/new/{id}")).into_response()),
        Err(error) => {
            let errors = vec![FieldError::new("main", refusal(error)?)];
            let page = checking(&portal, &subscriber, &case, errors).await?;
            Ok((StatusCode::CONFLICT, view.page(page)).into_response())
        }
    }
}

/// What our records say, as it is kept with the case.
async fn recorded(portal: &Portal, subscriber: &Subscriber, case: &Case) -> web::Result<Recorded> {
    let mut recorded = Recorded::default();
    for (language, told) in [(Language::En, &mut recorded.english), (Language::Es, &mut recorded.spanish)] {
        let records = show::records(portal, subscriber.own(), case.kind, &case.subject);
        let records = language.during(records).await?;
        *told = language.within(|| sentences(records));
    }
    Ok(recorded)
}

fn sentences(records: Records) -> Vec<String> {
    let facts = records.facts.into_iter().map(|fact| match fact.holds {
        true => say!("Yes: {fact}", fact = fact.text),
        false => say!("No: {fact}", fact = fact.text),
    });
    records.says.into_iter().chain(facts).collect()
}

/// Why a step was not taken, in words for its owner; what is none of their doing is an error.
pub fn refusal(error: CaseError) -> web::Result<String> {
    Ok(match error {
        CaseError::Wrong(wrong) => wrong.to_string(),
        CaseError::TooManyOpen => say!(
            "You have {most} open reports and appeals, which is as many as we take at once. This one is kept as a draft: send it when one of them is answered, or close one.",
            most = MOST_OPEN
        ),
        CaseError::TooMany => say!(
            "You have sent {most} reports and appeals, which is as many as this site takes. Reopen one of them, or talk to a person.",
            most = MOST
        ),
        CaseError::TooOften => {
            say!("You have written often since our last answer. Wait for our answer, please: we read all of it.")
                .to_owned()
        }
        CaseError::AppealOpen => {
            say!("You have an open appeal for this remedy. Write to us on its page instead.").to_owned()
        }
        CaseError::OtherBefore => {
            say!("You sent this form before with something else. This is not sent yet: read what is there, then send it.")
                .to_owned()
        }
        error => return Err(failed(error)),
    })
}

/// What is none of a person's doing.
pub fn failed(error: CaseError) -> web::Error {
    match error {
        CaseError::Store(error) => error.into(),
        CaseError::Blob(error) => error.into(),
        CaseError::NotFound => web::Error::NotFound,
        error => web::Error::Internal(error.to_string()),
    }
}

/// The person's case of this number; 404 for any other.
async fn own_case(portal: &Portal, subscriber: &Subscriber, number: &str) -> web::Result<Case> {
    let number = CaseNumber::parse(number).ok_or(web::Error::NotFound)?;
    let case = store::of_number(portal.db()?, &number).await?;
    case.filter(|case| case.subscriber_id == subscriber.id).ok_or(web::Error::NotFound)
}

/// `/reports/NUMBER`.
pub async fn case(
    Shared(portal): Shared<Portal>,
    subscriber: Subscriber,
    Path(number): Path<String>,
    view: View,
) -> web::Result {
    let case = own_case(&portal, &subscriber, &number).await?;
    Ok(view.page(case_page(&portal, &subscriber, &case, String::new(), Vec::new()).await?))
}

async fn case_page(
    portal: &Portal,
    subscriber: &Subscriber,
    case: &Case,
    text: String,
    errors: Vec<FieldError>,
) -> web::Result<CasePage> {
    let now = portal.ambient.now();
    let number = case.number.as_ref().ok_or(web::Error::NotFound)?.to_string();
    let base = format!("/reports/{number}");
    // What was granted is followed where claims are.
    let writing = match acts::reopening_ends(case).filter(|_| case.outcome != Some(Outcome::Granted)) {
        None if case.state.is_settled() => Writing::Over,
        None => Writing::Open,
        Some(until) if now < until => Writing::Reopens(moment(until)),
        Some(_) => Writing::Over,
    };
    let age = now - case.sent_at.unwrap_or_default();
    Ok(CasePage {
        appeal: case.kind == Kind::Appeal,
        subject: show::subject_title(&portal.incident, case.kind, &case.subject),
        about: match case.kind {
            Kind::Report => format!("/recovery/{}", case.subject),
            Kind::Appeal => format!("/remedies/{}", case.subject),
        },
        state: show::state_words(case),
        explanation: explanation(case).to_owned(),
        sent: case.sent_at.map(moment).unwrap_or_default(),
        records: show::records(portal, subscriber.own(), case.kind, &case.subject).await?,
        entries: show::entries(portal, case, Reader::Owner(&base)).await?,
        writing,
        may_close: case.state.is_open(),
        message: portal.ambient.secret_id(),
        text,
        room: files::room(portal.db()?, &case.id).await?,
        just_made: case.events == 1 && (0..JUST_MADE).contains(&age),
        errors,
        support: support(portal),
        number,
    })
}

/// What the state means for the person, and what to do.
fn explanation(case: &Case) -> &'static str {
    match case.state {
        State::Answered if case.outcome == Some(Outcome::Granted) => {
            say!("It is granted. You find it among your claims, with how it comes to you.")
        }
        State::Draft => say!("It is not sent yet."),
        State::Received => say!("We have it. A person will look at it, and you need to do nothing."),
        State::LookedAt => say!("A person is looking at it. You need to do nothing."),
        State::Waiting => say!("We have a question for you, below. We go on when you have answered it."),
        State::Answered => say!("We have answered, below. If you are not content, you can reopen it."),
        State::Closed => say!("You closed it. If that was a mistake, you can reopen it."),
    }
}

/// `/reports/NUMBER/messages`, with room for files. Reloaded after signing in again it leads back.
pub fn messages() -> MethodRouter<Portal> {
    post(write).get(back_to_case).layer(DefaultBodyLimit::max(READ))
}

pub async fn back_to_case(_: Subscriber, Path(number): Path<String>) -> Redirect {
    Redirect::to(&format!("/reports/{}", app::address::percent_encode(&number)))
}

async fn write(
    Shared(portal): Shared<Portal>,
    subscriber: Subscriber,
    Path(number): Path<String>,
    view: View,
    mut form: Multipart,
) -> web::Result {
    let case = own_case(&portal, &subscriber, &number).await?;
    let (mut text, mut message, mut step) = (String::new(), String::new(), Step::Write);
    let (mut refused, mut brought) = (None, false);
    while let Some(part) = form::next(&mut form).await? {
        match part {
            Part::Text(name, value) => match name.as_str() {
                "text" => text = value,
                "message" => message = message_id(&value)?,
                "step" if value == "reopen" => step = Step::Reopen,
                _ => {}
            },
            Part::File(name, bytes) if refused.is_none() => {
                brought = true;
                let message = message_id(&message)?;
                refused = bring_one(&portal, &case, &message, &name, bytes).await?;
            }
            Part::File(..) => {}
        }
    }
    let message = message_id(&message)?;
    let said = Said::text(&text);
    let (status, error) = match (refused, mistakes(&said, say!("Write something")).pop()) {
        (Some(refused), _) => {
            let (status, words) = said_of(&refused);
            (status, FieldError::new("file", words))
        }
        (None, Some(mistake)) => (StatusCode::UNPROCESSABLE_ENTITY, mistake),
        (None, None) => {
            let number = case.number.clone().ok_or(web::Error::NotFound)?;
            let given = Given { id: &message, said: &said };
            match acts::write(&portal, &subscriber, &number, step, given).await {
                Ok(()) => return Ok(to_case(&number)),
                Err(error) => (StatusCode::CONFLICT, FieldError::new("main", refusal(error)?)),
            }
        }
    };
    let error = if brought { choose_again(error) } else { error };
    files::let_go(&portal, &case, &message).await.map_err(failed)?;
    let case = own_case(&portal, &subscriber, &number).await?;
    let page = case_page(&portal, &subscriber, &case, said.text, vec![error]).await?;
    Ok((status, view.page(page)).into_response())
}

/// A browser gives no file back into a form, so whoever chose some must be told.
fn choose_again(error: FieldError) -> FieldError {
    let words = error.message.trim_end_matches('.');
    FieldError::new(error.field, say!("{mistake}. Nothing was sent: choose the files again", mistake = words))
}

/// The id that was drawn with a form.
pub fn message_id(given: &str) -> web::Result<String> {
    let id = parse_id(given).map(|id| id.to_string());
    id.ok_or_else(|| web::Error::BadRequest(say!("The form was not whole. Nothing was sent.").to_owned()))
}

/// `/reports/NUMBER/close`.
pub async fn close(
    Shared(portal): Shared<Portal>,
    subscriber: Subscriber,
    Path(number): Path<String>,
    view: View,
) -> web::Result {
    let case = own_case(&portal, &subscriber, &number).await?;
    let number = case.number.clone().ok_or(web::Error::NotFound)?;
    match acts::close(&portal, &subscriber, &number).await {
        Ok(()) => Ok(to_case(&number)),
        Err(error) => {
            let errors = vec![FieldError::new("main", refusal(error)?)];
            let page = case_page(&portal, &subscriber, &case, String::new(), errors).await?;
            Ok((StatusCode::CONFLICT, view.page(page)).into_response())
        }
    }
}

/// `/reports/NUMBER/files/FILE`: as it came, to be kept and never to be shown as a page of ours.
pub async fn file(
    Shared(portal): Shared<Portal>,
    subscriber: Subscriber,
    Path((number, id)): Path<(String, String)>,
) -> web::Result {
    let case = own_case(&portal, &subscriber, &number).await?;
    let file = files::one(&portal, &case, &id).await?.ok_or(web::Error::NotFound)?;
    download(&portal, &case, &file).await
}

/// A file's bytes as a download.
pub async fn download(portal: &Portal, case: &Case, file: &File) -> web::Result {
    let mut chunks = files::read(portal, case, file).await?.boxed();
    let first = match chunks.next().await {
        Some(Err(error)) if error.damage().is_some() => return Err(web::Error::Damaged),
        Some(Err(error)) => return Err(error.into()),
        first => first,
    };
    let mut response = Response::new(Body::from_stream(futures::stream::iter(first).chain(chunks)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.bytes.unsigned_abs()));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::CONTENT_DISPOSITION, attachment(&file.name));
    Ok(response)
}
