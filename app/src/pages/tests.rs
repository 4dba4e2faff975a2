//! What single pages must say.

use crate::{
    Category, CategoryState,
    models::*,
    render::{Page, render},
};

fn drawn(page: impl Page) -> String {
    render(&Frame::default(), page).html
}

fn line(found: i64, expected: Option<i64>, state: CategoryState) -> CategoryLine {
    CategoryLine {
        category: Category::Contacts,
        title: "Contacts".to_owned(),
        note: String::new(),
        state,
        found,
        expected,
        as_of: Some("1 October 2009".to_owned()),
        quarantined: 0,
        damaged: 0,
        released: state.is_open(),
        verdict: None,
    }
}

fn category(line: CategoryLine) -> CategoryPage {
    CategoryPage::new(line, Support::default())
}

fn claimable() -> Claimable {
    let delivery = Delivery { value: "email".to_owned(), label: "By e-mail".to_owned(), hint: String::new() };
    let offer = Offer { id: "gift-card".to_owned(), eligible: true, ..Default::default() };
    Claimable { offer, deliveries: vec![delivery], ..Default::default() }
}

#[test]
fn a_category_shows_its_name_then_its_count_then_its_state() {
    let lines = vec![line(8, Some(10), CategoryState::PartiallyRestored)];
    let html = drawn(Overview { affected: true, lines, ..Default::default() });
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("no {text:?} in {html}"));
    assert!(at(">Contacts</a>") < at("8 of 10 recovered"));
    assert!(at("8 of 10 recovered") < at("Partially restored"));
    assert!(html.contains("<progress aria-hidden=\"true\" value=\"8\" max=\"10\">"));
    assert!(html.contains("as of 1 October 2009"));
}

#[test]
fn without_an_inventory_no_bar_and_no_date_are_made_up() {
    let lines = vec![line(5, None, CategoryState::Restored)];
    let html = drawn(Overview { affected: true, lines, ..Default::default() });
    assert!(html.contains("5 recovered; how many there were is not known"));
    assert!(!html.contains("<progress") && !html.contains("1 October 2009"));
}

#[test]
fn somebody_unaffected_is_told_so_and_gets_no_script() {
    let document = render(&Frame::default(), Overview::default());
    assert!(document.html.contains("Nothing of yours was lost"));
    assert_eq!(document.nonce, None);
}

#[test]
fn what_is_missing_is_said_and_before_release_nothing_can_be_downloaded() {
    let html = drawn(category(line(8, Some(10), CategoryState::PartiallyRestored)));
    assert!(html.contains("2 contacts of yours have not come back."));
    assert!(html.contains("href=\"/recovery/contacts/download\""));
    assert!(html.contains("href=\"/recovery/archive/link?part=contacts\""));
    let html = drawn(category(line(8, Some(10), CategoryState::Validating)));
    assert!(!html.contains("/download"));
}

#[test]
fn a_search_that_finds_nothing_keeps_what_was_typed_as_text() {
    let query = "\"><script>alert(1)</script>".to_owned();
    let page = CategoryPage { query, ..category(line(8, Some(10), CategoryState::PartiallyRestored)) };
    let html = drawn(page);
    assert!(!html.contains("<script"));
    assert!(html.contains("value=\"&quot;&gt;&lt;script&gt;") || html.contains("value=\"&quot;><script>"));
    assert!(html.contains("Nothing matches"));
}

#[test]
fn a_wrong_number_comes_back_as_typed_with_a_linked_error() {
    let errors = vec![FieldError::new("phone", "Enter a phone number")];
    let html = drawn(PhoneForm { phone: "5\"5".to_owned(), errors, ..Default::default() });
    assert!(html.contains("<title>Error: Sign in"));
    assert!(html.contains("<a href=\"#phone\">Enter a phone number</a>"));
    assert!(html.contains("id=\"phone\"") && html.contains("value=\"5&quot;5\""));
    assert!(html.contains("aria-describedby=\"phone-hint phone-error\""));
}

#[test]
fn every_list_of_terms_says_that_claiming_limits_no_right() {
    let choose = Choose {
        slug: "gift-card".to_owned(),
        remedies: vec![claimable()],
        errors: vec![],
        special: vec![],
        support: Support::default(),
    };
    let check = Check { remedies: vec![claimable()], ..Default::default() };
    let claim = ClaimPage { remedy_id: "gift-card".to_owned(), ..Default::default() };
    for html in [drawn(choose), drawn(check), drawn(claim.clone())] {
        assert!(html.contains("Claiming does not limit any right you have, in or out of court"));
    }
    assert!(drawn(claim).contains("href=\"/remedies/gift-card\""));
}

#[test]
fn the_check_page_sends_what_was_chosen_and_which_text_was_read() {
    let page = Check {
        slug: "gift-card".to_owned(),
        remedies: vec![claimable()],
        address: vec![],
        terms_version: "abc".to_owned(),
        seen: vec![("seen-gift-card".to_owned(), "9a0b".to_owned())],
        errors: vec![],
    };
    let html = drawn(page);
    assert!(html.contains("<form method=\"post\" action=\"/remedies/gift-card/claim\">"));
    assert!(html.contains("name=\"delivery-gift-card\" value=\"email\""));
    assert!(html.contains("name=\"seen-gift-card\" value=\"9a0b\""));
    assert!(html.contains("name=\"terms\" value=\"abc\""));
}

#[test]
fn a_masked_caller_has_a_reason_to_give_and_a_typed_one_cannot_break_out() {
    let reason = "</textarea><script>alert(1)</script>".to_owned();
    let errors = vec![FieldError::new("reason", "Say why")];
    let html = drawn(Caller { account: "A-1".to_owned(), reason, errors, ..Default::default() });
    assert!(html.contains("action=\"/staff/subscribers/A-1/reveal\""));
    assert!(html.contains("name=\"reason\"") && !html.contains("<script"));
    assert_eq!(html.matches("</textarea>").count(), 1);
}

#[test]
fn damaged_photos_are_named_and_not_counted_among_those_that_nobody_knows() {
    let photos = |found, damaged| CategoryLine {
        category: Category::Photos,
        damaged,
        ..line(found, Some(24), CategoryState::PartiallyRestored)
    };
    let text = drawn(category(photos(22, 2)));
    assert!(text.contains("We have the records of 2 photos"));
    assert!(!text.contains("We do not know which"));
    assert!(
        drawn(category(photos(20, 2))).contains("2 photos of yours have not come back. We do not know which")
    );
}

#[test]
fn contacts_live_on_when_their_file_is_damaged() {
    let text = drawn(category(CategoryLine { damaged: 1, ..line(64, Some(64), CategoryState::Restored) }));
    assert!(
        text.contains("1 file that these came in is damaged in our storage. What was read from it is here.")
    );
}
