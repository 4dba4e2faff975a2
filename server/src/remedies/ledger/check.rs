//! Proving the ledger from its rows alone.

use serde::Serialize;

use super::{
    export::{Total, totals},
    seal::next_hash,
    store,
};
use crate::store::{Db, On, Result, sql};

/// Postings that are read at once.
const PAGE: i64 = 5_000;
/// Findings of one kind that are told one by one.
const TOLD: i64 = 20;

/// What was found wrong, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `unbalanced`, `no-obligation`, `other-amount`, `other-account`, `no-order`, `too-many-orders`, `no-grant`,
    /// `no-payout`, `no-provider-order`, `over-budget`, `budget-parts` or `chain`.
    pub kind: &'static str,
    pub what: String,
}

/// What a check came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Postings in the chain, and those that wait for their seal.
    pub sealed: i64,
    pub unsealed: i64,
    /// The chain's last hash: written down elsewhere, it proves later that nothing before it was changed.
    pub head: String,
    pub totals: Vec<Total>,
    pub findings: Vec<Finding>,
}

/// Everything that can be wrong is looked for, as it stood at one moment.
pub async fn check(db: &Db) -> Result<Report> {
    let tx = &mut db.begin_reading().await?;
    let mut findings = Vec::new();
    for (statement, kind, what) in PROOFS {
        rows(&mut *tx, statement, kind, what, &mut findings).await?;
    }
    let (sealed, head) = chain(tx, &mut findings).await?;
    let (unsealed,) = sql("SELECT COUNT(*) FROM postings_unsealed").one(&mut *tx).await?;
    let (unknown,): (i64,) = sql(FORGOTTEN).one(&mut *tx).await?;
    if unknown > 0 {
        let what = format!("{unknown} postings have no place in the chain and wait for none");
        findings.push(Finding { kind: "chain", what });
    }
    Ok(Report { sealed, unsealed, head, totals: totals(tx).await?, findings })
}

/// What must lead to nothing, and what it means where it does not.
const PROOFS: [(&str, &str, &str); 14] = [
    (UNBALANCED, "unbalanced", "does not come to zero"),
    (PROMISES, "no-obligation", "is a live grant without its posting"),
    (AMOUNTS, "other-amount", "is posted with another amount, currency or remedy than was granted"),
    (
        ACCOUNTS,
        "other-account",
        "is a grant whose amount does not lie, once, in the account that its last order says, or in none after it ended",
    ),
    (UNORDERED, "no-order", "is a live grant that nobody was ordered to pay"),
    (
        LIVE,
        "too-many-orders",
        "is a grant with more than one order that is live or paid, or with one after it ended",
    ),
    (ORDERS, "no-grant", "is an order without a grant of its amount"),
    (UNPOSTED, "no-payout", "is a paid order without its posting"),
    (UNPAID, "no-payout", "is a posted payout whose order was never paid"),
    (
        CODES,
        "no-provider-order",
        "is an order paid by the code pool without a code, or a code without its order",
    ),
    (
        LINES,
        "no-provider-order",
        "is an order with a file provider without its line, or a line without its order",
    ),
    (
        REFERENCES,
        "no-provider-order",
        "is an order paid by a provider elsewhere that does not say what the provider calls it",
    ),
    (OVER, "over-budget", "has promised more than its budget"),
    (PARTS, "budget-parts", "has another amount left than its budget less what was promised"),
];

const UNBALANCED: &str = "SELECT p.id FROM postings p LEFT JOIN posting_lines l ON l.posting_id = p.id
     GROUP BY p.id HAVING COALESCE(SUM(l.amount), 1) <> 0 OR COUNT(*) < 2 ORDER BY p.id LIMIT $1";
const PROMISES: &str = "SELECT g.id FROM grants g WHERE g.ended_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM postings p WHERE p.grant_id = g.id AND p.kind = 'grant') ORDER BY g.id LIMIT $1";
const AMOUNTS: &str = "SELECT DISTINCT g.id FROM grants g JOIN postings p ON p.grant_id = g.id
     WHERE p.currency <> g.currency OR p.remedy <> g.remedy OR p.incident <> g.incident
     OR (p.kind = 'grant' AND NOT EXISTS (SELECT 1 FROM posting_lines l
          WHERE l.posting_id = p.id AND l.account = 'obligation' AND l.amount = g.amount)) ORDER BY g.id LIMIT $1";
