//! Codes, and word of what was done with an account: to the phone that signs in, at once.

use super::{Template, Voice};
use crate::messages::Language::{En, Es};

/// The code that signs in.
pub fn sign_in_code(voice: &Voice<'_>, code: &str) -> Template {
    let operator = voice.operator();
    let text = match voice.language {
        En => format!(
            "{code} is your Makegood code for {operator}. It lasts 10 minutes. We never ask for it by phone."
        ),
        Es => format!(
            "{code} es su clave de Makegood para {operator}. Vale 10 minutos. Nunca la pedimos por teléfono."
        ),
    };
    voice.code("sign-in-code", code, text)
}

/// The code that a caller reads back to a support agent; it signs nobody in.
pub fn caller_code(voice: &Voice<'_>, code: &str) -> Template {
    let operator = voice.operator();
    let text = match voice.language {
        En => format!(
            "{code}: read it to the {operator} support agent you called. It signs nobody in. If you did not call, tell no one."
        ),
        Es => format!(
            "{code}: lea esta clave al agente de {operator} al que ha llamado. No abre su cuenta. Si usted no ha llamado, no la dé a nadie."
        ),
    };
    voice.code("caller-code", code, text)
}

/// The code that confirms one act of somebody who is signed in; it signs nobody in.
pub fn fresh_code(voice: &Voice<'_>, code: &str) -> Template {
    let operator = voice.operator();
    let text = match voice.language {
        En => format!(
            "{code} confirms what you do in Makegood for {operator}. 10 minutes. If it is not you, tell no one and sign out everywhere."
        ),
        Es => format!(
            "{code} confirma lo que hace en Makegood para {operator}. Vale 10 minutos. Si no es usted, no la dé a nadie y cierre todas sus sesiones."
        ),
    };
    voice.code("fresh-code", code, text)
}

/// Wrong codes make everyone wait.
pub fn many_wrong_codes(voice: &Voice<'_>) -> Template {
    let text = match voice.language {
        En => {
            "Somebody entered 20 wrong codes for your account. Each further try now waits an hour. If it was not you, you need do nothing."
        }
        Es => {
            "Alguien ha puesto 20 claves equivocadas en su cuenta. Ahora cada intento espera una hora. Si no fue usted, no tiene que hacer nada."
        }
    };
    voice.to_phone("many-wrong-codes", text.to_owned())
}

/// No more codes until support lifts it.
pub fn codes_stopped(voice: &Voice<'_>) -> Template {
    let text = match voice.language {
        En => {
            "Too many wrong codes were entered for your account. We send no more codes to this number. Ask our support to lift it."
        }
        Es => {
            "Se han puesto demasiadas claves equivocadas en su cuenta. Ya no enviamos claves a este teléfono. Pida a nuestra ayuda que lo active."
        }
    };
    voice.to_phone("codes-stopped", text.to_owned())
}

/// A phone can fetch contacts and calendar now; also tells the owner if it was not they.
pub fn app_password_made(voice: &Voice<'_>) -> Template {
    let text = match voice.language {
        En => {
            "An app password that reads your contacts and calendar was made. If it was not you, end it on your account page and ask our support."
        }
        Es => {
            "Se ha creado una clave de app que lee sus contactos y su calendario. Si no fue usted, quite la clave en su cuenta y avise a nuestra ayuda."
        }
    };
    voice.to_phone("app-password-made", text.to_owned())
}

/// An address that opens everything for a day; also tells the owner if it was not they.
pub fn download_link_made(voice: &Voice<'_>) -> Template {
    let text = match voice.language {
        En => {
            "A download link to all your recovered data was made. It works 24 hours. If it was not you, end it on your account page and ask our support."
        }
        Es => {
            "Se ha creado un enlace para bajar todos sus datos. Vale 24 horas. Si no fue usted, quite el enlace en su cuenta y avise a nuestra ayuda."
        }
    };
    voice.to_phone("download-link-made", text.to_owned())
}
