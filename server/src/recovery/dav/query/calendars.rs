//! Which entries (RFC 4791, 9.7).

use super::{
    properties::{PropertyFilter, name_of},
    span::Span,
};
use crate::{
    intake::read::{component::Component, zones::Zones},
    recovery::dav::{
        answer::{Error, Result},
        xml::{CAL, Element},
    },
};

/// A component of that name and what must hold of it.
pub struct ComponentFilter {
    name: String,
    absent: bool,
    span: Option<Span>,
    properties: Vec<PropertyFilter>,
    components: Vec<ComponentFilter>,
}

impl ComponentFilter {
    pub fn of(element: &Element) -> Result<Self> {
        let name = name_of(element)?;
        let mut filter =
            Self { name, absent: false, span: None, properties: Vec::new(), components: Vec::new() };
        for child in &element.children {
            match child.name.local.as_ref() {
                _ if child.name.space != CAL => return Err(Error::unsupported_filter(false)),
                "is-not-defined" => filter.absent = true,
                "time-range" if Span::is_of(&filter.name) => filter.span = Some(Span::of(child)?),
                "prop-filter" => filter.properties.push(PropertyFilter::of(child)?),
                "comp-filter" => filter.components.push(ComponentFilter::of(child)?),
                _ => return Err(Error::unsupported_filter(false)),
            }
        }
        Ok(filter)
    }

    pub fn matches_calendar(&self, calendar: &Component) -> bool {
        calendar.name == self.name && !self.absent && self.holds(calendar, &Zones::of(calendar))
    }

    fn holds(&self, component: &Component, zones: &Zones) -> bool {
        self.span.as_ref().is_none_or(|span| span.touches(component, zones))
            && self.properties.iter().all(|filter| filter.matches(component))
            && self.components.iter().all(|filter| filter.is_met_in(component, zones))
    }

    fn is_met_in(&self, parent: &Component, zones: &Zones) -> bool {
        let mut named = parent.children.iter().filter(|child| child.name == self.name);
        if self.absent { named.next().is_none() } else { named.any(|child| self.holds(child, zones)) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Filter, Query};
    use crate::recovery::dav::{answer::Error, place::Collection, xml};

    fn filter(inside: &str) -> Result<Filter, Error> {
        let text = format!(
            "<c:calendar-query xmlns:c='urn:ietf:params:xml:ns:caldav'><c:filter>{inside}</c:filter></c:calendar-query>"
        );
        Ok(Query::of(Collection::Calendar, &xml::read(text.as_bytes()).unwrap())?.filter)
    }

    fn in_calendar(inside: &str) -> Filter {
        filter(&format!("<c:comp-filter name='VCALENDAR'>{inside}</c:comp-filter>")).unwrap()
    }

    /// What of `kind` with these lines touches October 2009.
    fn is_in_october(kind: &str, lines: &str) -> bool {
        let range = "<c:time-range start='20091001T000000Z' end='20091101T000000Z'/>";
        let filter = in_calendar(&format!("<c:comp-filter name='{kind}'>{range}</c:comp-filter>"));
        let lines = lines.replace('|', "\r\n");
        filter.matches(&format!(
            "BEGIN:VCALENDAR\r\nBEGIN:{kind}\r\n{lines}\r\nEND:{kind}\r\nEND:VCALENDAR\r\n"
        ))
    }

    #[test]
    fn an_event_is_found_in_the_span_that_it_touches() {
        for (lines, is_match) in [
            ("DTSTART:20091015T100000Z", true),
            ("DTSTART:20090930T233000Z|DTEND:20091001T003000Z", true),
            ("DTSTART:20090930T230000Z|DTEND:20091001T000000Z", false),
            ("DTSTART:20091031T230000Z|DURATION:P1D", true),
            ("DTSTART:20091101T000000Z", false),
            ("DTSTART:20091001T000000Z", true),
            ("DTSTART;VALUE=DATE:20091031", true),
            ("DTSTART;VALUE=DATE:20090930", false),
            (
                "DTSTART;TZID=America/Los_Angeles:20090930T180000|DTEND;TZID=America/Los_Angeles:20090930T190000",
                true,
            ),
            ("DTSTART:20050101T000000Z|RRULE:FREQ=YEARLY", true),
            ("DTSTART:20050101T000000Z|RRULE:FREQ=YEARLY;UNTIL=20080101T000000Z", false),
            ("DTSTART:20110101T000000Z|RRULE:FREQ=YEARLY", false),
            ("SUMMARY:never", false),
            ("DTSTART:nonsense", false),
        ] {
            assert_eq!(is_in_october("VEVENT", lines), is_match, "{lines}");
        }
    }

    #[test]
    fn a_task_and_a_note_are_found_by_the_dates_that_they_have() {
        for (kind, lines, is_match) in [
            ("VTODO", "SUMMARY:some day", true),
            ("VTODO", "DUE:20091015T100000Z", true),
            ("VTODO", "DUE:20091115T100000Z", false),
            ("VTODO", "DTSTART:20090901T000000Z|DUE:20091115T100000Z", true),
            ("VTODO", "COMPLETED:20090915T100000Z", false),
            ("VJOURNAL", "DTSTART:20091015T100000Z", true),
            ("VJOURNAL", "SUMMARY:undated", false),
        ] {
            assert_eq!(is_in_october(kind, lines), is_match, "{kind} {lines}");
        }
    }

    #[test]
    fn components_and_properties_are_looked_for_where_they_are() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u-1\r\nSUMMARY:Dentist\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        for (inside, is_match) in [
            ("", true),
            ("<c:comp-filter name='VEVENT'/>", true),
            ("<c:comp-filter name='VTODO'/>", false),
            ("<c:comp-filter name='VTODO'><c:is-not-defined/></c:comp-filter>", true),
            ("<c:comp-filter name='VEVENT'><c:comp-filter name='VALARM'/></c:comp-filter>", true),
            (
                "<c:comp-filter name='VEVENT'><c:prop-filter name='UID'><c:text-match collation='i;octet'>u-1</c:text-match></c:prop-filter></c:comp-filter>",
                true,
            ),
            (
                "<c:comp-filter name='VEVENT'><c:prop-filter name='SUMMARY'><c:text-match>DENT</c:text-match></c:prop-filter></c:comp-filter>",
                true,
            ),
            ("<c:comp-filter name='VEVENT'><c:prop-filter name='LOCATION'/></c:comp-filter>", false),
        ] {
            assert_eq!(in_calendar(inside).matches(text), is_match, "{inside}");
        }
        assert!(!filter("<c:comp-filter name='VCARD'/>").unwrap().matches(text));
    }

    #[test]
    fn what_is_not_known_is_refused_and_not_passed_over() {
        for inside in [
            "",
            "<c:prop-filter name='UID'/>",
            "<c:comp-filter name='VCALENDAR'><c:time-range start='20091001T000000Z'/></c:comp-filter>",
            "<c:comp-filter name='VCALENDAR'><c:comp-filter name='VEVENT'><c:time-range/></c:comp-filter></c:comp-filter>",
            "<c:comp-filter name='VCALENDAR'><c:comp-filter name='VEVENT'><c:time-range start='2009'/></c:comp-filter></c:comp-filter>",
            "<c:comp-filter name='VCALENDAR'><c:comp-filter name='VALARM'><c:time-range start='20091001T000000Z'/></c:comp-filter></c:comp-filter>",
            "<c:comp-filter name='VCALENDAR'><c:other/></c:comp-filter>",
        ] {
            assert!(filter(inside).is_err(), "{inside}");
        }
    }
}
