//! REPORT: members by their addresses, by a filter, or by what changed.

use std::collections::HashSet;

use axum::response::Response;
use http::StatusCode;

use super::{
    answer::{Error, Result, Told, What, multistatus},
    members::{Held, Member},
    place::{Collection, Place},
    properties::{Subject, names},
    propfind::split,
    query::{Filter, Query},
    render::Version,
    routes::Scene,
    states,
    texts::{self, Order, Texts},
    xml::{self, CAL, CARD, DAV, Element, Name},
};

pub async fn answer(scene: &Scene<'_>, place: &Place, body: &[u8]) -> Result<Response> {
    let root = xml::read(body)?;
    let Place::Collection(collection) = place else { return Err(Error::unmet(DAV, "supported-report")) };
    let (space, is_cards) = (root.name.space.as_ref(), collection.is_addressbook());
    let kind = match (space, is_cards) {
        (CARD, true) => root.name.local.strip_prefix("addressbook-"),
        (CAL, false) => root.name.local.strip_prefix("calendar-"),
        (DAV, _) => Some(root.name.local.as_ref()),
        _ => None,
    };
    let wanted = Wanted::of(*collection, &root)?;
    match kind {
        Some("multiget") if space != DAV => multiget(scene, *collection, wanted, &root).await,
        Some("query") if space != DAV => query(scene, *collection, wanted, &root).await,
        Some("sync-collection") if space == DAV => changed(scene, *collection, wanted, &root).await,
        _ => Err(Error::unmet(DAV, "supported-report")),
    }
}

/// Which properties, and which vCard.
struct Wanted {
    names: Vec<Name>,
    version: Version,
    /// The text is asked for.
    data: bool,
    length: bool,
}

impl Wanted {
    fn of(collection: Collection, root: &Element) -> Result<Self> {
        let asked = root.child(DAV, "prop");
        let children = asked.map(|prop| prop.children.as_slice()).unwrap_or_default();
        let data = children.iter().find(|one| one.is(CARD, "address-data") || one.is(CAL, "calendar-data"));
        Ok(Self {
            names: asked.map(names).transpose()?.unwrap_or_default(),
            version: data.map_or(Ok(Version::V3), |data| version(collection, data))?,
            data: data.is_some(),
            length: children.iter().any(|one| one.is(DAV, "getcontentlength")),
        })
    }
}

/// The form that data is asked in; a refusal when there is none such. A member comes whole: naming
/// parts of it is taken as asking for all of it.
fn version(collection: Collection, data: &Element) -> Result<Version> {
    let media = data.attribute("content-type").map(str::to_ascii_lowercase);
    match (collection.is_addressbook(), media.as_deref(), data.attribute("version")) {
        (true, None | Some("text/vcard"), None | Some("3.0")) => Ok(Version::V3),
        (true, Some("text/vcard"), Some("4.0")) => Ok(Version::V4),
        (true, ..) => Err(Error::unmet(CARD, "supported-address-data")),
        // Occurrences are the client's to work out.
        (false, None | Some("text/calendar"), None | Some("2.0")) if data.child(CAL, "expand").is_none() => {
            Ok(Version::V3)
        }
        (false, ..) => Err(Error::unmet(CAL, "supported-calendar-data")),
    }
}

/// Each address once, however often it is asked for.
async fn multiget(
    scene: &Scene<'_>,
    collection: Collection,
    wanted: Wanted,
    root: &Element,
) -> Result<Response> {
    let held = Held::of(scene, collection).await?;
    let by_name = held.by_name();
    let find = |address: &str| match Place::of(address) {
        Some(Place::Member(of, name)) if of == collection => by_name.get(name.as_str()).copied(),
        _ => None,
    };
    let mut seen = HashSet::new();
    let hrefs = root.children.iter().filter(|child| child.is(DAV, "href")).map(|child| child.text.trim());
    let asked: Vec<(&str, Option<&Member>)> =
        hrefs.filter(|href| seen.insert(*href)).map(|href| (href, find(href))).collect();
    let found: Vec<&Member> = asked.iter().filter_map(|(_, member)| *member).collect();
    let shown = shown(scene, &held, &found, &wanted).await?;
    let beyond: HashSet<&str> = found[shown.reached..].iter().map(|member| member.name.as_str()).collect();
    let told = asked.into_iter().map(|(href, member)| {
        let what = match member {
            Some(member) if beyond.contains(member.name.as_str()) => Some(over_limits()),
            member => member.and_then(|member| shown.told(collection, member, &wanted.names)),
        };
        Told { href: href.to_owned(), what: what.unwrap_or(What::Status(StatusCode::NOT_FOUND, None)) }
    });
    Ok(multistatus(told.collect(), None))
}

