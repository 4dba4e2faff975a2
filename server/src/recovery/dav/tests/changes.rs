use super::*;
use crate::{on_both, recovery::dav::xml::CS};

async fn sync(phone: &mut Phone, token: &str, more: &str) -> Answer {
    let inside = format!(
        "<d:sync-token>{token}</d:sync-token><d:sync-level>1</d:sync-level>{more}<d:prop><d:getetag/></d:prop>"
    );
    phone.report(CONTACTS, "d:sync-collection", &inside).await
}

const ONE_MORE: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:bea\r\nFN:Bea Example\r\nEND:VCARD\r\n";

on_both!(a_second_look_brings_nothing_and_a_third_what_was_imported_between, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let first = sync(&mut scene.phone, "", "").await;
    assert_eq!(responses(&first).len(), 2);
    let token = token_of(&first);
    let second = sync(&mut scene.phone, &token, "").await;
    assert_eq!((responses(&second).len(), token_of(&second)), (0, token.clone()));
    scene.import("contacts/more.vcf", ONE_MORE).await;
    let third = sync(&mut scene.phone, &token, "").await;
    let told = responses(&third);
    assert_eq!(told.len(), 1);
    assert!(scene.phone.get(href_of(&told[0])).await.text().contains("FN:Bea Example"));
    // A newer version of a card that was there: the same address, another tag.
    let (before, tag) = (href_of(&told[0]).to_owned(), found(&told[0], DAV, "getetag").unwrap().text.clone());
    scene
        .import("contacts/more.vcf", &ONE_MORE.replace("FN:Bea", "REV:20091020T000000Z\r\nFN:Beatrix"))
        .await;
    let told = responses(&sync(&mut scene.phone, &token_of(&third), "").await);
    assert_eq!((told.len(), href_of(&told[0])), (1, before.as_str()));
    assert_ne!(found(&told[0], DAV, "getetag").unwrap().text, tag);
});

on_both!(the_collections_own_tag_and_token_move_with_its_members, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let tags = async |phone: &mut Phone| {
        let told = phone.find(CONTACTS, "0", "<cs:getctag/><d:sync-token/>").await;
        let (ctag, token) =
            (found(&told[0], CS, "getctag").unwrap(), found(&told[0], DAV, "sync-token").unwrap());
        assert_eq!(ctag.text, token.text);
        token.text.clone()
    };
    let before = tags(&mut scene.phone).await;
    assert_eq!(tags(&mut scene.phone).await, before);
    scene.import("contacts/more.vcf", ONE_MORE).await;
    let after = tags(&mut scene.phone).await;
    assert_ne!(after, before);
    // A token that a PROPFIND told is as good as one of a report.
    assert_eq!(responses(&sync(&mut scene.phone, &before, "").await).len(), 1);
});

on_both!(a_client_that_wants_few_gets_few_and_the_rest_after, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let limit = "<d:limit><d:nresults>1</d:nresults></d:limit>";
    let first = sync(&mut scene.phone, "", limit).await;
    let told = responses(&first);
    assert_eq!((told.len(), href_of(&told[1])), (2, CONTACTS));
    assert_eq!(told[1].child(DAV, "status").unwrap().text, "HTTP/1.1 507 Insufficient Storage");
    let second = sync(&mut scene.phone, &token_of(&first), limit).await;
    assert_eq!(responses(&second).len(), 1);
    assert_ne!(href_of(&responses(&second)[0]), href_of(&told[0]));
    assert_eq!(responses(&sync(&mut scene.phone, &token_of(&second), limit).await).len(), 0);
});

on_both!(a_client_that_takes_them_one_by_one_leaves_few_tokens_behind, |db| {
    let mut scene = scene(db).await;
    let card = |n: usize| ONE_MORE.replace("bea", &format!("bea-{n}"));
    scene.import("contacts/many.vcf", &(0..40).map(card).collect::<String>()).await;
    scene.open_all().await;
    let mut token = String::new();
    for _ in 0..42 {
        scene.test.clock.advance(1);
        let answer = sync(&mut scene.phone, &token, "<d:limit><d:nresults>1</d:nresults></d:limit>").await;
        token = token_of(&answer);
    }
    assert_eq!(responses(&sync(&mut scene.phone, &token, "").await).len(), 0);
    let (kept,): (i64,) = crate::store::sql("SELECT COUNT(*) FROM dav_states")
        .one(scene.test.portal.db().unwrap())
        .await
        .unwrap();
    assert_eq!(kept, 20);
});

