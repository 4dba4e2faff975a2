//! What a payout left to be seen.

use super::{FieldError, Money};

/// A gift card's code, on the only page that shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GiftCode {
    /// The claim's number.
    pub claim: String,
    pub remedy: String,
    pub worth: Money,
    pub code: String,
    pub pin: Option<String>,
}

/// `/staff/payouts`: how far payouts are, what holds them up, and what waits for a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payouts {
    /// Everything is held up: since when, by whom, and why.
    pub stopped: Option<String>,
    pub providers: Vec<ProviderLine>,
    pub codes: Vec<CodeStock>,
    /// Files that were handed over, or gather orders, and that nobody answers: a sentence each.
    pub unanswered: Vec<String>,
    pub budgets: Vec<BudgetLine>,
    /// The longest waiting first.
    pub waiting: Vec<WaitingOrder>,
    /// More wait than are shown.
    pub more: bool,
    pub errors: Vec<FieldError>,
}

/// A provider with orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProviderLine {
    /// As the form sends it.
    pub id: String,
    pub name: String,
    pub paid: i64,
    pub left: i64,
    pub for_a_person: i64,
    /// "10 a second, done by 21 October 2009, 10:13 UTC".
    pub pace: String,
    /// Why it is held up; `None` while it is not.
    pub paused: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeStock {
    pub remedy: String,
    pub free: i64,
    pub given: i64,
}

/// A remedy in the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BudgetLine {
    pub remedy: String,
    /// Promised and not paid.
    pub owed: Money,
    pub paid: Money,
    pub returned: Money,
    /// `None` without a limit.
    pub left: Option<Money>,
}

/// An order that got nowhere by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitingOrder {
    pub id: String,
    /// The claim's number.
    pub claim: String,
    pub provider: String,
    pub worth: Money,
    /// What became of it, in words.
    pub state: String,
    /// What the provider said.
    pub note: String,
    pub since: String,
    /// Nobody knows whether it was paid; else it was not, or came back.
    pub stuck: bool,
    /// Ways in which it may be ordered again: value and label.
    pub ways: Vec<(String, String)>,
}
