//! A category of data that the incident touched.

use app::Category;
use jiff::civil::Date;

use super::{Attribution, section::Section};

/// One category as the incident file describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentCategory {
    pub category: Category,
    /// The operator's own name for it, else [`Category::title`].
    pub title: String,
    /// What is special about it, in a sentence.
    pub note: Option<String>,
    /// What is known or planned, the earliest first.
    pub milestones: Vec<Milestone>,
}

/// Something that happened to a category on a date, or is planned for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    pub on: Date,
    pub says: String,
    pub attribution: Attribution,
}

impl IncidentCategory {
    /// The category and its place in the order; the order of the file where none is given.
    pub(super) fn read(section: &mut Section<'_>, may_choose: bool) -> Option<(i64, Self)> {
        let category = section.required::<Category>("id");
        let (title, note) = (section.optional("title"), section.optional("note"));
        let order = section.optional("order").unwrap_or(0);
        let mut milestones: Vec<Milestone> = section
            .tables("milestones")
            .into_iter()
            .filter_map(|table| Milestone::read(table, may_choose))
            .collect();
        milestones.sort_by_key(|milestone| milestone.on);
        section.finish();
        let category = category?;
        let title = title.unwrap_or_else(|| category.title().to_owned());
        Some((order, IncidentCategory { category, title, note, milestones }))
    }
}

impl Milestone {
    fn read(mut section: Section<'_>, may_choose: bool) -> Option<Self> {
        let (on, says) = (section.required("on"), section.required("says"));
        let attribution = Attribution::read(&mut section, may_choose);
        section.finish();
        Some(Milestone { on: on?, says: says?, attribution: attribution? })
    }
}
