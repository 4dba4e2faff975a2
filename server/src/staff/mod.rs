//! Support staff: who they are, what they may see, what they looked at.
//!
//! [`add`] makes an address at which a member sets password and TOTP once. Handlers take a
//! [`Staff`] witness of the duty that they serve; each look at a person is in the audit before
//! the person's data is shown.

mod audit;
mod caller;
pub mod caller_code_routes;
pub mod caller_routes;
mod case_queue;
pub mod case_routes;
mod cases;
pub mod claim_routes;
mod claims;
mod enrol;
mod on_behalf;
pub mod on_behalf_routes;
mod password;
mod reason;
mod reveal;
mod role;
pub mod rooms;
pub mod routes;
mod search;
mod sign_in;
mod store;
mod totp;
mod witness;

#[cfg(test)]
mod caller_tests;
#[cfg(test)]
mod case_tests;
#[cfg(test)]
mod claim_tests;
#[cfg(test)]
mod on_behalf_tests;
#[cfg(test)]
mod spanish_tests;
#[cfg(test)]
pub mod tests;

pub use audit::{Act, record};
pub use enrol::{AddError, Invitation, add};
pub use reason::{Reason, in_one_line};
pub use role::{Role, UnknownRole};
pub use routes::mistaken;
pub use witness::{Answers, Callers, Cases, Decides, Duty, ForOthers, Items, Member, Staff};
