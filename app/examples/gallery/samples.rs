//! Invented models, one for each page and for what can go wrong on it.

use std::io;

use app::{
    Category::{self, *},
    CategoryState::{self, *},
    models::*,
};

use crate::Gallery;

pub fn draw_all(gallery: &Gallery) -> io::Result<()> {
    public(gallery)?;
    signing_in(gallery)?;
    recovered(gallery)?;
    compensated(gallery)?;
    by_staff(gallery)
}

fn public(gallery: &Gallery) -> io::Result<()> {
    gallery.nobody("front", front())?;
    gallery.nobody("status", status())?;
    gallery.nobody("help", Help { sections: sections(), support: support() })?;
    let operator = "Example Mobile".to_owned();
    gallery.nobody("privacy", Privacy { operator, sections: vec![], support: support() })?;
    gallery.nobody("terms", TermsPage { remedies: vec![terms(), terms()] })?;
    gallery.nobody("accessibility", Accessibility { support: support() })?;
    gallery.nobody("reports", Reports { support: support() })?;
    gallery.nobody("handset", handset())?;
    gallery.nobody("error", error())
}

fn signing_in(gallery: &Gallery) -> io::Result<()> {
    gallery.nobody("sign-in", PhoneForm { handset: true, ..Default::default() })?;
    let errors = vec![FieldError::new("phone", "Enter a phone number with its area code")];
    let wrong = PhoneForm {
        phone: "555".to_owned(),
        errors,
        wait: Some(Wait { seconds: 110 }),
        ..Default::default()
    };
    gallery.nobody("sign-in-wrong", wrong)?;
    let code = CodeForm { phone: "(555) 555-0142".to_owned(), minutes: 10, ..Default::default() };
    gallery.nobody("code", code.clone())?;
    let errors = vec![FieldError::new("code", "That is not the code. You have 3 more tries")];
    gallery.nobody("code-wrong", CodeForm { errors, wait: Some(Wait { seconds: 30 }), ..code })?;
    gallery.nobody("second-fact", SecondFactForm::default())
}

fn recovered(gallery: &Gallery) -> io::Result<()> {
    let overview = Overview {
        affected: true,
        lines: lines(),
        as_of: "24 November 2026, 14:05 UTC".to_owned(),
        can_claim: true,
    };
    gallery.subscriber("recovery", overview)?;
    gallery.subscriber("unaffected", Overview::default())?;
    for (name, line, item) in [
        ("contacts", &lines()[0], contact()),
        ("calendar", &lines()[1], entry()),
        ("notes", &lines()[3], note()),
        ("photos", &lines()[4], photo()),
        ("purchases", &lines()[6], purchase()),
    ] {
        gallery.subscriber(name, category(line.clone(), item))?;
    }
    gallery.subscriber("archive", Archive { lines: lines(), bytes: Some(48_200_000) })?;
    gallery.subscriber("account", account())
}

fn compensated(gallery: &Gallery) -> io::Result<()> {
    let remedies = Remedies { offers: vec![offer(1, true), offer(2, true)], support: support() };
    gallery.subscriber("remedies", remedies)?;
    let refused = Remedies { offers: vec![offer(1, false), claimed()], support: support() };
    gallery.subscriber("remedies-refused", refused)?;
    let choose = Choose {
        slug: "gift-card".to_owned(),
        remedies: vec![claimable(2)],
        errors: vec![],
        support: support(),
    };
    gallery.subscriber("choose", choose)?;
    let all = vec![claimable(1), claimable(2)];
    gallery.subscriber(
        "choose-all",
        Choose { slug: "all".to_owned(), remedies: all.clone(), errors: vec![], support: support() },
    )?;
    let check =
        Check { slug: "all".to_owned(), remedies: all, terms_version: "4f1c".to_owned(), errors: vec![] };
    gallery.subscriber("check", check)?;
    gallery.subscriber("claim", claim(false))?;
    gallery.subscriber("claim-made", claim(true))?;
    gallery.subscriber("claims", Claims { claims: vec![claim_line(), claim_line()], just_made: true })
}

fn by_staff(gallery: &Gallery) -> io::Result<()> {
    gallery.nobody("staff-sign-in", StaffSignIn::default())?;
    let qr = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"160\" height=\"160\" viewBox=\"0 0 8 8\"><path d=\"M0 0h3v3h-3zM5 0h3v3h-3zM0 5h3v3h-3z\"/></svg>";
    let enrol = Enrol {
        name: "Ana Agent".to_owned(),
        email: "ana@example.com".to_owned(),
        qr_svg: qr.to_owned(),
        secret: "JBSW Y3DP EHPK 3PXP".to_owned(),
        errors: vec![FieldError::new("password", "Use 15 characters or more")],
    };
    gallery.nobody("enrol", enrol)?;
    let found = FoundSubscriber {
        account: "A-1042".to_owned(),
        name: "Maria Jensen".to_owned(),
        phone: "…0142".to_owned(),
        matched: "name".to_owned(),
    };
    let results = Some(vec![found.clone(), found]);
    gallery.staff("staff", Search { query: "jens".to_owned(), results, ..Default::default() })?;
    gallery.staff("caller", caller(Reveal::Masked))?;
    gallery.staff("caller-code", caller(Reveal::CodeSent))?;
    let why = "the caller read back the code".to_owned();
    gallery.staff("caller-shown", caller(Reveal::Revealed { until: "14:35 UTC".to_owned(), why }))?;
    let page = category(lines()[0].clone(), contact());
    let masked = CallerCategory {
        account: "A-1042".to_owned(),
        name: "Maria Jensen".to_owned(),
        revealed: false,
        page,
    };
    gallery.staff("caller-contacts", masked)
}

