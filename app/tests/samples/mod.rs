//! Invented models, one for each page and for what can go wrong on it. The tests hold every page
//! to the same rules, and the `gallery` example writes them to a folder to be looked at.

mod by_staff;
mod compensated;
mod duplicates;
mod public;
mod recovered;
mod reported;
mod signing_in;
mod written_to;

use std::{any::type_name, collections::BTreeSet};

use app::{
    Document, Page,
    models::{Assets, Frame, Section, Support, SupportWay, Visitor},
    words::{Language, spoken},
};

/// What the demonstration says on every page.
pub const DEMO: &str = "Demonstration with invented people; nothing can be claimed here";

/// Every page by a name for it, in a language. They take `main.css` and `icon.svg` from beside them.
pub fn every_page_in(language: Language) -> Vec<(&'static str, Document)> {
    language.within(draw_all).drawn
}

/// The types of the pages drawn, by their own names.
#[allow(dead_code, reason = "the gallery shows the pages alone")]
pub fn types() -> BTreeSet<&'static str> {
    draw_all().types
}

fn draw_all() -> Pages {
    let mut pages = Pages { drawn: Vec::new(), types: BTreeSet::new() };
    public::public(&mut pages);
    signing_in::signing_in(&mut pages);
    recovered::recovered(&mut pages);
    duplicates::duplicates(&mut pages);
    compensated::compensated(&mut pages);
    reported::reported(&mut pages);
    written_to::written_to(&mut pages);
    by_staff::by_staff(&mut pages);
    pages
}

struct Pages {
    drawn: Vec<(&'static str, Document)>,
    types: BTreeSet<&'static str>,
}

impl Pages {
    fn nobody<P: Page>(&mut self, name: &'static str, page: P) {
        self.draw(name, Visitor::Nobody, page);
    }

    fn subscriber<P: Page>(&mut self, name: &'static str, page: P) {
        self.draw(name, Visitor::Subscriber { phone_end: "…0142".to_owned() }, page);
    }

    /// Staff's rooms are in English alone.
    fn staff<P: Page>(&mut self, name: &'static str, page: P) {
        if spoken() != Language::En {
            return;
        }
        self.draw(
            name,
            Visitor::Staff {
                name: "Ana Agent".to_owned(),
                rooms: vec![
                    ("/staff", "Find a subscriber"),
                    ("/staff/cases", "Reports and appeals"),
                    ("/staff/payouts", "Payouts"),
                    ("/staff/automatic", "Automatic runs"),
                ],
            },
            page,
        );
    }

    /// Staff who are not signed in yet.
    fn staff_door<P: Page>(&mut self, name: &'static str, page: P) {
        if spoken() == Language::En {
            self.draw(name, Visitor::Nobody, page);
        }
    }

    fn draw<P: Page>(&mut self, name: &'static str, visitor: Visitor, page: P) {
        let frame = Frame {
            operator: "Example Mobile".to_owned(),
            product: "Pocket".to_owned(),
            demo: Some(DEMO.to_owned()),
            visitor,
            path: format!("/{name}"),
            assets: assets(),
        };
        self.types.extend(type_name::<P>().rsplit("::").next());
        self.drawn.push((name, app::render(&frame, page)));
    }
}

fn assets() -> Assets {
    Assets {
        stylesheet: "main.css".to_owned(),
        icon: "icon.svg".to_owned(),
        manifest: "site.webmanifest".to_owned(),
        pkg: "pkg/gallery".to_owned(),
        verify: "pkg/verify".to_owned(),
    }
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
