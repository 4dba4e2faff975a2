//! Plain data that pages are drawn from, one file for each subject. No behaviour beyond wording.

mod app_passwords;
mod browse;
mod content;
mod destinations;
mod duplicates;
mod errors;
mod form;
mod frame;
mod front;
mod handset;
mod item;
mod links;
mod money;
mod recovery;
mod remedies;
mod sign_in;
mod staff;
mod status;

pub use app_passwords::*;
pub use browse::*;
pub use content::*;
pub use destinations::*;
pub use duplicates::*;
pub use errors::*;
pub use form::*;
pub use frame::*;
pub use front::*;
pub use handset::*;
pub use item::*;
pub use links::*;
pub use money::*;
pub use recovery::*;
pub use remedies::*;
pub use sign_in::*;
pub use staff::*;
pub use status::*;