async fn query(
    scene: &Scene<'_>,
    collection: Collection,
    wanted: Wanted,
    root: &Element,
) -> Result<Response> {
    let Query { filter, most } = Query::of(collection, root)?;
    let most = most.unwrap_or(usize::MAX);
    let held = Held::of(scene, collection).await?;
    let members: Vec<&Member> = held.members.iter().collect();
    let order = Order { version: wanted.version, filter, whole: wanted.data, most };
    let texts = texts::write(scene, &held, &members, order).await?;
    let matching = members[..texts.reached].iter().filter_map(|member| Some((*member, texts.of(member)?)));
    let mut told: Vec<Told> = matching
        .map(|(member, text)| {
            let subject = Subject::Member(collection, member, Some(text));
            Told { href: subject.href(), what: split(&subject, &wanted.names) }
        })
        .collect();
    if told.len() > most || texts.reached < members.len() {
        told.truncate(most);
        told.push(too_many(collection));
    }
    Ok(multistatus(told, None))
}

/// There are more than the client wants at once, or than an answer holds (RFC 6352, 8.6.2; RFC 6578, 3.6).
fn too_many(collection: Collection) -> Told {
    Told { href: Place::Collection(collection).href(), what: over_limits() }
}

fn over_limits() -> What {
    let condition = Element::new(DAV, "number-of-matches-within-limits");
    What::Status(StatusCode::INSUFFICIENT_STORAGE, Some(condition))
}

async fn changed(
    scene: &Scene<'_>,
    collection: Collection,
    wanted: Wanted,
    root: &Element,
) -> Result<Response> {
    let held = Held::of(scene, collection).await?;
    let new = states::state(&held.members);
    let told_then = root.child(DAV, "sync-token").map(|token| token.text.trim()).unwrap_or_default();
    let old = match told_then {
        "" => states::State::new(),
        token => states::recall(scene.db, scene.access, collection, token)
            .await?
            .ok_or_else(|| Error::unmet(DAV, "valid-sync-token"))?,
    };
    let mut changes = states::changes(&old, &new);
    let all = changes.len();
    changes.truncate(limit(root)?.unwrap_or(usize::MAX));
    let by_name = held.by_name();
    let here: Vec<&Member> =
        changes.iter().filter_map(|(name, _)| by_name.get(name.as_str()).copied()).collect();
    let shown = shown(scene, &held, &here, &wanted).await?;
    if let Some(beyond) = here.get(shown.reached) {
        let kept = changes.iter().position(|(name, _)| *name == beyond.name);
        changes.truncate(kept.unwrap_or_default());
    }
    let is_cut = changes.len() < all;
    let reached = if is_cut { states::after(old, &changes) } else { new };
    let token = states::keep(scene.db, scene.access, collection, &reached, scene.now).await?;
    let mut told: Vec<Told> = changes
        .into_iter()
        .map(|(name, _)| {
            let member = by_name.get(name.as_str());
            let what = member.and_then(|member| shown.told(collection, member, &wanted.names));
            let href = Place::Member(collection, name).href();
            Told { href, what: what.unwrap_or(What::Status(StatusCode::NOT_FOUND, None)) }
        })
        .collect();
    if is_cut {
        told.push(too_many(collection));
    }
    Ok(multistatus(told, Some(Element::new(DAV, "sync-token").says(token))))
}

/// `<d:limit><d:nresults>`.
pub fn limit(root: &Element) -> Result<Option<usize>> {
    let space = root.name.space.as_ref();
    let Some(limit) = root.child(space, "limit") else { return Ok(None) };
    let number = limit.child(space, "nresults").and_then(|number| number.text.trim().parse().ok());
    number.filter(|number| *number > 0).map(Some).ok_or(Error::BadRequest("a limit is a number above zero"))
}

/// Members with what is asked of their texts.
struct Shown {
    /// None where nothing is asked of them: then every member is there.
    texts: Option<Texts>,
    /// So many of them fit into the answer.
    reached: usize,
}

impl Shown {
    /// None when the member went since it was listed.
    fn told(&self, collection: Collection, member: &Member, names: &[Name]) -> Option<What> {
        let text = match &self.texts {
            Some(texts) => Some(texts.of(member)?),
            None => None,
        };
        Some(split(&Subject::Member(collection, member, text), names))
    }
}

async fn shown(scene: &Scene<'_>, held: &Held, members: &[&Member], wanted: &Wanted) -> Result<Shown> {
    if !(wanted.data || wanted.length) {
        return Ok(Shown { texts: None, reached: members.len() });
    }
    let (version, whole) = (wanted.version, wanted.data);
    let order = Order { version, filter: Filter::Everything, whole, most: usize::MAX };
    let texts = texts::write(scene, held, members, order).await?;
    Ok(Shown { reached: texts.reached, texts: Some(texts) })
}
