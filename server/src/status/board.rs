//! What hangs out for everyone to read: made when something changes, not when somebody asks.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

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
    pub page: Served,
    pub atom: Served,
    pub rss: Served,
    /// By the name between `/api/v2/` and `.json`.
    pub bodies: HashMap<&'static str, Served>,
    pub trouble: Option<Trouble>,
    /// When its figures were read; none where there are none yet.
    pub made_at: Option<Millis>,
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
            incident: Told::of(&portal.incident),
            figures: Default::default(),
        };
        let snapshot = snapshot.cloned().unwrap_or_else(bare);
        let published = Arc::new(render(portal, &snapshot, trouble));
        *self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(published.clone());
        published
    }
}

fn render(portal: &Portal, snapshot: &Snapshot, trouble: Option<Trouble>) -> Published {
    let (base_url, host) = (portal.settings.base_url.as_str(), portal.settings.host());
    let changed = page::changed_at(snapshot);
    let html = View::public(portal, "/status").draw(page::model(snapshot, trouble)).html;
    let bodies = api::bodies(snapshot, base_url);
    let served = |media_type, text, at| Served::new(media_type, text, CACHE, Some(at));
    let json = |body: serde_json::Value| served("application/json", body.to_string(), changed);
    Published {
        page: served("text/html; charset=utf-8", html, snapshot.made_at),
        atom: served("application/atom+xml", feeds::atom(snapshot, base_url, host), changed),
        rss: served("application/rss+xml", feeds::rss(snapshot, base_url, host), changed),
        bodies: bodies.into_iter().map(|(name, body)| (name, json(body))).collect(),
        trouble,
        made_at: (!snapshot.id.is_empty()).then_some(snapshot.made_at),
    }
}
