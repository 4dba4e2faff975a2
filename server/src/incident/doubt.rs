//! Terms that are there and say too little: what `doctor` finds, for the operator to mend before anybody claims.
//!
//! It reads the file loosely, so that terms are looked at also where the file cannot be used yet. What a translation lost of
//! them is found the same way: people agree to the terms in the language in which they read them.

use std::fmt;

use app::words::Catalogue;
use toml::{Table, Value};

use super::{Currency, Money, RIGHTS};

/// A sentence of some terms that does not say what it must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The remedy's id, else its place in the file.
    pub remedy: String,
    pub key: &'static str,
    pub what: String,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: terms.{} {}", self.remedy, self.key, self.what)
    }
}

/// What each key answers; `rights` has a default.
const ANSWERS: [(&str, &str); 10] = [
    ("given_by", "who gives it"),
    ("worth", "what it is worth"),
    ("where", "where it can be spent"),
    ("arrives", "when it arrives"),
    ("expires", "whether it expires"),
    ("fees", "what fees there are"),
    ("taxes", "what taxes there are"),
    ("data_used", "what data is used"),
    ("contact", "whom to ask"),
    ("rights", "that no right is lost"),
];

/// Written by whoever means to write it later.
const SAYS_NOTHING: [&str; 26] = [
    "tbd",
    "tba",
    "tbc",
    "to be determined",
    "to be decided",
    "to be announced",
    "to be confirmed",
    "to follow",
    "todo",
    "fixme",
    "na",
    "not applicable",
    "see above",
    "see below",
    "see terms",
    "as above",
    "as usual",
    "unknown",
    "por anunciar",
    "por confirmar",
    "por definir",
    "por determinar",
    "pendiente",
    "no aplica",
    "ver arriba",
    "desconocido",
];

/// Every doubt about the terms of every remedy, and how many remedies there are. None when the text is not TOML.
pub fn of(text: &str) -> Option<(usize, Vec<Doubt>)> {
    let remedies = remedies(text)?;
    let doubts = of_each(&remedies, |remedy, key, answers| {
        let said = said(remedy, key);
        let facts = || lacks_fact(remedy, key, said?);
        blank(key, answers, said).or_else(facts).or_else(|| unclear(key, said?))
    });
    Some((remedies.len(), doubts))
}

/// What sentences of the terms say no more where `catalogue` has a translation of them: the amount, the days, whom to ask,
/// whether it expires, or anything at all. What the file itself does not say is no fault of the translation.
pub fn of_translation(text: &str, catalogue: &Catalogue) -> Vec<Doubt> {
    of_each(&remedies(text).unwrap_or_default(), |remedy, key, answers| {
        let english = said(remedy, key)?;
        let translated = catalogue.text(english)?;
        let fact =
            || lacks_fact(remedy, key, translated).filter(|_| lacks_fact(remedy, key, english).is_none());
        let vague = || {
            let clear =
                key != "expires" || answers_clearly(&plain(translated)) || !answers_clearly(&plain(english));
            (!clear)
                .then(|| "does not say clearly whether it expires: \"No caduca.\", or until when".to_owned())
        };
        blank(key, answers, Some(translated)).or_else(fact).or_else(vague)
    })
}

/// The tables of the file's remedies. None when the text is not TOML.
fn remedies(text: &str) -> Option<Vec<Value>> {
    let file: Table = text.parse().ok()?;
    Some(file.get("remedies").and_then(Value::as_array).cloned().unwrap_or_default())
}

/// The doubts that `doubt` has of each remedy's answers: it is asked with the remedy, the key, and what that answers.
fn of_each(remedies: &[Value], doubt: impl Fn(&Value, &'static str, &str) -> Option<String>) -> Vec<Doubt> {
    let named = remedies.iter().enumerate().map(|(place, remedy)| {
        let id = remedy.get("id").and_then(Value::as_str);
        (id.map_or_else(|| format!("remedies[{}]", place + 1), str::to_owned), remedy)
    });
    let doubts = named.flat_map(|(name, remedy)| {
        let of = |(key, answers): &(&'static str, &str)| {
            let what = doubt(remedy, key, answers)?;
            Some(Doubt { remedy: name.clone(), key, what })
        };
        ANSWERS.iter().filter_map(of).collect::<Vec<_>>()
    });
    doubts.collect()
}

/// What the terms say under a key; empty where it is no text.
fn said<'a>(remedy: &'a Value, key: &str) -> Option<&'a str> {
    remedy.get("terms")?.get(key).map(|said| said.as_str().unwrap_or_default())
}

fn worth(remedy: &Value) -> Option<Money> {
    let minor = remedy.get("value")?.as_integer()?;
    let currency = Currency::new(remedy.get("currency")?.as_str()?)?;
    Some(Money { minor, currency })
}

/// There is no answer, or what takes its place.
fn blank(key: &str, answers: &str, said: Option<&str>) -> Option<String> {
    let Some(said) = said else {
        return (key != "rights").then(|| format!("is missing: it says {answers}"));
    };
    let plain = plain(said);
    if plain.is_empty() {
        return Some(format!("is empty: it says {answers}"));
    }
    if SAYS_NOTHING.contains(&plain.as_str()) || (is_none(&plain) && names_something(key)) {
        return Some(format!("says nothing ({said:?}): it says {answers}"));
    }
    None
}

