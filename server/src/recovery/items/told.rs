//! What is kept of an item in English words, said anew where another language is spoken.
//!
//! Dates and how often an entry comes back are put into words when an item is read, since lists show them often.
//! They stand in the item's body too, as they were written: from there they are said in any other language.

use std::collections::BTreeMap;

use app::{
    models::Details,
    say,
    words::{Language, spoken},
};

use super::entry::Whole;
use crate::intake::read::when::When;

/// Words of the details in the language that is spoken. What the body does not tell stays as it is kept.
pub fn anew(details: &mut Details, body: &str) {
    if spoken() == Language::En {
        return;
    }
    match details {
        Details::Event(entry) | Details::Task(entry) => {
            if let Some(whole) = Whole::of(body) {
                whole.say_anew(entry);
            }
        }
        Details::Score(score) => say_date(&mut score.achieved, body, "achieved"),
        Details::Purchase(purchase) => say_date(&mut purchase.bought, body, "bought"),
        Details::Contact(_) | Details::Note(_) | Details::Photo(_) => {}
    }
}

/// The date in a column of a row.
fn say_date(date: &mut String, body: &str, column: &str) {
    let row: BTreeMap<String, String> = serde_json::from_str(body).unwrap_or_default();
    if let Some(when) = row.get(column).and_then(|text| When::generous(text)) {
        *date = when.in_words(None);
    }
}

/// A title as people read it: what has none is kept under a word of ours.
pub fn title(kept: &str) -> String {
    match kept {
        "(no name)" => say!("(no name)").to_owned(),
        "(no title)" => say!("(no title)").to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use app::{Category, models::Entry};

    use super::*;
    use crate::intake::read;

    fn entry(body: &str) -> Entry {
        let found = read::read(Category::Calendar, "x.ics", body.as_bytes()).unwrap().items.remove(0);
        let mut details = found.details;
        Language::Es.within(|| anew(&mut details, &found.body));
        match details {
            Details::Event(entry) => entry,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_entry_is_said_anew_in_spanish() {
        let entry = entry(concat!(
            "BEGIN:VEVENT\r\nSUMMARY:Lunch\r\nDTSTART;TZID=Europe/Paris:20090115T120000\r\nDURATION:PT1H\r\n",
            "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;UNTIL=20091231T000000Z\r\nEND:VEVENT\r\n"
        ));
        assert_eq!(entry.starts, "15 ene 2009, 12:00 (Europe/Paris)");
        assert_eq!(entry.repeats, "cada 2 semanas, los lunes y viernes, hasta el 31 dic 2009");
        assert_eq!(Language::Es.within(|| entry.when()), "15 ene 2009, 12:00 hasta 13:00 (Europe/Paris)");
    }

    #[test]
    fn a_row_is_said_anew_and_what_it_does_not_tell_stays() {
        let mut score = app::models::Score { achieved: "1 Aug 2009".to_owned(), ..Default::default() };
        let mut details = Details::Score(score.clone());
        Language::Es.within(|| anew(&mut details, r#"{"achieved":"2009-08-01"}"#));
        score.achieved = "1 ago 2009".to_owned();
        assert_eq!(details, Details::Score(score.clone()));
        Language::Es.within(|| anew(&mut details, "damaged"));
        assert_eq!(details, Details::Score(score));
        assert_eq!(Language::Es.within(|| title("(no name)")), "(sin nombre)");
    }
}
