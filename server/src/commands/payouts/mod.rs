//! `makegood payouts`.

use std::{io::Write, path::PathBuf};

use clap::Subcommand;

use super::{Failure, Json, world};
use crate::{
    ambient::Ambient,
    incident::{ProviderName, WayId},
    portal::Portal,
    remedies::{
        ClaimNumber,
        payouts::{
            self, Decision, Format, HandOverError,
            acts::{self, Actor},
            code_pool::{self, Goods, Stock},
            control,
        },
    },
    settings::Settings,
    web::wording,
};

#[derive(Debug, Subcommand)]
pub enum Options {
    /// How far each provider is, and when it is expected to be done
    Status(Json),
    /// Hold payouts up: of one provider, or of all. What is being sent at this moment ends
    Pause {
        /// code-pool, tremendous, stripe, bill-file or post-file; all of them where none is named
        provider: Option<ProviderName>,
        /// Why, for whoever reads the status
        #[arg(long)]
        reason: String,
    },
    /// Let payouts go on
    Resume { provider: Option<ProviderName> },
    /// List the orders that wait for a person
    Stuck {
        /// Those in this state alone
        #[arg(long, value_parser = ["stuck", "refused", "returned"])]
        state: Option<String>,
        #[command(flatten)]
        json: Json,
    },
    /// Write down what you found out about a stuck order
    Resolve {
        order: String,
        /// The provider paid it: its own reference
        #[arg(
            long,
            conflicts_with = "never_arrived",
            required_unless_present = "never_arrived",
            value_parser = clap::builder::NonEmptyStringValueParser::new()
        )]
        paid: Option<String>,
        /// The provider never had it: it is sent again
        #[arg(long)]
        never_arrived: bool,
    },
    /// Order anew what was refused or came back
    Again {
        order: String,
        /// email, sms, site, post or bill; as before where none is named
        #[arg(long)]
        way: Option<WayId>,
    },
    /// Write down that what was refused or came back reached its person after all
    Arrived { order: String },
    /// Give up on what was refused, came back or has not started: the grant ends, and its person can appeal
    Close {
        /// The order, or the number of its claim
        order: String,
        #[arg(long)]
        reason: String,
    },
    /// Take gift-card codes in from a CSV with the column code, and if there are such pin and expires_on
    ImportCodes {
        file: PathBuf,
        /// The remedy whose worth each code has
        #[arg(long)]
        remedy: String,
        /// What each code is worth, in minor units; needed where people wait for another amount than today's
        #[arg(long, value_name = "MINOR")]
        value: Option<i64>,
        /// The issuer says that all codes in the file are unused: those in doubt after a restore are given again
        #[arg(long)]
        unused: bool,
        #[command(flatten)]
        json: Json,
    },
    /// Run this once after an older copy of the database was restored, before `serve` starts: it holds all payouts up, has
    /// providers asked after every open order, and keeps free codes back
    AfterRestore {
        /// Run this once the statements of the time since the copy were compared: claims that waited for the budget and
        /// were not decided wait for it again, in their place
        #[arg(long)]
        go_on: bool,
        #[command(flatten)]
        json: Json,
    },
    /// Write what is to be credited or posted as files, each once
    Export {
        folder: PathBuf,
        #[arg(long, default_value = "bill-file")]
        provider: ProviderName,
        #[arg(long, value_enum, default_value = "csv")]
        format: Format,
        /// Write this file again, though it was handed over: its name without .csv
        #[arg(long, value_name = "NAME")]
        again: Option<String>,
        #[command(flatten)]
        json: Json,
    },
    /// Read acknowledgements back: a CSV with the columns order, status (applied or rejected) and note
    Acknowledge {
        file: PathBuf,
        #[command(flatten)]
        json: Json,
    },
}

pub async fn run(settings: Settings, options: Options) -> std::result::Result<(), Failure> {
    let path = settings
        .incident
        .clone()
        .ok_or_else(|| Failure::Usage("no incident file is set: name it in MAKEGOOD_INCIDENT".to_owned()))?;
    let incident = world::incident(&path)?;
    let portal = world::portal(settings, incident, Ambient::system()).await?;
    let done = act(&portal, options).await;
    portal.db()?.close().await;
    done
}

