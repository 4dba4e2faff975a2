//! Phone numbers and e-mail addresses as what they reach, however they are written.

use phonenumber::country;

use crate::{accounts::phone::Phone, intake::read::fold};

/// How many digits at the end must agree where a number does not say its country. Phones identify
/// callers so: seven digits are a whole local number.
const TAIL: usize = 7;

/// A phone number of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// In E.164, where it says its country or is a valid number of the subscriber's own.
    whole: Option<String>,
    /// All digits as written, without leading zeros.
    digits: String,
    /// The card calls it a mobile: one person's.
    pub own: bool,
    /// The card calls it a company's: a switchboard may be anybody's there.
    pub company: bool,
}

/// How two numbers agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agree {
    /// In their last digits; one of them does not say its country.
    Tail,
    Whole,
}

impl Number {
    /// None where there are no digits in it.
    pub fn of(label: &str, written: &str, home: country::Id) -> Option<Self> {
        let written = without_extension(written);
        let digits = fold::digits(written).trim_start_matches('0').to_owned();
        let label = label.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| label.contains(word));
        let own = says(&["cell", "mobile", "iphone"]);
        let company = !own && says(&["work", "main", "office", "company"]);
        (!digits.is_empty()).then(|| Self { whole: whole(written, home), digits, own, company })
    }

    /// What numbers that agree have in common: the last digits.
    pub fn key(&self) -> &str {
        let from = self.digits.len().saturating_sub(TAIL);
        &self.digits[from..]
    }

    /// One spelling for each number.
    pub fn plain(&self) -> &str {
        self.whole.as_deref().unwrap_or(&self.digits)
    }

    pub fn agrees(&self, other: &Number) -> Option<Agree> {
        if let (Some(one), Some(two)) = (&self.whole, &other.whole) {
            return (one == two).then_some(Agree::Whole);
        }
        let (one, two) = (self.all_digits(), other.all_digits());
        let (short, long) = if one.len() <= two.len() { (one, two) } else { (two, one) };
        if short == long {
            return Some(Agree::Whole);
        }
        (short.len() >= TAIL && long.ends_with(short)).then_some(Agree::Tail)
    }

    fn all_digits(&self) -> &str {
        self.whole.as_deref().map_or(self.digits.as_str(), |whole| whole.trim_start_matches('+'))
    }
}

fn whole(written: &str, home: country::Id) -> Option<String> {
    let phone = Phone::parse_typed(written, home.as_ref())?;
    let says_country = written.trim_start().starts_with('+');
    let valid = || phonenumber::parse(None, phone.as_str()).is_ok_and(|number| number.is_valid());
    (says_country || valid()).then(|| phone.as_str().to_owned())
}

/// What is dialled after an answer is not the number.
fn without_extension(written: &str) -> &str {
    let cut = written.find(['x', 'X', 'e', 'E', ';', ',', '#', 'p', 'w']);
    match cut {
        Some(at) if written[..at].contains(|c: char| c.is_ascii_digit()) => &written[..at],
        _ => written,
    }
}

/// The country of a subscriber's own number; `otherwise` where it says none.
pub fn home(phone: Option<&str>, otherwise: country::Id) -> country::Id {
    let number = phone.and_then(|phone| phonenumber::parse(None, phone).ok());
    number.and_then(|number| number.country().id()).unwrap_or(otherwise)
}

/// An e-mail address of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// Folded; Gmail's without the dots and the `+word` that Gmail ignores.
    pub plain: String,
    /// Not a mailbox of many, `info@` and the like.
    pub own: bool,
}

impl Email {
    /// None where it is no address.
    pub fn of(written: &str) -> Option<Self> {
        let folded = written.trim().to_lowercase();
        let (local, host) =
            folded.rsplit_once('@').filter(|(local, host)| !local.is_empty() && !host.is_empty())?;
        let plain = match host {
            "gmail.com" | "googlemail.com" => {
                let local = local.split('+').next().unwrap_or_default();
                format!("{}@gmail.com", local.replace('.', ""))
            }
            host => format!("{local}@{host}"),
        };
        let own = !SHARED.iter().any(|shared| plain.split('@').next() == Some(shared));
        Some(Self { plain, own })
    }

    /// The words before the `@`.
    pub fn local(&self) -> &str {
        self.plain.split('@').next().unwrap_or_default()
    }
}

/// Mailboxes of a role (RFC 2142 and common ones), which many people answer.
const SHARED: [&str; 16] = [
    "info",
    "office",
    "contact",
    "sales",
    "support",
    "marketing",
    "service",
    "admin",
    "hello",
    "mail",
    "team",
    "postmaster",
    "webmaster",
    "noreply",
    "no-reply",
    "family",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn agrees(one: &str, two: &str) -> Option<Agree> {
        let number = |written: &str| Number::of("", written, country::US).unwrap();
        assert_eq!(number(one).agrees(&number(two)), number(two).agrees(&number(one)));
        if number(one).agrees(&number(two)).is_some() {
            assert_eq!(number(one).key(), number(two).key());
        }
        number(one).agrees(&number(two))
    }

    #[test]
    fn numbers_agree_however_they_are_written() {
        for other in ["(206) 555-0123", "1-206-555-0123", "206.555.0123 x12", "001 206 555 0123"] {
            assert_eq!(agrees("+1 206 555 0123", other), Some(Agree::Whole), "{other}");
        }
        assert_eq!(agrees("905-111-1234", "(905) 111-1234"), Some(Agree::Whole));
    }

    #[test]
    fn the_last_digits_decide_where_no_country_is_known() {
        assert_eq!(agrees("555-0123", "+1 206 555 0123"), Some(Agree::Tail));
        assert_eq!(agrees("0171 1234567", "+49 171 1234567"), Some(Agree::Tail));
        assert_eq!(agrees("0123", "+1 206 555 0123"), None);
        assert_eq!(agrees("123456", "123456"), Some(Agree::Whole));
        assert_eq!(agrees("+1 212 555 0123", "+1 206 555 0123"), None);
    }

    #[test]
    fn home_is_where_the_subscribers_own_number_is() {
        assert_eq!(home(Some("+442079460958"), country::US), country::GB);
        assert_eq!(home(None, country::US), country::US);
    }

    #[test]
    fn addresses_agree_in_any_case() {
        let plain = |text: &str| Email::of(text).map(|email| email.plain);
        assert_eq!(plain(" John.Doe@IBM.com "), plain("john.doe@ibm.com"));
        assert_eq!(plain("j.doe+list@googlemail.com"), plain("jdoe@gmail.com"));
        assert_eq!(plain("nobody"), None);
        assert!(!Email::of("Info@example.com").unwrap().own);
    }

    proptest::proptest! {
        #[test]
        fn anything_written_is_taken(one in "\\PC{0,24}", two in "[0-9+() .x-]{0,20}") {
            for text in [&one, &two] {
                let _ = Email::of(text);
                if let Some(number) = Number::of("", text, country::DE) {
                    proptest::prop_assert_eq!(number.agrees(&number), Some(Agree::Whole));
                    proptest::prop_assert!(!number.key().is_empty());
                }
            }
        }
    }
}
