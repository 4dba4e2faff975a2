use app::models::{CategoryLine, Support, SupportWay};
use app::{Category, CategoryState};

use super::{Duplicates, Named, Readme, What};

fn line(category: Category, state: CategoryState, found: i64, expected: Option<i64>) -> CategoryLine {
    CategoryLine {
        category,
        title: category.title().into(),
        note: String::new(),
        state,
        found,
        expected,
        as_of: expected.map(|_| "1 October 2009".into()),
        quarantined: 0,
        damaged: 0,
        released: state.is_open(),
        verdict: None,
    }
}

fn lines() -> Vec<CategoryLine> {
    use CategoryState::*;
    vec![
        line(Category::Contacts, PartiallyRestored, 8, Some(10)),
        line(Category::Calendar, Restored, 12, Some(10)),
        line(Category::Notes, Restored, 3, None),
        line(Category::Photos, Validating, 4, Some(4)),
        CategoryLine {
            verdict: Some("The drive was <overwritten>".into()),
            ..line(Category::Purchases, Unrecoverable, 0, Some(2))
        },
    ]
}

fn files() -> Vec<Named> {
    let named = |path: &str, what| Named { path: path.into(), what };
    vec![
        named(
            "originals/quarantine/contacts/bad & worse.vcf",
            What::Quarantined { reason: "not a vCard".into() },
        ),
        named("notes/list.txt", What::Damaged),
        named("originals/contacts/all (2).vcf", What::EarlierVersion),
    ]
}

fn page(locale: &str) -> String {
    let ways = vec![SupportWay { how: "By phone: 555-0199".into(), hours: "Every day".into() }];
    Readme {
        incident: "Sidekick data outage",
        operator: "A & B",
        site: "https://recovery.example.com",
        notice: Some("Demonstration with invented people; nothing can be claimed here"),
        made_at: 1_256_047_500_000,
        locale,
        lines: &lines(),
        files: &files(),
        duplicates: Some(Duplicates { merged: 2, left_out: 1 }),
        support: &Support { ways },
    }
    .html()
}

fn section<'a>(page: &'a str, lang: &str) -> &'a str {
    let from = page.find(&format!("<section id=\"{lang}\"")).unwrap();
    let to = from + page[from..].find("</section>").unwrap();
    &page[from..to]
}

#[test]
fn the_page_in_english() {
    insta::assert_snapshot!(section(&page("en-US"), "en"));
}

#[test]
fn the_page_in_spanish() {
    insta::assert_snapshot!(section(&page("es-MX"), "es"));
}

#[test]
fn the_persons_own_language_stands_first() {
    let order =
        |page: &str| page.find("<section id=\"en\"").unwrap() < page.find("<section id=\"es\"").unwrap();
    assert!(order(&page("en-US")) && order(&page("")) && order(&page("é")));
    let spanish = page("es");
    assert!(!order(&spanish) && spanish.contains("<html lang=\"es\">"));
}

#[test]
fn nothing_breaks_out_of_the_page_and_nothing_is_fetched() {
    let page = page("en");
    assert!(
        !page.contains("<overwritten>") && page.contains("A &amp; B") && page.contains("bad &amp; worse")
    );
    for reference in ["=\"http", "src=", "url(", "@import", "<script", "<link"] {
        assert!(!page.contains(reference), "{reference}");
    }
}

#[test]
fn a_list_that_is_too_long_says_how_many_more() {
    let many: Vec<Named> =
        (0..1000).map(|n| Named { path: format!("{n}.vcf"), what: What::Damaged }).collect();
    let page = Readme {
        site: "https://recovery.example.com",
        incident: "i",
        operator: "o",
        notice: None,
        made_at: 0,
        locale: "en",
        lines: &[],
        files: &many,
        duplicates: None,
        support: &Support::default(),
    }
    .html();
    assert!(page.contains("and 800 more") && page.contains("y 800 más") && page.len() < 40_000);
}

/// Element by element, what is opened is closed, and headings go down one step at a time.
#[test]
fn the_page_is_well_formed() {
    let page = page("en");
    let (mut open, mut level) = (Vec::new(), 0);
    for tag in page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let name = tag.split(' ').next().unwrap();
        if let Some(closed) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{tag}");
        } else if !matches!(name, "!DOCTYPE" | "meta") {
            open.push(name);
        }
        if let Some(heading) = name.strip_prefix('h').and_then(|n| n.parse::<u8>().ok()) {
            assert!(heading <= level + 1, "{tag} after h{level}");
            level = heading;
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}
