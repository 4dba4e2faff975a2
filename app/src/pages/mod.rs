//! The pages: pure views of the models, one file for each subject.

mod account;
mod app_passwords;
mod archive;
mod caller;
mod category;
mod claims;
mod content;
mod destinations;
mod duplicates;
mod error;
mod fresh_code;
mod front;
mod handset;
mod item;
mod items;
mod month;
mod recovery;
mod remedies;
mod shell;
mod sign_in;
mod staff;
mod status;
#[cfg(test)]
mod tests;
mod verify;

pub use account::account;
pub use app_passwords::{app_password_form, app_password_made};
pub use archive::archive;
pub use caller::{caller, caller_category};
pub use category::category;
pub use claims::{claim, claims};
pub use content::{accessibility, help, privacy, reports, terms};
pub use destinations::{destination, destinations};
pub use error::error;
pub use fresh_code::fresh_code;
pub use front::front;
pub use handset::handset;
pub use item::item;
pub use recovery::recovery;
pub use remedies::{check, choose, remedies};
pub use shell::shell;
pub use sign_in::{code_form, phone_form, second_fact};
pub use staff::{enrol, search, staff_sign_in};
pub use status::status;
pub use verify::verify;
