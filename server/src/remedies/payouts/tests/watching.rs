//! What those are told who watch over payouts.

use super::*;

async fn progress(test: &TestPortal) -> control::Progress {
    let now = test.portal.ambient.now();
    control::progress(database(test), &test.portal.providers, now).await.unwrap().remove(0)
}

on_both!(what_was_ordered_again_or_given_up_waits_for_nobody, |db| {
    let test = ordered(db, 3).await;
    work(&test.portal, &Careless::in_mood(Mood::Refuses)).await.unwrap();
    assert_eq!(progress(&test).await.for_a_person, 3);
    let refused = orders(&test).await;
    let way = *test.portal.incident.remedy("gift-card").unwrap().way("bill").unwrap();
    let close = Decision::Close { reason: "Nobody can be reached".to_owned() };
    decide(&test.portal, &refused[0].id, &Decision::Again(way), "Grace").await.unwrap();
    decide(&test.portal, &refused[1].id, &close, "Grace").await.unwrap();
    let list = control::progress(database(&test), &test.portal.providers, NOW).await.unwrap();
    let waits: Vec<_> = list.iter().map(|one| (one.provider.as_str(), one.for_a_person)).collect();
    assert_eq!(waits, [("bill-file", 0), ("tremendous", 1)]);
    let counts = test.portal.payout_counts.read(database(&test), NOW).await.unwrap();
    let count = |state: &str| counts.by_state.iter().find(|count| count.state == state).unwrap().orders;
    assert_eq!(
        (count("refused"), counts.for_a_person("tremendous"), counts.for_a_person("bill-file")),
        (3, 1, 0)
    );
});

on_both!(no_end_is_expected_while_the_provider_takes_nothing, |db| {
    let test = ordered(db, 1).await;
    work(&test.portal, &Careless::in_mood(Mood::TakesNothing)).await.unwrap();
    let told = progress(&test).await;
    assert_eq!((told.paused, told.closed, told.expected_end), (false, true, None));
    assert_eq!(told.reason, "it has no money");
    test.clock.advance(5 * MINUTE);
    assert!(!progress(&test).await.closed);
});
