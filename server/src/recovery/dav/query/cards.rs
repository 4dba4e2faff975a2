//! Which cards (RFC 6352, 10.5).

use super::properties::{PropertyFilter, is_all};
use crate::{
    intake::read::component::Component,
    recovery::dav::{
        answer::{Error, Result},
        xml::{CARD, Element},
    },
};

pub struct CardFilter {
    all: bool,
    properties: Vec<PropertyFilter>,
}

impl CardFilter {
    pub fn of(filter: &Element) -> Result<Self> {
        if filter.children.iter().any(|child| !child.is(CARD, "prop-filter")) {
            return Err(Error::unsupported_filter(true));
        }
        let properties = filter.children.iter().map(PropertyFilter::of).collect::<Result<_>>()?;
        Ok(Self { all: is_all(filter, false)?, properties })
    }

    pub fn matches(&self, card: &Component) -> bool {
        let mut filters = self.properties.iter();
        match self.all {
            _ if self.properties.is_empty() => true,
            true => filters.all(|filter| filter.matches(card)),
            false => filters.any(|filter| filter.matches(card)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Filter, Query};
    use crate::recovery::dav::{answer::Error, place::Collection, xml};

    const CARD: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë Ångström\r\nN:Ångström;Zoë;;;\r\nTEL;TYPE=CELL,VOICE:+1 212 555 0100\r\n\
        NOTE:one\\, two\r\nEND:VCARD\r\n";

    fn filter(inside: &str) -> Result<Filter, Error> {
        let text = format!(
            "<c:addressbook-query xmlns:c='urn:ietf:params:xml:ns:carddav' xmlns:d='DAV:'>{inside}</c:addressbook-query>"
        );
        Ok(Query::of(Collection::Contacts, &xml::read(text.as_bytes()).unwrap())?.filter)
    }

    #[test]
    fn a_card_matches_by_its_properties_as_they_are_meant() {
        for (inside, is_match) in [
            ("", true),
            ("<c:filter/>", true),
            (
                "<c:filter><c:prop-filter name='fn'><c:text-match>ÅNG</c:text-match></c:prop-filter></c:filter>",
                true,
            ),
            (
                "<c:filter><c:prop-filter name='FN'><c:text-match collation='i;octet'>ÅNG</c:text-match></c:prop-filter></c:filter>",
                false,
            ),
            (
                "<c:filter><c:prop-filter name='FN'><c:text-match match-type='starts-with'>zo</c:text-match></c:prop-filter></c:filter>",
                true,
            ),
            (
                "<c:filter><c:prop-filter name='FN'><c:text-match match-type='ends-with'>zo</c:text-match></c:prop-filter></c:filter>",
                false,
            ),
            (
                "<c:filter><c:prop-filter name='NOTE'><c:text-match match-type='equals'>one, two</c:text-match></c:prop-filter></c:filter>",
                true,
            ),
            (
                "<c:filter><c:prop-filter name='NOTE'><c:text-match negate-condition='yes'>two</c:text-match></c:prop-filter></c:filter>",
                false,
            ),
            ("<c:filter><c:prop-filter name='EMAIL'/></c:filter>", false),
            ("<c:filter><c:prop-filter name='EMAIL'><c:is-not-defined/></c:prop-filter></c:filter>", true),
            ("<c:filter><c:prop-filter name='EMAIL'/><c:prop-filter name='TEL'/></c:filter>", true),
            (
                "<c:filter test='allof'><c:prop-filter name='EMAIL'/><c:prop-filter name='TEL'/></c:filter>",
                false,
            ),
            (
                "<c:filter><c:prop-filter name='TEL'><c:param-filter name='TYPE'><c:text-match>cell</c:text-match></c:param-filter></c:prop-filter></c:filter>",
                true,
            ),
            (
                "<c:filter><c:prop-filter name='TEL'><c:param-filter name='X'><c:is-not-defined/></c:param-filter></c:prop-filter></c:filter>",
                true,
            ),
            (
                "<c:filter><c:prop-filter name='TEL'><c:param-filter name='X'/></c:prop-filter></c:filter>",
                false,
            ),
        ] {
            assert_eq!(filter(inside).unwrap().matches(CARD), is_match, "{inside}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused_and_not_passed_over() {
        for inside in [
            "<c:filter><c:other/></c:filter>",
            "<c:filter test='some'/>",
            "<c:filter><c:prop-filter/></c:filter>",
            "<c:filter><c:prop-filter name='FN'><c:time-range start='20090101T000000Z'/></c:prop-filter></c:filter>",
            "<c:filter><c:prop-filter name='FN'><c:text-match collation='i;x'>a</c:text-match></c:prop-filter></c:filter>",
            "<c:filter><c:prop-filter name='FN'><c:text-match match-type='like'>a</c:text-match></c:prop-filter></c:filter>",
            "<c:limit><c:nresults>0</c:nresults></c:limit>",
        ] {
            assert!(filter(inside).is_err(), "{inside}");
        }
    }
}
