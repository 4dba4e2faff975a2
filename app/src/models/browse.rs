//! Looking through what came back: lists, months and single items.

use super::{CategoryLine, Details, Pager, Support};
use crate::vocabulary::Category;

/// `/recovery/CATEGORY`, with the search field `q`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryPage {
    pub line: CategoryLine,
    /// Empty before release.
    pub groups: Vec<Group>,
    /// What was searched for, as typed; empty without a search.
    pub query: String,
    /// How many match the search; 0 without one. Counted up to [`MANY`].
    pub matches: i64,
    pub pager: Pager,
    /// To the letters, months or years that there are; empty for a short list.
    pub jumps: Vec<Jump>,
    /// Other ways to see the same: to do or done, as a list or by month.
    pub views: Vec<Jump>,
    /// What there is to know before the list, a sentence each: where it opens, what was paid in all.
    pub remarks: Vec<String>,
    /// In place of the list, when a month of the calendar was asked for.
    pub month: Option<Month>,
    pub quarantined: Vec<QuarantinedFile>,
    /// Contacts that look like duplicates and wait for a choice.
    pub duplicates: i64,
    pub support: Support,
}

/// Matches are counted up to here; a person who finds more types another word.
pub const MANY: i64 = 1000;

impl CategoryPage {
    /// The page without its items.
    pub fn new(line: CategoryLine, support: Support) -> Self {
        CategoryPage {
            line,
            groups: Vec::new(),
            query: String::new(),
            matches: 0,
            pager: Pager::default(),
            jumps: Vec::new(),
            views: Vec::new(),
            remarks: Vec::new(),
            month: None,
            quarantined: Vec::new(),
            duplicates: 0,
            support,
        }
    }
}

/// Items under one heading: a letter, a day, a month. No heading where a list needs none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    pub heading: String,
    pub items: Vec<Item>,
}

/// One item in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: String,
    pub details: Details,
    /// Other versions of the same item, kept and downloadable; 0 for most.
    pub older_versions: i64,
    /// A photo's small picture; `None` where the picture cannot be drawn.
    pub thumbnail: Option<Thumbnail>,
    /// The item's own page, `/recovery/photos/ID`; empty for staff, who see it all in the list.
    pub href: String,
    /// Our record of it is damaged: only its name is shown, and its file is kept.
    pub damaged: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thumbnail {
    pub src: String,
    /// In CSS pixels, so that the page does not jump while it loads.
    pub width: u32,
    pub height: u32,
}

/// A link to a part of a list, or to another way to see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jump {
    pub label: String,
    pub href: String,
    /// This is what is shown.
    pub here: bool,
}

/// A file kept in quarantine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuarantinedFile {
    pub path: String,
    /// Why it could not be read, in words.
    pub reason: String,
    pub bytes: i64,
    pub href: String,
}

/// `/recovery/calendar?month=2009-10`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Month {
    /// `October 2009`.
    pub title: String,
    /// Whose clock it goes by: `America/Los_Angeles`.
    pub zone: String,
    /// `Sunday` to `Saturday`, or `Monday` to `Sunday`.
    pub weekdays: Vec<&'static str>,
    /// Seven days each.
    pub weeks: Vec<Vec<Day>>,
    /// The nearest month before with something in it.
    pub previous: Option<Jump>,
    pub next: Option<Jump>,
    /// What could not be shown, in a sentence; empty when all is.
    pub left_out: String,
}

/// A day of a month's table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    pub number: i8,
    /// `Thursday, 15 October`.
    pub title: String,
    /// False for the days of the months before and after that fill the first and the last week.
    pub inside: bool,
    pub entries: Vec<DayEntry>,
}

/// What is on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayEntry {
    /// `14:00`; empty for what lasts all day.
    pub time: String,
    pub title: String,
    /// Empty for staff.
    pub href: String,
}

/// `/recovery/CATEGORY/ID`: everything that is known of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemPage {
    pub category: Category,
    /// The category's name in the incident file.
    pub category_title: String,
    /// Where in its list the item stands: `/recovery/contacts?from=j`.
    pub back: String,
    pub title: String,
    /// The one line below the title; may be empty.
    pub lead: String,
    pub picture: Option<Picture>,
    pub facts: Vec<Detail>,
    /// A note's text, an entry's description: shown as typed.
    pub text: String,
    /// Why something is not shown, in a sentence; empty when all is.
    pub trouble: String,
    pub downloads: Vec<Take>,
    pub versions: Vec<Version>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// A picture at its place on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    pub src: String,
    pub width: u32,
    pub height: u32,
    pub alt: String,
    /// A small picture beside the facts, as a contact has.
    pub small: bool,
}

/// One thing that is known: "Phone (home)" and the number, with what the number opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    pub name: String,
    pub text: String,
    /// `tel:…`, `mailto:…` or `https://…`; empty where there is nothing to open.
    pub href: String,
}

impl Detail {
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Detail { name: name.into(), text: text.into(), href: String::new() }
    }
}

/// Something to take away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Take {
    pub label: String,
    pub href: String,
    /// What it is and who reads it.
    pub hint: String,
}

/// Another version of an item than the one that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    pub title: String,
    /// When it was last changed, or that this is not known.
    pub dated: String,
    pub href: String,
}
