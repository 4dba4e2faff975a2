//! The tree of `BEGIN:` and `END:` in vCard and iCalendar files, built so that
//! a broken card or entry costs only itself.
//!
//! A part that forgot its `END:` ends where the next of its kind begins. What
//! was read of it is kept. Lines that belong to nothing are problems, one for
//! each run of them.

use super::Problem;
use super::lines::{Lines, Logical};
use super::property::Property;

/// How deep components may nest: an alarm in an event in a calendar is three.
const MAX_DEPTH: usize = 16;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Component {
    /// Upper case, `VCARD`, `VEVENT` and so on.
    pub name: String,
    /// 1-based line of its `BEGIN:`.
    pub line: u64,
    pub properties: Vec<Property>,
    pub children: Vec<Component>,
}

impl Component {
    pub fn first(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }
}

/// Every outermost component of a file (see [`super::text::ascii_compatible`]),
/// values not yet settled, and what could not be read.
pub fn read(bytes: &[u8]) -> (Vec<Component>, Vec<Problem>) {
    let mut lines = Lines::new(bytes);
    let mut tree = Tree::default();
    for line in lines.by_ref() {
        tree.line(line);
    }
    tree.finish(lines.number())
}

#[derive(Default)]
struct Tree {
    done: Vec<Component>,
    open: Vec<Component>,
    problems: Vec<Problem>,
    /// First and number of the lines outside everything that are being skipped.
    stray: Option<(u64, u64)>,
}

impl Tree {
    fn line(&mut self, line: Logical) {
        match marker(&line.bytes, self.open.is_empty()) {
            Some(Marker::Begin { name, garbage }) => {
                if garbage {
                    self.skip(line.number);
                }
                self.begin(name, line.number);
            }
            Some(Marker::End(name)) => self.end(&name),
            None if self.open.is_empty() => self.skip(line.number),
            None => self.property(line),
        }
    }

    fn begin(&mut self, name: String, line: u64) {
        self.tell_strays();
        let keep = self.open.len() - self.unclosed_by(&name);
        self.close_to(keep);
        if self.open.len() == MAX_DEPTH {
            self.problem(line, format!("{name} is nested too deep and was not read"));
            return;
        }
        self.open.push(Component { name, line, ..Component::default() });
    }

    /// How many of the open components end because one of this name begins.
    fn unclosed_by(&self, name: &str) -> usize {
        let from = match name {
            "VCARD" if self.expects_nested_card() => None,
            "VCARD" => self.open.iter().position(|open| open.name == "VCARD"),
            "VCALENDAR" => Some(0),
            name if is_entry(name) => self.open.iter().position(|open| is_entry(&open.name)),
            _ => None,
        };
        from.map_or(0, |from| self.open.len() - from)
    }

    /// vCard 2.1 nests the card of an agent after an empty `AGENT:`.
    fn expects_nested_card(&self) -> bool {
        let last = self.open.last().and_then(|card| card.properties.last());
        last.is_some_and(|property| property.name == "AGENT" && property.raw.trim_ascii().is_empty())
    }

