//! Which names are taken, and where the import's root is.

use super::limits::Limits;

const TABLES: [&str; 3] = ["subscribers.csv", "inventory.csv", "verdicts.csv"];
const DATA: &str = "data";

/// A name that is safe to use as a relative path.
#[derive(Debug, PartialEq, Eq)]
pub struct Clean {
    pub path: String,
    /// Some bytes were not UTF-8 and stand as `%XX`.
    pub escaped: bool,
}

/// The name without `.` and empty parts, or why it cannot be a path.
pub fn clean(raw: &[u8], limits: &Limits) -> Result<Clean, &'static str> {
    if raw.contains(&0) {
        return Err("the name contains a zero byte");
    }
    if raw.len() > limits.path_bytes {
        return Err("the path is too long");
    }
    let (text, escaped) = decode(raw);
    let drive = text.as_bytes().get(1) == Some(&b':') && text.as_bytes()[0].is_ascii_alphabetic();
    if text.contains('\\') {
        return Err("the name contains a backslash; pack it again with / between folders");
    }
    if text.starts_with('/') || drive {
        return Err("the path is absolute; pack it again with relative paths");
    }
    let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    match parts[..] {
        [] => Err("there is no name"),
        _ if parts.contains(&"..") => Err("the path climbs out of its folder with `..`"),
        _ if parts.len() > limits.depth => Err("the path has too many folders"),
        _ => Ok(Clean { path: parts.join("/"), escaped }),
    }
}

fn decode(raw: &[u8]) -> (String, bool) {
    let (mut text, mut escaped) = (String::with_capacity(raw.len()), false);
    for chunk in raw.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("%{byte:02X}"));
            escaped = true;
        }
    }
    (text, escaped)
}

/// The name as a report can show it: no control characters, of bounded length.
pub fn shown(raw: &[u8]) -> String {
    let (text, _) = decode(&raw[..raw.len().min(1024)]);
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}

/// The folder that paths are relative to; empty is the container's top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root(String);

/// Where a path stands by the root.
#[derive(Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    Inside(&'a str),
    /// What a desktop leaves behind.
    Trace,
    Outside,
}

impl Root {
    pub fn top() -> Root {
        Root(String::new())
    }

    pub fn folder(name: &str) -> Root {
        Root(name.to_owned())
    }

    /// The folder's name; empty for the top.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn place<'a>(&self, path: &'a str) -> Standing<'a> {
        let inside = match self.0.as_str() {
            "" => Some(path),
            folder => path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')),
        };
        match inside {
            _ if path.split('/').next() == Some("__MACOSX") => Standing::Trace,
            Some(path) if is_trace(path) => Standing::Trace,
            Some(path) => Standing::Inside(path),
            None if is_trace(path) => Standing::Trace,
            None => Standing::Outside,
        }
    }
}

fn is_trace(path: &str) -> bool {
    let mut parts = path.split('/');
    let in_data = parts.next() == Some(DATA) && parts.next().is_some();
    let name = path.rsplit('/').next().unwrap_or(path);
    let trace = matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini") || name.starts_with("._");
    !in_data && (trace || path.starts_with("__MACOSX/"))
}

/// Whether a folder with an entry of this name is an import's root.
pub fn is_landmark(name: &str, is_folder: bool) -> bool {
    if is_folder { name == DATA } else { TABLES.contains(&name) }
}

/// The root, if this file's path shows it.
pub fn root_shown_by(path: &str) -> Option<Root> {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    if is_landmark(first, !rest.is_empty()) {
        return Some(Root::top());
    }
    let (second, deeper) = rest.split_once('/').unwrap_or((rest, ""));
    is_landmark(second, !deeper.is_empty()).then(|| Root::folder(first))
}
