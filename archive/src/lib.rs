//! A ZIP laid out from its manifest.