/// What is a number or an address, and reads alike in every language.
fn lacks_fact(remedy: &Value, key: &str, said: &str) -> Option<String> {
    match key {
        "worth" => worth(remedy)
            .filter(|worth| !names_amount(said, *worth))
            .map(|worth| format!("does not name the amount, {worth}")),
        "contact" => (!reaches_somebody(said)).then(|| "names no phone number, address or link".to_owned()),
        "arrives" => other_days(remedy, said),
        _ => None,
    }
}

/// What only its words can say, in the file's own language.
fn unclear(key: &str, said: &str) -> Option<String> {
    match key {
        "expires" => (!answers_clearly(&plain(said))).then(|| {
            "does not say clearly whether it expires: \"It does not expire.\", or until when".to_owned()
        }),
        "rights" => (!said.contains(RIGHTS)).then(|| format!("does not contain {RIGHTS:?}")),
        _ => None,
    }
}

/// What people read and what they are told of when it is late are one promise.
fn other_days(remedy: &Value, said: &str) -> Option<String> {
    let days = remedy.get("arrives_within_days")?.as_integer()?.to_string();
    let names_it = said.split(|c: char| !c.is_ascii_digit()).any(|number| number == days);
    (!names_it).then(|| format!("does not name the {days} days of arrives_within_days"))
}

fn is_none(plain: &str) -> bool {
    ["none", "ninguno", "ninguna"].contains(&plain)
}

/// "None" answers what fees there are, and not who gives it.
fn names_something(key: &str) -> bool {
    ["given_by", "worth", "where", "arrives", "contact"].contains(&key)
}

/// In small letters, without signs, with single spaces.
fn plain(said: &str) -> String {
    let letters: String =
        said.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace()).collect::<String>().to_lowercase();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// "$1,000", "1 000,00 euros" and "1000" all name the same.