    fn end(&mut self, name: &str) {
        match self.open.iter().rposition(|open| open.name == name) {
            Some(index) => self.close_to(index),
            None if is_entry(name) && self.open.last().is_some_and(|open| is_entry(&open.name)) => {
                self.close_to(self.open.len() - 1);
            }
            None => {}
        }
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(component) = self.open.pop() {
                match self.open.last_mut() {
                    Some(parent) => parent.children.push(component),
                    None => self.done.push(component),
                }
            }
        }
    }

    fn property(&mut self, line: Logical) {
        let Some(component) = self.open.last_mut() else { return };
        if trim(&line.bytes).contains(&0) {
            return self.problem(line.number, "the line is damaged: it holds zero bytes".into());
        }
        let parsed = Property::parse(&line);
        let last = component.properties.last_mut();
        match (parsed, last) {
            (Some(property), last) if !last.as_ref().is_some_and(|last| is_prose(last, &property, &line)) => {
                component.properties.push(property);
            }
            (_, Some(last)) if takes_broken_lines(last) => join_broken(last, &line.bytes),
            _ => self.problem(line.number, "the line is not NAME:value and was not read".into()),
        }
    }

    fn skip(&mut self, line: u64) {
        self.stray = Some(self.stray.map_or((line, 1), |(first, count)| (first, count + 1)));
    }

    fn tell_strays(&mut self) {
        if let Some((first, count)) = self.stray.take() {
            let what = if count == 1 { "a line".into() } else { format!("{count} lines") };
            self.problem(first, format!("{what} outside any card or entry, not read"));
        }
    }

    fn problem(&mut self, line: u64, reason: String) {
        self.problems.push(Problem { line: Some(line), reason });
    }

    fn finish(mut self, last_line: u64) -> (Vec<Component>, Vec<Problem>) {
        self.tell_strays();
        if let Some(open) = self.open.last() {
            let reason = format!(
                "the file ends inside the {} that began on line {}; what follows is missing",
                open.name, open.line
            );
            self.problem(last_line, reason);
        }
        self.close_to(0);
        (self.done, self.problems)
    }
}

enum Marker {
    Begin { name: String, garbage: bool },
    End(String),
}

/// `BEGIN:NAME` or `END:NAME`; outside everything also behind garbage on its line.
fn marker(line: &[u8], outermost: bool) -> Option<Marker> {
    let line = trim(line);
    let colon = line.iter().rposition(|byte| *byte == b':')?;
    let name = line[colon + 1..].trim_ascii();
    if name.is_empty() || name.len() > 64 || !name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-') {
        return None;
    }
    let name = String::from_utf8_lossy(name).to_ascii_uppercase();
    let word = line[..colon].trim_ascii();
    if word.eq_ignore_ascii_case(b"BEGIN") {
        return Some(Marker::Begin { name, garbage: false });
    }
    if word.eq_ignore_ascii_case(b"END") {
        return Some(Marker::End(name));
    }
    let tail = word.len().checked_sub(5).map(|from| &word[from..]);
    let garbage =
        outermost && name.starts_with('V') && tail.is_some_and(|t| t.eq_ignore_ascii_case(b"BEGIN"));
    garbage.then_some(Marker::Begin { name, garbage })
}

/// Without white space and the zero bytes of padding around it.
fn trim(line: &[u8]) -> &[u8] {
    let keep = |byte: &u8| !byte.is_ascii_whitespace() && *byte != 0;
    let start = line.iter().position(keep).unwrap_or(line.len());
    let end = line.iter().rposition(keep).map_or(start, |last| last + 1);
    &line[start..end]
}

/// Components of a calendar that never hold one another.
fn is_entry(name: &str) -> bool {
    matches!(name, "VEVENT" | "VTODO" | "VJOURNAL" | "VFREEBUSY" | "VTIMEZONE")
}

/// Whether what looks like a property goes on with the prose of the one before:
/// `Mobile: ask first` after a `NOTE`, whose writer forgot to fold.
fn is_prose(last: &Property, new: &Property, line: &Logical) -> bool {
    is_note(&last.name)
        && new.params.is_empty()
        && new.group.is_none()
        && !new.name.starts_with("X-")
        && !KNOWN.contains(&new.name.as_str())
        && !line.bytes.starts_with(new.name.as_bytes())
}

fn is_note(name: &str) -> bool {
    matches!(name, "NOTE" | "DESCRIPTION" | "COMMENT" | "LABEL")
}

fn takes_broken_lines(property: &Property) -> bool {
    is_note(&property.name)
        || property.name.starts_with("X-")
        || matches!(
            property.name.as_str(),
            "N" | "FN"
                | "ADR"
                | "ORG"
                | "TITLE"
                | "ROLE"
                | "NICKNAME"
                | "SUMMARY"
                | "LOCATION"
                | "CATEGORIES"
        )
}

