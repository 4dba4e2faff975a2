//! One report or appeal as a member works on it: its story, taking it, asking, answering.

use app::models::{AnswerChoice, CaseEntry, FieldError, StaffCase};

use super::{
    Answers, Cases, Decides, Duty, Role, Staff,
    audit::{self, Act},
    reveal,
};
use crate::{
    accounts::Profile,
    portal::Portal,
    recovery::reports::{
        self, Case, CaseError, CaseNumber, Given, Kind, Outcome, Reader, State, Step, Who, store,
    },
    remedies::appeals,
    store::{self as storage, Tx},
    transaction, web,
};

/// For those who would grant what they asked for themselves.
pub const OWN: &str = "This is your own appeal. Somebody else decides on it.";

/// What a form on the page came back with.
#[derive(Debug, Default)]
pub struct Typed {
    pub question: String,
    pub answer: String,
    pub outcome: String,
    pub errors: Vec<FieldError>,
}

/// The case of a number, with whose it is; 404 where there is none.
pub async fn find(portal: &Portal, number: &str) -> web::Result<(Case, Profile)> {
    let number = CaseNumber::parse(number).ok_or(web::Error::NotFound)?;
    let case = store::of_number(portal.db()?, &number).await?.ok_or(web::Error::NotFound)?;
    let profile = Profile::load(portal.db()?, &case.subscriber_id).await?.ok_or(web::Error::NotFound)?;
    Ok((case, profile))
}

/// `/staff/cases/NUMBER`; the look is recorded first.
pub async fn page(
    portal: &Portal,
    member: &Staff<Cases>,
    (case, profile): (Case, Profile),
    typed: Typed,
) -> web::Result<StaffCase> {
    let number = case.number.as_ref().ok_or(web::Error::NotFound)?.to_string();
    let unmasked = reveal::look(portal, member, &profile, &format!("case {number}")).await?;
    let base = format!("/staff/cases/{number}");
    let revealed = unmasked.is_some() && allows::<super::Items>(member);
    let reads = allows::<super::Items>(member);
    let unread = case.kind == Kind::Report && !reads;
    let reader = Reader::Staff(revealed.then_some(base.as_str()));
    // Who decides on an appeal and may unmask nobody reads it whole.
    let named = revealed || (case.kind == Kind::Appeal && !reads);
    let entries = reports::entries(portal, &case, reader).await?;
    let open = case.state.is_open();
    let own = is_own(member, &case, &profile);
    let outcomes = if open && !own && may_answer(member, case.kind) { case.kind.outcomes() } else { &[] };
    let choice = |outcome: &Outcome| AnswerChoice {
        value: outcome.slug().to_owned(),
        label: outcome.label().to_owned(),
        chosen: typed.outcome == outcome.slug(),
    };
    Ok(StaffCase {
        appeal: case.kind == Kind::Appeal,
        subject: reports::subject_title(&portal.incident, case.kind, &case.subject),
        state: state_words(&case),
        waits: duration(portal.ambient.now() - case.waits_since),
        member: case.member_name.clone().unwrap_or_default(),
        records: reports::records(portal, member.to(&profile), case.kind, &case.subject).await?,
        entries: entries.into_iter().map(|entry| readable(entry, unread, named)).collect(),
        unread,
        revealed,
        may_take: open && case.member_id.as_deref() != Some(member.id()),
        may_ask: open,
        outcomes: outcomes.iter().map(choice).collect(),
        decided_by: match (open, own) {
            (false, _) => String::new(),
            (true, true) => OWN.to_owned(),
            (true, false) => decided_by(case.kind),
        },
        message: portal.ambient.secret_id(),
        seen: case.events,
        account: profile.account,
        name: profile.name,
        question: typed.question,
        answer: typed.answer,
        errors: typed.errors,
        number,
    })
}

/// A step without what this member may not read; that there was one, and how many files came with it, stays.
fn readable(mut entry: CaseEntry, unread: bool, named: bool) -> CaseEntry {
    if unread {
        (entry.text, entry.answers) = Default::default();
    }
    if !named {
        entry.files.iter_mut().for_each(|file| file.name = "A file".to_owned());
    }
    entry
}

/// Whether the member's role has another duty too.
pub fn allows<D: Duty>(member: &Staff<Cases>) -> bool {
    member.role().is_some_and(|role| D::ROLES.contains(&role))
}

fn may_answer(member: &Staff<Cases>, kind: Kind) -> bool {
    match kind {
        Kind::Report => allows::<Answers>(member),
        Kind::Appeal => allows::<Decides>(member),
    }
}

