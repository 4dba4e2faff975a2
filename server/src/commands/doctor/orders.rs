//! Payout orders that wait for ever without anybody noticing: found from what waits, not from what the incident file names.

use std::collections::BTreeSet;

use super::finding::Finding;
use crate::{
    ambient::Millis,
    incident::{Incident, ProviderName, WayId},
    remedies::payouts::{
        self, Listed, Open, Providers, Unanswered,
        code_pool::{self, Stock},
        control::{self, Gate},
    },
    settings::Settings,
    store::{Db, Result},
};

/// Nothing before the migrations are done, which is another finding.
pub async fn all(settings: &Settings, incident: Option<&Incident>, db: &Db, now: Millis) -> Vec<Finding> {
    read(&Providers::of(settings), incident, db, now).await.unwrap_or_default()
}

async fn read(
    providers: &Providers,
    incident: Option<&Incident>,
    db: &Db,
    now: Millis,
) -> Result<Vec<Finding>> {
    let mut findings = codes(incident, &code_pool::stock(db, now).await?);
    let open = payouts::open(db).await?;
    findings.extend(open.iter().filter(|open| !providers.has(&open.provider)).map(orphaned));
    findings.extend(payouts::unanswered(db, now).await?.iter().map(unanswered));
    findings.extend(control::gates(db).await?.iter().filter_map(|gate| closed(gate, now)));
    if let Some(incident) = incident {
        findings.extend(
            payouts::other_currencies(db, incident)
                .await?
                .iter()
                .map(|wrong| Finding::broken("remedies", wrong.to_string(), payouts::MEND_CURRENCY)),
        );
        let listed = payouts::open_by_remedy(db, incident.id.as_str()).await?;
        findings.extend(listed.iter().filter_map(|listed| unlisted(incident, listed)));
        let chosen = payouts::chosen(db, incident.id.as_str()).await?;
        findings.extend(chosen.iter().filter_map(|chosen| wayless(incident, chosen)));
    }
    Ok(findings)
}

/// A finding for each worth of codes that somebody waits for or that is left, and for each remedy whose way they are.
fn codes(incident: Option<&Incident>, stock: &[Stock]) -> Vec<Finding> {
    let mut findings: Vec<_> =
        stock.iter().filter(|stock| stock.free + stock.waiting > 0).map(enough).collect();
    let left: BTreeSet<_> = stock
        .iter()
        .filter(|stock| stock.free + stock.waiting > 0)
        .map(|stock| stock.remedy.as_str())
        .collect();
    for remedy in incident.iter().flat_map(|incident| &incident.remedies) {
        let pooled = remedy.ways.iter().any(|way| way.provider == ProviderName::CodePool);
        if pooled && !left.contains(remedy.id.as_str()) {
            findings.push(Finding::warning("gift codes", format!("no codes of {} are left", remedy.id), BUY));
        }
    }
    findings
}

const BUY: &str = "buy codes and take them in with `makegood payouts import-codes`";

fn enough(stock: &Stock) -> Finding {
    let Stock { remedy, free, waiting, .. } = stock;
    let found =
        format!("{free} codes of {remedy} worth {} are left, {waiting} people wait for one", stock.worth());
    if free >= waiting {
        Finding::good("gift codes", found)
    } else {
        Finding::warning("gift codes", found, BUY)
    }
}

fn orphaned(open: &Open) -> Finding {
    Finding::broken(
        "payouts",
        format!("{} orders of {} are not over, and there is no account with it", open.orders, open.provider),
        "bring its settings back until they are over: nobody carries them out or asks after them",
    )
}

fn unlisted(incident: &Incident, listed: &Listed) -> Option<Finding> {
    let Listed { remedy, orders } = listed;
    incident.remedy(remedy).is_none().then(|| {
        Finding::warning(
            "payouts",
            format!(
                "{orders} orders of {remedy} are not over, and the incident file does not list it any more"
            ),
            "put it back until they are over: without it their people cannot choose another way",
        )
    })
}

fn closed(gate: &Gate, now: Millis) -> Option<Finding> {
    let why = gate.closed(now)?;
    Some(Finding::broken(
        "payouts",
        format!("{} takes nothing from us: {why}", gate.provider),
        "see \"Payouts by Tremendous and Stripe\" in docs/operating.md; they go on within five minutes of the mend",
    ))
}

fn wayless(incident: &Incident, chosen: &payouts::Chosen) -> Option<Finding> {
    let payouts::Chosen { remedy, way, claims } = chosen;
    let there = way == WayId::Site.slug() || incident.remedy(remedy)?.way(way).is_some();
    (!there).then(|| {
        Finding::warning(
            "claims",
            format!("{claims} claims of {remedy} wait and are to come by {way}, which is not a way of it any more"),
            "bring the way back into the incident file, or ask their people to choose another: they are not granted before",
        )
    })
}

