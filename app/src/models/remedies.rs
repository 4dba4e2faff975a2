//! Remedies on offer, claiming them, and following a claim.

use super::{AppealLine, FieldError, Money, Support};
use crate::mark;

/// A remedy as one subscriber sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// As in the incident file and in `/remedies/ID`.
    pub id: String,
    pub name: String,
    pub worth: Money,
    pub summary: String,
    pub eligible: bool,
    /// Its dates, where they alone are in the way.
    pub dates: Dates,
    /// What decided it, one sentence each.
    pub facts: Vec<Fact>,
    /// The number of the claim that this person has on it already.
    pub claim: Option<String>,
    /// The number of their claim on it that was declined or closed, and none was made since: the way on is an appeal.
    pub declined: Option<String>,
    /// The claim was given without being asked for.
    pub unasked: bool,
    /// The claim was given on an appeal.
    pub on_appeal: bool,
    pub appeal: Option<AppealLine>,
    /// What happens to those who do not claim it, in a sentence; empty where nothing does.
    pub unclaimed: String,
}

impl Offer {
    pub fn claimable(&self) -> bool {
        self.eligible && self.claim.is_none() && self.declined.is_none()
    }

    /// It can be claimed, or once it opens.
    pub fn theirs(&self) -> bool {
        self.claimable() || self.not_yet()
    }

    /// It can be claimed once it opens: nobody has to look at a no again until then.
    pub fn not_yet(&self) -> bool {
        self.dates == Dates::NotYet && self.claim.is_none() && self.declined.is_none()
    }
}

/// Whether the dates of a remedy, and nothing else, keep somebody from claiming it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dates {
    #[default]
    NotInTheWay,
    /// It opens later.
    NotYet,
    /// It closed.
    Over,
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
    /// Who gets it, in a sentence; empty with the terms of a claim, which is somebody's already.
    pub who: String,
    pub list: Vec<Term>,
}

/// The sentence that every list of terms ends with.
pub const NO_WAIVER: &str = mark!("Claiming does not limit any right you have, in or out of court");

/// `/remedies`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remedies {
    pub offers: Vec<Offer>,
    /// What those do who cannot claim for themselves.
    pub special: Vec<Term>,
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

impl Delivery {
    /// "By e-mail, a…@example.com".
    pub fn words(&self) -> String {
        if self.hint.is_empty() { self.label.clone() } else { format!("{}, {}", self.label, self.hint) }
    }
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

/// `/remedies/REMEDY`: what it is, why one gets it, and its terms. The questions follow, each on its own page.
/// REMEDY is a remedy's id, or `all` for every claimable one in a single pass.
/// Its form is GET to `/remedies/REMEDY/way`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choose {
    /// The REMEDY of the address.
    pub slug: String,
    /// One, or all those that can be claimed. One that cannot be claimed is shown with its reasons.
    pub remedies: Vec<Claimable>,
    pub errors: Vec<FieldError>,
    /// What those do who cannot claim for themselves.
    pub special: Vec<Term>,
    pub support: Support,
}

/// What was answered so far: a field's name and its value. No personal data: it stands in addresses.
pub type Answers = Vec<(String, String)>;

/// How one remedy should come: the one question of `/remedies/REMEDY/way` and of `/claims/NUMBER/way`.
/// The form is GET, since nothing is decided yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WayQuestion {
    pub remedy_name: String,
    pub worth: Money,
    pub deliveries: Vec<Delivery>,
    /// The `value` chosen before; empty when nothing is.
    pub chosen: String,
    /// The name of the choice's field.
    pub field: String,
    /// Where the answer goes.
    pub action: String,
    /// Kept beside the answer.
    pub answers: Answers,
    pub back: String,
    /// Nothing was chosen, though the form was sent.
    pub missing: bool,
}

/// Where something goes by post, as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressLines {
    pub name: String,
    pub line1: String,
    pub line2: String,
    pub town: String,
    pub region: String,
    pub postcode: String,
    pub country: String,
}

