//! What a client was told, under the token that it was told: asked again with it, we say what changed
//! since, whatever changed it (RFC 6578).

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{members::Member, place::Collection};
use crate::{
    accounts::Access,
    ambient::{DAY, Millis},
    store::{Db, Error, Result, Tx, sql},
    transaction,
};

/// A token that was not shown for this long is forgotten; its client begins again.
const KEPT: Millis = 180 * DAY;

/// And of one collection no more than these, the newest: a client that takes ten thousand members one by one is told as
/// many tokens.
const MOST: i64 = 20;

/// Each member's tag by its name.
pub type State = BTreeMap<String, String>;

pub fn state(members: &[Member]) -> State {
    members.iter().map(|member| (member.name.clone(), member.tag.clone())).collect()
}

/// The same for the same state, on every process and both engines.
pub fn token(state: &State) -> String {
    let hash = state.iter().fold(Sha256::new(), |hash, (name, tag)| {
        hash.chain_update(name).chain_update([0]).chain_update(tag).chain_update([0])
    });
    // RFC 6578 wants a URI, and this one says that it leads nowhere (RFC 2397).
    format!("data:,{}", hex::encode(&hash.finalize()[..16]))
}

/// Keeps a state for as long as its token may come back; returns the token.
pub async fn keep(
    db: &Db,
    access: Access<'_>,
    collection: Collection,
    state: &State,
    now: Millis,
) -> Result<String> {
    let token = token(state);
    let known: Option<(i64,)> = sql("SELECT told_at FROM dav_states
         WHERE subscriber_id = $1 AND collection = $2 AND token = $3")
    .bind(access.id())
    .bind(collection.category())
    .bind(&token)
    .optional(db)
    .await?;
    if known.is_some_and(|(told_at,)| now - told_at < DAY) {
        return Ok(token);
    }
    let members = serde_json::to_string(state).map_err(|error| Error::Corrupt(error.to_string()))?;
    transaction!(db, bulk |tx| -> Result<()> {
        sql("INSERT INTO dav_states (subscriber_id, collection, token, members, told_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (subscriber_id, collection, token) DO UPDATE SET told_at = excluded.told_at")
        .bind(access.id())
        .bind(collection.category())
        .bind(&token)
        .bind(&members)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        sql("DELETE FROM dav_states WHERE subscriber_id = $1 AND collection = $2 AND token <> $3 AND token NOT IN
             (SELECT token FROM dav_states WHERE subscriber_id = $4 AND collection = $5
              ORDER BY told_at DESC, token LIMIT $6)")
        .bind(access.id())
        .bind(collection.category())
        .bind(&token)
        .bind(access.id())
        .bind(collection.category())
        .bind(MOST)
        .execute(tx)
        .await?;
        Ok(())
    })?;
    Ok(token)
}

/// What was told under a token; none when it was not told to this subscriber, or too long ago.
pub async fn recall(
    db: &Db,
    access: Access<'_>,
    collection: Collection,
    token: &str,
) -> Result<Option<State>> {
    let row: Option<(String,)> = sql("SELECT members FROM dav_states
         WHERE subscriber_id = $1 AND collection = $2 AND token = $3")
    .bind(access.id())
    .bind(collection.category())
    .bind(token)
    .optional(db)
    .await?;
    let read = |(members,): (String,)| {
        serde_json::from_str(&members).map_err(|error| Error::Corrupt(error.to_string()))
    };
    row.map(read).transpose()
}

/// One difference between two states: a name with its new tag, or with none when it is gone.
pub type Change = (String, Option<String>);

/// What leads from `old` to `new`, by name.
pub fn changes(old: &State, new: &State) -> Vec<Change> {
    let here = new.iter().filter(|(name, tag)| old.get(*name) != Some(tag));
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    let here = here.map(|(name, tag)| (name.clone(), Some(tag.clone())));
    here.chain(gone.map(|name| (name.clone(), None))).collect()
}

/// A state that is as far as these changes from `old`.
pub fn after(mut old: State, changes: &[Change]) -> State {
    for (name, tag) in changes {
        match tag {
            Some(tag) => old.insert(name.clone(), tag.clone()),
            None => old.remove(name),
        };
    }
    old
}

/// Removes what no client has come back for.
pub async fn clean(tx: &mut Tx, now: Millis) -> Result<()> {
    sql("DELETE FROM dav_states WHERE told_at < $1").bind(now - KEPT).execute(tx).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_state() -> impl Strategy<Value = State> {
        proptest::collection::btree_map("[a-e]", "[xy]", 0..6)
    }

    proptest! {
        #[test]
        fn changes_lead_from_one_state_to_the_other_at_once_or_in_parts(old in any_state(), new in any_state(), at in 0usize..8) {
            let all = changes(&old, &new);
            prop_assert_eq!(&after(old.clone(), &all), &new);
            prop_assert_eq!(all.is_empty(), token(&old) == token(&new));
            let half = after(old, &all[..at.min(all.len())]);
            let rest = changes(&half, &new);
            prop_assert_eq!(after(half, &rest), new);
        }
    }
}
