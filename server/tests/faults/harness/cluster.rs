//! A PostgreSQL of a test's own, that it may stop and start while others use theirs.

use std::process::Command;

/// Ends with this value.
pub struct Cluster {
    folder: String,
    pub url: String,
}

impl Cluster {
    /// None where PostgreSQL's programs are not installed, or no server is named and tests are to do without.
    pub fn start() -> Option<Self> {
        let named = std::env::var("MAKEGOOD_TEST_POSTGRES_URL").is_ok_and(|url| !url.is_empty());
        let told = if named {
            shell(
                "postgres_is_there || exit 0; start_postgres halted >&2; echo $postgres_folder $MAKEGOOD_TEST_POSTGRES_URL",
                "",
            )
        } else {
            String::new()
        };
        let Some((folder, url)) = told.trim().split_once(' ') else {
            eprintln!(
                "skipped: MAKEGOOD_TEST_POSTGRES_URL names no server, or PostgreSQL's programs are not here"
            );
            return None;
        };
        Some(Self { folder: folder.to_owned(), url: url.to_owned() })
    }

    /// As a crash of its host would.
    pub fn halt(&self) {
        shell("halt_postgres", &self.folder);
    }

    /// Starts it again at the same address, with what it kept.
    pub fn resume(&self) {
        shell("resume_postgres", &self.folder);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Twice of no harm: a test that fails is to say why, not this.
        let _ = std::panic::catch_unwind(|| shell("stop_postgres", &self.folder));
    }
}

/// What `bin/lib/postgres.sh` offers; the standard output.
fn shell(function: &str, folder: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let script = format!("set -e; . bin/lib/project.sh; . bin/lib/postgres.sh; {function}");
    let ended =
        Command::new("bash").args(["-c", &script]).current_dir(root).env("postgres_folder", folder).output();
    let ended = ended.unwrap();
    assert!(ended.status.success(), "{function}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap()
}
