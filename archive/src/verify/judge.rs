//! From what was read to what can be said of each entry.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};
use core::ops::Range;

use super::{
    Checked, Damage, Fault, Foreign, Proof, Report, State, Verdict,
    read::{Read, Seen, Stray},
};
use crate::{SUMS_NAME, names, records::local_header_len};

type Sums = BTreeMap<String, [u8; 32]>;

pub(super) fn judge(mut read: Read) -> Report {
    let bytes = read.at;
    if let Some(foreign) = foreign(&read) {
        return Report { verdict: Verdict::NotOurs(foreign), files: Vec::new(), faults: Vec::new(), bytes };
    }
    let sums = trusted_sums(&mut read);
    let strays = core::mem::take(&mut read.directory.strays);
    let gaps = content_gaps(&read);
    let mut judge =
        Judge { sums, has_gaps: !gaps.is_empty(), gaps, disagreeing: Vec::new(), read, files: Vec::new() };
    judge.drop_what_a_gap_held(&strays);
    judge.files = judge.read.seen.iter().map(|seen| judge.check(seen)).collect();
    judge.hear_directory(strays);
    judge.add_listed();
    let faults = judge.faults();
    let whole = faults.is_empty() && judge.files.iter().all(Checked::is_whole);
    let verdict = match &faults[..] {
        _ if whole => Verdict::Whole,
        // All is well but for the list: somebody else stores files just as we do.
        [Fault::ListMissing] if judge.files.iter().all(Checked::is_whole) => {
            Verdict::NotOurs(Foreign::NoList)
        }
        _ => Verdict::Damaged,
    };
    Report { verdict, files: judge.files, faults, bytes }
}

/// Why the file is not an archive of ours, if so.
fn foreign(read: &Read) -> Option<Foreign> {
    let cut_at_once = read.cut_record == Some(0) && read.at >= 4;
    let ours = !read.seen.is_empty() || read.directory.count > 0;
    let directory_is_ours = read.end.zip(read.directory.start).is_some_and(|(end, start)| start >= end.start);
    match read.foreign {
        _ if read.at == 0 => Some(Foreign::Empty),
        // Ours with a damaged first header has its directory; another's with one of ours inside has not.
        Some(foreign) if !directory_is_ours => Some(foreign),
        None if !ours && !cut_at_once => {
            Some(if read.end.is_some() { Foreign::NoList } else { Foreign::NotAZip })
        }
        _ => None,
    }
}

/// What is listed, if the list itself is whole.
fn trusted_sums(read: &mut Read) -> Option<Sums> {
    let list = read.seen.iter().rfind(|seen| seen.entry.name == SUMS_NAME)?;
    let good = list.bytes_fit_header() && read.listed.is_well_formed();
    good.then(|| core::mem::take(&mut read.listed.sums))
}

/// Where entries may have been. What the directory lacks is told of by its records.
fn content_gaps(read: &Read) -> Vec<Range<u64>> {
    let directory = read.end.map(|end| end.start).or(read.directory.start).unwrap_or(u64::MAX);
    let cut = |gap: &Range<u64>| gap.end == read.at && read.cut_record == Some(gap.start);
    read.gaps.iter().filter(|gap| gap.start < directory && !cut(gap)).cloned().collect()
}

struct Judge {
    read: Read,
    sums: Option<Sums>,
    has_gaps: bool,
    /// The gaps that no entry tells of.
    gaps: Vec<Range<u64>>,
    files: Vec<Checked>,
    /// Names with which the directory does not agree.
    disagreeing: Vec<String>,
}

impl Judge {
    /// An entry whose header is damaged may itself hold an archive, whose entries
    /// are then read as if they were ours: the directory does not know them.
    fn drop_what_a_gap_held(&mut self, strays: &[Stray]) {
        let directory_is_whole = self.read.end.is_some() && self.gaps.len() == self.read.gaps.len();
        if self.gaps.is_empty() || !directory_is_whole {
            return;
        }
        let offsets: BTreeSet<u64> = strays.iter().map(|stray| stray.offset).collect();
        let sums = &self.sums;
        self.read.seen.retain(|seen| {
            seen.in_directory || offsets.contains(&seen.at) || proves_itself(seen, sums.as_ref())
        });
    }

