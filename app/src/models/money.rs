//! An amount of money, never a float.

use std::fmt;

/// An amount in a currency's minor units: `{ minor: 2000, currency: "USD" }` is $20.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Money {
    pub minor: i64,
    /// ISO 4217, in capitals.
    pub currency: String,
}

impl Money {
    pub fn new(minor: i64, currency: impl Into<String>) -> Self {
        Money { minor, currency: currency.into() }
    }

    /// `20.00`: in the currency's whole unit, for programs.
    pub fn decimal(&self) -> String {
        let sign = if self.minor < 0 { "-" } else { "" };
        let (minor, digits) = (self.minor.unsigned_abs(), minor_digits(&self.currency));
        let unit = 10u64.pow(digits as u32);
        match digits {
            0 => format!("{sign}{minor}"),
            _ => format!("{sign}{}.{:0digits$}", minor / unit, minor % unit),
        }
    }
}

/// `$20`, `$20.50`, `12.30 CAD`: whole amounts of a known sign go without zeros.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        let digits = minor_digits(&self.currency);
        let unit = 10u64.pow(digits as u32);
        let (whole, part) = (minor / unit, minor % unit);
        let symbol = match self.currency.as_str() {
            "USD" => "$",
            "EUR" => "€",
            "GBP" => "£",
            _ => "",
        };
        write!(f, "{sign}{symbol}{whole}")?;
        if digits > 0 && (part > 0 || symbol.is_empty()) {
            write!(f, ".{part:0digits$}")?;
        }
        if symbol.is_empty() { write!(f, " {}", self.currency) } else { Ok(()) }
    }
}

/// Decimal places of a currency, by ISO 4217.
fn minor_digits(currency: &str) -> usize {
    match currency {
        "JPY" | "KRW" | "CLP" | "VND" | "ISK" | "XAF" | "XOF" => 0,
        "BHD" | "JOD" | "KWD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        for (minor, currency, words) in [
            (2000, "USD", "$20"),
            (2050, "USD", "$20.50"),
            (5, "EUR", "€0.05"),
            (1230, "CAD", "12.30 CAD"),
            (500, "JPY", "500 JPY"),
            (-100, "USD", "-$1"),
        ] {
            assert_eq!(Money::new(minor, currency).to_string(), words);
        }
    }
}