fn sections() -> Vec<Section> {
    let section = |heading: &str, text: &str| Section {
        heading: heading.to_owned(),
        paragraphs: vec![text.to_owned()],
    };
    vec![
        section(
            "What happened",
            "On 2 October 2009 the service that keeps your data stopped working. Contacts, calendars and photos could no longer be reached.",
        ),
        section(
            "What is being done",
            "We give the data back one category at a time. Each is opened when it has been checked.",
        ),
        section("What to do now", "Do not reset your device and do not remove its battery."),
    ]
}

fn support() -> Support {
    let way = |how: &str, hours: &str| SupportWay { how: how.to_owned(), hours: hours.to_owned() };
    Support {
        ways: vec![
            way("By phone, free of charge: 1-800-555-0199", "Every day, 6 in the morning to 10 at night"),
            way("By e-mail: care@example.com", ""),
        ],
    }
}

fn front() -> Front {
    let entry = |date: &str, title: &str| TimelineEntry {
        date: date.to_owned(),
        datetime: "2009-10-12".to_owned(),
        title: title.to_owned(),
        text: "There is now reason to hope that lost data can be recovered.".to_owned(),
        source: "operator's statement, 12 October 2009".to_owned(),
    };
    let remedy = |name: &str, minor: i64| FrontRemedy {
        name: name.to_owned(),
        worth: Money::new(minor, "USD"),
        summary: "For everyone who was affected, whatever their plan.".to_owned(),
    };
    Front {
        title: "Pocket data outage".to_owned(),
        summary:
            "Your data was lost for a time. Most of it is back. Here you can see and take away what is yours."
                .to_owned(),
        sections: sections(),
        remedies: vec![remedy("One month of your data plan, free", 2000), remedy("Gift card", 10000)],
        timeline: vec![
            entry("12 October 2009", "Recovery may be possible"),
            entry("10 October 2009", "Almost certainly lost"),
        ],
        signed_in: false,
    }
}

fn status() -> Status {
    let component = |name: &str, status: &str, found, expected| StatusComponent {
        name: name.to_owned(),
        status: status.to_owned(),
        found,
        expected,
        uncounted: 0,
    };
    let update = |status: &str, title: &str| StatusUpdate {
        status: status.to_owned(),
        title: title.to_owned(),
        body: "You can now see your contacts as they were on 1 October, and restore them.".to_owned(),
        at: "20 October 2009, 09:00 PDT".to_owned(),
        datetime: "2009-10-20T16:00:00Z".to_owned(),
        source: "operator's statement, 20 October 2009".to_owned(),
    };
    Status {
        incident: "Pocket data outage".to_owned(),
        resolved: false,
        indicator: "major".to_owned(),
        description: "Partial System Outage".to_owned(),
        as_of: "24 November 2026, 14:05:10 UTC".to_owned(),
        as_of_datetime: "2026-11-24T14:05:10Z".to_owned(),
        stale: Some(
            "Our database cannot be reached right now. These figures are the last that we know.".to_owned(),
        ),
        components: vec![
            component("Contacts", "operational", 48_210, Some(48_900)),
            component("Photos", "partial_outage", 1200, Some(4000)),
            component("Purchases", "major_outage", 0, None),
        ],
        updates: vec![
            update("monitoring", "Contacts are back"),
            update("identified", "Almost certainly lost"),
        ],
    }
}

fn handset() -> Handset {
    Handset {
        phone: String::new(),
        messages: vec![HandsetMessage {
            to: "+1 555 555 0142".to_owned(),
            channel: "sms".to_owned(),
            at: "24 November 2026, 14:05:10 UTC".to_owned(),
            subject: String::new(),
            text: "Demonstration: 482913 is your sign-in code. It lasts 10 minutes. Give it to nobody."
                .to_owned(),
        }],
        people: vec![("+1 555 555 0142".to_owned(), "nearly everything came back".to_owned())],
    }
}

fn error() -> ErrorPage {
    ErrorPage {
        status: 404,
        title: "Page not found".to_owned(),
        happened: "There is nothing at this address. Nothing was lost.".to_owned(),
        to_do: vec![
            "Check the address for a slip.".to_owned(),
            "Go to the start and follow the links.".to_owned(),
        ],
        request_id: "0193a1f2-7c11".to_owned(),
        support: support(),
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
        released: state.is_open(),
        verdict: None,
    }
}

