//! Addresses with parts that somebody else chose.

/// Percent-encoding of a path's segment or a query's value (RFC 3986).
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// The caller's page. An account may be anything that can be a folder's name: `?` and `%` too.
pub fn subscriber(account: &str) -> String {
    format!("/staff/subscribers/{}", percent_encode(account))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_stays_one_segment() {
        assert_eq!(subscriber("SK-1"), "/staff/subscribers/SK-1");
        assert_eq!(subscriber("a b?c%#é"), "/staff/subscribers/a%20b%3Fc%25%23%C3%A9");
    }
}
