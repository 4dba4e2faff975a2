//! Choices, on both engines.

use app::Category;

use super::super::{
    Chosen,
    choose::{All, Outcome, Wish, choose, choose_all, undo, undo_all},
    chosen, clean,
    findings::{Findings, findings},
    merge::Picks,
    phone::{self, KEPT, MOST_CARDS, MOST_PROPERTIES, Refused},
    store,
    units::{self, Opened},
    waiting,
};
use crate::{
    accounts::{Access, Subscriber},
    intake::Intake,
    on_both,
    portal::Portal,
    store::{Result, keyring::Keyring, keys::MasterKey, sql},
    transaction,
    web::testing::TestPortal,
};

/// A card of 3.0 from its lines.
pub fn card(lines: &str) -> String {
    format!("BEGIN:VCARD\nVERSION:3.0\n{lines}\nEND:VCARD\n")
}

/// Imports contacts for the account `a-1` under a file name of their own, and opens them to everyone.
pub async fn import(test: &TestPortal, name: &str, cards: &str) {
    let root = test.folder.path().join(format!("in-{name}"));
    let folder = root.join("data/a-1/contacts");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.vcf")), cards).unwrap();
    let p = &test.portal;
    let keyring = Keyring::new(MasterKey::from_bytes([7; 32]));
    let intake = Intake::new(p.db().unwrap().clone(), p.blobs.clone(), keyring, p.ambient.clone());
    test.clock.advance(1_000);
    intake.import(&root, &mut |_| {}).await.1.unwrap();
    let everyone = crate::recovery::Cohort::Everyone;
    crate::recovery::release(p.db().unwrap(), &p.ambient, Category::Contacts, everyone, "test")
        .await
        .unwrap();
}

async fn somebody(test: &TestPortal) -> Subscriber {
    Subscriber::for_test(test.subscriber("a-1", "+12125550101", "data-20").await)
}

fn john() -> String {
    card("N:Doe;John;;;\nFN:John Doe\nTEL;TYPE=CELL:(206) 555-0123\nUID:j1")
        + &card("FN:Doe, John\nTEL:+1 206 555 0123\nEMAIL:john@example.com\nUID:j2")
        + &card("FN:Ann Li\nTEL:+1 206 555 0188\nUID:a")
}

async fn found(portal: &Portal, access: Access<'_>) -> Findings {
    findings(portal, access).await.unwrap().unwrap()
}

/// The only group, opened.
async fn opened(portal: &Portal, access: Access<'_>) -> Opened {
    let found = found(portal, access).await;
    assert_eq!(found.groups.len(), 1, "{:?}", found.groups);
    units::open(portal, access, &found.groups[0], found.phone.as_ref()).await.unwrap().unwrap()
}

fn merge_all(opened: &Opened) -> Wish {
    Wish::Merge { units: (0..opened.units.len()).collect(), picks: Picks::new() }
}

async fn wish(portal: &Portal, access: Access<'_>, wish: impl Fn(&Opened) -> Wish) -> String {
    let opened = opened(portal, access).await;
    match choose(portal, access, &opened, &wish(&opened), &opened.basis).await.unwrap() {
        Outcome::Chosen(id) => id,
        other => panic!("{other:?}"),
    }
}

async fn taken(portal: &Portal, access: Access<'_>) -> Chosen {
    let key = portal.data_key(access.id()).await.unwrap();
    chosen(portal.db().unwrap(), key.as_ref(), access).await.unwrap()
}

async fn names(portal: &Portal, access: Access<'_>) -> Vec<String> {
    taken(portal, access).await.contacts.into_iter().map(|contact| contact.title).collect()
}

async fn clock(portal: &Portal, access: Access<'_>) -> i64 {
    store::clock(portal.db().unwrap(), access.id()).await.unwrap().unwrap()
}

on_both!(a_merge_is_one_contact_and_undoing_it_gives_both_back, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    import(&test, "all", &john()).await;
    assert_eq!(waiting(portal, me.own()).await.unwrap().contacts, 2);
    let before = clock(portal, me.own()).await;
    let id = wish(portal, me.own(), merge_all).await;
    let now = taken(portal, me.own()).await;
    assert_eq!(now.contacts.iter().map(|c| c.title.as_str()).collect::<Vec<_>>(), ["Ann Li", "John Doe"]);
    assert_eq!((now.merged, now.merged_into, now.left_out), (2, 1, 0));
    assert!(now.contacts[1].body.contains("john@example.com"));
    assert_eq!(now.contacts[1].contact.phones.len(), 1, "the same number once");
    assert!(clock(portal, me.own()).await > before, "a new edition is offered");
    assert_eq!(waiting(portal, me.own()).await.unwrap().groups, 0);
    let (items,): (i64,) = sql("SELECT items FROM holdings").one(portal.db().unwrap()).await.unwrap();
    assert_eq!(items, 3, "the recovered count is what it was");
    assert!(undo(portal, me.own(), &id).await.unwrap());
    assert!(!undo(portal, me.own(), &id).await.unwrap());
    assert_eq!(names(portal, me.own()).await, ["Ann Li", "Doe, John", "John Doe"]);
    assert_eq!(waiting(portal, me.own()).await.unwrap().groups, 1);
});

