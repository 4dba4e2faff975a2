//! Likely duplicates, and choosing about them.

use app::{models::*, vocabulary::Likeness};

use super::Pages;

const GROUP: &str = "/recovery/contacts/duplicates/groups/1f";

pub fn duplicates(pages: &mut Pages) {
    pages.subscriber("duplicates", list());
    pages.subscriber("duplicates-none", Duplicates::default());
    pages.subscriber("duplicates-group", group(vec![]));
    let changed = FieldError::new("choose", "These contacts changed. Look again and choose");
    let chosen = DuplicateGroup { chosen: "Kept both".to_owned(), ..group(vec![changed]) };
    pages.subscriber("duplicates-group-changed", chosen);
    pages.subscriber("duplicates-merge", form(vec![]));
    let error = FieldError::new("with", "Tick at least two contacts to merge");
    pages.subscriber("duplicates-merge-wrong", form(vec![error]));
    pages.subscriber("duplicates-check", check());
    for (name, merge) in [("duplicates-certain", true), ("duplicates-certain-phone", false)] {
        let review = CertainReview { merge, groups: 52, contacts: 104, list: vec![line(1), line(2)] };
        pages.subscriber(name, review);
    }
    let pager = Pager { first: 1, last: 2, total: 30, previous: None, next: Some("?from=20".to_owned()) };
    pages.subscriber(
        "duplicates-choices",
        DuplicateChoices { list: vec![choice(1), choice(2)], pager, total: 30 },
    );
    pages.subscriber("duplicates-choices-none", DuplicateChoices::default());
    pages.subscriber("duplicates-undo", UndoChoices { total: 30 });
    pages.subscriber("duplicates-phone", PhoneUpload::default());
    let error = FieldError::new("file", "Choose a contacts file; it has a name that ends in .vcf");
    pages.subscriber("duplicates-phone-wrong", PhoneUpload { phone: Some(phone()), errors: vec![error] });
}

fn list() -> Duplicates {
    Duplicates {
        groups: 31,
        contacts: 64,
        list: (1..=3).map(line).collect(),
        pager: Pager { first: 1, last: 3, total: 31, previous: None, next: Some("?from=20".to_owned()) },
        certain: 12,
        certain_on_phone: 4,
        chosen: 2,
        phone: Some(phone()),
        done: Some(choice(1)),
        done_at_once: None,
    }
}

fn line(n: i64) -> DuplicateLine {
    DuplicateLine {
        href: GROUP.to_owned(),
        title: "Zoë Ångström".to_owned(),
        recovered: n,
        on_phone: n % 2,
        strength: Likeness::ALL[(n as usize - 1) % 3],
        reasons: vec!["The same name".to_owned(), "The same phone number".to_owned()],
    }
}

fn phone() -> PhoneContacts {
    PhoneContacts {
        cards: 212,
        problems: 1,
        uploaded: "24 November 2026".to_owned(),
        until: "24 December 2026".to_owned(),
    }
}

fn choice(n: i64) -> ChoiceLine {
    let note = "One of the contacts has been recovered anew since. It stands beside what you chose.";
    ChoiceLine {
        undo: format!("/recovery/contacts/duplicates/choices/{n}/undo"),
        title: "Zoë Ångström".to_owned(),
        what: "Merged 2 contacts into one".to_owned(),
        at: "24 November 2026, 14:05 UTC".to_owned(),
        note: if n == 2 { note.to_owned() } else { String::new() },
    }
}

fn columns() -> Vec<DuplicateColumn> {
    let column = |name: &str, note: &str, on_phone| DuplicateColumn {
        name: name.to_owned(),
        title: "Zoë Ångström".to_owned(),
        note: note.to_owned(),
        on_phone,
    };
    vec![
        column("Recovered 1", "", false),
        column("Recovered 2", "you merged it from 2", false),
        column("On your phone", "", true),
    ]
}

fn group(errors: Vec<FieldError>) -> DuplicateGroup {
    let row = |label: &str, cells: [&[&str]; 3], same| FieldRow {
        label: label.to_owned(),
        cells: cells.iter().map(|cell| cell.iter().map(|text| (*text).to_owned()).collect()).collect(),
        same,
    };
    DuplicateGroup {
        href: GROUP.to_owned(),
        title: "Zoë Ångström".to_owned(),
        strength: Likeness::Likely,
        reasons: vec!["The same name".to_owned(), "The birthdays differ".to_owned()],
        columns: columns(),
        rows: vec![
            row("Name", [&["Zoë Ångström"], &["Zoë Ångström"], &["Zoë Ångström"]], true),
            row(
                "Phone",
                [&["(206) 555-0123 (cell)", "206 555 0188 (home)"], &[], &["+1 206 555 0123"]],
                false,
            ),
            row(
                "Email",
                [&["zoe.angstrom.of.the.purchasing.department@northwind.example.com"], &[], &[]],
                false,
            ),
        ],
        basis: "4f1c".to_owned(),
        chosen: String::new(),
        errors,
    }
}

fn form(errors: Vec<FieldError>) -> MergeForm {
    let value = |at: usize, text: &str| (at, text.to_owned(), columns()[at].name.clone());
    let conflict = |name: &str, label: &str, one: &str, two: &str| MergeConflict {
        name: name.to_owned(),
        label: label.to_owned(),
        values: vec![value(0, one), value(2, two)],
        picked: 0,
    };
    MergeForm {
        href: GROUP.to_owned(),
        title: "Zoë Ångström".to_owned(),
        columns: columns(),
        ticked: vec![0, 1],
        conflicts: vec![
            conflict("name", "Name", "Zoë Ångström", "Zoe Angstrom"),
            conflict("birthday", "Birthday", "7 Apr 1980", "8 Apr 1980"),
        ],
        errors,
    }
}

fn check() -> MergeCheck {
    let row = |label: &str, text: &str, from: &str| MergedRow {
        label: label.to_owned(),
        text: text.to_owned(),
        from: from.to_owned(),
    };
    MergeCheck {
        href: GROUP.to_owned(),
        title: "Zoë Ångström".to_owned(),
        rows: vec![
            row("Name", "Zoë Ångström", "all of them"),
            row("Phone (cell)", "(206) 555-0123", "Recovered 1, On your phone"),
        ],
        left: vec![row("Birthday", "8 Apr 1980", "On your phone")],
        hidden: vec![("with".to_owned(), "0".to_owned()), ("basis".to_owned(), "4f1c".to_owned())],
        change: format!("{GROUP}/merge?with=0"),
    }
}
