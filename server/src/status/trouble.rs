//! Why the portal cannot work on its database.

/// A reason that may be told to anyone: it names no host, path or person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("the database has not been reached yet")]
    NotYet,
    #[error("the database cannot be reached")]
    Unreached,
    #[error("there is no database, but a status snapshot of one is on disk")]
    Gone,
    #[error("the database is empty, but a status snapshot of another is on disk")]
    Empty,
    #[error("the database is not the one that the status snapshot on disk was made from")]
    Another,
    #[error("the database cannot be read")]
    Unreadable,
    #[error("the database's tables cannot be brought up to date")]
    Tables,
    #[error("the master key is not this database's, or not any more")]
    WrongKey,
}

impl Trouble {
    /// Whatever is at the database's address must not be worked on.
    pub fn is_wrong_database(self) -> bool {
        matches!(self, Trouble::Gone | Trouble::Empty | Trouble::Another | Trouble::WrongKey)
    }

    /// What the operator does about it.
    pub fn remedy(self) -> &'static str {
        match self {
            Trouble::NotYet | Trouble::Unreached => "It is tried again every second.",
            Trouble::Gone | Trouble::Empty | Trouble::Another => {
                "Bring the right database back. If this one is to take its place, \
                 move status.json out of the data folder and start again."
            }
            Trouble::Unreadable => "Restore the database from a backup.",
            Trouble::Tables => "Run `makegood doctor`.",
            Trouble::WrongKey => "Set MAKEGOOD_MASTER_KEY_FILE to the right key and start again.",
        }
    }
}
