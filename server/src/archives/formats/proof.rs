//! Writes exports for programs that are not ours, with what they must find in them, into the folder
//! that `MAKEGOOD_EXPORTS` names: each row of the table of conversions, and each real file of the
//! corpus, with the place of its original. `bin/test formats` runs this, then the readers in
//! `bin/lib/formats`, which hold the exports against our own reading and against the originals.

use std::path::{Path, PathBuf};

use app::Category;
use app::models::{Contact, Details};
use serde_json::{Value, json};

use super::calendar::dates::is_rule;
use super::convert::table::{Row, rows};
use super::dates::PartialDate;
use super::{calendar_ics, contacts_vcf, contacts_vcf_4};
use crate::intake::read::component::{self, Component};
use crate::intake::read::property::Property;
use crate::intake::read::{Found, Problem, Reading, lines::Lines, read, text, value, when, when::When};

#[test]
#[ignore = "bin/test formats runs it and reads what it wrote"]
fn exports_for_other_readers() {
    let folder =
        PathBuf::from(std::env::var_os("MAKEGOOD_EXPORTS").expect("MAKEGOOD_EXPORTS names a folder"));
    std::fs::create_dir_all(&folder).unwrap();
    let mut facts: Vec<Value> = rows().iter().flat_map(|row| of_row(&folder, row)).collect();
    match crate::intake::read::corpus::folder() {
        None => println!("skipped: no corpus"),
        Some(corpus) => {
            for category in [Category::Contacts, Category::Calendar] {
                facts.extend(of_corpus(&folder, &corpus, category));
            }
        }
    }
    let facts = serde_json::to_string_pretty(&facts).unwrap();
    std::fs::write(folder.join("facts.json"), facts).unwrap();
}

fn of_row(folder: &Path, row: &Row) -> Vec<Value> {
    let (three, four) = row.written();
    [("3.0", three, &row.in_3), ("4.0", four, &row.in_4)]
        .into_iter()
        .map(|(version, text, lines)| {
            let file = format!("row-{:02}-{version}.vcf", row.number);
            std::fs::write(folder.join(&file), text).unwrap();
            let lines: Vec<Value> = lines.iter().map(|line| of_line(line)).collect();
            json!({ "kind": "row", "source": format!("row {}", row.number), "version": version, "file": file, "lines": lines })
        })
        .collect()
}

/// A line as its parts, texts unescaped, for a reader to find.
fn of_line(line: &str) -> Value {
    let logical = Lines::new(line.as_bytes()).next().unwrap();
    let property = Property::parse(&logical).unwrap();
    let raw = String::from_utf8(property.raw.clone()).unwrap();
    let parts = match property.name.as_str() {
        "N" | "ADR" | "ORG" => value::split(&raw, ';'),
        "CATEGORIES" => value::split(&raw, ','),
        _ => vec![value::unescape(&raw)],
    };
    let params: serde_json::Map<String, Value> =
        property.params.iter().map(|param| (param.name.clone(), json!(param.values))).collect();
    json!({ "group": property.group, "name": property.name, "params": params, "parts": parts })
}

fn of_corpus(folder: &Path, corpus: &Path, category: Category) -> Vec<Value> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(corpus.join(category.slug())).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| of_file(folder, path, category)).collect()
}

fn of_file(folder: &Path, path: &Path, category: Category) -> Vec<Value> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let source = format!("{category}/{name}");
    let bytes = std::fs::read(path).unwrap();
    let reading = match read(category, &name, &bytes) {
        Ok(reading) => reading,
        Err(unreadable) => {
            return vec![
                json!({ "kind": "unreadable", "source": source, "original": path, "reason": unreadable.reason }),
            ];
        }
    };
    let bodies: Vec<&str> = reading.items.iter().map(|item| item.body.as_str()).collect();
    let exports = match category {
        Category::Contacts => {
            vec![("3.0", contacts_vcf(bodies.iter().copied())), ("4.0", contacts_vcf_4(bodies))]
        }
        _ => vec![("2.0", calendar_ics(bodies))],
    };
    exports
        .into_iter()
        .map(|(version, text)| {
            let file = format!("{category}-{name}-{version}");
            std::fs::write(folder.join(&file), text).unwrap();
            let (problems, items) = of_reading(&reading);
            json!({
                "kind": category.slug(), "source": source, "original": path, "version": version, "file": file,
                "blocks": blocks(&bytes), "problems": problems, "items": items,
            })
        })
        .collect()
}

fn of_reading(reading: &Reading) -> (Vec<Value>, Vec<Value>) {
    let problem = |one: &Problem| json!({ "line": one.line, "reason": one.reason });
    (reading.problems.iter().map(problem).collect(), reading.items.iter().map(of_item).collect())
}

/// How many cards and entries a file has, whatever stands in them.
fn blocks(bytes: &[u8]) -> usize {
    let (components, _) = component::read(&text::ascii_compatible(bytes));
    let is_one = |one: &&Component| matches!(one.name.as_str(), "VCARD" | "VEVENT" | "VTODO" | "VJOURNAL");
    let inner =
        components.iter().filter(|one| one.name == "VCALENDAR").flat_map(|calendar| &calendar.children);
    components.iter().chain(inner).filter(is_one).count()
}

fn of_item(item: &Found) -> Value {
    let component = super::convert::components(&item.body).into_iter().find(|one| one.name != "VTIMEZONE");
    let component = component.unwrap_or_default();
    let told = |name: &str| component.all(name).filter(|property| !property.value.trim().is_empty()).count();
    match &item.details {
        Details::Contact(contact) => of_contact(item, contact, &component),
        Details::Event(entry) | Details::Task(entry) => json!({
            "kind": component.name, "summary": entry.summary, "starts": starts(&component), "at": sure(item, &component),
            "rules": component.all("RRULE").filter(|rule| is_rule(&rule.value)).count(),
            "exceptions": told("EXDATE"), "override": told("RECURRENCE-ID") > 0, "alarms": component.children.len() + told("AALARM") + told("DALARM"),
        }),
        other => panic!("{other:?}"),
    }
}

/// When it begins (or is due) by the clock of its place; null where that is no date that exists.
fn starts(component: &Component) -> Option<String> {
    let start = first_date(component)?;
    let digits: String = start.value.chars().filter(char::is_ascii_digit).collect();
    When::parse(&start.value).map(|_| digits)
}

/// The moment, where the entry did not bring its zone and the world's table knows it.
fn sure(item: &Found, component: &Component) -> Option<i64> {
    let id = first_date(component)?.param("TZID");
    item.at
        .filter(|_| id.is_none_or(|id| when::zone(id).is_some()) && !item.body.starts_with("BEGIN:VTIMEZONE"))
}

fn first_date(component: &Component) -> Option<&Property> {
    let order = if component.name == "VTODO" { ["DUE", "DTSTART"] } else { ["DTSTART", "DUE"] };
    order.into_iter().find_map(|name| component.first(name))
}

fn of_contact(item: &Found, contact: &Contact, card: &Component) -> Value {
    let texts = |list: &[(String, String)]| list.iter().map(|(_, text)| text.clone()).collect::<Vec<_>>();
    let name = card
        .all("FN")
        .map(|name| value::one_line(&value::unescape(&name.value)))
        .find(|name| !name.is_empty());
    json!({
        "name": name.unwrap_or_else(|| item.title.clone()),
        "phones": texts(&contact.phones),
        "emails": texts(&contact.emails),
        "birthday": card.first("BDAY").and_then(PartialDate::of).and_then(|date| date.in_google()),
        "photo": contact.has_photo,
    })
}
