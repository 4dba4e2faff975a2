//! A postal address as the world writes them: some have no postal code, some no region, all a country.

use app::{
    models::{AddressLines, FieldError},
    say,
};
use serde::{Deserialize, Serialize};

/// An address that can be written on a letter: no line is too long, none breaks off.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostalAddress {
    pub name: String,
    pub line1: String,
    /// May be empty, as may `region` and `postcode`.
    pub line2: String,
    pub town: String,
    pub region: String,
    pub postcode: String,
    pub country: String,
}

/// Never whole in a log.
impl std::fmt::Debug for PostalAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostalAddress(…)")
    }
}

/// Letters of a line; longer ones fit on no envelope.
const LONGEST: usize = 100;

impl PostalAddress {
    /// The address that was typed, or what to mend.
    pub fn read(typed: &AddressLines) -> Result<Self, Vec<FieldError>> {
        let typed = tidy(typed);
        let needed = [
            ("name", &typed.name, say!("Enter the name that the letter is to carry")),
            ("line1", &typed.line1, say!("Enter the first line of the address")),
            ("town", &typed.town, say!("Enter the town or city")),
            ("country", &typed.country, say!("Enter the country")),
        ];
        let missing = needed.into_iter().filter(|(_, text, _)| text.is_empty());
        let mut errors: Vec<_> = missing.map(|(field, _, what)| FieldError::new(field, what)).collect();
        let long = fields(&typed).into_iter().filter(|(_, text)| text.chars().count() > LONGEST);
        errors.extend(
            long.map(|(field, _)| FieldError::new(field, say!("Use at most {n} letters here", n = LONGEST))),
        );
        if !errors.is_empty() {
            return Err(errors);
        }
        let AddressLines { name, line1, line2, town, region, postcode, country } = typed;
        Ok(PostalAddress { name, line1, line2, town, region, postcode, country })
    }

    /// As it is typed, for a form.
    pub fn typed(&self) -> AddressLines {
        let PostalAddress { name, line1, line2, town, region, postcode, country } = self.clone();
        AddressLines { name, line1, line2, town, region, postcode, country }
    }

    /// As it stands on a letter, a line each.
    pub fn block(&self) -> Vec<String> {
        let town = [self.town.as_str(), self.region.as_str(), self.postcode.as_str()];
        let town = town.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let lines = [self.name.clone(), self.line1.clone(), self.line2.clone(), town, self.country.clone()];
        lines.into_iter().filter(|line| !line.is_empty()).collect()
    }
}

fn fields(typed: &AddressLines) -> [(&'static str, &str); 7] {
    [
        ("name", &typed.name),
        ("line1", &typed.line1),
        ("line2", &typed.line2),
        ("town", &typed.town),
        ("region", &typed.region),
        ("postcode", &typed.postcode),
        ("country", &typed.country),
    ]
}

/// Without what a line cannot hold.
fn tidy(typed: &AddressLines) -> AddressLines {
    let line = |text: &str| {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    AddressLines {
        name: line(&typed.name),
        line1: line(&typed.line1),
        line2: line(&typed.line2),
        town: line(&typed.town),
        region: line(&typed.region),
        postcode: line(&typed.postcode),
        country: line(&typed.country),
    }
}
