//! Reports and appeals as the staff see them.
