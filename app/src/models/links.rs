//! Links for download managers: shown once, listed.

/// The only page that ever shows the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkMade {
    /// With scheme and host.
    pub address: String,
    pub file_name: String,
    pub until: String,
    /// When what it leads to was put together.
    pub edition: String,
    pub bytes: i64,
    /// Of the whole ZIP, in hex; `None` while it is not known.
    pub sha256: Option<String>,
}

/// One that works, as `/account` lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DownloadLink {
    /// "Everything, as of 24 November 2026".
    pub what: String,
    pub made: String,
    pub until: String,
    /// "never", or a moment.
    pub used: String,
    /// Where the form that ends it is posted.
    pub end: String,
}
