//! Remedies whose currency was changed in the incident file.
//!
//! Budgets, codes and the ledger count a remedy's amounts together, so a remedy has one currency for good. One whose
//! currency was changed is given to nobody, and everything else goes on.

use tokio::sync::OnceCell;

use crate::{
    incident::Incident,
    store::{Db, Result, sql},
};

/// A remedy of which there are live grants, or claims that wait, in another currency than the incident file's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherCurrency {
    pub remedy: String,
    pub before: String,
    pub now: String,
}

impl std::fmt::Display for OtherCurrency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let OtherCurrency { remedy, before, now } = self;
        write!(
            f,
            "the remedy {remedy} is in {now} in the incident file, and was granted or claimed in {before}"
        )
    }
}

/// What to do about it.
pub const MEND: &str = "give it its currency back, and write the new one as a remedy with an id of its own";

/// The remedies of the file whose currency is not that of all their live grants, which every open order has, and of all
/// claims that wait.
pub async fn other_currencies(db: &Db, incident: &Incident) -> Result<Vec<OtherCurrency>> {
    let mut found = Vec::new();
    for remedy in &incident.remedies {
        let now = remedy.value.currency.code();
        let before: Option<(String,)> = sql("SELECT currency FROM grants
             WHERE incident = $1 AND remedy = $2 AND currency <> $3 AND ended_at IS NULL
             UNION ALL SELECT currency FROM claims
             WHERE incident = $1 AND remedy = $2 AND currency <> $3 AND state = 'submitted' LIMIT 1")
        .bind(incident.id.as_str())
        .bind(remedy.id.as_str())
        .bind(now)
        .optional(db)
        .await?;
        found.extend(before.map(|(before,)| OtherCurrency {
            remedy: remedy.id.to_string(),
            before,
            now: now.to_owned(),
        }));
    }
    Ok(found)
}

/// The same, read once by each process: before anything is given, as soon as the database answers.
#[derive(Debug, Default)]
pub struct OtherCurrencies(OnceCell<Vec<OtherCurrency>>);

impl OtherCurrencies {
    /// Reads them where nobody has, and says them loudly.
    pub async fn read(&self, db: &Db, incident: &Incident) -> Result<()> {
        let read = async || -> Result<Vec<OtherCurrency>> {
            let found = other_currencies(db, incident).await?;
            for wrong in &found {
                tracing::error!(remedy = wrong.remedy, "{wrong}, so nothing of it is given: {MEND}");
            }
            Ok(found)
        };
        self.0.get_or_try_init(read).await?;
        Ok(())
    }

    /// Whether nothing of this remedy may be given, as far as it was [`read`](Self::read).
    pub fn has(&self, remedy: &str) -> bool {
        self.0.get().is_some_and(|found| found.iter().any(|wrong| wrong.remedy == remedy))
    }
}

#[cfg(test)]
mod tests {
    use app::models::WaitsFor;

    use super::*;
    use crate::{
        accounts::{Profile, Subscriber},
        on_both,
        remedies::{
            self, ClaimError, Wish, deciding,
            payouts::{
                budget,
                tests::{claim, database, elsewhere, orders},
            },
            terms,
        },
        transaction,
        web::testing::TestPortal,
    };

    const CARDS: &str = "currency = \"USD\"\n";

    /// Two have cards worth one hundred dollars each, of which the budget has one; then the file says euros and more.
    async fn changed(db: &crate::store::testing::TestDb) -> TestPortal {
        let little = elsewhere().replace("budget = 8_000_000_000", "budget = 10_000");
        let before = TestPortal::with_incident(db, &little);
        claim(&before, 0, "gift-card").await;
        before.clock.advance(1);
        claim(&before, 1, "gift-card").await;
        TestPortal::with_incident(db, &elsewhere().replace(CARDS, "currency = \"EUR\"\n"))
    }

    on_both!(a_remedy_whose_currency_was_changed_is_given_to_nobody, |db| {
        let test = changed(db).await;
        let p = &test.portal;
        budget::fit(&db.db, &p.incident, p.ambient.now()).await.unwrap();
        let (currency, amount): (String, i64) =
            sql("SELECT currency, amount FROM budgets WHERE remedy = 'gift-card'").one(&db.db).await.unwrap();
        assert_eq!((currency.as_str(), amount), ("USD", 10_000), "its budget stays as it was");
        assert_eq!(deciding::go_on(p).await.unwrap(), 0);
        let waiting = deciding::queue(&db.db, WaitsFor::Budget, 9, 0).await.unwrap();
        assert_eq!(waiting.len(), 1);

        test.clock.advance(10);
        let person = test.subscriber("new", "+12125550199", "data-20").await;
        test.holding(&person, app::Category::Contacts, 64, Some(300)).await;
        let person = Profile::load(&db.db, &person.id).await.unwrap().unwrap();
        let remedy = p.incident.remedy("gift-card").unwrap();
        let version = terms::version([remedy].into_iter());
        let wish = [Wish { remedy, delivery: None, seen: None }];
        let claimed = remedies::claim(p, &Subscriber::for_test(person.clone()), &wish, &version).await;
        assert!(matches!(claimed, Err(ClaimError::NotEntitled)), "{claimed:?}");
        let offered = remedies::offered(p, &person).await.unwrap();
        assert!(offered.iter().all(|one| one.offer.id != "gift-card") && !offered.is_empty());
        assert_eq!(orders(&test).await.len(), 1);
    });

    on_both!(what_has_ended_holds_no_other_currency_up, |db| {
        let test = changed(db).await;
        assert_eq!(other_currencies(database(&test), &test.portal.incident).await.unwrap().len(), 1);
        transaction!(&db.db, |tx| -> Result<()> {
            sql("UPDATE grants SET ended_at = 1").execute(&mut *tx).await?;
            sql("UPDATE claims SET state = 'withdrawn'").execute(tx).await?;
            Ok(())
        })
        .unwrap();
        assert_eq!(other_currencies(database(&test), &test.portal.incident).await.unwrap(), []);
    });
}
