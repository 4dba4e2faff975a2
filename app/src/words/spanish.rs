//! Spanish, whole.

use std::sync::LazyLock;

use super::Catalogue;

/// The PO files of Spanish, one for each subject.
pub const SPANISH: [(&str, &str); 12] = [
    ("archive", include_str!("../../words/es/archive.po")),
    ("browsing", include_str!("../../words/es/browsing.po")),
    ("destinations", include_str!("../../words/es/destinations.po")),
    ("duplicates", include_str!("../../words/es/duplicates.po")),
    ("frame", include_str!("../../words/es/frame.po")),
    ("public", include_str!("../../words/es/public.po")),
    ("recovery", include_str!("../../words/es/recovery.po")),
    ("signing-in", include_str!("../../words/es/signing-in.po")),
    ("web", include_str!("../../words/es/web.po")),
    ("claims", include_str!("../../words/es/claims.po")),
    ("reports", include_str!("../../words/es/reports.po")),
    ("messages", include_str!("../../words/es/messages.po")),
];

pub(super) static WHOLE: LazyLock<Catalogue> = LazyLock::new(|| {
    let mut whole = Catalogue::default();
    for (name, po) in SPANISH {
        // The test of this module reads the same files: what it passes cannot fail here.
        if let Err(error) = whole.add(po) {
            debug_assert!(false, "{name}.po: {error}");
        }
    }
    whole
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_po_file_is_read_and_none_disagrees_with_another() {
        let mut whole = Catalogue::default();
        for (name, po) in SPANISH {
            whole.add(po).unwrap_or_else(|error| panic!("{name}.po: {error}"));
        }
    }
}