async fn act(portal: &Portal, options: Options) -> std::result::Result<(), Failure> {
    match options {
        Options::Status(json) => status(portal, json.json).await,
        Options::Pause { provider, reason } => pause(portal, provider, &reason).await,
        Options::Resume { provider } => resume(portal, provider).await,
        Options::Stuck { state, json } => stuck(portal, state.as_deref(), json.json).await,
        Options::Resolve { order, paid, .. } => {
            let decision = paid.map_or(Decision::NeverArrived, |reference| Decision::Paid { reference });
            acts::decide(portal, Actor::OPERATOR, &order, &decision).await.map_err(failed)?;
            say(format!("Order {order}: written down."))
        }
        Options::Again { order, way } => again(portal, &order, way).await,
        Options::Arrived { order } => {
            acts::decide(portal, Actor::OPERATOR, &order, &Decision::Arrived).await.map_err(failed)?;
            say(format!("Order {order}: paid."))
        }
        Options::Close { order, reason } => {
            let of_claim = match ClaimNumber::parse(&order) {
                Some(number) => payouts::last_of_number(portal.db()?, number.as_str()).await?,
                None => None,
            };
            let order = of_claim.map_or(order, |of_claim| of_claim.id);
            let decision = Decision::Close { reason };
            acts::decide(portal, Actor::OPERATOR, &order, &decision).await.map_err(failed)?;
            say(format!("Order {order}: closed; its grant has ended."))
        }
        Options::ImportCodes { file, remedy, value, unused, json } => {
            import_codes(portal, &file, &remedy, value, unused, json.json).await
        }
        Options::AfterRestore { go_on: true, json } => go_on_after_restore(portal, json.json).await,
        Options::AfterRestore { json, .. } => after_restore(portal, json.json).await,
        Options::Export { folder, provider, format, again, json } => {
            export(portal, &folder, provider, format, again.as_deref(), json.json).await
        }
        Options::Acknowledge { file, json } => acknowledge(portal, &file, json.json).await,
    }
}

async fn status(portal: &Portal, json: bool) -> std::result::Result<(), Failure> {
    let (db, now) = (portal.db()?, portal.ambient.now());
    let list = control::progress(db, &portal.providers, now).await?;
    let stock = code_pool::stock(db, now).await?;
    let unanswered = payouts::unanswered(db, now).await?;
    if json {
        return say(
            serde_json::json!({ "providers": list, "codes": stock, "unanswered": unanswered }).to_string()
        );
    }
    if list.is_empty() {
        say("There are no payout orders yet.".to_owned())?;
    }
    for one in list {
        let end = match (one.held_up(), one.expected_end) {
            (true, _) => format!("held up: {}", one.reason),
            (_, Some(end)) => format!("expected to be done on {}", wording::moment(end)),
            (_, None) if one.left == 0 => "done".to_owned(),
            _ => "nothing moves".to_owned(),
        };
        say(format!(
            "{}: {} paid, {} to go, {} of those in doubt, {} wait for a person; {end}",
            one.provider, one.paid, one.left, one.in_doubt, one.for_a_person
        ))?;
    }
    for stock in stock {
        let (worth, Stock { remedy, free, given, waiting, doubtful, .. }) = (stock.worth(), stock);
        let doubt = if doubtful > 0 { format!(", {doubtful} in doubt") } else { String::new() };
        say(format!(
            "Codes for {remedy}, {worth} each: {free} left, {given} given{doubt}, {waiting} orders wait"
        ))?;
    }
    unanswered.iter().try_for_each(|file| say(file.to_string()))
}

async fn pause(
    portal: &Portal,
    provider: Option<ProviderName>,
    reason: &str,
) -> std::result::Result<(), Failure> {
    let name = name(provider);
    acts::pause(portal, Actor::OPERATOR, name, reason).await?;
    say(format!("Payouts are held up ({}). What is being sent ends.", shown(name)))
}

async fn resume(portal: &Portal, provider: Option<ProviderName>) -> std::result::Result<(), Failure> {
    let name = name(provider);
    say(match acts::resume(portal, Actor::OPERATOR, name).await? {
        true => format!("Payouts go on ({}).", shown(name)),
        false => format!("Payouts were not held up ({}).", shown(name)),
    })
}

fn name(provider: Option<ProviderName>) -> &'static str {
    provider.map_or(control::ALL, ProviderName::slug)
}

fn shown(name: &str) -> &str {
    if name == control::ALL { "all" } else { name }
}

/// Orders that are listed for somebody who reads them; a program gets them all.
const LISTED: i64 = 1_000;

async fn stuck(portal: &Portal, state: Option<&str>, json: bool) -> std::result::Result<(), Failure> {
    let most = if json { i64::MAX } else { LISTED };
    let list = payouts::for_a_person(portal.db()?, state, most).await?;
    if json {
        let rows: Vec<_> = list
            .iter()
            .map(|order| {
                serde_json::json!({ "order": order.id, "provider": order.provider, "state": order.state,
                    "remedy": order.remedy, "amount": order.amount, "currency": order.currency, "note": order.note })
            })
            .collect();
        return say(serde_json::json!({ "orders": rows }).to_string());
    }
    if list.is_empty() {
        return say("No order waits for a person.".to_owned());
    }
    list.iter().try_for_each(|order| {
        let worth = app::models::Money::new(order.amount, &order.currency);
        say(format!("{}  {}  {}  {worth}: {}", order.id, order.provider, order.state, order.note))
    })
}

async fn again(portal: &Portal, id: &str, way: Option<WayId>) -> std::result::Result<(), Failure> {
    let order = payouts::find(portal.db()?, id).await?;
    let order = order.ok_or_else(|| Failure::Usage(format!("there is no payout order {id}")))?;
    let name = way.map_or(order.way.clone(), |way| way.slug().to_owned());
    let way = match portal.incident.remedy(&order.remedy) {
        // A remedy that is not listed any more ends as it began.
        None if name == order.way => payouts::as_before(&order)?,
        None => {
            let why = "which the incident file does not list any more, goes as before, without --way";
            return Err(Failure::Usage(format!("an order of {}, {why}", order.remedy)));
        }
        Some(remedy) => *remedy.way(&name).ok_or_else(|| {
            Failure::Usage(format!("{name} is not a way of {}; see its [[remedies.ways]]", order.remedy))
        })?,
    };
    acts::decide(portal, Actor::OPERATOR, id, &Decision::Again(way)).await.map_err(failed)?;
    say(format!("Order {id}: ordered again."))
}