/// Nobody decides on what they asked for themselves.
fn is_own<D: Duty>(member: &Staff<D>, case: &Case, profile: &Profile) -> bool {
    let theirs = profile.email.as_str();
    case.kind == Kind::Appeal && !theirs.is_empty() && theirs.eq_ignore_ascii_case(member.email())
}

/// Who may, for those who may not.
fn decided_by(kind: Kind) -> String {
    let roles = match kind {
        Kind::Report => Answers::ROLES,
        Kind::Appeal => Decides::ROLES,
    };
    let verb = if kind == Kind::Appeal { "An appeal is decided" } else { "A report is answered" };
    format!(
        "{verb} by these roles: {}.",
        roles.iter().map(|role: &Role| role.slug()).collect::<Vec<_>>().join(", ")
    )
}

/// As the staff read it: what waits for the subscriber does not wait for them.
pub fn state_words(case: &Case) -> String {
    if case.state == State::Waiting {
        "Waits for the subscriber".to_owned()
    } else {
        reports::state_words(case)
    }
}

/// "3 days", "5 hours": in whole units of the largest that fits.
pub fn duration(millis: i64) -> String {
    let minutes = millis.max(0) / 60_000;
    let (count, unit) = match minutes {
        0 => return "less than a minute".to_owned(),
        1..60 => (minutes, "minute"),
        60..1_440 => (minutes / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Takes the case upon the member.
pub async fn take(
    portal: &Portal,
    member: &Staff<Cases>,
    (case, profile): (&Case, &Profile),
) -> Result<(), CaseError> {
    let number = case.number.as_ref().ok_or(CaseError::NotFound)?;
    transaction!(portal.db()?, |tx| -> Result<(), CaseError> {
        let case = store::of_number(&mut *tx, number).await?.ok_or(CaseError::NotFound)?;
        if case.member_id.as_deref() == Some(member.id()) {
            return Ok(());
        }
        reports::take(tx, portal, &case, who(member)).await?;
        Ok(record(tx, portal, member, profile, ("took a case", "", number.as_str())).await?)
    })
}

/// Asks the subscriber, or answers, having seen `seen` steps of it. Sent twice it is done once.
pub async fn ask_or_answer<D: Duty>(
    portal: &Portal,
    member: &Staff<D>,
    (case, profile): (&Case, &Profile),
    (step, seen): (Step, i64),
    given: Given<'_>,
) -> Result<(), CaseError> {
    if matches!(step, Step::Answer(_)) && is_own(member, case, profile) {
        return Err(CaseError::Own);
    }
    let number = case.number.as_ref().ok_or(CaseError::NotFound)?;
    let key = portal.keyring.ensure(portal.db()?, &profile.id, &portal.ambient).await?;
    let (action, detail) = match step {
        Step::Answer(outcome) => ("answered a case", format!("{number}, {}", outcome.slug())),
        _ => ("asked about a case", number.to_string()),
    };
    // What decides about money stays readable after the case is gone with its person.
    let reason = if case.kind == Kind::Appeal && step != Step::Ask { given.said.text.as_str() } else { "" };
    transaction!(portal.db()?, |tx| -> Result<(), CaseError> {
        let case = store::of_number(&mut *tx, number).await?.ok_or(CaseError::NotFound)?;
        if reports::ask_or_answer(tx, portal, &case, (step, who(member), seen), given, &key).await? {
            if step == Step::Answer(Outcome::Granted) {
                let what = (number, case.subject.as_str());
                appeals::grant(tx, portal, profile, what, who(member), &given.said.text).await?;
            }
            record(tx, portal, member, profile, (action, reason, &detail)).await?;
        }
        Ok(())
    })?;
    portal.outbox.notify_one();
    Ok(())
}

pub fn who<D: Duty>(member: &Staff<D>) -> Who<'_> {
    Who { id: member.id(), email: member.email(), name: member.name() }
}

async fn record<D: Duty>(
    tx: &mut Tx,
    portal: &Portal,
    member: &Staff<D>,
    profile: &Profile,
    (action, reason, detail): (&str, &str, &str),
) -> storage::Result<()> {
    let act = Act {
        member_id: member.id(),
        member_email: member.email(),
        subscriber: Some((&profile.id, &profile.account)),
        action,
        reason,
        detail,
    };
    audit::record(tx, &portal.ambient, act).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::{DAY, HOUR, MINUTE};

    #[test]
    fn waits_are_told_in_the_largest_unit_that_fits() {
        let told =
            [(0, "less than a minute"), (MINUTE, "1 minute"), (3 * HOUR, "3 hours"), (50 * HOUR, "2 days")];
        assert!(told.iter().all(|(millis, words)| duration(*millis) == *words));
        assert_eq!(duration(DAY), "1 day");
    }
}
