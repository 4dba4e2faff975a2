//! What vCalendar 1.0 calls otherwise: its alarms are properties, `RUN;SNOOZE;REPEAT;CONTENT`.

use crate::intake::read::component::Component;
use crate::intake::read::property::{Param, Property};
use crate::intake::read::value;

/// The entry in the words of iCalendar 2.0.
pub fn modern(entry: &mut Component) {
    let mut alarms = Vec::new();
    entry.properties.retain(|property| match alarm(property) {
        Some(alarm) => {
            alarms.push(alarm);
            false
        }
        None => true,
    });
    entry.children.extend(alarms);
    for property in entry.properties.iter_mut().filter(|property| property.name == "DCREATED") {
        property.name = "CREATED".into();
    }
}

/// A sound or a text to show; mails and programs to run stay the properties they were.
fn alarm(property: &Property) -> Option<Component> {
    let (action, content) = match property.name.as_str() {
        "AALARM" => ("AUDIO", "ATTACH"),
        "DALARM" => ("DISPLAY", "DESCRIPTION"),
        _ => return None,
    };
    let parts = value::raw_split(&property.value, ';');
    let part = |index: usize| parts.get(index).map(|part| part.trim()).filter(|part| !part.is_empty());
    let mut at = part(0)?.to_owned();
    if !at.ends_with('Z') {
        // An alarm at a moment is one in UTC (RFC 5545 section 3.8.6.3).
        at.push('Z');
    }
    let one = |name: &str, value: String| Property { name: name.into(), value, ..Property::default() };
    let date_time = Param { name: "VALUE".into(), values: vec!["DATE-TIME".into()] };
    let mut properties =
        vec![one("ACTION", action.into()), Property { params: vec![date_time], ..one("TRIGGER", at) }];
    if let (Some(snooze), Some(repeat)) = (part(1), part(2)) {
        properties.extend([one("DURATION", snooze.into()), one("REPEAT", repeat.into())]);
    }
    let text =
        part(3).map(|text| if content == "ATTACH" { text.to_owned() } else { value::escaped_anew(text) });
    let text = text.or_else(|| (content == "DESCRIPTION").then(|| "Reminder".to_owned()));
    properties.extend(text.map(|text| one(content, text)));
    Some(Component { name: "VALARM".into(), properties, ..Component::default() })
}
