//! `/staff/cases` and what lies under it.

use app::models::FieldError;
use axum::{
    Form,
    extract::{Path, Query, State as Shared},
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    Answers, Cases, Decides, Duty, Items, Staff,
    case_queue::{self, Asked},
    cases::{self, Typed},
    reveal,
    routes::mistaken,
};
use crate::{
    accounts::Profile,
    portal::Portal,
    recovery::reports::{
        Case, CaseError, Given, Kind, LONGEST, Outcome, Said, Step, files,
        routes::{download, failed, message_id},
    },
    remedies::appeals::GrantError,
    web::{self, View},
};

/// Fewer characters explain no decision.
const SHORTEST_REASON: usize = 10;
const LONGEST_REASON: usize = 500;

/// `/staff/cases`.
pub async fn queue(
    Shared(portal): Shared<Portal>,
    member: Staff<Cases>,
    view: View,
    Query(asked): Query<Asked>,
) -> web::Result {
    Ok(view.page(case_queue::page(&portal, &member, &asked).await?))
}

/// `/staff/cases/NUMBER`.
pub async fn page(
    Shared(portal): Shared<Portal>,
    member: Staff<Cases>,
    view: View,
    Path(number): Path<String>,
) -> web::Result {
    let found = cases::find(&portal, &number).await?;
    Ok(view.page(cases::page(&portal, &member, found, Typed::default()).await?))
}

/// Somebody who reloads after signing in again.
pub async fn back(_: Staff<Cases>, Path(number): Path<String>) -> Redirect {
    Redirect::to(&format!("/staff/cases/{}", app::address::percent_encode(&number)))
}

