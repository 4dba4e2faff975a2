//! `makegood remedies`: automatic runs.

use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use serde_json::json;

use super::{Failure, Json, world};
use crate::{
    ambient::Ambient,
    portal::Portal,
    remedies::automatic::{self, DryRunError, List, ListError, Reason, Run, RunState},
    settings::Settings,
    web::wording,
};

#[derive(Debug, Subcommand)]
pub enum Options {
    /// Count who would get a remedy that is given automatically, and why the others would not; proposes the run for
    /// approval and gives nothing
    DryRun {
        remedy: String,
        /// Write everybody's account and why they would not get it, or that they would (entitled), to a new CSV; accounts
        /// are in it, so that nobody else on this machine can read it
        #[arg(long, value_name = "FILE.csv")]
        list: Option<PathBuf>,
        #[command(flatten)]
        json: Json,
    },
    /// How far automatic runs are
    Status(Json),
    /// Carry an approved run out here and now; `serve` does it too, and the two do not get in each other's way
    Run {
        run: String,
        #[command(flatten)]
        json: Json,
    },
}

/// Who proposes at the command line: whoever may run it. It counts as no approval.
const OPERATOR: &str = "the operator";
/// Runs that are listed.
const LISTED: i64 = 50;

pub async fn run(settings: Settings, options: Options) -> Result<(), Failure> {
    let path = settings
        .incident
        .clone()
        .ok_or_else(|| Failure::Usage("no incident file is set: name it in MAKEGOOD_INCIDENT".to_owned()))?;
    let incident = world::incident(&path)?;
    let portal = world::portal(settings, incident, Ambient::system()).await?;
    let done = match options {
        Options::DryRun { remedy, list, json } => dry_run(&portal, &remedy, list.as_deref(), json.json).await,
        Options::Status(json) => status(&portal, json.json).await,
        Options::Run { run, json } => carry_out(&portal, &run, json.json).await,
    };
    portal.db()?.close().await;
    done
}

async fn dry_run(portal: &Portal, id: &str, path: Option<&Path>, json: bool) -> Result<(), Failure> {
    let remedy = portal.incident.remedy(id).ok_or_else(|| {
        let known: Vec<_> = portal.incident.remedies.iter().map(|remedy| remedy.id.to_string()).collect();
        Failure::Usage(format!("there is no remedy {id:?} in the incident file; it has {}", known.join(", ")))
    })?;
    let progress = |looked| eprintln!("{looked} people looked at");
    let list = path.map(List::create).transpose().map_err(unwritten)?;
    let run = automatic::dry_run(portal, remedy, OPERATOR, list, progress).await;
    let run = run.map_err(|error| match error {
        error @ (DryRunError::OnClaim(_) | DryRunError::UnderWay(_)) => Failure::Usage(error.to_string()),
        DryRunError::Store(error) => error.into(),
        DryRunError::List(error) => unwritten(error),
    })?;
    if json {
        return say(in_json(portal, &run).await?.to_string());
    }
    let refused = automatic::refusals(portal.db()?, &run.id).await?;
    let worth = app::models::Money::new(run.worth(), &run.currency);
    say(format!("Run {}: {}", run.id, run.remedy_title))?;
    say(format!("{} of {} people would get it: {worth}", run.entitled, run.people))?;
    for (reason, people) in &refused {
        let words = Reason::from_slug(reason).map_or(reason.as_str(), |reason| reason.words());
        say(format!("{people}: {words}"))?;
    }
    if let Some(left) = run.budget_left.filter(|left| *left < run.worth()) {
        say(format!("The budget is too small: {} is left.", app::models::Money::new(left, &run.currency)))?;
    }
    if let Some(path) = path {
        say(format!("Who gets it, and why the others do not, is in {}.", path.display()))?;
    }
    say(next(portal, &run))
}

fn next(portal: &Portal, run: &Run) -> String {
    format!(
        "Nothing is given yet. {} different members of staff have to approve it at {}/staff/automatic/{}",
        run.approvals_needed, portal.settings.base_url, run.id
    )
}

fn unwritten(error: ListError) -> Failure {
    match error {
        ListError::Exists(_) => Failure::Usage(error.to_string()),
        ListError::File(..) => Failure::Failed(error.to_string()),
    }
}

