//! Contacts as a table in the columns that Google Contacts exports and imports.
//!
//! The header is Google's of today (`First Name`, `E-mail 1 - Value`), which its importer matches by
//! name; a kind has as many numbered columns as the contact that has most of it, but no more than
//! [`MOST`]. Several labels (groups) of a contact stand in one cell, ` ::: ` between them, as Google
//! writes them.

use app::models::Contact;

use super::convert;
use super::csv;
use super::dates::PartialDate;
use crate::intake::read::component::Component;
use crate::intake::read::labels::Labels;
use crate::intake::read::property::Property;
use crate::intake::read::value;

const FIXED: [&str; 17] = [
    "First Name",
    "Middle Name",
    "Last Name",
    "Phonetic First Name",
    "Phonetic Middle Name",
    "Phonetic Last Name",
    "Name Prefix",
    "Name Suffix",
    "Nickname",
    "File As",
    "Organization Name",
    "Organization Title",
    "Organization Department",
    "Birthday",
    "Notes",
    "Photo",
    "Labels",
];

/// The kinds that a contact can have several of, each with the columns that follow its `Label`.
const KINDS: [(&str, &[&str]); 7] = [
    ("E-mail", &["Value"]),
    ("Phone", &["Value"]),
    (
        "Address",
        &["Formatted", "Street", "City", "PO Box", "Region", "Postal Code", "Country", "Extended Address"],
    ),
    ("Website", &["Value"]),
    ("Event", &["Value"]),
    ("Relation", &["Value"]),
    ("Custom Field", &["Value"]),
];

/// How many of a kind a contact has here: every row is as wide as the widest, so one contact with a
/// million numbers would make the table of all of them enormous. The vCards have the rest.
const MOST: usize = 20;

/// Between several values in one cell.
const AND: &str = " ::: ";

/// Each pair is a body and what a page shows of it.
pub fn contacts_csv<'a>(cards: impl IntoIterator<Item = (&'a str, &'a Contact)>) -> String {
    let rows: Vec<Row> = cards.into_iter().map(|(body, contact)| Row::of(body, contact)).collect();
    let widths: Vec<usize> = (0..KINDS.len())
        .map(|kind| rows.iter().map(|row| row.kinds[kind].len()).max().unwrap_or(0))
        .collect();
    let header = FIXED.iter().map(|name| (*name).to_owned()).chain(numbered(&widths)).collect();
    csv::table(std::iter::once(header).chain(rows.into_iter().map(|row| row.cells(&widths))))
}

fn numbered(widths: &[usize]) -> impl Iterator<Item = String> {
    KINDS.iter().zip(widths).flat_map(|((kind, columns), width)| {
        (1..=*width).flat_map(move |n| {
            let label = std::iter::once(format!("{kind} {n} - Label"));
            label.chain(columns.iter().map(move |column| format!("{kind} {n} - {column}")))
        })
    })
}

/// One contact: the cells that each has once, and for each kind the cells of each of its entries.
struct Row {
    fixed: Vec<String>,
    kinds: [Vec<Vec<String>>; KINDS.len()],
}

impl Row {
    fn of(body: &str, contact: &Contact) -> Row {
        let card = convert::components(body).into_iter().find(|one| one.name == "VCARD").unwrap_or_default();
        let labels = Labels::of(&card);
        let pairs = |list: &[(String, String)]| -> Vec<Vec<String>> {
            list.iter().take(MOST).map(|(label, text)| vec![called(label), text.clone()]).collect()
        };
        let phones = contact.phones.iter().take(MOST);
        let phones = phones.map(|(label, number)| vec![phone_label(label), number.clone()]);
        let urls = card.all("URL").map(|url| vec![called(&labels.name(url)), text(url)]);
        Row {
            fixed: fixed(&card, contact),
            kinds: [
                pairs(&contact.emails),
                phones.collect(),
                card.all("ADR")
                    .map(|address| self::address(address, &labels))
                    .filter(|cells| cells.iter().skip(1).any(|cell| !cell.is_empty()))
                    .take(MOST)
                    .collect(),
                urls.filter(|cells| !cells[1].is_empty()).take(MOST).collect(),
                events(&card, &labels),
                relations(&card, &labels),
                messengers(&card, &labels),
            ],
        }
    }

    fn cells(self, widths: &[usize]) -> Vec<String> {
        let mut cells = self.fixed;
        for ((entries, width), (_, columns)) in self.kinds.into_iter().zip(widths).zip(KINDS) {
            let missing = (width - entries.len()) * (columns.len() + 1);
            cells.extend(entries.into_iter().flatten());
            cells.extend(std::iter::repeat_n(String::new(), missing));
        }
        cells
    }
}

