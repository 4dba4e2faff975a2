//! The kinds of value an incident file holds, each with the words that tell how to write it.

use app::Category;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use phonenumber::country;
use toml::de::DeValue;

/// Something that one TOML value can be read as.
pub(super) trait Value: Sized {
    /// What to write, for the person who mends the file.
    const WRITE: &'static str;

    /// The value, or what is wrong and what to write instead.
    fn read(value: &DeValue<'_>) -> Result<Self, String>;
}

/// "must be …".
pub(super) fn must_be<T: Value>() -> String {
    format!("must be {}", T::WRITE)
}

impl Value for String {
    const WRITE: &'static str = "text in quotes, not empty";

    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let text = value.as_str().map(str::trim).filter(|text| !text.is_empty());
        text.map(str::to_owned).ok_or_else(must_be::<Self>)
    }
}

impl Value for Vec<String> {
    const WRITE: &'static str = r#"a list of texts, ["…", "…"], at least one and none empty"#;

    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let list = value.as_array().filter(|list| !list.is_empty()).ok_or_else(must_be::<Self>)?;
        list.iter().map(|item| String::read(item.get_ref()).map_err(|_| must_be::<Self>())).collect()
    }
}

impl Value for bool {
    const WRITE: &'static str = "true or false";

    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        value.as_bool().ok_or_else(must_be::<Self>)
    }
}

impl Value for i64 {
    const WRITE: &'static str = "a whole number";

    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let number = value.as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        number.ok_or_else(must_be::<Self>)
    }
}

/// As written, whether in quotes or as TOML's own date.
fn moment_text(value: &DeValue<'_>) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_datetime().map(ToString::to_string))
}

impl Value for Timestamp {
    const WRITE: &'static str = "a time with its offset (RFC 3339), like 2009-10-02T01:30:00-07:00";

    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        moment_text(value).and_then(|text| text.parse().ok()).ok_or_else(must_be::<Self>)
    }
}

impl Value for Date {
    const WRITE: &'static str = "a date, like 2009-10-20";

    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let text = moment_text(value).filter(|text| text.len() == "2009-10-20".len());
        text.and_then(|text| text.parse().ok()).ok_or_else(must_be::<Self>)
    }
}

impl Value for TimeZone {
    const WRITE: &'static str = r#"a time zone's IANA name, like "America/Los_Angeles""#;

    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        value.as_str().and_then(|name| TimeZone::get(name).ok()).ok_or_else(must_be::<Self>)
    }
}

impl Value for country::Id {
    const WRITE: &'static str = r#"a country's two letters (ISO 3166), like "US""#;

    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        value.as_str().and_then(|code| code.parse().ok()).ok_or_else(must_be::<Self>)
    }
}

impl Value for Category {
    const WRITE: &'static str = "contacts, calendar, tasks, notes, photos, high-scores or purchases";

    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        value.as_str().and_then(|slug| slug.parse().ok()).ok_or_else(must_be::<Self>)
    }
}

impl Value for Vec<Category> {
    const WRITE: &'static str = r#"a list of categories, ["contacts", "photos"], at least one"#;

    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let list = value.as_array().filter(|list| !list.is_empty()).ok_or_else(must_be::<Self>)?;
        list.iter().map(|item| Category::read(item.get_ref()).map_err(|_| must_be::<Self>())).collect()
    }
}
