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

    /// The minor units of `20.00` or `20`; none for what is no amount, or finer than the currency has it.
    pub fn minor_of(text: &str, currency: &str) -> Option<i64> {
        let digits = minor_digits(currency);
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let (part, rest) = part.split_at_checked(digits).unwrap_or((part, ""));
        if rest.chars().any(|digit| digit != '0') {
            return None;
        }
        let part: i64 = if digits == 0 { 0 } else { format!("{part:0<digits$}").parse().ok()? };
        whole.parse::<i64>().ok()?.checked_mul(10i64.pow(digits as u32))?.checked_add(part)
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

/// `$20`, `$20.50`, `$1,600,000`, `12.30 CAD`: whole amounts of a known sign go without zeros.
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
        write!(f, "{sign}{symbol}{}", in_thousands(whole))?;
        if digits > 0 && (part > 0 || symbol.is_empty()) {
            write!(f, ".{part:0digits$}")?;
        }
        if symbol.is_empty() { write!(f, " {}", self.currency) } else { Ok(()) }
    }
}

/// `1,600,000`, of a number that is not below zero.
pub fn in_thousands(number: impl ToString) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
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
    fn programs_read_what_they_were_written() {
        for (minor, currency, text) in [(2000, "USD", "20.00"), (5, "EUR", "0.05"), (300, "JPY", "300")] {
            assert_eq!(Money::new(minor, currency).decimal(), text);
            assert_eq!(Money::minor_of(text, currency), Some(minor));
        }
        assert_eq!(Money::minor_of("20", "USD"), Some(2000));
        assert_eq!(Money::minor_of("20.5", "USD"), Some(2050));
        assert_eq!(Money::minor_of("20.500", "USD"), Some(2050));
        for wrong in ["", ".", "20.001", "x", "99999999999999999999"] {
            assert_eq!(Money::minor_of(wrong, "USD"), None, "{wrong}");
        }
    }

    #[test]
    fn great_numbers_are_read_in_threes() {
        for (count, words) in [(0, "0"), (999, "999"), (1_000, "1,000"), (800_000, "800,000")] {
            assert_eq!(in_thousands(count), words);
        }
    }

    #[test]
    fn amounts_read_as_people_write_them() {
        for (minor, currency, words) in [
            (2000, "USD", "$20"),
            (2050, "USD", "$20.50"),
            (5, "EUR", "€0.05"),
            (1230, "CAD", "12.30 CAD"),
            (500, "JPY", "500 JPY"),
            (-100, "USD", "-$1"),
            (99_900, "USD", "$999"),
            (1_600_000_000, "USD", "$16,000,000"),
            (-123_456_789, "CAD", "-1,234,567.89 CAD"),
        ] {
            assert_eq!(Money::new(minor, currency).to_string(), words);
        }
    }
}
