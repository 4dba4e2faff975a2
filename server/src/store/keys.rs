//! The master key, and the data keys that it wraps.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::ambient::Ambient;

/// 256 bits that every secret at rest hangs on.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

/// One holder's key: their blobs are named and sealed with it.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DataKey([u8; 32]);

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("{0}: not 32 bytes in base64 on one line; make one with `openssl rand -base64 32`")]
    Malformed(PathBuf),
    #[error("a key, code or message does not open with this master key")]
    Wrong,
}

/// HMAC-SHA-256 (RFC 2104).
pub fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = keyed(key);
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[allow(clippy::expect_used, reason = "HMAC takes a key of any length")]
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key).expect("any length")
}

/// A key for AES-256-GCM (NIST SP 800-38D).
#[allow(clippy::expect_used, reason = "the key has the cipher's length by its type")]
pub(super) fn cipher(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("32 bytes"))
}

impl MasterKey {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let file = |source| KeyError::File { path: path.into(), source };
        let mut text = std::fs::read_to_string(path).map_err(file)?;
        let decoded = STANDARD.decode(text.trim());
        text.zeroize();
        let bytes = decoded.ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes.map(Self).ok_or_else(|| KeyError::Malformed(path.into()))
    }

    /// Reads the key, or makes one with mode 0600 where there is none. Two
    /// processes that start at once end with the same key.
    pub fn read_or_create(path: &Path, ambient: &Ambient) -> Result<Self, KeyError> {
        let file = |source| KeyError::File { path: path.into(), source };
        if !path.exists() {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(file)?;
            }
            create(path, &ambient.bytes()).map_err(file)?;
        }
        Self::read(path)
    }

    /// A key for one purpose, so that no two purposes share one.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        hmac(&self.0, &[b"makegood/1/", purpose.as_bytes()])
    }

    /// Seals the root secret for a database to keep.
    pub(super) fn seal_root(&self, root: &MasterKey, ambient: &Ambient) -> Result<Vec<u8>, KeyError> {
        self.seal_small("root", &root.0, ambient)
    }

    pub(super) fn open_root(&self, sealed: &[u8]) -> Result<MasterKey, KeyError> {
        let mut bytes = self.open_small("root", sealed)?;
        let root = <[u8; 32]>::try_from(bytes.as_slice()).map(Self).map_err(|_| KeyError::Wrong);
        bytes.zeroize();
        root
    }

    /// What a database keeps to know its master key again.
    pub fn check(&self) -> String {
        STANDARD.encode(self.derive("check"))
    }

    pub fn new_data_key(&self, ambient: &Ambient) -> DataKey {
        DataKey(ambient.bytes())
    }

    /// Wraps a data key for `holder`: it opens for no one else.
    pub fn wrap(&self, holder: &str, key: &DataKey, ambient: &Ambient) -> Result<Vec<u8>, KeyError> {
        self.seal_small(holder, &key.0, ambient)
    }

    pub fn unwrap(&self, holder: &str, wrapped: &[u8]) -> Result<DataKey, KeyError> {
        let mut bytes = self.open_small(holder, wrapped)?;
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map(DataKey).map_err(|_| KeyError::Wrong);
        bytes.zeroize();
        key
    }

    /// Seals something short (a message's text, a TOTP secret) for `context`: a
    /// format version, a random nonce, the sealed bytes with their tag.
    pub fn seal_small(&self, context: &str, plain: &[u8], ambient: &Ambient) -> Result<Vec<u8>, KeyError> {
        let nonce: [u8; 12] = ambient.bytes();
        let (aad, mut sealed) = (Aad::from(context.as_bytes()), plain.to_vec());
        let small = cipher(&self.derive("small"));
        small
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .map_err(|_| KeyError::Wrong)?;
        Ok([&[1][..], &nonce, &sealed].concat())
    }

    pub fn open_small(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        let ([1], rest) = sealed.split_at_checked(1).ok_or(KeyError::Wrong)? else {
            return Err(KeyError::Wrong);
        };
        let (nonce, sealed) = rest.split_first_chunk::<12>().ok_or(KeyError::Wrong)?;
        let (nonce, aad) = (Nonce::assume_unique_for_key(*nonce), Aad::from(context.as_bytes()));
        let (small, mut bytes) = (cipher(&self.derive("small")), sealed.to_vec());
        let plain = small.open_in_place(nonce, aad, &mut bytes).map_err(|_| KeyError::Wrong)?.len();
        bytes.truncate(plain);
        Ok(bytes)
    }
}

impl DataKey {
    /// A blob's name: equal bytes of one holder share it, those of two holders never.
    pub fn name(&self, bytes: &[u8]) -> String {
        let mut naming = self.naming();
        naming.update(bytes);
        naming.finish()
    }

    /// The same for bytes that come in pieces.
    pub fn naming(&self) -> Naming {
        Naming(keyed(&hmac(&self.0, &[b"name"])))
    }

    pub(super) fn sealing(&self) -> [u8; 32] {
        hmac(&self.0, &[b"seal"])
    }
}

/// A blob's name while its bytes go by.
pub struct Naming(Hmac<Sha256>);

impl Naming {
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn finish(self) -> String {
        hex::encode(self.0.finalize().into_bytes())
    }
}

fn create(path: &Path, bytes: &[u8; 32]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", std::process::id()));
    let draft = PathBuf::from(name);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(format!("{}\n", STANDARD.encode(bytes)).as_bytes())?;
    file.sync_all()?;
    // A hard link fails where the name is taken: the first process wins.
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    std::fs::File::open(folder)?.sync_all()?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_key_opens_for_its_holder_and_its_master_alone() {
        let (ambient, _) = Ambient::fixed(0, 1);
        let master = MasterKey::from_bytes([1; 32]);
        let key = master.new_data_key(&ambient);
        let wrapped = master.wrap("a", &key, &ambient).unwrap();
        assert_eq!(master.unwrap("a", &wrapped).unwrap().0, key.0);
        assert!(master.unwrap("b", &wrapped).is_err());
        assert!(MasterKey::from_bytes([2; 32]).unwrap("a", &wrapped).is_err());
        assert!(master.unwrap("a", &[]).is_err());
    }

    #[test]
    fn a_key_file_is_made_once_and_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/master.key");
        let (ambient, _) = Ambient::fixed(0, 1);
        let first = MasterKey::read_or_create(&path, &ambient).unwrap();
        let second = MasterKey::read_or_create(&path, &ambient).unwrap();
        assert_eq!(first.0, second.0);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "short").unwrap();
        assert!(matches!(MasterKey::read(&path), Err(KeyError::Malformed(_))));
    }
}
