//! Members' texts for one answer: loaded and written a few at a time, and no more than an answer holds.

use std::{collections::HashMap, sync::Arc};

use super::{
    answer::{Error, Result},
    members::{Held, Member, Stored},
    place::Collection,
    query::Filter,
    render::{Version, render},
    routes::Scene,
};

/// The text that one answer holds, in bytes: the rest is another request's.
const ANSWER: usize = 16 << 20;
/// Members that are loaded at once.
const AT_ONCE: usize = 200;

/// Which texts are wanted, and how much of them.
pub struct Order {
    pub version: Version,
    pub filter: Filter,
    /// The texts, and not only their lengths.
    pub whole: bool,
    /// One more is looked for, to know whether these are all.
    pub most: usize,
}

/// A member's text, as far as it is wanted.
#[derive(Debug)]
pub struct Written {
    pub length: usize,
    pub text: Option<String>,
}

/// Those that the filter let through.
#[derive(Debug, Default)]
pub struct Texts {
    by_name: HashMap<String, Written>,
    /// So many of the members were looked at; then the answer was full.
    pub reached: usize,
    bytes: usize,
}

impl Texts {
    /// None when the member went since it was listed, or is not wanted.
    pub fn of(&self, member: &Member) -> Option<&Written> {
        self.by_name.get(&member.name)
    }

    fn is_full(&self, most: usize) -> bool {
        self.bytes >= ANSWER || self.by_name.len() > most
    }

    fn take(
        &mut self,
        collection: Collection,
        few: &[Member],
        stored: &HashMap<String, Stored>,
        order: &Order,
    ) -> Result<()> {
        for member in few {
            if self.is_full(order.most) {
                break;
            }
            self.reached += 1;
            let Some(text) = render(collection, member, stored, order.version)? else { continue };
            if order.filter.matches(&text) {
                let length = text.len();
                let text = order.whole.then_some(text);
                self.bytes += text.as_ref().map_or(0, String::len);
                self.by_name.insert(member.name.clone(), Written { length, text });
            }
        }
        Ok(())
    }
}

pub async fn write(scene: &Scene<'_>, held: &Held, members: &[&Member], order: Order) -> Result<Texts> {
    let order = Arc::new(order);
    let mut texts = Texts::default();
    for few in members.chunks(AT_ONCE) {
        if texts.is_full(order.most) {
            break;
        }
        let stored = held.stored(scene, few).await?;
        let few: Vec<Member> = few.iter().map(|member| (*member).clone()).collect();
        let (collection, order) = (held.collection, order.clone());
        // Ten thousand cards keep a processor busy for a while: not on the tasks that serve others.
        let work = move || texts.take(collection, &few, &stored, &order).map(|()| texts);
        let written = tokio::task::spawn_blocking(work).await;
        texts = written.map_err(|error| Error::Internal(error.to_string()))??;
    }
    Ok(texts)
}
