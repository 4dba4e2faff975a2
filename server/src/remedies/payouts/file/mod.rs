//! Orders that leave as a file, for the operator's billing or for whoever posts cards, and whose acknowledgements are
//! read back.
//!
//! An order is in one file, once; a file is written from its rows, so that writing it again gives the same bytes.

mod acknowledge;
mod hand_over;
mod store;
#[cfg(test)]
mod tests;

pub use acknowledge::acknowledge;
pub use hand_over::{Format, HandOverError, hand_over};
pub use store::Unanswered;

use futures::future::BoxFuture;

use super::{Answer, Found, Parcel, Provider};
use crate::{
    ambient::{DAY, Millis},
    incident::ProviderName,
    portal::Portal,
    remedies::postal,
    store::{On, Result},
    transaction,
};

/// A file that nobody answers for so long was lost, or is not being read.
const ANSWERED_WITHIN: Millis = 7 * DAY;

/// Files that wait for an answer, or to be handed over, for more than a week: nobody else notices those, because whoever
/// takes a file is not asked.
pub async fn unanswered(on: impl Into<On<'_>>, now: Millis) -> Result<Vec<Unanswered>> {
    store::unanswered(on, now - ANSWERED_WITHIN).await
}

/// A provider that is reached by files.
pub struct FileProvider(pub ProviderName);

impl Provider for FileProvider {
    fn name(&self) -> ProviderName {
        self.0
    }

    fn per_second(&self) -> Option<u32> {
        None
    }

    fn at_once(&self) -> usize {
        64
    }

    fn asked_again(&self) -> Option<Millis> {
        None
    }

    fn place<'a>(&'a self, portal: &'a Portal, parcels: &'a [Parcel]) -> BoxFuture<'a, Vec<Answer>> {
        Box::pin(async move {
            match put_all(portal, self.0.slug(), parcels).await {
                Ok(answers) => answers,
                // Whether the commit was made is not known: the rows are asked.
                Err(error) => {
                    parcels.iter().map(|_| Answer::Unknown { why: format!("the file: {error}") }).collect()
                }
            }
        })
    }

    fn find<'a>(&'a self, portal: &'a Portal, parcel: &'a Parcel) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            let found = match portal.db() {
                Ok(db) => store::line(db, &parcel.order.id).await,
                Err(error) => Err(error),
            };
            match found {
                Ok(Some(line)) => Found::Known(line.says()),
                Ok(None) => Found::Nowhere,
                Err(error) => Found::Unknown { why: format!("the file: {error}"), wait: None },
            }
        })
    }
}

async fn put_all(portal: &Portal, provider: &str, parcels: &[Parcel]) -> Result<Vec<Answer>> {
    let (now, by_post) = (portal.ambient.now(), provider == ProviderName::PostFile.slug());
    transaction!(portal.db()?, bulk |tx| -> Result<Vec<Answer>> {
        let file = store::open(tx, &portal.ambient.id(), provider, now).await?;
        let mut answers = Vec::new();
        for parcel in parcels {
            if by_post && !postal::is_known(tx, &parcel.order.claim_id).await? {
                answers.push(Answer::Refused { why: "nobody knows where it would go".to_owned() });
                continue;
            }
            store::add(tx, &file, &parcel.order.id).await?;
            let line = store::line(&mut *tx, &parcel.order.id).await?;
            answers.push(line.map_or(
                Answer::Unknown { why: "its line is gone".to_owned() },
                |line| line.says(),
            ));
        }
        Ok(answers)
    })
}
