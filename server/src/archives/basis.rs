//! How a person's holdings stood when an edition was made, and what is new since.

use app::{Category, say, say_many};
use serde::{Deserialize, Serialize};

use super::{Part, store};
use crate::{
    incident::Incident,
    intake::UNKNOWN,
    store::{On, Result},
};

/// Every category that the edition holds, in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis(Vec<Standing>);

/// One category as it stood. Kept as JSON for as long as the edition is: a later version adds fields, and reads what this
/// one wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
#[serde(default)]
pub struct Standing {
    pub category: String,
    pub items: i64,
    pub files: i64,
    pub quarantined: i64,
    pub damaged: i64,
    pub expected: Option<i64>,
    pub verdict_reason: Option<String>,
    /// Whatever changes what the archive would hold sets it.
    pub changed_at: i64,
}

impl Basis {
    /// How things stand now.
    pub async fn now(on: impl Into<On<'_>>, subscriber: &str, part: Part) -> Result<Self> {
        Ok(Self::of(&store::standings(on, subscriber).await?, part))
    }

    /// Those categories that a part holds. Files of no known category go with everything, once anything is released.
    pub fn of(standings: &[Standing], part: Part) -> Self {
        let is_in = |standing: &&Standing| match part {
            Part::Everything => true,
            Part::Category(category) => standing.category == category.slug(),
        };
        let mut standings: Vec<Standing> = standings.iter().filter(is_in).cloned().collect();
        if standings.iter().all(|standing| standing.category == UNKNOWN) {
            standings.clear();
        }
        standings.sort_by(|one, other| one.category.cmp(&other.category));
        Self(standings)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether stored bytes that it counts on have been found damaged since.
    pub fn has_lost(&self, now: &Basis) -> bool {
        let damaged = |basis: &Basis| basis.0.iter().map(|standing| standing.damaged).sum::<i64>();
        damaged(now) > damaged(self)
    }

    /// What is new `now`, one sentence for each category; empty when nothing is.
    pub fn news(&self, now: &Basis, incident: &Incident) -> Vec<String> {
        let sentence = |standing: &Standing| {
            let before = self.0.iter().find(|before| before.category == standing.category);
            let what = match before {
                None => say_many!(standing.items, "open now, {n} recovered", "open now, {n} recovered"),
                Some(before) if before == standing => return None,
                Some(before) => changes(before, standing),
            };
            Some(format!("{}: {what}", title(&standing.category, incident)))
        };
        now.0.iter().filter_map(sentence).collect()
    }
}

/// What differs, in words.
fn changes(before: &Standing, now: &Standing) -> String {
    let mut parts = Vec::new();
    let mut count =
        |before: i64, now: i64, more: fn(i64) -> String, fewer: fn(i64) -> String| match now - before {
            0 => {}
            change @ 1.. => parts.push(more(change)),
            change => parts.push(fewer(-change)),
        };
    count(
        before.items,
        now.items,
        |n| say_many!(n, "{n} more recovered", "{n} more recovered"),
        |n| say!("{n} fewer than before", n),
    );
    count(
        before.quarantined,
        now.quarantined,
        |n| say_many!(n, "{n} more that could not be read", "{n} more that could not be read"),
        |n| say_many!(n, "{n} that can be read now", "{n} that can be read now"),
    );
    count(
        before.damaged,
        now.damaged,
        |n| say_many!(n, "{n} whose stored bytes are damaged", "{n} whose stored bytes are damaged"),
        |n| say_many!(n, "{n} whose stored bytes are whole again", "{n} whose stored bytes are whole again"),
    );
    if before.expected != now.expected {
        parts.push(say!("how many there were is known better").to_owned());
    }
    if before.verdict_reason != now.verdict_reason {
        parts.push(say!("what we could say about the rest has changed").to_owned());
    }
    if parts.is_empty() {
        return say!("changed, for example a newer version of a file or a choice of yours").to_owned();
    }
    parts.join(", ")
}

fn title(category: &str, incident: &Incident) -> String {
    let named = category.parse::<Category>().ok();
    let listed = incident.categories.iter().find(|listed| Some(listed.category) == named);
    match (listed, named) {
        (Some(listed), _) => listed.title.clone(),
        (None, Some(category)) => category.title().to_owned(),
        (None, None) => say!("Other files").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(category: &str, items: i64) -> Standing {
        Standing {
            category: category.to_owned(),
            items,
            files: 1,
            quarantined: 0,
            damaged: 0,
            expected: None,
            verdict_reason: None,
            changed_at: 0,
        }
    }

    #[test]
    fn what_an_earlier_version_kept_is_read() {
        let kept = r#"[{"category":"contacts","items":8,"files":1,"quarantined":0,"damaged":0,"expected":null,"verdict_reason":null,"changed_at":0}]"#;
        let basis = Basis(vec![standing("contacts", 8)]);
        assert_eq!(serde_json::from_str::<Basis>(kept).unwrap(), basis);
        assert_eq!(
            serde_json::to_string(&basis).unwrap(),
            kept,
            "what is kept today, when this fails add a line"
        );
        let before_a_field_came = kept.replace(r#","changed_at":0"#, "");
        assert_eq!(serde_json::from_str::<Basis>(&before_a_field_came).unwrap(), basis);
    }

    #[test]
    fn what_is_new_is_said_category_by_category() {
        let incident = Incident::from_toml(include_str!("../../../demo/incident.toml"), "i").unwrap();
        let before = Basis(vec![standing("contacts", 8), standing("notes", 2)]);
        assert!(before.news(&before, &incident).is_empty());
        let contacts = Standing { damaged: 1, ..standing("contacts", 10) };
        let notes = Standing { changed_at: 9, ..standing("notes", 2) };
        let now = Basis(vec![contacts, notes, standing("photos", 24)]);
        assert_eq!(
            before.news(&now, &incident),
            [
                "Contacts: 2 more recovered, 1 whose stored bytes are damaged",
                "Notes: changed, for example a newer version of a file or a choice of yours",
                "Photos: open now, 24 recovered",
            ]
        );
    }
}
