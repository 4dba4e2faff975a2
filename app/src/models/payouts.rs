//! What a payout left to be seen.

use super::Money;

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
