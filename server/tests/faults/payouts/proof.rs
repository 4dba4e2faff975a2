//! What must hold in the end, from the rows, from what people were told, and from what the provider paid.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use makegood::{
    ambient::Ambient,
    store::{Db, Result, keyring::Keyring, keys::MasterKey, sql},
    transaction,
};

use super::{
    automatic::Ran,
    crowd::Acknowledged,
    kept, orders as carried_out,
    plan::Plan,
    provider::Provider,
    stage::{FREE_MONTH, GIFT_CARD, Stage},
};

/// What does not hold, a sentence each.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<String>);

impl Findings {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether something was found whose sentence has these words.
    pub fn tell_of(&self, words: &str) -> bool {
        self.0.iter().any(|finding| finding.contains(words))
    }

    pub fn add(&mut self, finding: impl Into<String>) {
        self.0.push(finding.into());
    }

    /// One finding for each row, of which at most ten are told.
    pub fn rows<T: fmt::Debug>(&mut self, what: &str, rows: &[T]) {
        if !rows.is_empty() {
            let told = &rows[..rows.len().min(10)];
            self.add(format!("{what}: {} of them, such as {told:?}", rows.len()));
        }
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|finding| writeln!(f, "- {finding}"))
    }
}

pub async fn look(
    plan: &Plan,
    stage: &Stage,
    acknowledged: &Acknowledged,
    provider: &Provider,
    ran: Option<&Ran>,
    unsettled: Vec<String>,
) -> Findings {
    let mut findings = Findings(unsettled);
    let db = stage.world.db().await;
    grants(&db, plan, &mut findings).await;
    claims(&db, acknowledged, &mut findings).await;
    orders(&db, &mut findings).await;
    payments(&db, provider, &mut findings).await;
    bills(&db, stage, &mut findings).await;
    codes(&db, stage, &mut findings).await;
    messages(&db, stage, &mut findings).await;
    kept::look(&db, plan, acknowledged, provider, ran, &mut findings).await;
    ledger(stage, &mut findings);
    seconds(&db, &mut findings).await;
    db.close().await;
    findings
}

/// Writes seconds of what there may be one of, when all else was looked at: the database is to refuse them.
async fn seconds(db: &Db, findings: &mut Findings) {
    let now = Ambient::system().id();
    let statements = [
        (
            "claim",
            "INSERT INTO claims (id, number, incident, subscriber_id, remedy, remedy_title, kind, amount, currency,
             delivery, delivery_words, terms_version, state, made_at, changed_at)
             SELECT $1, $1, incident, subscriber_id, remedy, remedy_title, kind, amount, currency,
             delivery, delivery_words, terms_version, state, made_at, changed_at FROM claims
             WHERE state IN ('granted', 'paying', 'paid') ORDER BY id LIMIT 1",
        ),
        (
            "grant",
            "INSERT INTO grants (id, claim_id, incident, subscriber_id, remedy, amount, currency, facts, granted_at)
             SELECT $1, claim_id, incident, subscriber_id, remedy, amount, currency, facts, granted_at FROM grants
             WHERE ended_at IS NULL ORDER BY id LIMIT 1",
        ),
        (
            "order",
            "INSERT INTO payout_orders (id, grant_id, claim_id, incident, subscriber_id, remedy, amount, currency, way,
             provider, state, due_at, created_at)
             SELECT $1, grant_id, claim_id, incident, subscriber_id, remedy, amount, currency, way,
             provider, state, due_at, created_at FROM payout_orders WHERE state = 'paid' ORDER BY id LIMIT 1",
        ),
    ];
    for (what, statement) in statements {
        let written = transaction!(db, |tx| -> Result<u64> { sql(statement).bind(&now).execute(tx).await });
        match written {
            Err(error) if error.is_unique_violation() => {}
            Ok(0) => findings.add(format!("there is no {what} at all")),
            other => findings.add(format!("the database let a second live {what} in ({other:?})")),
        }
    }
}

