//! The page in Spanish.

use app::{Category, CategoryState};
use jiff::{Timestamp, tz::TimeZone};

use super::words::{Listing, Opening, Words};
use crate::ambient::Millis;

pub const WORDS: Words = Words {
    lang: "es",
    language: "Español",
    title: "Sus datos recuperados",
    made: |operator, incident, moment| {
        format!(
            "{operator} le devuelve aquí lo que se recuperó tras el incidente «<span lang=\"en\">{incident}</span>». \
             Preparado el {moment}. Es suyo: para leerlo no necesita ni una cuenta ni conexión a Internet."
        )
    },
    moment,
    notice: |notice| {
        (notice == "Demonstration with invented people; nothing can be claimed here")
            .then_some("Demostración con personas inventadas; aquí no se puede reclamar nada")
    },

    table: "Qué hay aquí y qué falta",
    caption: "Cada tipo de datos, cuánto se ha recuperado y por qué falta el resto",
    columns: ["Qué", "Situación"],
    category,
    count,
    state,
    missing: |missing| match missing {
        1 => "Falta uno.".into(),
        n => format!("Faltan {n}."),
    },
    as_of: |day| format!("Lo previsto es lo que había el {}.", date(day)),
    reason: |reason| format!("Motivo indicado: {reason}"),
    not_released: "Todavía se está comprobando, por lo que no está en esta copia. Estará en una posterior.",

    quarantined: Listing {
        heading: "Archivos que no pudimos leer",
        lead: "Se recuperaron, pero ninguno de nuestros programas los entiende. Están aquí tal como llegaron, byte a byte; quizá alguno de los suyos pueda abrirlos.",
    },
    damaged: Listing {
        heading: "Archivos dañados",
        lead: "Estos archivos se recuperaron, pero la copia que guardamos ya no es fiable, así que no están en esta copia. Todo lo demás está completo. Díganos, por favor, cuáles son importantes para usted.",
    },
    earlier: Listing {
        heading: "Versiones anteriores",
        lead: "Estos archivos se recuperaron más de una vez, con contenidos distintos. Cuenta la versión más reciente; las anteriores también están aquí.",
    },
    more: |n| format!("y {n} más; todos figuran en <code>manifest.json</code>"),
    duplicates: "Contactos duplicados",
    duplicates_choice: |merged, left_out| {
        let mut told = String::from("Usted decidió qué hacer con los contactos que se parecían.");
        match merged {
            0 => {}
            1 => told.push_str(" Una ficha se combinó con otra."),
            n => told.push_str(&format!(" {n} fichas se combinaron con otras.")),
        }
        match left_out {
            0 => {}
            1 => told.push_str(" Una ficha quedó fuera, como usted eligió."),
            n => told.push_str(&format!(" {n} fichas quedaron fuera, como usted eligió.")),
        }
        told.push_str(
            " Todas las fichas, tal como se recuperaron, siguen en <code>originals/contacts/</code>.",
        );
        told
    },

    opening: "Cómo abrirlo",
    unpack: "Primero descomprima el archivo ZIP. En un iPhone, tóquelo en Archivos; en Android, tóquelo en Files y elija Extraer; en Windows, haga clic con el botón derecho y elija Extraer todo; en un Mac, haga doble clic.",
    open,
    originals: "<code>originals/</code> contiene los archivos tal como se recuperaron, sin ningún cambio, y <code>originals/quarantine/</code> los que no pudimos leer.",

    verify: "Cómo comprobar que está completo",
    verify_ways: &[
        "En el navegador: abra la página <code>{site}/recovery/verify</code>. Comprueba el archivo ZIP en su propio dispositivo y no lo envía a ninguna parte.",
        "En Linux: <code>sha256sum -c MANIFEST.sha256</code> en la carpeta descomprimida. En un Mac: <code>shasum -a 256 -c MANIFEST.sha256</code>.",
        "Con el programa que preparó esta copia: <code>makegood verify ARCHIVO</code>, donde ARCHIVO es el ZIP.",
    ],
    help: "Si falta algo o hay algún error",
    help_lead: "Inicie sesión y abra la página <code>{site}/reports</code>, o hable con una persona:",
};

fn category(category: Category) -> &'static str {
    match category {
        Category::Contacts => "Contactos",
        Category::Calendar => "Calendario",
        Category::Tasks => "Tareas",
        Category::Notes => "Notas",
        Category::Photos => "Fotos",
        Category::HighScores => "Puntuaciones récord",
        Category::Purchases => "Compras",
    }
}

fn state(state: CategoryState) -> &'static str {
    match state {
        CategoryState::Awaiting => "Pendiente: aún no hemos encontrado nada",
        CategoryState::Recovering => "En recuperación",
        CategoryState::Validating => "En comprobación",
        CategoryState::Restored => "Recuperado",
        CategoryState::PartiallyRestored => "Recuperado en parte",
        CategoryState::Unrecoverable => "No se ha podido recuperar",
    }
}

fn count(found: i64, expected: Option<i64>) -> String {
    match expected {
        None => format!("Recuperados: {found}; no se sabe cuántos había."),
        Some(expected) if found > expected => {
            format!("Recuperados: {found}, {} más de los {expected} previstos.", found - expected)
        }
        Some(expected) => format!("Recuperados: {found} de {expected}."),
    }
}