on_both!(contacts_that_no_answer_holds_come_in_several, |db| {
    let mut scene = scene(db).await;
    let picture = "QUJD".repeat(1 << 18);
    let card = |n: usize| {
        ONE_MORE.replace("bea", &format!("bea-{n}")).replace("FN:", &format!("NOTE:{picture}\r\nFN:"))
    };
    for n in 0..17 {
        scene.import(&format!("contacts/{n}.vcf"), &card(n)).await;
    }
    scene.open_all().await;
    let whole = async |phone: &mut Phone, token: &str| {
        let inside = format!(
            "<d:sync-token>{token}</d:sync-token><d:sync-level>1</d:sync-level><d:prop><card:address-data/></d:prop>"
        );
        phone.report(CONTACTS, "d:sync-collection", &inside).await
    };
    let first = whole(&mut scene.phone, "").await;
    let told = responses(&first);
    assert_eq!(told.last().map(href_of), Some(CONTACTS));
    let second = responses(&whole(&mut scene.phone, &token_of(&first)).await);
    assert_eq!((told.len() - 1) + second.len(), 19);
    assert!(second.iter().all(|one| found(one, crate::recovery::dav::xml::CARD, "address-data").is_some()));

    let listed = scene.phone.find(CONTACTS, "1", "<d:getcontentlength/>").await;
    assert!(listed[1..].iter().all(|one| found(one, DAV, "getcontentlength").is_some()));
    let hrefs: String = listed[1..].iter().map(|one| format!("<d:href>{}</d:href>", href_of(one))).collect();
    let asked = format!("<d:prop><card:address-data/></d:prop>{hrefs}");
    let told = responses(&scene.phone.report(CONTACTS, "card:addressbook-multiget", &asked).await);
    let status = |one: &Element| one.child(DAV, "status").map(|status| status.text.clone());
    let beyond = told.iter().filter(|one| status(one).is_some_and(|text| text.contains("507"))).count();
    assert!(told.len() == 19 && beyond > 0 && beyond < 5, "{beyond}");
});

on_both!(what_is_gone_is_told_as_gone, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let first = sync(&mut scene.phone, "", "").await;
    let p = &scene.test.portal;
    crate::transaction!(p.db().unwrap(), |tx| -> crate::store::Result<()> {
        crate::store::sql("DELETE FROM items WHERE category = 'contacts' AND title = 'Ann Example'")
            .execute(tx)
            .await?;
        Ok(())
    })
    .unwrap();
    let told = responses(&sync(&mut scene.phone, &token_of(&first), "").await);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].child(DAV, "status").unwrap().text, "HTTP/1.1 404 Not Found");
});

on_both!(a_choice_about_duplicates_shapes_the_contacts_here_too, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let first = sync(&mut scene.phone, "", "").await;
    let p = &scene.test.portal;
    let (id, digest): (String, Vec<u8>) = crate::store::sql(
        "SELECT id, digest FROM items WHERE category = 'contacts' AND title = 'Ann Example'",
    )
    .one(p.db().unwrap())
    .await
    .unwrap();
    let version = hex::encode(digest);
    let owner = &scene.owner.id;
    crate::transaction!(p.db().unwrap(), |tx| -> crate::store::Result<()> {
        crate::store::sql("INSERT INTO duplicate_choices (id, subscriber_id, kind, fingerprint, chosen_at)
             VALUES ('c', $1, 'leave-out', 'f', 1)")
        .bind(owner)
        .execute(&mut *tx)
        .await?;
        crate::store::sql("INSERT INTO duplicate_choice_cards
             (choice_id, subscriber_id, card, version, part, fate, holds) VALUES ('c', $1, $2, $3, 0, 'left-out', 1)")
        .bind(owner)
        .bind(&id)
        .bind(&version)
        .execute(tx)
        .await?;
        Ok(())
    })
    .unwrap();
    let told = responses(&sync(&mut scene.phone, &token_of(&first), "").await);
    let gone = told.iter().find(|one| href_of(one).contains(&id)).unwrap();
    assert_eq!(gone.child(DAV, "status").unwrap().text, "HTTP/1.1 404 Not Found");
    let left = scene.phone.find(CONTACTS, "1", "<d:getetag/>").await;
    assert_eq!(left.len(), 2);
    assert!(scene.phone.get(href_of(&left[1])).await.text().contains("Müller;Jörg"));
    assert_eq!(scene.phone.get(href_of(gone)).await.status, 404);
});

on_both!(a_token_that_we_did_not_tell_this_person_is_refused_by_its_name, |db| {
    let mut scene = scene(db).await;
    scene.open_all().await;
    let mine = token_of(&sync(&mut scene.phone, "", "").await);
    let other = scene.test.subscriber("a-2", "+12125550102", "data-20").await;
    scene.test.holding(&other, Category::Contacts, 0, Some(3)).await;
    let mut others = Phone::of(&scene.test, &other).await;
    for (phone, token) in [(&mut scene.phone, "data:,nonsense"), (&mut others, mine.as_str())] {
        let answer = sync(phone, token, "").await;
        assert_eq!(answer.status, 403);
        assert!(xml::read(&answer.body).unwrap().child(DAV, "valid-sync-token").is_some());
    }
});