/// One live grant for each person and remedy, and as many as the budget has room for: fewer only where some took theirs
/// back.
async fn grants(db: &Db, plan: &Plan, findings: &mut Findings) {
    findings.rows("more than one live grant of a remedy for a person", &doubles(db).await);
    for (remedy, worth) in [GIFT_CARD, FREE_MONTH] {
        let (granted, amount): (i64, i64) = sql("SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT)
             FROM grants WHERE remedy = $1 AND ended_at IS NULL")
        .bind(remedy)
        .one(db)
        .await
        .unwrap();
        let (ended,): (i64,) = sql("SELECT COUNT(*) FROM grants WHERE remedy = $1 AND ended_at IS NOT NULL")
            .bind(remedy)
            .one(db)
            .await
            .unwrap();
        let room = plan.room(remedy) as i64;
        if granted > room || granted + ended < room || amount != granted * worth {
            findings.add(format!(
                "{granted} grants of {remedy}, {amount} cents, and {ended} that ended, where the budget has room for {room}"
            ));
        }
    }
}

async fn doubles(db: &Db) -> Vec<(String, String, i64)> {
    sql("SELECT subscriber_id, remedy, COUNT(*) FROM grants WHERE ended_at IS NULL
         GROUP BY incident, subscriber_id, remedy HAVING COUNT(*) > 1 ORDER BY subscriber_id, remedy")
    .all(db)
    .await
    .unwrap()
}

/// Every number that somebody read is a claim of theirs, and one person reads one number for a remedy.
async fn claims(db: &Db, acknowledged: &Acknowledged, findings: &mut Findings) {
    let rows: Vec<(String, String, String)> = sql("SELECT c.number, s.account, c.remedy FROM claims c
         JOIN subscribers s ON s.id = c.subscriber_id")
    .all(db)
    .await
    .unwrap();
    let known: BTreeSet<_> = rows.iter().map(|(n, a, r)| (n.as_str(), a.as_str(), r.as_str())).collect();
    let lost = acknowledged.numbers.iter();
    let lost: Vec<_> = lost
        .filter(|told| !known.contains(&(told.number.as_str(), told.account.as_str(), told.remedy)))
        .collect();
    findings.rows("acknowledged claims that are not there, or are another's", &lost);
    let mut numbers: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for told in &acknowledged.numbers {
        numbers.entry((&told.account, told.remedy)).or_default().insert(&told.number);
    }
    let several: Vec<_> = numbers.iter().filter(|(_, numbers)| numbers.len() > 1).collect();
    findings.rows("people who read several numbers for one remedy", &several);
    findings.rows("claims that were not answered as they should be", &acknowledged.strange);
}

/// Every live grant has one order that is paid: none is forgotten on its way, or left for a person who could decide.
async fn orders(db: &Db, findings: &mut Findings) {
    let rows: Vec<(String, i64, String)> = sql("SELECT g.id, COUNT(o.id),
         COALESCE((SELECT MIN(other.provider || ' ' || other.state || ': ' || other.note) FROM payout_orders other
             WHERE other.grant_id = g.id AND other.state <> 'paid'), '')
         FROM grants g LEFT JOIN payout_orders o ON o.grant_id = g.id AND o.state = 'paid'
         WHERE g.ended_at IS NULL GROUP BY g.id HAVING COUNT(o.id) <> 1 ORDER BY g.id")
    .all(db)
    .await
    .unwrap();
    findings.rows("live grants without one order that is paid", &rows);
}

/// The files for billing have each credit that is paid, once, with its person's account and its amount, and nothing else.
async fn bills(db: &Db, stage: &Stage, findings: &mut Findings) {
    let paid: Vec<(String, String, i64, String)> =
        sql("SELECT o.id, s.account, o.amount, o.currency FROM payout_orders o
         JOIN subscribers s ON s.id = o.subscriber_id WHERE o.provider = 'bill-file' AND o.state = 'paid'")
        .all(db)
        .await
        .unwrap();
    let mut paid: Vec<String> = paid
        .into_iter()
        .map(|(id, account, amount, currency)| format!("{id},{account},{amount},{currency}"))
        .collect();
    let handed = carried_out::handed(stage);
    let mut handed: Vec<String> =
        handed.iter().map(|line| line.splitn(5, ',').take(4).collect::<Vec<_>>().join(",")).collect();
    paid.sort_unstable();
    handed.sort_unstable();
    if paid.is_empty() {
        findings.add("no credit is paid at all");
    }
    let twice: Vec<_> = handed.windows(2).filter(|two| two[0] == two[1]).map(|two| &two[0]).collect();
    findings.rows("credits that were handed to billing more than once", &twice);
    let (paid, handed): (BTreeSet<_>, BTreeSet<_>) = (paid.iter().collect(), handed.iter().collect());
    findings.rows(
        "credits called paid that billing does not find",
        &paid.difference(&handed).collect::<Vec<_>>(),
    );
    findings.rows(
        "credits that billing finds and nobody calls paid",
        &handed.difference(&paid).collect::<Vec<_>>(),
    );
}

/// What we call paid the provider paid, once and in full; what it paid, we call paid.
async fn payments(db: &Db, provider: &Provider, findings: &mut Findings) {
    let rows: Vec<(String, String, Option<String>, i64)> =
        sql("SELECT id, state, reference, amount FROM payout_orders WHERE provider = 'tremendous'")
            .all(db)
            .await
            .unwrap();
    let orders: BTreeMap<_, _> =
        rows.iter().map(|(id, state, reference, amount)| (id.as_str(), (state, reference, amount))).collect();
    let paid = provider.paid();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &paid {
        *times.entry(&one.external_id).or_default() += 1;
        match orders.get(one.external_id.as_str()) {
            None => findings.add(format!("the provider paid {one:?}, of which no order tells")),
            Some((state, reference, amount)) => {
                let found = reference.as_deref() == Some(one.reference.as_str()) && state.as_str() == "paid";
                if **amount != one.amount || !found {
                    findings.add(format!(
                        "the provider paid {one:?}, and its order is {state} {reference:?}, {amount}"
                    ));
                }
            }
        }
    }
    let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
    findings.rows("orders that the provider paid more than once", &twice);
    let unpaid: Vec<_> = orders
        .iter()
        .filter(|(id, (state, ..))| state.as_str() == "paid" && !times.contains_key(*id))
        .collect();
    findings.rows("orders called paid that the provider never paid", &unpaid);
}

/// Every order that is paid by a code has one that opens, and no two have the same.
async fn codes(db: &Db, stage: &Stage, findings: &mut Findings) {
    let rows: Vec<(String, Option<Vec<u8>>, String)> = sql("SELECT c.id, c.sealed, o.state FROM gift_codes c
         JOIN payout_orders o ON o.id = c.order_id WHERE o.provider = 'code-pool' ORDER BY c.id")
    .all(db)
    .await
    .unwrap();
    let keyring = Keyring::new(MasterKey::read(&stage.world.path("data/master.key")).unwrap());
    assert!(keyring.check(db, &Ambient::system()).await.unwrap());
    let mut codes = BTreeSet::new();
    for (id, sealed, state) in &rows {
        let opened =
            keyring.root().open_small(&format!("gift-code:{id}"), sealed.as_deref().unwrap_or_default());
        match opened {
            Ok(code) if state == "paid" && codes.insert(code.clone()) => {}
            Ok(_) => findings.add(format!("code {id} is given twice, or its order is {state}")),
            Err(error) => findings.add(format!("code {id} does not open: {error}")),
        }
    }
    let (paid,): (i64,) =
        sql("SELECT COUNT(*) FROM payout_orders WHERE provider = 'code-pool' AND state = 'paid'")
            .one(db)
            .await
            .unwrap();
    if codes.len() as i64 != paid {
        findings.add(format!("{} codes are given, and {paid} orders are paid by one", codes.len()));
    }
}

/// Every grant is told of, and no message was given up. What has left stands in the file.
async fn messages(db: &Db, stage: &Stage, findings: &mut Findings) {
    let untold: Vec<(String, i64, i64)> = sql("SELECT subscriber_id, granted, told FROM (
             SELECT g.subscriber_id, COUNT(*) AS granted, (SELECT COUNT(*) FROM messages m
                 WHERE m.subscriber_id = g.subscriber_id AND m.channel = 'sms'
                 AND m.template IN ('claim-granted', 'claim-approved', 'claim-has-room', 'granted-automatically')) AS told
             FROM grants g GROUP BY g.subscriber_id) AS people
         WHERE granted > told")
    .all(db)
    .await
    .unwrap();
    findings.rows("people with more grants than messages that tell of one", &untold);
    let failed: Vec<(String, Option<String>)> =
        sql("SELECT template, failure FROM messages WHERE failure IS NOT NULL").all(db).await.unwrap();
    findings.rows("messages that were given up", &failed);
    let file = std::fs::read_to_string(stage.world.path("data/messages.jsonl")).unwrap_or_default();
    let sent: Vec<(String,)> =
        sql("SELECT id FROM messages WHERE sent_at IS NOT NULL AND channel <> 'nobody'")
            .all(db)
            .await
            .unwrap();
    let missing: Vec<_> = sent.iter().filter(|(id,)| !file.contains(id.as_str())).collect();
    findings.rows("messages called sent that are not in the file", &missing);
}

fn ledger(stage: &Stage, findings: &mut Findings) {
    let checked = stage.world.run(&["ledger", "check", "--json"]);
    let report = checked.json();
    for finding in report["findings"].as_array().into_iter().flatten() {
        findings.add(format!("the ledger: {finding}"));
    }
    if checked.code != Some(0) && report["findings"].as_array().is_none_or(Vec::is_empty) {
        findings.add(format!("the ledger could not be checked: {checked:?}"));
    }
}
