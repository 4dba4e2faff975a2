//! What the database keeps of runs, without a person who was erased: the counts stay, what names the account goes.

use std::collections::BTreeSet;

use super::{
    findings::{CUT, Finding, Sample},
    report::Stored,
    store,
};
use crate::{
    accounts::erasure,
    store::{Result, Tx, keys::MasterKey},
};

/// What stands for an account, and for what follows it.
const GONE: &str = "…";

/// Takes an account out of every run that is written down.
pub async fn forget(tx: &mut Tx, account: &str) -> Result<()> {
    for (id, source) in store::sources(tx).await? {
        if let Some(source) = source_without(&source, account) {
            store::set_source(tx, &id, &source).await?;
        }
        // One at a time: a report may be long.
        let report = store::report(tx, &id).await?;
        if let Some(without) = report.and_then(|report| report_without(&report, account)) {
            store::set_report(tx, &id, without.as_deref()).await?;
        }
    }
    Ok(())
}

/// Takes out of a report that is to be written down whoever was erased while its run was under way, or before it.
pub async fn forget_erased(tx: &mut Tx, root: &MasterKey, stored: &mut Stored) -> Result<()> {
    let accounts = stored.accounts();
    let accounts: Vec<&str> = accounts.iter().map(String::as_str).collect();
    for account in erasure::refused_among(tx, root, &accounts).await? {
        stored.forget(account);
    }
    Ok(())
}

/// The report without the account; none where it does not name it, and no report in it where it cannot be read.
fn report_without(report: &str, account: &str) -> Option<Option<String>> {
    let Ok(mut stored) = serde_json::from_str::<Stored>(report) else {
        return report.contains(account).then_some(None);
    };
    stored.forget(account).then(|| serde_json::to_string(&stored).ok())
}

/// The path without the parts of it that are the account, or the account with an extension.
fn source_without(source: &str, account: &str) -> Option<String> {
    let is_theirs =
        |part: &str| part.strip_prefix(account).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let part = |part: &str| if is_theirs(part) { GONE.to_owned() } else { part.to_owned() };
    let without: Vec<String> = source.split('/').map(part).collect();
    let without = without.join("/");
    (without != source).then_some(without)
}

impl Stored {
    /// Whether there was anything of the account in it.
    fn forget(&mut self, account: &str) -> bool {
        let mut found = false;
        for finding in &mut self.findings {
            found |= finding.forget(account);
        }
        if let Some(failure) = &mut self.failure {
            let place = named(failure).find(|(_, named)| is_account(named, account)).map(|(at, _)| at);
            if let Some(at) = place {
                failure.truncate(at);
                failure.push_str(GONE);
                found = true;
            }
        }
        found
    }

    /// The accounts that it names by the paths of their files.
    fn accounts(&self) -> BTreeSet<String> {
        let samples = self.findings.iter().flat_map(|finding| &finding.samples);
        let texts = samples.map(|sample| sample.path.as_str()).chain(self.failure.as_deref());
        let names = texts.flat_map(named).flat_map(|(_, name)| [name, without_remark(name)]);
        names.map(str::to_owned).collect()
    }
}

impl Finding {
    fn forget(&mut self, account: &str) -> bool {
        let before = self.samples.len();
        self.samples.retain(|sample| !sample.is_of(account));
        // As reports were written once: nothing else that a file says stands in a reason.
        let kind = self.kind.replace(&format!("account {account}'s"), &format!("account {GONE}'s"));
        let is_said = kind != self.kind;
        self.kind = kind;
        is_said || self.samples.len() != before
    }
}

impl Sample {
    fn is_of(&self, account: &str) -> bool {
        named(&self.path).any(|(_, named)| is_account(named, account))
    }
}

/// The same account, or what is left of it where the path is cut short.
fn is_account(named: &str, account: &str) -> bool {
    let begins = named.strip_suffix(CUT).filter(|begins| !begins.is_empty());
    let is_cut = || begins.is_some_and(|begins| account.starts_with(begins));
    named == account || without_remark(named) == account || is_cut()
}

/// Behind a path may stand what happened there.
fn without_remark(named: &str) -> &str {
    named.split_once(": ").map_or(named, |(name, _)| name)
}

/// What follows a folder `data` in the paths of a text, and where it begins. A name that could not be taken in may
/// have backslashes between its parts.
fn named(text: &str) -> impl Iterator<Item = (usize, &str)> {
    const DATA: &str = "data";
    text.match_indices(DATA).filter_map(|(at, _)| {
        let is_whole = text[..at].chars().next_back().is_none_or(|before| matches!(before, '/' | '\\' | ' '));
        let rest = text[at + DATA.len()..].strip_prefix(['/', '\\'])?;
        let name = rest.split(['/', '\\']).next()?;
        (is_whole && !name.is_empty()).then_some((at + DATA.len() + 1, name))
    })
}

#[cfg(test)]
mod tests {
    use super::{super::findings::Fate, *};

    fn stored(path: &str) -> Stored {
        let samples = vec![
            Sample { path: path.to_owned(), line: Some(3) },
            Sample { path: "data/a-10/notes/n.txt".to_owned(), line: None },
        ];
        let kind = "this phone is also account a-1's: neither".to_owned();
        let finding = Finding { place: "notes".to_owned(), fate: Fate::Quarantined, kind, count: 7, samples };
        let failure =
            "in.tar is damaged, in or after data/a-1/notes/Dear Ann.txt: bad: what came before was read";
        Stored { findings: vec![finding], failure: Some(failure.to_owned()), files: 9, ..Stored::default() }
    }

    #[test]
    fn whatever_way_a_path_is_written_the_account_goes_and_the_counts_stay() {
        for path in [
            "data/a-1/notes/Dear Ann.txt",
            "data/a-1/x",
            "old/data/a-1/notes/n.txt",
            "data\\a-1\\notes\\n.txt",
            "/data/a-1",
            "data/a…",
        ] {
            let mut stored = stored(path);
            assert!(stored.forget("a-1"), "{path}");
            assert_eq!((stored.files, stored.findings[0].count), (9, 7));
            assert_eq!(stored.findings[0].samples.len(), 1, "{path}");
            assert_eq!(stored.findings[0].kind, "this phone is also account …'s: neither");
            assert_eq!(stored.failure.as_deref(), Some("in.tar is damaged, in or after data/…"));
            assert!(!stored.forget("a-1"));
        }
        assert!(!stored("data/a-10/n.txt").forget("a-2"));
    }

    #[test]
    fn a_report_names_accounts_by_their_paths() {
        let accounts = stored("mydata/a-3/data/a-4/notes/data/x").accounts();
        assert_eq!(accounts.iter().map(String::as_str).collect::<Vec<_>>(), ["a-1", "a-10", "a-4", "x"]);
        let nothing: Vec<_> = named("data and subscribers.csv in mydata/in or data/").collect();
        assert_eq!(nothing, []);
    }

    #[test]
    fn a_report_that_cannot_be_read_goes_where_it_names_the_account() {
        assert_eq!(report_without("{ a-1", "a-1"), Some(None));
        assert_eq!(report_without("{ a-1", "a-2"), None);
        assert_eq!(source_without("/in/a-1.zip", "a-1").as_deref(), Some("/in/…"));
        assert_eq!(source_without("/in/a-1/again", "a-1").as_deref(), Some("/in/…/again"));
        assert_eq!(source_without("/in/a-10/again", "a-1"), None);
    }
}
