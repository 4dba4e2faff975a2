/// How much of a container is read before it is taken for an attack or a
/// mistake. The defaults are far above what an honest export holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries of a whole container, folders and problems included.
    pub entries: u64,
    /// Bytes of one member.
    pub member_bytes: u64,
    /// Unpacked to packed bytes of one member, once it has given [`Limits::ratio_from`].
    pub ratio: u64,
    /// Bytes below which the ratio says nothing.
    pub ratio_from: u64,
    /// Unpacked bytes of a whole container in one walk: those that were read,
    /// and in a `.tar.gz` those that were passed over.
    pub total_bytes: u64,
    /// Bytes of a path.
    pub path_bytes: usize,
    /// Parts of a path.
    pub depth: usize,
}

impl Default for Limits {
    /// 50 million entries; 4 GiB a member; 1000 to 1 after 16 MiB; 16 TiB in
    /// all; paths of 4096 bytes and 64 parts.
    fn default() -> Limits {
        Limits {
            entries: 50_000_000,
            member_bytes: 4 << 30,
            ratio: 1000,
            ratio_from: 16 << 20,
            total_bytes: 16 << 40,
            path_bytes: 4096,
            depth: 64,
        }
    }
}

impl Limits {
    /// Whether so few packed bytes gave so many that they are a bomb.
    pub(super) fn is_bomb(&self, unpacked: u64, packed: u64) -> bool {
        unpacked > self.ratio_from && unpacked / self.ratio.max(1) > packed
    }
}
