use app::models::AddressLines;

use super::*;
use crate::{accounts::erasure, ambient::HOUR, on_both, store::sql, web::testing::TestPortal};

fn typed() -> AddressLines {
    AddressLines {
        name: " Ada  Example ".to_owned(),
        line1: "12 Example Street\r\nBcc: all".to_owned(),
        town: "Springfield".to_owned(),
        region: "OR".to_owned(),
        postcode: "97477".to_owned(),
        country: "United States".to_owned(),
        ..AddressLines::default()
    }
}

fn address() -> PostalAddress {
    PostalAddress::read(&typed()).unwrap()
}

#[test]
fn what_is_typed_becomes_lines_that_fit_a_letter() {
    assert_eq!(
        address().block(),
        ["Ada Example", "12 Example Street Bcc: all", "Springfield OR 97477", "United States"]
    );
    assert_eq!(PostalAddress::read(&address().typed()).unwrap(), address());
}

#[test]
fn what_no_letter_can_do_without_is_asked_for() {
    let errors = PostalAddress::read(&AddressLines::default()).unwrap_err();
    let fields: Vec<_> = errors.iter().map(|error| error.field).collect();
    assert_eq!(fields, ["name", "line1", "town", "country"]);
    let long = AddressLines { line2: "x".repeat(101), ..typed() };
    assert_eq!(PostalAddress::read(&long).unwrap_err()[0].field, "line2");
}

#[test]
fn nothing_of_it_is_written_to_a_log() {
    assert_eq!(format!("{:?}", address()), "PostalAddress(…)");
}

on_both!(a_draft_lies_sealed_for_an_hour, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", "+12125550101", "data-20").await;
    assert_eq!(draft(&test.portal, &person.id).await.unwrap(), None);
    keep(&test.portal, &person.id, &address()).await.unwrap();
    let (sealed,): (Vec<u8>,) =
        sql("SELECT address_sealed FROM claim_drafts").one(test.portal.db().unwrap()).await.unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("Example"));
    assert_eq!(draft(&test.portal, &person.id).await.unwrap(), Some(address()));
    let moved = PostalAddress { town: "Shelbyville".to_owned(), ..address() };
    keep(&test.portal, &person.id, &moved).await.unwrap();
    assert_eq!(draft(&test.portal, &person.id).await.unwrap(), Some(moved));
    test.clock.advance(HOUR);
    assert_eq!(draft(&test.portal, &person.id).await.unwrap(), None);
    crate::accounts::clean(&test.portal).await.unwrap();
    let (left,): (i64,) =
        sql("SELECT COUNT(*) FROM claim_drafts").one(test.portal.db().unwrap()).await.unwrap();
    assert_eq!(left, 0);
});

on_both!(a_draft_goes_with_its_person, |db| {
    let test = TestPortal::new(db);
    let person = test.subscriber("a-1", "+12125550101", "data-20").await;
    keep(&test.portal, &person.id, &address()).await.unwrap();
    let p = &test.portal;
    erasure::erase(p.db().unwrap(), &p.blobs, p.master(), &p.ambient, "a-1").await.unwrap().unwrap();
    assert_eq!(draft(p, &person.id).await.unwrap(), None);
    let (left,): (i64,) = sql("SELECT COUNT(*) FROM claim_drafts").one(p.db().unwrap()).await.unwrap();
    assert_eq!(left, 0);
});
