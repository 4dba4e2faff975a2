//! Before the curtain: an incident file, people with something lost, codes to give, everyone signed in.

use std::{fmt::Write, fs};

use makegood::{
    ambient::Ambient,
    store::{Db, Result, sql},
    transaction,
};
use sha2::{Digest, Sha256};
use tower_sessions::session::Id;

use super::{
    plan::{Plan, TOO_LATE},
    provider::Provider,
};
use crate::harness::{World, write};

/// Short, so that what a killed worker held is soon taken over; longer than the provider is ever slow.
const LEASE_MS: usize = 2_000;

/// The remedies with what they are worth, in cents.
pub const GIFT_CARD: (&str, i64) = ("gift-card", 10_000);
pub const FREE_MONTH: (&str, i64) = ("free-month", 2_000);

pub struct Stage {
    pub world: World,
    pub people: Vec<Person>,
    pub plan: Plan,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub account: String,
    /// The cookie's value, once signed in.
    pub session: String,
    /// How they want their gift card.
    pub way: &'static str,
}

pub async fn set(plan: &Plan, mut world: World, provider: &Provider) -> Stage {
    write(&world.path("incident.toml"), incident(plan.people));
    world.set("MAKEGOOD_INCIDENT", world.path("incident.toml").display().to_string());
    world.set("MAKEGOOD_TEST_LEASE_MS", LEASE_MS.to_string());
    provider.settings().into_iter().for_each(|(name, value)| world.set(name, value));
    if plan.forgets_to_ask {
        world.set("MAKEGOOD_TEST_FORGETS_TO_ASK", "1");
    }
    recovered(&world, plan.people);
    world.imported(&world.path("in"));
    codes(&world, plan.people);
    if plan.without_constraints {
        drop_constraints(&world.db().await).await;
    }
    let people = sign_in(&world.db().await, plan.people).await;
    Stage { world, people, plan: plan.clone() }
}

/// The demonstration's, with nothing to wait for, budgets for all but a few, and the provider that misbehaves.
fn incident(people: usize) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/incident.toml");
    let mut text = fs::read_to_string(path).unwrap();
    let budget = |(_, worth): (&str, i64)| format!("budget = {} #", worth * (people - TOO_LATE) as i64);
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
        Ok(())
    });
    dropped.unwrap();
}

/// Sessions as rows: signing in is tested elsewhere, and takes an SMS each.
async fn sign_in(db: &Db, people: usize) -> Vec<Person> {
    let now = Ambient::system().now();
    let rows: Vec<(String, String)> = sql("SELECT id, account FROM subscribers").all(db).await.unwrap();
    assert_eq!(rows.len(), people);
    let signed_in = transaction!(db, bulk |tx| -> Result<Vec<Person>> {
        let mut signed_in = Vec::new();
        for (n, (id, account)) in rows.iter().enumerate() {
            let session = Id(i128::from_be_bytes(Sha256::digest(id)[..16].try_into().unwrap())).to_string();
            let visit = serde_json::json!({ "who": { "subscriber": id }, "signed_in_at": now, "touched_at": now });
            sql("INSERT INTO sessions (id, subscriber_id, data, expires_at) VALUES ($1, $2, $3, $4)")
                .bind(Sha256::digest(&session).as_slice())
                .bind(id)
                .bind(serde_json::json!({ "visit": visit }).to_string())
                .bind(now + 30 * 60 * 1_000)
                .execute(&mut *tx)
                .await?;
            let way = if n % 3 == 2 { "site" } else { "email" };
            signed_in.push(Person { account: account.clone(), session, way });
        }
        Ok(signed_in)
    });
    signed_in.unwrap()
}
