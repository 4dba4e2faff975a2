//! `makegood ledger reconcile`.

use std::io::Write;

use jiff::civil::Date;

use super::{
    super::{Failure, Json, world},
    failed,
};
use crate::{
    incident::ProviderName,
    remedies::ledger::{self, Columns, Difference, NotPaid, Period, Reconciliation, Side, Sign},
    settings::Settings,
    store::Db,
};

#[derive(Debug, clap::Args)]
pub struct Statement {
    file: std::path::PathBuf,
    /// Whose statement it is: code-pool, tremendous, stripe, bill-file or post-file
    #[arg(long)]
    provider: ProviderName,
    /// The first day that the statement is about (2009-10-01), by the incident's clocks: what we paid before it need not
    /// stand there
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Date>,
    /// The last day that it is about (2009-10-31)
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Date>,
    /// The column with our order's id
    #[arg(long, default_value = "external_id")]
    order_column: String,
    #[arg(long, default_value = "amount")]
    amount_column: String,
    #[arg(long)]
    currency_column: Option<String>,
    /// The amounts are in the smallest unit: 2000 for $20
    #[arg(long)]
    minor_units: bool,
    /// The sign of what was paid out; as is usual with the provider (minus with Stripe) where none is given
    #[arg(long, value_enum, value_name = "SIGN")]
    paid_with: Option<Sign>,
    #[command(flatten)]
    json: Json,
}

fn day(text: &str) -> Result<Date, String> {
    Date::strptime("%Y-%m-%d", text).map_err(|_| "no such day; write it as 2009-10-31".to_owned())
}

impl Statement {
    /// All time where no day is named; else its days need the incident file, which has their time zone.
    pub fn period(&self, settings: &Settings) -> Result<Period, Failure> {
        if self.from.is_none() && self.to.is_none() {
            return Ok(Period::default());
        }
        let path = settings.incident.as_ref().ok_or_else(|| {
            let why = "the days of --from and --to are those of the incident's time zone";
            Failure::Usage(format!("{why}: name the incident file in MAKEGOOD_INCIDENT"))
        })?;
        let zone = world::incident(path)?.time_zone.clone();
        Period::of(self.from, self.to, &zone).map_err(|error| Failure::Usage(error.to_string()))
    }
}

pub async fn run(db: &Db, period: &Period, statement: Statement) -> Result<(), Failure> {
    let Statement { file, provider, json, paid_with, minor_units, .. } = statement;
    let opened =
        std::fs::File::open(&file).map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))?;
    let columns = Columns {
        order: statement.order_column,
        amount: statement.amount_column,
        currency: statement.currency_column,
        minor_units,
        paid_with,
    };
    let found = ledger::reconcile(db, provider.slug(), period, std::io::BufReader::new(opened), &columns);
    let found = found.await.map_err(|error| Failure::Failed(format!("{}: {error}", file.display())))?;
    let mut out = std::io::stdout();
    if json.json {
        writeln!(out, "{}", serde_json::to_string(&found).map_err(failed)?).map_err(failed)?;
    } else {
        write!(out, "{}", differences(&found)).map_err(failed)?;
    }
    match found.differences {
        0 => Ok(()),
        count => Err(Failure::Failed(format!("the statement and the ledger differ in {count} places"))),
    }
}

fn differences(found: &Reconciliation) -> String {
    let mut text = format!("{} payouts stand on both sides, {} in all.\n", found.agreed, found.agreed_amount);
    if found.agreed_outside > 0 {
        text += &format!("{} of them were paid {}, by our ledger.\n", found.agreed_outside, outside(found));
    }
    if found.agreed_reversed > 0 {
        text += &format!("{} were taken back on both sides.\n", found.agreed_reversed);
    }
    for Side { order, amount, currency, .. } in &found.only_ours {
        text += &format!("only ours: {order} {amount} {currency}\n");
    }
    for Side { order, amount, currency, line } in &found.only_theirs {
        let line = line.unwrap_or_default();
        text += &format!("only theirs, line {line}: {order} {amount} {currency}\n");
    }
    for NotPaid { order, state, ours, theirs, line } in &found.not_paid {
        text += &format!(
            "on the statement, line {line}; ours is {state}: {order}, ours {ours}, theirs {theirs}\n"
        );
    }
    for side in &found.twice {
        text += &format!("twice on the statement, line {}: {}\n", side.line.unwrap_or_default(), side.order);
    }
    for NotPaid { order, state, ours, theirs, line } in &found.reversed {
        let part =
            if *theirs == 0 { String::new() } else { format!(", theirs {theirs} beside what was paid") };
        text +=
            &format!("reversed on the statement, line {line}; ours is {state}: {order}, ours {ours}{part}\n");
    }
    for Difference { order, ours, currency, theirs, their_currency, line } in &found.other_amount {
        text += &format!(
            "other amount, line {line}: {order}, ours {ours} {currency}, theirs {theirs} {their_currency}\n"
        );
    }
    text
}

fn outside(found: &Reconciliation) -> String {
    let before = found.period.from.map(|day| format!("before {day}"));
    let after = found.period.to.map(|day| format!("after {day}"));
    before.into_iter().chain(after).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{civil::date, tz::TimeZone};

    #[test]
    fn a_day_is_a_day_and_nothing_else() {
        assert_eq!(day("2009-10-31"), Ok(date(2009, 10, 31)));
        for wrong in ["2009-02-29", "31.10.2009", "2009-10", "2009-10-31T12:00", "yesterday", ""] {
            assert!(day(wrong).unwrap_err().contains("write it as 2009-10-31"), "{wrong}");
        }
    }

    #[test]
    fn what_both_sides_know_of_an_order_is_said() {
        let mut found = Reconciliation {
            agreed: 3,
            agreed_amount: 30_000,
            agreed_outside: 1,
            period: Period::of(Some(date(2009, 10, 1)), Some(date(2009, 10, 31)), &TimeZone::UTC).unwrap(),
            ..Reconciliation::default()
        };
        found.not_paid.push(NotPaid {
            order: "o-1".to_owned(),
            state: "stuck".to_owned(),
            ours: 10_000,
            theirs: 10_000,
            line: 4,
        });
        assert_eq!(
            differences(&found),
            "3 payouts stand on both sides, 30000 in all.\n\
             1 of them were paid before 2009-10-01 or after 2009-10-31, by our ledger.\n\
             on the statement, line 4; ours is stuck: o-1, ours 10000, theirs 10000\n"
        );
        found.period.from = None;
        assert!(differences(&found).contains("paid after 2009-10-31, by our ledger"));
    }
}
