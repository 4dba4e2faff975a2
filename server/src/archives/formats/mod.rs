//! Items written as the files that an archive holds, formats that every phone
//! and address book reads. Pure: stored items in, text out, the same every time.

mod calendar;
mod contacts;
mod convert;
mod csv;
mod dates;
mod google;
#[cfg(test)]
mod hostile;
pub mod names;
mod notes;
mod photos;
#[cfg(test)]
mod proof;
mod tables;

pub use calendar::{calendar_ics, notes_ics};
pub use contacts::{contacts_vcf, contacts_vcf_4, each_contact};
pub use csv::harmless;
pub use google::contacts_csv;
pub use names::FileNames;
pub use notes::each_note;
pub use photos::photo_time;
pub use tables::table_csv;
