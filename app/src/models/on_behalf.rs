//! Claiming for somebody who cannot claim for themselves, as staff do it.

use super::{AddressLines, Delivery, FieldError, MadeFor, Money, Offer, Terms};

/// `/staff/subscribers/ACCOUNT/claim`: what there is to claim for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimFor {
    pub account: String,
    pub name: String,
    /// The member's own account: somebody else claims for it.
    pub own: bool,
    pub offers: Vec<Offer>,
}

/// `/staff/subscribers/ACCOUNT/claim/REMEDY`, posted to itself: fields `right`, `who`, `way`, `email`, those of an address
/// and `reason`. A post because what is typed stands in no address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimForForm {
    pub account: String,
    pub name: String,
    pub remedy_id: String,
    pub remedy_name: String,
    pub worth: Money,
    /// Word and label of each right.
    pub rights: Vec<(String, String)>,
    pub ways: Vec<Delivery>,
    pub filled: FilledFor,
    /// Some way goes by post, or to an e-mail address that is typed here.
    pub asks_address: bool,
    pub asks_email: bool,
    pub errors: Vec<FieldError>,
}

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilledFor {
    pub right: String,
    pub who: String,
    pub way: String,
    pub email: String,
    pub address: AddressLines,
    pub reason: String,
}

/// `/staff/subscribers/ACCOUNT/claim/REMEDY/check`, posted to itself: fields `terms` and `read`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimForCheck {
    pub account: String,
    pub name: String,
    pub remedy_id: String,
    pub remedy_name: String,
    pub worth: Money,
    pub right: String,
    pub who: String,
    /// "By post", with the address that it goes to where it is not the account's.
    pub way: String,
    pub email: String,
    pub address: Vec<String>,
    pub reason: String,
    /// Another member of staff approves it before it is granted.
    pub second_look: bool,
    pub terms: Terms,
    pub terms_version: String,
    pub errors: Vec<FieldError>,
}

/// `/staff/subscribers/ACCOUNT/claims/NUMBER`: what a claim came to, for whoever has the caller on the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimedFor {
    pub account: String,
    pub name: String,
    pub number: String,
    pub remedy_name: String,
    pub worth: Money,
    pub state: String,
    pub delivery: String,
    pub made_at: String,
    /// None: the subscriber made it, or it was given without being asked for.
    pub made_for: Option<MadeFor>,
    /// What it waits for; empty when it waits for nobody.
    pub waits_for: String,
}
