//! What everybody may read.

use app::models::*;

use super::{Pages, compensated::terms, sections, support};

pub fn public(pages: &mut Pages) {
    pages.nobody("front", front());
    pages.nobody("status", status());
    pages.nobody("help", Help { sections: sections(), support: support() });
    let operator = "Example Mobile".to_owned();
    pages.nobody("privacy", Privacy { operator, sections: vec![], support: support() });
    pages.nobody("terms", TermsPage { remedies: vec![terms(), terms()] });
    pages.nobody("accessibility", Accessibility { support: support() });
    pages.nobody("verify", Verify);
    pages.nobody("handset", handset());
    pages.nobody("error", error());
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
        advice: sections().pop(),
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
        uncounted: found / 10,
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
