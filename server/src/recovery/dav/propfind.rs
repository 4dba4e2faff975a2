//! PROPFIND (RFC 4918, 9.1): what there is, and what is known of it.

use axum::response::Response;
use http::HeaderMap;

use super::{
    answer::{Error, Result, Told, What, multistatus},
    members::{Held, Member},
    place::{Collection, Place},
    properties::{ALL, NAMES, Subject, names, property},
    query::Filter,
    render::Version,
    routes::Scene,
    texts::{self, Order, Texts},
    xml::{self, CS, DAV, Element, Name},
};

/// Which properties.
enum Wanted {
    /// Those that there are, of these.
    Any(Vec<Name>),
    /// These, and which of them there are not.
    Named(Vec<Name>),
    /// The names alone.
    Names,
}

impl Wanted {
    fn of(body: &[u8]) -> Result<Self> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Wanted::Any(ALL.to_vec()));
        }
        let root = xml::read(body)?;
        if !root.is(DAV, "propfind") {
            return Err(Error::BadRequest("a PROPFIND holds a DAV:propfind"));
        }
        if let Some(prop) = root.child(DAV, "prop") {
            return Ok(Wanted::Named(names(prop)?));
        }
        if root.child(DAV, "propname").is_some() {
            return Ok(Wanted::Names);
        }
        if root.child(DAV, "allprop").is_some() {
            let more = root.child(DAV, "include").map(names).transpose()?.unwrap_or_default();
            return Ok(Wanted::Any(ALL.iter().cloned().chain(more).collect()));
        }
        Err(Error::BadRequest("a DAV:propfind holds prop, propname or allprop"))
    }

    fn asks(&self, space: &str, local: &str) -> bool {
        match self {
            Wanted::Any(names) | Wanted::Named(names) => names.iter().any(|name| name.is(space, local)),
            Wanted::Names => true,
        }
    }

    fn asks_token(&self) -> bool {
        self.asks(DAV, "sync-token") || self.asks(CS, "getctag")
    }

    fn told(&self, subject: &Subject<'_>) -> Told {
        let what = match self {
            Wanted::Any(names) => What::Properties(
                names.iter().filter_map(|name| property(subject, name)).collect(),
                Vec::new(),
            ),
            Wanted::Named(names) => split(subject, names),
            Wanted::Names => {
                let there = NAMES.iter().filter(|name| property(subject, name).is_some());
                What::Properties(there.map(|name| Element::named(name.clone())).collect(), Vec::new())
            }
        };
        Told { href: subject.href(), what }
    }
}

/// Those that the subject has, and those that it has not.
pub fn split(subject: &Subject<'_>, names: &[Name]) -> What {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for name in names {
        match property(subject, name) {
            Some(property) => found.push(property),
            None => missing.push(name.clone()),
        }
    }
    What::Properties(found, missing)
}

pub async fn answer(scene: &Scene<'_>, place: &Place, headers: &HeaderMap, body: &[u8]) -> Result<Response> {
    let with_children = match headers.get("depth").map(|depth| depth.as_bytes()) {
        Some(b"0") => false,
        Some(b"1") => true,
        // Everything at once, which is also what no header means (RFC 4918, 9.1).
        _ => return Err(Error::unmet(DAV, "propfind-finite-depth")),
    };
    let wanted = Wanted::of(body)?;
    let mut told = Vec::new();
    match place {
        Place::Member(collection, name) => {
            let held = Held::of(scene, *collection).await?;
            let member = held.member(name).ok_or(Error::NotFound)?;
            tell_members(scene, &wanted, &held, &[member], &mut told).await?;
        }
        Place::Collection(collection) => {
            let held = tell_collection(scene, &wanted, *collection, &mut told).await?;
            if with_children {
                let members: Vec<&Member> = held.members.iter().collect();
                tell_members(scene, &wanted, &held, &members, &mut told).await?;
            }
        }
        _ => {
            told.push(wanted.told(&Subject::Plain(place.clone())));
            for child in children(place).into_iter().filter(|_| with_children) {
                told.push(wanted.told(&Subject::Plain(child)));
            }
            for collection in collections(scene, place).into_iter().filter(|_| with_children) {
                tell_collection(scene, &wanted, collection, &mut told).await?;
            }
        }
    }
    Ok(multistatus(told, None))
}

fn children(place: &Place) -> Vec<Place> {
    match place {
        Place::Root => vec![Place::Principal, Place::AddressBooks, Place::Calendars],
        _ => Vec::new(),
    }
}

fn collections(scene: &Scene<'_>, home: &Place) -> Vec<Collection> {
    let of_home = |collection: &Collection| match home {
        Place::AddressBooks => collection.is_addressbook(),
        Place::Calendars => !collection.is_addressbook(),
        _ => false,
    };
    scene.open.iter().copied().filter(of_home).collect()
}

/// Also gives what it holds, which its state is made of.
async fn tell_collection(
    scene: &Scene<'_>,
    wanted: &Wanted,
    collection: Collection,
    told: &mut Vec<Told>,
) -> Result<Held> {
    let held = Held::of(scene, collection).await?;
    let token = match wanted.asks_token() {
        true => Some(scene.token(collection, &held.members).await?),
        false => None,
    };
    told.push(wanted.told(&Subject::Collection(collection, token.as_deref())));
    Ok(held)
}

async fn tell_members(
    scene: &Scene<'_>,
    wanted: &Wanted,
    held: &Held,
    members: &[&Member],
    told: &mut Vec<Told>,
) -> Result<()> {
    // Texts are written for their length alone only where it is asked for by name.
    let texts = match wanted {
        Wanted::Named(_) if wanted.asks(DAV, "getcontentlength") => {
            let filter = Filter::Everything;
            let order = Order { version: Version::V3, filter, whole: false, most: usize::MAX };
            texts::write(scene, held, members, order).await?
        }
        _ => Texts::default(),
    };
    let subject = |member| Subject::Member(held.collection, member, texts.of(member));
    told.extend(members.iter().map(|member| wanted.told(&subject(member))));
    Ok(())
}
