//! REPORT: members by their addresses, by a filter, or by what changed.

use std::collections::{HashMap, HashSet};

use axum::response::Response;
use http::StatusCode;

use super::{
    answer::{Error, Result, Told, What, multistatus},
    members::{self, Member, Stored},
    place::{Collection, Place},
    properties::Subject,
    propfind::split,
    query::{Filter, Query},
    render::{Version, render},
    routes::Scene,
    states,
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
    /// The text is asked for, or its length.
    text: bool,
}

impl Wanted {
    fn of(collection: Collection, root: &Element) -> Result<Self> {
        let asked = root.child(DAV, "prop").map(|prop| prop.children.as_slice()).unwrap_or_default();
        let data = asked.iter().find(|one| one.is(CARD, "address-data") || one.is(CAL, "calendar-data"));
        Ok(Self {
            names: asked.iter().map(|one| one.name.clone()).collect(),
            version: data.map_or(Ok(Version::V3), |data| version(collection, data))?,
            text: data.is_some() || asked.iter().any(|one| one.is(DAV, "getcontentlength")),
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

async fn multiget(
    scene: &Scene<'_>,
    collection: Collection,
    wanted: Wanted,
    root: &Element,
) -> Result<Response> {
    let all = members::members(scene, collection).await?;
    let by_name: HashMap<&str, &Member> = all.iter().map(|member| (member.name.as_str(), member)).collect();
    let find = |address: &str| match Place::of(address.trim()) {
        Some(Place::Member(of, name)) if of == collection => by_name.get(name.as_str()).copied(),
        _ => None,
    };
    let hrefs = root.children.iter().filter(|child| child.is(DAV, "href"));
    let asked: Vec<(String, Option<&Member>)> =
        hrefs.map(|href| (href.text.trim().to_owned(), find(&href.text))).collect();
    let found: Vec<&Member> = asked.iter().filter_map(|(_, member)| *member).collect();
    let shown = shown(scene, collection, &found, &wanted).await?;
    let told = asked.into_iter().map(|(href, member)| {
        let what = member.and_then(|member| shown.told(collection, member, &wanted));
        Told { href, what: what.unwrap_or(What::Status(StatusCode::NOT_FOUND, None)) }
    });
    Ok(multistatus(told.collect(), None))
}

async fn query(
    scene: &Scene<'_>,
    collection: Collection,
    wanted: Wanted,
    root: &Element,
) -> Result<Response> {
    let query = Query::of(collection, root)?;
    let all = members::members(scene, collection).await?;
    let refs: Vec<&Member> = all.iter().collect();
    let shown = shown(scene, collection, &refs, &Wanted { text: true, ..wanted_like(&wanted) }).await?;
    let (shown, names) = matching(query.filter, shown).await?;
    let matching: Vec<&Member> = refs.into_iter().filter(|member| names.contains(&member.name)).collect();
    let most = query.most.unwrap_or(usize::MAX);
    let mut told: Vec<Told> = matching
        .iter()
        .take(most)
        .filter_map(|member| {
            let href = Place::Member(collection, member.name.clone()).href();
            Some(Told { href, what: shown.told(collection, member, &wanted)? })
        })
        .collect();
    if matching.len() > most {
        told.push(too_many(collection));
    }
    Ok(multistatus(told, None))
}

/// The names of the members whose text the filter lets through.
async fn matching(filter: Filter, shown: Shown) -> Result<(Shown, HashSet<String>)> {
    let work = move || {
        let matching = shown.texts.iter().filter(|(_, text)| filter.matches(text));
        let names = matching.map(|(name, _)| name.clone()).collect();
        (shown, names)
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))
}

fn wanted_like(wanted: &Wanted) -> Wanted {
    Wanted { names: Vec::new(), version: wanted.version, text: wanted.text }
}

/// There are more than the client wants at once (RFC 6352, 8.6.2; RFC 6578, 3.6).
fn too_many(collection: Collection) -> Told {
    let condition = Element::new(DAV, "number-of-matches-within-limits");
    let what = What::Status(StatusCode::INSUFFICIENT_STORAGE, Some(condition));
    Told { href: Place::Collection(collection).href(), what }
}

async fn changed(
    scene: &Scene<'_>,
    collection: Collection,
    wanted: Wanted,
    root: &Element,
) -> Result<Response> {
    let all = members::members(scene, collection).await?;
    let new = states::state(&all);
    let told_then = root.child(DAV, "sync-token").map(|token| token.text.trim()).unwrap_or_default();
    let old = match told_then {
        "" => states::State::new(),
        token => states::recall(scene.db, scene.access, collection, token)
            .await?
            .ok_or_else(|| Error::unmet(DAV, "valid-sync-token"))?,
    };
    let mut changes = states::changes(&old, &new);
    let most = limit(root)?.unwrap_or(usize::MAX);
    let is_cut = changes.len() > most;
    changes.truncate(most);
    let reached = if is_cut { states::after(old, &changes) } else { new };
    let token = states::keep(scene.db, scene.access, collection, &reached, scene.now).await?;
    let by_name: HashMap<&str, &Member> = all.iter().map(|member| (member.name.as_str(), member)).collect();
    let here: Vec<&Member> =
        changes.iter().filter_map(|(name, _)| by_name.get(name.as_str()).copied()).collect();
    let shown = shown(scene, collection, &here, &wanted).await?;
    let mut told: Vec<Told> = changes
        .into_iter()
        .map(|(name, _)| {
            let what = by_name.get(name.as_str()).and_then(|member| shown.told(collection, member, &wanted));
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

/// Members' texts, where they are asked for.
struct Shown {
    texts: HashMap<String, String>,
    /// Every member is there, since no text is needed.
    without: bool,
}

impl Shown {
    /// None when the member went since it was listed.
    fn told(&self, collection: Collection, member: &Member, wanted: &Wanted) -> Option<What> {
        let text = self.texts.get(&member.name).map(String::as_str);
        let there = self.without || text.is_some();
        there.then(|| split(&Subject::Member(collection, member, text), &wanted.names))
    }
}

async fn shown(
    scene: &Scene<'_>,
    collection: Collection,
    members: &[&Member],
    wanted: &Wanted,
) -> Result<Shown> {
    if !wanted.text || members.is_empty() {
        return Ok(Shown { texts: HashMap::new(), without: !wanted.text });
    }
    let stored = members::stored(scene, collection, members).await?;
    let members: Vec<Member> = members.iter().map(|member| (*member).clone()).collect();
    let version = wanted.version;
    // Ten thousand cards keep a processor busy for a while: not on the tasks that serve others.
    let texts = tokio::task::spawn_blocking(move || texts(collection, &members, &stored, version)).await;
    let texts = texts.map_err(|error| Error::Internal(error.to_string()))??;
    Ok(Shown { texts, without: false })
}

fn texts(
    collection: Collection,
    members: &[Member],
    stored: &HashMap<String, Stored>,
    version: Version,
) -> crate::store::Result<HashMap<String, String>> {
    let mut texts = HashMap::with_capacity(members.len());
    for member in members {
        if let Some(text) = render(collection, member, stored, version)? {
            texts.insert(member.name.clone(), text);
        }
    }
    Ok(texts)
}
