//! What each category's list is like: which way it is walked, which part of it is asked for, what links lead around it.

use app::{Category, address::percent_encode, models::Jump, say};

use super::{Wanted, store::END};
use crate::intake::read::order;

/// The stretch of keys that a list shows, and the way it is walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    pub category: Category,
    pub newest_first: bool,
    pub low: String,
    pub high: String,
}

impl Shape {
    pub fn of(category: Category, wanted: &Wanted) -> Self {
        let (low, high) = match (category, wanted.state.as_str()) {
            (Category::Tasks, "open") => (order::OPEN.to_owned(), format!("{}{END}", order::OPEN)),
            (Category::Tasks, "done") => (order::CLOSED.to_owned(), format!("{}{END}", order::CLOSED)),
            _ => (String::new(), END.to_owned()),
        };
        let newest_first = match category {
            Category::Photos | Category::Purchases => true,
            Category::HighScores => wanted.order == "desc",
            _ => false,
        };
        Shape { category, newest_first, low, high }
    }

    /// How many letters of a key name the part of the list that an item is in: its letter, or its month.
    pub fn part(&self) -> usize {
        match self.category {
            Category::Contacts => 1,
            Category::Calendar | Category::Photos | Category::Purchases => 7,
            _ => 0,
        }
    }

    /// The beginning of an item's key that may stand in an address: a letter or a month, never a name.
    pub fn place_of(&self, sort: &str) -> String {
        let place: String = sort.chars().take(self.part()).collect();
        match self.category {
            Category::Contacts if !place.starts_with(|c: char| c.is_ascii_lowercase()) => String::new(),
            Category::Calendar | Category::Photos | Category::Purchases
                if !place.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                String::new()
            }
            _ => place,
        }
    }
}

/// An address of the list with what is kept from one page to the next; empty values stay out.
pub fn link(base: &str, values: &[(&str, &str)]) -> String {
    let pairs = values.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", percent_encode(value))).collect();
    if pairs.is_empty() { base.to_owned() } else { format!("{base}?{}", pairs.join("&")) }
}

/// Other ways to see the same list.
pub fn views(category: Category, base: &str, wanted: &Wanted) -> Vec<Jump> {
    let jump = |label: &str, here: bool, values: &[(&str, &str)]| Jump {
        label: label.to_owned(),
        href: link(base, values),
        here,
    };
    match category {
        Category::Tasks => {
            let state =
                |label, state| jump(label, wanted.state == state, &[("q", &wanted.q), ("state", state)]);
            vec![state(say!("All"), ""), state(say!("To do"), "open"), state(say!("Done"), "done")]
        }
        Category::HighScores => {
            let order =
                |label, order| jump(label, wanted.order == order, &[("q", &wanted.q), ("order", order)]);
            vec![order(say!("Games A to Z"), ""), order(say!("Games Z to A"), "desc")]
        }
        Category::Calendar => {
            let by_month = wanted.month.is_some();
            vec![
                jump(say!("As a list"), !by_month, &[]),
                Jump { label: say!("By month").to_owned(), href: format!("{base}?month="), here: by_month },
            ]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_gets_into_an_address() {
        let place = |category, sort| Shape::of(category, &Wanted::default()).place_of(sort);
        assert_eq!(place(Category::Contacts, "ann example"), "a");
        assert_eq!(place(Category::Contacts, "+1 555"), "");
        assert_eq!(place(Category::Calendar, "2009-10-15t14:00 dentist"), "2009-10");
        assert_eq!(place(Category::Calendar, "~ some day"), "");
        assert_eq!(place(Category::Photos, "- img.jpg"), "");
        assert_eq!(place(Category::Tasks, "1 2009-10-15 call ann"), "");
        assert_eq!(place(Category::Notes, "ann"), "");
    }

    #[test]
    fn what_is_empty_stays_out_of_an_address() {
        assert_eq!(link("/x", &[("q", ""), ("from", "")]), "/x");
        assert_eq!(link("/x", &[("q", "a b"), ("from", "#")]), "/x?q=a%20b&from=%23");
    }
}