on_both!(the_same_merge_gives_the_same_bytes_again, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    import(&test, "all", &john()).await;
    let id = wish(portal, me.own(), merge_all).await;
    let first = taken(portal, me.own()).await;
    test.clock.advance(86_400_000);
    let later = taken(portal, me.own()).await;
    assert_eq!(first, later, "whenever it is asked for");
    undo(portal, me.own(), &id).await.unwrap();
    wish(portal, me.own(), merge_all).await;
    let again = taken(portal, me.own()).await;
    let uid = |body: &str| body.lines().find(|line| line.starts_with("UID:")).unwrap().to_owned();
    assert_eq!(uid(&first.contacts[1].body), uid(&again.contacts[1].body));
});

on_both!(a_choice_sent_twice_is_one_and_an_old_form_changes_nothing, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    import(&test, "all", &john()).await;
    let drawn = opened(portal, me.own()).await;
    let wish = merge_all(&drawn);
    let first = choose(portal, me.own(), &drawn, &wish, &drawn.basis).await.unwrap();
    let again = opened(portal, me.own()).await;
    let second = choose(portal, me.own(), &again, &wish, &drawn.basis).await.unwrap();
    assert_eq!(first, second);
    let other = choose(portal, me.own(), &again, &Wish::KeepAll, &drawn.basis).await.unwrap();
    assert_eq!(other, Outcome::Changed);
    assert_eq!(names(portal, me.own()).await, ["Ann Li", "John Doe"]);
    let acts: Vec<(String,)> = sql("SELECT act FROM duplicate_acts").all(portal.db().unwrap()).await.unwrap();
    assert_eq!(acts, [("chosen".to_owned(),)]);
});

on_both!(two_tabs_at_once_make_one_choice, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    import(&test, "all", &john()).await;
    let drawn = opened(portal, me.own()).await;
    let wishes = [merge_all(&drawn), Wish::KeepAll, Wish::KeepOne(0), Wish::KeepOne(1), merge_all(&drawn)];
    let tabs = wishes.into_iter().map(|wish| {
        let (portal, me, drawn) = (portal.clone(), me.clone(), drawn.clone());
        tokio::spawn(async move { choose(&portal, me.own(), &drawn, &wish, &drawn.basis).await.unwrap() })
    });
    let ended: Vec<Outcome> =
        futures::future::join_all(tabs).await.into_iter().map(|tab| tab.unwrap()).collect();
    let chosen: std::collections::HashSet<_> =
        ended.iter().filter(|outcome| **outcome != Outcome::Changed).collect();
    assert_eq!(chosen.len(), 1, "{ended:?}");
    assert_eq!(store::count_choices(portal.db().unwrap(), me.own().id()).await.unwrap(), 1);
    let fates = store::fates(portal.db().unwrap(), me.own().id()).await.unwrap();
    assert_eq!(fates.len(), 2);
});

on_both!(keeping_one_leaves_the_other_out_and_keeping_both_leaves_both, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    import(&test, "all", &john()).await;
    let id = wish(portal, me.own(), |_| Wish::KeepOne(1)).await;
    let kept = taken(portal, me.own()).await;
    assert_eq!((kept.contacts.len(), kept.left_out), (2, 1));
    assert_eq!(
        kept.words().unwrap(),
        "1 recovered contact left out, as you chose; the originals are complete"
    );
    undo(portal, me.own(), &id).await.unwrap();
    wish(portal, me.own(), |_| Wish::KeepAll).await;
    assert_eq!(names(portal, me.own()).await.len(), 3);
    assert_eq!(waiting(portal, me.own()).await.unwrap().groups, 0, "it was chosen about");
});