fn fixed(card: &Component, contact: &Contact) -> Vec<String> {
    let first = |name: &str| card.first(name).map(text).unwrap_or_default();
    let name = parts(card.first("N"));
    let organization = parts(card.first("ORG"));
    let [family, given, middle, prefix, suffix] = [0, 1, 2, 3, 4].map(|index| part(&name, index));
    let nameless = [&family, &given, &middle, &prefix, &suffix].iter().all(|part| part.is_empty());
    let birthday = card.first("BDAY").map(date).unwrap_or_default();
    let groups = card.all("CATEGORIES").flat_map(|list| value::split(&list.value, ','));
    let groups: Vec<String> =
        groups.map(|group| value::one_line(&group)).filter(|group| !group.is_empty()).collect();
    vec![
        if nameless { contact.name.clone() } else { given },
        middle,
        family,
        first("X-PHONETIC-FIRST-NAME"),
        first("X-PHONETIC-MIDDLE-NAME"),
        first("X-PHONETIC-LAST-NAME"),
        prefix,
        suffix,
        first("NICKNAME"),
        // Google shows a contact by this name where it is not the parts' own.
        if nameless { String::new() } else { contact.name.clone() },
        part(&organization, 0),
        contact.role.clone(),
        organization.get(1..).unwrap_or_default().join(", "),
        birthday,
        contact.note.clone(),
        card.first("PHOTO")
            .map(|photo| photo.value.clone())
            .filter(|at| at.starts_with("http"))
            .unwrap_or_default(),
        groups.join(AND),
    ]
}

fn parts(property: Option<&Property>) -> Vec<String> {
    let parts = property.map(|property| value::split(&property.value, ';')).unwrap_or_default();
    parts.iter().map(|part| value::one_line(part)).collect()
}

fn part(parts: &[String], index: usize) -> String {
    parts.get(index).cloned().unwrap_or_default()
}

fn text(property: &Property) -> String {
    value::one_line(&value::unescape(&property.value))
}

/// As Google has dates; what is none stays as it is written.
fn date(property: &Property) -> String {
    PartialDate::of(property).and_then(|date| date.in_google()).unwrap_or_else(|| text(property))
}

/// `Box;Extended;Street;City;Region;Code;Country` in Google's order, its whole in front.
fn address(property: &Property, labels: &Labels) -> Vec<String> {
    let parts = parts(Some(property));
    let whole: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let mut cells = vec![called(&labels.name(property)), whole.join(", ")];
    cells.extend([2, 3, 0, 4, 5, 6, 1].map(|index| part(&parts, index)));
    cells
}

fn events(card: &Component, labels: &Labels) -> Vec<Vec<String>> {
    let named = |property: &Property| match property.name.as_str() {
        "ANNIVERSARY" | "X-ANNIVERSARY" => Some("Anniversary".to_owned()),
        "X-ABDATE" => Some(called(&labels.name(property))),
        _ => None,
    };
    card.properties.iter().filter_map(|one| Some(vec![named(one)?, date(one)])).take(MOST).collect()
}

fn relations(card: &Component, labels: &Labels) -> Vec<Vec<String>> {
    let named = |property: &Property| match property.name.as_str() {
        "RELATED" | "X-RELATED" if !text(property).contains(':') => {
            Some(called(&property.types().next().unwrap_or_default()))
        }
        "X-ABRELATEDNAMES" => Some(called(&labels.name(property))),
        "X-SPOUSE" => Some("Spouse".into()),
        "X-ASSISTANT" => Some("Assistant".into()),
        "X-MANAGER" => Some("Manager".into()),
        _ => None,
    };
    card.properties.iter().filter_map(|one| Some(vec![named(one)?, text(one)])).take(MOST).collect()
}

/// Google dropped its columns for messengers: they are fields of one's own.
fn messengers(card: &Component, labels: &Labels) -> Vec<Vec<String>> {
    let named = |property: &Property| match property.name.as_str() {
        "IMPP" | "X-SOCIALPROFILE" => Some(called(&labels.name(property)))
            .map(|label| if label.is_empty() { "IM".into() } else { label }),
        name @ ("X-AIM" | "X-MSN" | "X-YAHOO" | "X-ICQ" | "X-JABBER" | "X-GOOGLE-TALK" | "X-SKYPE"
        | "X-SKYPE-USERNAME" | "X-QQ") => {
            Some(name.trim_start_matches("X-").trim_end_matches("-USERNAME").replace('-', " "))
        }
        _ => None,
    };
    card.properties.iter().filter_map(|one| Some(vec![named(one)?, text(one)])).take(MOST).collect()
}

/// Google's word for one of ours: `work` is `Work`; a label of one's own stays as it is.
fn called(label: &str) -> String {
    match label {
        "home" => "Home".into(),
        "work" => "Work".into(),
        "homepage" => "Profile".into(),
        "anniversary" => "Anniversary".into(),
        "spouse" => "Spouse".into(),
        own => own.to_owned(),
    }
}

