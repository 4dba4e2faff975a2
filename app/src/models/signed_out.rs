//! What somebody typed before they were signed out.

/// Shown in place of the sign-in page where a form with a text came too late: nothing typed is lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedOut {
    /// Where the form goes once more.
    pub action: String,
    /// The form takes files, which a browser does not give back.
    pub takes_files: bool,
    pub text: String,
    /// The form's other fields.
    pub others: Vec<(String, String)>,
}
