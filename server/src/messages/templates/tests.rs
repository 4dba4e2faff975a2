//! Every message, in both languages and for both channels.

use super::{
    samples::{RULE, every},
    *,
};
use crate::{
    incident::Incident,
    messages::sms::{self, Alphabet, Parts},
};

const WORTH: &str = "1000.50 CAD";

fn demo() -> Incident {
    Incident::from_toml(include_str!("../../../../demo/incident.toml"), "incident.toml").unwrap()
}

fn in_each_language(mut look: impl FnMut(Language, Vec<Template>)) {
    let incident = demo();
    for language in Language::ALL {
        look(language, every(&Voice { incident: &incident, language, host: "recovery.example.com" }, WORTH));
    }
}

#[test]
fn no_template_is_left_out_here() {
    let sources = [
        include_str!("cases.rs"),
        include_str!("claims.rs"),
        include_str!("codes.rs"),
        include_str!("news.rs"),
        include_str!("payouts.rs"),
    ];
    let names = sources.iter().flat_map(|source| source.split("pub fn ").skip(1)).filter_map(|function| {
        let (head, _) = function.split_once('{')?;
        head.trim_end().ends_with("-> Template").then(|| head.split('(').next().unwrap())
    });
    let names: Vec<_> = names.collect();
    assert!(names.len() > 25, "{names:?}");
    let left_out = names.iter().filter(|name| !include_str!("samples.rs").contains(&format!("{name}(voice")));
    assert_eq!(left_out.collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn every_text_message_is_one_segment_and_says_that_it_is_a_demonstration() {
    let mut longer = vec![];
    in_each_language(|_, templates| {
        for template in templates {
            let parts = Parts::of(&template.sms);
            assert!(template.sms.ends_with(" Demonstration"), "{}", template.sms);
            if (parts.alphabet, parts.segments.len()) != (Alphabet::Gsm7, 1) {
                longer.push(format!("{:?} {}: {}", parts.alphabet, parts.units, template.sms));
            }
        }
    });
    assert_eq!(longer, Vec::<String>::new());
}

#[test]
fn every_text_message_of_claims_and_payouts_says_who_writes() {
    let incident = demo();
    let operator = sms::plain(&incident.operator);
    in_each_language(|_, templates| {
        let claims = ["claim-", "granted-", "payout-", "gift-", "credit-"];
        let of_claims = |template: &&Template| claims.iter().any(|name| template.name.starts_with(name));
        for template in templates.iter().filter(of_claims) {
            assert!(template.sms.starts_with(&format!("{operator}: ")), "{}", template.sms);
        }
    });
}

#[test]
fn every_text_message_is_as_it_was() {
    in_each_language(|language, templates| {
        let told = templates.iter().map(|template| {
            let parts = Parts::of(&template.sms);
            format!(
                "{} ({}), {:?}, {} of 160, {} segment\n{}\n",
                template.name,
                template.purpose.slug(),
                parts.alphabet,
                parts.units,
                parts.segments.len(),
                template.sms
            )
        });
        insta::assert_snapshot!(format!("sms-{}", language.tag()), told.collect::<Vec<_>>().join("\n"));
    });
}

#[test]
fn every_e_mail_is_as_it_was() {
    in_each_language(|language, templates| {
        let told = templates.iter().filter_map(|template| {
            let Letter { subject, text } = template.letter.as_ref()?;
            Some(format!(
                "=== {} ({})\nSubject: {subject}\n\n{text}\n",
                template.name,
                template.purpose.slug()
            ))
        });
        insta::assert_snapshot!(format!("email-{}", language.tag()), told.collect::<Vec<_>>().join("\n"));
        let letter = templates[8].letter.clone().unwrap();
        let page = html(language, &letter.subject, &letter.text);
        insta::assert_snapshot!(format!("email-{}-html", language.tag()), page);
    });
}

#[test]
fn every_e_mail_names_who_sends_gift_cards_for_us_where_somebody_does() {
    let mut incident = demo();
    for (provider, named) in [("code-pool", false), ("tremendous", true)] {
        incident.remedies[1].ways[0].provider = provider.parse().unwrap();
        for (language, words) in
            [(Language::En, "comes from Tremendous, who"), (Language::Es, "viene de Tremendous, que")]
        {
            let voice = Voice { incident: &incident, language, host: "h" };
            for letter in every(&voice, WORTH).into_iter().filter_map(|template| template.letter) {
                assert_eq!(letter.text.contains(words), named, "{}", letter.text);
            }
        }
    }
}

#[test]
fn no_message_holds_a_link_or_asks_for_a_secret() {
    in_each_language(|_, templates| {
        for template in templates {
            let letter = template.letter.unwrap_or(Letter { subject: String::new(), text: String::new() });
            for text in [template.sms, letter.subject, letter.text] {
                assert!(!text.contains("://") && !text.contains("<a "), "{text}");
            }
        }
    });
}

#[test]
fn a_code_comes_first_goes_to_a_phone_alone_and_is_shown_later_as_dots() {
    in_each_language(|_, templates| {
        for template in &templates[..3] {
            assert!(template.sms.starts_with("123456") && template.letter.is_none());
            assert!(template.shown().starts_with("••••••"));
            assert!(!template.shown().contains("123456"));
        }
        assert!(templates[3..].iter().all(|template| template.secret.is_none()));
    });
}

#[test]
fn a_long_reason_is_cut_at_a_word_and_stands_whole_in_the_e_mail() {
    in_each_language(|_, templates| {
        let declined = templates.iter().find(|template| template.name == "claim-declined").unwrap();
        assert!(declined.sms.contains("... "), "{}", declined.sms);
        assert!(declined.letter.as_ref().unwrap().text.contains(RULE));
    });
}

#[test]
fn an_operator_in_other_letters_does_not_change_the_alphabet() {
    let mut incident = demo();
    incident.operator = "Kyivstar Київстар".to_owned();
    incident.demo = None;
    let voice = Voice { incident: &incident, language: Language::Es, host: "h" };
    for template in every(&voice, WORTH) {
        assert_eq!(Parts::of(&template.sms).alphabet, Alphabet::Gsm7, "{}", template.sms);
        assert!(!template.sms.contains("Київстар"));
    }
}
