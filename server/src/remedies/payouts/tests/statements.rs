//! What a provider's statement says beside our ledger.

use super::*;
use crate::remedies::ledger::{Columns, Period, Reconciliation, Sign, reconcile};

fn columns() -> Columns {
    Columns {
        order: "external_id".to_owned(),
        amount: "amount".to_owned(),
        currency: None,
        minor_units: false,
        paid_with: None,
    }
}

async fn compared(test: &TestPortal, period: &Period, statement: &str) -> Reconciliation {
    reconcile(database(test), "tremendous", period, statement.as_bytes(), &columns()).await.unwrap()
}

on_both!(a_statement_is_compared_order_by_order, |db| {
    let test = ordered(db, 3).await;
    work(&test.portal, &Careless::default()).await.unwrap();
    let paid = orders(&test).await;
    let statement = format!(
        "External_ID,Amount,Currency\n{},100.00,USD\n{},\"1,000.00\",USD\nelsewhere,100.00,USD\n{},100.00,USD\n",
        paid[0].id, paid[1].id, paid[0].id
    );
    let columns = Columns { currency: Some("currency".to_owned()), ..columns() };
    let always = Period::default();
    let compare = async |statement: &str, columns: &Columns| {
        reconcile(database(&test), "tremendous", &always, statement.as_bytes(), columns).await
    };
    let found = compare(&statement, &columns).await.unwrap();
    assert_eq!((found.agreed, found.agreed_amount, found.differences), (1, 10_000, 4));
    assert_eq!((found.other_amount[0].ours, found.other_amount[0].theirs), (10_000, 100_000));
    assert_eq!((found.only_theirs[0].order.as_str(), found.only_theirs[0].line), ("elsewhere", Some(4)));
    assert_eq!((found.only_ours[0].order.as_str(), found.only_ours[0].line), (paid[2].id.as_str(), None));
    assert_eq!(found.twice[0].order, paid[0].id);
    for (wrong, says) in
        [("external_id\nx\n", "no column \"amount\""), ("external_id,amount\nx,much\n", "line 2")]
    {
        let columns = Columns { currency: None, ..columns.clone() };
        let refused = compare(wrong, &columns).await.unwrap_err();
        assert!(refused.to_string().contains(says), "{refused}");
    }
});

on_both!(what_was_taken_back_is_not_paid_twice_and_rows_without_our_id_are_each_their_own, |db| {
    let test = ordered(db, 4).await;
    work(&test.portal, &Careless::default()).await.unwrap();
    let paid = orders(&test).await;
    let back = [(paid[1].clone(), came_back(&paid[1]))];
    settle::all(&test.portal, "tremendous", &back, None).await.unwrap();
    // Stripe's sign: what went out stands with a minus.
    let statement = format!(
        "external_id,amount,currency\n{},-100.00,USD\n{},-100.00,USD\n{},100.00,USD\n{},-100.00,USD\n\
         {},100.00,USD\n{},-100.00,EUR\n,-5.00,USD\n,-6.00,USD\n",
        paid[0].id, paid[1].id, paid[1].id, paid[2].id, paid[2].id, paid[3].id
    );
    let columns =
        Columns { currency: Some("currency".to_owned()), paid_with: Some(Sign::Minus), ..columns() };
    let always = Period::default();
    let found =
        reconcile(database(&test), "tremendous", &always, statement.as_bytes(), &columns).await.unwrap();
    assert_eq!((found.agreed, found.agreed_reversed, found.twice.len()), (1, 1, 0), "{found:?}");
    let reversed: Vec<_> =
        found.reversed.iter().map(|one| (&one.order, one.state.as_str(), one.line)).collect();
    assert_eq!(reversed, [(&paid[2].id, "paid", 6)]);
    let other = &found.other_amount[0];
    assert_eq!((other.currency.as_str(), other.their_currency.as_str()), ("USD", "EUR"));
    let theirs: Vec<_> = found.only_theirs.iter().map(|one| (one.amount, one.line)).collect();
    assert_eq!(theirs, [(-500, Some(8)), (-600, Some(9))]);
    assert_eq!(found.differences, 4);
    // Taken back on a later statement than it was paid on.
    let later = format!(
        "external_id,amount,currency\n{},-100.00,USD\n{},-100.00,USD\n{},100.00,USD\n",
        paid[0].id, paid[3].id, paid[2].id
    );
    let found = reconcile(database(&test), "tremendous", &always, later.as_bytes(), &columns).await.unwrap();
    assert_eq!((found.agreed, found.reversed.len(), found.reversed[0].line), (2, 1, 4));
});