/// Notes are broken where a writer left a line end in the text, other values
/// where it wrapped a long line without the space that folding asks for.
fn join_broken(property: &mut Property, line: &[u8]) {
    let between: &[u8] =
        if is_note(&property.name) || property.name.starts_with("X-") { b"\\n" } else { b"" };
    property.raw.extend_from_slice(between);
    property.raw.extend_from_slice(line);
}

#[rustfmt::skip]
const KNOWN: [&str; 60] = [
    "ADR", "AGENT", "ANNIVERSARY", "ATTACH", "ATTENDEE", "BDAY", "CALADRURI", "CALURI", "CATEGORIES",
    "CLASS", "COMMENT", "COMPLETED", "CONTACT", "CREATED", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART",
    "DUE", "DURATION", "EMAIL", "EXDATE", "EXRULE", "FBURL", "FN", "GENDER", "GEO", "IMPP", "KEY", "KIND",
    "LABEL", "LANG", "LAST-MODIFIED", "LOCATION", "LOGO", "MAILER", "MEMBER", "N", "NAME", "NICKNAME",
    "NOTE", "ORG", "ORGANIZER", "PHOTO", "PRIORITY", "PRODID", "RDATE", "RECURRENCE-ID", "REV", "ROLE",
    "RRULE", "SEQUENCE", "SOUND", "STATUS", "SUMMARY", "TEL", "TITLE", "TZ", "UID", "URL",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn names(components: &[Component]) -> Vec<String> {
        components
            .iter()
            .map(|c| format!("{}({})[{}]", c.name, c.properties.len(), names(&c.children).join(" ")))
            .collect()
    }

    #[test]
    fn a_card_without_end_stops_where_the_next_begins() {
        let (cards, problems) = read(b"BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\n");
        assert_eq!(names(&cards), ["VCARD(1)[]", "VCARD(1)[]"]);
        assert_eq!(problems, []);
    }

    #[test]
    fn an_agents_card_nests() {
        let (cards, _) = read(b"BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nFN:B\nEND:VCARD\nFN:A\nEND:VCARD\n");
        assert_eq!(names(&cards), ["VCARD(2)[VCARD(1)[]]"]);
    }

    #[test]
    fn entries_never_nest_whatever_their_ends_say() {
        let (calendars, _) = read(
            b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\nBEGIN:VTODO\nSUMMARY:b\nEND:VEVENT\nBEGIN:VTODO\nSUMMARY:c\nEND:VTODO\nEND:VCALENDAR",
        );
        assert_eq!(names(&calendars), ["VCALENDAR(0)[VEVENT(1)[] VTODO(1)[] VTODO(1)[]]"]);
    }

    #[test]
    fn garbage_in_front_is_one_problem_and_hides_no_card() {
        let (cards, problems) = read(b"\xFF\xFE:x\n\x01\x02BEGIN:VCARD\nFN:A\nEND:VCARD\n");
        assert_eq!(cards.len(), 1);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].line, Some(1));
    }

    #[test]
    fn a_cut_file_gives_its_last_card_and_says_where_it_ends() {
        let (cards, problems) = read(b"BEGIN:VCARD\nFN:A\nTEL:1");
        assert_eq!(names(&cards), ["VCARD(2)[]"]);
        assert_eq!(problems[0].line, Some(3));
    }

    #[test]
    fn a_broken_line_goes_on_with_a_text_and_is_a_problem_elsewhere() {
        let (cards, problems) =
            read(b"BEGIN:VCARD\nbad-line\nNOTE:one\ntwo words\nMobile: ask\nTEL:1\nrest\nEND:VCARD");
        assert_eq!(cards[0].properties[0].raw, b"one\\ntwo words\\nMobile: ask");
        assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [Some(2), Some(7)]);
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = "BEGIN:X\n".repeat(100_000);
        let (components, problems) = read(deep.as_bytes());
        assert_eq!(components.len(), 1);
        assert!(problems.len() > 90_000);
    }
}
