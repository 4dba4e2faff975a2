//! Reports of missing or wrong data and appeals: writing one, and following it.

use super::{Fact, FieldError, Pager, Support};

/// `/reports`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reports {
    /// Newest first.
    pub cases: Vec<CaseLine>,
    pub drafts: Vec<DraftLine>,
    pub support: Support,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseLine {
    pub number: String,
    /// "Report about Contacts".
    pub title: String,
    /// "Answered: We put it back".
    pub state: String,
    pub sent: String,
    /// When we last wrote; empty while we have not.
    pub answered: String,
}

/// What was begun and not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftLine {
    pub title: String,
    pub href: String,
    /// Until when it is kept.
    pub until: String,
}

/// The newest appeal for a remedy, where the remedy or its claim is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppealLine {
    pub number: String,
    /// "Being looked at".
    pub state: String,
    /// It is not decided, so no other is made.
    pub open: bool,
}

/// What our records say of a thing, shown beside every question about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// A sentence each.
    pub says: Vec<String>,
    /// Of an appeal: what decided, and which way each speaks.
    pub facts: Vec<Fact>,
}

/// `/reports/new`: which category. Posts the field `category`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewReport {
    pub categories: Vec<ReportedCategory>,
    /// The slug that is chosen already.
    pub chosen: String,
    pub errors: Vec<FieldError>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportedCategory {
    pub slug: String,
    pub title: String,
    /// "64 of 300 recovered".
    pub says: String,
}

/// What a draft is about, on each of its pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftHead {
    pub appeal: bool,
    /// The category's or the remedy's name.
    pub subject: String,
    /// The address of its first page; the others lie below it.
    pub base: String,
    pub records: Records,
}

/// `/reports/new/DRAFT`: what is missing or wrong, or why the no is wrong. Posts `text`, and of a report `how_many`
/// and `period`. `/remedies/REMEDY/appeal` is the same page for an appeal that is not begun yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tell {
    pub head: DraftHead,
    pub text: String,
    pub how_many: String,
    pub period: String,
    pub errors: Vec<FieldError>,
}

/// `/reports/new/DRAFT/files`: posts `file` as multipart; each file has a form that takes it out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BringFiles {
    pub head: DraftHead,
    pub files: Vec<CaseFile>,
    /// How many more are taken.
    pub room: i64,
    pub errors: Vec<FieldError>,
}

/// `/reports/new/DRAFT/check`: posted to itself, it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckCase {
    pub head: DraftHead,
    pub text: String,
    pub how_many: String,
    pub period: String,
    pub files: Vec<CaseFile>,
    pub errors: Vec<FieldError>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFile {
    pub id: String,
    pub name: String,
    pub bytes: i64,
    /// Where it is downloaded; none where it may not be.
    pub href: Option<String>,
}

/// One step of a case, with what was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseEntry {
    /// "You wrote", "We asked".
    pub title: String,
    pub at: String,
    pub text: String,
    /// Answers to single questions, with what was asked.
    pub answers: Vec<(&'static str, String)>,
    /// What our records said at that time.
    pub records: Vec<String>,
    pub files: Vec<CaseFile>,
}

/// `/reports/NUMBER`. Posts `text`, `file`, `message` and `step` as multipart to `/reports/NUMBER/messages`, and
/// nothing to `/reports/NUMBER/close`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CasePage {
    pub number: String,
    pub appeal: bool,
    pub subject: String,
    /// Where the category or the remedy is.
    pub about: String,
    pub state: String,
    /// What the state means, and what to do.
    pub explanation: String,
    pub sent: String,
    /// As they stand now.
    pub records: Records,
    /// In order.
    pub entries: Vec<CaseEntry>,
    pub writing: Writing,
    /// The person may say that they need nothing more.
    pub may_close: bool,
    /// Drawn with the form, so that pressing twice says it once.
    pub message: String,
    /// What was typed, after a mistake.
    pub text: String,
    /// How many more files are taken.
    pub room: i64,
    /// Right after sending.
    pub just_made: bool,
    pub errors: Vec<FieldError>,
    pub support: Support,
}

/// Whether the person can write on a case's page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Writing {
    #[default]
    Open,
    /// Writing reopens it, until then.
    Reopens(String),
    /// The time to reopen it is over.
    Over,
}

/// `/staff/cases`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseQueue {
    /// Whatever waits longest first.
    pub lines: Vec<QueuedCase>,
    pub states: Vec<QueueLink>,
    pub kinds: Vec<QueueLink>,
    pub subjects: Vec<QueueLink>,
    pub pager: Pager,
}

/// One way to look at the queue, with how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueLink {
    pub label: String,
    pub count: Option<i64>,
    pub href: String,
    pub current: bool,
}

/// One way to answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerChoice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueuedCase {
    pub number: String,
    pub title: String,
    pub name: String,
    pub state: String,
    /// "2 days".
    pub waits: String,
    /// Who looks at it; empty when nobody does.
    pub member: String,
}

/// `/staff/cases/NUMBER`. Posts to `…/take`, `…/ask` (`text`), `…/answer` (`outcome`, `text`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffCase {
    pub number: String,
    pub appeal: bool,
    pub subject: String,
    pub account: String,
    pub name: String,
    pub state: String,
    pub waits: String,
    pub member: String,
    pub records: Records,
    pub entries: Vec<CaseEntry>,
    /// It is a report, and this member's role does not read what people report.
    pub unread: bool,
    /// Files can be downloaded: the person is unmasked for this member.
    pub revealed: bool,
    pub may_take: bool,
    pub may_ask: bool,
    /// How this member may answer; empty where they may not.
    pub outcomes: Vec<AnswerChoice>,
    /// Who decides, where this member does not.
    pub decided_by: String,
    /// Drawn with the forms.
    pub message: String,
    /// How many steps the page shows.
    pub seen: i64,
    pub question: String,
    pub answer: String,
    pub errors: Vec<FieldError>,
}