pub async fn take(
    Shared(portal): Shared<Portal>,
    member: Staff<Cases>,
    view: View,
    Path(number): Path<String>,
) -> web::Result {
    let (case, profile) = cases::find(&portal, &number).await?;
    match cases::take(&portal, &member, (&case, &profile)).await {
        Ok(()) => Ok(to(&case)),
        Err(error) => refused(&portal, &member, &view, &number, Typed::default(), error).await,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Filled {
    message: String,
    /// How many steps the member saw.
    seen: i64,
    question: String,
    answer: String,
    outcome: String,
}

impl Filled {
    fn typed(&self, errors: Vec<FieldError>) -> Typed {
        Typed {
            question: self.question.clone(),
            answer: self.answer.clone(),
            outcome: self.outcome.clone(),
            errors,
        }
    }
}

pub async fn ask(
    Shared(portal): Shared<Portal>,
    member: Staff<Cases>,
    view: View,
    Path(number): Path<String>,
    Form(filled): Form<Filled>,
) -> web::Result {
    let found = cases::find(&portal, &number).await?;
    let said = Said::text(&filled.question);
    let errors = length("question", "question", &said.text, 1..=LONGEST).into_iter().collect();
    act(&portal, (&member, &member), &view, found, &filled, (Step::Ask, said, errors)).await
}

/// How a report ended.
pub async fn answer(
    Shared(portal): Shared<Portal>,
    member: Staff<Cases>,
    answers: Staff<Answers>,
    view: View,
    Path(number): Path<String>,
    Form(filled): Form<Filled>,
) -> web::Result {
    let found = of_kind(cases::find(&portal, &number).await?, Kind::Report)?;
    let said = Said::text(&filled.answer);
    let (step, mut errors) = outcome(&filled, Kind::Report);
    errors.extend(length("answer", "answer", &said.text, 1..=LONGEST));
    act(&portal, (&member, &answers), &view, found, &filled, (step, said, errors)).await
}

/// Whether an appeal is granted.
pub async fn decide(
    Shared(portal): Shared<Portal>,
    member: Staff<Cases>,
    decides: Staff<Decides>,
    view: View,
    Path(number): Path<String>,
    Form(filled): Form<Filled>,
) -> web::Result {
    let found = of_kind(cases::find(&portal, &number).await?, Kind::Appeal)?;
    let said = Said::text(&filled.answer);
    let (step, mut errors) = outcome(&filled, Kind::Appeal);
    errors.extend(length("answer", "reason", &said.text, SHORTEST_REASON..=LONGEST_REASON));
    act(&portal, (&member, &decides), &view, found, &filled, (step, said, errors)).await
}

fn of_kind(found: (Case, Profile), kind: Kind) -> web::Result<(Case, Profile)> {
    if found.0.kind == kind { Ok(found) } else { Err(web::Error::NotFound) }
}

fn outcome(filled: &Filled, kind: Kind) -> (Step, Vec<FieldError>) {
    match Outcome::from_slug(&filled.outcome).filter(|outcome| kind.outcomes().contains(outcome)) {
        Some(outcome) => (Step::Answer(outcome), Vec::new()),
        None => (Step::Ask, vec![FieldError::new("outcome-1", "Choose how it ended")]),
    }
}

fn length(
    field: &'static str,
    what: &str,
    text: &str,
    admitted: std::ops::RangeInclusive<usize>,
) -> Option<FieldError> {
    let words = format!("Write a {what} of {} to {} characters", admitted.start(), admitted.end());
    (!admitted.contains(&text.chars().count())).then(|| FieldError::new(field, words))
}

/// Asks or answers as the member whose duty it is, or shows the page again.
async fn act<D: Duty>(
    portal: &Portal,
    (member, acting): (&Staff<Cases>, &Staff<D>),
    view: &View,
    found: (Case, Profile),
    filled: &Filled,
    (step, said, errors): (Step, Said, Vec<FieldError>),
) -> web::Result {
    if !errors.is_empty() {
        return Ok(mistaken(view.page(cases::page(portal, member, found, filled.typed(errors)).await?)));
    }
    let (case, profile) = found;
    let message = message_id(&filled.message)?;
    let given = Given { id: &message, said: &said };
    match cases::ask_or_answer(portal, acting, (&case, &profile), (step, filled.seen), given).await {
        Ok(()) => Ok(to(&case)),
        Err(error) => {
            let number = case.number.map(|number| number.to_string()).unwrap_or_default();
            refused(portal, member, view, &number, filled.typed(Vec::new()), error).await
        }
    }
}

fn to(case: &Case) -> Response {
    let number = case.number.as_ref().map(ToString::to_string).unwrap_or_default();
    Redirect::to(&format!("/staff/cases/{number}")).into_response()
}

/// The page as it stands now, with why nothing was done and what was typed.
async fn refused(
    portal: &Portal,
    member: &Staff<Cases>,
    view: &View,
    number: &str,
    typed: Typed,
    error: CaseError,
) -> web::Result {
    let words = match error {
        CaseError::Wrong(wrong) => wrong.to_string(),
        CaseError::WentOn => {
            "It went on while you wrote. Nothing was sent: read what is new, then send again.".to_owned()
        }
        CaseError::OtherBefore => {
            "This form was sent before with something else. Nothing was sent now: read what is there, then send \
             again."
                .to_owned()
        }
        CaseError::Own => cases::OWN.to_owned(),
        CaseError::Grant(GrantError::Claimed(claim)) => {
            format!("The subscriber has it already, as {claim}. Nothing was granted and nothing was sent.")
        }
        CaseError::Grant(GrantError::NoBudget) => {
            "There is not enough left in the remedy's budget. Nothing was granted and nothing was sent."
                .to_owned()
        }
        CaseError::Grant(GrantError::NoRemedy) => {
            "The remedy is not in the incident file any more, so it cannot be granted.".to_owned()
        }
        error => return Err(failed(error)),
    };
    let typed = Typed { errors: vec![FieldError::new("main", words)], ..typed };
    let page = cases::page(portal, member, cases::find(portal, number).await?, typed).await?;
    Ok((StatusCode::CONFLICT, view.page(page)).into_response())
}

/// `/staff/cases/NUMBER/files/FILE`: only while the subscriber is unmasked for this member; the look is recorded.
pub async fn file(
    Shared(portal): Shared<Portal>,
    _: Staff<Cases>,
    member: Staff<Items>,
    Path((number, id)): Path<(String, String)>,
) -> web::Result {
    let (case, profile) = cases::find(&portal, &number).await?;
    let file = files::one(&portal, &case, &id).await?.ok_or(web::Error::NotFound)?;
    match reveal::look(&portal, &member, &profile, &format!("a file of case {number}")).await? {
        Some(_) => download(&portal, &case, &file).await,
        None => Err(web::Error::Forbidden),
    }
}
