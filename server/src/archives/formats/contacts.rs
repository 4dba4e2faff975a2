//! Contacts as files that phones and address books read.

use super::convert::{self, Version};
use super::names::FileNames;
use crate::intake::read::write;

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
pub fn each_contact<'a>(
    cards: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> impl Iterator<Item = (String, String)> {
    let mut names = FileNames::default();
    cards.into_iter().map(move |(title, body)| (names.unique(title, "vcf"), card(body, Version::V3)))
}

fn card(body: &str, version: Version) -> String {
    let mut out = String::new();
    for component in convert::components(body).into_iter().filter(|component| component.name == "VCARD") {
        write::component(&mut out, &convert::card(component, version, body));
    }
    out
}

#[cfg(test)]
mod tests {
    use app::Category;
    use app::models::{Contact, Details};

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
    fn one_card_a_file_under_a_name_of_its_own() {
        let from = items(FILE);
        let titled = from.iter().map(|item| ("Jörg / Müller", item.body.as_str()));
        let files: Vec<_> = each_contact(titled).collect();
        assert_eq!(files[1].0, "Jörg _ Müller (2).vcf");
        assert_eq!(items(&files[1].1).len(), 1);
    }
}
