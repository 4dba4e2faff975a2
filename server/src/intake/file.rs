//! One file on its way in: whose it is, what it is, what it holds.

use std::sync::Arc;

use app::Category;

use super::{read, room::Taken, store};

/// The category of what belongs to no known one.
pub const UNKNOWN: &str = "unknown";

/// Where a file under `data/` belongs by its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub account: String,
    /// None: the path names no category that there is.
    pub category: Option<Category>,
    /// What follows `data/ACCOUNT/CATEGORY/`; what follows the account when the category is unknown.
    pub path: String,
}

impl Place {
    pub fn of(path: &str) -> Self {
        let rest = path.strip_prefix("data/").unwrap_or(path);
        let (account, rest) = rest.split_once('/').unwrap_or(("", rest));
        let known = rest.split_once('/').and_then(|(slug, file)| Some((slug.parse().ok()?, file)));
        match known {
            Some((category, file)) => {
                Self { account: account.into(), category: Some(category), path: file.into() }
            }
            None => Self { account: account.into(), category: None, path: rest.into() },
        }
    }

    /// Why a file of a known account is not read.
    fn refusal(&self) -> String {
        let named = self.path.split_once('/').map_or("", |(folder, _)| folder);
        format!(
            "no category is called {named:?}; the categories are {}",
            Category::ALL.map(Category::slug).join(", ")
        )
    }
}

/// What a file's bytes come to, whatever they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    pub sha256: [u8; 32],
    pub crc32: u32,
    pub bytes: u64,
}

/// A file by what it is known by.
#[derive(Debug)]
pub struct Facts {
    /// As in the container.
    pub origin: String,
    pub subscriber_id: Option<String>,
    pub account: String,
    /// A slug, or `unknown`.
    pub category: &'static str,
    pub path: String,
    /// Where it lay while its account was not known.
    pub unclaimed: Option<String>,
    pub digest: Digest,
    pub modified_at: Option<i64>,
}

impl Facts {
    pub fn of(
        origin: String,
        place: &Place,
        subscriber_id: Option<String>,
        digest: Digest,
        modified_at: Option<i64>,
    ) -> Self {
        let category = match (&subscriber_id, place.category) {
            (Some(_), Some(category)) => category.slug(),
            _ => UNKNOWN,
        };
        let with_category = place.category.map(|category| format!("{category}/{}", place.path));
        // Under an unknown account the path keeps its category, for when the account becomes known.
        let (path, unclaimed) = match (&subscriber_id, with_category) {
            (None, Some(path)) => (path, None),
            (Some(_), unclaimed) => (place.path.clone(), unclaimed),
            (None, None) => (place.path.clone(), None),
        };
        let account = place.account.clone();
        Self { origin, subscriber_id, account, category, path, unclaimed, digest, modified_at }
    }

    /// The category by which it is read; else why it is not read.
    pub fn category(&self, place: &Place) -> Result<Category, String> {
        match (&self.subscriber_id, place.category) {
            (Some(_), Some(category)) => Ok(category),
            (Some(_), None) => Err(place.refusal()),
            (None, _) => {
                Err("no subscriber has this account; import a subscribers.csv that names it, then this again"
                    .into())
            }
        }
    }
}

/// A file that is ready to be written down.
pub struct Prepared {
    pub facts: Arc<Facts>,
    pub content: Content,
    /// Until it is written down, for its items are as large as it was.
    pub taken: Taken,
}

pub enum Content {
    /// A file of that name and bytes is there already.
    Known(store::Known),
    Read {
        blob: String,
        items: Vec<Arc<NewItem>>,
        problems: Vec<read::Problem>,
    },
    Quarantined {
        blob: String,
        reason: String,
    },
    /// Whose it was is erased: nothing of it is kept.
    Refused,
}

/// An item with its thumbnail put away.
pub struct NewItem {
    pub found: read::Found,
    /// The thumbnail's blob and its length.
    pub thumbnail: Option<(String, i64)>,
}

impl Prepared {
    pub fn items(&self) -> &[Arc<NewItem>] {
        match &self.content {
            Content::Read { items, .. } => items,
            Content::Known(_) | Content::Quarantined { .. } | Content::Refused => &[],
        }
    }

    /// What was put away for it.
    pub fn blobs(&self) -> impl Iterator<Item = &str> {
        let original = match &self.content {
            Content::Read { blob, .. } | Content::Quarantined { blob, .. } => Some(blob.as_str()),
            Content::Known(_) | Content::Refused => None,
        };
        let thumbnails = self.items().iter().filter_map(|item| item.thumbnail.as_ref());
        original.into_iter().chain(thumbnails.map(|(blob, _)| blob.as_str()))
    }

    /// The blob that was stored anew for it.
    pub fn mended(&self) -> Option<&str> {
        match &self.content {
            Content::Known(known) => known.mended.then_some(&known.blob),
            Content::Read { .. } | Content::Quarantined { .. } | Content::Refused => None,
        }
    }

    /// Why it is in quarantine, if it is.
    pub fn reason(&self) -> Option<&str> {
        match &self.content {
            Content::Known(known) => known.reason.as_deref(),
            Content::Read { .. } | Content::Refused => None,
            Content::Quarantined { reason, .. } => Some(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_whose_and_what_it_is() {
        let place = Place::of("data/a-1/contacts/old phone/all.vcf");
        assert_eq!((place.account.as_str(), place.category), ("a-1", Some(Category::Contacts)));
        assert_eq!(place.path, "old phone/all.vcf");
        for (path, rest) in [("data/a-1/fotos/x.jpg", "fotos/x.jpg"), ("data/a-1/x.jpg", "x.jpg")] {
            let place = Place::of(path);
            assert_eq!((place.category, place.path.as_str()), (None, rest));
        }
        assert_eq!(Place::of("data/stray.vcf").account, "");
    }
}
