//! Claims that wait for a decision, as staff see them.

use super::{Fact, FieldError, MadeFor, Money, Pager};

/// What claims wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WaitsFor {
    /// A member of staff.
    #[default]
    Decision,
    /// Room in the budget: then they are granted by themselves.
    Budget,
}

/// `/staff/claims`, and `/staff/claims?for=budget`: what waits, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffClaims {
    pub waits_for: WaitsFor,
    pub claims: Vec<WaitingClaim>,
    pub pager: Pager,
    /// How many wait for the other.
    pub others: i64,
    /// Whether a remedy whose budget claims wait for needs approval by now.
    pub overtaken: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitingClaim {
    pub number: String,
    pub remedy_name: String,
    pub worth: Money,
    /// Empty when the person was erased, as is `account`.
    pub name: String,
    pub account: String,
    pub delivery: String,
    pub made_at: String,
    /// What it waits for, in words.
    pub waits_for: String,
}

/// `/staff/claims/NUMBER`. Its forms post to `…/approve`, and `rule` and `reason` to `…/decline`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffClaim {
    pub claim: WaitingClaim,
    /// What entitled it when it was claimed.
    pub facts_then: Vec<Fact>,
    /// What the records say today.
    pub facts_now: Vec<Fact>,
    /// It waits for a second look at what staff claimed: a no ends it, and fails no rule.
    pub second_look: bool,
    /// The rules that it may fail; `rule` is the place of the chosen one, 1-based.
    pub rules: Vec<String>,
    pub rule: String,
    pub reason: String,
    /// A member of staff made it for the person.
    pub made_for: Option<MadeFor>,
    /// Where it goes that the account does not know, a line each; empty when it goes to the account's own.
    pub goes_to: Vec<String>,
    /// The member's own claim: somebody else decides.
    pub own: bool,
    /// The member made it for the person: somebody else decides.
    pub maker: bool,
    /// Whether the member's role decides on claims.
    pub decides: bool,
    pub errors: Vec<FieldError>,
}