    fn check(&self, seen: &Seen) -> Checked {
        let entry = &seen.entry;
        let state = match (&self.sums, entry.sha256) {
            (_, None) if self.read.full.is_some() => State::NotChecked,
            (_, None) => State::Damaged(Damage::Cut),
            (Some(sums), Some(sha256)) if !is_unlisted_by_rule(&entry.name) => {
                listed_state(sums.get(&entry.name), sha256, seen.bytes_fit_header())
            }
            _ if seen.bytes_fit_header() => State::Whole(Proof::Crc32),
            _ => State::Damaged(Damage::Content),
        };
        Checked { name: entry.name.clone(), len: Some(entry.len), sha256: entry.sha256, state }
    }

    /// What the directory says of entries otherwise than their own headers do.
    fn hear_directory(&mut self, strays: Vec<Stray>) {
        let known: BTreeSet<String> = self.files.iter().map(|file| file.name.clone()).collect();
        for stray in strays {
            match self.read.seen.binary_search_by_key(&stray.offset, |seen| seen.at) {
                Ok(index) => self.contradicted(index, stray),
                Err(_) => {
                    let is_known = known.contains(&stray.entry.name);
                    self.unmet(stray, is_known);
                }
            }
        }
        let undescribed = self.read.seen.iter().zip(&self.files);
        let undescribed =
            undescribed.filter(|(seen, _)| !seen.in_directory).map(|(_, file)| file.name.clone());
        if self.read.end.is_some() || self.read.directory.start.is_some() {
            self.disagreeing.extend(undescribed);
        }
    }

    /// Header and directory differ. One of them is damaged: the bytes and the list say which.
    fn contradicted(&mut self, index: usize, stray: Stray) {
        let (seen, file) = (&mut self.read.seen[index], &mut self.files[index]);
        let (name, bytes_agree) = (&stray.entry.name, seen.crc32 == stray.entry.crc32);
        let renamed = seen.entry.name != *name && !seen.in_directory;
        let listed = self.sums.as_ref().and_then(|sums| sums.get(name));
        if renamed && file.state == State::Unlisted && listed.is_some() {
            // The directory's name is listed, the header's is not.
            let whole = listed.copied() == file.sha256;
            file.state = State::Damaged(if whole { Damage::Header } else { Damage::Content });
        } else if renamed && name == SUMS_NAME {
            file.state = State::Damaged(if bytes_agree { Damage::Header } else { Damage::Content });
        } else if !renamed && !seen.in_directory && bytes_agree && seen.crc32 != seen.entry.crc32 {
            file.state = State::Damaged(Damage::Header);
        } else {
            return self.disagreeing.push(file.name.clone());
        }
        seen.in_directory = true;
        file.name = stray.entry.name;
    }

    /// The directory has an entry where none was read.
    fn unmet(&mut self, Stray { entry, offset }: Stray, is_known: bool) {
        let listed = |sums: &Sums| sums.contains_key(&entry.name) || is_unlisted_by_rule(&entry.name);
        if is_known || !self.sums.as_ref().is_none_or(listed) {
            return self.disagreeing.push(entry.name);
        }
        let state = match self.gaps.iter().any(|gap| gap.start == offset) {
            true => State::Damaged(Damage::Unreadable),
            false => self.absent(),
        };
        // A gap that begins with the entry, or lies in its place, is told of by it.
        let end = offset.saturating_add(local_header_len(&entry)).saturating_add(entry.len);
        self.gaps.retain(|gap| gap.start != offset && (gap.start < offset || gap.end > end));
        self.files.push(Checked { name: entry.name, len: Some(entry.len), sha256: None, state });
    }

