use http::StatusCode;

use crate::{
    ambient::{HOUR, MINUTE},
    incident::ProviderName,
    on_both,
    remedies::{
        automatic, ledger, payouts,
        tests::{affected, claim_by_form, claims_and_grants, count},
    },
    store::sql,
    web::testing::{Answer, Browser, TestPortal},
};

const LIVE: &str = "SELECT COUNT(*) FROM grants WHERE ended_at IS NULL";

/// Somebody who has claimed a gift card by e-mail a moment ago, and where the claim is.
async fn claimed(test: &TestPortal) -> (Browser, String) {
    let (_, mut browser) = affected(test).await;
    let made = claim_by_form(&mut browser, "gift-card").await.location().to_owned();
    (browser, made)
}

async fn post(browser: &mut Browser, path: &str) -> Answer {
    browser.post(path, &[]).await
}

on_both!(a_claim_says_until_when_it_can_be_changed, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let claim = claim_by_form(&mut browser, "gift-card").await.location().to_owned();
    let page = browser.get(&claim).await.text();
    assert!(page.contains("You can do so until 20 October 2009, 05:30 PDT, when the payout may start."));
    assert!(page.contains(&format!("href=\"{claim}/way\"")));
    assert!(page.contains(&format!("href=\"{claim}/withdraw\"")));
    assert!(page.contains("<dt>For</dt><dd>Ada Example</dd>"), "a receipt says whose it is");
    test.clock.advance(30 * MINUTE);
    let mut browser = test.signed_in(&person).await;
    let page = browser.get(&claim).await.text();
    assert!(page.contains("until the payout starts, which may be at any moment"));
});

on_both!(withdrawing_asks_first_and_frees_what_was_promised, |db| {
    let test = TestPortal::new(db);
    let (mut browser, claim) = claimed(&test).await;
    let withdraw = format!("{claim}/withdraw");
    let ask = browser.get(&withdraw).await.text();
    assert!(ask.contains("You get nothing for a claim that you withdraw. You can claim again"));
    assert_eq!(count(&test, LIVE).await, 1);
    let done = post(&mut browser, &withdraw).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, claim.as_str()));
    let page = browser.get(&claim).await.text();
    assert!(page.contains("<b>Withdrawn</b>") && page.contains("You took it back."));
    assert!(!page.contains("Your claim is made"), "it is not, any more");
    assert!(!page.contains(&withdraw));
    assert_eq!(count(&test, LIVE).await, 0);
    assert_eq!(post(&mut browser, &withdraw).await.location(), claim, "again is harmless");
    let told = "SELECT COUNT(*) FROM messages WHERE template = 'claim-withdrawn' AND channel = 'sms'";
    assert_eq!(count(&test, told).await, 1);
    let balance = "SELECT CAST(SUM(amount) AS BIGINT) FROM posting_lines WHERE account = 'obligation'";
    assert_eq!(count(&test, balance).await, 0);
    let db = test.portal.db().unwrap();
    while ledger::seal_for_test(db).await.unwrap() > 0 {}
    assert_eq!(ledger::check(db).await.unwrap().findings, []);
    // The remedy can be claimed anew, under another number.
    let anew = claim_by_form(&mut browser, "gift-card").await;
    assert_eq!(anew.status, StatusCode::SEE_OTHER);
    assert_ne!(anew.location(), claim);
    assert_eq!((claims_and_grants(&test).await, count(&test, LIVE).await), ((2, 2), 1));
});

on_both!(two_claims_that_race_a_withdrawal_leave_one_live_grant, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let claim = claim_by_form(&mut browser, "gift-card").await.location().to_owned();
    let (mut second, mut third) = (test.signed_in(&person).await, test.signed_in(&person).await);
    let terms = crate::remedies::terms::version(test.portal.incident.remedy("gift-card").into_iter());
    let form = [("terms", terms.as_str())];
    let path = format!("{claim}/withdraw");
    let (withdrawn, one, two) = futures::join!(
        browser.post(&path, &[]),
        second.post("/remedies/gift-card/claim", &form),
        third.post("/remedies/gift-card/claim", &form),
    );
    for answer in [&withdrawn, &one, &two] {
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    // Whoever came before the withdrawal was led to the claim that was there.
    let live = count(&test, LIVE).await;
    let anew = [one.location(), two.location()].iter().any(|location| *location != claim);
    assert_eq!(live, i64::from(anew));
    let doubled = "SELECT COUNT(*) FROM claims WHERE state = 'granted'";
    assert_eq!(count(&test, doubled).await, live);
});

