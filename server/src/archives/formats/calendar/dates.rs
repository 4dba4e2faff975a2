//! Dates and rules that every importer takes: one that refuses a date refuses the whole file.

use crate::intake::read::component::Component;
use crate::intake::read::property::{Param, Property};
use crate::intake::read::when::When;

const DATES: [&str; 8] =
    ["DTSTART", "DTEND", "DUE", "RECURRENCE-ID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "COMPLETED"];

const RHYTHMS: [&str; 7] = ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"];

/// Dates in the basic form, days told as such, and what is no date or no rule under an `X-` name. A
/// property without a value says nothing and goes.
pub fn tidy(entry: &mut Component) {
    entry.properties.retain(|property| !property.value.trim().is_empty());
    for property in &mut entry.properties {
        if DATES.contains(&property.name.as_str()) {
            date(property);
        } else if property.name == "RRULE" && !is_rule(&property.value) {
            property.name = "X-RRULE".into();
        }
    }
    entry.children.iter_mut().for_each(tidy);
}

fn date(property: &mut Property) {
    let Some(basic) = When::parse(&property.value).and_then(|when| when.basic()) else {
        property.name = format!("X-{}", property.name);
        return;
    };
    property.params.retain(|param| param.name != "VALUE");
    if !basic.contains('T') {
        property.params.retain(|param| param.name != "TZID");
        property.params.push(Param { name: "VALUE".into(), values: vec!["DATE".into()] });
    }
    if basic.ends_with('Z') {
        property.params.retain(|param| param.name != "TZID");
    }
    property.value = basic;
}

pub fn is_rule(text: &str) -> bool {
    let mut parts = text.split(';').filter_map(|part| part.split_once('='));
    parts.any(|(name, value)| {
        name.trim().eq_ignore_ascii_case("FREQ")
            && RHYTHMS.iter().any(|one| value.trim().eq_ignore_ascii_case(one))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_take_the_form_that_every_importer_reads() {
        for (name, kind, value, after) in [
            ("DTSTART", None, "20091015T140000Z", "DTSTART 20091015T140000Z"),
            ("DTSTART", Some("DATE"), "20091015", "DTSTART VALUE=DATE 20091015"),
            ("DTSTART", None, "20091015", "DTSTART VALUE=DATE 20091015"),
            ("DTEND", Some("DATE"), "20091015T140000", "DTEND 20091015T140000"),
            ("DTEND", Some("DATE-TIME"), "2009-10-15T16:00:00+02:00", "DTEND 20091015T140000Z"),
            ("DUE", None, "20091015T140000\"", "DUE 20091015T140000"),
            ("DTSTART", None, "Next Year", "X-DTSTART Next Year"),
            ("RRULE", None, "FREQ=DAILY", "RRULE FREQ=DAILY"),
            ("RRULE", None, "FREQ=SOMETIMES", "X-RRULE FREQ=SOMETIMES"),
        ] {
            let params = kind
                .map(|kind| Param { name: "VALUE".into(), values: vec![kind.into()] })
                .into_iter()
                .collect();
            let property = Property { name: name.into(), value: value.into(), params, ..Property::default() };
            let mut entry = Component { properties: vec![property], ..Component::default() };
            tidy(&mut entry);
            let told = |one: &Property| {
                let kind = one.param("VALUE").map(|kind| format!(" VALUE={kind}")).unwrap_or_default();
                format!("{}{kind} {}", one.name, one.value)
            };
            assert_eq!(entry.properties.iter().map(told).collect::<Vec<_>>(), [after]);
        }
    }
}
