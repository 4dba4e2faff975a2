//! What messages say. An SMS is one part of GSM-7 (3GPP TS 23.038), with what matters first.

use crate::incident::Incident;

/// A message's words, ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// What kind of message it is, as the outbox and the `file` sender name it.
    pub name: &'static str,
    /// Of an e-mail; empty for an SMS.
    pub subject: String,
    pub text: String,
    /// The text is dropped once sent.
    pub secret: bool,
}

/// The code that signs in.
pub fn sign_in_code(incident: &Incident, code: &str) -> Template {
    let operator = plain(&incident.operator);
    let text = format!(
        "{code} is your Makegood code for {operator}. It lasts 10 minutes. We never ask for it by phone."
    );
    sms(incident, "sign-in-code", text, true)
}

/// The code that a caller reads back to a support agent; it signs nobody in.
pub fn caller_code(incident: &Incident, code: &str) -> Template {
    let operator = plain(&incident.operator);
    let text = format!(
        "{code}: read it to the {operator} support agent you called. It signs nobody in. If you did not call, tell no one."
    );
    sms(incident, "caller-code", text, true)
}

/// The code that confirms one act of somebody who is signed in; it signs nobody in.
pub fn fresh_code(incident: &Incident, code: &str) -> Template {
    let operator = plain(&incident.operator);
    let text = format!(
        "{code} confirms what you do in Makegood for {operator}. 10 minutes. If it is not you, tell no one and sign out everywhere."
    );
    sms(incident, "fresh-code", text, true)
}

/// Wrong codes make everyone wait.
pub fn many_wrong_codes(incident: &Incident) -> Template {
    let text = "Somebody entered 20 wrong codes for your account. Each further try now waits an hour. If it was not you, you need do nothing.";
    sms(incident, "many-wrong-codes", text.to_owned(), false)
}

/// No more codes until support lifts it.
pub fn codes_stopped(incident: &Incident) -> Template {
    let text = "Too many wrong codes were entered for your account. We send no more codes to this number. Ask our support to lift it.";
    sms(incident, "codes-stopped", text.to_owned(), false)
}

/// A remedy was claimed and given; also tells the owner of the phone if it was not they.
pub fn claim_granted(incident: &Incident, number: &str, worth: &str) -> Template {
    let worth = plain(worth);
    let text = format!(
        "Your claim {number} ({worth}) is granted. You need do nothing more: sign in to follow it. If it was not you, ask our support."
    );
    sms(incident, "claim-granted", text, false)
}

/// A phone can fetch contacts and calendar now; also tells the owner if it was not they.
pub fn app_password_made(incident: &Incident) -> Template {
    let text = "An app password that reads your contacts and calendar was made. If it was not you, end it on your account page and ask our support.";
    sms(incident, "app-password-made", text.to_owned(), false)
}

/// An address that opens everything for a day; also tells the owner if it was not they.
pub fn download_link_made(incident: &Incident) -> Template {
    let text = "A download link to all your recovered data was made. It works 24 hours. If it was not you, end it on your account page and ask our support.";
    sms(incident, "download-link-made", text.to_owned(), false)
}

/// An SMS with the demonstration's word after it.
pub fn sms(incident: &Incident, name: &'static str, text: String, secret: bool) -> Template {
    let text = match &incident.demo {
        Some(demo) => format!("{text} {}", plain(&demo.word)),
        None => text,
    };
    Template { name, subject: String::new(), text, secret }
}

/// The text in letters that GSM-7 has: one other letter would halve what fits in an SMS.
fn plain(text: &str) -> String {
    if is_gsm7(text) { text.to_owned() } else { deunicode::deunicode(text) }
}

/// The basic table of GSM-7 without its extension.
fn is_gsm7(text: &str) -> bool {
    const BEYOND_ASCII: &str = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
    text.chars().all(|c| match c {
        '`' | '[' | ']' | '{' | '}' | '\\' | '^' | '~' | '|' => false,
        ' '..='~' | '\n' => true,
        c => BEYOND_ASCII.contains(c),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> Incident {
        Incident::from_toml(include_str!("../../../demo/incident.toml"), "incident.toml").unwrap()
    }

    #[test]
    fn each_text_message_fits_in_one_part_and_says_that_it_is_a_demonstration() {
        let incident = demo();
        for template in [
            sign_in_code(&incident, "123456"),
            caller_code(&incident, "123456"),
            fresh_code(&incident, "123456"),
            many_wrong_codes(&incident),
            codes_stopped(&incident),
            app_password_made(&incident),
            download_link_made(&incident),
            claim_granted(&incident, "MG-7K2P-QX04-M9TB", "1000.50 EUR"),
        ] {
            assert!(is_gsm7(&template.text), "{}", template.text);
            assert!(template.text.chars().count() <= 160, "{}", template.text);
            assert!(template.text.ends_with("Demonstration"), "{}", template.text);
        }
    }

    #[test]
    fn a_code_comes_first_and_is_the_only_number_of_six_digits() {
        for template in [sign_in_code(&demo(), "012345"), caller_code(&demo(), "012345")] {
            assert!(template.text.starts_with("012345"));
            assert!(template.secret);
        }
    }

    #[test]
    fn an_operator_in_other_letters_is_written_in_those_that_every_phone_has() {
        assert_eq!(plain("Orange España"), "Orange España");
        assert_eq!(plain("Kyivstar Київстар"), "Kyivstar Kiyivstar");
    }
}
