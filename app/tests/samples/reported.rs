//! Reports and appeals.

use app::models::*;

use super::{Pages, support};

pub fn reported(pages: &mut Pages) {
    pages.subscriber("reports", Reports { support: support(), ..Default::default() });
    pages.subscriber("reports-listed", listed());
    pages.subscriber("report-new", NewReport { categories: categories(), ..Default::default() });
    let errors = vec![FieldError::new("category-1", "Choose what it is about")];
    pages.subscriber("report-new-none", NewReport { categories: categories(), errors, ..Default::default() });
    pages.subscriber("report-tell", Tell { head: head(false), ..Default::default() });
    let errors = vec![FieldError::new("text", "Say what is missing or wrong")];
    pages.subscriber("report-tell-wrong", Tell { head: head(false), errors, ..Default::default() });
    pages.subscriber("appeal-tell", Tell { head: head(true), ..Default::default() });
    pages.subscriber("report-files", BringFiles { head: head(false), room: 5, ..Default::default() });
    let errors = vec![FieldError::new("file", "“large.bin” is larger than 10 MB. Send a part")];
    let files = BringFiles { head: head(false), files: vec![file(None)], room: 4, errors };
    pages.subscriber("report-files-wrong", files);
    let full = BringFiles { head: head(false), files: vec![file(None)], room: 0, errors: vec![] };
    pages.subscriber("report-files-full", full);
    pages.subscriber("report-check", check(false));
    pages.subscriber("appeal-check", check(true));
    pages.subscriber("report-sent", CasePage { just_made: true, may_close: true, ..case(false) });
    pages.subscriber("report-waits", CasePage { may_close: true, ..case(false) });
    let until = "19 November 2009, 12:00 UTC".to_owned();
    pages.subscriber("report-answered", CasePage { writing: Writing::Reopens(until), ..case(false) });
    pages.subscriber("appeal-over", CasePage { writing: Writing::Over, room: 0, ..case(true) });
}

pub fn case_line() -> CaseLine {
    CaseLine {
        number: "MR-7K2P-QX04-M9TB".to_owned(),
        title: "Report about Contacts".to_owned(),
        state: "Answered: We put it back".to_owned(),
        sent: "20 October 2009, 12:00 UTC".to_owned(),
        answered: "21 October 2009, 09:30 UTC".to_owned(),
    }
}

fn listed() -> Reports {
    let draft = DraftLine {
        title: "Report about Notes".to_owned(),
        href: "/reports/new/1".to_owned(),
        until: "19 November 2009, 12:00 UTC".to_owned(),
    };
    Reports { cases: vec![case_line()], drafts: vec![draft], support: support() }
}

fn categories() -> Vec<ReportedCategory> {
    let listed = |slug: &str, title: &str, says: &str| ReportedCategory {
        slug: slug.to_owned(),
        title: title.to_owned(),
        says: says.to_owned(),
    };
    vec![listed("contacts", "Contacts", "64 of 300 recovered"), listed("notes", "Notes", "5 recovered")]
}

fn head(appeal: bool) -> DraftHead {
    DraftHead {
        appeal,
        subject: if appeal { "A $100 gift card" } else { "Contacts" }.to_owned(),
        base: "/reports/new/1".to_owned(),
        records: records(appeal),
    }
}

pub fn records(appeal: bool) -> Records {
    let fact = |text: &str, holds| Fact { text: text.to_owned(), holds };
    let facts = vec![
        fact("Our records show that nothing of yours was lost", false),
        fact("It is for every plan", true),
    ];
    Records {
        says: vec!["64 of 300 recovered. State: Partially restored.".to_owned()],
        facts: if appeal { facts } else { vec![] },
    }
}

fn file(href: Option<&str>) -> CaseFile {
    CaseFile { id: "1".to_owned(), name: "list.txt".to_owned(), bytes: 1_440, href: href.map(str::to_owned) }
}

fn check(appeal: bool) -> CheckCase {
    CheckCase {
        head: head(appeal),
        text: "Ann Blyth\nBo Diddley".to_owned(),
        how_many: "12".to_owned(),
        files: vec![file(None)],
        ..Default::default()
    }
}

pub fn entries() -> Vec<CaseEntry> {
    let first = CaseEntry {
        title: "You reported this".to_owned(),
        at: "20 October 2009, 12:00 UTC".to_owned(),
        text: "Ann Blyth\nBo Diddley".to_owned(),
        answers: vec![("How many", "12".to_owned())],
        records: records(false).says,
        files: vec![file(Some("/reports/MR-7K2P-QX04-M9TB/files/1"))],
    };
    let second = CaseEntry {
        title: "We asked".to_owned(),
        at: "21 October 2009, 09:30 UTC".to_owned(),
        text: "Which Ann?".to_owned(),
        ..Default::default()
    };
    vec![first, second]
}

fn case(appeal: bool) -> CasePage {
    CasePage {
        number: if appeal { "MA-7K2P-QX04-M9TB" } else { "MR-7K2P-QX04-M9TB" }.to_owned(),
        appeal,
        subject: head(appeal).subject,
        about: "/recovery/contacts".to_owned(),
        state: "Waits for you".to_owned(),
        explanation: "We have a question for you, below. We go on when you have answered it.".to_owned(),
        sent: "20 October 2009, 12:00 UTC".to_owned(),
        records: records(appeal),
        entries: entries(),
        message: "1".to_owned(),
        room: 4,
        support: support(),
        ..Default::default()
    }
}
