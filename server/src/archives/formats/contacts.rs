//! Contacts as files that phones and address books read.

use app::models::Contact;

use super::convert::{self, Version};
use super::csv;
use super::names::FileNames;
use crate::intake::read::{value, write};

/// Every card in one file, vCard 3.0, UTF-8.
pub fn contacts_vcf<'a>(bodies: impl IntoIterator<Item = &'a str>) -> String {
    bodies.into_iter().map(|body| card(body, Version::V3)).collect()
}

/// The same in vCard 4.0.
pub fn contacts_vcf_4<'a>(bodies: impl IntoIterator<Item = &'a str>) -> String {
    bodies.into_iter().map(|body| card(body, Version::V4)).collect()
}

/// One card a file, for Outlook and old phones: names and texts in the order given.
/// Each pair is a title and a body.
pub fn each_contact<'a>(cards: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    let mut names = FileNames::default();
    cards.into_iter().map(|(title, body)| (names.unique(title, "vcf"), card(body, Version::V3))).collect()
}

fn card(body: &str, version: Version) -> String {
    let mut out = String::new();
    for component in convert::components(body).into_iter().filter(|component| component.name == "VCARD") {
        write::component(&mut out, &convert::card(component, version, body));
    }
    out
}

/// A table in the columns that Google Contacts imports; each pair is a body and
/// what a page shows of it.
pub fn contacts_csv<'a>(cards: impl IntoIterator<Item = (&'a str, &'a Contact)>) -> String {
    let cards: Vec<(&str, &Contact)> = cards.into_iter().collect();
    let most =
        |count: fn(&Contact) -> usize| cards.iter().map(|(_, contact)| count(contact)).max().unwrap_or(0);
    let widths = Widths {
        emails: most(|contact| contact.emails.len()).max(1),
        phones: most(|contact| contact.phones.len()).max(1),
        addresses: most(|contact| contact.addresses.len()),
        urls: most(|contact| contact.urls.len()),
    };
    let rows = cards.iter().map(|(body, contact)| widths.row(body, contact));
    csv::table(std::iter::once(widths.header()).chain(rows))
}

/// How many columns of a kind the table has.
struct Widths {
    emails: usize,
    phones: usize,
    addresses: usize,
    urls: usize,
}

impl Widths {
    fn header(&self) -> Vec<String> {
        let fixed = [
            "First Name",
            "Middle Name",
            "Last Name",
            "Name Prefix",
            "Name Suffix",
            "Nickname",
            "Organization Name",
            "Organization Title",
            "Birthday",
            "Notes",
        ];
        let mut header: Vec<String> = fixed.map(String::from).to_vec();
        let kinds = [
            ("E-mail", "Value", self.emails),
            ("Phone", "Value", self.phones),
            ("Address", "Formatted", self.addresses),
            ("Website", "Value", self.urls),
        ];
        for (kind, what, count) in kinds {
            header.extend(
                (1..=count).flat_map(|n| [format!("{kind} {n} - Label"), format!("{kind} {n} - {what}")]),
            );
        }
        header
    }

    fn row(&self, body: &str, contact: &Contact) -> Vec<String> {
        let mut row = name_cells(body, contact);
        row.extend(
            [&contact.organization, &contact.role, &contact.birthday, &contact.note].map(String::clone),
        );
        let urls: Vec<(String, String)> =
            contact.urls.iter().map(|url| (String::new(), url.clone())).collect();
        for (list, count) in [
            (&contact.emails, self.emails),
            (&contact.phones, self.phones),
            (&contact.addresses, self.addresses),
            (&urls, self.urls),
        ] {
            let empty = (String::new(), String::new());
            let padded = list.iter().chain(std::iter::repeat(&empty)).take(count);
            row.extend(padded.flat_map(|(label, text)| [label.clone(), text.clone()]));
        }
        row
    }
}