fn unanswered(file: &Unanswered) -> Finding {
    let mend = match file.handed_at {
        Some(_) => {
            "ask whoever takes the files, and read what they answer with `makegood payouts acknowledge`"
        }
        None => "run `makegood payouts export` once a day",
    };
    Finding::warning("payout files", file.to_string(), mend)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ambient::{DAY, MINUTE},
        on_both,
        remedies::payouts::{
            testing_codes,
            tests::{claim, database, elsewhere},
            work,
        },
        store::sql,
        transaction,
        web::testing::TestPortal,
    };

    async fn found(test: &TestPortal) -> Vec<String> {
        let p = &test.portal;
        let found = read(&p.providers, Some(&p.incident), database(test), p.ambient.now()).await.unwrap();
        found.iter().map(Finding::to_string).collect()
    }

    on_both!(a_file_that_nobody_answers_is_found, |db| {
        let test = TestPortal::new(db);
        claim(&test, 0, "free-month").await;
        test.clock.advance(30 * MINUTE);
        work(&test.portal, test.portal.providers.get(ProviderName::BillFile).unwrap()).await.unwrap();
        assert_eq!(found(&test).await.len(), 1, "there are no codes");
        test.clock.advance(7 * DAY);
        let found = found(&test).await;
        assert!(found[1].starts_with("warning  payout files bill-file-2009-10-20-1: 1 orders"), "{found:?}");
    });

    on_both!(orders_that_nobody_carries_are_found_from_what_waits, |db| {
        let test = TestPortal::with_incident(db, &elsewhere());
        claim(&test, 0, "gift-card").await;
        let lost = found(&test).await;
        assert!(lost[1].starts_with("BROKEN   payouts     1 orders of tremendous are not over"), "{lost:?}");
        // The only way was one by e-mail, and this person has none: they wait for a code that no way names.
        let moved = transaction!(database(&test), |tx| -> Result<u64> {
            sql("UPDATE payout_orders SET provider = 'code-pool', way = 'site', remedy = 'free-month'")
                .execute(tx)
                .await
        });
        moved.unwrap();
        let short = found(&test).await;
        assert!(
            short[0]
                .starts_with("warning  gift codes  0 codes of free-month worth $100 are left, 1 people wait"),
            "{short:?}"
        );
    });

    on_both!(codes_of_another_worth_are_not_taken_for_those_that_are_waited_for, |db| {
        let test = TestPortal::new(db);
        claim(&test, 0, "gift-card").await;
        testing_codes(&test, "code\nAAAA-BBBB-0001\n", None).await.unwrap();
        let enough = found(&test).await;
        assert!(enough[0].starts_with("good     gift codes  1 codes of gift-card worth $100"), "{enough:?}");
        let changed = transaction!(database(&test), |tx| -> Result<u64> {
            sql("UPDATE gift_codes SET amount = 5000").execute(tx).await
        });
        changed.unwrap();
        let short = found(&test).await;
        assert!(
            short[0].starts_with("warning  gift codes  0 codes of gift-card worth $100 are left, 1 people"),
            "{short:?}"
        );
    });

    on_both!(a_remedy_that_is_not_listed_any_more_is_found_by_its_orders, |db| {
        let before = TestPortal::new(db);
        claim(&before, 0, "free-month").await;
        let demo = include_str!("../../../../demo/incident.toml");
        let test =
            TestPortal::with_incident(db, &demo.replace("id = \"free-month\"", "id = \"another-month\""));
        let found = found(&test).await;
        assert!(found.iter().any(|one| one.contains("1 orders of free-month are not over")), "{found:?}");
    });

    on_both!(a_remedy_whose_currency_was_changed_is_found, |db| {
        let before = TestPortal::new(db);
        claim(&before, 0, "free-month").await;
        let demo = include_str!("../../../../demo/incident.toml");
        let wrong =
            |found: Vec<String>| found.iter().any(|one| one.contains("is in EUR in the incident file"));
        assert!(!wrong(found(&before).await));
        let test = TestPortal::with_incident(db, &demo.replace("currency = \"USD\"", "currency = \"EUR\""));
        let found = payouts::other_currencies(database(&test), &test.portal.incident).await.unwrap();
        let told: Vec<_> = found.iter().map(|one| (one.remedy.as_str(), one.before.as_str())).collect();
        assert_eq!(told, [("free-month", "USD")], "nobody was given the other");
        assert!(wrong(super::tests::found(&test).await));
    });

    on_both!(a_provider_that_takes_nothing_is_found_with_what_it_says, |db| {
        let test = TestPortal::with_incident(db, &elsewhere());
        claim(&test, 0, "gift-card").await;
        control::ensure(database(&test), "tremendous").await.unwrap();
        let until = test.portal.ambient.now() + MINUTE;
        transaction!(database(&test), |tx| -> Result<()> {
            control::close_until(tx, "tremendous", until, "it has no money").await
        })
        .unwrap();
        let told =
            |found: &[String]| found.iter().any(|one| one.contains("takes nothing from us: it has no money"));
        assert!(told(&found(&test).await));
        test.clock.advance(MINUTE);
        assert!(!told(&found(&test).await), "it is tried again");
    });

    on_both!(claims_whose_way_was_dropped_are_found, |db| {
        let test = TestPortal::new(db);
        claim(&test, 0, "gift-card").await;
        let waits = transaction!(database(&test), |tx| -> Result<u64> {
            sql("UPDATE claims SET state = 'submitted', delivery = 'sms'").execute(tx).await
        });
        waits.unwrap();
        let found = found(&test).await;
        assert!(
            found.iter().any(|one| one.contains("1 claims of gift-card wait and are to come by sms")),
            "{found:?}"
        );
    });
}