    /// Files that are listed and were not met.
    fn add_listed(&mut self) {
        let Some(sums) = &self.sums else { return };
        let known: BTreeSet<&str> = self.files.iter().map(|file| file.name.as_str()).collect();
        let absent = sums.keys().filter(|name| !known.contains(name.as_str())).cloned();
        let absent: Vec<String> = absent.collect();
        let state = self.absent();
        self.files.extend(absent.into_iter().map(|name| Checked { name, len: None, sha256: None, state }));
    }

    /// An entry that was not met may be in what could not be read.
    fn absent(&self) -> State {
        if self.has_gaps || self.read.full.is_some() { State::NotChecked } else { State::Missing }
    }

    fn faults(&mut self) -> Vec<Fault> {
        let mut faults: Vec<Fault> =
            self.gaps.iter().map(|gap| Fault::Gap { at: gap.start, len: gap.end - gap.start }).collect();
        if let Some(at) = self.read.full {
            faults.push(Fault::TooMany { at });
            return faults;
        }
        let truncated = self.is_truncated();
        if truncated {
            faults.push(Fault::Truncated);
        }
        faults.extend(self.list_fault(truncated));
        if let Some(first) = self.disagreeing.first().filter(|_| !truncated) {
            let names: BTreeSet<&String> = self.disagreeing.iter().collect();
            faults.push(Fault::Directory { name: first.clone(), count: names.len() });
        }
        if self.read.trailing > 0 {
            faults.push(Fault::Trailing { bytes: self.read.trailing });
        }
        let explained = !faults.is_empty() || self.files.iter().any(|file| !file.is_whole());
        if (self.read.end.is_none() && !truncated) || (!explained && !self.is_in_order()) {
            faults.push(Fault::End);
        }
        faults
    }

    fn is_truncated(&self) -> bool {
        let lost = self.read.gaps.last().filter(|gap| gap.end == self.read.at);
        let within_record = lost.is_some_and(|gap| self.read.cut_record == Some(gap.start));
        self.read.end.is_none() && (self.read.cut_entry || within_record || lost.is_none())
    }

    fn list_fault(&self, truncated: bool) -> Option<Fault> {
        let read =
            self.read.seen.iter().any(|seen| seen.entry.name == SUMS_NAME && seen.entry.sha256.is_some());
        match (&self.sums, read) {
            (Some(_), _) => None,
            (None, true) => Some(Fault::ListDamaged),
            (None, false) if truncated => None,
            (None, false) => Some(Fault::ListMissing),
        }
    }

    /// Whether everything follows on what stands before it, and the end fits it all.
    fn is_in_order(&self) -> bool {
        let read = &self.read;
        let directory = read.directory.start.unwrap_or(read.end.map_or(0, |end| end.start));
        let ends = read.end.is_some_and(|end| end.start == directory && end.count == read.directory.count);
        ends && read.gaps.is_empty()
            && read.directory.count == read.seen.len() as u64
            && read.seen.iter().all(|seen| seen.in_directory)
            && names::find_fault(read.seen.iter().map(|seen| seen.entry.name.as_str())).is_ok()
    }
}

/// The list does not name itself, nor folders.
fn is_unlisted_by_rule(name: &str) -> bool {
    name == SUMS_NAME || name.ends_with('/')
}

fn proves_itself(seen: &Seen, sums: Option<&Sums>) -> bool {
    let listed = sums.and_then(|sums| sums.get(&seen.entry.name));
    listed.is_some() && listed.copied() == seen.entry.sha256
}

fn listed_state(listed: Option<&[u8; 32]>, sha256: [u8; 32], bytes_fit_header: bool) -> State {
    match listed {
        None => State::Unlisted,
        Some(listed) if *listed != sha256 => State::Damaged(Damage::Content),
        Some(_) if bytes_fit_header => State::Whole(Proof::Sha256),
        Some(_) => State::Damaged(Damage::Header),
    }
}
