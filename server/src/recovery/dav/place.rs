//! What there is under `/dav/`.

use app::Category;

use crate::ambient::parse_id;

/// One kind of data, as clients subscribe to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    Contacts,
    Calendar,
    Tasks,
    Notes,
}

impl Collection {
    pub const ALL: [Collection; 4] =
        [Collection::Contacts, Collection::Calendar, Collection::Tasks, Collection::Notes];

    pub fn category(self) -> Category {
        match self {
            Collection::Contacts => Category::Contacts,
            Collection::Calendar => Category::Calendar,
            Collection::Tasks => Category::Tasks,
            Collection::Notes => Category::Notes,
        }
    }

    /// As a phone lists it.
    pub fn title(self) -> &'static str {
        match self {
            Collection::Contacts => "Recovered contacts",
            Collection::Calendar => "Recovered calendar",
            Collection::Tasks => "Recovered tasks",
            Collection::Notes => "Recovered notes",
        }
    }

    pub fn is_addressbook(self) -> bool {
        self == Collection::Contacts
    }

    /// The component that it is for (RFC 5545); none of an address book.
    pub fn component(self) -> Option<&'static str> {
        match self {
            Collection::Contacts => None,
            Collection::Calendar => Some("VEVENT"),
            Collection::Tasks => Some("VTODO"),
            Collection::Notes => Some("VJOURNAL"),
        }
    }

    pub fn media_type(self) -> &'static str {
        if self.is_addressbook() { "text/vcard; charset=utf-8" } else { "text/calendar; charset=utf-8" }
    }

    fn extension(self) -> &'static str {
        if self.is_addressbook() { ".vcf" } else { ".ics" }
    }

    fn home(self) -> Place {
        if self.is_addressbook() { Place::AddressBooks } else { Place::Calendars }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Root,
    /// Whoever is signed in.
    Principal,
    AddressBooks,
    Calendars,
    Collection(Collection),
    /// A card or an entry, by the id of its item.
    Member(Collection, String),
}

impl Place {
    /// What a path or a whole address leads to; none for what there cannot be.
    pub fn of(address: &str) -> Option<Self> {
        let path = match address.split_once("://") {
            Some((_, rest)) => &rest[rest.find('/')?..],
            None => address,
        };
        let rest = path.strip_prefix("/dav")?;
        if !rest.is_empty() && !rest.starts_with('/') {
            return None;
        }
        let parts: Vec<&str> = rest.trim_matches('/').split('/').collect();
        Some(match parts.as_slice() {
            [""] => Place::Root,
            ["principal"] => Place::Principal,
            ["addressbooks"] => Place::AddressBooks,
            ["calendars"] => Place::Calendars,
            [home, name] => Place::Collection(collection(home, name)?),
            [home, name, file] => member(collection(home, name)?, file)?,
            _ => return None,
        })
    }

    pub fn href(&self) -> String {
        match self {
            Place::Root => "/dav/".to_owned(),
            Place::Principal => "/dav/principal/".to_owned(),
            Place::AddressBooks => "/dav/addressbooks/".to_owned(),
            Place::Calendars => "/dav/calendars/".to_owned(),
            Place::Collection(collection) => {
                format!("{}{}/", collection.home().href(), collection.category())
            }
            Place::Member(collection, name) => {
                format!("{}{name}{}", Place::Collection(*collection).href(), collection.extension())
            }
        }
    }
}

fn collection(home: &str, name: &str) -> Option<Collection> {
    let found = Collection::ALL.into_iter().find(|one| one.category().slug() == name)?;
    (found.is_addressbook() == (home == "addressbooks"))
        .then_some(found)
        .filter(|_| matches!(home, "addressbooks" | "calendars"))
}

fn member(collection: Collection, file: &str) -> Option<Place> {
    let name = file.strip_suffix(collection.extension())?;
    Some(Place::Member(collection, member_name(name)?))
}

/// An id, or an id with a number after it: contacts that were merged by choice are named so.
fn member_name(name: &str) -> Option<String> {
    if let Some(id) = parse_id(name) {
        return Some(id.to_string());
    }
    let (id, number) = name.rsplit_once('-')?;
    Some(format!("{}-{}", parse_id(id)?, number.parse::<u32>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found_at_its_own_address() {
        let id = "018f0000-0000-7000-8000-000000000001";
        let collections = Collection::ALL.map(Place::Collection);
        let members = Collection::ALL.map(|collection| Place::Member(collection, id.to_owned()));
        let others = [Place::Root, Place::Principal, Place::AddressBooks, Place::Calendars];
        for place in others.into_iter().chain(collections).chain(members) {
            assert_eq!(Place::of(&place.href()), Some(place.clone()));
            assert_eq!(Place::of(&format!("https://a.example{}", place.href())), Some(place));
        }
        let merged = Place::Member(Collection::Contacts, format!("{id}-2"));
        assert_eq!(Place::of(&merged.href()), Some(merged));
        assert_eq!(Place::of("/dav"), Some(Place::Root));
        assert_eq!(Place::of("/dav/addressbooks/contacts"), Some(Place::Collection(Collection::Contacts)));
    }

    #[test]
    fn nothing_else_is_a_place() {
        for address in [
            "",
            "/",
            "/davs",
            "/dav/x",
            "/dav/addressbooks/calendar/",
            "/dav/calendars/contacts/",
            "/dav/x/contacts/",
            "/dav/addressbooks/photos/",
            "/dav/addressbooks/contacts/1.vcf",
            "/dav/addressbooks/contacts/../x",
            "https://a.example",
            "/dav/calendars/calendar/018f0000-0000-7000-8000-000000000001.vcf",
        ] {
            assert_eq!(Place::of(address), None, "{address}");
        }
    }
}
