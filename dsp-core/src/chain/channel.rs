//! Plumb Channel Strip.
