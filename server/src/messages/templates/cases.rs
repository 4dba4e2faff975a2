//! Reports of missing or wrong data, and appeals. What people and staff write stays on the page.

use super::{Purpose, Template, Voice, voice::Words};
use crate::messages::Language::{En, Es};

pub fn report_received(voice: &Voice<'_>, number: &str) -> Template {
    voice.say("report-received", Purpose::Receipt, received(voice, number, "report", "aviso"))
}

pub fn report_answered(voice: &Voice<'_>, number: &str) -> Template {
    voice.say("report-answered", Purpose::Notice, answered(voice, number, "report", "aviso"))
}

/// It cannot go on without its owner. What is asked is on its page alone.
pub fn report_asked(voice: &Voice<'_>, number: &str) -> Template {
    voice.say("report-asked", Purpose::Notice, asked(voice, number, "report", "aviso"))
}

pub fn appeal_received(voice: &Voice<'_>, number: &str) -> Template {
    voice.say("appeal-received", Purpose::Receipt, received(voice, number, "appeal", "recurso"))
}

pub fn appeal_asked(voice: &Voice<'_>, number: &str) -> Template {
    voice.say("appeal-asked", Purpose::Notice, asked(voice, number, "appeal", "recurso"))
}

pub fn appeal_answered(voice: &Voice<'_>, number: &str) -> Template {
    voice.say("appeal-answered", Purpose::Notice, answered(voice, number, "appeal", "recurso"))
}

fn received(voice: &Voice<'_>, number: &str, what: &str, que: &str) -> Words {
    let operator = voice.operator();
    match voice.language {
        En => Words {
            sms: format!(
                "{operator}: we have your {what} {number}. A person reads it and answers on its page. Sign in to follow it."
            ),
            subject: format!("We have your {what} {number}"),
            letter: vec![format!(
                "We have your {what} {number}. A person reads it and answers on its page; we write to you then. You can add to it there at any time."
            )],
        },
        Es => Words {
            sms: format!(
                "{operator}: tenemos su {que} {number}. Una persona lo lee y le contesta en su cuenta."
            ),
            subject: format!("Tenemos su {que} {number}"),
            letter: vec![format!(
                "Tenemos su {que} {number}. Una persona lo leerá y contestará en su página; entonces le escribiremos. Allí puede añadir algo cuando quiera."
            )],
        },
    }
}

fn answered(voice: &Voice<'_>, number: &str, what: &str, que: &str) -> Words {
    let operator = voice.operator();
    match voice.language {
        En => Words {
            sms: format!("{operator}: there is an answer to your {what} {number}. Sign in to read it."),
            subject: format!("There is an answer to your {what} {number}"),
            letter: vec![format!(
                "There is an answer to your {what} {number}. Sign in to read it on its page; you can write back there."
            )],
        },
        Es => Words {
            sms: format!("{operator}: hay respuesta a su {que} {number}. Entre en su cuenta para leerla."),
            subject: format!("Hay respuesta a su {que} {number}"),
            letter: vec![format!(
                "Hay respuesta a su {que} {number}. Inicie sesión para leerla en su página; allí puede contestar."
            )],
        },
    }
}

fn asked(voice: &Voice<'_>, number: &str, what: &str, que: &str) -> Words {
    let operator = voice.operator();
    match voice.language {
        En => Words {
            sms: format!("{operator}: we have a question about your {what} {number}. Sign in to read it."),
            subject: format!("We have a question about your {what} {number}"),
            letter: vec![format!(
                "We have a question about your {what} {number}. Sign in to read it on its page and to answer there; then we go on."
            )],
        },
        Es => Words {
            sms: format!(
                "{operator}: tenemos una pregunta sobre su {que} {number}. Entre en su cuenta para leerla."
            ),
            subject: format!("Tenemos una pregunta sobre su {que} {number}"),
            letter: vec![format!(
                "Tenemos una pregunta sobre su {que} {number}. Inicie sesión para leerla en su página y contestar allí; entonces seguiremos."
            )],
        },
    }
}