fn phone_label(label: &str) -> String {
    let has = |word: &str| label.split(' ').any(|one| one == word);
    match () {
        () if has("fax") && has("work") => "Work Fax".into(),
        () if has("fax") => "Home Fax".into(),
        () if has("pager") => "Pager".into(),
        () if has("cell") || has("mobile") || has("iphone") => "Mobile".into(),
        () if has("main") => "Main".into(),
        () => called(label),
    }
}

#[cfg(test)]
mod tests {
    use app::Category;
    use app::models::Details;

    use super::*;
    use crate::intake::read::read;

    fn table(cards: &[&str]) -> (Vec<String>, Vec<Vec<String>>) {
        let file: String = cards
            .iter()
            .map(|card| format!("BEGIN:VCARD\r\nVERSION:3.0\r\n{card}\r\nEND:VCARD\r\n"))
            .collect();
        let items = read(Category::Contacts, "x", file.as_bytes()).unwrap().items;
        let text = contacts_csv(items.iter().map(|item| match &item.details {
            Details::Contact(contact) => (item.body.as_str(), contact),
            other => panic!("{other:?}"),
        }));
        let mut reader =
            ::csv::ReaderBuilder::new().from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let cells = |record: &::csv::StringRecord| record.iter().map(String::from).collect::<Vec<_>>();
        let header = cells(reader.headers().unwrap());
        (header, reader.records().map(|record| cells(&record.unwrap())).collect())
    }

    fn cell<'a>((header, rows): &'a (Vec<String>, Vec<Vec<String>>), row: usize, name: &str) -> &'a str {
        let column =
            header.iter().position(|one| one == name).unwrap_or_else(|| panic!("{name} in {header:?}"));
        &rows[row][column]
    }

    #[test]
    fn every_part_of_a_card_has_googles_column() {
        let table = table(&[
            concat!(
                "N:Doe;Jörg;Max;Dr.;Jr.\r\nFN:Jörg Doe\r\nNICKNAME:Jo\r\nORG:Acme;Sales;West\r\nTITLE:Buyer\r\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-04-07\r\n",
                "X-PHONETIC-FIRST-NAME:Yurg\r\nTEL;TYPE=HOME,CELL:+1 555-0100\r\nTEL;TYPE=WORK,FAX:555-0101\r\nEMAIL;TYPE=HOME:=cmd@example.com\r\n",
                "ADR;TYPE=WORK:Box 1;Suite 2;1 Main St;Town;CA;94000;USA\r\nitem1.URL:https://example.com\r\nitem1.X-ABLabel:_$!<HomePage>!$_\r\n",
                "CATEGORIES:Friends,Chess\r\nX-ANNIVERSARY:2001-02-03\r\nX-SPOUSE:Ann\r\nX-AIM:jd\r\nNOTE:one\\ntwo"
            ),
            "FN:Zoë",
        ]);
        for (name, value) in [
            ("First Name", "Jörg"),
            ("Middle Name", "Max"),
            ("Last Name", "Doe"),
            ("Name Prefix", "Dr."),
            ("Name Suffix", "Jr."),
            ("Phonetic First Name", "Yurg"),
            ("Nickname", "Jo"),
            ("Organization Name", "Acme"),
            ("Organization Department", "Sales, West"),
            ("Organization Title", "Buyer"),
            ("Birthday", "--04-07"),
            ("Notes", "one\ntwo"),
            ("Labels", "Friends ::: Chess"),
            ("Phone 1 - Label", "Mobile"),
            ("Phone 1 - Value", "+1 555-0100"),
            ("Phone 2 - Label", "Work Fax"),
            ("E-mail 1 - Label", "Home"),
            ("E-mail 1 - Value", "'=cmd@example.com"),
            ("Address 1 - Street", "1 Main St"),
            ("Address 1 - PO Box", "Box 1"),
            ("Address 1 - Extended Address", "Suite 2"),
            ("Address 1 - Country", "USA"),
            ("Website 1 - Label", "Profile"),
            ("Website 1 - Value", "https://example.com"),
            ("Event 1 - Label", "Anniversary"),
            ("Event 1 - Value", "2001-02-03"),
            ("Relation 1 - Label", "Spouse"),
            ("Relation 1 - Value", "Ann"),
            ("Custom Field 1 - Label", "AIM"),
            ("Custom Field 1 - Value", "jd"),
        ] {
            assert_eq!(cell(&table, 0, name), value, "{name}");
        }
        assert_eq!((cell(&table, 1, "First Name"), cell(&table, 1, "Phone 2 - Value")), ("Zoë", ""));
        assert_eq!(table.0[..17], FIXED);
    }

    #[test]
    fn nobody_gives_a_table_of_headings() {
        let text = contacts_csv([]);
        assert_eq!((text.lines().count(), text.matches("\",\"").count()), (1, 16));
    }
}