fn names_amount(said: &str, worth: Money) -> bool {
    let amount = app::models::Money::from(worth).to_string();
    let wanted = digits(&amount);
    let (minor, in_parts) = (worth.minor.to_string(), amount.contains('.'));
    let numbers = said.split(|c: char| !(c.is_ascii_digit() || ".,'\u{a0}\u{202f}".contains(c)));
    let mut spaced = String::new();
    numbers.map(|number| number.trim_matches(|c: char| !c.is_ascii_digit())).any(|number| {
        let own = digits(number);
        // A number whose thousands stand apart comes in pieces.
        let joined =
            if own.len() == 3 && !spaced.is_empty() { format!("{spaced}{own}") } else { own.clone() };
        let with_part = number.contains(['.', ',']) && own == minor;
        let found = own == wanted || joined == wanted || with_part || (in_parts && own == minor);
        spaced = joined;
        found
    })
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A phone number (611 is one), an address or a link.
fn reaches_somebody(said: &str) -> bool {
    let linked = ["@", "http://", "https://", "www."].iter().any(|sign| said.contains(sign));
    linked || digits(said).len() >= 3
}

/// In English or Spanish.
fn answers_clearly(plain: &str) -> bool {
    const NO: [&str; 7] = ["no", "not", "never", "yes", "doesnt", "nunca", "sí"];
    const TIMES: [&str; 18] = [
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "years",
        "midnight",
        "día",
        "días",
        "semana",
        "semanas",
        "mes",
        "meses",
        "año",
        "años",
        "medianoche",
    ];
    let mut words = plain.split(' ');
    words.any(|word| {
        NO.contains(&word) || TIMES.contains(&word) || (word.len() == 4 && word.parse::<u16>().is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMO: &str = include_str!("../../../demo/incident.toml");

    fn told(text: &str) -> Vec<String> {
        of(text).unwrap().1.iter().map(ToString::to_string).collect()
    }

    /// The demo's gift card with one of its terms written otherwise.
    fn with(key: &str, said: &str) -> Vec<String> {
        let mut file: Table = DEMO.parse().unwrap();
        let card = file["remedies"][1]["terms"].as_table_mut().unwrap();
        card.insert(key.to_owned(), Value::String(said.to_owned()));
        told(&file.to_string())
    }

    #[test]
    fn the_demonstration_leaves_no_doubt() {
        assert_eq!(of(DEMO), Some((2, Vec::new())));
    }

    #[test]
    fn a_sentence_that_is_missing_is_told_though_the_file_cannot_be_used() {
        let fees = "fees = \"None. You pay nothing to claim it or to use it.\"";
        let text = DEMO.replacen(fees, "", 1);
        assert!(super::super::Incident::from_toml(&text, "incident.toml").is_err());
        assert_eq!(told(&text), ["free-month: terms.fees is missing: it says what fees there are"]);
        assert_eq!(told("[[remedies]]\ntitle = \"x\"").len(), 9);
        assert!(told("[[remedies]]")[0].starts_with("remedies[1]: terms.given_by is missing"));
    }

    #[test]
    fn a_sentence_that_says_nothing_is_told() {
        for said in ["TBD", "n/a", "See above.", "to be announced …", " ", "—"] {
            let told = with("taxes", said);
            assert!(told.len() == 1 && told[0].starts_with("gift-card: terms.taxes "), "{said:?}: {told:?}");
        }
        assert!(with("taxes", "None.").is_empty());
        assert_eq!(with("given_by", "None.").len(), 1);
    }

    #[test]
    fn the_days_that_lateness_is_told_by_are_those_that_people_read() {
        assert!(with("arrives", "Within 14 days of your claim.").is_empty());
        for said in ["Within two weeks.", "Within 140 days.", "Within 1 or 4 days."] {
            assert_eq!(
                with("arrives", said),
                ["gift-card: terms.arrives does not name the 14 days of arrives_within_days"]
            );
        }
    }

    #[test]
    fn worth_names_the_amount() {
        for said in ["$100.", "100 dollars", "It is worth $100.00.", "100,00 $", "US$ 100"] {
            assert!(with("worth", said).is_empty(), "{said}");
        }
        for said in ["A gift card.", "$10", "1000 dollars", "$100,000", "10000"] {
            assert_eq!(
                with("worth", said),
                ["gift-card: terms.worth does not name the amount, $100"],
                "{said}"
            );
        }
        let thousand = Money { minor: 100_000, currency: Currency::new("EUR").unwrap() };
        for said in ["€1,000", "1.000 €", "1 000 euros", "1000,00 €", "1'000"] {
            assert!(names_amount(said, thousand), "{said}");
        }
        assert!(names_amount("$4.99", Money { minor: 499, currency: Currency::new("USD").unwrap() }));
    }

    #[test]
    fn contact_reaches_somebody() {
        assert_eq!(
            with("contact", "Our support."),
            ["gift-card: terms.contact names no phone number, address or link"]
        );
        for said in ["Dial 611.", "care@example.com", "https://example.com/help"] {
            assert!(with("contact", said).is_empty(), "{said}");
        }
    }

    #[test]
    fn expires_says_yes_or_no() {
        assert_eq!(with("expires", "As the card says.").len(), 1);
        for said in ["Never.", "It does not expire.", "After 12 months.", "On 1 March 2031.", "No."] {
            assert!(with("expires", said).is_empty(), "{said}");
        }
    }

    #[test]
    fn rights_keep_their_sentence() {
        assert_eq!(with("rights", "You waive everything.").len(), 1);
    }

    /// The demo's Spanish with one sentence written otherwise.
    fn translated(before: &str, after: &str) -> Vec<String> {
        let spanish = include_str!("../../../demo/incident.es.po");
        let changed = spanish.replacen(&format!("msgstr {before:?}"), &format!("msgstr {after:?}"), 1);
        assert!(before == after || changed != spanish, "{before}");
        let catalogue = Catalogue::read(&changed).unwrap();
        of_translation(DEMO, &catalogue).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_translation_keeps_the_amount_the_days_and_whom_to_ask() {
        assert_eq!(translated("", ""), Vec::<String>::new());
        for amount in ["Cien.", "10 dólares.", "100.000 pesos."] {
            let lost = ["gift-card: terms.worth does not name the amount, $100"];
            assert_eq!(translated("100 dólares.", amount), lost, "{amount}");
        }
        for amount in ["$100", "100,00 dólares", "Un valor de US$ 100."] {
            assert!(translated("100 dólares.", amount).is_empty(), "{amount}");
        }
        let arrives = "En su próxima factura, y a más tardar 30 días después de su solicitud.";
        assert_eq!(
            translated(arrives, "En su próxima factura, y a más tardar 13 días después."),
            ["free-month: terms.arrives does not name the 30 days of arrives_within_days"]
        );
        let contact = "Llame al 1-800-555-0199 o escriba a care@example.com, y dé su número de solicitud.";
        assert_eq!(translated(contact, "Llame a nuestra ayuda.").len(), 2, "both remedies say so");
        let vague = translated("No caduca.", "Como diga la tarjeta.");
        assert!(vague.len() == 1 && vague[0].contains("whether it expires"), "{vague:?}");
        assert_eq!(translated("No caduca.", "Se puede usar durante dos años."), Vec::<String>::new());
        for nothing in ["Por definir.", "Pendiente", "TBD"] {
            let told = translated("100 dólares.", nothing);
            assert!(told.len() == 1 && told[0].contains("says nothing"), "{told:?}");
        }
    }

    #[test]
    fn what_the_file_does_not_say_its_translation_need_not_either() {
        let catalogue = Catalogue::read(include_str!("../../../demo/incident.es.po")).unwrap();
        let vague = DEMO.replacen("arrives_within_days = 14", "arrives_within_days = 21", 1);
        assert_eq!(told(&vague).len(), 1);
        assert_eq!(of_translation(&vague, &catalogue), []);
        assert_eq!(of_translation("[remedies", &catalogue), []);
    }

    #[test]
    fn what_is_not_toml_is_no_matter_of_terms() {
        assert_eq!(of("[remedies"), None);
    }
}