on_both!(a_contact_that_comes_later_is_a_new_duplicate_and_the_choice_stays, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    import(&test, "all", &john()).await;
    let first = wish(portal, me.own(), merge_all).await;
    import(&test, "later", &card("FN:John Doe\nTEL:206-555-0123\nEMAIL:doe@example.org\nUID:j3")).await;
    assert_eq!(names(portal, me.own()).await, ["Ann Li", "John Doe", "John Doe"]);
    assert_eq!(waiting(portal, me.own()).await.unwrap().groups, 1);
    let group = opened(portal, me.own()).await;
    assert_eq!(group.units.len(), 2, "what was merged is one");
    assert!(group.units.iter().any(|unit| unit.cards.len() == 2));
    let second = wish(portal, me.own(), merge_all).await;
    let all = taken(portal, me.own()).await;
    assert_eq!((all.contacts.len(), all.merged, all.merged_into), (2, 3, 1));
    assert!(
        all.contacts[1].body.contains("john@example.com") && all.contacts[1].body.contains("doe@example.org")
    );
    undo(portal, me.own(), &second).await.unwrap();
    assert_eq!(
        names(portal, me.own()).await,
        ["Ann Li", "John Doe", "John Doe"],
        "the first choice holds again"
    );
    undo(portal, me.own(), &first).await.unwrap();
    assert_eq!(names(portal, me.own()).await.len(), 4);
});

on_both!(keeping_apart_what_was_merged_and_what_came_later_undoes_no_merge, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    import(&test, "all", &john()).await;
    wish(portal, me.own(), merge_all).await;
    import(&test, "later", &card("FN:John Doe\nTEL:206-555-0123\nUID:j3")).await;
    wish(portal, me.own(), |_| Wish::KeepAll).await;
    let all = taken(portal, me.own()).await;
    assert_eq!((all.contacts.len(), all.merged, all.merged_into), (3, 2, 1));
    assert_eq!(waiting(portal, me.own()).await.unwrap().groups, 0);
});

on_both!(a_newer_version_of_a_merged_contact_shows_beside_the_merge, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    import(&test, "all", &john()).await;
    wish(portal, me.own(), merge_all).await;
    import(&test, "newer", &card("FN:John Doe\nTEL:206-555-0123\nNOTE:moved\nUID:j1\nREV:20991231T000000Z"))
        .await;
    let all = taken(portal, me.own()).await;
    assert_eq!((all.contacts.len(), all.merged), (3, 1));
    assert_eq!(waiting(portal, me.own()).await.unwrap().groups, 1);
    // And when none of its cards is left, the merge is not written any more.
    import(
        &test,
        "newest",
        &card("FN:John Doe\nTEL:206-555-0123\nNOTE:moved too\nUID:j2\nREV:20991231T000000Z"),
    )
    .await;
    let all = taken(portal, me.own()).await;
    assert_eq!((all.contacts.len(), all.merged), (3, 0));
});

on_both!(an_import_between_drawing_and_choosing_is_noticed, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    import(&test, "all", &john()).await;
    let drawn = opened(portal, me.own()).await;
    import(&test, "newer", &card("FN:John Doe\nTEL:206-555-0123\nNOTE:new\nUID:j1\nREV:20991231T000000Z"))
        .await;
    let outcome = choose(portal, me.own(), &drawn, &merge_all(&drawn), &drawn.basis).await.unwrap();
    assert_eq!(outcome, Outcome::Changed);
});

on_both!(what_the_phone_has_can_stand_and_the_recovered_one_is_left_out, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    import(&test, "all", &john()).await;
    let file =
        card("FN:Ann Li\nTEL;TYPE=CELL:206 555 0188\nNOTE:newer") + &card("FN:Bo Ek\nTEL:206 555 0177");
    phone::keep(portal, me.own(), file.into_bytes()).await.unwrap().unwrap();
    let (sealed,): (Vec<u8>,) =
        sql("SELECT sealed FROM phone_cards LIMIT 1").one(portal.db().unwrap()).await.unwrap();
    assert!(!sealed.windows(3).any(|window| window == b"Ann"), "sealed");
    let found = found(portal, me.own()).await;
    assert_eq!(found.groups.len(), 2);
    let done = choose_all(portal, me.own(), All::KeepPhone).await.unwrap();
    assert_eq!(done, 1, "of the group that is on the phone");
    let kept = taken(portal, me.own()).await;
    assert_eq!((kept.contacts.len(), kept.left_out), (2, 1));
    assert!(
        !kept.contacts.iter().any(|contact| contact.title == "Bo Ek"),
        "the phone's alone is not given back"
    );
    // The choice stays when the file goes.
    assert!(phone::forget(portal, me.own()).await.unwrap());
    let kept = taken(portal, me.own()).await;
    assert_eq!(kept.left_out, 1);
});