async fn import_codes(
    portal: &Portal,
    file: &PathBuf,
    remedy_id: &str,
    value: Option<i64>,
    unused: bool,
    json: bool,
) -> std::result::Result<(), Failure> {
    let import = code_pool::Import {
        db: portal.db()?,
        ambient: &portal.ambient,
        master: portal.master(),
        goods: goods(portal, remedy_id).await?,
        value,
        expires_at: None,
        unused,
    };
    let taken = code_pool::import(&import, open(file)?).await.map_err(failed)?;
    if json {
        return say(serde_json::to_string(&taken).map_err(failed)?);
    }
    for problem in &taken.problems {
        say(format!("line {}: {}", problem.line, problem.reason))?;
    }
    say(format!("{} codes taken in, {} were there already.", taken.imported, taken.known))?;
    if unused { say(format!("{} of those were in doubt and may be given.", taken.trusted)) } else { Ok(()) }
}

async fn after_restore(portal: &Portal, json: bool) -> std::result::Result<(), Failure> {
    let found = payouts::after_restore(portal, Actor::OPERATOR).await?;
    if json {
        return say(serde_json::to_string(&found).map_err(failed)?);
    }
    say(format!(
        "All payouts are held up. {} open orders are asked after before they are sent.",
        found.asked_first
    ))?;
    say(format!(
        "{} orders for a code or by post wait for a person, and {} codes are not given before the issuer says that they are unused.",
        found.stuck, found.codes_in_doubt
    ))?;
    for name in &found.files_kept_back {
        say(format!("{name} counts as handed over: if it was not, write it by `--again {name}`."))?;
    }
    say(format!(
        "{} automatic runs are held up, and {} claims that waited for the budget keep their place and are given nothing before `--go-on`.",
        found.runs_held_up, found.claims_held_up
    ))?;
    say("What follows is in docs/operating.md, under \"After an older copy was restored\".".to_owned())
}

async fn go_on_after_restore(portal: &Portal, json: bool) -> std::result::Result<(), Failure> {
    let claims = payouts::go_on_after_restore(portal, Actor::OPERATOR).await?;
    say(match json {
        true => serde_json::json!({ "claims_go_on": claims }).to_string(),
        false => format!("{claims} claims wait for the budget again, each in its place."),
    })
}

async fn export(
    portal: &Portal,
    folder: &std::path::Path,
    provider: ProviderName,
    format: Format,
    again: Option<&str>,
    json: bool,
) -> std::result::Result<(), Failure> {
    if !matches!(provider, ProviderName::BillFile | ProviderName::PostFile) {
        return Err(Failure::Usage(format!("{} takes no files", provider.slug())));
    }
    let handed = payouts::hand_over(portal, provider, folder, format, again);
    let handed = handed.await.map_err(|error| match error {
        HandOverError::Unknown { .. } => Failure::Usage(error.to_string()),
        other => failed(other),
    })?;
    if json {
        return say(serde_json::json!({ "files": handed }).to_string());
    }
    if handed.is_empty() {
        return say("There is nothing new to hand over.".to_owned());
    }
    handed.iter().try_for_each(|file| say(format!("{}: {} orders", file.path.display(), file.orders)))
}

async fn acknowledge(portal: &Portal, file: &PathBuf, json: bool) -> std::result::Result<(), Failure> {
    let answered = payouts::acknowledge(portal, open(file)?).await.map_err(failed)?;
    if json {
        return say(serde_json::to_string(&answered).map_err(failed)?);
    }
    for problem in &answered.problems {
        say(format!("line {}: {}", problem.line, problem.reason))?;
    }
    say(format!(
        "{} applied, {} rejected, {} said before.",
        answered.applied, answered.rejected, answered.known
    ))
}

/// Of the incident file's remedy; or, where it is not listed any more, of those who wait for its codes.
async fn goods(portal: &Portal, id: &str) -> std::result::Result<Goods, Failure> {
    if let Some(remedy) = portal.incident.remedy(id) {
        return Ok(Goods::of(remedy));
    }
    Goods::awaited(portal.db()?, id).await?.ok_or_else(|| {
        let known: Vec<_> = portal.incident.remedies.iter().map(|remedy| remedy.id.to_string()).collect();
        Failure::Usage(format!(
            "there is no remedy {id:?} in the incident file, and nobody waits for its codes; the file has {}",
            known.join(", ")
        ))
    })
}

fn open(file: &PathBuf) -> std::result::Result<std::fs::File, Failure> {
    std::fs::File::open(file).map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))
}

fn say(line: String) -> std::result::Result<(), Failure> {
    writeln!(std::io::stdout(), "{line}").map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::Failed(error.to_string())
}