on_both!(what_was_taken_back_in_part_is_told_beside_what_was_paid, |db| {
    let test = ordered(db, 1).await;
    work(&test.portal, &Careless::default()).await.unwrap();
    let id = orders(&test).await[0].id.clone();
    let statement = format!(
        "external_id,amount,currency\n{id},100.00,usd\n{id},-30.00,usd\n{id},-5.00,Usd\n{id},5.00,USD\n"
    );
    let columns = Columns { currency: Some("currency".to_owned()), ..columns() };
    let always = Period::default();
    let found =
        reconcile(database(&test), "tremendous", &always, statement.as_bytes(), &columns).await.unwrap();
    assert_eq!((found.agreed, found.twice.len(), found.differences), (1, 0, 1), "{found:?}");
    let told = &found.reversed[0];
    assert_eq!((told.theirs, told.line, told.state.as_str()), (-3_000, 3, "paid"));
});

on_both!(which_sign_was_paid_out_is_the_providers_or_said_by_a_person, |db| {
    let test = ordered(db, 1).await;
    work(&test.portal, &Careless::default()).await.unwrap();
    let moved = transaction!(database(&test), |tx| -> Result<u64> {
        sql("UPDATE payout_orders SET provider = 'stripe'").execute(tx).await
    });
    moved.unwrap();
    let (id, always) = (orders(&test).await[0].id.clone(), Period::default());
    let compare = async |rows: &str, paid_with: Option<Sign>| {
        let columns = Columns { paid_with, ..columns() };
        let statement = format!("external_id,amount\n{rows}");
        reconcile(database(&test), "stripe", &always, statement.as_bytes(), &columns).await
    };
    let back = format!("{id},100.00\n");
    let refused = compare(&back, None).await.unwrap_err().to_string();
    assert!(refused.contains("taken back (plus)") && refused.contains("--paid-with minus"), "{refused}");
    let found = compare(&back, Some(Sign::Minus)).await.unwrap();
    assert_eq!((found.reversed.len(), found.differences), (1, 1), "its only row is a take-back: {found:?}");
    assert_eq!(compare(&back, Some(Sign::Plus)).await.unwrap().agreed, 1);
    // Where more was taken back than paid a person says so, and nothing is turned round.
    let mixed = format!("{id},-100.00\nelsewhere,20.00\nanother,20.00\n");
    assert!(compare(&mixed, None).await.is_err());
    let found = compare(&mixed, Some(Sign::Minus)).await.unwrap();
    assert_eq!((found.agreed, found.only_theirs.len(), found.differences), (1, 2, 2));
    assert_eq!(compare("", None).await.unwrap().only_ours.len(), 1, "nothing stands on it");
});

