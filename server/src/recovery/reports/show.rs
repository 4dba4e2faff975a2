//! From what is stored to what pages show.

use app::{
    mark,
    models::{CaseEntry, CaseFile, CaseLine, CategoryLine, DraftLine, Records},
    say, say_many, words,
};

use super::{
    Case, Kind, Outcome, Said, State,
    files::{self, File},
    store::{self, Event},
};
use crate::{
    accounts::Access,
    incident::Incident,
    portal::Portal,
    recovery,
    remedies::appeals,
    store::{Result, keys::DataKey},
    web::wording::moment,
};

/// Of somebody or something that no record speaks of.
const NOTHING_KNOWN: &str = mark!("We know no inventory, no verdict and no recovered file of yours here.");

/// Who reads the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader<'a> {
    /// Its owner, who may download the files from below this address.
    Owner(&'a str),
    /// The staff, who may download them from there only where the person is unmasked.
    Staff(Option<&'a str>),
}

/// The category's or the remedy's name.
pub fn subject_title(incident: &Incident, kind: Kind, subject: &str) -> String {
    let known = match kind {
        Kind::Report => {
            let listed = incident.categories.iter().find(|listed| listed.category.slug() == subject);
            listed.map(|listed| listed.title.clone())
        }
        Kind::Appeal => incident.remedy(subject).map(|remedy| remedy.title.clone()),
    };
    known.unwrap_or_else(|| subject.to_owned())
}

/// "Report about Contacts".
pub fn title(incident: &Incident, case: &Case) -> String {
    let subject = subject_title(incident, case.kind, &case.subject);
    match case.kind {
        Kind::Report => say!("Report about {category}", category = subject),
        Kind::Appeal => say!("Appeal for {remedy}", remedy = subject),
    }
}

/// What our records say now of what a case is about.
pub async fn records(portal: &Portal, access: Access<'_>, kind: Kind, subject: &str) -> Result<Records> {
    match kind {
        Kind::Report => {
            let lines = recovery::lines(portal.db()?, &portal.incident, access, portal.ambient.now()).await?;
            let line = lines.into_iter().find(|line| line.category.slug() == subject);
            Ok(Records {
                says: line.map_or_else(|| vec![words::said(NOTHING_KNOWN).to_owned()], |line| says(&line)),
                facts: Vec::new(),
            })
        }
        Kind::Appeal => appeals::records(portal, access.profile(), subject).await,
    }
}

/// A sentence for each thing that is known of a category.
pub fn says(line: &CategoryLine) -> Vec<String> {
    let mut says = vec![say!("{counts}. State: {state}.", counts = line.words(), state = line.state.label())];
    if let Some(as_of) = &line.as_of {
        says.push(say!("How many there were was counted on {date}.", date = as_of));
    }
    if line.quarantined > 0 {
        says.push(say_many!(
            line.quarantined,
            "{n} file could not be read; its bytes are kept.",
            "{n} files could not be read; their bytes are kept."
        ));
    }
    if line.damaged > 0 {
        says.push(say_many!(
            line.damaged,
            "{n} stored file cannot be read at present.",
            "{n} stored files cannot be read at present."
        ));
    }
    if let Some(verdict) = &line.verdict {
        says.push(say!("The operator says that it cannot be brought back: {verdict}", verdict));
    }
    says
}

/// "Answered: We put it back".
pub fn state_words(case: &Case) -> String {
    match (case.state, case.outcome) {
        (State::Answered | State::Closed, Some(outcome)) => {
            say!("{state}: {outcome}", state = case.state.label(), outcome = outcome.label())
        }
        (state, _) => state.label().to_owned(),
    }
}

/// A person's cases and drafts for the list; a draft is kept so long after it was last touched.
pub async fn lines(
    portal: &Portal,
    access: Access<'_>,
    drafts_kept: i64,
) -> Result<(Vec<CaseLine>, Vec<DraftLine>)> {
    let db = portal.db()?;
    let cases = store::of_subscriber(db, access.id()).await?;
    let last = store::last_words(db, access.id()).await?;
    let (mut sent, mut drafts) = (Vec::new(), Vec::new());
    for case in &cases {
        let title = title(&portal.incident, case);
        match &case.number {
            Some(number) => sent.push(CaseLine {
                number: number.to_string(),
                title,
                state: state_words(case),
                sent: case.sent_at.map(moment).unwrap_or_default(),
                answered: last
                    .iter()
                    .find(|(id, _)| *id == case.id)
                    .map(|(_, at)| moment(*at))
                    .unwrap_or_default(),
            }),
            None => drafts.push(DraftLine {
                title,
                href: format!("/reports/new/{}", case.id),
                until: moment(case.waits_since + drafts_kept),
            }),
        }
    }
    Ok((sent, drafts))
}

/// Every step of a case with what was said, opened.
pub async fn entries(portal: &Portal, case: &Case, reader: Reader<'_>) -> Result<Vec<CaseEntry>> {
    let db = portal.db()?;
    let events = store::events(db, &case.id).await?;
    let Some(key) = portal.data_key(&case.subscriber_id).await? else { return Ok(Vec::new()) };
    let files = files::of_case(db, &case.id, &key).await?;
    events.iter().map(|event| entry(case, event, &files, &key, reader)).collect()
}

fn entry(case: &Case, event: &Event, files: &[File], key: &DataKey, reader: Reader<'_>) -> Result<CaseEntry> {
    let said = match &event.sealed {
        Some(sealed) => Said::open(key, sealed)?,
        None => Said::default(),
    };
    let with_it = |file: &&File| Some(&file.message_id) == event.message_id.as_ref();
    let files = files.iter().filter(with_it).map(|file| case_file(file, reader)).collect();
    let answers = [(say!("How many"), said.how_many), (say!("From when"), said.period)];
    Ok(CaseEntry {
        title: step_title(case.kind, event, reader)?,
        at: moment(event.at),
        text: said.text,
        answers: answers.into_iter().filter(|(_, answer)| !answer.is_empty()).collect(),
        records: said.records.told(),
        files,
    })
}

pub fn case_file(file: &File, reader: Reader<'_>) -> CaseFile {
    let base = match reader {
        Reader::Owner(base) => Some(base),
        Reader::Staff(base) => base,
    };
    CaseFile {
        id: file.id.clone(),
        name: file.name.clone(),
        bytes: file.bytes,
        href: base.map(|base| format!("{base}/files/{}", file.id)),
    }
}

fn step_title(kind: Kind, event: &Event, reader: Reader<'_>) -> Result<String> {
    let outcome = event.outcome()?.map_or("", Outcome::label);
    let member = event.member_email.as_deref().unwrap_or_default();
    Ok(match reader {
        Reader::Owner(_) => for_owner(kind, &event.step, outcome),
        Reader::Staff(_) => for_staff(kind, &event.step, outcome, member),
    })
}

fn for_owner(kind: Kind, step: &str, outcome: &str) -> String {
    let words = match step {
        "sent" if kind == Kind::Appeal => say!("You appealed"),
        "sent" => say!("You reported this"),
        "wrote" => say!("You wrote"),
        "closed" if kind == Kind::Appeal => say!("You withdrew it"),
        "closed" => say!("You found it"),
        "reopened" => say!("You reopened it"),
        "taken" => say!("A person is looking at it"),
        "asked" => say!("We asked"),
        _ => return say!("We answered: {outcome}", outcome),
    };
    words.to_owned()
}

fn for_staff(kind: Kind, step: &str, outcome: &str, member: &str) -> String {
    let person = "The subscriber";
    match step {
        "sent" if kind == Kind::Appeal => format!("{person} appealed"),
        "sent" => format!("{person} reported this"),
        "wrote" => format!("{person} wrote"),
        "closed" if kind == Kind::Appeal => format!("{person} withdrew it"),
        "closed" => format!("{person} found it"),
        "reopened" => format!("{person} reopened it"),
        "taken" => format!("{member} took it"),
        "asked" => format!("{member} asked"),
        _ => format!("{member} answered: {outcome}"),
    }
}
