//! Remedies on offer, claiming them, and following a claim.

use super::{FieldError, Money, Support};

/// A remedy as one subscriber sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// As in the incident file and in `/remedies/ID`.
    pub id: String,
    pub name: String,
    pub worth: Money,
    pub summary: String,
    pub eligible: bool,
    /// What decided it, one sentence each.
    pub facts: Vec<Fact>,
    /// The number of the claim that this person has on it already.
    pub claim: Option<String>,
    /// What happens to those who do not claim it, in a sentence; empty where nothing does.
    pub unclaimed: String,
}

impl Offer {
    pub fn claimable(&self) -> bool {
        self.eligible && self.claim.is_none()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    /// "Your plan on 2 October 2009 was data-20".
    pub text: String,
    /// Speaks for the remedy (true) or against it.
    pub holds: bool,
}

/// One line of the terms, "When it arrives" and its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    pub name: String,
    pub text: String,
}

/// The terms of one remedy, in the order that the incident file gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    pub remedy: String,
    pub list: Vec<Term>,
}

/// The sentence that every list of terms ends with.
pub const NO_WAIVER: &str = "Claiming does not limit any right you have, in or out of court";

/// `/remedies`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remedies {
    pub offers: Vec<Offer>,
    pub support: Support,
}

/// One way in which a remedy reaches the person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// What the form sends: `email`, `sms`, `bill`.
    pub value: String,
    pub label: String,
    /// Where it goes, masked: `t…@example.com`; may be empty.
    pub hint: String,
}

/// A remedy and the choices that it leaves, on the claiming pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claimable {
    pub offer: Offer,
    pub terms: Terms,
    /// One or more; with a single one there is nothing to choose.
    pub deliveries: Vec<Delivery>,
    /// The `value` of the delivery chosen; the first when nothing is chosen yet.
    pub chosen: String,
}

impl Claimable {
    /// The delivery chosen, or the first.
    pub fn delivery(&self) -> Option<&Delivery> {
        self.deliveries.iter().find(|d| d.value == self.chosen).or(self.deliveries.first())
    }
}

/// `/remedies/REMEDY`: what it is, why one gets it, its terms, and what there is to choose.
/// REMEDY is a remedy's id, or `all` for every claimable one in a single pass.
/// The form is GET to `/remedies/REMEDY/check`; each delivery choice is a field named `delivery-ID`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choose {
    /// The REMEDY of the address.
    pub slug: String,
    /// One, or all those that can be claimed. One that cannot be claimed is shown with its reasons.
    pub remedies: Vec<Claimable>,
    pub errors: Vec<FieldError>,
    pub support: Support,
}

/// `/remedies/REMEDY/check`: check answers. Its form posts to `/remedies/REMEDY/claim` the hidden
/// fields `delivery-ID` and `terms`, and answers 303 to the claim (or to `/claims` after `all`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    pub slug: String,
    pub remedies: Vec<Claimable>,
    /// Identifies the text on this page, so that what is stored is what was read.
    pub terms_version: String,
    pub errors: Vec<FieldError>,
}

/// `/claims/NUMBER`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimPage {
    pub number: String,
    pub remedy_id: String,
    pub remedy_name: String,
    pub worth: Money,
    /// The state in words: "Granted".
    pub state: String,
    pub delivery: String,
    /// `24 November 2026, 14:05 UTC`.
    pub made_at: String,
    pub steps: Vec<Step>,
    /// As agreed to, not as they may read today.
    pub terms: Terms,
    /// Shows the confirmation panel, right after claiming.
    pub just_made: bool,
    pub support: Support,
}

/// One step in a claim's life.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    pub title: String,
    /// When it happened; `None` while it has not.
    pub at: Option<String>,
    /// What it means or when to expect it; may be empty.
    pub note: String,
}

/// `/claims`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    pub claims: Vec<ClaimLine>,
    /// Right after claiming several in one pass.
    pub just_made: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimLine {
    pub number: String,
    pub remedy_name: String,
    pub worth: Money,
    pub state: String,
    pub made_at: String,
}
