//! What hangs out for everyone to read: made when something changes, not when somebody asks.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, RwLock},
};

use app::words::{InEach, Language};

use super::{Snapshot, Trouble, api, feeds, page, told::Told};
use crate::{
    ambient::Millis,
    portal::Portal,
    web::{Served, View},
};

/// Long enough for a crowd behind one cache, short enough for news.
const CACHE: &str = "public, max-age=1";

/// Every public answer of one moment.
pub struct Published {
    pages: InEach<Served>,
    pub atom: Served,
    pub rss: Served,
    /// By the name between `/api/v2/` and `.json`.
    pub bodies: HashMap<&'static str, Served>,
    pub trouble: Option<Trouble>,
    /// When its figures were read; none where there are none yet.
    pub made_at: Option<Millis>,
}

impl Published {
    /// The page in the language spoken.
    pub fn page(&self) -> &Served {
        self.pages.spoken()
    }
}

/// Holds what is published; empty until the first look or the first reader.
#[derive(Default)]
pub struct Board(RwLock<Option<Arc<Published>>>);

impl Board {
    pub fn read(&self, portal: &Portal) -> Arc<Published> {
        let held = self.0.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
        held.unwrap_or_else(|| self.publish(portal, None, Some(Trouble::NotYet)))
    }

    /// Renders everything anew. Without a snapshot the incident file speaks alone.
    pub fn publish(
        &self,
        portal: &Portal,
        snapshot: Option<&Snapshot>,
        trouble: Option<Trouble>,
    ) -> Arc<Published> {
        let bare = || Snapshot {
            id: String::new(),
            made_at: portal.ambient.now(),
            changed_at: 0,
            incident: Told::of(portal.incident.told_in(Language::En)),
            figures: Default::default(),
        };
        let snapshot = snapshot.cloned().unwrap_or_else(bare);
        let published = Arc::new(render(portal, &snapshot, trouble));
        *self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(published.clone());
        published
    }
}

/// The snapshot, which speaks English, in the language spoken. What an older file said stays in its words.
fn told<'a>(portal: &Portal, snapshot: &'a Snapshot, language: Language) -> Cow<'a, Snapshot> {
    let written = || Language::En.within(|| Told::of(portal.incident.told_in(Language::En)));
    if language == Language::En || snapshot.incident != written() {
        return Cow::Borrowed(snapshot);
    }
    let incident = Told::of(portal.incident.told_in(language));
    Cow::Owned(Snapshot { incident, ..snapshot.clone() })
}

/// Programs read English; the page is in every language.
fn render(portal: &Portal, snapshot: &Snapshot, trouble: Option<Trouble>) -> Published {
    let (base_url, host) = (portal.settings.base_url.as_str(), portal.settings.host());
    let changed = page::changed_at(snapshot);
    let (bodies, atom, rss) = Language::En.within(|| {
        (
            api::bodies(snapshot, base_url),
            feeds::atom(snapshot, base_url, host),
            feeds::rss(snapshot, base_url, host),
        )
    });
    let served = |media_type, text, at| Served::new(media_type, text, CACHE, Some(at));
    let pages = InEach::make(|language| {
        let told = told(portal, snapshot, language);
        let html = View::public(portal, "/status").draw(page::model(&told, trouble)).html;
        served("text/html; charset=utf-8", html, snapshot.made_at)
    });
    let json = |body: serde_json::Value| served("application/json", body.to_string(), changed);
    Published {
        pages,
        atom: served("application/atom+xml", atom, changed),
        rss: served("application/rss+xml", rss, changed),
        bodies: bodies.into_iter().map(|(name, body)| (name, json(body))).collect(),
        trouble,
        made_at: (!snapshot.id.is_empty()).then_some(snapshot.made_at),
    }
}
