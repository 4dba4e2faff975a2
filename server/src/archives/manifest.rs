//! The two lists that prove an archive: `manifest.json` and `MANIFEST.sha256`.

use serde::Serialize;

/// One file, as both lists name it.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
    /// The path under which it was recovered; null for what was made for the archive.
    pub source: Option<String>,
    /// `made`, `recovered`, `earlier-version` or `quarantined`.
    pub state: &'static str,
}

impl Listed {
    pub fn new(path: &str, bytes: u64, sha256: &[u8], source: Option<String>, state: &'static str) -> Self {
        let sha256 = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { path: path.to_owned(), bytes, sha256, source, state }
    }
}

#[derive(Serialize)]
struct Manifest<'a> {
    incident: &'a str,
    made_at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'a str>,
    files: &'a [Listed],
}

/// Every file but itself and `MANIFEST.sha256`.
pub fn json(
    incident: &str,
    made_at: &str,
    notice: Option<&str>,
    files: &[Listed],
) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&Manifest { incident, made_at, notice, files })
}

/// What `sha256sum -c` reads. A name with a backslash or a line break would need
/// escaping; archive names have neither.
pub fn sha256(files: &[Listed]) -> String {
    files.iter().map(|file| format!("{}  {}\n", file.sha256, file.path)).collect()
}
