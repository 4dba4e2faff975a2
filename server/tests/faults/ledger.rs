//! `makegood ledger` as finance's scripts call it: its output, and how it ends.

use std::time::Duration;

use makegood::{
    store::{Result, sql},
    transaction,
};
use serde_json::{Value, json};

use crate::{
    harness::{World, people, phone, until, write},
    on_both_engines,
};

/// Two people have claimed the month, which goes on their bill, and what was promised is sealed.
async fn claimed(world: &World) {
    let root = world.path("in");
    write(&root.join("subscribers.csv"), people("l-", 2));
    write(
        &root.join("inventory.csv"),
        "account,category,expected,as_of\nl-0,contacts,9,2009-10-01\nl-1,contacts,9,2009-10-01\n",
    );
    world.imported(&root);
    world.run(&["release", "contacts"]).code(0);
    let mut server = world.serve().await;
    for n in 0..2 {
        let browser = server.browser();
        browser.sign_in(world, &phone(n)).await;
        let page = browser.page("/remedies/free-month/check?delivery-free-month=bill").await;
        let terms = page.split("name=\"terms\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let fields = [("delivery-free-month", "bill"), ("terms", terms.expect("the version of the terms"))];
        let answer = browser.post("/remedies/free-month/claim", &fields).await;
        assert_eq!(answer.status(), 303);
    }
    let db = world.db().await;
    until("every posting's seal", Duration::from_secs(20), async || {
        let (sealed,): (i64,) = sql("SELECT COUNT(*) FROM ledger_seals").one(&db).await.unwrap();
        (sealed == 2).then_some(())
    })
    .await;
    db.close().await;
    server.terminate();
    server.ended().await;
}

/// Each line of standard output, an object of its own.
fn objects(world: &World, arguments: &[&str]) -> Vec<Value> {
    let ended = world.run(arguments);
    ended.code(0);
    ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

on_both_engines!(finance_proves_the_ledger_and_takes_it_out, |world| {
    claimed(world).await;
    let checked = world.run(&["ledger", "check", "--json"]);
    checked.code(0);
    let report = checked.json();
    assert_eq!((&report["sealed"], &report["unsealed"]), (&json!(2), &json!(0)));
    assert_eq!(report["findings"], json!([]));
    world.run(&["ledger", "check"]).code(0).said("2 postings are in the chain").said("It balances");

    let lines = objects(world, &["ledger", "export", "--json"]);
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line["account"].as_str().unwrap(), line["amount"].as_i64().unwrap()))
        .collect();
    assert_eq!(told, [("budget", -2_000), ("obligation", 2_000), ("budget", -2_000), ("obligation", 2_000)]);
    assert_eq!(lines[3]["hash"], report["head"], "it ends where the check says");
    let csv = world.run(&["ledger", "export"]);
    csv.code(0);
    let rows: Vec<&str> = csv.out.lines().collect();
    assert!(rows.len() == 5 && rows[0].starts_with("position,at,posting,kind"), "{}", csv.out);
    assert!(rows[4].ends_with(report["head"].as_str().unwrap()));

    let totals = objects(world, &["ledger", "totals", "--json"]);
    assert_eq!(json!(totals), report["totals"]);
    // Two claims around midnight lie on two days.
    let owed = totals.iter().filter(|total| total["account"] == "obligation");
    assert_eq!(owed.map(|total| total["amount"].as_i64().unwrap()).sum::<i64>(), 4_000);
    world.run(&["ledger", "totals"]).code(0).said("day,incident,remedy,account,currency,postings,amount\n");
});

on_both_engines!(a_ledger_that_does_not_hold_ends_the_command_with_one, |world| {
    claimed(world).await;
    let db = world.db().await;
    let ended = transaction!(&db, |tx| -> Result<u64> {
        sql("UPDATE grants SET ended_at = granted_at").execute(tx).await
    });
    assert_eq!(ended.unwrap(), 2);
    db.close().await;
    let checked = world.run(&["ledger", "check", "--json"]);
    checked.code(1).said("the ledger does not hold: 4 findings");
    let report: Value = serde_json::from_str(&checked.out).unwrap();
    let kinds =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["kind"].as_str().unwrap());
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        ["other-account", "other-account", "too-many-orders", "too-many-orders"]
    );
    world.run(&["ledger", "check"]).code(1).said("other-account: ");
    // What is taken out is what was promised, whatever the check says.
    assert_eq!(objects(world, &["ledger", "export", "--json"]).len(), 4);
});