/// The postal address: `/remedies/REMEDY/address` and `/claims/NUMBER/address`. The form is a POST, since an address
/// stands in no URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressForm {
    pub action: String,
    pub back: String,
    pub lines: AddressLines,
    pub answers: Answers,
    pub errors: Vec<FieldError>,
}

/// `/remedies/REMEDY/check`: check answers. Its form posts to `/remedies/REMEDY/claim` the hidden
/// fields `delivery-ID` and `terms`, and answers 303 to the claim (or to `/claims` after `all`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    pub slug: String,
    pub remedies: Vec<Claimable>,
    /// Where what comes by post goes; empty when nothing does.
    pub address: Vec<String>,
    /// Identifies the text on this page, so that what is stored is what was read.
    pub terms_version: String,
    /// Identifies how each remedy comes and where it goes, so that what is done is what was checked.
    pub seen: Answers,
    pub errors: Vec<FieldError>,
}

impl Check {
    /// The choices made, as fields of an address.
    pub fn answers(&self) -> Answers {
        let answer = |remedy: &Claimable| {
            (
                format!("delivery-{}", remedy.offer.id),
                remedy.delivery().map(|d| d.value.clone()).unwrap_or_default(),
            )
        };
        self.remedies.iter().map(answer).collect()
    }
}

/// `/claims/NUMBER`: the state of a claim, and its receipt when it is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimPage {
    pub number: String,
    pub remedy_id: String,
    pub remedy_name: String,
    /// Who claimed, as the account has it.
    pub person: String,
    /// A member of staff claimed for them.
    pub made_for: Option<MadeFor>,
    pub worth: Money,
    /// The state in words: "Granted".
    pub state: String,
    pub delivery: String,
    /// Where it goes by post; empty when it does not.
    pub address: Vec<String>,
    /// `24 November 2026, 06:05 PST`.
    pub made_at: String,
    pub steps: Vec<Step>,
    /// As agreed to, not as they may read today.
    pub terms: Terms,
    /// The first digits of the SHA-256 of their text.
    pub terms_version: String,
    /// It was given without being asked for: nobody read or agreed to anything.
    pub unasked: bool,
    /// It was given on an appeal: nobody agreed to its terms either.
    pub on_appeal: bool,
    /// It was declined, or given up: an appeal is offered.
    pub declined: bool,
    /// For the remedy of a claim that was declined.
    pub appeal: Option<AppealLine>,
    /// Where the code of a gift card can be seen.
    pub code: Option<String>,
    /// Another way can be chosen, or the claim withdrawn.
    pub changes: Changes,
    /// Shows the confirmation panel, right after claiming.
    pub just_made: bool,
    pub support: Support,
}

/// Who made a claim for its person, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MadeFor {
    /// The member of staff, by name.
    pub by: String,
    /// Who asked, by name; empty when the person was erased.
    pub who: String,
    /// By what right: "A parent or guardian of the subscriber, who is not of age".
    pub right: String,
    pub reason: String,
}

/// What can still be done with a claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// There is another way to choose, or an address to mend.
    pub way: bool,
    pub withdraw: bool,
    /// Until when, in a sentence; empty when it is not known, or nothing can be changed.
    pub until: String,
}

/// `/claims/NUMBER/way/check`: confirms another way. The form posts `way` to `/claims/NUMBER/way`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WayCheck {
    pub number: String,
    pub remedy_name: String,
    pub before: String,
    pub after: Delivery,
    pub address: Vec<String>,
    /// Identifies where it goes, so that what is done is what was checked.
    pub seen: String,
    pub errors: Vec<FieldError>,
}

/// `/claims/NUMBER/withdraw`: asks before anything is taken back; its form posts to the same address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withdraw {
    pub number: String,
    pub remedy_name: String,
    pub worth: Money,
    /// Whoever does not claim it is given it all the same; not who withdrew.
    pub automatic: bool,
    /// Today's records give a right to claim it again.
    pub again: bool,
}

/// A change that came too late.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TooLate {
    pub number: String,
    /// What holds now, in a sentence.
    pub why: String,
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
    /// It was given without being asked for.
    pub unasked: bool,
    /// It was given on an appeal.
    pub on_appeal: bool,
}