/// First, middle and last name, what stands before and after it, and the nickname.
fn name_cells(body: &str, contact: &Contact) -> Vec<String> {
    let card = convert::components(body).into_iter().next().unwrap_or_default();
    let parts = card.first("N").map(|name| value::split(&name.value, ';')).unwrap_or_default();
    let part = |index: usize| parts.get(index).map(|part| value::one_line(part)).unwrap_or_default();
    let mut cells = vec![part(1), part(2), part(0), part(3), part(4)];
    if cells.iter().all(String::is_empty) {
        cells[0].clone_from(&contact.name);
    }
    let nickname = card.first("NICKNAME").map(|name| value::one_line(&value::unescape(&name.value)));
    cells.push(nickname.unwrap_or_default());
    cells
}

#[cfg(test)]
mod tests {
    use app::Category;
    use app::models::Details;

    use super::*;
    use crate::intake::read::{Found, read};

    const FILE: &str = concat!(
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:M=C3=BCller;J=C3=B6rg\r\nTEL;CELL;PREF:+1 555-0100\r\n",
        "PHOTO;ENCODING=BASE64;TYPE=JPEG:AAAA\r\n\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Zoë\r\nTEL;PREF=1;VALUE=uri;TYPE=home:tel:+1-555-0101\r\nKIND:individual\r\n",
        "PHOTO:data:image/png;base64,AAAA\r\nEMAIL:=cmd@example.com\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nTEL;TYPE=PREF:1\r\nEND:VCARD\r\n",
    );

    fn items(text: &str) -> Vec<Found> {
        let reading = read(Category::Contacts, "x", text.as_bytes()).unwrap();
        assert_eq!(reading.problems, []);
        reading.items
    }

    fn contact(found: &Found) -> &Contact {
        match &found.details {
            Details::Contact(contact) => contact,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_versions_read_back_as_the_same_people() {
        let from = items(FILE);
        let (as_3, as_4) = (
            contacts_vcf(from.iter().map(|i| i.body.as_str())),
            contacts_vcf_4(from.iter().map(|i| i.body.as_str())),
        );
        for text in [&as_3, &as_4] {
            let back = items(text);
            assert_eq!(back.len(), 3);
            for (one, two) in from.iter().zip(&back) {
                assert_eq!(one.title, two.title);
                assert_eq!(contact(one).phones, contact(two).phones);
                assert_eq!(contact(one).has_photo, contact(two).has_photo);
            }
        }
        assert_eq!(as_3.matches("VERSION:3.0\r\n").count(), 3);
        assert!(as_3.contains("PHOTO;ENCODING=b;TYPE=PNG:AAAA") && as_3.contains("N:;Zoë;;;"), "{as_3}");
        assert!(
            as_4.contains("PHOTO:data:image/jpeg;base64,AAAA") && as_4.contains("TEL;TYPE=CELL;PREF=1:"),
            "{as_4}"
        );
    }

    #[test]
    fn the_table_has_googles_columns_and_no_cell_that_runs() {
        let from = items(FILE);
        let text = contacts_csv(from.iter().map(|item| (item.body.as_str(), contact(item))));
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        assert!(lines.next().unwrap().starts_with("First Name,Middle Name,Last Name,"));
        assert!(lines.next().unwrap().starts_with("Jörg,,Müller,"));
        assert!(text.contains("'=cmd@example.com") && text.contains(",+1 555-0100"));
        let widths: Vec<usize> = csv_widths(&text);
        assert!(widths.windows(2).all(|two| two[0] == two[1]));
    }

    fn csv_widths(text: &str) -> Vec<usize> {
        let mut reader =
            ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        reader.records().map(|record| record.unwrap().len()).collect()
    }

    #[test]
    fn one_card_a_file_under_a_name_of_its_own() {
        let from = items(FILE);
        let files = each_contact(
            from.iter().map(|_| "Jörg / Müller").zip(from.iter().map(|item| item.body.as_str())),
        );
        assert_eq!(files[1].0, "Jörg _ Müller (2).vcf");
        assert_eq!(items(&files[1].1).len(), 1);
    }
}
