//! What every form needs to come back with what went wrong.

/// One mistake, tied to the field it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name, which is also the id of its control on the page.
    pub field: &'static str,
    /// What is wrong and how to mend it: "Enter the six digits of the code".
    pub message: String,
}

impl FieldError {
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        FieldError { field, message: message.into() }
    }
}

/// A heading with its paragraphs, for text that comes from the incident file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    pub heading: String,
    pub paragraphs: Vec<String>,
}

/// Where one is in a long list. The links keep the search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// 1-based number of the first and last row shown; all 0 when there are none, or too many to count.
    pub first: i64,
    pub last: i64,
    pub total: i64,
    pub previous: Option<String>,
    pub next: Option<String>,
}
