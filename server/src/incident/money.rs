//! An amount in the smallest unit of its currency.

use std::fmt;

use toml::de::DeValue;

use super::value::{Value, must_be};

/// A currency's three letters (ISO 4217).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency, or none when the text is not three capital letters.
    pub fn new(code: &str) -> Option<Self> {
        let code: [u8; 3] = code.as_bytes().try_into().ok()?;
        code.iter().all(u8::is_ascii_uppercase).then_some(Currency(code))
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Value for Currency {
    const WRITE: &'static str = r#"a currency's three capital letters (ISO 4217), like "USD""#;

    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        value.as_str().and_then(Currency::new).ok_or_else(must_be::<Self>)
    }
}

/// An amount. Written as pages write it: "$100", "$4.99".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// In the smallest unit: cents of a dollar.
    pub minor: i64,
    pub currency: Currency,
}

impl From<Money> for app::models::Money {
    fn from(money: Money) -> Self {
        app::models::Money::new(money.minor, money.currency.code())
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        app::models::Money::from(*self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(minor: i64, code: &str) -> String {
        Money { minor, currency: Currency::new(code).unwrap() }.to_string()
    }

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(written(10000, "USD"), "$100");
        assert_eq!(written(499, "USD"), "$4.99");
        assert_eq!(Currency::new("usd"), None);
    }
}
