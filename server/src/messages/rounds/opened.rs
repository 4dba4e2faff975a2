//! Categories that were opened: one message for all that were opened to somebody together.

use std::collections::BTreeMap;

use app::Category;

use super::{Kind, Next, Walked, store};
use crate::{
    ambient::{Ambient, MINUTE, Millis},
    messages::{Told, tell_many, templates},
    portal::Portal,
    store::{Result, Tx},
};

/// Operators open one category after another: what is opened within this time is told of in one message.
const TOGETHER: Millis = 5 * MINUTE;

/// To be called in the transaction that opens something, or fills what is open.
pub async fn wanted(tx: &mut Tx, ambient: &Ambient) -> Result<()> {
    if !store::anything_opened(&mut *tx).await? {
        return Ok(());
    }
    store::want(tx, &ambient.id(), Kind::Opened, "", ambient.now() + TOGETHER).await
}

/// Tells the next people of what is open to them, has something in it, and was not told of.
pub(super) async fn tell(tx: &mut Tx, portal: &Portal, after: &str, most: i64) -> Result<Walked> {
    let people = store::people(tx, after, most).await?;
    let Some((last,)) = people.last() else {
        return Ok(Walked { reached: after.to_owned(), looked: 0, told: 0, next: Next::Nothing });
    };
    let mut opened: BTreeMap<String, Vec<Category>> = BTreeMap::new();
    for (person, category) in store::mark_told(tx, after, last, portal.ambient.now()).await? {
        let category = category.parse().ok().filter(|category| portal.incident.category(*category).is_some());
        opened.entry(person).or_default().extend(category);
    }
    let told = opened.iter().filter(|(_, categories)| !categories.is_empty()).map(|(person, categories)| {
        let place = |category: &Category| {
            portal.incident.categories.iter().position(|listed| listed.category == *category)
        };
        let mut categories = categories.clone();
        categories.sort_by_key(place);
        Told::new(person, move |voice| templates::data_opened(voice, &categories))
    });
    let told: Vec<Told<'_>> = told.collect();
    Ok(Walked {
        reached: last.clone(),
        looked: people.len(),
        told: tell_many(tx, portal, &told).await?,
        next: if (people.len() as i64) < most { Next::Nothing } else { Next::Batch },
    })
}