on_both!(after_the_payout_started_it_is_too_late_and_said_so, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let claim = claim_by_form(&mut browser, "free-month").await.location().to_owned();
    test.clock.advance(30 * MINUTE);
    let provider = test.portal.providers.get(ProviderName::BillFile).unwrap();
    assert_eq!(payouts::work(&test.portal, provider).await.unwrap(), 1);
    let mut browser = test.signed_in(&person).await;
    for path in [format!("{claim}/withdraw"), format!("{claim}/way")] {
        let asked = browser.get(&path).await;
        assert_eq!(asked.status, StatusCode::CONFLICT, "{path}");
        assert!(asked.text().contains("the claim cannot be changed or withdrawn any more"), "{path}");
    }
    let late = post(&mut browser, &format!("{claim}/withdraw")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(!browser.get(&claim).await.text().contains("If you change your mind"));
    assert_eq!(count(&test, LIVE).await, 1);
    assert_eq!(count(&test, "SELECT COUNT(*) FROM messages WHERE template = 'claim-changed'").await, 0);
});

on_both!(another_way_is_asked_confirmed_and_told, |db| {
    let test = TestPortal::new(db);
    let (mut browser, claim) = claimed(&test).await;
    let question = browser.get(&format!("{claim}/way")).await.text();
    assert!(question.contains("value=\"email\" checked"));
    let none = browser.get(&format!("{claim}/way/check")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.get(&format!("{claim}/way/check?way=email")).await.location(), claim);
    let check = browser.get(&format!("{claim}/way/check?way=bill")).await.text();
    assert!(check.contains("By e-mail, a…@example.com") && check.contains("On your bill"));
    assert!(browser.get(&claim).await.text().contains("<dd>By e-mail"), "not before it is confirmed");
    let done = browser.post(&format!("{claim}/way"), &[("way", "bill")]).await;
    assert_eq!(done.location(), claim);
    let page = browser.get(&claim).await.text();
    assert!(page.contains("<dd>On your bill</dd>") && page.contains("Another way chosen"));
    let order = "SELECT COUNT(*) FROM payout_orders WHERE way = 'bill' AND provider = 'bill-file'";
    assert_eq!(count(&test, order).await, 1);
    let told = "SELECT COUNT(*) FROM messages WHERE template = 'claim-changed' AND channel = 'sms'";
    assert_eq!(count(&test, told).await, 1);
    let pigeon = browser.post(&format!("{claim}/way"), &[("way", "pigeon")]).await;
    assert_eq!(pigeon.status, StatusCode::BAD_REQUEST);
});

on_both!(to_the_post_and_away_from_it_the_address_comes_and_goes, |db| {
    let test = TestPortal::new(db);
    let (mut browser, claim) = claimed(&test).await;
    let kept = "SELECT COUNT(*) FROM claims WHERE address_sealed IS NOT NULL";
    let asked = browser.get(&format!("{claim}/way/check?way=post")).await;
    assert_eq!(asked.location(), format!("{claim}/address"));
    let direct = browser.post(&format!("{claim}/way"), &[("way", "post")]).await;
    assert_eq!(direct.location(), format!("{claim}/address"), "nobody said where");
    assert_eq!(count(&test, "SELECT COUNT(*) FROM payout_orders WHERE way = 'post'").await, 0);
    let mut fields = vec![("name", "Ada Example"), ("line1", "12 Example Street"), ("town", "Springfield")];
    let wrong = browser.post(&format!("{claim}/address"), &fields).await;
    assert!(wrong.text().contains("Enter the country"));
    fields.push(("country", "United States"));
    let typed = browser.post(&format!("{claim}/address"), &fields).await;
    assert_eq!(typed.location(), format!("{claim}/way/check?way=post"));
    assert!(browser.get(typed.location()).await.text().contains("12 Example Street"));
    browser.post(&format!("{claim}/way"), &[("way", "post")]).await;
    assert!(browser.get(&claim).await.text().contains("12 Example Street"));
    assert_eq!((count(&test, kept).await, count(&test, "SELECT COUNT(*) FROM claim_drafts").await), (1, 0));
    // Mending it begins with what was said.
    test.clock.advance(HOUR / 4);
    assert!(browser.get(&format!("{claim}/address")).await.text().contains("value=\"12 Example Street\""));
    browser.post(&format!("{claim}/way"), &[("way", "site")]).await;
    assert_eq!(count(&test, kept).await, 0);
});

