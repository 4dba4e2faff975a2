//! `manifest.json`: what each file of an archive is and where it came from.

use serde::Serialize;

use super::readme::Duplicates;

/// One file, as the list names it.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
    /// The path under which it was recovered; null for what was made for the archive.
    pub source: Option<String>,
    pub state: State,
    /// Why it could not be read, or is not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a file of an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Written for the archive.
    Made,
    Recovered,
    /// A newer version came under the same path.
    EarlierVersion,
    /// Nobody could read it; its bytes are here as they came.
    Quarantined,
    /// Its stored bytes cannot be read any more: it is named, and not here.
    Damaged,
}

impl Listed {
    pub fn new(path: &str, bytes: u64, sha256: &[u8], source: Option<String>, state: State) -> Self {
        let sha256 = hex::encode(sha256);
        Self { path: path.to_owned(), bytes, sha256, source, state, reason: None }
    }

    pub fn because(self, reason: Option<String>) -> Self {
        Self { reason, ..self }
    }
}

#[derive(Serialize)]
struct Json<'a> {
    incident: &'a str,
    made_at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicates: Option<Duplicates>,
    files: &'a [Listed],
}

/// Every file but itself and `MANIFEST.sha256`, those too that are only named.
pub fn json(
    incident: &str,
    made_at: &str,
    notice: Option<&str>,
    duplicates: Option<Duplicates>,
    files: &[Listed],
) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&Json { incident, made_at, notice, duplicates, files })
}
