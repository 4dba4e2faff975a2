//! Notes as plain text files.

use app::models::Note;

use super::names::FileNames;

/// Each note's file name and text, in the order given. The title stands above
/// the text where the text does not begin with it.
pub fn each_note<'a>(notes: impl IntoIterator<Item = &'a Note>) -> Vec<(String, String)> {
    let mut names = FileNames::default();
    notes.into_iter().map(|note| (names.unique(&note.title, "txt"), text(note))).collect()
}

/// UTF-8 with the line ends that every editor shows.
fn text(note: &Note) -> String {
    let begins = note.text.trim_start().starts_with(&note.title);
    let whole = match (begins, note.text.is_empty()) {
        (true, _) => note.text.clone(),
        (false, true) => String::new(),
        (false, false) => format!("{}\n\n{}", note.title, note.text),
    };
    if whole.is_empty() { whole } else { format!("{}\r\n", whole.replace('\n', "\r\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_named_by_their_title_and_keep_their_text() {
        let note = |title: &str, text: &str| Note { title: title.into(), text: text.into() };
        let notes = [note("Milk", "Milk\nBread"), note("milk", "x"), note("CON", "")];
        let files = each_note(&notes);
        assert_eq!(files[0], ("Milk.txt".into(), "Milk\r\nBread\r\n".into()));
        assert_eq!(files[1], ("milk (2).txt".into(), "milk\r\n\r\nx\r\n".into()));
        assert_eq!(files[2], ("_CON.txt".into(), String::new()));
    }
}