on_both!(the_phones_file_goes_when_its_time_is_over, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    import(&test, "all", &john()).await;
    phone::keep(portal, me.own(), card("FN:Ann Li\nTEL:206 555 0188").into_bytes()).await.unwrap().unwrap();
    assert_eq!(found(portal, me.own()).await.groups.len(), 2);
    test.clock.advance(KEPT);
    assert_eq!(found(portal, me.own()).await.groups.len(), 1);
    let now = portal.ambient.now();
    transaction!(portal.db().unwrap(), |tx| -> Result<()> { clean(tx, now).await }).unwrap();
    let (left,): (i64,) = sql("SELECT COUNT(*) FROM phone_cards").one(portal.db().unwrap()).await.unwrap();
    assert_eq!(left, 0);
});

on_both!(a_file_that_cannot_be_taken_says_why, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    let kept = phone::keep(portal, me.own(), b"<html>".to_vec()).await.unwrap();
    assert!(matches!(kept, Err(Refused::Unreadable(_))), "{kept:?}");
    let many: String = (0..=MOST_CARDS).map(|n| format!("BEGIN:VCARD\nFN:P {n}\nEND:VCARD\n")).collect();
    let kept = phone::keep(portal, me.own(), many.into_bytes()).await.unwrap();
    assert_eq!(kept, Err(Refused::TooMany(MOST_CARDS + 1)));
    // VERSION and FN count too.
    let with = |numbers: usize| card("FN:Ann Li") + &card(&format!("FN:Bo Ek{}", "\nTEL:1".repeat(numbers)));
    let kept = phone::keep(portal, me.own(), with(MOST_PROPERTIES - 1).into_bytes()).await.unwrap();
    assert_eq!(kept, Err(Refused::TooFull("Bo Ek".to_owned(), MOST_PROPERTIES + 1)));
    assert!(phone::file(portal, me.own()).await.unwrap().is_none(), "nothing of it is kept");
    let kept = phone::keep(portal, me.own(), with(MOST_PROPERTIES - 2).into_bytes()).await.unwrap();
    assert_eq!(kept, Ok(()));
});

on_both!(all_certain_ones_at_once_and_all_undone, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    let doubled: String = (0..30)
        .map(|n| {
            card(&format!("FN:Given{n} Family\nTEL:+1 206 555 {n:04}\nUID:a{n}"))
                + &card(&format!("FN:Family, Given{n}\nTEL:206 555 {n:04}\nUID:b{n}"))
        })
        .collect();
    import(&test, "all", &doubled).await;
    assert_eq!(waiting(portal, me.own()).await.unwrap().groups, 30);
    assert_eq!(choose_all(portal, me.own(), All::Merge).await.unwrap(), 30);
    assert_eq!(choose_all(portal, me.own(), All::Merge).await.unwrap(), 0);
    assert_eq!(names(portal, me.own()).await.len(), 30);
    assert_eq!(undo_all(portal, me.own()).await.unwrap(), 30);
    assert_eq!(names(portal, me.own()).await.len(), 60);
    assert_eq!(waiting(portal, me.own()).await.unwrap().groups, 30);
});

on_both!(what_was_found_is_kept_until_the_contacts_change, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    import(&test, "all", &john()).await;
    waiting(portal, me.own()).await.unwrap();
    // Were it found anew, this would not be seen.
    transaction!(portal.db().unwrap(), |tx| -> Result<()> {
        sql("UPDATE duplicate_findings SET waiting_contacts = 77").execute(tx).await?;
        Ok(())
    })
    .unwrap();
    assert_eq!(waiting(portal, me.own()).await.unwrap().contacts, 77);
    import(&test, "later", &card("FN:Bo Ek\nTEL:1")).await;
    assert_eq!(waiting(portal, me.own()).await.unwrap().contacts, 2);
});

on_both!(what_is_anothers_is_not_chosen_about, |test| {
    let test = TestPortal::new(test);
    let (portal, me) = (&test.portal, somebody(&test).await);
    import(&test, "all", &john()).await;
    let id = wish(portal, me.own(), merge_all).await;
    let other = Subscriber::for_test(test.subscriber("a-2", "+12125550102", "data-20").await);
    assert!(!undo(portal, other.own(), &id).await.unwrap());
    assert_eq!(undo_all(portal, other.own()).await.unwrap(), 0);
    assert!(findings(portal, other.own()).await.unwrap().is_none());
    let group = found(portal, me.own()).await.groups.remove(0);
    assert!(units::open(portal, other.own(), &group, None).await.unwrap().is_none());
    assert_eq!(names(portal, me.own()).await.len(), 2);
});
