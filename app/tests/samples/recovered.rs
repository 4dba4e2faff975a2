//! What came back, in every state that it can be in.

use app::{
    Category::{self, *},
    CategoryState::{self, *},
    models::*,
};

use super::{Pages, support};

pub fn recovered(pages: &mut Pages) {
    let overview = Overview {
        affected: true,
        lines: lines(),
        as_of: "24 November 2026, 14:05 UTC".to_owned(),
        can_claim: true,
    };
    pages.subscriber("recovery", overview);
    pages.subscriber("unaffected", Overview::default());
    for (name, line, item) in [
        ("contacts", &lines()[0], contact()),
        ("calendar", &lines()[1], entry()),
        ("notes", &lines()[3], note()),
        ("photos", &lines()[4], photo()),
        ("purchases", &lines()[6], purchase()),
    ] {
        pages.subscriber(name, category(line.clone(), item));
    }
    pages.subscriber("archive", Archive { lines: lines(), bytes: Some(48_200_000) });
    pages.subscriber("account", account());
    let archive = "https://recovery.example.com/recovery/archive".to_owned();
    pages.subscriber("destinations", Destinations { archive: archive.clone() });
    for (name, to) in [
        ("to-iphone", Destination::IPhone),
        ("to-android", Destination::Android),
        ("to-outlook", Destination::Outlook),
        ("to-basic-phone", Destination::BasicPhone),
    ] {
        let server = "https://recovery.example.com".to_owned();
        pages.subscriber(name, DestinationPage { to, archive: archive.clone(), server });
    }
}

fn line(category: Category, state: CategoryState, found: i64, expected: Option<i64>) -> CategoryLine {
    CategoryLine {
        category,
        title: category.title().to_owned(),
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

pub fn lines() -> Vec<CategoryLine> {
    let verdict = Some("The disks that held these could not be read.".to_owned());
    vec![
        CategoryLine { quarantined: 2, ..line(Contacts, PartiallyRestored, 64, Some(300)) },
        line(Calendar, Restored, 41, Some(41)),
        CategoryLine { verdict, ..line(Tasks, Unrecoverable, 0, Some(12)) },
        line(Notes, Restored, 12, Some(10)),
        CategoryLine { damaged: 2, ..line(Photos, PartiallyRestored, 180, Some(220)) },
        line(HighScores, Awaiting, 0, Some(9)),
        CategoryLine {
            note: "Being checked against the orders.".to_owned(),
            ..line(Purchases, Validating, 7, None)
        },
    ]
}

pub fn category(line: CategoryLine, item: Details) -> CategoryPage {
    let thumbnail = matches!(item, Details::Photo(_)).then(|| Thumbnail {
        src: "icon.svg".to_owned(),
        width: 160,
        height: 160,
    });
    let item = |n: i64| Item {
        id: n.to_string(),
        details: item.clone(),
        older_versions: n % 3,
        thumbnail: thumbnail.clone().filter(|_| n != 2),
        href: if thumbnail.is_some() { format!("/recovery/photos/{n}") } else { String::new() },
    };
    let file = QuarantinedFile {
        path: "backup/old phone/cards (2).vcf".to_owned(),
        reason: "The file ends in the middle of its first card.".to_owned(),
        bytes: 1840,
        href: "/recovery/contacts/files/1".to_owned(),
    };
    let pager = Pager { first: 1, last: 7, total: 64, previous: None, next: Some("?page=2".to_owned()) };
    let quarantined = if line.quarantined > 0 { vec![file] } else { vec![] };
    let items = if line.released { (0..7).map(item).collect() } else { vec![] };
    CategoryPage { line, items, query: String::new(), pager, quarantined, support: support() }
}

pub fn contact() -> Details {
    Details::Contact(Contact {
        name: "Zoë Ångström".to_owned(),
        organization: "Northwind".to_owned(),
        role: "Buyer".to_owned(),
        phones: vec![
            ("cell".to_owned(), "+1 555 555 0123".to_owned()),
            (String::new(), "555-0188".to_owned()),
        ],
        emails: vec![(
            "work".to_owned(),
            "zoe.angstrom.of.the.purchasing.department@northwind.example.com".to_owned(),
        )],
        addresses: vec![("home".to_owned(), "12 Long Street, Springfield".to_owned())],
        ..Default::default()
    })
}

fn entry() -> Details {
    Details::Event(Entry {
        summary: "Dentist".to_owned(),
        starts: "15 Oct 2009, 14:00 (America/Los_Angeles)".to_owned(),
        ends: "15 Oct 2009, 15:00".to_owned(),
        location: "Main Street 4".to_owned(),
        repeats: "every year".to_owned(),
        status: "confirmed".to_owned(),
        ..Default::default()
    })
}

fn note() -> Details {
    Details::Note(Note { title: "Groceries".to_owned(), text: "milk\neggs\n  the good bread".to_owned() })
}

fn photo() -> Details {
    Details::Photo(Photo {
        name: "IMG_0042.JPG".to_owned(),
        media_type: "image/jpeg".to_owned(),
        width: Some(1600),
        height: Some(1200),
        taken: "2009-08-14 17:03".to_owned(),
        bytes: 482_000,
    })
}

fn purchase() -> Details {
    Details::Purchase(Purchase {
        product: "Ring tone".to_owned(),
        vendor: "Catalogue".to_owned(),
        price: "1.99 USD".to_owned(),
        bought: "3 May 2009".to_owned(),
        order: "77120".to_owned(),
    })
}

fn account() -> Account {
    Account {
        name: "Maria Jensen".to_owned(),
        phone: "…0142".to_owned(),
        email: "m…@example.com".to_owned(),
        plan: "data-20".to_owned(),
        sessions: vec![OpenSession {
            started: "today, 14:05 UTC".to_owned(),
            last_seen: "now".to_owned(),
            here: true,
        }],
        app_passwords: vec![AppPasswordLine {
            name: "My iPhone".to_owned(),
            user_name: "7k2p9-qx04m".to_owned(),
            made: "24 November 2026, 14:05 UTC".to_owned(),
            used: "never".to_owned(),
            end: "/account/app-passwords/1/end".to_owned(),
        }],
        sign_ins: vec![SignInRecord {
            at: "24 November 2026, 14:05 UTC".to_owned(),
            what: "Signed in".to_owned(),
        }],
    }
}
