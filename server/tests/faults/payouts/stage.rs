//! Before the curtain: an incident file, people with something lost, codes to give, everyone signed in.

use std::{fmt::Write, fs};

use makegood::{
    ambient::Ambient,
    store::{Db, Result, Tx, sql},
    transaction,
};
use sha2::{Digest, Sha256};
use tower_sessions::session::Id;

use super::{orders, plan::Plan, provider::Provider};
use crate::harness::{World, write};

/// Short, so that what a killed worker held is soon taken over; longer than the provider is ever slow.
pub const LEASE_MS: usize = 2_000;

/// Long enough for a server to be killed between most batches of the automatic run.
const BATCH_REST_MS: usize = 100;

/// The remedies with what they are worth, in cents.
pub const GIFT_CARD: (&str, i64) = ("gift-card", 10_000);
pub const FREE_MONTH: (&str, i64) = ("free-month", 2_000);

pub struct Stage {
    pub world: World,
    pub people: Vec<Person>,
    /// The cookies of two members of staff who approve automatic runs.
    pub staff: Vec<String>,
    pub plan: Plan,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub account: String,
    /// The cookie's value, once signed in.
    pub session: String,
    /// How they want their gift card.
    pub way: &'static str,
    pub month: Month,
    pub then: Then,
}

/// When somebody claims the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Month {
    Soon,
    /// While the automatic run is carried out.
    DuringTheRun,
    Never,
}

/// What somebody does with the claims that they have made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    Nothing,
    /// Takes the claim of a remedy back.
    Withdraws(&'static str),
    WithdrawsBoth,
    /// Has the gift card come otherwise.
    GoesAnotherWay,
}

pub async fn set(plan: &Plan, mut world: World, provider: &Provider) -> Stage {
    write(&world.path("incident.toml"), incident(plan));
    world.set("MAKEGOOD_INCIDENT", world.path("incident.toml").display().to_string());
    world.set("MAKEGOOD_TEST_LEASE_MS", LEASE_MS.to_string());
    provider.settings().into_iter().for_each(|(name, value)| world.set(name, value));
    // So few in a batch that a run has about a hundred.
    world.set("MAKEGOOD_TEST_BATCH", (plan.people / 100).max(1).to_string());
    world.set("MAKEGOOD_TEST_BATCH_REST_MS", BATCH_REST_MS.to_string());
    if plan.forgets_to_ask {
        world.set("MAKEGOOD_TEST_FORGETS_TO_ASK", "1");
    }
    if plan.forgets_to_look {
        world.set("MAKEGOOD_TEST_FORGETS_TO_LOOK", "1");
    }
    recovered(&world, plan.people);
    world.imported(&world.path("in"));
    codes(&world, plan.people);
    orders::hold_bills_up(&world);
    if plan.without_constraints {
        drop_constraints(&world.db().await).await;
    }
    let db = world.db().await;
    let people = sign_in(&db, plan).await;
    let staff = staff(&db).await;
    db.close().await;
    Stage { world, people, staff, plan: plan.clone() }
}

/// The demonstration's, with nothing to wait for, budgets as planned, and the provider that misbehaves.
fn incident(plan: &Plan) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/incident.toml");
    let mut text = fs::read_to_string(path).unwrap();
    let budget = |(id, worth): (&str, i64)| format!("budget = {} #", worth * plan.room(id) as i64);
    let changes = [
        ("budget = 1_600_000_000", budget(FREE_MONTH)),
        ("budget = 8_000_000_000", budget(GIFT_CARD)),
        ("id = \"email\"\nprovider = \"code-pool\"", "id = \"email\"\nprovider = \"tremendous\"".to_owned()),
    ];
    for (from, to) in changes {
        assert!(text.contains(from), "the demonstration's incident file has no {from:?} any more");
        text = text.replace(from, &to);
    }
    for provider in ["tremendous", "code-pool", "bill-file", "post-file"] {
        let line = format!("provider = \"{provider}\"\n");
        text = text.replace(&line, &format!("{line}change_for_minutes = 0\n"));
    }
    text
}