on_both!(another_persons_claim_cannot_be_changed, |db| {
    let test = TestPortal::new(db);
    let (_, claim) = claimed(&test).await;
    let eve = test.subscriber("a-2", "+12125550102", "data-20").await;
    let mut eve = test.signed_in(&eve).await;
    for path in ["way", "way/check?way=bill", "address", "withdraw"] {
        assert_eq!(eve.get(&format!("{claim}/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["way", "address", "withdraw"] {
        assert_eq!(post(&mut eve, &format!("{claim}/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(count(&test, LIVE).await, 1);
});

on_both!(what_was_refused_can_be_tried_again_the_same_way, |db| {
    let test = TestPortal::new(db);
    let (person, mut browser) = affected(&test).await;
    let claim = claim_by_form(&mut browser, "free-month").await.location().to_owned();
    test.clock.advance(30 * MINUTE);
    let provider = test.portal.providers.get(ProviderName::BillFile).unwrap();
    payouts::work(&test.portal, provider).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let handed =
        payouts::hand_over(&test.portal, ProviderName::BillFile, folder.path(), payouts::Format::Csv, None)
            .await;
    assert_eq!(handed.unwrap().len(), 1);
    let (order,): (String,) =
        sql("SELECT id FROM payout_orders").one(test.portal.db().unwrap()).await.unwrap();
    let rejected = format!("order,status,note\n{order},rejected,account closed\n");
    payouts::acknowledge(&test.portal, rejected.as_bytes()).await.unwrap();

    let (mut browser, mut second) = (test.signed_in(&person).await, test.signed_in(&person).await);
    let way = format!("{claim}/way");
    let page = browser.get(&claim).await.text();
    assert!(page.contains("the same way or another") && page.contains(&format!("href=\"{way}\"")));
    assert!(browser.get(&way).await.text().contains("value=\"bill\" checked"));
    let check = browser.get(&format!("{way}/check?way=bill")).await;
    assert!(check.status == StatusCode::OK && check.text().contains("On your bill"));
    let orders = "SELECT COUNT(*) FROM payout_orders WHERE way = 'bill'";
    assert_eq!(count(&test, orders).await, 1, "not before it is confirmed");
    let form = [("way", "bill")];
    let (one, two) = futures::join!(browser.post(&way, &form), second.post(&way, &form));
    assert_eq!((one.location(), two.location()), (claim.as_str(), claim.as_str()));
    assert_eq!(browser.post(&way, &form).await.location(), claim, "again is harmless");
    assert_eq!(count(&test, orders).await, 2);
    assert_eq!(count(&test, "SELECT COUNT(*) FROM payout_orders WHERE state = 'waiting'").await, 1);
    assert!(!browser.get(&claim).await.text().contains(&format!("href=\"{way}\"")));
    let db = test.portal.db().unwrap();
    while ledger::seal_for_test(db).await.unwrap() > 0 {}
    assert_eq!(ledger::check(db).await.unwrap().findings, []);
});

/// Takes a claim back that was ordered again, and finds the ledger as it should be.
async fn withdraw_again(test: &TestPortal, browser: &mut Browser, claim: &str) {
    assert!(browser.get(claim).await.text().contains("/withdraw\""), "offered");
    assert_eq!(post(browser, &format!("{claim}/withdraw")).await.location(), claim);
    assert!(browser.get(claim).await.text().contains("<b>Withdrawn</b>"));
    assert_eq!(count(test, LIVE).await, 0);
    assert_eq!(payouts::tests::findings(test).await, Vec::<&str>::new());
}

on_both!(what_was_refused_can_be_withdrawn_once_it_is_ordered_again, |db| {
    let test = TestPortal::with_incident(db, &payouts::tests::elsewhere());
    let (person, mut browser) = affected(&test).await;
    let claim = claim_by_form(&mut browser, "gift-card").await.location().to_owned();
    test.clock.advance(30 * MINUTE);
    payouts::tests::refuse(&test).await;
    let mut browser = test.signed_in(&person).await;
    assert!(!browser.get(&claim).await.text().contains("/withdraw\""), "not while a person looks at it");
    assert_eq!(post(&mut browser, &format!("{claim}/withdraw")).await.status, StatusCode::CONFLICT);
    assert_eq!(browser.post(&format!("{claim}/way"), &[("way", "bill")]).await.location(), claim);
    withdraw_again(&test, &mut browser, &claim).await;
});

on_both!(what_came_back_can_be_withdrawn_once_it_is_ordered_again, |db| {
    let test = TestPortal::with_incident(db, &payouts::tests::elsewhere());
    let (person, mut browser) = affected(&test).await;
    let claim = claim_by_form(&mut browser, "gift-card").await.location().to_owned();
    test.clock.advance(30 * MINUTE);
    payouts::tests::come_back_and_order_again(&test, "bill").await;
    let mut browser = test.signed_in(&person).await;
    withdraw_again(&test, &mut browser, &claim).await;
});

on_both!(what_was_ordered_again_and_has_started_is_not_offered_to_be_withdrawn, |db| {
    let test = TestPortal::with_incident(db, &payouts::tests::elsewhere());
    let (person, mut browser) = affected(&test).await;
    let claim = claim_by_form(&mut browser, "gift-card").await.location().to_owned();
    test.clock.advance(30 * MINUTE);
    payouts::tests::come_back_and_order_again(&test, "bill").await;
    let provider = test.portal.providers.get(ProviderName::BillFile).unwrap();
    assert_eq!(payouts::work(&test.portal, provider).await.unwrap(), 1);
    let mut browser = test.signed_in(&person).await;
    assert!(!browser.get(&claim).await.text().contains("/withdraw\""));
    assert_eq!(post(&mut browser, &format!("{claim}/withdraw")).await.status, StatusCode::CONFLICT);
    assert_eq!(count(&test, LIVE).await, 1);
});

on_both!(two_claims_of_which_one_is_withdrawn_are_not_greeted_as_made, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    claim_by_form(&mut browser, "all").await;
    let claims = browser.get("/claims").await.text();
    assert!(claims.contains("Your claims are made"));
    let one = claims.split("href=\"").find(|part| part.starts_with("/claims/MG-")).unwrap();
    post(&mut browser, &format!("{}/withdraw", one.split('"').next().unwrap())).await;
    assert!(!browser.get("/claims").await.text().contains("Your claims are made"));
});

on_both!(whoever_withdrew_is_told_that_it_does_not_come_by_itself_any_more, |db| {
    let test = TestPortal::new(db);
    let (_, mut browser) = affected(&test).await;
    assert!(browser.get("/remedies").await.text().contains("you get it all the same"));
    let claim = claim_by_form(&mut browser, "free-month").await.location().to_owned();
    let withdraw = format!("{claim}/withdraw");
    assert!(browser.get(&withdraw).await.text().contains("to get it after all, claim it again"));
    post(&mut browser, &withdraw).await;
    for address in ["/remedies", "/remedies/free-month"] {
        let page = browser.get(address).await.text();
        assert!(page.contains("It does not come by itself any more"), "{page}");
        assert!(!page.contains("you get it all the same"), "{page}");
    }
    // The card comes to nobody by itself.
    let claim = claim_by_form(&mut browser, "gift-card").await.location().to_owned();
    assert!(!browser.get(&format!("{claim}/withdraw")).await.text().contains("claim it again"));
});

on_both!(what_came_unasked_can_be_sent_by_post_where_that_is_the_only_way, |db| {
    let by_post = include_str!("../../../../demo/incident.toml").replacen(
        "id = \"bill\"\nprovider = \"bill-file\"",
        "id = \"post\"\nprovider = \"post-file\"",
        1,
    );
    let test = TestPortal::with_incident(db, &by_post);
    let (_, mut browser) = affected(&test).await;
    let remedy = test.portal.incident.remedy("free-month").unwrap();
    let run = automatic::dry_run(&test.portal, remedy, "the operator", None, |_| ()).await.unwrap();
    crate::transaction!(test.portal.db().unwrap(), |tx| -> crate::store::Result<u64> {
        sql("UPDATE automatic_runs SET state = 'approved'").execute(tx).await
    })
    .unwrap();
    automatic::carry_out(&test.portal, &run.id, |_| ()).await.unwrap();
    let claims = browser.get("/claims").await.text();
    let claim = claims.split("href=\"").find(|part| part.starts_with("/claims/MG-")).unwrap();
    let claim = claim.split('"').next().unwrap();
    assert!(browser.get(claim).await.text().contains(&format!("href=\"{claim}/way\"")));
    let question = browser.get(&format!("{claim}/way")).await;
    assert!(question.status == StatusCode::OK && question.text().contains("value=\"post\""));
    let asked = browser.get(&format!("{claim}/way/check?way=post")).await;
    assert_eq!(asked.location(), format!("{claim}/address"));
    let address =
        [("name", "Ada"), ("line1", "12 Example Street"), ("town", "Springfield"), ("country", "US")];
    browser.post(&format!("{claim}/address"), &address).await;
    assert_eq!(browser.post(&format!("{claim}/way"), &[("way", "post")]).await.location(), claim);
    assert_eq!(count(&test, "SELECT COUNT(*) FROM payout_orders WHERE way = 'post'").await, 1);
    // And it is said that nobody claimed it.
    let offers = browser.get("/remedies").await.text();
    assert!(offers.contains("You got this without having to ask:"), "{offers}");
    assert!(!offers.contains("You have claimed this:"), "{offers}");
});