const MONTHS: [(&str, &str); 12] = [
    ("January", "enero"),
    ("February", "febrero"),
    ("March", "marzo"),
    ("April", "abril"),
    ("May", "mayo"),
    ("June", "junio"),
    ("July", "julio"),
    ("August", "agosto"),
    ("September", "septiembre"),
    ("October", "octubre"),
    ("November", "noviembre"),
    ("December", "diciembre"),
];

/// `20 de octubre de 2009 a las 14:05 UTC`.
fn moment(at: Millis) -> String {
    let Ok(at) = Timestamp::from_millisecond(at) else { return String::new() };
    let at = at.to_zoned(TimeZone::UTC);
    let month = usize::try_from(at.month() - 1).ok().and_then(|month| MONTHS.get(month));
    let month = month.map_or("", |(_, spanish)| spanish);
    format!("{} de {month} de {} a las {:02}:{:02} UTC", at.day(), at.year(), at.hour(), at.minute())
}

/// A day as pages have it, `1 October 2009`; what is not of that form comes back as it is.
fn date(english: &str) -> String {
    let parts: Vec<&str> = english.split(' ').collect();
    let [day, month, year] = parts[..] else { return english.to_owned() };
    match MONTHS.iter().find(|(name, _)| *name == month) {
        Some((_, month)) => format!("{day} de {month} de {year}"),
        None => english.to_owned(),
    }
}

fn open(category: Category) -> Opening {
    match category {
        Category::Contacts => Opening {
            files: &[
                (
                    "contacts/contacts.vcf",
                    "todos los contactos, para teléfonos y libretas de direcciones (vCard 3.0)",
                ),
                ("contacts/contacts-4.0.vcf", "los mismos en la versión más reciente, vCard 4.0"),
                (
                    "contacts/contacts.csv",
                    "los mismos en una tabla, para Contactos de Google y hojas de cálculo",
                ),
                ("contacts/each/", "un archivo por contacto, para Outlook y teléfonos antiguos"),
            ],
            ways: &[
                (
                    "iPhone",
                    "envíese <code>contacts.vcf</code> por correo, tóquelo en Mail y elija Agregar todos los contactos.",
                ),
                (
                    "Android",
                    "en Contactos elija Organizar, después Importar desde archivo, y seleccione <code>contacts.vcf</code>; o importe <code>contacts.csv</code> en Contactos de Google.",
                ),
                (
                    "Outlook",
                    "arrastre los archivos de <code>contacts/each/</code> a Contactos; toma un contacto de cada archivo.",
                ),
            ],
        },
        Category::Calendar => Opening {
            files: &[("calendar/calendar.ics", "todas las entradas, para cualquier calendario")],
            ways: &[
                (
                    "iPhone",
                    "envíese <code>calendar.ics</code> por correo, tóquelo en Mail y elija Agregar todos.",
                ),
                (
                    "Android",
                    "en una computadora abra la configuración de Google Calendar, elija Importar y seleccione <code>calendar.ics</code>; también aparecerá en su teléfono.",
                ),
                (
                    "Outlook",
                    "elija Archivo, Abrir y exportar, Abrir calendario, y seleccione <code>calendar.ics</code>.",
                ),
            ],
        },
        Category::Tasks => Opening {
            files: &[("tasks/tasks.ics", "todas las tareas, para programas que gestionan tareas")],
            ways: &[
                (
                    "iPhone",
                    "Recordatorios no abre este tipo de archivo; use una aplicación que importe tareas de iCalendar.",
                ),
                ("Android", "use una aplicación que importe tareas de iCalendar, como jtx Board."),
                (
                    "Outlook",
                    "no abre tareas de este tipo de archivo; Thunderbird sí: Eventos y tareas, Importar.",
                ),
            ],
        },
        Category::Notes => Opening {
            files: &[
                ("notes/", "un archivo de texto por nota"),
                ("notes/notes.ics", "las mismas para programas que leen diarios"),
            ],
            ways: &[
                ("iPhone", "toque una nota en Archivos, después Compartir y después Notas."),
                ("Android", "toque una nota en Files; la abre cualquier visor de texto o Google Keep."),
                (
                    "Outlook",
                    "abra la nota con el Bloc de notas y cópiela, o arrástrela a un mensaje para usted.",
                ),
            ],
        },
        Category::Photos => Opening {
            files: &[("photos/", "sus fotos, exactamente los bytes que se recuperaron")],
            ways: &[
                ("iPhone", "seleccione las fotos en Archivos, después Compartir y después Guardar imágenes."),
                ("Android", "las fotos aparecen en Google Fotos cuando la carpeta está descomprimida."),
                ("Outlook", "las abre cualquier visor de imágenes; adjúntelas a un mensaje tal como están."),
            ],
        },
        Category::HighScores => Opening {
            files: &[("high-scores/high-scores.csv", "una tabla para cualquier hoja de cálculo")],
            ways: TABLES,
        },
        Category::Purchases => Opening {
            files: &[("purchases/purchases.csv", "una tabla para cualquier hoja de cálculo")],
            ways: TABLES,
        },
    }
}

const TABLES: &[(&str, &str)] = &[
    ("iPhone", "toque la tabla en Archivos y ábrala en Numbers."),
    ("Android", "ábrala en Hojas de cálculo de Google."),
    ("Outlook", "ábrala en Excel."),
];