async fn status(portal: &Portal, json: bool) -> Result<(), Failure> {
    let db = portal.db()?;
    let runs = automatic::newest(db, LISTED).await?;
    if json {
        let mut list = Vec::new();
        for run in &runs {
            list.push(in_json(portal, run).await?);
        }
        return say(json!({ "runs": list }).to_string());
    }
    if runs.is_empty() {
        return say("There are no automatic runs yet: makegood remedies dry-run REMEDY makes one.".to_owned());
    }
    runs.iter().try_for_each(|run| say(line(portal, run)))
}

async fn carry_out(portal: &Portal, id: &str, json: bool) -> Result<(), Failure> {
    let db = portal.db()?;
    let run = automatic::find(db, id).await?;
    let run = run.ok_or_else(|| Failure::Usage(format!("there is no automatic run {id}")))?;
    let done = automatic::carry_out(portal, id, |run| eprintln!("{}", line(portal, run))).await?;
    let Some(done) = done else {
        let state = automatic::find(db, id).await?.unwrap_or(run);
        if let Some(why) = automatic::in_the_way(portal, &state).await? {
            return Err(Failure::Failed(format!("it is not carried out here now: {why}")));
        }
        return Err(Failure::Failed(format!(
            "it cannot be carried out here now: {}; it must be approved by the incident file as it is now, due, and with no other process",
            line(portal, &state)
        )));
    };
    if json {
        say(in_json(portal, &done).await?.to_string())?;
    } else {
        say(line(portal, &done))?;
    }
    match done.state()? {
        RunState::Done => Ok(()),
        _ => Err(Failure::Failed(format!("it did not come to its end: {}", done.note))),
    }
}

fn line(portal: &Portal, run: &Run) -> String {
    let state = RunState::from_slug(&run.state).map_or(run.state.as_str(), |state| state.label());
    let mut line = format!(
        "{} {}: {state}; {} of {} people looked at, {} given",
        run.id, run.remedy, run.looked, run.people, run.granted
    );
    if let Some(rate) = run.rows_per_second() {
        line.push_str(&format!("; {rate:.0} rows a second"));
    }
    if let Some(end) = run.expected_end(portal.ambient.now()) {
        line.push_str(&format!("; expected to be done on {}", wording::moment(end)));
    }
    if !run.note.is_empty() {
        line.push_str(&format!("; {}", run.note));
    }
    line
}

async fn in_json(portal: &Portal, run: &Run) -> Result<serde_json::Value, Failure> {
    let db = portal.db()?;
    let refused: BTreeMap<_, _> = automatic::refusals(db, &run.id).await?.into_iter().collect();
    let mut examples: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (reason, account) in automatic::examples(db, &run.id).await? {
        examples.entry(reason).or_default().push(account);
    }
    Ok(json!({
        "run": run.id, "remedy": run.remedy, "state": run.state, "note": run.note, "people": run.people,
        "entitled": run.entitled, "amount": run.worth(), "currency": run.currency, "budget_left": run.budget_left,
        "refused": refused, "examples": examples, "approvals_needed": run.approvals_needed, "made_by": run.made_by,
        "made_at": run.made_at, "looked": run.looked, "granted": run.granted, "rows": run.rows_written,
        "worked_ms": run.worked_ms, "people_per_second": run.per_second(), "rows_per_second": run.rows_per_second(),
        "expected_end": run.expected_end(portal.ambient.now()),
    }))
}

fn say(line: String) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{line}").map_err(|error| Failure::Failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use app::Category;

    use super::*;
    use crate::{on_both, web::testing::TestPortal};

    const DEMO: &str = include_str!("../../../demo/incident.toml");

    on_both!(a_dry_run_names_some_of_each_and_says_how_many_have_to_approve_it, |db| {
        let three = "given = \"automatically\"\napproval = { automatic = 3 }";
        let test = TestPortal::with_incident(db, &DEMO.replacen("given = \"automatically\"", three, 1));
        for number in 0..5 {
            let (account, phone) = (format!("a-{number}"), format!("+1212555010{number}"));
            let person = test.subscriber(&account, &phone, "data-20").await;
            if number > 0 {
                test.holding(&person, Category::Contacts, 64, Some(300)).await;
            }
        }
        let p = &test.portal;
        let month = p.incident.remedy("free-month").unwrap();
        let run = automatic::dry_run(p, month, OPERATOR, None, |_| ()).await.unwrap();
        let told = in_json(p, &run).await.unwrap();
        assert_eq!(told["refused"], json!({ "not-affected": 1 }));
        assert_eq!(told["examples"]["not-affected"], json!(["a-0"]));
        assert_eq!(told["examples"]["entitled"].as_array().unwrap().len(), 3, "of four");
        assert!(next(p, &run).contains("3 different members of staff have to approve it"));
    });
}