on_both!(a_statement_of_some_days_lacks_nothing_that_was_paid_on_others, |db| {
    let test = ordered(db, 2).await;
    work(&test.portal, &Careless::default()).await.unwrap();
    // Ten days later one of both has come back, and two more are paid.
    let early = orders(&test).await;
    test.clock.advance(10 * DAY);
    let back = [(early[1].clone(), came_back(&early[1]))];
    settle::all(&test.portal, "tremendous", &back, None).await.unwrap();
    for number in 2..4 {
        claim(&test, number, "gift-card").await;
    }
    test.clock.advance(30 * MINUTE);
    work(&test.portal, &Careless::default()).await.unwrap();
    let late = &orders(&test).await[2..];
    let zone = &test.portal.incident.time_zone;
    let day = |at| jiff::Timestamp::from_millisecond(at).unwrap().to_zoned(zone.clone()).date();
    let then = day(NOW);
    let since = day(NOW + DAY);
    let first_days = Period::of(None, Some(then), zone).unwrap();
    let last_days = Period::of(Some(since), None, zone).unwrap();

    let head = "external_id,amount\n";
    let of_early = format!("{head}{},100.00\n{},100.00\n", early[0].id, early[1].id);
    let found = compared(&test, &first_days, &of_early).await;
    assert_eq!((found.agreed, found.agreed_outside, found.differences), (2, 0, 0), "{found:?}");
    assert_eq!(compared(&test, &Period::default(), &of_early).await.only_ours.len(), 2);

    let of_late = format!("{head}{},100.00\n", late[0].id);
    let found = compared(&test, &last_days, &of_late).await;
    assert_eq!((found.agreed, found.differences), (1, 1), "what came back was paid before");
    assert_eq!(found.only_ours[0].order, late[1].id);

    // What the provider counts to other days than we do agrees all the same, unless its amount does not.
    let of_both = format!("{head}{},100.00\n{},100.00\n{},90.00\n", late[0].id, early[0].id, early[1].id);
    let found = compared(&test, &last_days, &of_both).await;
    assert_eq!((found.agreed, found.agreed_amount, found.agreed_outside), (2, 20_000, 1));
    assert_eq!((found.only_ours.len(), found.other_amount.len(), found.differences), (1, 1, 2));
    let told = serde_json::to_value(&found).unwrap();
    assert_eq!(told["from"], since.to_string());
    assert_eq!((told["to"].is_null(), &told["agreed_outside"]), (true, &1.into()));
});

on_both!(an_order_that_is_not_paid_yet_is_not_taken_for_one_that_nobody_knows, |db| {
    let test = ordered(db, 3).await;
    let all = orders(&test).await;
    let states = [("placed", &all[0]), ("unknown", &all[1]), ("stuck", &all[2])];
    for (state, order) in states {
        let id = order.id.clone();
        let become_it = transaction!(database(&test), |tx| -> Result<u64> {
            sql("UPDATE payout_orders SET state = $1 WHERE id = $2").bind(state).bind(&id).execute(tx).await
        });
        become_it.unwrap();
    }
    let statement = format!(
        "external_id,amount\n{},100.00\n{},90.00\nelsewhere,100.00\n{},100.00\n",
        all[2].id, all[1].id, all[0].id
    );
    let long_ago = Period::of(None, Some(jiff::civil::date(2000, 1, 1)), &jiff::tz::TimeZone::UTC).unwrap();
    for period in [Period::default(), long_ago] {
        let found = compared(&test, &period, &statement).await;
        let told: Vec<_> =
            found.not_paid.iter().map(|one| (one.state.as_str(), one.line, one.ours, one.theirs)).collect();
        let known =
            [("stuck", 2, 10_000, 10_000), ("unknown", 3, 10_000, 9_000), ("placed", 5, 10_000, 10_000)];
        assert_eq!(told, known);
        assert_eq!((found.only_theirs.len(), found.differences, found.agreed), (1, 4, 0));
        assert_eq!(found.only_theirs[0].order, "elsewhere");
    }
    let (always, columns) = (Period::default(), Columns { paid_with: Some(Sign::Plus), ..columns() });
    let of_stripe = reconcile(database(&test), "stripe", &always, statement.as_bytes(), &columns).await;
    assert_eq!(of_stripe.unwrap().only_theirs.len(), 4, "it has no such orders");
});
