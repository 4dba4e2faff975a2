//! `makegood ledger`.

mod reconcile;

use std::io::Write;

use clap::Subcommand;

use super::{Failure, Json, world};
use crate::{
    ambient::Ambient,
    remedies::ledger::{self, Finding, Period, Report},
    settings::Settings,
    store::{Db, IfAbsent},
};

#[derive(Debug, Subcommand)]
pub enum Options {
    /// Prove that the ledger balances, that every grant is in it, and that nothing in it was changed
    Check(Json),
    /// Write every sealed line for finance: CSV, or one JSON object a line
    Export(Json),
    /// Write what each account was moved by, day by day: CSV, or one JSON object a line
    Totals(Json),
    /// Compare what was paid with a provider's statement, a CSV, and list what only one side knows
    Reconcile(reconcile::Statement),
}

/// Postings that are read at once.
const PAGE: i64 = 5_000;

pub async fn run(settings: &Settings, options: Options) -> Result<(), Failure> {
    // What is wrong with its options is said whether there is a database or not.
    let period = match &options {
        Options::Reconcile(statement) => statement.period(settings)?,
        _ => Period::default(),
    };
    let (db, _) = world::database(settings, &Ambient::system(), IfAbsent::Refuse).await?;
    let done = match options {
        Options::Check(json) => check(&db, json.json).await,
        Options::Export(json) => export(&db, json.json).await,
        Options::Totals(json) => totals(&db, json.json).await,
        Options::Reconcile(statement) => reconcile::run(&db, &period, statement).await,
    };
    db.close().await;
    done
}

async fn check(db: &Db, json: bool) -> Result<(), Failure> {
    let report = ledger::check(db).await?;
    let mut out = std::io::stdout();
    if json {
        let line = serde_json::to_string(&report).map_err(failed)?;
        let _ = writeln!(out, "{line}");
    } else {
        let _ = write!(out, "{}", told(&report));
    }
    match report.findings.len() {
        0 => Ok(()),
        count => Err(Failure::Failed(format!(
            "the ledger does not hold: {count} findings; stop paying and look before anything else"
        ))),
    }
}

fn told(report: &Report) -> String {
    let Report { sealed, unsealed, head, findings, .. } = report;
    let mut text = format!("{sealed} postings are in the chain, {unsealed} wait for their seal.\n");
    if !head.is_empty() {
        text += &format!("The chain ends in {head}.\n");
    }
    for Finding { kind, what } in findings {
        text += &format!("{kind}: {what}\n");
    }
    if findings.is_empty() {
        text += "It balances, every live grant is in it once, and nothing was changed.\n";
    }
    text
}

async fn export(db: &Db, json: bool) -> Result<(), Failure> {
    let mut out = Table::new(json);
    let mut after = 0;
    loop {
        let lines = ledger::lines(db, after, PAGE).await?;
        let Some(last) = lines.last() else { return out.end() };
        after = last.position;
        lines.iter().try_for_each(|line| out.row(line))?;
    }
}

async fn totals(db: &Db, json: bool) -> Result<(), Failure> {
    let mut out = Table::new(json);
    ledger::totals(db).await?.iter().try_for_each(|total| out.row(total))?;
    out.end()
}

/// Rows on standard output, in the form that is asked for.
enum Table {
    Csv(Box<csv::Writer<std::io::Stdout>>),
    Json(std::io::Stdout),
}

impl Table {
    fn new(json: bool) -> Self {
        let out = std::io::stdout();
        if json { Table::Json(out) } else { Table::Csv(Box::new(csv::Writer::from_writer(out))) }
    }

    fn row(&mut self, row: &impl serde::Serialize) -> Result<(), Failure> {
        match self {
            Table::Csv(out) => out.serialize(row).map_err(failed),
            Table::Json(out) => {
                let line = serde_json::to_string(row).map_err(failed)?;
                writeln!(out, "{line}").map_err(failed)
            }
        }
    }

    fn end(self) -> Result<(), Failure> {
        match self {
            Table::Csv(mut out) => out.flush().map_err(failed),
            Table::Json(mut out) => out.flush().map_err(failed),
        }
    }
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::Failed(format!("it cannot be written: {error}"))
}
