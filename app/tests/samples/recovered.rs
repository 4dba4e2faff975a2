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
    pages.subscriber("month", month());
    let picture = |small| Picture {
        src: "icon.svg".to_owned(),
        width: 160,
        height: 120,
        alt: "Picture of Zoë".to_owned(),
        small,
    };
    pages.subscriber("contact", item_page(Contacts, "Zoë Ångström", Some(picture(true))));
    pages.subscriber("photo", item_page(Photos, "IMG_0042.JPG", Some(picture(false))));
    pages.subscriber("note", item_page(Notes, "Groceries", None));
    pages.subscriber(
        "archive-first",
        Archive { lines: lines(), about: Some(48_200_000), ..Default::default() },
    );
    pages.subscriber("archive", archive());
    let link = LinkMade {
        address: "https://recovery.example.com/links/b2WQ0k3m9hYyT8wzr5vX1nLq4cJdS7aE/recovered-data.zip"
            .to_owned(),
        file_name: "recovered-data.zip".to_owned(),
        until: "25 November 2026, 14:05 UTC".to_owned(),
        edition: "24 November 2026, 14:05 UTC".to_owned(),
        bytes: 48_200_000,
        sha256: Some("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned()),
    };
    pages.subscriber("link-made", link);
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

fn archive() -> Archive {
    let edition = |made: &str, files, bytes| EditionLine {
        made: made.to_owned(),
        files,
        bytes,
        href: "/recovery/archive.zip?edition=01a20bce-0000-7000-8000-000000000000".to_owned(),
        link: "/recovery/archive/link?edition=01a20bce-0000-7000-8000-000000000000".to_owned(),
        kept_until: "24 December 2026".to_owned(),
    };
    Archive {
        lines: lines(),
        about: None,
        current: Some(edition("24 November 2026, 14:05 UTC", 412, 48_200_000)),
        damaged: true,
        news: vec![
            "Contacts: 2 more recovered, 1 more that could not be read".to_owned(),
            "Photos: open now, 180 recovered".to_owned(),
        ],
        duplicates: 12,
        earlier: vec![edition("12 November 2026, 08:30 UTC", 380, 31_000_000)],
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
    let base = format!("/recovery/{}", line.category);
    let item = |n: i64| Item {
        id: n.to_string(),
        details: item.clone(),
        older_versions: n % 3,
        thumbnail: thumbnail.clone().filter(|_| n != 2),
        href: format!("{base}/{n}"),
        damaged: n == 5,
    };
    let file = QuarantinedFile {
        path: "backup/old phone/cards (2).vcf".to_owned(),
        reason: "The file ends in the middle of its first card.".to_owned(),
        bytes: 1840,
        href: "/recovery/contacts/quarantine/1".to_owned(),
    };
    let heading = match line.category {
        Contacts => "A",
        Calendar => "Thursday, 15 October 2009",
        Photos | Purchases => "August 2009",
        _ => "",
    };
    let jump =
        |label: &str| Jump { label: label.to_owned(), href: format!("?from={label}"), here: label == "A" };
    let mut page = CategoryPage::new(line, support());
    if page.line.released {
        page.groups = vec![Group { heading: heading.to_owned(), items: (0..7).map(item).collect() }];
        page.jumps = ["#", "A", "B"].map(jump).to_vec();
        page.views = ["As a list", "By month"].map(jump).to_vec();
        page.remarks =
            vec!["The list opens at 1 October 2009. What was before is under Previous.".to_owned()];
    }
    page.pager = Pager { first: 1, last: 7, total: 64, previous: None, next: Some("?after=7".to_owned()) };
    page.quarantined = if page.line.quarantined > 0 { vec![file] } else { vec![] };
    page
}

/// A calendar's month in which one day is full.
fn month() -> CategoryPage {
    let entry = |n: i64| DayEntry {
        time: if n == 0 { String::new() } else { format!("{:02}:00", 8 + n) },
        title: "Dentist with a long name that goes on".to_owned(),
        href: format!("/recovery/calendar/{n}"),
    };
    let day = |n: i8| Day {
        number: n,
        title: format!("Thursday, {n} October"),
        inside: n > 3,
        entries: (0..if n == 15 { 12 } else { i64::from(n % 5 == 0) }).map(entry).collect(),
    };
    let jump =
        |label: &str| Some(Jump { label: label.to_owned(), href: "?month=2009-09".to_owned(), here: false });
    let mut page = CategoryPage::new(lines()[1].clone(), support());
    page.month = Some(Month {
        title: "October 2009".to_owned(),
        zone: "America/Los_Angeles".to_owned(),
        weekdays: vec!["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
        weeks: (0..4).map(|week| (1..=7).map(|n| day(week * 7 + n)).collect()).collect(),
        previous: jump("September 2009"),
        next: jump("November 2009"),
        left_out: String::new(),
    });
    page
}

/// The page of one item: a contact with everything, or a picture.
fn item_page(category: Category, title: &str, picture: Option<Picture>) -> ItemPage {
    let base = format!("/recovery/{category}");
    ItemPage {
        category,
        category_title: category.title().to_owned(),
        back: base.clone(),
        title: title.to_owned(),
        lead: "Buyer, Northwind".to_owned(),
        picture,
        facts: vec![
            Detail { href: "tel:+15555550123".to_owned(), ..Detail::new("Phone (cell)", "+1 555 555 0123") },
            Detail::new("Address (home)", "12 Long Street\nSpringfield"),
        ],
        text: "milk\neggs\n  the good bread".to_owned(),
        trouble: String::new(),
        downloads: vec![Take {
            label: "Download as a card (.vcf)".to_owned(),
            href: format!("{base}/1/download"),
            hint: "Every phone and address book opens it.".to_owned(),
        }],
        versions: vec![Version {
            title: "Download “Zoë”".to_owned(),
            dated: "Changed 1 October 2009, 10:00 UTC".to_owned(),
            href: format!("{base}/1/versions/ab"),
        }],
        previous: Some(format!("{base}/0")),
        next: Some(format!("{base}/2")),
    }
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
        unreachable: vec!["m…@example.com".to_owned()],
        sessions: vec![OpenSession {
            started: "today, 14:05 UTC".to_owned(),
            last_seen: "now".to_owned(),
            here: true,
        }],
        links: vec![DownloadLink {
            what: "Everything, as of 24 November 2026".to_owned(),
            made: "24 November 2026, 14:05 UTC".to_owned(),
            until: "25 November 2026, 14:05 UTC".to_owned(),
            used: "never".to_owned(),
            end: "/account/links/1/end".to_owned(),
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
