//! An e-mail: a subject, and a text that is its plain part and makes its HTML part.
//!
//! Nothing in it is fetched from anywhere, so opening it tells nobody; nothing in it is a link.

use super::{Purpose, Voice};
use crate::{incident::ProviderName, messages::Language};

/// An e-mail's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    /// Paragraphs with an empty line between them.
    pub text: String,
}

impl Letter {
    /// The paragraphs, with what every e-mail ends with.
    pub(super) fn new(voice: &Voice<'_>, purpose: Purpose, subject: String, paragraphs: &[String]) -> Self {
        let mut paragraphs = paragraphs.to_vec();
        paragraphs.extend(ending(voice));
        paragraphs.extend(gift_cards(voice));
        if purpose == Purpose::News {
            paragraphs.push(stopping(voice));
        }
        paragraphs.push(voice.incident.operator.clone());
        if let Some(demo) = &voice.incident.demo {
            paragraphs.push(format!("{}.", demo.sentence.trim_end_matches('.')));
        }
        Letter { subject, text: paragraphs.join("\n\n") }
    }
}

fn ending(voice: &Voice<'_>) -> [String; 2] {
    let host = voice.host;
    match voice.language {
        Language::En => [
            format!(
                "To see more, open {host} yourself and sign in as you always do. We never send a link that asks for a password or a code."
            ),
            "Every message that we sent you is listed there: Account, then Messages. If a message is not on that list, we did not send it.".to_owned(),
        ],
        Language::Es => [
            format!(
                "Para ver más, abra usted mismo {host} e inicie sesión como siempre. Nunca enviamos un enlace que pida una contraseña o un código."
            ),
            "Allí están todos los mensajes que le hemos enviado: «Cuenta» y luego «Mensajes». Si un mensaje no está en esa lista, no es nuestro.".to_owned(),
        ],
    }
}

/// What is not on that list, since somebody else sends it.
fn gift_cards(voice: &Voice<'_>) -> Option<String> {
    let provider = ProviderName::Tremendous;
    let name = provider.label();
    voice.incident.has_provider(provider).then(|| match voice.language {
        Language::En => format!(
            "Only a gift card by e-mail or text message comes from {name}, who does this for us. The page of your claim says when."
        ),
        Language::Es => format!(
            "Solo una tarjeta de regalo por correo electrónico o SMS viene de {name}, que lo hace por encargo nuestro. La página de su solicitud dice cuándo."
        ),
    })
}

fn stopping(voice: &Voice<'_>) -> String {
    match voice.language {
        Language::En => "This is news, and you can do without it. To stop it, use your mail program's “Unsubscribe”, or the page Messages of your account.",
        Language::Es => "Esto es una novedad, y puede prescindir de ella. Para no recibir más, use «Cancelar suscripción» en su programa de correo o la página «Mensajes» de su cuenta.",
    }
    .to_owned()
}

/// The HTML part of a plain text.
pub fn html(language: Language, subject: &str, text: &str) -> String {
    let paragraphs: String = text.split("\n\n").map(|text| format!("<p>{}</p>\n", escape(text))).collect();
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n</head>\n\
         <body style=\"font:1rem/1.5 sans-serif;max-width:36rem;margin:1rem auto;padding:0 1rem\">\n{paragraphs}</body>\n</html>\n",
        language.tag(),
        escape(subject),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_text_in_html() {
        let page = html(Language::Es, "a < b", "\"one\" & two\n\n<script>");
        assert!(page.contains("<p>&quot;one&quot; &amp; two</p>\n<p>&lt;script&gt;</p>"));
        assert!(page.contains("<html lang=\"es\">") && page.contains("<title>a &lt; b</title>"));
    }
}