// An ended grant holds nothing. A live one has its amount out of the budget and in one account: that of its last order's
// state, or in what is owed.
const ACCOUNTS: &str = "SELECT g.id FROM (
         SELECT p.grant_id, SUM(CASE WHEN l.account = 'budget' THEN l.amount ELSE 0 END) AS budget,
             SUM(CASE WHEN l.account = 'obligation' THEN l.amount ELSE 0 END) AS obligation,
             SUM(CASE WHEN l.account = 'paid' THEN l.amount ELSE 0 END) AS paid,
             SUM(CASE WHEN l.account = 'returned' THEN l.amount ELSE 0 END) AS returned
         FROM postings p JOIN posting_lines l ON l.posting_id = p.id GROUP BY p.grant_id) AS lies
     JOIN grants g ON g.id = lies.grant_id
     LEFT JOIN payout_orders o ON o.grant_id = g.id AND NOT EXISTS (
         SELECT 1 FROM payout_orders n WHERE n.grant_id = o.grant_id AND (n.created_at, n.id) > (o.created_at, o.id))
     WHERE lies.budget <> CASE WHEN g.ended_at IS NULL THEN -g.amount ELSE 0 END
     OR lies.paid <> CASE WHEN g.ended_at IS NULL AND o.state = 'paid' THEN g.amount ELSE 0 END
     OR lies.returned <> CASE WHEN g.ended_at IS NULL AND o.state = 'returned' THEN g.amount ELSE 0 END
     OR lies.obligation <> CASE WHEN g.ended_at IS NULL AND COALESCE(o.state, '') NOT IN ('paid', 'returned')
         THEN g.amount ELSE 0 END
     ORDER BY g.id LIMIT $1";
const UNORDERED: &str = "SELECT g.id FROM grants g WHERE g.ended_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM payout_orders o WHERE o.grant_id = g.id AND o.state <> 'cancelled')
     ORDER BY g.id LIMIT $1";
const LIVE: &str = "SELECT o.grant_id FROM payout_orders o JOIN grants g ON g.id = o.grant_id
     WHERE o.state NOT IN ('cancelled', 'refused', 'returned')
     GROUP BY o.grant_id HAVING COUNT(*) > 1 OR COUNT(g.ended_at) > 0 ORDER BY o.grant_id LIMIT $1";
const ORDERS: &str = "SELECT o.id FROM payout_orders o WHERE NOT EXISTS (
         SELECT 1 FROM grants g WHERE g.id = o.grant_id AND g.amount = o.amount AND g.currency = o.currency
         AND g.subscriber_id = o.subscriber_id AND g.remedy = o.remedy)
     ORDER BY o.id LIMIT $1";
const UNPOSTED: &str = "SELECT o.id FROM payout_orders o WHERE o.state IN ('paid', 'returned')
     AND NOT EXISTS (SELECT 1 FROM postings p JOIN posting_lines l ON l.posting_id = p.id
         WHERE p.grant_id = o.grant_id AND p.kind = 'payout' AND p.order_id = o.id
         AND l.account = 'paid' AND l.amount = o.amount)
     ORDER BY o.id LIMIT $1";
const UNPAID: &str = "SELECT p.id FROM postings p WHERE p.kind = 'payout' AND NOT EXISTS (
         SELECT 1 FROM payout_orders o WHERE o.id = p.order_id AND o.grant_id = p.grant_id
         AND o.state IN ('paid', 'returned'))
     ORDER BY p.id LIMIT $1";
const CODES: &str = "SELECT o.id FROM payout_orders o WHERE o.provider = 'code-pool' AND o.state = 'paid'
     AND NOT EXISTS (SELECT 1 FROM gift_codes c WHERE c.order_id = o.id AND c.id = o.reference)
     AND NOT EXISTS (SELECT 1 FROM payout_events e WHERE e.order_id = o.id AND e.step = 'restored')
     UNION ALL
     SELECT c.id FROM gift_codes c WHERE c.order_id IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM payout_orders o WHERE o.id = c.order_id AND o.provider = 'code-pool'
         AND o.state IN ('sending', 'unknown', 'stuck', 'paid', 'returned'))
     LIMIT $1";