/// People in whose time zone it is noon, so that no message waits for the morning.
fn recovered(world: &World, people: usize) {
    let hour = Ambient::system().now() / 3_600_000 % 24;
    // The signs of these names are turned round: Etc/GMT+5 is five hours behind.
    let zone = format!("Etc/GMT{:+}", hour - 12);
    let mut rows = String::from("account,phone,name,email,locale,time_zone,plan\n");
    let mut inventory = String::from("account,category,expected,as_of\n");
    for n in 0..people {
        let _ = writeln!(
            rows,
            "f-{n},+1415{:07},Fay Example,f-{n}@example.com,en-US,{zone},data-20",
            2_000_000 + n
        );
        let _ = writeln!(inventory, "f-{n},contacts,10,2009-10-01");
    }
    write(&world.path("in/subscribers.csv"), rows);
    write(&world.path("in/inventory.csv"), inventory);
}

fn codes(world: &World, people: usize) {
    let mut rows = String::from("code\n");
    (0..people).for_each(|n| rows.push_str(&format!("FAULT-{n:08}\n")));
    write(&world.path("codes.csv"), rows);
    let path = world.path("codes.csv").display().to_string();
    world.run(&["payouts", "import-codes", &path, "--remedy", GIFT_CARD.0]).code(0);
}

/// What keeps a person to one live claim and one live grant of a remedy, whatever races.
async fn drop_constraints(db: &Db) {
    let dropped = transaction!(db, |tx| -> Result<()> {
        sql("DROP INDEX grants_live").execute(&mut *tx).await?;
        sql("DROP INDEX claims_live").execute(&mut *tx).await?;
        sql("DROP INDEX payout_orders_live").execute(&mut *tx).await?;
        Ok(())
    });
    dropped.unwrap();
}

/// A run of many minutes is over by then; a session that is used lasts as long.
const SIGNED_IN: i64 = 11 * 60 * 60 * 1_000;

/// Sessions as rows: signing in is tested elsewhere, and takes an SMS each.
async fn sign_in(db: &Db, plan: &Plan) -> Vec<Person> {
    let rows: Vec<(String, String)> =
        sql("SELECT id, account FROM subscribers ORDER BY id").all(db).await.unwrap();
    assert_eq!(rows.len(), plan.people);
    let signed_in = transaction!(db, bulk |tx| -> Result<Vec<Person>> {
        let mut signed_in = Vec::new();
        for (n, (id, account)) in rows.iter().enumerate() {
            let session = session(tx, "subscriber", id).await?;
            signed_in.push(Person {
                account: account.clone(),
                session,
                way: if n % 3 == 2 { "site" } else { "email" },
                month: month(plan, n),
                then: then(plan, n),
            });
        }
        Ok(signed_in)
    });
    signed_in.unwrap()
}

fn month(plan: &Plan, n: usize) -> Month {
    match n % 5 {
        _ if plan.kills_in_run.is_none() => Month::Soon,
        0 => Month::Never,
        1 => Month::DuringTheRun,
        _ => Month::Soon,
    }
}

fn then(plan: &Plan, n: usize) -> Then {
    match n % 7 {
        _ if !plan.second_thoughts => Then::Nothing,
        0 => Then::Withdraws(GIFT_CARD.0),
        1 => Then::Withdraws(FREE_MONTH.0),
        2 => Then::WithdrawsBoth,
        3 | 4 => Then::GoesAnotherWay,
        _ => Then::Nothing,
    }
}

/// Two members who may approve, signed in.
async fn staff(db: &Db) -> Vec<String> {
    let signed_in = transaction!(db, |tx| -> Result<Vec<String>> {
        let mut sessions = Vec::new();
        for name in ["ana", "ben"] {
            sql("INSERT INTO staff (id, email, name, role, password_hash, created_at)
                 VALUES ($1, $2, $1, 'finance', 'none', 0)")
            .bind(name)
            .bind(format!("{name}@example.com"))
            .execute(&mut *tx)
            .await?;
            sessions.push(session(tx, "staff", name).await?);
        }
        Ok(sessions)
    });
    signed_in.unwrap()
}

/// The value of a cookie by which `kind` of that id is signed in.
async fn session(tx: &mut Tx, kind: &str, id: &str) -> Result<String> {
    let now = Ambient::system().now();
    let session = Id(i128::from_be_bytes(Sha256::digest(id)[..16].try_into().unwrap())).to_string();
    let until = now + SIGNED_IN;
    let visit = serde_json::json!({ "who": { kind: id }, "signed_in_at": now, "touched_at": until });
    sql("INSERT INTO sessions (id, subscriber_id, staff_id, data, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(Sha256::digest(&session).as_slice())
        .bind((kind == "subscriber").then_some(id))
        .bind((kind == "staff").then_some(id))
        .bind(serde_json::json!({ "visit": visit }).to_string())
        .bind(until)
        .execute(tx)
        .await?;
    Ok(session)
}
