//! Payout orders that wait for ever without anybody noticing.

use super::finding::Finding;
use crate::{
    ambient::Millis,
    remedies::payouts::{self, Unanswered},
    store::Db,
};

/// A finding for each file that nobody answers; nothing before the migrations are done, which is another finding.
pub async fn all(db: &Db, now: Millis) -> Vec<Finding> {
    payouts::unanswered(db, now).await.unwrap_or_default().iter().map(unanswered).collect()
}

fn unanswered(file: &Unanswered) -> Finding {
    let mend = match file.handed_at {
        Some(_) => {
            "ask whoever takes the files, and read what they answer with `makegood payouts acknowledge`"
        }
        None => "run `makegood payouts export` once a day",
    };
    Finding::warning("payout files", file.to_string(), mend)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ambient::{DAY, MINUTE},
        incident::ProviderName,
        on_both,
        remedies::payouts::{
            tests::{claim, database},
            work,
        },
        web::testing::TestPortal,
    };

    async fn found(test: &TestPortal) -> Vec<String> {
        all(database(test), test.portal.ambient.now()).await.iter().map(Finding::to_string).collect()
    }

    on_both!(a_file_that_nobody_answers_is_found, |db| {
        let test = TestPortal::new(db);
        claim(&test, 0, "free-month").await;
        test.clock.advance(30 * MINUTE);
        work(&test.portal, test.portal.providers.get(ProviderName::BillFile).unwrap()).await.unwrap();
        assert!(found(&test).await.is_empty());
        test.clock.advance(7 * DAY);
        let found = found(&test).await;
        assert!(found[0].starts_with("warning  payout files bill-file-2009-10-20-1: 1 orders"), "{found:?}");
    });
}
