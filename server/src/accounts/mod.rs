//! Who asks: sign-in codes, sessions, phones.

mod access;
pub mod app_passwords;
pub mod caller_code;
mod cleaning;
pub mod codes;
pub mod erasure;
pub mod fresh_code;
pub mod own;
pub mod phone;
pub mod recent;
pub mod session;
pub mod sign_in;
mod witness;

pub use access::Access;
pub use cleaning::{clean, run_cleaning};
pub use witness::{Profile, Subscriber};

use crate::{
    archives::links,
    store::{Result, Tx, sql},
};

/// The account's phone is another now: whoever held the old one loses their sessions, their app
/// passwords, their download links, their open codes and their standing. Takes effect in other processes within a second.
pub async fn phone_changed(tx: &mut Tx, subscriber_id: &str) -> Result<()> {
    session::end_all(tx, subscriber_id).await?;
    app_passwords::end_all(tx, subscriber_id).await?;
    links::end_all(tx, subscriber_id).await?;
    sql("DELETE FROM codes WHERE subscriber_id = $1").bind(subscriber_id).execute(&mut *tx).await?;
    sql("DELETE FROM known_browsers WHERE subscriber_id = $1").bind(subscriber_id).execute(tx).await?;
    Ok(())
}
