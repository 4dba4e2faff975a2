//! One file on its way in: whose it is, whether it is known, what it holds.

use app::Category;
use sha2::{Digest, Sha256};

use super::{Intake, IntakeError, feed::Loaded, read, store};
use crate::{accounts::erasure, store::blobs::UNCLAIMED};

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

/// A file that is ready to be written down.
pub struct Prepared {
    /// As in the container.
    pub origin: String,
    pub subscriber_id: Option<String>,
    pub account: String,
    /// A slug, or `unknown`.
    pub category: &'static str,
    pub path: String,
    pub sha256: [u8; 32],
    pub crc32: u32,
    pub bytes: i64,
    pub modified_at: Option<i64>,
    pub content: Content,
}

pub enum Content {
    /// A file of that name and bytes is there already.
    Known(store::Known),
    Read {
        blob: String,
        items: Vec<NewItem>,
        problems: Vec<read::Problem>,
    },
    Quarantined {
        blob: String,
        reason: String,
    },
    /// Whose it was is erased: nothing of it is kept.
    Refused(erasure::Refused),
}

/// An item with its thumbnail put away.
pub struct NewItem {
    pub found: read::Found,
    /// The thumbnail's blob and its length.
    pub thumbnail: Option<(String, i64)>,
}

impl Intake {
    /// Finds out what a file is and puts its bytes away; writes nothing down yet.
    pub async fn prepare(&self, loaded: Loaded) -> Result<Prepared, IntakeError> {
        let place = Place::of(&loaded.path);
        let subscriber_id = self.subscriber(&place.account).await?;
        let category = match (&subscriber_id, place.category) {
            (Some(_), Some(category)) => category.slug(),
            _ => UNKNOWN,
        };
        // Under an unknown account the path keeps its category, for when the account becomes known.
        let path = match (&subscriber_id, place.category) {
            (None, Some(category)) => format!("{category}/{}", place.path),
            _ => place.path.clone(),
        };
        let sha256: [u8; 32] = Sha256::digest(&loaded.bytes).into();
        let mut prepared = Prepared {
            origin: loaded.path,
            account: place.account.clone(),
            category,
            path,
            sha256,
            crc32: crc32fast::hash(&loaded.bytes),
            bytes: loaded.bytes.len() as i64,
            modified_at: loaded.modified_at,
            content: Content::Quarantined { blob: String::new(), reason: String::new() },
            subscriber_id,
        };
        prepared.content = match (self.refused(&prepared).await?, store::known(&self.db, &prepared).await?) {
            (Some(refused), _) => Content::Refused(refused),
            (None, Some(known)) => Content::Known(self.restored(known, &loaded.bytes).await?),
            (None, None) => self.content(&prepared, &place, loaded.bytes).await?,
        };
        Ok(prepared)
    }

    /// A file that is known, its bytes stored anew where they are absent or damaged.
    async fn restored(&self, known: store::Known, bytes: &[u8]) -> Result<store::Known, IntakeError> {
        let holder = known.blob.split('/').next().unwrap_or_default();
        let key = self.keyring.ensure(&self.db, holder, &self.ambient).await?;
        let suspected = known.damaged_at.is_some();
        let mended = self.blobs.restore(&known.blob, &key, bytes, &self.ambient, suspected).await?;
        Ok(store::Known { mended: mended || suspected, ..known })
    }

    /// Only who is nobody can have been erased.
    async fn refused(&self, file: &Prepared) -> Result<Option<erasure::Refused>, IntakeError> {
        if file.subscriber_id.is_some() {
            return Ok(None);
        }
        Ok(erasure::refused(&self.db, self.keyring.root(), &file.account).await?)
    }

    async fn content(&self, file: &Prepared, place: &Place, bytes: Vec<u8>) -> Result<Content, IntakeError> {
        let holder = file.subscriber_id.as_deref().unwrap_or(UNCLAIMED);
        let key = self.keyring.ensure(&self.db, holder, &self.ambient).await?;
        let blob = self.blobs.put(holder, &key, &bytes, &self.ambient).await?;
        let Some(category) = place.category.filter(|_| file.subscriber_id.is_some()) else {
            let reason = match &file.subscriber_id {
                Some(_) => place.refusal(),
                None => {
                    "no subscriber has this account; import a subscribers.csv that names it, then this again"
                        .into()
                }
            };
            return Ok(Content::Quarantined { blob, reason });
        };
        let path = file.path.clone();
        // Reading and drawing thumbnails keeps a processor busy: not on the tasks that serve others.
        let reading = tokio::task::spawn_blocking(move || read::read(category, &path, &bytes)).await;
        match reading.map_err(|error| IntakeError::Reader(error.to_string())) {
            Ok(Ok(reading)) => {
                let mut items = Vec::with_capacity(reading.items.len());
                for mut found in reading.items {
                    let thumbnail = match found.thumbnail.take() {
                        Some(small) => {
                            let name = self.blobs.put(holder, &key, &small, &self.ambient).await?;
                            Some((name, small.len() as i64))
                        }
                        None => None,
                    };
                    items.push(NewItem { found, thumbnail });
                }
                Ok(Content::Read { blob, items, problems: reading.problems })
            }
            Ok(Err(unreadable)) => Ok(Content::Quarantined { blob, reason: unreadable.reason }),
            // A reader that fails must not stop the import: the bytes are kept for a better one.
            Err(error) => {
                tracing::error!(%error, category = category.slug(), "a reader failed");
                let reason =
                    "our reader failed on it; its bytes are kept, and a later version may read it".into();
                Ok(Content::Quarantined { blob, reason })
            }
        }
    }

    async fn subscriber(&self, account: &str) -> Result<Option<String>, IntakeError> {
        if let Some((last, id)) = &*self.last_account.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
            && last == account
        {
            return Ok(id.clone());
        }
        let id = store::subscriber_id(&self.db, account).await?;
        let mut last = self.last_account.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *last = Some((account.to_owned(), id.clone()));
        Ok(id)
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