fn lines() -> Vec<CategoryLine> {
    let verdict = Some("The disks that held these could not be read.".to_owned());
    vec![
        CategoryLine { quarantined: 2, ..line(Contacts, PartiallyRestored, 64, Some(300)) },
        line(Calendar, Restored, 41, Some(41)),
        CategoryLine { verdict, ..line(Tasks, Unrecoverable, 0, Some(12)) },
        line(Notes, Restored, 12, Some(10)),
        line(Photos, PartiallyRestored, 180, Some(220)),
        line(HighScores, Awaiting, 0, Some(9)),
        CategoryLine {
            note: "Being checked against the orders.".to_owned(),
            ..line(Purchases, Validating, 7, None)
        },
    ]
}

fn category(line: CategoryLine, item: Details) -> CategoryPage {
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

fn contact() -> Details {
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
        sign_ins: vec![SignInRecord {
            at: "24 November 2026, 14:05 UTC".to_owned(),
            what: "Signed in".to_owned(),
        }],
    }
}

fn terms() -> Terms {
    let list = [
        ("Who gives it", "Example Mobile, your operator."),
        ("What it is worth", "$100."),
        ("Where it can be spent", "In any of our shops, in our web shop, and on your bill."),
        ("When it arrives", "By e-mail, within 14 days of your claim."),
        ("When it expires", "It does not expire."),
        ("Fees", "None."),
        ("Taxes", "It is a gift from us, and we do not report it as income of yours."),
        ("What data is used for it", "Your name and e-mail address, to send you the card."),
        ("Whom to ask", "Call 1-800-555-0199 and give your claim number."),
    ];
    let term = |(name, text): (&str, &str)| Term { name: name.to_owned(), text: text.to_owned() };
    Terms { remedy: "Gift card".to_owned(), list: list.into_iter().map(term).collect() }
}

fn offer(n: i64, eligible: bool) -> Offer {
    let fact = |text: &str, holds| Fact { text: text.to_owned(), holds };
    Offer {
        id: if n == 1 { "free-month" } else { "gift-card" }.to_owned(),
        name: if n == 1 { "One month of your data plan, free" } else { "A $100 gift card" }.to_owned(),
        worth: Money::new(if n == 1 { 2000 } else { 10000 }, "USD"),
        summary: "A credit on your bill. Announced on 12 October 2009.".to_owned(),
        eligible,
        facts: vec![fact("The outage touched your data.", true), fact("Your plan is data-20.", eligible)],
        claim: None,
    }
}

fn claimed() -> Offer {
    Offer { claim: Some("MG-7K2P-Q9XD".to_owned()), ..offer(2, true) }
}

fn claimable(n: i64) -> Claimable {
    let delivery = |value: &str, label: &str, hint: &str| Delivery {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    let all =
        vec![delivery("email", "By e-mail", "m…@example.com"), delivery("sms", "By text message", "…0142")];
    let deliveries = if n == 1 { vec![delivery("bill", "On your next bill", "")] } else { all };
    Claimable { offer: offer(n, true), terms: terms(), deliveries, chosen: String::new() }
}

fn claim(just_made: bool) -> ClaimPage {
    let step = |title: &str, at: Option<&str>, note: &str| Step {
        title: title.to_owned(),
        at: at.map(str::to_owned),
        note: note.to_owned(),
    };
    ClaimPage {
        number: "MG-7K2P-Q9XD".to_owned(),
        remedy_id: "gift-card".to_owned(),
        remedy_name: "A $100 gift card".to_owned(),
        worth: Money::new(10000, "USD"),
        state: "Granted".to_owned(),
        delivery: "By e-mail, m…@example.com".to_owned(),
        made_at: "24 November 2026, 14:05 UTC".to_owned(),
        steps: vec![
            step("Claimed", Some("24 November 2026, 14:05 UTC"), ""),
            step(
                "Granted",
                Some("24 November 2026, 14:05 UTC"),
                "You were entitled to it, so nobody needs to check it.",
            ),
            step("Sent", None, "By e-mail, within 14 days of your claim."),
        ],
        terms: terms(),
        just_made,
        support: support(),
    }
}

fn claim_line() -> ClaimLine {
    ClaimLine {
        number: "MG-7K2P-Q9XD".to_owned(),
        remedy_name: "A $100 gift card".to_owned(),
        worth: Money::new(10000, "USD"),
        state: "Granted".to_owned(),
        made_at: "24 November 2026, 14:05 UTC".to_owned(),
    }
}

fn caller(reveal: Reveal) -> Caller {
    Caller {
        account: "A-1042".to_owned(),
        name: "Maria Jensen".to_owned(),
        phone: "…0142".to_owned(),
        email: "m…@example.com".to_owned(),
        plan: "data-20".to_owned(),
        locale: "en-US".to_owned(),
        time_zone: "America/Los_Angeles".to_owned(),
        affected: true,
        lines: lines(),
        claims: vec![claim_line()],
        reveal,
        reason: String::new(),
        errors: vec![],
        looks: vec![Look {
            at: "24 November 2026, 14:05 UTC".to_owned(),
            who: "Ana Agent".to_owned(),
            what: "opened the caller's page".to_owned(),
            reason: String::new(),
        }],
    }
}
