//! Good to know, and nothing is lost without it: only for those who want it.

use app::Category;

use super::{Purpose, Template, Voice, voice::Words};
use crate::messages::{
    Language::{self, En, Es},
    sms::plain,
};

/// Categories were opened to the person.
pub fn data_opened(voice: &Voice<'_>, categories: &[Category]) -> Template {
    let (operator, what) = (voice.operator(), list(voice.language, categories));
    let words = match voice.language {
        En => Words {
            sms: voice.around(
                &format!("{operator}: news of your data. Now open: "),
                &what,
                ". Sign in to see it. To stop news: Messages, on your account page.",
            ),
            subject: format!("Now open: {what}"),
            letter: vec![format!(
                "More of your data is open to you: {what}. Sign in to see what came back, and to take a copy with you."
            )],
        },
        Es => Words {
            sms: voice.around(
                &format!("{operator}: novedades de sus datos. Ya puede ver: "),
                &what,
                ". Entre en su cuenta. Para no recibir novedades: Mensajes, en su cuenta.",
            ),
            subject: format!("Ya puede ver: {what}"),
            letter: vec![format!(
                "Ya puede ver más de sus datos: {what}. Inicie sesión para ver lo que se ha recuperado y llevarse una copia."
            )],
        },
    };
    voice.say("data-opened", Purpose::News, words)
}

/// There is something that the person may claim and has not claimed.
pub fn remedy_open(voice: &Voice<'_>, worth: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: you can claim {short}, and you give nothing up. Sign in to see how. To stop news: Messages, on your account page."
            ),
            subject: format!("You can claim {worth}"),
            letter: vec![format!(
                "You can claim {worth}, and you have not done so yet. It takes two minutes, all the terms stand on one page, and you give nothing up."
            )],
        },
        Es => Words {
            sms: format!(
                "{operator}: puede solicitar {short} sin renunciar a nada. Entre en su cuenta. Para no recibir novedades: Mensajes, en su cuenta."
            ),
            subject: format!("Puede solicitar {worth}"),
            letter: vec![format!(
                "Puede solicitar {worth} y todavía no lo ha hecho. Se tarda dos minutos, todas las condiciones están en una página y no renuncia a nada."
            )],
        },
    };
    voice.say("remedy-open", Purpose::News, words)
}

/// "contacts, calendar and notes".
fn list(language: Language, categories: &[Category]) -> String {
    let names: Vec<_> = categories.iter().map(|category| name(language, *category)).collect();
    let and = match language {
        En => "and",
        Es => "y",
    };
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} {and} {last}", most.join(", ")),
    }
}

/// Its name, in letters that an SMS has.
fn name(language: Language, category: Category) -> &'static str {
    match (language, category) {
        (En, Category::Contacts) => "contacts",
        (En, Category::Calendar) => "calendar",
        (En, Category::Tasks) => "tasks",
        (En, Category::Notes) => "notes",
        (En, Category::Photos) => "photos",
        (En, Category::HighScores) => "high scores",
        (En, Category::Purchases) => "purchases",
        (Es, Category::Contacts) => "contactos",
        (Es, Category::Calendar) => "calendario",
        (Es, Category::Tasks) => "tareas",
        (Es, Category::Notes) => "notas",
        (Es, Category::Photos) => "fotos",
        (Es, Category::HighScores) => "puntuaciones",
        (Es, Category::Purchases) => "compras",
    }
}