// What was given before an older copy was restored stands in no table of ours. What was applied late is in the line of
// the order before, and a person says so of the one that followed.
const LINES: &str = "SELECT o.id FROM payout_orders o WHERE o.provider IN ('bill-file', 'post-file')
     AND o.state IN ('placed', 'paid', 'returned')
     AND NOT EXISTS (SELECT 1 FROM payout_file_lines l WHERE l.order_id = o.id)
     AND NOT EXISTS (SELECT 1 FROM payout_events e WHERE e.order_id = o.id AND e.step = 'restored')
     AND NOT EXISTS (SELECT 1 FROM payout_events e JOIN payout_orders b ON b.id = e.order_id
         WHERE b.subscriber_id = o.subscriber_id AND b.incident = o.incident AND b.remedy = o.remedy
         AND e.step = 'applied-late')
     UNION ALL
     SELECT l.order_id FROM payout_file_lines l WHERE NOT EXISTS (
         SELECT 1 FROM payout_orders o WHERE o.id = l.order_id AND o.state NOT IN ('waiting', 'cancelled'))
     LIMIT $1";
// Of what was refused and reached its person after all a member of staff says so, and not by which reference.
const REFERENCES: &str = "SELECT o.id FROM payout_orders o WHERE o.provider IN ('tremendous', 'stripe')
     AND o.state IN ('paid', 'returned') AND COALESCE(o.reference, '') = ''
     AND NOT EXISTS (SELECT 1 FROM payout_events e WHERE e.order_id = o.id AND e.step = 'arrived')
     ORDER BY o.id LIMIT $1";
const OVER: &str = "SELECT b.remedy FROM budgets b WHERE b.amount < (
         SELECT COALESCE(-SUM(l.amount), 0) FROM posting_lines l JOIN postings p ON p.id = l.posting_id
         WHERE p.incident = b.incident AND p.remedy = b.remedy AND l.account = 'budget')
     ORDER BY b.remedy LIMIT $1";
const PARTS: &str = "SELECT b.remedy FROM budgets b WHERE b.amount <> (
         SELECT COALESCE(-SUM(l.amount), 0) FROM posting_lines l JOIN postings p ON p.id = l.posting_id
         WHERE p.incident = b.incident AND p.remedy = b.remedy AND l.account = 'budget')
         + (SELECT COALESCE(SUM(q.amount), 0) FROM budget_parts q WHERE q.incident = b.incident AND q.remedy = b.remedy)
     ORDER BY b.remedy LIMIT $1";
const FORGOTTEN: &str = "SELECT COUNT(*) FROM postings p
     WHERE NOT EXISTS (SELECT 1 FROM ledger_seals s WHERE s.posting_id = p.id)
     AND NOT EXISTS (SELECT 1 FROM postings_unsealed u WHERE u.posting_id = p.id)";

async fn rows(
    on: impl Into<On<'_>>,
    statement: &'static str,
    kind: &'static str,
    what: &str,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let rows: Vec<(String,)> = sql(statement).bind(TOLD).all(on).await?;
    findings.extend(rows.into_iter().map(|(id,)| Finding { kind, what: format!("{id} {what}") }));
    Ok(())
}

/// Walks the chain; its length and its last hash. The first place that does not follow is told: what comes after stands
/// on it.
async fn chain(tx: &mut crate::store::Tx, findings: &mut Vec<Finding>) -> Result<(i64, String)> {
    let (mut position, mut head) = (0, String::new());
    loop {
        let rows = store::sealed(&mut *tx, position, PAGE).await?;
        if rows.is_empty() {
            return Ok((position, head));
        }
        for lines in rows.chunk_by(|one, two| one.id == two.id) {
            let (place, hash) =
                (lines[0].position.unwrap_or_default(), lines[0].hash.clone().unwrap_or_default());
            if place != position + 1 || hash != next_hash(&head, lines) {
                let what = format!("the chain does not hold at place {place} (posting {})", lines[0].id);
                findings.push(Finding { kind: "chain", what });
                return Ok((position, head));
            }
            (position, head) = (place, hash);
        }
    }
}
